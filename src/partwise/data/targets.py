"""What the offsets aim at: centres of instances and of semantic regions (paper section 3.4)."""

import numpy as np


def centres(points: np.ndarray, semantic: np.ndarray, instance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres that each point of a shape should vote for at one level.

    points : (N, 3)
    semantic, instance : (N,) labels; instance -1 (other) counts as one instance

    Returns (N, 3) float32 instance centres, the mean of the points of the point's instance, and (N, 3) float32 region
    centres: the UNWEIGHTED mean of the centres of the instances that carry the point's class.
    """
    ids = np.stack([semantic, instance]).astype(np.int64)
    keys, which = np.unique(ids, axis=1, return_inverse=True)  # an instance has one class
    which = which.reshape(-1)
    instance_centres = _means(points, which)
    labels, region = np.unique(keys[0], return_inverse=True)
    region_centres = _means(instance_centres, region) if len(labels) else instance_centres
    return (instance_centres[which].astype(np.float32), region_centres[region][which].astype(np.float32))


def _means(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """(groups, 3) float64 mean of the rows of each group."""
    sums = np.stack([np.bincount(group, weights=values[:, axis]) for axis in range(3)], axis=1)
    return sums / np.bincount(group)[:, None]
