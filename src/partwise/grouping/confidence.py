"""Learned confidence: the IoU to expect of an instance, from how sure and how united its points are.

Mean entropy, the published confidence, knows nothing of how well the points of an instance agree on a centre, nor that
a scrap of a few points is more often wrong than a large part. A linear fit of four features does.
"""

from collections.abc import Sequence

import numpy as np

from partwise.grouping.instances import LevelInstances, LevelPrediction
from partwise.means import group_means

FEATURES = ("probability", "size", "scatter", "drift")
"""Of an instance: mean probability of its class; logarithm of its share of the shape's points; mean distance of its
votes from their mean; distance of that mean from the mean of its points (in radii of the shape)."""


def instance_features(points: np.ndarray, prediction: LevelPrediction, found: LevelInstances) -> np.ndarray:
    """(P, 4) features of the instances of one level.

    points : (N, 3) normalised
    """
    voted = group_means(found.vote, found.instance)
    probability = prediction.probability[np.arange(len(points)), found.semantic]
    scatter = np.linalg.norm(found.vote - voted[found.instance], axis=1)
    means = group_means(np.stack([probability, scatter], axis=1), found.instance)
    drift = np.linalg.norm(voted - group_means(points, found.instance), axis=1)
    return np.stack([means[:, 0], np.log(found.instance_size / len(points)), means[:, 1], drift], axis=1)


def expected_iou(features: np.ndarray, fit: Sequence[float]) -> np.ndarray:
    """(P,) IoU to expect of instances of (P, 4) features; ``fit`` is of ``fit_iou``. Not clipped to [0, 1]."""
    return fit[0] + features @ np.array(fit[1:])


def fit_iou(features: np.ndarray, iou: np.ndarray) -> tuple[float, ...]:
    """Constant and factors of the linear function of (P, 4) features that is nearest to (P,) IoUs.

    Slightly drawn to 0 (ridge regression of standardised features), so that few instances give a finite answer; none
    at all give a function that is 0.
    """
    if not len(features):
        return (0.0,) * (1 + len(FEATURES))
    mean, scale = features.mean(0), np.maximum(features.std(0), 1e-9)
    standard = (features - mean) / scale
    factors = np.linalg.solve(standard.T @ standard + np.eye(len(mean)), standard.T @ (iou - iou.mean())) / scale
    return (float(iou.mean() - factors @ mean), *map(float, factors))
