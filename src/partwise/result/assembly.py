"""From the instances of a shape's points to its segmentation: parts, and what its faces are."""

from dataclasses import dataclass

import numpy as np

from partwise.grouping.instances import NO_PARENT, LevelInstances
from partwise.mesh import Mesh, Samples, face_labels, sample_distance, split_faces
from partwise.result.parts import LevelSegmentation, Part
from partwise.taxonomy import Level

_SMALLEST = 1.5
"""Faces are split down to pieces of so many distances between samples."""


@dataclass(frozen=True)
class LabelledSurface:
    """A mesh with the instances of its faces.

    mesh, source_face : as in ``Segmentation``
    instance : (L, F) int64 instance of each face at each level
    """

    mesh: Mesh
    source_face: np.ndarray
    instance: np.ndarray


def label_surface(mesh: Mesh, samples: Samples, instance: np.ndarray, agree: bool, split: bool) -> LabelledSurface:
    """Instances of faces from (L, M) those of samples.

    agree : samples vote for the instances of all levels together, so that those of faces agree too
    split : whether faces that span several instances are cut
    """
    together, which = np.unique(instance, axis=1, return_inverse=True)
    which = which.reshape(-1)
    source_face, face_index = np.arange(len(mesh.faces)), samples.face_index
    if split:
        found = split_faces(mesh, samples, which, _SMALLEST * sample_distance(mesh, len(samples.points)))
        mesh, source_face, face_index = found.mesh, found.source_face, found.face_index
    if agree:
        of_faces = together[:, face_labels(mesh, face_index, samples.points, which)]
    else:
        of_faces = np.stack([face_labels(mesh, face_index, samples.points, level) for level in instance])
    return LabelledSurface(mesh, source_face, of_faces)


def level_segmentation(level: Level, found: LevelInstances, points: np.ndarray, instance: np.ndarray,
                       face_instance: np.ndarray | None) -> LevelSegmentation:
    """One level of a segmentation from (N,) instances of (N, 3) points and (F,) those of faces."""
    face_semantic = None if face_instance is None else found.instance_class[face_instance]
    return LevelSegmentation(level.number, found.instance_class[instance], instance, face_semantic, face_instance,
                             tuple(_parts(level, found, points, instance, face_instance)))


def _parts(level: Level, found: LevelInstances, points: np.ndarray, instance: np.ndarray,
           face_instance: np.ndarray | None) -> list[Part]:
    """Every instance that a point carries."""
    count = len(found.instance_class)
    n_point = np.bincount(instance, minlength=count)
    n_face = [None] * count if face_instance is None else np.bincount(face_instance, minlength=count).tolist()
    own = np.split(np.argsort(instance, kind="stable"), np.cumsum(n_point)[:-1])
    parts = []
    for number in np.flatnonzero(n_point).tolist():
        mine, class_id = points[own[number]], int(found.instance_class[number])
        parent = NO_PARENT if found.parent is None else int(found.parent[number])
        confidence = float(np.clip(found.confidence[number], 0, 1))
        parts.append(Part(number, class_id, level.names[class_id], confidence, len(mine), n_face[number],
                          np.stack([mine.min(0), mine.max(0)]), None if parent == NO_PARENT else parent))
    return parts
