"""Placing, mirroring, repeating and bending solids. Everything returns a new mesh."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.solids import Point

Axis = Literal["x", "y", "z"]
_INDEX = {"x": 0, "y": 1, "z": 2}


def warp(mesh: Mesh, function: Callable[[np.ndarray], np.ndarray]) -> Mesh:
    """The mesh with its (V, 3) vertices sent through a function that keeps their order and orientation."""
    return Mesh(function(mesh.vertices), mesh.faces)


def move(mesh: Mesh, offset: Point) -> Mesh:
    return warp(mesh, lambda points: points + np.asarray(offset, float))


def turn(mesh: Mesh, axis: Axis, degrees: float, about: Point = (0, 0, 0)) -> Mesh:
    """Rotate counter-clockwise about an axis through ``about``."""
    index, centre = _INDEX[axis], np.asarray(about, float)
    one, other = (index + 1) % 3, (index + 2) % 3
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    rotation = np.eye(3)
    rotation[[one, other], [one, other]] = cos
    rotation[one, other], rotation[other, one] = -sin, sin
    return warp(mesh, lambda points: (points - centre) @ rotation.T + centre)


def stretch(mesh: Mesh, factors: Point, about: Point = (0, 0, 0)) -> Mesh:
    """Scale along x, y, z by positive factors."""
    centre = np.asarray(about, float)
    return warp(mesh, lambda points: (points - centre) * np.asarray(factors, float) + centre)


def mirror(mesh: Mesh, axis: Axis = "x") -> Mesh:
    """Reflect at the plane through the origin; faces keep looking outwards."""
    vertices = mesh.vertices.copy()
    vertices[:, _INDEX[axis]] *= -1
    return Mesh(vertices, mesh.faces[:, ::-1])


def taper(mesh: Mesh, axis: Axis, low: float, high: float) -> Mesh:
    """Scale across an axis, by ``low`` at the mesh's lower end and ``high`` at its upper end."""
    index = _INDEX[axis]

    def function(points: np.ndarray) -> np.ndarray:
        start, stop = points[:, index].min(), points[:, index].max()
        share = (points[:, index] - start) / max(stop - start, 1e-12)
        factors = np.repeat((low + (high - low) * share)[:, None], 3, axis=1)
        factors[:, index] = 1
        return points * factors

    return warp(mesh, function)


def bend(mesh: Mesh, along: Axis, towards: Axis, degrees: float) -> Mesh:
    """Bend about the origin: what lies along one axis curves towards another, by ``degrees`` over the mesh's length.

    The mesh needs vertices along its length: tubes, sheets, cushions, or a mesh through ``finer``.
    """
    one, other = _INDEX[along], _INDEX[towards]
    length = float(np.ptp(mesh.vertices[:, one]))
    angle = np.radians(degrees)
    if abs(angle) < 1e-6 or length < 1e-12:
        return mesh
    radius = length / angle

    def function(points: np.ndarray) -> np.ndarray:
        bent = points.copy()
        turned, reach = points[:, one] / radius, radius - points[:, other]
        bent[:, one], bent[:, other] = reach * np.sin(turned), radius - reach * np.cos(turned)
        return bent

    return warp(mesh, function)


def finer(mesh: Mesh, longest: float) -> Mesh:
    """The same surface with triangles cut into four, twelve times at most, until no edge is longer than ``longest``.

    Not trimesh's: its order of faces changes between versions, and the shapes of a seed must not.
    """
    corners, done = mesh.vertices[mesh.faces], []
    for _ in range(12):
        too_long = ((corners - np.roll(corners, 1, 1)) ** 2).sum(2).max(1) > longest ** 2
        done.append(corners[~too_long])
        corners = _quarters(corners[too_long])
    vertices, rows = np.unique(np.concatenate([*done, corners]).reshape(-1, 3), axis=0, return_inverse=True)
    return Mesh(vertices, rows.reshape(-1, 3))


def _quarters(corners: np.ndarray) -> np.ndarray:
    """(4 n, 3, 3) triangles between the corners and the middles of the edges of (n, 3, 3)."""
    ahead = (corners + np.roll(corners, -1, 1)) / 2  # middles of the edges 01, 12, 20
    behind = np.roll(ahead, 1, 1)
    outer = np.stack([corners, ahead, behind], 2).reshape(-1, 3, 3)
    return np.concatenate([outer, ahead])


def join(*meshes: Mesh) -> Mesh:
    """One mesh of several."""
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes)])
    faces = [mesh.faces + start for mesh, start in zip(meshes, starts, strict=False)]
    return Mesh(np.concatenate([mesh.vertices for mesh in meshes]), np.concatenate(faces))
