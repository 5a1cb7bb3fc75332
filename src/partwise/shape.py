"""A labelled point cloud, the unit that every stage passes on."""

from dataclasses import dataclass, replace

import numpy as np

from partwise.errors import InputError
from partwise.taxonomy import LEVELS, OTHER, Taxonomy

NO_INSTANCE = -1
"""Instance id of points labelled other."""


def drawn_rows(count: int, wanted: int, random: np.random.Generator) -> np.ndarray:
    """(wanted,) ascending rows of a cloud of ``count`` points, drawn without repetition; all if there are no more."""
    return np.arange(count) if count <= wanted else np.sort(random.choice(count, wanted, replace=False))


@dataclass(frozen=True)
class Shape:
    """One shape of a known category with its part labels at three levels.

    points : (N, 3) float32
    normals : (N, 3) float32, unit length
    semantic : (3, N) uint8, class id of each level; 0 is other
    instance : (3, N) int16, instance id of each level, -1 where the class is other; ids may have gaps
    model_id, anno_id : PartNet's names of the shape
    """

    points: np.ndarray
    normals: np.ndarray
    semantic: np.ndarray
    instance: np.ndarray
    model_id: str = ""
    anno_id: str = ""

    @property
    def n_point(self) -> int:
        return len(self.points)

    def take(self, rows: np.ndarray) -> "Shape":
        """The shape with some of its points, by index or mask."""
        return replace(self, points=self.points[rows], normals=self.normals[rows], semantic=self.semantic[:, rows],
                       instance=self.instance[:, rows])

    def check(self, taxonomy: Taxonomy) -> None:
        """Raise InputError where shapes disagree, numbers are not finite or labels are not in the taxonomy."""
        count = self.n_point
        arrays = {"points": (count, 3), "normals": (count, 3), "semantic": (3, count), "instance": (3, count)}
        for name, wanted in arrays.items():
            if getattr(self, name).shape != wanted:
                raise InputError(f"{self}: {name} has shape {getattr(self, name).shape}, expected {wanted}")
        for name in ("points", "normals"):
            bad = int((~np.isfinite(getattr(self, name))).any(1).sum())
            if bad:
                raise InputError(f"{self}: {bad} of {count} {name} are NaN or infinite")
        for number in LEVELS:
            semantic, n_class = self.semantic[number - 1], taxonomy.level(number).n_class
            if count and int(semantic.max()) >= n_class:
                raise InputError(f"{self}: class id {int(semantic.max())} at level {number} is not in the taxonomy "
                                 f"of {taxonomy.category}, whose ids there end at {n_class - 1}")
            if ((self.instance[number - 1] == NO_INSTANCE) != (semantic == OTHER)).any():
                raise InputError(f"{self}: at level {number} instance {NO_INSTANCE} and class {OTHER} "
                                 "must stand for the same points")

    def __str__(self) -> str:
        return f"shape {self.anno_id or '(no id)'}"
