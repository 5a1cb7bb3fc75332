"""Octree tables of one shape: the inputs of an exported network.

This file needs NumPy alone, neither torch nor ocnn, so that a program that runs the network by ONNX Runtime may import
it, or take it along. The tables are those of ``partwise.nn.octree``, which has the same words for the same things.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

_FULL_DEPTH = 2  # layers down to this depth hold all cells of the cube
_DISPLACEMENT_SCALE = 2.0 / 3.0**0.5
_CANCELLED = 1e-6  # a sum of normals shorter than this has no direction

_CORNERS = np.stack(np.meshgrid(*[[0, 1]] * 3, indexing="ij"), -1).reshape(8, 3)
_AROUND = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3, indexing="ij"), -1).reshape(27, 3)
_STRIDE = np.array([9, 3, 1])  # of the 27 neighbours, z fastest
# Seen from the child at each of 8 places, a neighbour lies in one of the 27 cells around its parent, at a place there.
_NEAR = _CORNERS[:, None] + _AROUND  # (8, 27, 3) in -1 ... 2
_PARENT_OF_NEAR = ((_NEAR >> 1) + 1) @ _STRIDE
_PLACE_OF_NEAR = (_NEAR & 1) @ np.array([4, 2, 1])


@dataclass(frozen=True)
class _Layer:
    """One layer of nodes, in Morton order.

    keys : (n,) int64 Morton codes of the nodes
    neighbours : (n, 27) rows of the 3^3 neighbours; n stands for none
    parents : (m,) rows of the nodes of the layer above that have children
    slots : (n,) place of each node among the 8 m children of those parents
    """

    keys: np.ndarray
    neighbours: np.ndarray
    parents: np.ndarray
    slots: np.ndarray


def octree_tables(points: np.ndarray, normals: np.ndarray, depth: int, coarsest: int = _FULL_DEPTH,
                  nempty: bool = False) -> dict[str, np.ndarray]:
    """All inputs of an exported network by name, ready for ``InferenceSession.run``.

    points : (N, 3) in [-1, 1], N >= 1, such as ``partwise.normalisation.enclosing_ball`` makes them
    normals : (N, 3) unit vectors, whose sign does not matter
    depth, coarsest, nempty : those in the file's metadata

    points (N, 3) float32, the same
    signal (n, 4) float32, mean normal and displacement of each of the n finest nodes; 0 for empty ones
    corner_rows (N, 8) int32 and corner_weights (N, 8) float32: the finest nodes around each point, trilinear
    neighbours_D (n_D, 27) int32 for each depth D of coarsest ... depth: rows of the 3^3 neighbours; n_D for none
    and for each D but the coarsest, if nempty
    slots_D (n_D,) int64, place of each node among the 8 children of each node of the layer above; else
    parents_D (m_D,) int64, rows of the nodes of the layer above that have children

    ValueError where points or normals have another shape or a point lies outside the cube.
    """
    points, normals = np.asarray(points, np.float32), np.asarray(normals, np.float32)
    if points.ndim != 2 or points.shape[1] != 3 or len(points) == 0 or normals.shape != points.shape:
        raise ValueError(f"expected points and normals (N, 3) with N >= 1, found {points.shape} and {normals.shape}")
    if not (np.abs(points) <= 1).all():  # also false for NaN
        raise ValueError("expected all points in [-1, 1]^3; normalise the shape first")
    grid = (np.minimum(points, np.float32(1 - 1e-6)) + 1) * np.float32(2 ** (depth - 1))
    keys, first, cell = np.unique(_morton(grid.astype(np.int64), depth), return_index=True, return_inverse=True)
    layers = dict(zip(range(_FULL_DEPTH, depth + 1), _layers(keys, depth, nempty), strict=True))
    finest = layers[depth]
    rows = np.searchsorted(finest.keys, keys)
    signal = np.zeros((len(finest.keys), 4), np.float32)
    signal[rows] = _leaf_signal(grid % 1, normals, cell, first)
    corner_rows, corner_weights = _corners(grid % 1, rows[cell], finest.neighbours)
    tables = {"points": points, "signal": signal, "corner_rows": corner_rows, "corner_weights": corner_weights}
    for at in range(coarsest, depth + 1):
        tables[f"neighbours_{at}"] = layers[at].neighbours.astype(np.int32)
    for at in range(coarsest + 1, depth + 1):
        tables |= {f"slots_{at}": layers[at].slots} if nempty else {f"parents_{at}": layers[at].parents}
    return tables


def _morton(cells: np.ndarray, depth: int) -> np.ndarray:
    """(N,) codes of (N, 3) cells of a grid of 2^depth cells an axis: the bits of x, y and z by turns."""
    key = np.zeros(len(cells), np.int64)
    for bit in range(depth):
        key |= ((cells >> bit & 1) << 3 * bit) @ np.array([4, 2, 1])
    return key


def _layers(keys: np.ndarray, depth: int, nempty: bool) -> Iterator[_Layer]:
    """The layers from the full one to the finest, whose non-empty nodes have the given (m,) codes."""
    filled = [np.unique(keys >> 3 * (depth - at)) for at in range(_FULL_DEPTH, depth + 1)]
    layer = _full_layer(filled[0] if nempty else np.arange(8**_FULL_DEPTH))
    yield layer
    for above, here in pairwise(filled):
        slots = 8 * np.searchsorted(above, here >> 3) + (here & 7) if nempty else np.arange(8 * len(above))
        layer = _finer(layer, np.searchsorted(layer.keys, above), slots)
        yield layer


def _full_layer(keys: np.ndarray) -> _Layer:
    """The layer of these nodes among all cells of the full depth."""
    size = 2**_FULL_DEPTH
    cells = np.stack(np.meshgrid(*[np.arange(size)] * 3, indexing="ij"), -1).reshape(-1, 3)
    cells = cells[np.argsort(_morton(cells, _FULL_DEPTH))][keys]
    row = np.full((size + 2,) * 3, len(keys))  # with a rim of cells outside the cube, which have no node
    row[tuple(cells.T + 1)] = np.arange(len(keys))
    near = cells[:, None] + _AROUND + 1
    none = np.empty(0, np.int64)
    return _Layer(keys, row[tuple(np.moveaxis(near, -1, 0))], none, none)


def _finer(coarse: _Layer, parents: np.ndarray, slots: np.ndarray) -> _Layer:
    """The layer of the nodes at ``slots`` among the children of ``parents``.

    A neighbour's parent is a neighbour of the own parent, or the own parent itself: two look-ups find it.
    """
    count = len(slots)
    parent, place = parents[slots >> 3], slots & 7
    children = np.full((len(coarse.keys) + 1, 8), count)  # the last row is of no node
    children[parent, place] = np.arange(count)
    neighbours = children[coarse.neighbours[parent[:, None], _PARENT_OF_NEAR[place]], _PLACE_OF_NEAR[place]]
    return _Layer(coarse.keys[parent] << 3 | place, neighbours, parents, slots)


def _leaf_signal(within: np.ndarray, normals: np.ndarray, cell: np.ndarray, first: np.ndarray) -> np.ndarray:
    """(m, 4) signal of the non-empty finest nodes.

    within : (N, 3) place of each point in its cell, in [0, 1)
    cell : (N,) the node of each point; first : (m,) the first point of each node
    """
    def sums(values: np.ndarray) -> np.ndarray:
        return np.stack([np.bincount(cell, weights=column) for column in values.T], 1)

    mean = sums(within) / np.bincount(cell)[:, None]
    total = sums(normals)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    # where the normals cancel, their sum has no direction: the node's first point speaks for it
    normal = np.where(length < _CANCELLED, normals[first], total / np.maximum(length, _CANCELLED))
    displacement = _DISPLACEMENT_SCALE * ((mean - 0.5) * normal).sum(1, keepdims=True)
    return np.concatenate([normal, displacement], 1)


def _corners(within: np.ndarray, nodes: np.ndarray, neighbours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and weights (N, 8) of the nodes whose centres surround each point, among the neighbours of its node."""
    upper = within >= 0.5
    fraction = np.where(upper, within - 0.5, within + 0.5)
    weights = np.where(_CORNERS, fraction[:, None], 1 - fraction[:, None]).prod(2)
    rows = neighbours[nodes[:, None], (upper @ _STRIDE)[:, None] + _CORNERS @ _STRIDE]
    exists = rows < len(neighbours)
    weights = np.where(exists, weights, 0)
    rows = np.where(exists, rows, 0).astype(np.int32)
    return rows, (weights / weights.sum(1, keepdims=True)).astype(np.float32)
