"""The heads of one level: classes from the semantic feature, offsets from the offset feature (paper section 3)."""

import torch
import torch.nn.functional as F
from torch import nn

from partwise.config import NetworkConfig
from partwise.nn.fusion import fuse
from partwise.nn.octree import Octree
from partwise.nn.unet import batch_norm, linear


class Block(nn.Module):
    """Linear without bias, batch normalisation, LeakyReLU."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.linear = linear(in_channels, out_channels)
        self.norm = batch_norm(out_channels)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return F.leaky_relu(self.norm(self.linear(features)), 0.1)


class SemanticHead(nn.Module):
    """Class logits of each point."""

    def __init__(self, config: NetworkConfig, n_class: int) -> None:
        super().__init__()
        width = config.head_channels
        self.features = nn.Sequential(Block(config.channels[0], width), Block(width, width))
        self.logits = linear(width, n_class, bias=True)

    def forward(self, semantic_feature: torch.Tensor) -> torch.Tensor:
        """(N, C) -> (N, n_class), other included."""
        logits: torch.Tensor = self.logits(self.features(semantic_feature))
        return logits


class OffsetHead(nn.Module):
    """Offsets of each point to the centre of its instance and of its semantic region.

    The features are fused with the probabilities of the own level, then of the other levels in ascending order.
    """

    def __init__(self, config: NetworkConfig, level: int) -> None:
        super().__init__()
        width = config.head_channels
        others = [other for other in (1, 2, 3) if other != level]
        self.sources = {"none": [], "own": [level], "cross": [level, *others]}[config.fusion]
        self.features = nn.Sequential(Block(config.channels[0], width), Block(width, width))
        self.transfers = nn.ModuleList(Block(width, width) for _ in self.sources)
        self.mix = Block(width * (1 + len(self.sources)) + 3, width)
        self.offsets = linear(width, 6 if config.region_centres else 3, bias=True)

    def forward(self, offset_feature: torch.Tensor, probabilities: list[torch.Tensor], points: torch.Tensor,
                octree: Octree) -> torch.Tensor:
        """(N, 6): instance offset, region offset; (N, 3) without region centres.

        probabilities : (N, c_k) of levels 1, 2, 3
        """
        features = self.features(offset_feature)
        fused = [transfer(fuse(features, probabilities[level - 1], octree.batch_index, octree.batch_size))
                 for level, transfer in zip(self.sources, self.transfers, strict=True)]
        mixed = self.mix(torch.cat([features, *fused, points], dim=1))
        offsets: torch.Tensor = self.offsets(mixed)
        return offsets
