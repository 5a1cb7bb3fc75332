"""Mean shift with a flat kernel: points that climb to the same mode form one cluster.

The clusters are those that scikit-learn's ``MeanShift(bandwidth=bandwidth, bin_seeding=True)`` finds in each group of
points on its own, also where distances equal the bandwidth or each other: see ``forest``.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import config

from partwise.errors import InputError
from partwise.grouping.forest import FLAT_BALL, FLAT_NEAREST, climb, compiled, nearest, plant, thin

MAX_STEP = 300
_SEEDS_AT_ONCE, _POINTS_AT_ONCE = 64, 10_000


def mean_shift(points: np.ndarray, bandwidth: float, group: np.ndarray | None = None) -> np.ndarray:
    """Cluster points; points of different groups never see each other.

    points : (N, 3) float32 or float64
    bandwidth : radius of the kernel, > 0
    group : (N,) any integers; without it all points are one group

    Returns (N,) int64 ids from 0 without gaps, every point in the cluster of the nearest mode: numbered by group in
    ascending order, and within a group from the mode with most points in reach to the one with fewest. (0,) for no
    points, and one cluster for a single point.

    Raises InputError for wrong shapes, for points or a bandwidth that are not finite, for a bandwidth that is not
    positive, and for a group so far from the origin (millions of bandwidths) that its seeds miss its points.
    """
    points, bandwidth, group = checked(points, bandwidth, group)
    if len(points) == 0:
        return np.zeros(0, np.int64)
    order, start = by_group(group)
    points, tree = points[order], group_of(start)
    place, place_tree = seeds(points, start, bandwidth)
    forest, count = plant(points, start, FLAT_BALL), np.empty(len(place), np.int64)
    _in_blocks(_SEEDS_AT_ONCE, len(place), lambda own: climb(
        forest, place[own], place_tree[own], bandwidth, MAX_STEP, count[own]))
    targets = plant(*modes(place, count, place_tree, bandwidth), FLAT_NEAREST)
    found = np.empty(len(points), np.int64)
    _in_blocks(_POINTS_AT_ONCE, len(points), lambda own: nearest(targets, points[own], tree[own], found[own]))
    return numbered(found, order)


def checked(points: np.ndarray, bandwidth: float,
            group: np.ndarray | None) -> tuple[np.ndarray, float, np.ndarray]:
    """The same, fit for use: (N, 3) float32 or float64, a Python float, (N,) integers."""
    points, bandwidth = np.asarray(points), float(bandwidth)
    if points.ndim != 2 or points.shape[1] != 3:
        raise InputError(f"mean shift: points must be of shape (N, 3), found {points.shape}")
    group = np.zeros(len(points), np.int64) if group is None else np.asarray(group)
    if group.shape != points.shape[:1] or group.dtype.kind not in "iub":
        raise InputError(f"mean shift: group must be integers of shape ({len(points)},), one a point, found "
                         f"{group.dtype} of shape {group.shape}")
    if not 0 < bandwidth < np.inf:
        raise InputError(f"mean shift: bandwidth must be a positive number, found {bandwidth}")
    points = np.ascontiguousarray(points, np.float32 if points.dtype == np.float32 else np.float64)
    if not np.isfinite(points).all():
        row = np.flatnonzero(~np.isfinite(points).all(1))[0]
        raise InputError(f"mean shift: points must be finite, found {points[row]} in row {row}")
    return points, bandwidth, group


def by_group(group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N,) int64 order that puts the points of each group together, and (G + 1,) int64 where each group starts."""
    label, number = np.unique(group, return_inverse=True)
    # short integers are sorted in linear time
    order = np.argsort(number.astype(np.min_scalar_type(len(label))), kind="stable")
    return order, starts(number, len(label))


def starts(number: np.ndarray, count: int) -> np.ndarray:
    """(count + 1,) int64 where each of the groups 0 ... count - 1 starts, once rows are in the order of their group."""
    return np.concatenate([[0], np.cumsum(np.bincount(number, minlength=count))])


def group_of(start: np.ndarray) -> np.ndarray:
    """(N,) int64 group of each row."""
    return np.repeat(np.arange(len(start) - 1), np.diff(start))


def seeds(points: np.ndarray, start: np.ndarray, bandwidth: float) -> tuple[np.ndarray, np.ndarray]:
    """(S, 3) places to climb from, like the points, and (S,) int64 group of each, ascending.

    They are the centres of the occupied cells of a grid of bandwidth size, in the order of their first points and
    rounded to single precision as scikit-learn's are; or all points of a group, if each is alone in its cell.
    """
    group = group_of(start)
    with np.errstate(all="ignore"):  # a centre that is not finite is near no point
        cell = np.round(points / bandwidth) + 0.0  # of the two zeros only the positive: cells are told apart by bits
        first = _first_of_cell(cell.astype(np.float64).view(np.int64), group)
        centre = (cell[first].astype(np.float32) * np.float32(bandwidth)).astype(points.dtype)
    alone = np.add.reduceat(first.astype(np.int64), start[:-1]) == np.diff(start)
    return np.where(alone[group[first], None], points[first], centre), group[first]


@compiled
def _first_of_cell(cell: np.ndarray, group: np.ndarray) -> np.ndarray:
    """(N,) bool: no earlier row has the same group and (N, 3) int64 cell. By a hash table with open addresses."""
    size = 2
    while size < 2 * len(cell):
        size *= 2
    table, first = np.full(size, -1), np.zeros(len(cell), np.bool_)
    for row in range(len(cell)):
        code = group[row]
        for axis in range(3):
            code = (code ^ cell[row, axis]) * 0x2545F4914F6CDD1D  # an odd number stirs all bits above a changed one,
            code ^= code >> 32                                    # and this brings them down
        slot = code & (size - 1)
        while table[slot] >= 0:
            other = table[slot]
            if (group[other] == group[row] and cell[other, 0] == cell[row, 0] and cell[other, 1] == cell[row, 1]
                    and cell[other, 2] == cell[row, 2]):
                break
            slot = (slot + 1) & (size - 1)
        if table[slot] < 0:
            table[slot], first[row] = row, True
    return first


def modes(mean: np.ndarray, count: np.ndarray, group: np.ndarray, bandwidth: float) -> tuple[np.ndarray, np.ndarray]:
    """(P, 3) modes, group after group and the best first, and (G + 1,) int64 where each group starts.

    mean, count : (S, 3) and (S,) where the climbs ended, and the number of points in reach there
    group : (S,) int64 ascending, with each of 0 ... G - 1

    A mode is better for more points in reach, then for greater coordinates. One within the bandwidth of a better one
    is no mode. Raises InputError if a group has none.
    """
    n_group = group[-1] + 1
    found = np.flatnonzero(count)
    lost = np.flatnonzero(np.bincount(group[found], minlength=n_group) == 0)
    if len(lost):
        raise InputError(f"mean shift: no point lies within the bandwidth {bandwidth} of the seed "
                         f"{mean[group == lost[0]][0]}, so far from the origin that single precision misses it; "
                         f"move or scale the points")
    mean, count, group = mean[found], count[found], group[found]
    # of climbs that end in the same place, scikit-learn believes the last
    order = np.lexsort((*mean.T, group))
    next_differs = (mean[order[1:]] != mean[order[:-1]]).any(1) | (group[order[1:]] != group[order[:-1]])
    order = order[np.append(next_differs, True)]
    order = order[np.lexsort((*-mean[order].T[::-1], -count[order], group[order]))]
    mean, group = mean[order], group[order]
    keep = thin(plant(mean, starts(group, n_group), FLAT_BALL), mean, group, bandwidth)
    return mean[keep], starts(group[keep], n_group)


def numbered(mode: np.ndarray, order: np.ndarray) -> np.ndarray:
    """(N,) int64 ids without gaps, though a mode may be the nearest of no point; mode[i] is that of point order[i]."""
    number = np.cumsum(np.bincount(mode) > 0) - 1
    ids = np.empty(len(order), np.int64)
    ids[order] = number[mode]
    return ids


def _in_blocks(size: int, total: int, work: Callable[[slice], None]) -> None:
    """Do work(slice) for all of range(total), a block a thread: compiled code lets go of Python's lock."""
    blocks = [slice(first, first + size) for first in range(0, total, size)]
    if len(blocks) == 1:
        work(blocks[0])
        return
    with ThreadPoolExecutor(min(config.NUMBA_NUM_THREADS, len(blocks))) as threads:
        for _ in threads.map(work, blocks):
            pass
