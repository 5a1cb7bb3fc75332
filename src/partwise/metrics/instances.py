"""Mean average precision of instances over a test set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from partwise.errors import InputError
from partwise.metrics.average_precision import average_precisions, precision_curves
from partwise.metrics.comparison import Comparison
from partwise.metrics.plain import plain

THRESHOLDS = (0.25, 0.5, 0.75)
"""The IoU thresholds that are reported."""


@dataclass(frozen=True)
class InstanceScores:
    """Average precision of one level, in [0, 1].

    thresholds : (S,) the IoU thresholds
    ap : (S, n_class) float64; NaN for other and for a class without true instances; 0 where a class has true
        instances but no prediction
    mean_ap : (S,) float64, mean over the classes that have true instances; NaN where there is none
    shape_mean_ap : (S,) float64, mean over shapes of the mean AP over the classes in their truth or
        prediction (predicted only: 0); shapes without such a class are left out, NaN where none remains
    n_truth, n_predicted : (n_class,) int64, instances of each class over all shapes
    n_shape : shapes added, also those without instances
    precision : (S, n_class, 101) float64, the largest precision at each recall 0, 0.01, ..., 1 or at a higher one;
        its mean over recalls is ``ap``
    shape_ap : (n_shape, S) float64, what ``shape_mean_ap`` is the mean of, in the order of the shapes; NaN for those
        that are left out
    """

    thresholds: tuple[float, ...]
    ap: np.ndarray
    mean_ap: np.ndarray
    shape_mean_ap: np.ndarray
    n_truth: np.ndarray
    n_predicted: np.ndarray
    n_shape: int
    precision: np.ndarray
    shape_ap: np.ndarray

    def to_dict(self, names: Sequence[str]) -> dict[str, Any]:
        """Plain values for JSON; ``names`` by class id, other first; a number that is not defined is None."""
        classes = [{"id": class_id, "name": names[class_id], "ap": plain(self.ap[:, class_id]),
                    "n_truth": int(self.n_truth[class_id]), "n_predicted": int(self.n_predicted[class_id])}
                   for class_id in range(1, len(names))]
        return {"n_shape": self.n_shape, "thresholds": list(self.thresholds), "mean_ap": plain(self.mean_ap),
                "shape_mean_ap": plain(self.shape_mean_ap), "classes": classes}


class InstanceMetric:
    """Collects the comparisons of a test set and turns them into scores.

    Greedy matching as in PartNet's instance protocol: in every shape, predictions in descending confidence,
    each against the unused true instance of its class with the best IoU (the first of equals). An IoU
    strictly above the threshold makes it a true positive and uses the instance up. Predictions of equal
    confidence keep the order in which they came.

    A shape leaves class, confidence and hits of its predictions behind, some 20 bytes each, and never masks.

    Which protocol is meant is decided by ``compare``; feed one metric from one protocol only.

    n_class : number of classes with other (class 0, never scored)
    thresholds : IoU thresholds, each in [0, 1)
    """

    def __init__(self, n_class: int, thresholds: Sequence[float] = THRESHOLDS) -> None:
        if not thresholds or not all(0 <= threshold < 1 for threshold in thresholds):
            raise InputError(f"IoU thresholds must be in [0, 1) and at least one, found {list(thresholds)}")
        self.n_class: int = n_class
        self.thresholds: tuple[float, ...] = tuple(float(threshold) for threshold in thresholds)
        self._n_truth = np.zeros(n_class, np.int64)
        self._classes = [np.zeros(0, np.int64)]
        self._confidence = [np.zeros(0)]
        self._hits = [np.zeros((0, len(self.thresholds)), bool)]
        self._shape_ap: list[np.ndarray] = []

    def add(self, comparison: Comparison) -> np.ndarray:
        """Add one shape and return its own row of ``InstanceScores.shape_ap``, (S,).

        InputError where a class id is not in 1 ... n_class - 1.
        """
        for classes in (comparison.predicted_class, comparison.true_class):
            if len(classes) and not 1 <= classes.min() <= classes.max() < self.n_class:
                raise InputError(f"class ids of instances must be in 1 ... {self.n_class - 1}, "
                                 f"found {classes.min()} ... {classes.max()}")
        order = np.argsort(-comparison.confidence, kind="stable")
        classes = comparison.predicted_class[order]
        hits = _match(comparison.iou[order], classes, comparison.true_class, self.thresholds)
        n_truth = np.bincount(comparison.true_class, minlength=self.n_class)
        self._n_truth += n_truth
        self._classes.append(classes)
        self._confidence.append(comparison.confidence[order])
        self._hits.append(hits)
        present = np.flatnonzero((n_truth > 0) | (np.bincount(classes, minlength=self.n_class) > 0))
        shape_ap = np.full(len(self.thresholds), np.nan)
        if len(present):
            ap = average_precisions(hits, np.searchsorted(present, classes), n_truth[present])
            shape_ap = np.nan_to_num(ap, nan=0.0).mean(1)
        self._shape_ap.append(shape_ap)
        return shape_ap

    def result(self) -> InstanceScores:
        """The scores of the shapes added so far."""
        classes = np.concatenate(self._classes)
        order = np.argsort(-np.concatenate(self._confidence), kind="stable")
        precision = precision_curves(np.concatenate(self._hits)[order], classes[order], self._n_truth)
        ap = precision.mean(2)
        undefined = np.full(len(self.thresholds), np.nan)
        has_truth = self._n_truth > 0
        shape_ap = np.array(self._shape_ap).reshape(-1, len(self.thresholds))
        has_parts = ~np.isnan(shape_ap[:, 0])
        return InstanceScores(
            thresholds=self.thresholds, ap=ap,
            mean_ap=ap[:, has_truth].mean(1) if has_truth.any() else undefined,
            shape_mean_ap=shape_ap[has_parts].mean(0) if has_parts.any() else undefined,
            n_truth=self._n_truth.copy(), n_predicted=np.bincount(classes, minlength=self.n_class),
            n_shape=len(shape_ap), precision=precision, shape_ap=shape_ap)


def _match(iou: np.ndarray, predicted_class: np.ndarray, true_class: np.ndarray,
           thresholds: tuple[float, ...]) -> np.ndarray:
    """Which predictions, in descending confidence, are true positives: (P, S) bool.

    Only pairs of one class whose IoU exceeds a threshold can match; they are few, and visited in the order of the
    predictions, each one's best true instance first, so the first that is free is the one the protocol asks for.
    """
    hits = np.zeros((len(iou), len(thresholds)), bool)
    row, column = np.nonzero((predicted_class[:, None] == true_class) & (iou > min(thresholds)))
    best_first = np.lexsort((-iou[row, column], row))  # stable: of equal IoU the first true instance
    row, column = row[best_first], column[best_first]
    pairs = list(zip(row.tolist(), column.tolist(), iou[row, column].tolist(), strict=True))
    for number, threshold in enumerate(thresholds):
        matched: set[int] = set()
        used: set[int] = set()
        for prediction, truth, value in pairs:
            if value > threshold and prediction not in matched and truth not in used:
                matched.add(prediction)
                used.add(truth)
        hits[list(matched), number] = True
    return hits
