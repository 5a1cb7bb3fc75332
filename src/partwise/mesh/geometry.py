"""Triangle meshes and point clouds, samples of meshes, and normals."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree

from partwise.errors import InputError
from partwise.mesh.appearance import Appearance
from partwise.mesh.faces import connected, places_of, used_vertices
from partwise.mesh.facets import NO_DIRECTION, Facets, extent, facets_of

LARGEST = 1e37
"""Coordinates beyond are refused: 32 bits, which most files have, end soon after."""
_CHUNK = 65_536
_FACING = np.array([0.43, 0.77, 0.47])
"""Estimated normals point to this side. It lies in no plane that furniture commonly has, so that the normals of a
surface agree: the octree sums the normals in a cell, and opposite ones would cancel."""
_SHORTEST_NORMAL = 1e-12
_COLLINEAR = 1e-10
"""A neighbourhood whose middle variance is below this share of its largest lies on a line."""


@dataclass(frozen=True)
class Mesh:
    """A triangle mesh.

    vertices : (V, 3) float64; vertices that no face uses are allowed
    faces : (F, 3) int64, indices into ``vertices``
    appearance : of the faces; None where a file says nothing of it, or it was not read

    Array-likes are converted. InputError: no vertex or face, wrong shape, NaN or infinite coordinates, a face
    index out of range.
    """

    vertices: np.ndarray
    faces: np.ndarray
    appearance: Appearance | None = None

    def __post_init__(self) -> None:
        vertices = _coordinates(self.vertices, "vertices").astype(np.float64, copy=False)
        faces = np.asarray(self.faces)
        if faces.ndim != 2 or faces.shape[1] != 3 or faces.dtype.kind not in "iu":
            raise InputError(f"faces are {faces.dtype} of shape {faces.shape}, expected integers (F, 3)")
        if not len(faces):
            raise InputError("the mesh has no faces")
        # unsigned indices beyond int64 turn negative here and are caught below
        faces = faces.astype(np.int64, copy=False)
        outside = int(((faces < 0) | (faces >= len(vertices))).any(1).sum())
        if outside:
            raise InputError(f"{outside} of {len(faces)} faces use vertices that do not exist; indices must "
                             f"be from 0 to {len(vertices) - 1}, found {faces.min()} to {faces.max()}")
        object.__setattr__(self, "vertices", vertices)
        object.__setattr__(self, "faces", faces)

    @cached_property
    def facets(self) -> Facets:
        """Sizes and directions of the faces."""
        return facets_of(self.vertices, self.faces)

    @cached_property
    def places(self) -> np.ndarray:
        """(F, 3) int32 number of the place at which each corner lies: vertices at one place have one number."""
        return places_of(self.vertices, self.faces)

    @cached_property
    def pieces(self) -> np.ndarray:
        """(F,) int32 number of the connected piece that each face is in; faces that share a place are connected."""
        return connected(self.places)


@dataclass(frozen=True)
class PointCloud:
    """A point cloud.

    points : (N, 3) float32 or float64
    normals : (N, 3) float, or None

    Other numbers are converted to float64. InputError: no point, wrong shape, NaN or infinite numbers.
    """

    points: np.ndarray
    normals: np.ndarray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", _coordinates(self.points, "points"))
        if self.normals is None:
            return
        normals = _coordinates(self.normals, "normals")
        if normals.shape != self.points.shape:
            raise InputError(f"there are {len(normals)} normals for {len(self.points)} points")
        object.__setattr__(self, "normals", normals)


def with_unit_normals(cloud: PointCloud) -> PointCloud:
    """The cloud with normals of unit length; without normals if a single one has no direction."""
    if cloud.normals is None:
        return cloud
    normals = cloud.normals.astype(np.float64)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    if not (length > _SHORTEST_NORMAL).all():
        return PointCloud(cloud.points)
    return PointCloud(cloud.points, (normals / length).astype(cloud.points.dtype))


def _coordinates(values: np.ndarray, name: str) -> np.ndarray:
    """Check (N, 3) finite numbers with N > 0; float32 and float64 stay what they are."""
    array = np.asarray(values)
    if array.ndim != 2 or array.shape[1] != 3 or array.dtype.kind not in "fiu":
        raise InputError(f"{name} are {array.dtype} of shape {array.shape}, expected numbers of shape (N, 3)")
    if not len(array):
        raise InputError(f"there are no {name}")
    array = array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)
    n_nan, n_inf = int(np.isnan(array).any(1).sum()), int(np.isinf(array).any(1).sum())
    if n_nan or n_inf:
        raise InputError(f"of {len(array)} {name}, {n_nan} have NaN and {n_inf} have infinite coordinates; "
                         "remove or repair them")
    return array


@dataclass(frozen=True)
class Samples:
    """Points drawn on a mesh.

    points : (M, 3) float64
    normals : (M, 3) float64, unit length, that of the face (by its winding)
    face_index : (M,) int64, the face that each point lies on
    """

    points: np.ndarray
    normals: np.ndarray
    face_index: np.ndarray


def sample(mesh: Mesh, count: int, seed: int | np.random.Generator) -> Samples:
    """Draw ``count`` points evenly over the surface; the same seed or generator state gives the same points.

    A face is drawn with probability proportional to its area, a point uniformly on it (Osada et al., Shape
    Distributions, 2002). Faces without area are never drawn. InputError: count < 1, or no face has an area.
    """
    if count < 1:
        raise InputError(f"cannot sample {count} points; ask for at least 1")
    doubled_area = mesh.facets.doubled_area
    solid = np.flatnonzero(doubled_area > 0)
    if not len(solid):
        raise InputError(f"none of the {len(mesh.faces)} faces has an area, so nothing can be sampled")
    rng = np.random.default_rng(seed)
    cumulative = np.cumsum(doubled_area[solid])
    drawn = np.searchsorted(cumulative, rng.random(count) * cumulative[-1], side="right")
    face_index = solid[np.minimum(drawn, len(solid) - 1)]  # rounding may reach the very end
    weights = rng.random((count, 2))
    beyond = weights.sum(1) > 1
    weights[beyond] = 1 - weights[beyond]  # mirror the parallelogram's other half onto the triangle
    barycentric = np.column_stack([1 - weights.sum(1), weights])
    points = np.einsum("mc,mcd->md", barycentric, mesh.vertices[mesh.faces[face_index]])
    return Samples(points, mesh.facets.normals[face_index], face_index)


def sample_distance(mesh: Mesh, count: int) -> float:
    """The side of the square that each of ``count`` samples has to itself on the surface; never 0."""
    facets = mesh.facets
    return facets.unit * max(float(np.sqrt(facets.doubled_area.sum() / 2 / count)), 1e-6)


def without_unused_vertices(mesh: Mesh) -> Mesh:
    """The mesh without vertices that no face uses, which may be anywhere, and without its appearance."""
    used, faces = used_vertices(mesh.faces)
    return Mesh(mesh.vertices[used], faces)


def estimate_normals(points: np.ndarray, neighbours: int = 16) -> np.ndarray:
    """Normals of a point cloud: the direction of least variance among each point's nearest neighbours.

    points : (N, 3) float, finite
    neighbours : how many points, the point itself with them, make a neighbourhood; repeated points count once

    Returns (N, 3) float64 of unit length. A surface's outer side cannot be known from points alone: all normals
    point to one side of a fixed plane, so that those of a flat surface agree. They are (0, 0, 1) where no plane is
    defined: one or two points, equal points, points on a line. No points: (0, 3). Works in blocks, so memory
    grows with N alone. InputError: wrong shape, NaN or infinite coordinates.
    """
    if not len(points):
        return np.zeros((0, 3))
    points = _coordinates(points, "points").astype(np.float64)
    # equal points would make a search tree degenerate and a neighbourhood without extent
    points, inverse = np.unique(points / extent(points), axis=0, return_inverse=True)
    normals = np.tile(NO_DIRECTION, (len(points), 1))
    size = min(neighbours, len(points))
    if size < 3:
        return normals[inverse.ravel()]
    tree = cKDTree(points)
    for start in range(0, len(points), _CHUNK):
        nearest = tree.query(points[start:start + _CHUNK], k=size)[1]
        _fit_planes(points[nearest], normals[start:start + _CHUNK])
    return normals[inverse.ravel()]


def normals_of(cloud: PointCloud) -> np.ndarray:
    """(N, 3) the normals of a cloud, estimated where it has none."""
    return estimate_normals(cloud.points) if cloud.normals is None else cloud.normals


def check_size(points: np.ndarray) -> None:
    """InputError where coordinates are so large that no file of a result could hold them."""
    largest = np.abs(points).max()
    if largest > LARGEST:
        raise InputError(f"coordinates reach {largest:.3g}, and files of meshes hold numbers up to {LARGEST:.0e}; "
                         "scale the shape down")


def _fit_planes(groups: np.ndarray, normals: np.ndarray) -> None:
    """Write the normals of planes through groups of points (B, k, 3) into (B, 3), where one is defined."""
    groups = groups - groups.mean(1, keepdims=True)
    # a variance may be tiny beside the whole cloud, and its square below what float64 can hold
    groups /= np.maximum(np.abs(groups).max((1, 2), keepdims=True), np.finfo(np.float64).tiny)
    variances, axes = np.linalg.eigh(groups.transpose(0, 2, 1) @ groups)  # ascending
    flat = variances[:, 1] > _COLLINEAR * variances[:, 2]
    found = axes[flat, :, 0]
    normals[flat] = np.where(found @ _FACING < 0, -1, 1)[:, None] * found
