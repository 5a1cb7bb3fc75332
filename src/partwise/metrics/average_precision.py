"""Average precision at 101 recalls, as in PartNet's instance protocol."""

import numpy as np

_RECALLS = np.arange(101)
"""In hundredths, so that a recall is compared in integers: single precision gets some comparisons wrong."""


def average_precision(hits: np.ndarray, n_truth: int) -> float:
    """Mean over the recalls 0, 0.01, ..., 1 of the largest precision at that recall or a higher one.

    The curve starts at recall 0 with precision 1, so that wrong predictions alone give 1/101; a recall that
    is never reached counts 0. Where nothing is predicted the value is 0, where there is no truth NaN.

    hits : (P,) bool, whether each prediction is a true positive, in descending confidence
    n_truth : number of true instances
    """
    return float(average_precisions(hits[:, None], np.zeros(len(hits), np.int64), np.array([n_truth]))[0, 0])


def average_precisions(hits: np.ndarray, classes: np.ndarray, n_truth: np.ndarray) -> np.ndarray:
    """Average precision of every class, for several definitions of a hit at once: (S, C) float64.

    The mean of ``precision_curves``, whose arguments these are.
    """
    return precision_curves(hits, classes, n_truth).mean(2)


def precision_curves(hits: np.ndarray, classes: np.ndarray, n_truth: np.ndarray) -> np.ndarray:
    """The largest precision at each of the recalls 0, 0.01, ..., 1 or at a higher one: (S, C, 101) float64.

    hits : (P, S) bool, whether each prediction is a true positive, in descending confidence
    classes : (P,) int, class of each prediction
    n_truth : (C,) int, number of true instances of each class
    0 everywhere for a class without predictions, NaN for one without true instances.
    """
    order = np.argsort(classes, kind="stable")
    hits, classes = hits[order], classes[order]
    n_predicted = np.bincount(classes, minlength=len(n_truth))
    start = np.cumsum(n_predicted) - n_predicted  # (C,) row of each class's first prediction
    number = np.arange(1, len(hits) + 1) - start[classes]  # (P,) 1, 2, ... within the class
    total = np.concatenate([np.zeros((1, hits.shape[1]), np.int64), np.cumsum(hits, axis=0, dtype=np.int64)])
    found = total[1:] - total[start[classes]]  # (P, S) hits so far within the class
    row, column = np.nonzero(hits)
    # (S, C, F + 2): precision where the f-th true instance is found. The last column is a recall never reached.
    precision = np.zeros((hits.shape[1], len(n_truth), found.max(initial=0) + 2))
    precision[:, :, 0] = 1
    precision[column, classes[row], found[row, column]] = found[row, column] / number[row]
    best = np.maximum.accumulate(precision[:, :, ::-1], axis=2)[:, :, ::-1]
    # (C, 101): least number of true positives that reaches each recall
    needed = np.minimum(-(-_RECALLS * n_truth[:, None] // 100), precision.shape[2] - 1)
    curves = best[:, np.arange(len(n_truth))[:, None], needed]
    curves[:, n_predicted == 0] = 0
    curves[:, n_truth == 0] = np.nan
    return curves
