"""Losses of the three levels (paper section 3.4; L1 and averaging as in the released system)."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from partwise.config import LossConfig
from partwise.nn.network import LevelOutput
from partwise.taxonomy import LEVELS, OTHER


@dataclass(frozen=True)
class LevelTarget:
    """The truth of each point at one level.

    semantic : (N,) int64 class
    instance_centre : (N, 3) mean of the points of the point's instance
    region_centre : (N, 3) mean of the centres of the shape's instances of the point's class
    instance_size : (N,) number of points of the point's instance
    """

    semantic: torch.Tensor
    instance_centre: torch.Tensor
    region_centre: torch.Tensor
    instance_size: torch.Tensor


@dataclass(frozen=True)
class LevelLoss:
    """Scalars of one level, each a mean over the shapes of their means over points.

    A shape without a counted point contributes 0 and still counts.
    """

    segmentation: torch.Tensor
    offset: torch.Tensor
    region_offset: torch.Tensor
    accuracy: torch.Tensor


def level_loss(output: LevelOutput, target: LevelTarget, points: torch.Tensor, batch_index: torch.Tensor,
               batch_size: int, config: LossConfig) -> LevelLoss:
    """Cross-entropy, L1 of both offsets and accuracy of one level.

    L1 is the mean over x, y, z of the absolute difference to (centre - point). ``region_offset`` is 0 without region
    centres. ``config.balance`` makes the means over points weighted ones. The accuracy is always plain.
    """
    listed = target.semantic != OTHER
    everything = torch.ones_like(listed)
    with_class, with_centre = {"ignore": (listed, listed), "classify": (everything, listed),
                               "learn": (everything, everything)}[config.other]
    balance = target.instance_size ** -config.balance

    def mean(values: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return _mean_of_shape_means(values, weight, batch_index, batch_size)

    def l1(offset: torch.Tensor, centre: torch.Tensor) -> torch.Tensor:
        return mean((offset - (centre - points)).abs().mean(1), with_centre * balance)

    cross_entropy = F.cross_entropy(output.logits, target.semantic, reduction="none")
    region = output.region_offset
    return LevelLoss(
        segmentation=mean(cross_entropy, with_class * balance),
        offset=l1(output.instance_offset, target.instance_centre),
        region_offset=points.new_zeros(()) if region is None else l1(region, target.region_centre),
        accuracy=mean((output.logits.argmax(1) == target.semantic).to(points.dtype), with_class.to(points.dtype)),
    )


def _mean_of_shape_means(values: torch.Tensor, weight: torch.Tensor, batch_index: torch.Tensor,
                         batch_size: int) -> torch.Tensor:
    """Weighted means over each shape's points, then their mean; a shape without weight gives 0."""
    weight = weight.to(values.dtype)
    total = values.new_zeros(batch_size).index_add(0, batch_index, torch.where(weight > 0, values * weight, 0))
    whole = values.new_zeros(batch_size).index_add(0, batch_index, weight)
    return (total / torch.where(whole > 0, whole, 1)).mean()


def total_loss(levels: list[LevelLoss], config: LossConfig) -> torch.Tensor:
    """Weighted sum over levels and kinds; the weight penalty is the optimizer's (see ``weight_penalty``)."""
    return sum((weight * (config.segmentation * loss.segmentation + config.offset * loss.offset
                          + config.region_offset * loss.region_offset)
                for weight, loss in zip(config.levels, levels, strict=True)), start=torch.zeros(()).to(
                    levels[0].segmentation))


def weight_penalty(network: nn.Module) -> torch.Tensor:
    """Half the sum of squares of all trainable parameters, those of batch normalisation too.

    The published loss adds 1e-4 of it. Its gradient is what the optimizers' ``weight_decay`` adds, which is how
    training applies it; the value is for the log.
    """
    return torch.stack([0.5 * weight.detach().square().sum() for weight in network.parameters()
                        if weight.requires_grad]).sum()


def named_losses(levels: list[LevelLoss]) -> dict[str, torch.Tensor]:
    """All scalars by name, such as "level_1/segmentation"."""
    return {f"level_{number}/{name}": value for number, loss in zip(LEVELS, levels, strict=True)
            for name, value in vars(loss).items()}
