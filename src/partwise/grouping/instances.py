"""Instances of one shape at one level, from what the network says of its points (paper section 3.5)."""

from dataclasses import dataclass, replace

import numpy as np
import torch

from partwise.config import GroupingConfig
from partwise.grouping.mean_shift import mean_shift
from partwise.grouping.mean_shift_torch import mean_shift_torch
from partwise.taxonomy import OTHER

NO_PARENT = -1
"""In place of an instance's parent, where there is none."""

_NO_PUSH = 1e-12


@dataclass(frozen=True)
class LevelPrediction:
    """What the network says of the points of one shape at one level.

    probability : (N, c) of the classes, other included
    instance_offset : (N, 3) from the point to the centre of its instance
    region_offset : (N, 3) from the point to the centre of its semantic region; None without region centres
    """

    probability: np.ndarray
    instance_offset: np.ndarray
    region_offset: np.ndarray | None


@dataclass(frozen=True)
class LevelInstances:
    """Predicted instances of one shape at one level.

    semantic : (N,) int64 predicted class of each point
    instance : (N,) int64 ids 0 ... P - 1, numbered by class; label other is grouped too
    uncertainty : (N,) float; an instance's confidence is 1 - its mean. The entropy of the class probabilities, natural
        logarithm, or with learned confidences the same for all points of an instance
    vote : (N, 3) float32, the pushed instance centres that were grouped
    instance_class : (P,) int64 class of each instance
    instance_size : (P,) int64 number of points
    confidence : (P,) float64, may be negative
    parent : (P,) int64 instance of a coarser level that holds each instance, where levels were made to agree: of the
        next coarser real level at which its class has a parent; NO_PARENT where there is none. Else None
    """

    semantic: np.ndarray
    instance: np.ndarray
    uncertainty: np.ndarray
    vote: np.ndarray
    instance_class: np.ndarray
    instance_size: np.ndarray
    confidence: np.ndarray
    parent: np.ndarray | None = None

    def spread(self, nearest: np.ndarray) -> "LevelInstances":
        """The same instances for a denser cloud: what each of its points has from the (M,) nearest point here."""
        instance = self.instance[nearest]
        return replace(self, semantic=self.semantic[nearest], instance=instance, vote=self.vote[nearest],
                       uncertainty=self.uncertainty[nearest],
                       instance_size=np.bincount(instance, minlength=len(self.instance_class)))

    def with_confidence(self, confidence: np.ndarray) -> "LevelInstances":
        """The same instances with other (P,) confidences."""
        return replace(self, confidence=confidence, uncertainty=(1 - confidence)[self.instance])


def votes(points: np.ndarray, instance_offset: np.ndarray, region_offset: np.ndarray | None,
          push: float) -> np.ndarray:
    """(N, 3) voted instance centres, pushed away from the voted region centres.

        p' = p + O_I + push * (O_I - O_S) / ||O_I - O_S||

    No push where that norm is below 1e-12, nor without region offsets.
    """
    voted = points + instance_offset
    if region_offset is None:
        return voted
    away = instance_offset - region_offset
    length = np.linalg.norm(away, axis=1, keepdims=True)
    # dividing in place of multiplying by the inverse keeps the bits of the released system
    return voted + np.where(length < _NO_PUSH, 0, push * away / np.maximum(length, _NO_PUSH)).astype(voted.dtype)


def group(vote: np.ndarray, semantic: np.ndarray, bandwidth: float, device: str = "cpu") -> np.ndarray:
    """(N,) int64 instance ids: mean shift on the votes of each predicted class on its own, numbered by class.

    device : where mean shift runs, "cpu" or "cuda"
    """
    if device == "cpu":
        return mean_shift(vote, bandwidth, semantic)
    ids = mean_shift_torch(torch.from_numpy(vote).to(device), bandwidth, torch.from_numpy(semantic).to(device))
    found: np.ndarray = ids.cpu().numpy()
    return found


def entropies(probability: np.ndarray) -> np.ndarray:
    """(N,) entropy of (N, c) probabilities, natural logarithm; 0 log 0 is 0."""
    logarithm = np.log(np.maximum(probability, np.finfo(probability.dtype).tiny))
    return -np.einsum("pc,pc->p", probability, logarithm)


def level_instances(points: np.ndarray, prediction: LevelPrediction, config: GroupingConfig,
                    device: str = "cpu") -> LevelInstances:
    """Group one shape at one level, whatever the other levels say.

    points : (N, 3) normalised, N >= 1
    device : where mean shift runs
    """
    semantic = prediction.probability.argmax(1)
    vote = votes(points, prediction.instance_offset, prediction.region_offset, config.push)
    return summarise(prediction, semantic, vote, group(vote, semantic, config.bandwidth, device))


def summarise(prediction: LevelPrediction, semantic: np.ndarray, vote: np.ndarray,
              instance: np.ndarray) -> LevelInstances:
    """The instances that points of (N,) ids 0 ... P - 1 make up, each of one class."""
    entropy = entropies(prediction.probability)
    size = np.bincount(instance)
    instance_class = np.full(len(size), OTHER, np.int64)
    instance_class[instance] = semantic
    return LevelInstances(semantic, instance, entropy, vote, instance_class, size,
                          confidence=1 - np.bincount(instance, weights=entropy) / size)
