"""The best and the worst of many shapes, their truth beside what was found, kept for pictures."""

import zipfile
from bisect import insort
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from partwise.errors import InputError
from partwise.files import replacing
from partwise.grouping.instances import LevelInstances
from partwise.metrics.numbering import number_instances
from partwise.shape import Shape
from partwise.taxonomy import instance_colours

COUNT = 4
"""How many of the best and of the worst shapes are kept."""
LARGEST = 10_000
"""Points kept of a shape; of larger ones some, evenly taken."""


@dataclass(frozen=True)
class ShownShape:
    """One shape with its true and predicted labels.

    index : place in the store, from 0
    name : PartNet's name of the shape (its anno_id)
    score : by which it was chosen, in [0, 1]
    points : (N, 3) float32; normals : (N, 3) float16
    true_class, predicted_class : (3, N) uint8 at levels 1, 2, 3; 0 is other
    true_instance, predicted_instance : (3, N) int32; negative for none
    """

    index: int
    name: str
    score: float
    points: np.ndarray
    normals: np.ndarray
    true_class: np.ndarray
    true_instance: np.ndarray
    predicted_class: np.ndarray
    predicted_instance: np.ndarray

    @classmethod
    def of(cls, index: int, score: float, shape: Shape, found: list[LevelInstances]) -> "ShownShape":
        """At most ``LARGEST`` points of a shape with what was found at levels 1, 2, 3."""
        rows = np.linspace(0, shape.n_point - 1, min(shape.n_point, LARGEST)).astype(int)
        part = shape.take(rows)
        return cls(index, shape.anno_id, score, part.points.astype(np.float32), part.normals.astype(np.float16),
                   part.semantic.astype(np.uint8), part.instance.astype(np.int32),
                   np.stack([level.semantic[rows] for level in found]).astype(np.uint8),
                   np.stack([level.instance[rows] for level in found]).astype(np.int32))

    def part_colours(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        """``part_colours`` of level ``row`` + 1."""
        return part_colours(self.true_class[row], self.true_instance[row], self.predicted_class[row],
                            self.predicted_instance[row])

    def check(self) -> None:
        """InputError where arrays do not fit each other."""
        count = len(self.points)
        labels = (self.true_class, self.true_instance, self.predicted_class, self.predicted_instance)
        found = [self.points.shape, self.normals.shape, *(array.shape for array in labels)]
        if not count or found != [(count, 3)] * 2 + [(3, count)] * 4 or not np.isfinite(self.points).all():
            raise InputError(f"shape {self.name}: points, normals and labels have the shapes {found}")


def part_colours(true_class: np.ndarray, true_instance: np.ndarray, predicted_class: np.ndarray,
                 predicted_instance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, 3) uint8 colours of true and of predicted parts, from (N,) labels at one level; points of other are grey.

    A predicted part has the colour of the true part of its class that it fits best, no two of them the same; one that
    fits none has a colour of its own.
    """
    truth, true_classes = number_instances(true_class, true_instance)
    found, classes = number_instances(predicted_class, predicted_instance)
    count = len(true_classes), len(classes)
    shared = np.bincount((truth + 1) * (count[1] + 1) + found + 1, minlength=(count[0] + 1) * (count[1] + 1))
    points = shared.reshape(count[0] + 1, count[1] + 1)
    iou = points[1:, 1:] / np.maximum(points[1:].sum(1)[:, None] + points[:, 1:].sum(0) - points[1:, 1:], 1)
    fit = iou * (true_classes[:, None] == classes)
    colour = count[0] + np.arange(count[1])  # further colours for what fits no true part
    for one, other in zip(*linear_sum_assignment(fit, maximize=True), strict=True):
        if fit[one, other] > 0:
            colour[other] = one
    return instance_colours(truth >= 0, truth), instance_colours(found >= 0, np.append(colour, -1)[found])


class Showcase:
    """Keeps the ``count`` best and the ``count`` worst of the shapes it is offered, all if there are no more."""

    def __init__(self, count: int = COUNT) -> None:
        self._count = count
        self._kept: list[ShownShape] = []

    def offer(self, shown: ShownShape) -> None:
        """Keep a shape if it is among the best or the worst so far; of equals the first stay."""
        insort(self._kept, shown, key=lambda one: one.score)
        if len(self._kept) > 2 * self._count:
            del self._kept[self._count]  # whatever is in the middle now can never be at an end later

    @property
    def shapes(self) -> list[ShownShape]:
        """The shapes that are kept, the worst first."""
        return list(self._kept)


def write_shapes(path: Path, shapes: list[ShownShape]) -> None:
    """Write shapes of one number of points as an .npz file, an array for each field with a row for each shape."""
    arrays: dict[str, Any] = {field.name: np.array([getattr(one, field.name) for one in shapes])
                              for field in fields(ShownShape)}
    with replacing(path) as temporary:
        np.savez_compressed(temporary, **arrays)


def read_shapes(path: Path) -> list[ShownShape]:
    """The shapes that ``write_shapes`` wrote; InputError for a file that is missing, damaged or another."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            columns = [arrays[field.name] for field in fields(ShownShape)]
        shapes = [ShownShape(int(index), str(name), float(score), *rows)
                  for index, name, score, *rows in zip(*columns, strict=True)]
        for one in shapes:
            one.check()
    except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: is not the file of shapes that `partwise evaluate` writes ({error}); "
                         "evaluate again") from error
    return shapes
