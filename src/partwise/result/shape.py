"""From a segmentation to a labelled point cloud, as training takes it."""

import numpy as np

from partwise.errors import InputError
from partwise.mesh import sample
from partwise.normalisation import enclosing_ball
from partwise.orientation import upright
from partwise.result.parts import SegmentedShape
from partwise.shape import NO_INSTANCE, Shape, drawn_rows
from partwise.taxonomy import OTHER


def labelled_shape(found: SegmentedShape, n_point: int, random: np.random.Generator, model_id: str = "",
                   anno_id: str = "") -> Shape:
    """Points of a segmentation with the labels of all levels: upright, in the unit ball.

    InputError: no part has a name
    """
    if found.mesh is not None:
        samples = sample(found.mesh, n_point, random)
        points, normals, rows = samples.points, samples.normals, samples.face_index
        labels = {one.level: (one.face_semantic, one.face_instance) for one in found.levels}
    else:
        count = len(found.points)
        again = random.integers(count, size=max(0, n_point - count))
        rows = np.concatenate([drawn_rows(count, n_point, random), again])
        points, normals = found.points[rows], found.normals[rows]
        labels = {one.level: (one.semantic, one.instance) for one in found.levels}
    rotation = upright(found.up)
    points, normals = points @ rotation.T, normals @ rotation.T
    levels = [_plain_labels(*(np.asarray(one)[rows] for one in labels[level.source]))
              for level in found.taxonomy.levels]
    semantic, instance = (np.stack(arrays) for arrays in zip(*levels, strict=True))
    if not semantic.any():
        raise InputError("no part of it has a name; name some in `partwise view`, or list its classes under `from`")
    return Shape(enclosing_ball(points).normalise(points), normals.astype(np.float32), semantic, instance, model_id,
                 anno_id)


def _plain_labels(semantic: np.ndarray, instance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels as a store has them: instances from 0, none where the class is other."""
    ids = np.unique(instance, return_inverse=True)[1].reshape(-1)
    if ids.max() > np.iinfo(np.int16).max:
        raise InputError(f"it has {ids.max() + 1} parts, expected {np.iinfo(np.int16).max} at most")
    return semantic.astype(np.uint8), np.where(semantic == OTHER, NO_INSTANCE, ids).astype(np.int16)
