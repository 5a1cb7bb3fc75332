"""How large triangles are, and which way they face."""

from dataclasses import dataclass

import numpy as np

NO_DIRECTION = (0.0, 0.0, 1.0)
"""The normal where no plane is defined: a face without area, a lone point, equal points, points on a line."""

_DEGENERATE = 1e-12
"""A face whose doubled area is below this share of its longest edge squared has no normal and no area."""


@dataclass(frozen=True)
class Facets:
    """Sizes and directions of faces.

    unit : a length, in whose square areas are: coordinates may be so large or small that their own would not do
    doubled_area : (F,) float64, 0 for faces that are lines or points
    normals : (F, 3) float64, unit length, by the winding; NO_DIRECTION without an area
    """

    unit: float
    doubled_area: np.ndarray
    normals: np.ndarray


def facets_of(vertices: np.ndarray, faces: np.ndarray) -> Facets:
    """Of faces (F, 3) of vertices (V, 3)."""
    corners = vertices[faces]
    whole = extent(corners)
    corners /= whole
    edges = corners[:, 1:] - corners[:, :1]
    longest_edge = extent(edges)
    edges /= longest_edge  # so that no product over- or underflows
    cross = np.cross(edges[:, 0], edges[:, 1])
    doubled_area = np.sqrt(np.einsum("fd,fd->f", cross, cross))
    longest = np.maximum(np.einsum("fed,fed->fe", edges, edges).max(1), ((edges[:, 0] - edges[:, 1]) ** 2).sum(1))
    doubled_area[doubled_area <= _DEGENERATE * longest] = 0
    solid = doubled_area > 0
    cross /= np.where(solid, doubled_area, 1)[:, None]
    cross[~solid] = NO_DIRECTION
    return Facets(whole * longest_edge, doubled_area, cross)


def extent(values: np.ndarray) -> float:
    """Largest absolute value, but never 0, to divide by."""
    return max(float(values.max()), -float(values.min()), float(np.finfo(np.float64).tiny))
