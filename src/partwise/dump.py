"""Single shapes as coloured clouds, for those who look for errors: truth, prediction, and the points as shifted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from partwise.config import CloudFormat
from partwise.errors import InputError
from partwise.files import make_folder, replacing
from partwise.grouping.instances import LevelInstances
from partwise.mesh import write_ply
from partwise.normalisation import enclosing_ball
from partwise.shape import Shape
from partwise.showcase import part_colours
from partwise.taxonomy import Level, class_colours

_SIDES = ("true", "predicted")


@dataclass(frozen=True)
class Seen:
    """The points of one shape that grouping saw, and where it saw them, in the unit ball.

    rows : (M,) which of the shape's points they are, each once, in any order
    centre : (M, 3) float32 at levels 1, 2, 3: the point plus its predicted offset to the centre of its instance
    vote : (M, 3) float32 at levels 1, 2, 3: what mean shift saw; the centre after the push, and after what levels that
        agree as a tree do to it
    """

    rows: np.ndarray
    centre: Sequence[np.ndarray]
    vote: Sequence[np.ndarray]


@dataclass(frozen=True)
class Dump:
    """Writes shapes as coloured clouds, of each level

        level_1_semantic_true, level_1_semantic_predicted    the shape's points, coloured by class
        level_1_instance_true, level_1_instance_predicted    the same, coloured by part
        level_1_centre_true, level_1_centre_predicted        points plus offsets, coloured by part
        level_1_vote_true, level_1_vote_predicted            the points as grouping saw them, coloured by part

    with the suffix of their format, in ``<folder>/<place in the store, four digits>-<name of the shape>/``.

    A class has the same colour everywhere, a predicted part that of the true part of its class that it fits best;
    other is grey. All clouds of a shape are in its unit ball. Those of classes and parts hold all its points; the
    others hold the points that grouping saw, which are all of them unless sets of the model's size leave some over. As
    PLY every point has its row in the shape and its labels as vertex properties; OBJ holds places and colours alone.

    folder : which must not hold anything yet, so that clouds of two models never mix
    count : how many shapes, from the first
    """

    folder: Path
    count: int
    cloud_format: CloudFormat = "ply"

    def check(self) -> None:
        """InputError where there is nothing to write, or the folder is taken."""
        if self.count < 1:
            raise InputError(f"{self.count} shapes to write as clouds, expected at least 1")
        if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            raise InputError(f"{self.folder}: is already there; remove it, or choose another folder")

    def write(self, index: int, shape: Shape, found: Sequence[LevelInstances], seen: Seen,
              levels: Sequence[Level]) -> None:
        """Write one shape; nothing if it is not among the first.

        found : of all points of the shape, at levels 1, 2, 3
        levels : those that are written
        """
        if index >= self.count:
            return
        name = re.sub(r"[^\w.-]", "_", shape.anno_id)[:60]
        folder = make_folder(self.folder / f"{index:04d}-{name}")
        points = enclosing_ball(shape.points[seen.rows]).normalise(shape.points)
        for level in levels:
            row = level.number - 1
            labels = {"true_class": shape.semantic[row], "true_instance": shape.instance[row],
                      "predicted_class": found[row].semantic, "predicted_instance": found[row].instance}
            clouds = _Clouds(folder, level, labels, self.cloud_format)
            clouds.write("semantic", points, shape.normals)
            clouds.write("instance", points, shape.normals)
            order = np.argsort(seen.rows)
            clouds.write("centre", seen.centre[row][order], None, seen.rows[order])
            clouds.write("vote", seen.vote[row][order], None, seen.rows[order])


class _Clouds:
    """Writes the clouds of one shape at one level, in true and in predicted colours."""

    def __init__(self, folder: Path, level: Level, labels: dict[str, np.ndarray], cloud_format: CloudFormat) -> None:
        self._folder, self._level, self._format = folder, level, cloud_format
        self._labels = {"point": np.arange(len(labels["true_class"])), **labels}
        classes = class_colours(level)
        self._class_colours = classes[labels["true_class"]], classes[labels["predicted_class"]]
        self._part_colours = part_colours(*labels.values())

    def write(self, what: str, places: np.ndarray, normals: np.ndarray | None,
              rows: np.ndarray | slice = slice(None)) -> None:
        """rows : which of the shape's points are at the (M, 3) places"""
        both = self._class_colours if what == "semantic" else self._part_colours
        labels = {name: values[rows] for name, values in self._labels.items()}
        for side, colours in zip(_SIDES, both, strict=True):
            path = self._folder / f"level_{self._level.number}_{what}_{side}.{self._format}"
            if self._format == "ply":
                write_ply(path, places, normals, colours[rows], labels)
            else:
                with replacing(path) as temporary:
                    np.savetxt(temporary, np.hstack([places, colours[rows] / 255]), "v %.7g %.7g %.7g %.6f %.6f %.6f")
