"""A batch of shapes as octree tables: what the convolutions, the network's input and the points need.

Paper section 3 and the O-CNN line of work: features live on octree nodes; layers 0-2 are full; the finest layer
has 2^depth cells an axis over [-1, 1]^3.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from partwise.nn.ocnn_adapter import FULL_DEPTH, OcnnOctree

_DISPLACEMENT_SCALE = 2.0 / 3.0**0.5  # the original O-CNN library's; ocnn's own displacement lacks it
_CANCELLED = 1e-6  # a sum of normals shorter than this has no direction


@dataclass(frozen=True)
class Layer:
    """One layer of nodes.

    neighbours : (n, 27) int32, rows of the 3^3 neighbours, z fastest; n stands for none
    parents : (m,) int64, rows of the nodes of the layer above (coarser) that have children; None where all have
    slots : (n,) int64, place of each node among the 8 m children of those parents, in Morton order; None where every
        child has a node

    On all nodes an empty parent has no child and each other has eight: there are parents and no slots. On the
    non-empty ones it is the other way round. The coarsest layer has neither.
    """

    neighbours: torch.Tensor
    parents: torch.Tensor | None = None
    slots: torch.Tensor | None = None

    @property
    def count(self) -> int:
        return self.neighbours.shape[0]


@dataclass(frozen=True)
class Octree:
    """A batch of shapes.

    layers : by depth
    signal : (n, 4) of the finest layer: mean normal and displacement of each node; 0 for empty nodes
    sizes : number of points of each shape
    corner_rows : (N, 8) int32, finest nodes around each point
    corner_weights : (N, 8), their trilinear weights, which sum to 1 over the nodes that exist
    """

    depth: int
    layers: dict[int, Layer]
    signal: torch.Tensor
    sizes: list[int]
    corner_rows: torch.Tensor
    corner_weights: torch.Tensor

    def interpolate(self, features: torch.Tensor) -> torch.Tensor:
        """(N, C) features at the points from those of the finest nodes, trilinear; at least float32."""
        features = features.to(torch.promote_types(features.dtype, torch.float32))
        return F.embedding_bag(self.corner_rows, features, per_sample_weights=self.corner_weights, mode="sum")


def build_octree(points: torch.Tensor, normals: torch.Tensor, batch_index: torch.Tensor, batch_size: int, *,
                 depth: int, coarsest: int = FULL_DEPTH, nempty: bool = False) -> Octree:
    """Build the octree of a batch.

    points : (N, 3) float in [-1, 1]; a point on the upper face of the cube belongs to the last cell
    normals : (N, 3) unit vectors of the same type
    batch_index : (N,) int64, shape of each point, ascending
    batch_size : number of shapes; each has at least one point
    depth, coarsest : the layers that are wanted, 2 <= coarsest <= depth
    nempty : nodes are the non-empty ones only, else the empty siblings too

    Raises ValueError where a point lies outside the cube, a shape has no point or shapes are mixed.
    """
    if not FULL_DEPTH <= coarsest <= depth:
        raise ValueError(f"expected {FULL_DEPTH} <= coarsest <= depth, found coarsest {coarsest}, depth {depth}")
    if len(points) == 0 or not bool((points.abs() <= 1).all()):  # also false for NaN
        raise ValueError("expected at least one point and all points in [-1, 1]^3; normalise the shape first")
    sizes = torch.bincount(batch_index, minlength=batch_size).tolist()
    if len(sizes) != batch_size or 0 in sizes:
        raise ValueError(f"expected points of each of {batch_size} shapes, found {sizes} points a shape")
    if batch_size > 1 and bool((batch_index.diff() < 0).any()):
        raise ValueError("expected the points of each shape together, shapes in order; sort them by batch_index")

    # a hair below 1 in float32, so that (p + 1) / 2 * 2^depth stays below 2^depth
    inside = points.clamp(max=1 - 1e-6)
    tables = OcnnOctree(inside, batch_index, batch_size, depth, nempty)
    layers = {d: _layer(tables, d, coarsest, nempty) for d in range(coarsest, depth + 1)}
    nonempty = tables.nonempty_rows(depth)
    leaf = _leaf_signal(inside, normals, tables.cell, depth)
    signal = leaf.new_zeros(tables.count(depth), 4)
    signal[nonempty] = leaf
    rows, weights = _corners(inside, nonempty[tables.cell], layers[depth].neighbours, depth)
    return Octree(depth, layers, signal, sizes, rows, weights)


def _layer(tables: OcnnOctree, depth: int, coarsest: int, nempty: bool) -> Layer:
    neighbours = tables.neighbours(depth).int()
    neighbours = torch.where(neighbours < 0, len(neighbours), neighbours)
    if depth == coarsest:
        return Layer(neighbours)
    if nempty:
        return Layer(neighbours, slots=tables.child_slots(depth))
    return Layer(neighbours, parents=tables.nonempty_rows(depth - 1))


def _leaf_signal(points: torch.Tensor, normals: torch.Tensor, cell: torch.Tensor, depth: int) -> torch.Tensor:
    """(n, 4) signal of the non-empty finest nodes."""
    count = int(cell.max()) + 1
    grid = (points + 1) * 2 ** (depth - 1)
    within = grid - grid.floor()
    number = torch.bincount(cell, minlength=count).to(points.dtype).unsqueeze(1)
    mean = points.new_zeros(count, 3).index_add_(0, cell, within) / number
    total = points.new_zeros(count, 3).index_add_(0, cell, normals)
    length = total.norm(dim=1, keepdim=True)
    # where the normals cancel, their sum has no direction: the node's first point speaks for it
    order = torch.arange(len(cell), device=cell.device)
    first = torch.full((count,), len(cell), device=cell.device).scatter_reduce_(0, cell, order, "amin")
    normal = torch.where(length < _CANCELLED, normals[first], total / length.clamp(min=_CANCELLED))
    displacement = _DISPLACEMENT_SCALE * ((mean - 0.5) * normal).sum(1, keepdim=True)
    return torch.cat([normal, displacement], dim=1)


def _corners(points: torch.Tensor, nodes: torch.Tensor, neighbours: torch.Tensor,
             depth: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows and weights (N, 8) of the nodes whose centres surround each point, among the neighbours of its node.

    nodes : (N,) rows of the nodes that hold the points
    """
    within = (points + 1) * 2 ** (depth - 1)
    within -= within.floor()
    upper = within >= 0.5
    fraction = torch.where(upper, within - 0.5, within + 0.5)
    x, y, z = torch.stack([1 - fraction, fraction], dim=2).unbind(1)  # (N, 2) each: weight of the lower, the upper
    weights = (x[:, :, None, None] * y[:, None, :, None] * z[:, None, None, :]).view(-1, 8)
    stride = torch.tensor([9, 3, 1], device=points.device)  # of the 27 neighbours, z fastest
    steps = torch.tensor([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)], device=points.device)
    lowest = 27 * nodes + (upper * stride).sum(1)
    rows = neighbours.view(-1)[lowest.unsqueeze(1) + (steps * stride).sum(1)]
    exists = rows < len(neighbours)
    weights = torch.where(exists, weights, 0)
    # the point's own cell exists, and its weight is at least 1/8
    return torch.where(exists, rows, 0), weights / weights.sum(1, keepdim=True)
