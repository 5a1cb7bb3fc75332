"""Semantic scores against the published evaluator's numbers and loops over sets."""

import math

import numpy as np
import pytest

from partwise.errors import InputError
from partwise.metrics import SemanticMetric


def scores_of(shapes, n_class, ignore_other):
    metric = SemanticMetric(n_class, ignore_other)
    for semantic, predicted in shapes:
        metric.add(np.asarray(semantic), np.asarray(predicted))
    return metric.result()


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else math.nan


def brute_force(shapes, n_class, ignore_other):
    """The scores from sets of points."""
    accuracy, v1, v3 = [], [], []
    shared, union = [0] * n_class, [0] * n_class
    in_truth_of_any = set()
    for semantic, predicted in shapes:
        kept = [(t, p) for t, p in zip(semantic.tolist(), predicted.tolist(), strict=True)
                if t or not ignore_other]
        if not kept:
            continue
        accuracy.append(mean(t == p for t, p in kept))
        iou, truth = {}, {t for t, _ in kept}
        in_truth_of_any |= truth
        for label in range(n_class):
            both = sum(t == p == label for t, p in kept)
            either = sum(label in pair for pair in kept)
            shared[label], union[label] = shared[label] + both, union[label] + either
            if either:
                iou[label] = both / either
        v1.append(mean(iou[label] for label in truth))
        v3.append(mean(iou.values()))
    per_class = [shared[c] / union[c] if c in in_truth_of_any else math.nan for c in range(n_class)]
    return [mean(accuracy), mean(v1), mean(v for v in per_class if not math.isnan(v)), mean(v3)], per_class


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize(("suffix", "ignore_other"), [("all", False), ("ignore_other", True)])
def test_golden(golden, number, suffix, ignore_other):
    cases = np.load(golden / f"metrics_{number}.npz", allow_pickle=False)
    n_class = int(cases["n_class"])
    shapes = list(zip(cases["semantic"], cases["pred_semantic"], strict=True))
    scores = scores_of(shapes, n_class, ignore_other)
    for version in ("v1", "v2", "v3"):
        found = getattr(scores, f"miou_{version}")
        assert found == pytest.approx(cases[f"miou_{version}_{suffix}"], abs=1e-6)
    expected = cases[f"iou_v2_per_class_{suffix}"]
    found = scores.iou_per_class[-len(expected):]
    defined = ~np.isnan(found)
    assert defined.sum() >= n_class - 2
    np.testing.assert_allclose(found[defined], expected[defined], atol=1e-6)


@pytest.mark.parametrize("ignore_other", [False, True])
def test_equals_brute_force(ignore_other):
    rng = np.random.default_rng(0)
    for _ in range(20):
        shapes = []
        for _ in range(rng.integers(1, 5)):
            semantic = rng.choice(rng.integers(0, 6, 3), rng.integers(1, 80)).astype(np.uint8)
            guess = rng.integers(0, 6, len(semantic))
            shapes.append((semantic, np.where(rng.random(len(semantic)) < 0.6, semantic, guess)))
        scores = scores_of(shapes, 6, ignore_other)
        expected, per_class = brute_force(shapes, 6, ignore_other)
        found = [scores.accuracy, scores.miou_v1, scores.miou_v2, scores.miou_v3]
        np.testing.assert_allclose(found, expected, atol=1e-13)
        np.testing.assert_allclose(scores.iou_per_class, per_class, atol=1e-13)


@pytest.mark.parametrize("ignore_other", [False, True])
def test_confusion_and_scores_of_shapes(ignore_other):
    """Counted point by point; a shape without a counted point has no score."""
    rng = np.random.default_rng(1)
    shapes = [(rng.integers(0, 4, 50), rng.integers(0, 4, 50)) for _ in range(4)]
    shapes[1] = (np.zeros(30, int), rng.integers(0, 4, 30))
    scores = scores_of(shapes, 5, ignore_other)
    expected = np.zeros((5, 5), int)
    for semantic, predicted in shapes:
        for truth, found in zip(semantic, predicted, strict=True):
            expected[truth, found] += truth > 0 or not ignore_other
    np.testing.assert_array_equal(scores.confusion, expected)
    alone = [brute_force([shape], 5, ignore_other)[0][1] for shape in shapes]
    np.testing.assert_allclose(scores.shape_miou, alone, atol=1e-13)
    assert math.isnan(alone[1]) == ignore_other
    assert scores.miou_v1 == pytest.approx(np.nanmean(scores.shape_miou), abs=1e-13)


def test_predicted_other_on_a_part_counts_in_v3_only():
    shapes = [([0, 1, 1, 1, 1], [1, 1, 1, 0, 0])]
    scores = scores_of(shapes, 3, ignore_other=True)
    assert scores.accuracy == scores.miou_v1 == scores.miou_v2 == 0.5
    assert scores.miou_v3 == 0.25
    np.testing.assert_array_equal(scores.iou_per_class, [np.nan, 0.5, np.nan])


def test_class_that_is_only_predicted_is_absent_from_v2():
    scores = scores_of([([1, 1], [1, 2])], 3, ignore_other=False)
    assert scores.miou_v2 == 0.5
    assert scores.miou_v3 == 0.25
    np.testing.assert_array_equal(scores.iou_per_class, [np.nan, 0.5, np.nan])


def test_nothing_counted():
    """No shape at all, and a shape of nothing but other: the latter must not pull means down."""
    assert math.isnan(scores_of([], 3, ignore_other=True).miou_v1)
    only_other = ([0, 0], [1, 2])
    scores = scores_of([only_other], 3, ignore_other=True)
    found = scores.accuracy, scores.miou_v1, scores.miou_v2, scores.miou_v3
    assert all(math.isnan(value) for value in found)
    assert np.isnan(scores.iou_per_class).all()
    assert scores_of([only_other, ([1], [1])], 3, ignore_other=True).miou_v3 == 1
    assert scores_of([only_other], 3, ignore_other=False).accuracy == 0


def test_shapes_count_alike_in_accuracy():
    """A mean over shapes, not over points."""
    scores = scores_of([([1] * 100, [1] * 100), ([1], [2])], 3, ignore_other=True)
    assert scores.accuracy == 0.5


def test_huge():
    labels = np.random.default_rng(0).integers(0, 51, 2_000_000).astype(np.uint8)
    assert scores_of([(labels, labels)], 52, ignore_other=False).miou_v3 == 1


def test_bad_input():
    metric = SemanticMetric(3)
    with pytest.raises(InputError, match=r"0 \.\.\. 2"):
        metric.add(np.array([1, 2]), np.array([1, 3]))
    with pytest.raises(InputError, match=r"\(2,\) and \(1,\)"):
        metric.add(np.array([1, 2]), np.array([1]))
    assert math.isnan(metric.result().accuracy)
