"""A shape as the network learns from it: normalised, with the centres to vote for, and randomly changed."""

from dataclasses import dataclass, replace

import numpy as np

from partwise.config import AugmentationConfig
from partwise.data.targets import centres
from partwise.normalisation import enclosing_ball
from partwise.shape import Shape
from partwise.taxonomy import LEVELS


@dataclass(frozen=True)
class Sample:
    """One shape with its targets.

    points, normals : (N, 3) float32, points in the unit ball, or in the unit cube after augmentation
    semantic : (3, N) int64 class of each level
    instance_centre, region_centre : (3, N, 3) float32 of each level
    """

    points: np.ndarray
    normals: np.ndarray
    semantic: np.ndarray
    instance_centre: np.ndarray
    region_centre: np.ndarray


def make_sample(shape: Shape) -> Sample:
    """Normalise a shape to its minimal enclosing ball and compute its targets."""
    points = enclosing_ball(shape.points).normalise(shape.points)
    pairs = [centres(points, shape.semantic[level - 1], shape.instance[level - 1]) for level in LEVELS]
    instance_centre, region_centre = (np.stack(column) for column in zip(*pairs, strict=True))
    return Sample(points, shape.normals, shape.semantic.astype(np.int64), instance_centre, region_centre)


def augment(sample: Sample, config: AugmentationConfig, random: np.random.Generator) -> Sample:
    """Rotate, translate, scale, and drop what leaves the unit cube, as the released system does.

    Centres are those of the whole shape, moved by the same transform; normals turn only. Where no point
    would stay in the cube, the sample is returned as it was.
    """
    rotation = rotation_matrix(np.radians(_whole_degrees(config.rotate, random)))
    shift = random.uniform(-config.translate, config.translate, 3)
    scale = random.uniform(*config.scale)

    def move(positions: np.ndarray) -> np.ndarray:
        return ((positions @ rotation.T + shift) * scale).astype(np.float32)

    points = move(sample.points)
    kept = np.abs(points).max(1) <= 1
    if not kept.any():
        return sample
    moved = replace(sample, points=points, normals=(sample.normals @ rotation.T).astype(np.float32),
                    instance_centre=move(sample.instance_centre), region_centre=move(sample.region_centre))
    return moved if kept.all() else take(moved, kept)


def take(sample: Sample, chosen: np.ndarray) -> Sample:
    """The sample with the points of an index or mask alone; centres stay those of the whole shape."""
    return Sample(sample.points[chosen], sample.normals[chosen], sample.semantic[:, chosen],
                  sample.instance_centre[:, chosen], sample.region_centre[:, chosen])


def rotation_matrix(angles: np.ndarray) -> np.ndarray:
    """(3, 3) Rz Rx Ry for angles about x, y, z in radians; acts on column vectors."""
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles), np.sin(angles)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    rotation: np.ndarray = about_z @ about_x @ about_y
    return rotation


def _whole_degrees(limit: int, random: np.random.Generator) -> np.ndarray:
    return random.integers(-limit, limit, 3) if limit > 0 else np.zeros(3)
