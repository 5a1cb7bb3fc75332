"""What a store holds, counted: classes, instances and other points at each level."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from partwise.data.store import Store
from partwise.errors import InputError
from partwise.taxonomy import LEVELS, OTHER, Level


@dataclass(frozen=True)
class ClassSummary:
    """One class: the shapes that have a point of it, and its instances with at least one point."""

    id: int
    name: str
    shapes: int
    instances: int


@dataclass(frozen=True)
class LevelSummary:
    """One level.

    real : whether the category has the level; if not it repeats level ``source``.
    mean_instances, min_instances, max_instances : instances a shape; None where there is no shape.
    other : share of points labelled other, 0 to 1; None where there is no shape.
    classes : all classes but other, by id.
    """

    level: int
    real: bool
    source: int
    instances: int
    mean_instances: float | None
    min_instances: int | None
    max_instances: int | None
    other: float | None
    classes: tuple[ClassSummary, ...]


@dataclass(frozen=True)
class StoreSummary:
    """One store."""

    path: str
    category: str
    split: str
    shapes: int
    points: int
    levels: tuple[LevelSummary, ...]


def find_stores(paths: Sequence[Path]) -> list[Path]:
    """The stores named, and all in the folders named; InputError where a folder has none."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(file for file in path.rglob("*.h5") if not file.name.startswith("."))
        if path.is_dir() and not inside:
            raise InputError(f"{path}: holds no stores (.h5 files); make some with 'partwise prepare'")
        found += inside if path.is_dir() else [path]
    return found


def summarise(store: Store) -> StoreSummary:
    """Count everything in a store; raises InputError as Store.labels does."""
    levels = store.taxonomy.levels
    instances = [np.zeros((len(store), level.n_class), np.int64) for level in levels]
    others = np.zeros(len(LEVELS), np.int64)
    for index in range(len(store)):
        semantic, instance = store.labels(index)
        others += (semantic == OTHER).sum(1)
        for row, level in enumerate(levels):
            instances[row][index] = count_instances(semantic[row], instance[row], level.n_class)
    total = len(store) * store.n_point
    return StoreSummary(str(store.path), store.category, store.split, len(store), store.n_point,
                        tuple(_summarise_level(level, counts, int(other), total)
                              for level, counts, other in zip(levels, instances, others, strict=True)))


def count_instances(semantic: np.ndarray, instance: np.ndarray, n_class: int) -> np.ndarray:
    """(n_class,) int: instances of each class with at least one point, in one shape; other has none.

    semantic, instance : (N,) int, labels of one level; points of one instance id are of one class.
    """
    named = semantic != OTHER
    pairs = np.bincount(instance[named].astype(np.int64) * n_class + semantic[named])
    pairs = np.pad(pairs, (0, -len(pairs) % n_class)).reshape(-1, n_class)
    return (pairs > 0).sum(0)


def _summarise_level(level: Level, counts: np.ndarray, other: int, total: int) -> LevelSummary:
    a_shape = counts.sum(1)
    shapes, instances = (counts > 0).sum(0), counts.sum(0)
    classes = tuple(ClassSummary(index, level.names[index], int(shapes[index]), int(instances[index]))
                    for index in range(1, level.n_class))
    known = len(counts) > 0
    return LevelSummary(level.number, level.is_real, level.source, int(a_shape.sum()),
                        float(a_shape.mean()) if known else None, int(a_shape.min()) if known else None,
                        int(a_shape.max()) if known else None, other / total if known else None, classes)
