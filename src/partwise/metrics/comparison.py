"""How well the predicted instances of one shape cover the true ones: all that average precision needs."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from partwise.errors import InputError
from partwise.metrics.numbering import number_instances, predicted_instances
from partwise.taxonomy import OTHER

Protocol = Literal["partnet", "released"]
"""What happens to points whose truth is other: kept outside every IoU, or deleted before anything else."""

_BLOCK = 65_536
"""Points multiplied at once; below 2^24, so that single precision counts them exactly."""


@dataclass(frozen=True)
class Comparison:
    """The scored predictions and the true instances of one shape at one level. It holds no masks.

    iou : (P, T) float64, intersection over union of predicted and true instances of any class
    predicted_class : (P,) int64, class id, at least 1
    confidence : (P,) float64, may be negative
    true_class : (T,) int64, class id, at least 1
    """

    iou: np.ndarray
    predicted_class: np.ndarray
    confidence: np.ndarray
    true_class: np.ndarray


def compare(protocol: Protocol, semantic: np.ndarray, instance: np.ndarray, predicted_semantic: np.ndarray,
            predicted_instance: np.ndarray, entropy: np.ndarray, min_points: int = 10) -> Comparison:
    """Compare labels of one shape at one level, all (N,) arrays.

    Under "partnet" (PartNet's instance protocol) sizes and confidences of predictions are those of all their
    points, and points whose truth is other are left out of the IoU; a prediction that lies on other points
    alone remains, and will be a false positive. Under "released" those points are deleted first, so that
    the size filter and the confidence see only what remains, and a shape without true parts gives an empty
    record.

    The pair (class, id) is an instance, ids may have gaps, and class 0 or a negative id is other.

    semantic, instance : true class id, and instance id
    predicted_semantic, predicted_instance : the same of the prediction
    entropy : float, natural logarithm, of the predicted probabilities
    min_points : a predicted instance of this many points or fewer is not scored
    Raises InputError where the protocol is unknown, lengths differ or an entropy is not finite.
    """
    if protocol not in get_args(Protocol):
        raise InputError(f"protocol '{protocol}' is unknown; choose one of {', '.join(get_args(Protocol))}")
    arrays = [np.asarray(array) for array in
              (semantic, instance, predicted_semantic, predicted_instance, entropy)]
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1 or arrays[0].ndim != 1:
        raise InputError(f"labels and entropy of a shape must all be (N,), found {[a.shape for a in arrays]}")
    if protocol == "released":
        part = (arrays[0] != OTHER) & (arrays[1] >= 0)
        arrays = [array[part] for array in arrays]
    true_index, true_class = number_instances(arrays[0], arrays[1])
    predicted = predicted_instances(arrays[2], arrays[3], arrays[4], min_points)
    iou = _iou_of_labels(predicted.index, len(predicted.classes), true_index, len(true_class))
    return Comparison(iou, predicted.classes, predicted.confidence, true_class)


def _iou_of_labels(predicted: np.ndarray, n_predicted: int, true: np.ndarray, n_true: int) -> np.ndarray:
    inside = (predicted >= 0) & (true >= 0)
    pairs = predicted[inside] * n_true + true[inside]
    shared = np.bincount(pairs, minlength=n_predicted * n_true).reshape(n_predicted, n_true)
    true_size = np.bincount(true[true >= 0], minlength=n_true)
    # True instances partition what is not other, so a row's sum is the prediction's size without other.
    union = shared.sum(1)[:, None] + true_size[None] - shared
    return shared / union


def compare_masks(masks: np.ndarray, valid: np.ndarray, confidence: np.ndarray, predicted_class: np.ndarray,
                  true_masks: np.ndarray, true_valid: np.ndarray, true_class: np.ndarray,
                  other: np.ndarray) -> Comparison:
    """Compare masks of one shape, as PartNet's files hold them, under PartNet's protocol.

    Masks may overlap. ``valid`` alone decides what counts, as in PartNet's evaluator: a valid prediction
    without points is a false positive, a valid true instance without points (PartNet's files have none) is
    one that nobody finds.

    masks : (P, N) bool; valid : (P,) bool; confidence : (P,) float; predicted_class : (P,) int, at least 1
    true_masks : (T, N) bool; true_valid : (T,) bool; true_class : (T,) int, at least 1
    other : (N,) bool, points left out of every predicted mask
    """
    masks, true_masks = masks[valid], true_masks[true_valid]
    shared = np.zeros((len(masks), len(true_masks)))
    size, true_size = np.zeros(len(masks)), true_masks.sum(1)
    for start in range(0, masks.shape[1], _BLOCK):
        block = slice(start, start + _BLOCK)
        clean = masks[:, block] & ~other[block]
        size += clean.sum(1)
        shared += clean.astype(np.float32) @ true_masks[:, block].astype(np.float32).T
    union = size[:, None] + true_size[None] - shared
    iou = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return Comparison(iou, predicted_class[valid].astype(np.int64), confidence[valid].astype(np.float64),
                      true_class[true_valid].astype(np.int64))
