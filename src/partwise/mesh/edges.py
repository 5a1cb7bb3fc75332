"""Edges that faces share."""

from dataclasses import dataclass

import numpy as np

from partwise.mesh.geometry import Mesh

_FOLLOWING = [1, 2, 0]


@dataclass(frozen=True)
class SharedEdges:
    """Pairs of faces that share an edge.

    faces : (E, 2) int64
    length : (E,) float64
    """

    faces: np.ndarray
    length: np.ndarray


def shared_edges(mesh: Mesh, among: np.ndarray) -> SharedEdges:
    """Each of some faces, of which there are (n,) indices, paired with the next of them at each of its edges.

    So k faces at an edge make k - 1 pairs.
    """
    corners = mesh.places[among].astype(np.int64)
    ends = np.sort(np.stack([corners, corners[:, _FOLLOWING]], -1).reshape(-1, 2), axis=1)
    edge = ends[:, 0] * (int(corners.max()) + 1) + ends[:, 1]
    order = np.argsort(edge, kind="stable")
    same = edge[order[1:]] == edge[order[:-1]]
    one, other = order[:-1][same], order[1:][same]
    distinct = one // 3 != other // 3  # a face without area may have an edge twice
    one, other = one[distinct], other[distinct]
    tips = mesh.faces[among[one // 3]]
    start, end = tips[np.arange(len(one)), one % 3], tips[np.arange(len(one)), (one + 1) % 3]
    return SharedEdges(np.stack([among[one // 3], among[other // 3]], 1),
                       np.linalg.norm(mesh.vertices[start] - mesh.vertices[end], axis=1))
