import numpy as np
import pytest
from sklearn.linear_model import Ridge

from partwise.config import GroupingConfig
from partwise.grouping.confidence import FEATURES, expected_iou, fit_iou, instance_features
from partwise.grouping.instances import LevelPrediction, level_instances


def test_the_fit_is_ridge_regression_of_standardised_features():
    random = np.random.default_rng(0)
    features = random.normal(size=(200, 4)) * [1, 10, 0.1, 3] + [0, 5, 1, -2]
    iou = features @ [0.1, -0.02, 1, 0] + random.normal(0, 0.05, 200)
    standard = (features - features.mean(0)) / features.std(0)
    expected = Ridge(alpha=1.0).fit(standard, iou).predict(standard)
    np.testing.assert_allclose(expected_iou(features, fit_iou(features, iou)), expected, atol=1e-9)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_few_instances_or_none_give_a_finite_fit(count):
    fit = fit_iou(np.ones((count, 4)), np.full(count, 0.5))
    assert len(fit) == 1 + len(FEATURES)
    assert expected_iou(np.ones((2, 4)), fit) == pytest.approx([0.5 if count else 0.0] * 2)


def test_features_by_hand():
    points = np.array([[0, 0, 0], [0, 0, 0.2], [1, 0, 0]], np.float32)
    probability = np.array([[0.1, 0.9, 0], [0.3, 0.7, 0], [0, 0, 1]], np.float32)
    offset = np.array([[0.5, 0, 0], [0.5, 0, 0], [0, 0, 0]], np.float32)
    prediction = LevelPrediction(probability, offset, None)
    found = level_instances(points, prediction, GroupingConfig(bandwidth=0.5))
    np.testing.assert_allclose(instance_features(points, prediction, found), [
        [0.8, np.log(2 / 3), 0.1, 0.5], [1.0, np.log(1 / 3), 0, 0]], atol=1e-6)


def test_other_confidences_keep_the_instances():
    points = np.zeros((5, 3), np.float32)
    prediction = LevelPrediction(np.eye(3, dtype=np.float32)[[0, 1, 1, 2, 2]], points, None)
    found = level_instances(points, prediction, GroupingConfig()).with_confidence(np.array([0.1, -0.5, 2.0]))
    np.testing.assert_allclose(1 - found.uncertainty, [0.1, -0.5, -0.5, 2, 2])
