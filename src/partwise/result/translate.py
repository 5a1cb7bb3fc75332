"""A segmentation in the words of another taxonomy, and one in which nothing is named yet."""

from collections.abc import Hashable, Iterator
from dataclasses import replace

import numpy as np

from partwise.config import Up
from partwise.errors import InputError
from partwise.mesh import Mesh, PointCloud, check_size, normals_of, sample
from partwise.result.labels import Labels
from partwise.result.segmentation import Segmentation
from partwise.taxonomy import OTHER, Level, Taxonomy

_Key = tuple[tuple[Hashable, ...], int]
"""What tells a part from all others, and its class."""


def translated(found: Segmentation, taxonomy: Taxonomy) -> Segmentation:
    """The segmentation with its parts called as the taxonomy calls them (``Taxonomy.merging``); its levels agree.

    What a part is called follows from the finest class that has another name here, and so do the parts that hold it. A
    part whose own class has a name here keeps its extent; else all that is inside of it and lies in one part becomes
    one. What has no name is other, cut as it was.
    """
    if found.taxonomy.agrees_with(taxonomy):
        return found
    before = Labels.of(found)
    combinations, which = np.unique(before.ids, axis=1, return_inverse=True)
    which, levels = which.reshape(-1), [taxonomy.level(number) for number in taxonomy.real_levels]
    keys = [list(_keys(before, ids, levels, taxonomy)) for ids in combinations.T.tolist()]
    weight = np.bincount(which).astype(float)
    sure = before.confidence[-1][combinations[-1]]
    rows, classes, confidence = [], [], []
    for row in range(len(levels)):
        numbers: dict[_Key, int] = {}
        ids = np.array([numbers.setdefault(one[row], len(numbers)) for one in keys])
        rows.append(ids[which])
        classes.append(np.array([class_id for _, class_id in numbers]))
        confidence.append(np.bincount(ids, weight * sure) / np.bincount(ids, weight))
    named = Labels(levels, np.stack(rows), classes, confidence)
    return named.segmentation(replace(found, taxonomy=taxonomy, levels_agree=True))


def unknown_classes(found: Segmentation, taxonomy: Taxonomy) -> list[str]:
    """Paths of the classes of parts that have no name in a taxonomy, and lie in none that has."""
    if found.taxonomy.agrees_with(taxonomy):
        return []
    before = Labels.of(found)
    paths = ([path for path, _, _ in _named(before, ids)] for ids in np.unique(before.ids, axis=1).T.tolist())
    return sorted({own[-1] for own in paths if own and not any(path in taxonomy.merging for path in own)})


def unnamed(geometry: Mesh | PointCloud, taxonomy: Taxonomy, n_point: int, seed: int = 0, up: Up = "y") -> Segmentation:
    """A shape as one part of class other, for people to split and name; what they say has confidence 1.

    n_point : points to sample on a mesh
    InputError: up is "guess", which takes a model; coordinates that no file could hold
    """
    if up == "guess":
        raise InputError("without a model nothing can guess which way is up; choose the axis")
    if isinstance(geometry, Mesh):
        samples = sample(geometry, n_point, seed)
        mesh, points, normals, faces = geometry, samples.points, samples.normals, len(geometry.faces)
    else:
        mesh, points, normals, faces = None, geometry.points, normals_of(geometry), 0
    check_size(points)
    levels = [taxonomy.level(number) for number in taxonomy.real_levels]
    ids = np.zeros((len(levels), len(points) + faces), np.int64)
    whole = Labels(levels, ids, [np.zeros(1, np.int64) for _ in levels], [np.ones(1) for _ in levels])
    return whole.segmentation(Segmentation(taxonomy, points, normals, mesh, None if mesh is None else np.arange(faces),
                                           (), True, up))


def _named(before: Labels, ids: list[int]) -> list[tuple[str, int, int]]:
    """Path, row and id of the listed parts that an element with these ids is of, coarse to fine."""
    paths = [before.path(row, int(before.classes[row][id])) for row, id in enumerate(ids)]
    return [(path, row, id) for row, (path, id) in enumerate(zip(paths, ids, strict=True)) if path is not None]


def _keys(before: Labels, ids: list[int], levels: list[Level], taxonomy: Taxonomy) -> Iterator[_Key]:
    """The part of an element with these ids, at each new level."""
    targets = [(taxonomy.merging[path], row, id) for path, row, id in _named(before, ids) if path in taxonomy.merging]
    finest = targets[-1][0] if targets else ""
    key: tuple[Hashable, ...] = ()
    above = None
    for place, level in enumerate(levels):
        class_id = level.class_holding(finest)
        path = None if class_id == OTHER else level.paths[class_id - 1]
        if path is None:
            key = (*key, ids[min(place, len(ids) - 1)])
        elif path != above:  # else it is the very part of the level before
            key = (*key, path, next(((row, id) for target, row, id in targets if target == path), None))
        above = path
        yield key, class_id
