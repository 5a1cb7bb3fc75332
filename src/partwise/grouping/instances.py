"""Instances of one shape at one level, from what the network says of its points (paper section 3.5)."""

from dataclasses import dataclass, replace

import numpy as np
import torch

from partwise.config import GroupingConfig
from partwise.grouping.mean_shift import mean_shift
from partwise.grouping.mean_shift_torch import mean_shift_torch
from partwise.taxonomy import OTHER

_NO_PUSH = 1e-12


@dataclass(frozen=True)
class LevelInstances:
    """Predicted instances of one shape at one level.

    semantic : (N,) int64 predicted class of each point
    instance : (N,) int64 ids 0 ... P - 1, numbered by class; label other is grouped too
    entropy : (N,) float32 of the class probabilities, natural logarithm
    vote : (N, 3) float32, the pushed instance centres that were grouped
    instance_class : (P,) int64 class of each instance
    instance_size : (P,) int64 number of points
    confidence : (P,) float64, 1 - mean entropy over the points; may be negative
    """

    semantic: np.ndarray
    instance: np.ndarray
    entropy: np.ndarray
    vote: np.ndarray
    instance_class: np.ndarray
    instance_size: np.ndarray
    confidence: np.ndarray

    def spread(self, nearest: np.ndarray) -> "LevelInstances":
        """The same instances for a denser cloud: what each of its points has from the (M,) nearest point here."""
        instance = self.instance[nearest]
        return replace(self, semantic=self.semantic[nearest], instance=instance, entropy=self.entropy[nearest],
                       vote=self.vote[nearest],
                       instance_size=np.bincount(instance, minlength=len(self.instance_class)))


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


def level_instances(points: np.ndarray, probability: np.ndarray, instance_offset: np.ndarray,
                    region_offset: np.ndarray | None, config: GroupingConfig, device: str = "cpu") -> LevelInstances:
    """Group one shape at one level.

    points : (N, 3) normalised, N >= 1
    probability : (N, c) class probabilities
    instance_offset, region_offset : (N, 3); without region offsets votes are not pushed
    device : where mean shift runs
    """
    semantic = probability.argmax(1)
    vote = votes(points, instance_offset, region_offset, config.push)
    instance = group(vote, semantic, config.bandwidth, device)
    entropy = entropies(probability)
    size = np.bincount(instance)
    confidence = 1 - np.bincount(instance, weights=entropy) / size
    instance_class = np.full(len(size), OTHER, np.int64)
    instance_class[instance] = semantic
    return LevelInstances(semantic, instance, entropy, vote, instance_class, size, confidence)
