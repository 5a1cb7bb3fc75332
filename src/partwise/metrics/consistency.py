"""Whether the instances of one level lie in those of a coarser one, as parts in a tree do."""

import numpy as np

from partwise.taxonomy import OTHER

_INSIDE = 0.95


class ConsistencyMetric:
    """Share of fine instances that lie, with 95 % of their points or more, in one coarse instance.

    parents : (n_class,) coarse class of each fine class; instances of a class whose parent is other, as of a part
        that the coarser level does not have, are left out
    min_points : so are instances of this many points or fewer
    """

    def __init__(self, parents: np.ndarray, min_points: int = 10) -> None:
        self.parents, self.min_points = np.asarray(parents), min_points
        self._inside = self._all = 0

    def add(self, semantic: np.ndarray, instance: np.ndarray, coarse_semantic: np.ndarray,
            coarse_instance: np.ndarray) -> None:
        """Add one shape: the predicted class and instance id of each point at both levels, all (N,) int.

        Ids are unique within a level and at least 0. A coarse instance of class other holds nothing.
        """
        held = coarse_semantic != OTHER
        table = np.zeros((instance.max() + 1, coarse_instance.max() + 1), np.int64)
        np.add.at(table, (instance[held], coarse_instance[held]), 1)
        size = np.bincount(instance)
        classes = np.zeros(len(size), np.int64)
        classes[instance] = semantic
        counted = (size > self.min_points) & (self.parents[classes] != OTHER)
        self._inside += int((table.max(1)[counted] >= _INSIDE * size[counted]).sum())
        self._all += int(counted.sum())

    def result(self) -> float:
        """The share over all shapes; NaN where no instance was counted."""
        return self._inside / self._all if self._all else float("nan")
