"""Parts of two levels that come to agree: moved whole, or cut where their votes tell that they are several."""

import numpy as np
import pytest

from partwise.config import GroupingConfig
from partwise.grouping.agreement import NO_PART, cut, undivided
from partwise.grouping.instances import LevelPrediction
from partwise.grouping.tree import tree_instances
from partwise.taxonomy import load_taxonomy


def test_a_part_goes_where_most_of_its_points_went():
    instance = np.array([0, 0, 1, 1, 1, 2, 2])
    part = np.array([7, 7, 7, NO_PART, 3, 3, 3])
    np.testing.assert_array_equal(undivided(instance, part), [0, 0, 0, 1, 2, 2, 2])


def panels(n_side, gap, random):
    """Points of sides along x, and the side of each."""
    side = np.repeat(np.arange(n_side), 100)
    return random.uniform(-0.1, 0.1, (len(side), 3)) + side[:, None] * [gap, 0, 0], side


@pytest.mark.parametrize("n_side", [2, 3, 5])
def test_what_votes_for_several_centres_is_cut(n_side):
    random = np.random.default_rng(0)
    points, side = panels(n_side, 0.3, random)
    centre = side[:, None] * [0.3, 0, 0]
    vote = centre + random.normal(0, 0.03, points.shape)
    found = cut(np.full(len(side), 4), side, points, vote, 10)
    assert len(set(found)) == n_side
    assert all(len(set(found[side == one])) == 1 for one in range(n_side))


@pytest.mark.parametrize("n_side", [2, 3, 5])
def test_what_votes_for_one_centre_is_not(n_side):
    """Nor where votes fall short of the centre by a third of the way."""
    random = np.random.default_rng(1)
    points, side = panels(n_side, 0.3, random)
    vote = points.mean(0) + (points - points.mean(0)) / 3 + random.normal(0, 0.03, points.shape)
    assert len(set(cut(np.full(len(side), 4), side, points, vote, 10))) == 1


def test_small_pieces_are_not_cut_off():
    points, side = panels(2, 0.3, np.random.default_rng(2))
    keep = np.r_[np.arange(100), 100 + np.arange(9)]
    points, side = points[keep], side[keep]
    vote = side[:, None] * [0.3, 0, 0] + np.zeros(3)
    assert len(set(cut(np.zeros(109, int), side, points, vote, 1))) == 1  # of 109 points 9 are under a tenth
    keep = np.arange(20, 109)
    assert len(set(cut(np.zeros(89, int), side[keep], points[keep], vote[keep], 1))) == 2
    assert len(set(cut(np.zeros(89, int), side[keep], points[keep], vote[keep], 10))) == 1


def by_definition(part, coarser, points, vote, min_points):
    """The parts as a set of sets of points."""
    sets = []
    for one in set(part[part != NO_PART].tolist()):
        inside = np.flatnonzero(part == one)
        sides = [inside[coarser[inside] == other] for other in np.unique(coarser[inside])]
        main = max(sides, key=len)  # the first of several
        rest = main
        for side in sides:
            if side is main:
                continue
            place, voted = points[side].mean(0) - points[main].mean(0), vote[side].mean(0) - vote[main].mean(0)
            if (len(side) >= max(0.1 * len(inside), min_points)
                    and np.linalg.norm(voted - place) < 0.3 * np.linalg.norm(place)):
                sets.append(frozenset(side.tolist()))
            else:
                rest = np.r_[rest, side]
        sets.append(frozenset(rest.tolist()))
    return set(sets)


def test_against_a_loop():
    random = np.random.default_rng(3)
    n_cut = 0
    for _ in range(200):
        count = int(random.integers(1, 300))
        part = random.integers(-1, random.integers(1, 6), count)
        coarser = random.integers(0, random.integers(1, 5), count)
        points = random.normal(size=(count, 3)) + coarser[:, None]
        vote = points + random.normal(0, random.choice([0.1, 1.0]), (count, 3))
        found = cut(part, coarser, points, vote, 5)
        np.testing.assert_array_equal(found == NO_PART, part == NO_PART)
        sets = {frozenset(np.flatnonzero(found == one).tolist()) for one in set(found[found != NO_PART].tolist())}
        assert sets == by_definition(part, coarser, points, vote, 5)
        n_cut += len(sets) - len(set(part[part != NO_PART].tolist()))
    assert n_cut > 100


def test_neighbouring_drawers_are_told_apart_by_the_coarser_level():
    """Two boxes so close that their sides are grouped as one: with centres at level 1 that differ, the sides do too."""
    taxonomy = load_taxonomy("StorageFurniture")
    path = next(path for path in taxonomy.level(3).paths if path.endswith("drawer_box/drawer_side"))
    classes = [level.class_holding(path) for level in taxonomy.levels]
    random = np.random.default_rng(4)
    drawer = np.repeat([0, 1], 200)
    points = (random.uniform(-0.02, 0.02, (400, 3)) * [1, 10, 1] + np.where(drawer, 0.04, -0.04)[:, None] * [1, 0, 0])
    centre = {1: np.where(drawer, 0.4, -0.4)[:, None] * [1, 0, 0], 2: np.where(drawer, 0.3, -0.3)[:, None] * [1, 0, 0],
              3: np.where(drawer, 0.04, -0.04)[:, None] * [1, 0, 0]}
    predictions = [LevelPrediction(np.tile(np.eye(level.n_class, dtype=np.float32)[classes[row]], (400, 1)),
                                   (centre[level.number] - points).astype(np.float32), None)
                   for row, level in enumerate(taxonomy.levels)]
    found = tree_instances(points.astype(np.float32), predictions, taxonomy, False, GroupingConfig(bandwidth=0.2))
    for one in found:
        assert len(one.instance_class) == 2
        assert len(set(zip(one.instance.tolist(), drawer.tolist(), strict=True))) == 2
    np.testing.assert_array_equal(found[2].parent, [0, 1])
