"""Instances of all levels that agree: a part tree in place of three lists.

Every point's classes follow one path of the category's part tree. Each level is grouped by its own votes, and then,
from fine to coarse, a part goes as a whole where most of its points went, or is cut where its votes tell that it is
several. Where two levels list the same part, as a chair's headrest, its instances at both are those of the finer level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from partwise.config import GroupingConfig
from partwise.grouping.agreement import NO_PART, cut, undivided
from partwise.grouping.instances import NO_PARENT, LevelInstances, LevelPrediction, group, summarise, votes
from partwise.grouping.paths import joint_labels
from partwise.grouping.scraps import absorbers, crumb_hosts
from partwise.means import group_means
from partwise.taxonomy import OTHER, Taxonomy

_CRUMB = 0.001
"""Share of the points below which an instance is no part: PartNet's protocol counts none of under 10 of 10,000."""
_AGREEMENT = 0.7
"""Share of a connected piece's points that must have the same classes for the piece to be one part."""


def tree_instances(points: np.ndarray, predictions: Sequence[LevelPrediction], taxonomy: Taxonomy,
                   with_other: bool, config: GroupingConfig, device: str = "cpu",
                   piece: np.ndarray | None = None) -> list[LevelInstances]:
    """Group one shape at levels 1, 2, 3; a level that the category lacks repeats the one that stands for it.

    points : (N, 3) normalised, N >= 1
    with_other : whether the network has learnt which points are other
    device : where mean shift runs
    piece : (N,) connected piece of the mesh that each point was sampled on; None for a point cloud, or to ignore them.
        A piece in which the network finds one part, of one class and one centre, is not cut.

    All points of an instance have one class at the next coarser real level, its class's parent; unless that is other,
    they lie in one instance there, the instance's ``parent``.
    """
    labels = joint_labels([one.probability for one in predictions], taxonomy, with_other)
    own_votes = {number: votes(points, predictions[number - 1].instance_offset, predictions[number - 1].region_offset,
                               config.push) for number in taxonomy.real_levels}
    whole = np.full(len(points), NO_PART)  # of each point: the piece that must not be cut
    if piece is not None:
        finest = taxonomy.real_levels[-1]
        labels, whole = _whole_pieces(labels, own_votes[finest], piece, config.bandwidth)
        inside = whole != NO_PART
        own_votes[finest][inside] = group_means(own_votes[finest][inside], whole[inside])[whole[inside]]
    instances: dict[int, np.ndarray] = {}  # by level, the finest first
    vote: dict[int, np.ndarray] = {}
    for number in reversed(taxonomy.real_levels):
        semantic = labels[number - 1]
        vote[number] = _shared_votes(own_votes, semantic, taxonomy, number)
        instance = _numbered(semantic, undivided(group(vote[number], semantic, config.bandwidth, device), whole))
        if config.absorb and not instances:
            taker = absorbers(predictions[number - 1], semantic, vote[number], instance, config.bandwidth / 2)
            labels, instance = _absorbed(labels, instance, taker)
        instances[number] = instance
    if config.absorb:
        labels, instances = _without_crumbs(points, labels, instances)
    instances = _agreeing(instances, labels, points, vote, taxonomy)
    found = {number: summarise(predictions[number - 1], labels[number - 1], vote[number], instance)
             for number, instance in instances.items()}
    for fine, coarse in pairwise(found):
        found[fine] = replace(found[fine], parent=_parents(found[fine], found[coarse]))
    return [found[level.source] for level in taxonomy.levels]


def _agreeing(instances: Mapping[int, np.ndarray], labels: np.ndarray, points: np.ndarray,
              vote: Mapping[int, np.ndarray], taxonomy: Taxonomy) -> dict[int, np.ndarray]:
    """Instances (N,) by level, the finest first, of which every one lies in one of the next coarser level."""
    agreeing: dict[int, np.ndarray] = {}
    for number, instance in instances.items():
        for finer, own in agreeing.items():
            part = np.where(labels[finer - 1] == OTHER, NO_PART, own)
            coarser = np.where(labels[number - 1] == OTHER, 0, instance)  # what is other cuts nothing
            part = cut(part, coarser, points, vote[finer], _CRUMB * len(points))
            instance = undivided(instance, part)
            agreeing[finer] = _numbered(labels[finer - 1], np.where(part == NO_PART, own, part))
        agreeing[number] = instance
        for fine, coarse in pairwise(agreeing):
            semantic, own = labels[coarse - 1], agreeing[coarse]
            same = _listed_at_both(taxonomy, coarse, fine)[semantic]
            agreeing[coarse] = _numbered(semantic, np.where(same, own.max() + 1 + agreeing[fine], own))
    return agreeing


def _absorbed(labels: np.ndarray, instance: np.ndarray, taker: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """With scraps in the parts that take them: labels (3, N), and (N,) ids of the finest level, with gaps."""
    example = np.zeros(len(taker), np.int64)
    example[instance] = np.arange(len(instance))  # a point of each instance; all have one class at every level
    taken = taker[instance]
    return np.where(taken == instance, labels, labels[:, example[taken]]), taken


def _without_crumbs(points: np.ndarray, labels: np.ndarray,
                    instances: Mapping[int, np.ndarray]) -> tuple[np.ndarray, dict[int, np.ndarray]]:
    """The same, points of instances that are too small for any part being of the nearest one that is not.

    From coarse to fine, and within the classes of the coarser levels: what is small at one level, as a plinth's feet,
    may be a part together at the coarser one. The ids returned have no gaps.
    """
    labels, settled = labels.copy(), dict(instances)
    kind = np.zeros(len(points), np.int64)  # of each point: its classes at the coarser levels
    for number in sorted(instances):
        host = crumb_hosts(points, settled[number], _CRUMB * len(points), kind)
        labels[number - 1:] = labels[number - 1:, host]
        settled |= {finer: own[host] for finer, own in settled.items() if finer >= number}
        kind = kind * (labels[number - 1].max() + 1) + labels[number - 1]
    return labels, {number: _numbered(labels[number - 1], own) for number, own in settled.items()}


def _whole_pieces(labels: np.ndarray, vote: np.ndarray, piece: np.ndarray,
                  bandwidth: float) -> tuple[np.ndarray, np.ndarray]:
    """Labels (3, N) made one within each piece that is one part, and (N,) that piece of each point, else none.

    A piece is one part where most of its points have the same classes, and its votes lie closer together than the
    bandwidth.
    """
    path = np.unique(labels, axis=1, return_inverse=True)[1].reshape(-1)
    count = np.bincount(piece)
    table = np.zeros((len(count), path.max() + 1), np.int64)
    np.add.at(table, (piece, path), 1)
    distance = np.linalg.norm(vote - group_means(vote, piece)[piece], axis=1)
    scatter = np.bincount(piece, weights=distance) / np.maximum(count, 1)
    whole = (table.max(1) >= _AGREEMENT * count) & (scatter < bandwidth) & (count > 0)
    example = np.zeros(path.max() + 1, np.int64)
    example[path] = np.arange(len(path))  # a point with each path
    united = np.where(whole[piece], example[table.argmax(1)[piece]], np.arange(len(path)))
    return labels[:, united], np.where(whole[piece], piece, NO_PART)


def _shared_votes(own_votes: Mapping[int, np.ndarray], semantic: np.ndarray, taxonomy: Taxonomy,
                  number: int) -> np.ndarray:
    """(N, 3) votes of a level; points of a part that coarser levels list too have the mean of what all these say."""
    total, count = own_votes[number].copy(), np.ones((len(semantic), 1), np.float32)
    for coarser in (one for one in taxonomy.real_levels if one < number):
        same = _listed_at_both(taxonomy, number, coarser)[semantic][:, None]
        total += np.where(same, own_votes[coarser], 0)
        count += same
    return total / count


def _listed_at_both(taxonomy: Taxonomy, one: int, other: int) -> np.ndarray:
    """(n_class,) bool: whether level ``other`` lists the very part of each class of level ``one``."""
    listed = set(taxonomy.level(other).paths)
    return np.array([False, *(path in listed for path in taxonomy.level(one).paths)])


def _numbered(semantic: np.ndarray, instance: np.ndarray) -> np.ndarray:
    """Ids 0 ... P - 1, by class and then in the order of the ids given."""
    return np.unique(semantic * (instance.max() + 1) + instance, return_inverse=True)[1]


def _parents(fine: LevelInstances, coarse: LevelInstances) -> np.ndarray:
    """(P,) the coarse instance that holds each fine one; NO_PARENT for those of other, or where it is of other."""
    holder = np.full(len(fine.instance_class), NO_PARENT)
    holder[fine.instance] = np.where((fine.semantic != OTHER) & (coarse.semantic != OTHER), coarse.instance, NO_PARENT)
    return holder
