"""Average precision against exact fractions."""

import math

import numpy as np
import pytest

from partwise.metrics import average_precision, average_precisions, precision_curves
from tests.metrics import brute_force


def test_equals_exact_fractions():
    rng = np.random.default_rng(0)
    values = set()
    for _ in range(200):
        hits = rng.random(rng.integers(1, 120)) < rng.random()
        n_truth = int(hits.sum() + rng.integers(0, 5)) or 1
        expected = float(brute_force.average_precision(hits.tolist(), n_truth))
        assert average_precision(hits, n_truth) == pytest.approx(expected, abs=1e-13)
        values.add(round(expected, 6))
    assert len(values) > 100


def test_classes_and_thresholds_at_once_equal_one_by_one():
    """Classes without truth, without prediction and without either among them."""
    rng = np.random.default_rng(2)
    for n_prediction in (0, 1, 60):
        hits, classes = rng.random((n_prediction, 3)) < [0.8, 0.5, 0], rng.integers(0, 5, n_prediction)
        n_truth = np.array([0, 70, 1, 30, 12, 9, 0])
        found = average_precisions(hits, classes, n_truth)
        expected = [[average_precision(column[classes == one], n_truth[one]) for one in range(7)] for column in hits.T]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)


def test_curves_are_the_best_precision_at_or_beyond_each_recall():
    """And their means are the average precisions."""
    rng = np.random.default_rng(5)
    hits, classes = rng.random((80, 2)) < [0.7, 0.3], rng.integers(0, 4, 80)
    n_truth = np.array([30, 0, 25, 60, 5])
    curves = precision_curves(hits, classes, n_truth)
    assert curves.shape == (2, 5, 101)
    np.testing.assert_array_equal(curves.mean(2), average_precisions(hits, classes, n_truth))
    assert np.isnan(curves[:, 1]).all()
    assert (curves[:, 4] == 0).all()  # nothing predicted
    for one in (0, 2, 3):
        for row, column in enumerate(hits.T):
            found = np.cumsum(column[classes == one])
            at = [(100 * f / n_truth[one], f / (n + 1)) for n, f in enumerate(found.tolist())]
            expected = [max([p for recall, p in at if recall >= step - 1e-9] + [float(step == 0)])
                        for step in range(101)]
            np.testing.assert_allclose(curves[row, one], expected, atol=1e-15)


@pytest.mark.parametrize("n_found", [7, 14, 28, 29, 55, 56, 57, 58])
def test_recall_on_the_grid_is_reached(n_found):
    """n / 100 is not always at least n * 0.01 in floating point; these recalls would be lost or won."""
    assert average_precision(np.ones(n_found, bool), 100) == pytest.approx((n_found + 1) / 101, abs=1e-13)


def test_edges():
    assert average_precision(np.zeros(0, bool), 3) == 0
    assert math.isnan(average_precision(np.ones(2, bool), 0))
    assert average_precision(np.zeros(5, bool), 3) == pytest.approx(1 / 101)
    assert average_precision(np.ones(1, bool), 1) == 1


def test_huge():
    hits = np.random.default_rng(1).random(300_000) < 0.5
    assert average_precision(hits, int(hits.sum())) == pytest.approx(0.5, abs=0.02)
