"""Average precision at 101 recalls, as in PartNet's instance protocol."""

import math

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
    if n_truth == 0:
        return math.nan
    if len(hits) == 0:
        return 0.0
    found = np.concatenate([[0], np.cumsum(hits, dtype=np.int64)])
    precision = np.concatenate([[1.0], found[1:] / np.arange(1, len(hits) + 1)])
    best = np.maximum.accumulate(precision[::-1])[::-1]
    needed = -(-_RECALLS * n_truth // 100)  # least number of true positives that reaches each recall
    return float(np.append(best, 0.0)[np.searchsorted(found, needed)].mean())
