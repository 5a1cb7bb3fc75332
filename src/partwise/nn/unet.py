"""The backbone: one O-CNN U-Net encoder with two decoders of the same form (paper section 3)."""

from itertools import pairwise

import torch
from torch import nn

from partwise.config import NetworkConfig
from partwise.nn.blocks import Block, Linear
from partwise.nn.conv import Conv3, Downsample, Upsample
from partwise.nn.octree import Octree

Features = dict[int, torch.Tensor]
"""Node features (n, C) by depth."""


class ResBlock(nn.Module):
    """Bottleneck: 1x1 to C / bottleneck, 3^3, 1x1 to C, each with batch normalisation; add the input; ReLU."""

    def __init__(self, channels: int, bottleneck: int) -> None:
        super().__init__()
        inner = channels // bottleneck
        self.reduce = Block(Linear(channels, inner), inner)
        self.conv = Block(Conv3(inner, inner), inner)
        self.expand = Block(Linear(inner, channels), channels)

    def forward(self, features: torch.Tensor, octree: Octree, depth: int) -> torch.Tensor:
        inner = self.conv(self.reduce(features), octree.layers[depth])
        out: torch.Tensor = self.expand(inner, skip=features)
        return out


class ResBlocks(nn.ModuleList):
    """Residual blocks one after the other."""

    def __init__(self, channels: int, config: NetworkConfig) -> None:
        super().__init__(ResBlock(channels, config.bottleneck) for _ in range(config.resblocks))

    def forward(self, features: torch.Tensor, octree: Octree, depth: int) -> torch.Tensor:
        for block in self:
            features = block(features, octree, depth)
        return features


class Encoder(nn.Module):
    """From the octree's signal to features at every depth."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        channels = config.channels
        self.depth = config.depth
        self.stem = Block(Conv3(4, channels[0]), channels[0])
        self.down = nn.ModuleList(Block(Downsample(*pair), pair[1]) for pair in pairwise(channels))
        self.blocks = nn.ModuleList(ResBlocks(count, config) for count in channels)

    def forward(self, octree: Octree) -> Features:
        """Features of every depth; the input is the absolute signal, so that a normal's sign does not matter."""
        features = self.stem(octree.signal.abs(), octree.layers[self.depth])
        found: Features = {}
        for step, blocks in enumerate(self.blocks):
            depth = self.depth - step
            if step:
                features = self.down[step - 1](features, octree.layers[depth + 1], octree.layers[depth])
            features = found[depth] = blocks(features, octree, depth)
        return found


class Decoder(nn.Module):
    """From the encoder's features back to the finest depth."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        channels = config.channels[::-1]
        self.coarsest = config.depth - len(channels) + 1
        self.up = nn.ModuleList(Block(Upsample(*pair), pair[1]) for pair in pairwise(channels))
        self.blocks = nn.ModuleList(ResBlocks(count, config) for count in channels[1:])

    def forward(self, encoded: Features, octree: Octree) -> torch.Tensor:
        """(n, C) features of the finest nodes."""
        features = encoded[self.coarsest]
        for depth, (up, blocks) in enumerate(zip(self.up, self.blocks, strict=True), start=self.coarsest + 1):
            features = blocks(up(features, octree.layers[depth]) + encoded[depth], octree, depth)
        return features


class UNet(nn.Module):
    """Semantic and offset features of every point: one encoder, two decoders without shared weights."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.encoder = Encoder(config)
        self.semantic_decoder = Decoder(config)
        self.offset_decoder = Decoder(config)

    def forward(self, octree: Octree) -> tuple[torch.Tensor, torch.Tensor]:
        """(N, C) semantic feature and (N, C) offset feature of each point, at least float32."""
        encoded = self.encoder(octree)
        semantic = octree.interpolate(self.semantic_decoder(encoded, octree))
        offset = octree.interpolate(self.offset_decoder(encoded, octree))
        return semantic, offset
