"""The heads of one level: classes from the semantic feature, offsets from the offset feature (paper section 3)."""

from collections.abc import Sequence

import torch
from torch import nn

from partwise.config import NetworkConfig
from partwise.nn.blocks import Block, Linear, Operator
from partwise.nn.fusion import part_features, spread
from partwise.nn.product import product_of_pieces

_SLOPE = 0.1


def _point_features(config: NetworkConfig) -> nn.Sequential:
    width = config.head_channels
    return nn.Sequential(Block(Linear(config.channels[0], width), width, _SLOPE),
                         Block(Linear(width, width), width, _SLOPE))


class SemanticHead(nn.Module):
    """Class logits of each point."""

    def __init__(self, config: NetworkConfig, n_class: int) -> None:
        super().__init__()
        self.features = _point_features(config)
        self.logits = Linear(config.head_channels, n_class, bias=True)

    def forward(self, semantic_feature: torch.Tensor) -> torch.Tensor:
        """(N, C) -> (N, n_class), other included."""
        logits: torch.Tensor = self.logits(self.features(semantic_feature))
        return logits


class Transfer(Operator):
    """Part features back at the points, and the linear layer behind it, as (P Z) W = P (Z W).

    The layer then works on the part features of a few classes instead of on all points.

    weight : (C_out, C_in)
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__((out_channels, in_channels), out_channels + in_channels)

    def forward(self, parts: Sequence[torch.Tensor], probability: torch.Tensor, sizes: list[int],
                slope: float | None = None) -> torch.Tensor:
        """(N, C_out) at the points; slope as in ``product``.

        parts : (c, C_in) part features of each shape
        probability : (N, c) of shapes of ``sizes`` points each
        """
        shapes = zip(parts, probability.split(sizes), strict=True)
        fused = [spread(part @ self.weight.T, own, self.bias, slope) for part, own in shapes]
        return fused[0] if len(fused) == 1 else torch.cat(fused)


class Mix(Operator):
    """A linear layer on pieces side by side.

    weight : (C_out, C_in)
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__((out_channels, in_channels), out_channels + in_channels)

    def forward(self, *pieces: torch.Tensor, slope: float | None = None) -> torch.Tensor:
        """(N, C_i) pieces, the C_i adding up to C_in -> (N, C_out); slope as in ``product``."""
        return product_of_pieces(pieces, self.matrix(), self.bias, slope)


class OffsetHead(nn.Module):
    """Offsets of each point to the centre of its instance and of its semantic region.

    The features are fused with the probabilities of the own level, then of the other levels in ascending order.
    """

    def __init__(self, config: NetworkConfig, level: int) -> None:
        super().__init__()
        width = config.head_channels
        others = [other for other in (1, 2, 3) if other != level]
        self.sources: list[int] = {"none": list[int](), "own": [level], "cross": [level, *others]}[config.fusion]
        self.features = _point_features(config)
        self.transfers = nn.ModuleList(Block(Transfer(width, width), width, _SLOPE) for _ in self.sources)
        self.mix = Block(Mix(width * (1 + len(self.sources)) + 3, width), width, _SLOPE)
        self.offsets = Linear(width, 6 if config.region_centres else 3, bias=True)

    def forward(self, offset_feature: torch.Tensor, probabilities: Sequence[torch.Tensor], together: torch.Tensor,
                points: torch.Tensor, sizes: list[int]) -> torch.Tensor:
        """(N, 6): instance offset, region offset; (N, 3) without region centres.

        probabilities : (N, c_k) of levels 1, 2, 3
        together : (N, c_1 + c_2 + c_3), the same side by side, so that all part features come of one product
        sizes : number of points of each shape of the batch
        """
        features = self.features(offset_feature)
        shapes = zip(features.split(sizes), together.split(sizes), strict=True)
        n_class = [one.shape[1] for one in probabilities]
        parts = [part_features(*shape).split(n_class) for shape in shapes] if self.sources else []
        fused = [transfer([of_shape[level - 1] for of_shape in parts], probabilities[level - 1], sizes)
                 for level, transfer in zip(self.sources, self.transfers, strict=True)]
        offsets: torch.Tensor = self.offsets(self.mix(features, *fused, points))
        return offsets
