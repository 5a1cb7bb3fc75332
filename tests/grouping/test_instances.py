"""Votes, grouping and confidence against the released system's and against brute force."""

import numpy as np
import pytest
from sklearn.cluster import MeanShift

from partwise.config import GroupingConfig
from partwise.grouping.instances import LevelPrediction, entropies, group, level_instances, votes
from partwise.grouping.mean_shift import mean_shift


def same_partition(one: np.ndarray, other: np.ndarray) -> bool:
    pairs = np.unique(np.stack([one, other]), axis=1)
    return pairs.shape[1] == len(np.unique(one)) == len(np.unique(other))


def test_agrees_with_the_released_system(golden):
    case = np.load(golden / "inference.npz")
    found = level_instances(case["points"], LevelPrediction(
        case["probability"], case["instance_offset"], case["region_offset"]), GroupingConfig())
    np.testing.assert_allclose(found.vote, case["vote"], atol=1e-6)
    np.testing.assert_array_equal(found.semantic, case["semantic"])
    assert same_partition(found.instance, case["instance"])
    # their confidences are in the order of their ids
    for theirs, confidence in enumerate(case["confidence"]):
        ours = found.instance[case["instance"] == theirs][0]
        assert found.confidence[ours] == pytest.approx(confidence, abs=1e-5)


def test_instances_have_one_class_and_all_their_points(golden):
    case = np.load(golden / "inference.npz")
    found = level_instances(case["points"], LevelPrediction(case["probability"], case["instance_offset"], None),
                            GroupingConfig())
    for number, (label, size) in enumerate(zip(found.instance_class, found.instance_size, strict=True)):
        own = found.instance == number
        assert own.sum() == size
        assert (found.semantic[own] == label).all()


def test_no_push_where_both_offsets_agree():
    points = np.zeros((2, 3), np.float32)
    offset = np.array([[0.1, 0, 0], [0.3, 0, 0]], np.float32)
    region = np.array([[0.1, 0, 0], [0.1, 0, 0]], np.float32)
    np.testing.assert_allclose(votes(points, offset, region, 0.05), [[0.1, 0, 0], [0.35, 0, 0]], atol=1e-7)
    np.testing.assert_array_equal(votes(points, offset, None, 0.05), offset)


def test_entropy_of_certain_and_uniform_points():
    probability = np.array([[1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]])
    np.testing.assert_allclose(entropies(probability), [0, np.log(4)])


def test_confidence_can_be_negative():
    uniform = np.full((20, 9), 1 / 9, np.float32)
    zero = np.zeros((20, 3), np.float32)
    found = level_instances(zero, LevelPrediction(uniform, zero, zero), GroupingConfig())
    assert found.confidence == pytest.approx([1 - np.log(9)])
    assert found.instance_size.tolist() == [20]


@pytest.mark.parametrize("count", [1, 2])
def test_a_point_or_two(count):
    points = np.linspace(0, 1, count * 3, dtype=np.float32).reshape(count, 3)
    probability = np.eye(2, dtype=np.float32)[np.zeros(count, int)]
    found = level_instances(points, LevelPrediction(probability, np.zeros_like(points), None), GroupingConfig())
    assert sorted(found.instance) == list(range(count))


def test_classes_are_grouped_apart():
    assert group(np.zeros((4, 3)), np.array([2, 0, 2, 0]), 0.1).tolist() == [1, 0, 1, 0]


def test_mean_shift_finds_separated_blobs():
    random = np.random.default_rng(0)
    centres = random.permutation(27)[:9, None] // np.array([1, 3, 9]) % 3 * 1.0
    truth = random.integers(0, 9, 900)
    points = centres[truth] + random.normal(0, 0.01, (900, 3))
    assert same_partition(mean_shift(points, 0.1), truth)
    assert same_partition(mean_shift(points.astype(np.float32), 0.1), truth)


def test_ids_have_no_gaps():
    """A mode can be the nearest of no point at all; scikit-learn then skips a label."""
    skipped = 0
    for seed in range(15):
        points = np.random.default_rng(seed).uniform(-1, 1, (200, 3))
        theirs = MeanShift(bandwidth=0.3, bin_seeding=True).fit(points).labels_
        ours = mean_shift(points, 0.3)
        skipped += len(np.unique(theirs)) <= theirs.max()
        assert sorted(set(ours)) == list(range(ours.max() + 1))
        assert same_partition(ours, theirs)
    assert skipped, "no case tried what this test is for"


def test_mean_shift_of_coincident_and_of_no_points():
    assert mean_shift(np.ones((50, 3)), 0.1).tolist() == [0] * 50
    assert mean_shift(np.empty((0, 3)), 0.1).tolist() == []
