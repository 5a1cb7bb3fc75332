"""Accuracy and mean IoU of semantic labels over a test set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from partwise.errors import InputError
from partwise.metrics.plain import plain
from partwise.taxonomy import OTHER


@dataclass(frozen=True)
class SemanticScores:
    """Scores of one level, in [0, 1]. Shapes without a counted point are left out; NaN where none remains.

    accuracy : share of points with the right label, mean over shapes
    miou_v1 : mean over shapes of the mean IoU over labels in the shape's truth
    miou_v2 : mean of ``iou_per_class`` over labels in the truth of any shape
    miou_v3 : mean over shapes of the mean IoU over labels in the shape's truth or prediction
    iou_per_class : (n_class,) float64, over the points of all shapes together; NaN for a label absent
        from the truth
    confusion : (n_class, n_class) int64, points of all shapes by true label (rows) and predicted label
    shape_miou : (n_shape,) float64, what ``miou_v1`` is the mean of, in the order of the shapes; NaN for a shape
        without a counted point
    """

    accuracy: float
    miou_v1: float
    miou_v2: float
    miou_v3: float
    iou_per_class: np.ndarray
    confusion: np.ndarray
    shape_miou: np.ndarray

    def to_dict(self, names: Sequence[str]) -> dict[str, Any]:
        """Plain values for JSON; ``names`` by class id, other first; a number that is not defined is None."""
        overall = {name: plain([getattr(self, name)])[0] for name in ("accuracy", "miou_v1", "miou_v2", "miou_v3")}
        return {**overall, "iou_per_class": dict(zip(names, plain(self.iou_per_class), strict=True))}


class SemanticMetric:
    """Collects the semantic labels of a test set, in one confusion matrix and a few numbers a shape.

    n_class : number of classes with other
    ignore_other : leave out points whose TRUE label is other (0). Other predicted on a point that is kept is
        wrong, and in ``miou_v3`` it is a predicted label with IoU 0. If false, other is a class like any.
    """

    def __init__(self, n_class: int, ignore_other: bool = True) -> None:
        self.n_class = n_class
        self.ignore_other = ignore_other
        self._confusion = np.zeros((n_class, n_class), np.int64)
        self._shapes: list[tuple[float, float, float]] = []

    def add(self, semantic: np.ndarray, predicted: np.ndarray) -> None:
        """Add one shape: true and predicted class ids, (N,) int; InputError where they do not fit."""
        if semantic.shape != predicted.shape or semantic.ndim != 1:
            raise InputError(f"true and predicted labels must both be (N,), found {semantic.shape} and "
                             f"{predicted.shape}")
        for labels in (semantic, predicted):
            if labels.size and not 0 <= labels.min() <= labels.max() < self.n_class:
                raise InputError(f"class ids must be in 0 ... {self.n_class - 1}, "
                                 f"found {labels.min()} ... {labels.max()}")
        pairs = semantic.astype(np.int64) * self.n_class + predicted.astype(np.int64)
        confusion = np.bincount(pairs, minlength=self.n_class ** 2).reshape(self.n_class, self.n_class)
        if self.ignore_other:
            confusion[OTHER] = 0
        self._confusion += confusion
        scores = (np.nan, np.nan, np.nan)
        if confusion.any():
            iou = _iou(confusion)
            in_truth = confusion.sum(1) > 0
            accuracy = float(np.trace(confusion) / confusion.sum())
            scores = accuracy, float(iou[in_truth].mean()), float(iou[~np.isnan(iou)].mean())
        self._shapes.append(scores)

    def result(self) -> SemanticScores:
        """The scores of the shapes added so far."""
        in_truth = self._confusion.sum(1) > 0
        iou = np.where(in_truth, _iou(self._confusion), np.nan)
        shapes = np.array(self._shapes).reshape(-1, 3)
        counted = shapes[~np.isnan(shapes[:, 0])]
        accuracy, v1, v3 = counted.mean(0) if len(counted) else (np.nan,) * 3
        v2 = iou[in_truth].mean() if in_truth.any() else np.nan
        return SemanticScores(float(accuracy), float(v1), float(v2), float(v3), iou, self._confusion.copy(),
                              shapes[:, 1])


def _iou(confusion: np.ndarray) -> np.ndarray:
    """IoU of each label from a confusion matrix, truth in rows; NaN for one neither true nor predicted."""
    shared = np.diagonal(confusion)
    union = confusion.sum(0) + confusion.sum(1) - shared
    return np.divide(shared, union, out=np.full(len(union), np.nan), where=union > 0)
