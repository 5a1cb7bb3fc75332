"""How the parts of two levels come to agree: a part lies in one coarser part, or is cut where it is several."""

import numpy as np

from partwise.means import group_means

NO_PART = -1
"""In place of the part of a point that belongs to none."""

_SHARE = 0.1  # of a part's points, the least that can be a part of its own
_DEVIATION = 0.3  # how far the way between the votes of two parts may be off that between their places, as a share


def undivided(instance: np.ndarray, part: np.ndarray) -> np.ndarray:
    """(N,) instances, where all points of a part have the one that most had; points without a part keep theirs."""
    inside = part != NO_PART
    rows, own = np.unique(part[inside], return_inverse=True)
    table = np.zeros((len(rows), instance.max() + 1), np.int64)
    np.add.at(table, (own, instance[inside]), 1)
    whole = instance.copy()
    whole[inside] = table.argmax(1)[own]
    return whole


def cut(part: np.ndarray, coarser: np.ndarray, points: np.ndarray, vote: np.ndarray,
        min_points: float) -> np.ndarray:
    """(N,) parts, those cut that lie in several coarser ones and whose points vote for several centres.

    part : (N,) int, NO_PART for points that keep out of this
    coarser : (N,) int instances of the coarser level
    points, vote : (N, 3) and the centre of their part for which they vote
    min_points : what is cut off has at least these

    Wherever a part is cut, its votes must tell that it is two: the mean votes of both sides differ as the means of
    their points do. Of one part that two coarser ones share by mistake both sides vote for the same centre; two
    panels, side by side, that were grouped as one, each for its own.
    """
    key = part.astype(np.int64) * (coarser.max() + 1) + coarser
    _, first, own, count = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    whole = part[first]  # of each side the part it is of
    largest = np.lexsort((-count, whole))
    main = largest[np.searchsorted(whole[largest], whole)]  # the largest side of the same part
    place, voted = group_means(points, own), group_means(vote, own)
    apart = place - place[main]
    off = np.linalg.norm(voted - voted[main] - apart, axis=1)
    size = np.bincount(main, count)[main]
    several = ((count >= _SHARE * size) & (count >= min_points)
               & (off < _DEVIATION * np.linalg.norm(apart, axis=1)))
    sides = np.where(several, np.arange(len(count)), main)
    return np.where(part == NO_PART, NO_PART, sides[own])
