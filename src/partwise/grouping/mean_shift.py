"""Mean shift with a flat kernel: points that climb to the same mode form one cluster."""

import warnings

import numpy as np
from sklearn.cluster import MeanShift
from sklearn.exceptions import ConvergenceWarning


def mean_shift(points: np.ndarray, bandwidth: float) -> np.ndarray:
    """Cluster points; seeds are the occupied cells of a grid of bandwidth size.

    points : (N, 3) float
    bandwidth : radius of the kernel, > 0

    Returns (N,) int64 ids from 0 without gaps, every point in the cluster of the nearest mode; (0,) for no
    points, and one cluster for a single point.
    """
    if len(points) < 2:
        return np.zeros(len(points), np.int64)
    with warnings.catch_warnings():
        # said where every point is alone in its cell; all points are the seeds then, which is what is wanted
        warnings.filterwarnings("ignore", message="Binning data failed")
        warnings.filterwarnings("ignore", category=ConvergenceWarning)
        found = MeanShift(bandwidth=bandwidth, bin_seeding=True).fit(points)
    # a mode may be the nearest of no point; leave no gaps where such modes were
    ids: np.ndarray = np.unique(found.labels_, return_inverse=True)[1]
    return ids
