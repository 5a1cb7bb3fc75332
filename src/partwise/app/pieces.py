"""Pieces of a part: what touches, and what a cut of its points means for its faces."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from partwise.mesh import Mesh, face_labels, sample
from partwise.result.segmentation import Segmentation

_SAMPLES = 4_000
_GAP = 4.0
"""Points are connected that are at most so many times the usual distance of neighbours apart."""


def connected_pieces(found: Segmentation, points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(P + F,) connected piece of each of (P,) points and (F,) faces of a segmentation."""
    if found.mesh is None:
        return _near_points(found.points[points])
    if not len(faces):
        return np.zeros(len(points), np.int64)
    own = Mesh(found.mesh.vertices, found.mesh.faces[faces])
    of_faces = own.pieces
    if not len(points):
        return of_faces
    samples = sample(own, max(_SAMPLES, 4 * len(points)), 0)
    nearest = cKDTree(samples.points).query(found.points[points])[1]
    return np.concatenate([of_faces[samples.face_index[nearest]], of_faces])


def faces_like_points(found: Segmentation, points: np.ndarray, faces: np.ndarray, piece: np.ndarray) -> np.ndarray:
    """(P + F,) piece of each of (P,) points, which is given, and (F,) faces."""
    if found.mesh is None or not len(faces):
        return np.concatenate([piece, np.zeros(len(faces), np.int64)])
    own = Mesh(found.mesh.vertices, found.mesh.faces[faces])
    samples = sample(own, max(_SAMPLES, 2 * len(points)), 0)
    labels = piece[cKDTree(found.points[points]).query(samples.points)[1]]
    return np.concatenate([piece, face_labels(own, samples.face_index, samples.points, labels)])


def _near_points(points: np.ndarray) -> np.ndarray:
    if len(points) < 2:
        return np.zeros(len(points), np.int64)
    tree = cKDTree(points)
    usual = np.median(tree.query(points, k=2)[0][:, 1])
    pairs = tree.query_pairs(_GAP * float(usual), output_type="ndarray")
    graph = coo_matrix((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), (len(points),) * 2)
    pieces: np.ndarray = connected_components(graph, directed=False)[1].astype(np.int64)
    return pieces
