"""A shape as the network learns from it: normalised, with the centres to vote for."""

from dataclasses import dataclass

import numpy as np

from partwise.data.targets import centres
from partwise.normalisation import enclosing_ball
from partwise.shape import Shape, drawn_rows
from partwise.taxonomy import LEVELS


@dataclass(frozen=True)
class Sample:
    """One shape with its targets.

    points, normals : (N, 3) float32, points in the unit ball, or in the unit cube after augmentation
    semantic : (3, N) int64 class of each level
    instance_centre, region_centre : (3, N, 3) float32 of each level
    instance_size : (3, N) float32 number of points of the point's instance at each level
    """

    points: np.ndarray
    normals: np.ndarray
    semantic: np.ndarray
    instance_centre: np.ndarray
    region_centre: np.ndarray
    instance_size: np.ndarray


def make_sample(shape: Shape) -> Sample:
    """Normalise a shape to its minimal enclosing ball and compute its targets."""
    points = enclosing_ball(shape.points).normalise(shape.points)
    levels = [centres(points, shape.semantic[level - 1], shape.instance[level - 1]) for level in LEVELS]
    instance_centre, region_centre, size = (np.stack(column) for column in zip(*levels, strict=True))
    return Sample(points, shape.normals, shape.semantic.astype(np.int64), instance_centre, region_centre, size)


def thin(shape: Shape, n_point: int, random: np.random.Generator) -> Shape:
    """The shape with at most ``n_point`` of its points, drawn without repetition."""
    return shape if shape.n_point <= n_point else shape.take(drawn_rows(shape.n_point, n_point, random))


def take(sample: Sample, chosen: np.ndarray) -> Sample:
    """The sample with the points of an index or mask alone; centres and sizes stay those of the whole shape."""
    return Sample(sample.points[chosen], sample.normals[chosen], sample.semantic[:, chosen],
                  sample.instance_centre[:, chosen], sample.region_centre[:, chosen], sample.instance_size[:, chosen])
