"""Faces on which labels meet, cut into smaller ones."""

from dataclasses import dataclass

import numpy as np

from partwise.mesh.geometry import Mesh, Samples

_LEAST = 0.1
"""A face is one part's if fewer of its samples than this share have another label."""
_DEEPEST = 8
_CHILDREN = np.array([[[1, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5]], [[0.5, 0.5, 0], [0, 1, 0], [0, 0.5, 0.5]],
                      [[0.5, 0, 0.5], [0, 0.5, 0.5], [0, 0, 1]], [[0.5, 0.5, 0], [0, 0.5, 0.5], [0.5, 0, 0.5]]])
"""(4, 3, 3) barycentric corners of the four triangles between a triangle's corners and the middles of its sides."""


@dataclass(frozen=True)
class SplitMesh:
    """A mesh some of whose faces were cut into smaller ones.

    mesh : a face that was not cut is as it was; vertices of the input come first, in their order
    source_face : (F,) int64 the face of the input that each is, or is a piece of; ascending
    face_index : (M,) int64 the face of each sample
    """

    mesh: Mesh
    source_face: np.ndarray
    face_index: np.ndarray


def split_faces(mesh: Mesh, samples: Samples, labels: np.ndarray, smallest: float) -> SplitMesh:
    """Cut faces on which samples have several labels, in four and again, until labels are apart or pieces small.

    labels : (M,) int of the samples
    smallest : pieces whose longest side is shorter are not cut

    Neighbours of a face that was cut stay whole, so a vertex may lie in the middle of their side.
    """
    corners = mesh.vertices[mesh.faces]  # (F, 3, 3)
    weights = np.tile(np.eye(3), (len(corners), 1, 1))  # (F, 3, 3) barycentric corners within the source face
    source, face_index = np.arange(len(corners)), samples.face_index
    inside = barycentric(mesh.vertices[mesh.faces[face_index]], samples.points)
    for _ in range(_DEEPEST):
        longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(1)
        cut = _mixed(face_index, labels, len(source)) & (longest > smallest)
        if not cut.any():
            break
        child, inside = _child(inside, cut[face_index])
        first = np.cumsum(np.where(cut, 4, 1)) - np.where(cut, 4, 1)  # where each face's pieces will be
        face_index = first[face_index] + child
        corners, weights, source = _cut(corners, cut), _cut(weights, cut), np.repeat(source, np.where(cut, 4, 1))
    return SplitMesh(_assembled(mesh, weights, source), source, face_index)


def barycentric(corners: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(N, 3) weights of the corners (N, 3, 3) of triangles at points (N, 3) on them, none below 0; their sum is 1."""
    sides, away = corners[:, 1:] - corners[:, :1], points - corners[:, 0]
    gram = np.einsum("nid,njd->nij", sides, sides)
    right = np.einsum("nid,nd->ni", sides, away)
    determinant = gram[:, 0, 0] * gram[:, 1, 1] - gram[:, 0, 1] ** 2
    determinant = np.where(determinant > 0, determinant, 1)
    second = (gram[:, 1, 1] * right[:, 0] - gram[:, 0, 1] * right[:, 1]) / determinant
    third = (gram[:, 0, 0] * right[:, 1] - gram[:, 0, 1] * right[:, 0]) / determinant
    weights = np.maximum(np.stack([1 - second - third, second, third], 1), 0)
    return weights / weights.sum(1, keepdims=True)


def _mixed(face_index: np.ndarray, labels: np.ndarray, n_face: int) -> np.ndarray:
    """(F,) bool: whether a face has at least two samples, and enough of them, that have not its commonest label."""
    values, ids = np.unique(labels, return_inverse=True)
    pairs, count = np.unique(face_index * len(values) + ids, return_counts=True)
    most = np.zeros(n_face, np.int64)
    np.maximum.at(most, pairs // len(values), count)
    total = np.bincount(face_index, minlength=n_face)
    mixed: np.ndarray = total - most >= np.maximum(2, _LEAST * total)
    return mixed


def _child(inside: np.ndarray, cut: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which of the four pieces each sample is in, 0 where the face is not cut, and its weights there."""
    child = np.where(inside.max(1) >= 0.5, inside.argmax(1), 3)
    at_corner = 2 * inside  # around corner k: all weights doubled, that of k less 1
    at_corner[np.arange(len(inside)), inside.argmax(1)] -= 1
    middle = 1 - 2 * inside[:, [2, 0, 1]]  # the middle piece's corners are those of the sides 01, 12, 20
    within = np.where((child == 3)[:, None], middle, at_corner)
    return np.where(cut, child, 0), np.where(cut[:, None], within, inside)


def _cut(corners: np.ndarray, cut: np.ndarray) -> np.ndarray:
    """Rows (F, 3, D) of triangles' corners with four pieces in place of each that is cut."""
    rows = np.repeat(corners, np.where(cut, 4, 1), axis=0)
    pieces = np.repeat(cut, np.where(cut, 4, 1))
    rows[pieces] = np.einsum("pcw,fwd->fpcd", _CHILDREN, corners[cut]).reshape(-1, *corners.shape[1:])
    return rows


def _assembled(mesh: Mesh, weights: np.ndarray, source: np.ndarray) -> Mesh:
    """The mesh of pieces (F, 3, 3) of its faces; whole faces keep their vertices."""
    if len(source) == len(mesh.faces):
        return mesh
    pieces = np.bincount(source)[source] > 1
    faces = mesh.faces[source]
    own = mesh.faces[source[pieces]]
    places = np.einsum("fcw,fwd->fcd", weights[pieces], mesh.vertices[own]).reshape(-1, 3)
    is_corner = weights[pieces].max(2).reshape(-1) == 1
    corner = np.take_along_axis(own, weights[pieces].argmax(2), axis=1).reshape(-1)
    added, place = np.unique(places[~is_corner], axis=0, return_inverse=True)
    corner[~is_corner] = len(mesh.vertices) + place.reshape(-1)
    faces[pieces] = corner.reshape(-1, 3)
    look = None if mesh.appearance is None else mesh.appearance.cut(source, weights)
    return Mesh(np.concatenate([mesh.vertices, added]), faces, look)
