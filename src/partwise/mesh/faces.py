"""Which faces of a mesh touch: connected pieces, and pairs that share an edge."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from partwise.mesh.geometry import Mesh

_SAME_PLACE = 1e6  # places are told apart by this many steps along the extent


def places(mesh: Mesh) -> np.ndarray:
    """(F, 3) int64 number of the place at which each corner lies.

    Files often repeat a vertex for each face, or where a texture has a seam: vertices at one place have one number.
    Places are the same that differ by less than about a millionth of the extent.
    """
    used, corner = np.unique(mesh.faces, return_inverse=True)
    vertices = mesh.vertices[used] - mesh.vertices[used].min(0)
    steps = np.round(vertices / max(float(vertices.max()), float(np.finfo(np.float64).tiny)) * _SAME_PLACE)
    place: np.ndarray = np.unique(steps, axis=0, return_inverse=True)[1].reshape(-1)[corner].reshape(-1, 3)
    return place


def connected_faces(mesh: Mesh) -> np.ndarray:
    """(F,) int64 number of the connected piece that each face is in; faces that share a place are connected."""
    corners = places(mesh)
    edges = np.concatenate([corners[:, :2], corners[:, 1:]])
    count = int(corners.max()) + 1
    graph = coo_matrix((np.ones(len(edges), np.int8), (edges[:, 0], edges[:, 1])), (count, count))
    pieces: np.ndarray = connected_components(graph, directed=False)[1][corners[:, 0]].astype(np.int64)
    return pieces


@dataclass(frozen=True)
class SharedEdges:
    """Pairs of faces that share an edge.

    faces : (E, 2) int64
    length : (E,) float64
    """

    faces: np.ndarray
    length: np.ndarray


def shared_edges(mesh: Mesh) -> SharedEdges:
    """Every face paired with the next one at each of its edges, so that k faces at an edge make k - 1 pairs."""
    corners = places(mesh)
    following = [1, 2, 0]
    ends = np.sort(np.stack([corners, corners[:, following]], -1).reshape(-1, 2), axis=1)
    length = np.linalg.norm(mesh.vertices[mesh.faces] - mesh.vertices[mesh.faces[:, following]], axis=2).reshape(-1)
    order = np.lexsort(ends.T[::-1])
    same = (ends[order[1:]] == ends[order[:-1]]).all(1)
    one, other = order[:-1][same], order[1:][same]
    distinct = one // 3 != other // 3  # a face without area may have an edge twice
    one, other = one[distinct], other[distinct]
    return SharedEdges(np.stack([one // 3, other // 3], 1), length[one])
