"""How well the predicted instances of one shape cover the true ones: all that average precision needs."""

from dataclasses import dataclass
from typing import get_args

import numpy as np

from partwise.config import Protocol
from partwise.errors import InputError
from partwise.metrics.numbering import check_entropy, confidences, number_instances

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


@dataclass(frozen=True)
class JointTable:
    """How the points of one shape at one level fall to its predicted and true instances: all either protocol asks.

    points : (1 + P, 1 + T) int64, points of each pair; row 0 holds the points of no prediction that may count,
        column 0 those whose truth is other
    entropy : (1 + P, 1 + T) float64, sum over the points of each pair
    predicted_class : (P,) int64, class id; only instances of more than ``min_points`` points are there
    true_class : (T,) int64, class id
    min_points : a predicted instance of this many points or fewer is not scored
    """

    points: np.ndarray
    entropy: np.ndarray
    predicted_class: np.ndarray
    true_class: np.ndarray
    min_points: int

    def comparison(self, protocol: Protocol) -> Comparison:
        """The record under one protocol, see ``compare``; InputError where the protocol is unknown."""
        if protocol not in get_args(Protocol):
            raise InputError(f"protocol '{protocol}' is unknown; choose one of {', '.join(get_args(Protocol))}")
        first = 0 if protocol == "partnet" else 1  # column 0, other, is deleted before anything is counted
        size = self.points[1:, first:].sum(1)
        counts = size > self.min_points
        confidence = confidences(self.entropy[1:, first:].sum(1)[counts], size[counts])
        shared = self.points[1:, 1:][counts]
        # True instances partition what is not other, so a row's sum is the prediction's size without other.
        union = shared.sum(1)[:, None] + self.points[:, 1:].sum(0) - shared
        return Comparison(shared / union, self.predicted_class[counts], confidence, self.true_class)


def joint_table(semantic: np.ndarray, instance: np.ndarray, predicted_semantic: np.ndarray,
                predicted_instance: np.ndarray, entropy: np.ndarray, min_points: int = 10) -> JointTable:
    """Count the points that predicted and true instances of one shape at one level share, all (N,) arrays.

    Make it once where both protocols are asked for; ``compare`` says what the arrays hold.
    Raises InputError where lengths differ or an entropy is not finite.
    """
    arrays = [np.asarray(array) for array in
              (semantic, instance, predicted_semantic, predicted_instance, entropy)]
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1 or arrays[0].ndim != 1:
        raise InputError(f"labels and entropy of a shape must all be (N,), found {[a.shape for a in arrays]}")
    check_entropy(arrays[4])
    true_index, true_class = number_instances(arrays[0], arrays[1])
    # Deleting points makes no instance larger, so what is too small here is too small under either protocol.
    index, predicted_class = number_instances(arrays[2], arrays[3], max(min_points, 0))
    shape = 1 + len(predicted_class), 1 + len(true_class)
    pair = (index + 1) * shape[1] + true_index + 1
    points, total = (np.bincount(pair, weights=weights, minlength=shape[0] * shape[1]).reshape(shape)
                     for weights in (None, arrays[4]))
    return JointTable(points, total, predicted_class, true_class, max(min_points, 0))


def compare(protocol: Protocol, semantic: np.ndarray, instance: np.ndarray, predicted_semantic: np.ndarray,
            predicted_instance: np.ndarray, entropy: np.ndarray, min_points: int = 10) -> Comparison:
    """Compare labels of one shape at one level, all (N,) arrays.

    Under "partnet" (PartNet's instance protocol) sizes and confidences of predictions are those of all their
    points, and points whose truth is other are left out of the IoU; a prediction that lies on other points
    alone remains, and will be a false positive. Under "released" those points are deleted first, so that
    the size filter and the confidence see only what remains, and a shape without true parts gives an empty
    record.

    The pair (class, id) is an instance, ids may be any int64, and class 0 or a negative id is other.

    semantic, instance : true class id, and instance id
    predicted_semantic, predicted_instance : the same of the prediction
    entropy : float, natural logarithm, of the predicted probabilities
    min_points : a predicted instance of this many points or fewer is not scored
    Raises InputError where the protocol is unknown, lengths differ or an entropy is not finite.
    """
    return joint_table(semantic, instance, predicted_semantic, predicted_instance, entropy,
                       min_points).comparison(protocol)


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
