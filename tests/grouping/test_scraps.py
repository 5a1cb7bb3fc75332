import numpy as np

from partwise.config import GroupingConfig
from partwise.grouping.instances import LevelPrediction
from partwise.grouping.scraps import absorbers, crumb_hosts
from partwise.grouping.tree import tree_instances
from partwise.taxonomy import load_taxonomy


def takers(sizes, classes, centres, probability, distance=0.1):
    """``probability``: (P, c), the same for all points of an instance."""
    instance = np.repeat(np.arange(len(sizes)), sizes)
    prediction = LevelPrediction(np.array(probability)[instance], np.zeros((len(instance), 3)), None)
    vote = np.array([[x, 0, 0] for x in centres])[instance]
    return absorbers(prediction, np.array(classes)[instance], vote, instance, distance).tolist()


def test_a_scrap_goes_to_the_part_whose_centre_it_votes_for():
    sure, torn = [0, 0.9, 0.1], [0, 0.4, 0.6]
    assert takers([50, 5], [1, 2], [0, 0.05], [sure, torn]) == [0, 0]
    assert takers([50, 5], [1, 2], [0, 0.2], [sure, torn]) == [0, 1]  # votes elsewhere
    assert takers([50, 5], [1, 2], [0, 0.05], [sure, [0, 0.2, 0.8]]) == [0, 1]  # sure of its class
    assert takers([50, 26], [1, 2], [0, 0.05], [sure, torn]) == [0, 1]  # no scrap
    assert takers([50, 5], [1, 1], [0, 0.05], [sure, sure]) == [0, 1]  # of the same class: another copy
    assert takers([50, 5], [0, 2], [0, 0.05], [[1, 0, 0], [0.5, 0, 0.5]]) == [0, 1]  # other takes nothing


def test_the_likeliest_takes_it_and_chains_end_at_their_head():
    assert takers([50, 60, 5], [1, 2, 3], [0, 0, 0], [
        [0, 1, 0, 0], [0, 0, 1, 0], [0, 0.26, 0.3, 0.44]]) == [0, 1, 1]
    assert takers([200, 30, 5], [1, 2, 3], [0, 0.06, 0.12], [
        [0, 1, 0, 0], [0, 0.3, 0.7, 0], [0, 0, 0.4, 0.6]]) == [0, 0, 0]


def test_in_a_tree_a_scrap_takes_the_classes_of_all_levels():
    taxonomy = load_taxonomy("Chair")
    leg, seat = ([level.class_holding(path) for level in taxonomy.levels] for path in (
        "chair/chair_base/regular_leg_base/leg", "chair/chair_seat/seat_surface/seat_single_surface"))
    points = np.zeros((44, 3), np.float32)
    predictions = []
    for row, level in enumerate(taxonomy.levels):
        probability = np.full((44, level.n_class), 0.001, np.float32)
        probability[:40, leg[row]] = 0.9
        probability[40:, leg[row]], probability[40:, seat[row]] = 0.4, 0.5
        predictions.append(LevelPrediction(probability, points, None))
    apart = tree_instances(points, predictions, taxonomy, False, GroupingConfig(tree=True))
    found = tree_instances(points, predictions, taxonomy, False, GroupingConfig(tree=True, absorb=True))
    for one, other, label in zip(found, apart, leg, strict=True):
        assert len(other.instance_class) == 2
        assert one.instance_class.tolist() == [label]
        assert (one.semantic == label).all()


def test_crumbs_go_with_the_nearest_point_of_their_kind_that_is_of_none():
    """Against a search through all points, in units of any size."""
    for seed in range(20):
        random = np.random.default_rng(seed)
        count, least = random.integers(2, 60), random.integers(0, 6)
        points = random.normal(size=(count, 3)) * 10.0**random.integers(-3, 4)
        instance = np.unique(random.integers(0, 12, count), return_inverse=True)[1]
        kind = random.integers(0, 4, count)
        size = np.bincount(instance)[instance]
        for own, given in ((kind, {"kind": kind}), (np.zeros(count), {})):
            expected = []
            for row in range(count):
                others = [other for other in range(count) if size[other] >= least and own[other] == own[row]]
                expected.append(row if size[row] >= least or not others else
                                min(others, key=lambda other: np.linalg.norm(points[other] - points[row])))
            assert crumb_hosts(points, instance, least, **given).tolist() == expected
