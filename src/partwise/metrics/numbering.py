"""From a class and an instance id at every point to instances in rows."""

from dataclasses import dataclass

import numpy as np

from partwise.errors import InputError
from partwise.taxonomy import OTHER


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


def number_instances(semantic: np.ndarray, instance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number the instances of one shape at one level.

    The pair (class, id) is the instance: points of one id but several classes are several instances. Ids may
    have gaps. A point of class 0 or of a negative id is other and belongs to none.

    semantic, instance : (N,) int
    Returns index (N,) int64, the row of each point's instance or -1, and classes (K,) int64; rows ascend by
    class, then by id.
    """
    semantic, instance = semantic.astype(np.int64), instance.astype(np.int64)
    part = (semantic != OTHER) & (instance >= 0)
    index = np.full(len(semantic), -1, np.int64)
    if not part.any():
        return index, np.zeros(0, np.int64)
    span = int(instance.max()) + 1
    keys, index[part] = np.unique(semantic[part] * span + instance[part], return_inverse=True)
    return index, keys // span


def predicted_instances(semantic: np.ndarray, instance: np.ndarray, entropy: np.ndarray,
                        min_points: int = 10) -> PredictedInstances:
    """The predicted instances that count: class not other and more than ``min_points`` points.

    The confidence is 1 - mean entropy over the points of the instance.

    semantic, instance : (N,) int
    entropy : (N,) float, natural logarithm; InputError where not finite
    """
    if not np.isfinite(entropy).all():
        raise InputError("entropy of a prediction is NaN or infinite; probabilities must be finite")
    index, classes = number_instances(semantic, instance)
    inside = index >= 0
    size = np.bincount(index[inside], minlength=len(classes))
    total = np.bincount(index[inside], weights=entropy[inside], minlength=len(classes))
    confidence = (1 - total / size).astype(np.float32).astype(np.float64)
    counts = size > min_points
    row = np.append(np.where(counts, np.cumsum(counts) - 1, -1), -1)  # the last entry serves index -1
    return PredictedInstances(row[index], classes[counts], confidence[counts])
