"""The classes that a point can have at the three levels together, and the likeliest of them."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from partwise.taxonomy import OTHER, Taxonomy

_WEIGHTS = np.array([1.5, 1.0, 1.0])  # of levels 1, 2, 3; the first has the fewest classes, and is right most often
_FLOOR = 1e-6  # a probability below tells no more than this one: it cannot outvote the other levels


@cache
def label_paths(taxonomy: Taxonomy, with_other: bool) -> np.ndarray:
    """(K, 3) int64: the classes at levels 1, 2, 3 of every place in the category's part tree.

    A place above the finest level, where annotators may stop, has class other at the finer levels; a part that
    a coarser level does not list has class other there.

    with_other : without it such early stops are left out, for networks that have not learnt other
    """
    places = {tuple(level.class_holding(path) for level in taxonomy.levels) for path in taxonomy.merging.values()}
    places.add((OTHER, OTHER, OTHER))
    paths = np.array(sorted(places))
    if with_other:
        return paths
    covers = ((paths[:, None] == OTHER) | (paths[:, None] == paths)).all(2)  # [i, j]: j says what i says, or more
    return paths[covers.sum(1) == 1]


def joint_labels(probabilities: Sequence[np.ndarray], taxonomy: Taxonomy, with_other: bool) -> np.ndarray:
    """(3, N) int64 class of each point at levels 1, 2, 3: the path with the largest weighted mean log probability.

    Level 1 counts one and a half times as much as each of the others.

    probabilities : (N, c_k) of levels 1, 2, 3
    with_other : whether other is a class with a probability of its own; if not, a path's mean is over the levels
        at which it has a class

    Levels that the category lacks do not count.
    """
    paths = label_paths(taxonomy, with_other)
    counted = np.array([level.is_real for level in taxonomy.levels]) & (with_other | (paths != OTHER))
    weight = counted * _WEIGHTS
    weight /= np.maximum(weight.sum(1, keepdims=True), 1)
    total = np.zeros((len(probabilities[0]), len(paths)), np.float32)
    for level, probability in enumerate(probabilities):
        log = np.log(np.maximum(probability, _FLOOR)).astype(np.float32)
        total += log[:, paths[:, level]] * weight[:, level].astype(np.float32)
    labels: np.ndarray = paths[total.argmax(1)].T
    return labels
