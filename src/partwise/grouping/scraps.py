"""Scraps: points of a part to which the network gave another class, and which so became parts of their own."""

import numpy as np

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
