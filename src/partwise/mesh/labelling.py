"""Labels of faces from those of points sampled on the mesh."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree

from partwise.errors import InputError
from partwise.mesh.edges import shared_edges
from partwise.mesh.geometry import Mesh, sample_distance

_NEAR = 6
"""Samples around a face that vote beside those on it, with one vote together."""
_OTHER_SIDE = 2.0
"""What opposite normals count as, in distances between samples: the other side of a board is not near."""
_FLOOR = 0.02
"""Least share of the votes that a label counts as having."""
_STRENGTH = 1.0
"""What a border costs per length, in areas between samples per distance between samples."""
_CREASE = 0.1
"""Share of that along a sharp edge, where parts often end."""
_ROUNDS = 15


@dataclass(frozen=True)
class _Surface:
    """A mesh in units of the distance between samples.

    centres, normals : (F, 3)
    areas : (F,)
    piece : (F,) connected piece
    """

    centres: np.ndarray
    normals: np.ndarray
    areas: np.ndarray
    piece: np.ndarray


def face_labels(mesh: Mesh, face_index: np.ndarray, points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Labels of faces from those of points sampled on them.

    face_index : (M,) int, the face of each sample
    points : (M, 3) float, the samples
    labels : (M,) int

    Returns (F,) of the dtype of ``labels``. The samples on a face vote, and the nearest around it on the same
    connected piece, if that has any; then borders are drawn together so that they are short or run along sharp edges:
    mean-field iterations of a Potts model on the graph of faces that share an edge. Faces whose votes all agree keep
    their label. InputError: no sample.
    """
    if not len(face_index):
        raise InputError("faces cannot be labelled without a single sample")
    values, ids = np.unique(labels, return_inverse=True)
    unit = sample_distance(mesh, len(points))
    surface = _surface(mesh, unit)
    votes = np.zeros((len(mesh.faces), len(values)), np.float32)
    np.add.at(votes, (face_index, ids), 1)
    _add_nearest(votes, surface, face_index, points / unit, ids)
    share = votes / votes.sum(1, keepdims=True)
    unsure = share.max(1) < 1
    if unsure.any():
        share[unsure] = _smoothed(share, unsure, _couplings(mesh, surface, unit, unsure))
    result: np.ndarray = values[share.argmax(1)]
    return result


def _surface(mesh: Mesh, unit: float) -> _Surface:
    facets = mesh.facets
    areas = facets.doubled_area * (facets.unit / unit) ** 2 / 2
    return _Surface(mesh.vertices[mesh.faces].mean(1) / unit, facets.normals, areas, mesh.pieces)


def _add_nearest(votes: np.ndarray, surface: _Surface, face_index: np.ndarray, points: np.ndarray,
                 ids: np.ndarray) -> None:
    """Add to (F, K) votes one of each face's nearest samples together, by the inverse of their distance."""
    sampled = np.zeros(surface.piece.max() + 1, bool)
    sampled[surface.piece[face_index]] = True
    # along one more axis the pieces lie so far apart that the nearest samples are those of the same piece
    apart = 10 * (np.ptp(surface.centres, axis=0).max() + np.ptp(points, axis=0).max() + _OTHER_SIDE)
    side = _OTHER_SIDE / 2 * surface.normals
    known = np.column_stack([points, side[face_index], apart * surface.piece[face_index]])
    asked = np.column_stack([surface.centres, side, apart * surface.piece])
    count = min(_NEAR, len(points))
    for wanted, columns in ((sampled[surface.piece], 7), (~sampled[surface.piece], 3)):
        rows = np.flatnonzero(wanted)
        if not len(rows):
            continue
        distance, nearest = cKDTree(known[:, :columns]).query(asked[rows, :columns], k=np.arange(1, count + 1))
        weight = np.where(distance < apart / 2, 1 / (distance + 0.1), 0)
        weight /= weight.sum(1, keepdims=True)
        np.add.at(votes, (rows[:, None], ids[nearest]), weight)


def _couplings(mesh: Mesh, surface: _Surface, unit: float, unsure: np.ndarray) -> csr_matrix:
    """(F, F) how much each unsure face is drawn to the label of each neighbour, as if it were so many votes for it."""
    beside = np.zeros(int(mesh.places.max()) + 1, bool)
    beside[mesh.places[unsure]] = True
    edges = shared_edges(mesh, np.flatnonzero(beside[mesh.places].any(1)))
    one, other = edges.faces.T
    flat = np.abs(np.einsum("ed,ed->e", surface.normals[one], surface.normals[other]))
    strength = _STRENGTH * edges.length / unit * np.where(flat > 0.8, 1, _CREASE)
    rows, columns = np.concatenate([one, other]), np.concatenate([other, one])
    # small faces hold to their neighbours, large ones to their own samples
    weight = np.concatenate([strength, strength]) / np.maximum(surface.areas[rows], 0.05)
    return csr_matrix((weight, (rows, columns)), (len(mesh.faces),) * 2)


def _smoothed(share: np.ndarray, unsure: np.ndarray, couplings: csr_matrix) -> np.ndarray:
    """(U, K) shares of the unsure faces after mean-field iterations; the others hold."""
    own = np.log(np.maximum(share[unsure], _FLOOR))
    among, beside = couplings[unsure][:, unsure], couplings[unsure][:, ~unsure] @ share[~unsure]
    current = share[unsure]
    for _ in range(_ROUNDS):
        field = own + beside + among @ current
        field -= field.max(1, keepdims=True)
        current = np.exp(field)
        current /= current.sum(1, keepdims=True)
    return current
