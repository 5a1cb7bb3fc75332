"""From an annotation's parts to the labels of points, by PartNet's rule, and what else both readers share."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from partwise.errors import InputError
from partwise.shape import NO_INSTANCE
from partwise.taxonomy import LEVELS, OTHER, Taxonomy

_MAX_NODE_ID = 1_000_000
_MAX_PARTS = int(np.iinfo(np.int16).max)

PartClasses = Mapping[str, tuple[int, ...]]
"""Class ids at levels 1, 2 and 3 of every part path of a category's tree; other where a level lacks it."""


class Part(NamedTuple):
    """One node of a shape's part tree after merging.

    path : part path, such as "chair/chair_base".
    leaves : ids of the leaf nodes below it.
    """

    path: str
    leaves: Sequence[int]


def part_classes(taxonomy: Taxonomy) -> PartClasses:
    """The classes of every part that a shape of this category can have."""
    return {path: tuple(taxonomy.level(number).class_of.get(path, OTHER) for number in LEVELS)
            for path in taxonomy.merging.values()}


def label_points(leaf: np.ndarray, parts: Sequence[Part],
                 classes: PartClasses) -> tuple[np.ndarray, np.ndarray]:
    """Labels of points at the three levels.

    A level keeps the parts whose path is in its list, each of which is one instance; their running number is
    the instance id, so a part without points leaves a gap. Where parts overlap the later one wins.

    leaf : (N,) int, node id of each point's leaf; ids in no kept part become other (0) and no instance (-1).

    Returns semantic (3, N) uint8 and instance (3, N) int16. Raises InputError (without a file name) for a
    part that is not in the category's tree and for ids that no annotation has.
    """
    _check_ids(leaf, parts)
    top = max((max(part.leaves) for part in parts if part.leaves), default=-1)
    semantic_of = np.full((len(LEVELS), top + 2), OTHER, np.uint8)
    instance_of = np.full((len(LEVELS), top + 2), NO_INSTANCE, np.int16)
    kept = [0] * len(LEVELS)
    for path, leaves in parts:
        if path not in classes:
            raise InputError(f"part '{path}' is not in the category's part tree")
        columns = np.array(leaves, np.int64)
        for row, class_id in enumerate(classes[path]):
            if class_id == OTHER:
                continue
            semantic_of[row, columns] = class_id
            instance_of[row, columns] = kept[row]
            kept[row] += 1
    # The last column stands for every leaf that no part has; a narrow type may not hold its number.
    column = np.minimum(leaf, min(top + 1, np.iinfo(leaf.dtype).max)).astype(np.intp)
    return semantic_of[:, column], instance_of[:, column]


def _check_ids(leaf: np.ndarray, parts: Sequence[Part]) -> None:
    if leaf.size and int(leaf.min()) < 0:
        raise InputError(f"a point has the leaf id {int(leaf.min())}, expected ids from 0")
    if len(parts) > _MAX_PARTS:
        raise InputError(f"the shape has {len(parts)} parts, expected {_MAX_PARTS} at most")
    for path, leaves in parts:
        if any(not 0 <= leaf_id <= _MAX_NODE_ID for leaf_id in leaves):
            raise InputError(f"part '{path}' has a leaf id outside 0 ... {_MAX_NODE_ID}")


def unit_normals(normals: np.ndarray) -> np.ndarray:
    """Normals at unit length, same shape (..., 3) and dtype; zero vectors stay zero."""
    length = np.sqrt(np.einsum("...i,...i->...", normals, normals))[..., None]
    return np.divide(normals, length, out=np.zeros_like(normals), where=length > 0)
