"""All that is drawn as one list of triangles and one of balls, and smooth normals on them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from partwise.mesh import Mesh, normals_of, without_unused_vertices
from partwise.render.scene import ColouredMesh, Item

_CREASE = np.cos(np.radians(40))
"""Faces that meet at less than this angle look like one smooth surface."""
_CROWDED = 32
"""Points where more corners meet than this stay flat: the work grows with the square."""
_CELLS = 10 ** 6
"""Points that round to the same cell, of so many along the unit ball's radius, are one."""


@dataclass(frozen=True)
class Surface:
    """A scene in the unit ball, turned so that x runs to the viewer's right, y up and z towards the viewer.

    Primitives are numbered through: first the triangles of all meshes, then the balls of all point clouds.

    vertices : (V, 3) float64
    faces : (F, 3) int64
    corner_normals : (F, 3, 3) float64 unit normals at the corners of faces, or zeros
    centres : (N, 3) float64
    radii : (N,) float64
    normals : (N, 3) float64 normals of the surface that the balls lie on
    """

    vertices: np.ndarray
    faces: np.ndarray
    corner_normals: np.ndarray
    centres: np.ndarray
    radii: np.ndarray
    normals: np.ndarray

    @classmethod
    def of(cls, items: Sequence[Item], axes: np.ndarray) -> "Surface":
        """The items, seen along ``axes`` (3, 3): rows to the right, up and towards the viewer."""
        ball = Ball.around(items)
        vertices, faces, corner_normals = [np.zeros((0, 3))], [np.zeros((0, 3), np.int64)], [np.zeros((0, 3, 3))]
        centres, radii, normals = [np.zeros((0, 3))], [np.zeros(0)], [np.zeros((0, 3))]
        n_vertex = 0
        for item in items:
            if isinstance(item, ColouredMesh):
                mesh = without_unused_vertices(item.mesh)
                mesh = Mesh(turned(ball.normalise(mesh.vertices), axes), mesh.faces)
                vertices.append(mesh.vertices)
                faces.append(mesh.faces + n_vertex)
                corner_normals.append(smooth_normals(mesh))
                n_vertex += len(mesh.vertices)
            else:
                cloud = item.cloud
                centres.append(turned(ball.normalise(cloud.points), axes))
                radii.append(np.full(len(cloud.points), (item.radius or 0) / ball.radius))
                normals.append(turned(normals_of(cloud), axes))
        parts = (vertices, faces, corner_normals, centres, radii, normals)
        return cls(*(np.concatenate(part) for part in parts))


@dataclass(frozen=True)
class Ball:
    """A ball around a whole scene."""

    centre: np.ndarray
    radius: float

    @classmethod
    def around(cls, items: Sequence[Item]) -> "Ball":
        boxes = np.concatenate([_box(item) for item in items])
        low, high = boxes.min(0), boxes.max(0)
        radius = float(np.hypot.reduce(high / 2 - low / 2))
        return cls(low / 2 + high / 2, radius if radius > 0 else 1.0)

    def normalise(self, points: np.ndarray) -> np.ndarray:
        """(N, 3) float64 points, the ball becoming the unit ball."""
        normalised: np.ndarray = (np.asarray(points, np.float64) - self.centre) / self.radius
        return normalised


def _box(item: Item) -> np.ndarray:
    """(2, 3) lower and upper corner of what is visible of an item."""
    if isinstance(item, ColouredMesh):
        used = item.mesh.vertices[item.mesh.faces]
        return np.stack([used.min((0, 1)), used.max((0, 1))])
    points = item.cloud.points.astype(np.float64)
    return np.stack([points.min(0) - (item.radius or 0), points.max(0) + (item.radius or 0)])


def turned(points: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """(N, 3) float64 coordinates of points (N, 3) along axes (3, 3).

    Not ``@``: BLAS starts threads for it, which on a busy machine take many times as long as the work.
    """
    coordinates: np.ndarray = np.einsum("nd,ad->na", points, axes)
    return coordinates


def smooth_normals(mesh: Mesh) -> np.ndarray:
    """(F, 3, 3) unit normals at the corners of each face.

    The mean of the normals of the faces that share the point and are within 40 degrees of this one, by area; faces
    count as facing the same way whatever their winding. Zeros for a face without area.
    """
    corners = mesh.vertices[mesh.faces]
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    units = areas / np.maximum(np.linalg.norm(areas, axis=1, keepdims=True), 1e-300)
    one, other = _meeting(mesh)
    cosine = (units[one // 3] * units[other // 3]).sum(1)
    near = np.abs(cosine) > _CREASE
    one, other, sign = one[near], other[near], np.sign(cosine[near])
    added = areas[other // 3] * sign[:, None]
    sums = np.stack([np.bincount(one, added[:, axis], minlength=3 * len(units)) for axis in range(3)], 1)
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    flat = np.repeat(units, 3, axis=0)
    normals = np.where(length > 1e-300, sums / np.maximum(length, 1e-300), flat)
    return normals.reshape(-1, 3, 3)


def _meeting(mesh: Mesh) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of corners (numbered 3 face + corner) at the same place, each with itself too, both ways round."""
    cells = np.rint(mesh.vertices * _CELLS).astype(np.int64)
    place = np.unique(cells @ (2 * _CELLS + 1) ** np.arange(3), return_inverse=True)[1].ravel()
    place = place[mesh.faces].ravel()
    order = np.argsort(place, kind="stable")
    counts = np.bincount(place)[place[order]]
    starts = (np.cumsum(np.bincount(place)) - np.bincount(place))[place[order]]
    crowded = counts > _CROWDED
    starts, counts = np.where(crowded, np.arange(len(order)), starts), np.where(crowded, 1, counts)
    one = np.repeat(order, counts)
    within = np.arange(len(one)) - np.repeat(np.cumsum(counts) - counts, counts)
    return one, order[np.repeat(starts, counts) + within]
