"""From a class and an instance id at every point to instances in rows."""

from dataclasses import dataclass

import numpy as np

from partwise.errors import InputError
from partwise.taxonomy import OTHER

_TABLE = 4
"""Longest lookup table, in entries a point: memory follows the number of points, however large ids are."""


@dataclass(frozen=True)
class PredictedInstances:
    """The predicted instances of one shape at one level that are scored.

    index : (N,) int64, row of the instance each point belongs to, -1 for none
    classes : (P,) int64, class id of each instance, never 0
    confidence : (P,) float64 holding single-precision values, as PartNet's files store them; may be negative
    """

    index: np.ndarray
    classes: np.ndarray
    confidence: np.ndarray


def number_instances(semantic: np.ndarray, instance: np.ndarray, min_points: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Number the instances of one shape at one level.

    The pair (class, id) is the instance: points of one id but several classes are several instances. Ids may
    be any int64, with gaps. A point of class 0 or of a negative id is other and belongs to none, and so does a
    point of an instance of ``min_points`` points or fewer.

    semantic, instance : (N,) int
    Returns index (N,) int64, the row of each point's instance or -1, and classes (K,) int64; rows ascend by
    class, then by id.
    """
    semantic, instance = semantic.astype(np.int64, copy=False), instance.astype(np.int64, copy=False)
    part = (semantic != OTHER) & (instance >= 0)
    if not part.any():
        return np.full(len(semantic), -1, np.int64), np.zeros(0, np.int64)
    classes, class_rank = _distinct(semantic)
    ids, id_rank = _distinct(np.maximum(instance, -1))  # negative ids are one, so they cannot spread the range
    pairs, rank = _distinct(np.where(part, class_rank * len(ids) + id_rank, -1))
    size = np.bincount(rank)
    counts = (size > min_points) & (pairs >= 0)
    row = np.where(counts, np.cumsum(counts) - 1, -1)
    return row[rank], classes[pairs[counts] // len(ids)]


def predicted_instances(semantic: np.ndarray, instance: np.ndarray, entropy: np.ndarray,
                        min_points: int = 10) -> PredictedInstances:
    """The predicted instances that count: class not other and more than ``min_points`` points.

    The confidence is 1 - mean entropy over the points of the instance.

    semantic, instance : (N,) int
    entropy : (N,) float, natural logarithm; InputError where not finite
    """
    check_entropy(entropy)
    index, classes = number_instances(semantic, instance, min_points)
    size = np.bincount(index + 1, minlength=len(classes) + 1)[1:]
    total = np.bincount(index + 1, weights=entropy, minlength=len(classes) + 1)[1:]
    return PredictedInstances(index, classes, confidences(total, size))


def check_entropy(entropy: np.ndarray) -> None:
    """InputError where an entropy is NaN or infinite."""
    if not np.isfinite(entropy).all():
        raise InputError("entropy of a prediction is NaN or infinite; probabilities must be finite")


def confidences(entropy: np.ndarray, size: np.ndarray) -> np.ndarray:
    """(P,) 1 - mean entropy of instances, from sums over their points, in single precision held as float64."""
    return (1 - entropy / size).astype(np.float32).astype(np.float64)


def _distinct(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct values, ascending, and the rank of each value among them: (K,) and (N,) int64.

    What np.unique answers, by a lookup table in place of sorting wherever the values lie close together.
    """
    low, high = int(values.min()), int(values.max())  # as Python's integers, whose difference cannot overflow
    if high - low >= _TABLE * len(values):
        return np.unique(values, return_inverse=True)
    offset = values - low
    seen = np.zeros(high - low + 1, bool)
    seen[offset] = True
    return np.flatnonzero(seen) + low, (np.cumsum(seen) - 1)[offset]
