"""Which corners of faces lie at one place, and what they connect."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from partwise.mesh.facets import extent

_STEPS = 1_000_000
"""Places are told apart by so many steps along the extent."""


def used_vertices(faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(U,) the vertices that faces (F, 3) use, ascending, and (F, 3) the faces in numbers of these."""
    used = np.zeros(int(faces.max()) + 1, bool)
    used[faces] = True
    return np.flatnonzero(used), (np.cumsum(used, dtype=np.int32) - 1)[faces]


def places_of(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(F, 3) int32 number of the place at which each corner lies.

    Files often repeat a vertex for each face, or where a texture has a seam: vertices at one place have one number.
    Places are the same that differ by less than about a millionth of the extent.
    """
    used, corners = used_vertices(faces)
    there = vertices[used] - vertices[used].min(0)
    there /= extent(there)
    x, y, z = np.round(there.T * _STEPS).astype(np.int64)
    place = np.unique((x * (_STEPS + 1) + y) * (_STEPS + 1) + z, return_inverse=True)[1].astype(np.int32)
    numbers: np.ndarray = place.reshape(-1)[corners]
    return numbers


def connected(places: np.ndarray) -> np.ndarray:
    """(F,) int32 number of the connected piece that each face is in, by the (F, 3) places of its corners."""
    ends = places[:, :2].ravel(), places[:, 1:].ravel()
    count = int(places.max()) + 1
    graph = coo_matrix((np.ones(len(ends[0]), np.int8), ends), (count, count))
    pieces: np.ndarray = connected_components(graph, directed=False)[1][places[:, 0]]
    return pieces
