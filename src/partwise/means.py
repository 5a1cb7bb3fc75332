"""Means of groups of rows."""

import numpy as np


def group_means(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """(G, D) float64 mean of the rows of each group; 0 for a group without rows.

    values : (N, D)
    group : (N,) int, the group of each row, 0 ... G - 1
    """
    sums = np.stack([np.bincount(group, weights=column) for column in values.T], axis=1)
    return sums / np.maximum(np.bincount(group), 1)[:, None]
