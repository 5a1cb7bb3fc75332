"""Laws of instances whose levels agree, on random predictions of every kind of category."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from partwise.config import GroupingConfig
from partwise.grouping import tree
from partwise.grouping.instances import NO_PARENT, LevelPrediction, level_instances
from partwise.grouping.paths import joint_labels, label_paths
from partwise.grouping.tree import tree_instances
from partwise.metrics.consistency import ConsistencyMetric
from partwise.taxonomy import OTHER, categories, load_taxonomy

CONFIG = GroupingConfig(bandwidth=0.3)


def random_predictions(taxonomy, points, random, sharpness=2.0):
    """Smooth in space, so that there are parts of many points."""
    def smooth(width):
        return np.tanh(points @ random.normal(size=(3, 24)) * 3) @ random.normal(size=(24, width))

    def one(level):
        logits = smooth(level.n_class) * sharpness
        probability = np.exp(logits - logits.max(1, keepdims=True))
        probability /= probability.sum(1, keepdims=True)
        return LevelPrediction(probability.astype(np.float32), smooth(3).astype(np.float32) * 0.05,
                               smooth(3).astype(np.float32) * 0.05)

    return [one(level) for level in taxonomy.levels]


@pytest.mark.parametrize("absorb", [False, True])
@pytest.mark.parametrize("with_other", [False, True])
@pytest.mark.parametrize("category", ["Chair", "Bottle", "Mug", "StorageFurniture", "Table", "Lamp", "Clock"])
def test_levels_form_a_tree(category, with_other, absorb, monkeypatch):
    monkeypatch.setattr(tree, "_CRUMB", 0.02)  # of 400 points a thousandth is nothing
    config = replace(CONFIG, tree=True, absorb=absorb)
    taxonomy = load_taxonomy(category)
    random = np.random.default_rng(0)
    for _ in range(3):
        points = random.uniform(-0.6, 0.6, (400, 3)).astype(np.float32)
        found = tree_instances(points, random_predictions(taxonomy, points, random), taxonomy, with_other, config)
        for coarse, fine in pairwise(taxonomy.real_levels):
            parents = np.array(taxonomy.parents(fine, coarse))
            above, here = found[coarse - 1], found[fine - 1]
            listed = here.semantic != OTHER
            np.testing.assert_array_equal(parents[here.semantic[listed]], above.semantic[listed])
            for number, parent in enumerate(here.parent):
                holders = set(above.instance[here.instance == number])
                if here.instance_class[number] == OTHER or parents[here.instance_class[number]] == OTHER:
                    assert parent == NO_PARENT
                else:
                    assert holders == {parent}
            metric = ConsistencyMetric(parents, 0)
            metric.add(here.semantic, here.instance, above.semantic, above.instance)
            assert metric.result() == 1
        assert found[0].parent is None
        for level, one in zip(taxonomy.levels, found, strict=True):
            assert one is found[level.source - 1]


@pytest.mark.parametrize("category", ["Chair", "StorageFurniture"])
def test_a_part_that_two_levels_list_is_one_part(category):
    taxonomy = load_taxonomy(category)
    random = np.random.default_rng(1)
    points = random.uniform(-0.6, 0.6, (500, 3)).astype(np.float32)
    found = tree_instances(points, random_predictions(taxonomy, points, random), taxonomy, False, CONFIG)
    tried = 0
    for path in set(taxonomy.level(2).paths) & set(taxonomy.level(3).paths):
        of_two = found[1].instance[found[1].semantic == taxonomy.level(2).class_of[path]]
        of_three = found[2].instance[found[1].semantic == taxonomy.level(2).class_of[path]]
        pairs = set(zip(of_two.tolist(), of_three.tolist(), strict=True))
        assert len(pairs) == len(set(of_two)) == len(set(of_three))
        tried += len(pairs)
    assert tried


def test_predictions_that_agree_are_left_as_they_are():
    """One-hot classes along a path and exact centres: the same instances as level by level."""
    taxonomy = load_taxonomy("Chair")
    wanted = ["chair/chair_base/regular_leg_base/leg", "chair/chair_seat/seat_surface/seat_single_surface"]
    classes = np.array([[level.class_holding(path) for path in wanted] for level in taxonomy.levels])
    random = np.random.default_rng(2)
    kind, copy = np.repeat([0, 0, 1], 40), np.repeat([0, 1, 2], 40)
    centre = np.array([[-0.5, -0.5, 0], [0.5, -0.5, 0], [0, 0, 0]])[copy]
    points = (centre + random.normal(0, 0.05, centre.shape)).astype(np.float32)
    region = np.array([[0, -0.5, 0], [0, 0, 0]])[kind]
    # at level 1 both legs are one base
    centres = [np.where(kind[:, None] == 0, region, centre), centre, centre]
    predictions = [LevelPrediction(np.eye(level.n_class, dtype=np.float32)[classes[row][kind]],
                                   (centres[row] - points).astype(np.float32), (region - points).astype(np.float32))
                   for row, level in enumerate(taxonomy.levels)]
    found = tree_instances(points, predictions, taxonomy, False, GroupingConfig())
    for prediction, one, count in zip(predictions, found, (2, 3, 3), strict=True):
        alone = level_instances(points, prediction, GroupingConfig())
        np.testing.assert_array_equal(one.semantic, alone.semantic)
        np.testing.assert_array_equal(one.instance, alone.instance)
        assert len(one.instance_class) == count
        np.testing.assert_allclose(one.confidence, alone.confidence)


@pytest.mark.parametrize("count", [1, 2])
def test_a_point_or_two(count):
    taxonomy = load_taxonomy("Chair")
    points = np.linspace(0, 1, count * 3, dtype=np.float32).reshape(count, 3)
    found = tree_instances(points, random_predictions(taxonomy, points, np.random.default_rng(0)), taxonomy, True,
                           CONFIG)
    assert [len(one.instance) for one in found] == [count] * 3


@pytest.mark.parametrize("category", categories())
def test_paths_are_those_of_the_part_tree(category):
    taxonomy = load_taxonomy(category)
    every, sure = label_paths(taxonomy, True), label_paths(taxonomy, False)
    for paths in (every, sure):
        for coarse, fine in ((1, 2), (2, 3), (1, 3)):
            parents = np.array(taxonomy.parents(fine, coarse))
            listed = paths[:, fine - 1] != OTHER
            np.testing.assert_array_equal(parents[paths[listed, fine - 1]], paths[listed, coarse - 1])
        for level in taxonomy.levels:  # no class is out of reach
            assert set(paths[:, level.number - 1]) >= set(range(1, level.n_class))
    assert {*map(tuple, sure)} < {*map(tuple, every)}
    for path in sure:  # what is left says no less than any other
        more = ((path == OTHER) | (every == path)).all(1)
        assert more.sum() == 1


def test_joint_labels_against_a_loop():
    taxonomy = load_taxonomy("Bed")
    random = np.random.default_rng(3)
    probabilities = [random.dirichlet(np.ones(level.n_class), 30) for level in taxonomy.levels]
    for with_other in (False, True):
        labels = joint_labels(probabilities, taxonomy, with_other)
        for point in range(30):
            best, best_score = None, -np.inf
            for path in label_paths(taxonomy, with_other):
                counted = [row for row in range(3) if with_other or path[row] != OTHER]
                score = np.average([np.log(probabilities[row][point, path[row]]) for row in counted],
                                   weights=[(1.5, 1, 1)[row] for row in counted])
                if score > best_score:
                    best, best_score = path, score
            assert tuple(labels[:, point]) == tuple(best)


def test_a_connected_piece_is_one_part_where_the_network_finds_one():
    """Three pieces: one nearly all leg, one half leg and half seat, one with the votes of two legs."""
    taxonomy = load_taxonomy("Chair")
    paths = ["chair/chair_base/regular_leg_base/leg", "chair/chair_seat/seat_surface/seat_single_surface"]
    leg, seat = ([level.class_holding(path) for level in taxonomy.levels] for path in paths)
    piece = np.repeat([0, 1, 2], 20)
    is_seat = np.zeros(60, bool)
    is_seat[[3, 7]] = is_seat[30:40] = True
    points = np.stack([piece * 0.5, np.zeros(60), np.zeros(60)], axis=1).astype(np.float32)
    centre = points + np.where((np.arange(60) >= 50)[:, None], [0, 0.9, 0], 0)
    centre[5] += 0.2  # a stray vote in the first piece
    predictions = [LevelPrediction(
        np.where(is_seat[:, None], *(np.eye(level.n_class)[one[row]] for one in (seat, leg))).astype(np.float32),
        (centre - points).astype(np.float32), None) for row, level in enumerate(taxonomy.levels)]
    config = GroupingConfig(bandwidth=0.1)
    cut = tree_instances(points, predictions, taxonomy, False, config)[2]
    found = tree_instances(points, predictions, taxonomy, False, config, piece=piece)
    assert len(set(cut.instance[:20])) > 1
    for one, label in zip(found, leg, strict=True):
        assert set(one.semantic[:20]) == {label}
        assert len(set(one.instance[:20])) == 1
    assert set(found[2].semantic[20:40]) == {leg[2], seat[2]}
    assert len(set(found[2].instance[40:])) == 2


def test_crumbs_go_to_the_nearest_part():
    """2,000 points in two parts far apart, and one point of a third class beside the second."""
    taxonomy = load_taxonomy("Chair")
    random = np.random.default_rng(0)
    points = np.concatenate([random.normal(0, 0.01, (1000, 3)), random.normal(0, 0.01, (1000, 3)) + [1, 0, 0],
                             [[1, 0, 0.02]]]).astype(np.float32)
    paths = label_paths(taxonomy, False)
    of_point = np.repeat([0, len(paths) // 2, len(paths) - 1], [1000, 1000, 1])
    middle = np.repeat(np.array([[0, 0, 0], [1, 0, 0], [3, 0, 0]], np.float32), [1000, 1000, 1], axis=0)
    predictions = []
    for level in taxonomy.levels:
        probability = np.full((2001, level.n_class), 1e-4, np.float32)
        probability[np.arange(2001), paths[of_point, level.number - 1]] = 1
        predictions.append(LevelPrediction(probability, middle - points, None))
    kept, tidy = (tree_instances(points, predictions, taxonomy, False, GroupingConfig(tree=True, absorb=absorb))
                  for absorb in (False, True))
    assert kept[2].instance_size.min() == 1
    for level in tidy:
        assert len(level.instance_class) == 2
        assert level.instance[-1] == level.instance[-2]
        assert level.semantic[-1] == level.semantic[-2]


def test_crumbs_that_are_a_part_together_at_a_coarser_level_stay():
    """Four feet of 4 points each at the corners of a frame of 5,000: too small each, but a base together."""
    taxonomy = load_taxonomy("StorageFurniture")
    paths = label_paths(taxonomy, False)
    base, frame = (next(path for path in paths if taxonomy.level(1).names[path[0]] == f"cabinet/{name}" and path[2])
                   for name in ("cabinet_base", "cabinet_frame"))
    random = np.random.default_rng(0)
    corner = np.array([[x, -1, z] for x in (-0.5, 0.5) for z in (-0.5, 0.5)])
    foot = np.repeat(corner, 4, axis=0) + random.normal(0, 0.01, (16, 3))
    points = np.concatenate([random.uniform(-0.5, 0.5, (5000, 3)), foot]).astype(np.float32)
    of_base = np.arange(5016) >= 5000
    predictions = []
    for level in taxonomy.levels:
        probability = np.full((5016, level.n_class), 1e-4, np.float32)
        probability[np.arange(5016), np.where(of_base, base[level.number - 1], frame[level.number - 1])] = 1
        centre = np.zeros((5016, 3))
        centre[of_base] = [0, -1, 0] if level.number == 1 else np.repeat(corner, 4, axis=0)
        predictions.append(LevelPrediction(probability, (centre - points).astype(np.float32), None))
    found = tree_instances(points, predictions, taxonomy, False, GroupingConfig(tree=True, absorb=True))
    assert found[0].instance_size.tolist() == [5000, 16]
    assert sorted(found[2].instance_size.tolist()) == [4, 4, 4, 4, 5000]
    for one, label in zip(found, base, strict=True):
        assert (one.semantic[of_base] == label).all()
