"""What is no part of its own: scraps, to which the network gave a wrong class, and crumbs, too small for any part."""

import numpy as np
from scipy.spatial import cKDTree

from partwise.grouping.instances import LevelPrediction
from partwise.means import group_means
from partwise.taxonomy import OTHER

_SHARE = 0.2  # a scrap is smaller than this share of the part that takes it up
_PROBABILITY = 0.25  # the least mean probability that its points give to that part's class


def absorbers(prediction: LevelPrediction, semantic: np.ndarray, vote: np.ndarray, instance: np.ndarray,
              distance: float) -> np.ndarray:
    """(P,) the instance that takes up each instance: itself unless it is a scrap.

    A scrap's votes go to the centre of a larger instance of another class, which its own points find likely too; of
    several such the likeliest takes it. Offsets alone would not do, since a seat and its frame share a centre, nor
    would classes alone.

    semantic, instance : (N,) class and id 0 ... P - 1 of each point
    vote : (N, 3)
    distance : largest one between the mean votes of both
    """
    count = np.bincount(instance)
    classes = np.zeros(len(count), np.int64)
    classes[instance] = semantic
    centre = group_means(vote, instance)
    # (P, P): mean probability that the points of the row give to the class of the column
    table = group_means(prediction.probability, instance)[:, classes]
    possible = ((count[:, None] < _SHARE * count) & (classes[:, None] != classes) & (classes != OTHER)
                & (np.linalg.norm(centre[:, None] - centre, axis=2) < distance) & (table > _PROBABILITY))
    taker = np.where(possible.any(1), np.where(possible, table, -1).argmax(1), np.arange(len(count)))
    while not np.array_equal(taker, taker[taker]):  # a taker is larger than what it takes, so this ends
        taker = taker[taker]
    return taker


def crumb_hosts(points: np.ndarray, instance: np.ndarray, min_points: float,
                kind: np.ndarray | None = None) -> np.ndarray:
    """(N,) the point that each point goes with: itself, or for those of crumbs the nearest one that is of none.

    points : (N, 3)
    instance : (N,) ids from 0, may have gaps
    min_points : instances of fewer are crumbs
    kind : (N,) integers from 0; no point goes with one of another kind, so that crumbs alone in theirs stay as they are
    """
    crumb = np.bincount(instance)[instance] < min_points
    hosts = np.arange(len(points))
    if not crumb.any() or crumb.all():
        return hosts
    place, bound = points, np.inf
    if kind is not None:
        bound = 1 + 2 * float(np.ptp(points, axis=0).sum())  # farther than any two points are apart
        place = np.column_stack([points, bound * kind])
    tree = cKDTree(place[~crumb], balanced_tree=False, compact_nodes=False)  # for few queries quick building pays
    distance, nearest = tree.query(place[crumb], distance_upper_bound=bound)
    found = np.isfinite(distance)
    hosts[np.flatnonzero(crumb)[found]] = np.flatnonzero(~crumb)[nearest[found]]
    return hosts
