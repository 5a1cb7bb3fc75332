"""What the offsets aim at: centres of instances and of semantic regions (paper section 3.4)."""

import numpy as np

from partwise.means import group_means


def centres(points: np.ndarray, semantic: np.ndarray,
            instance: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centres that each point of a shape should vote for at one level, and how many points vote for the same.

    points : (N, 3)
    semantic, instance : (N,) labels; instance -1 (other) counts as one instance

    Returns (N, 3) float32 instance centres, the mean of the points of the point's instance, and (N, 3) float32 region
    centres: the UNWEIGHTED mean of the centres of the instances that carry the point's class; and (N,) float32 number
    of points of the point's instance.
    """
    if len(points) == 0:
        return np.empty((0, 3), np.float32), np.empty((0, 3), np.float32), np.empty(0, np.float32)
    keys, which = np.unique((semantic.astype(np.int64) << 32) + instance, return_inverse=True)
    instance_centres = group_means(points, which)
    # -1 (other) borrows from the class above it in the key: round up to undo that
    region = np.unique((keys + 1) >> 32, return_inverse=True)[1]  # + 1: instances start at -1
    region_centres = group_means(instance_centres, region)[region]
    size = np.bincount(which)[which]
    return instance_centres[which].astype(np.float32), region_centres[which].astype(np.float32), size.astype(np.float32)
