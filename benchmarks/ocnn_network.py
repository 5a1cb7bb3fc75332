"""The same network built from ocnn's own modules and plain torch: the reference for answers and for speed.

Octree convolutions, residual blocks, deconvolutions and interpolation are ocnn's; the heads follow the paper's
formulas literally, on all points. Nothing of partwise runs here but its settings.
"""

import re
from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from partwise.config import NetworkConfig
from partwise.nn.network import Network
from partwise.nn.ocnn_adapter import import_ocnn

ocnn = import_ocnn()


def build_octree(points: torch.Tensor, normals: torch.Tensor, batch_index: torch.Tensor, batch_size: int,
                 depth: int) -> Any:
    """ocnn's octree of a batch, shape by shape and then merged, as ocnn's own data loaders do it."""
    octrees = []
    for shape in range(batch_size):
        own = batch_index == shape
        octree = ocnn.octree.Octree(depth, 2)
        octree.build_octree(ocnn.octree.Points(points[own], normals[own]))
        octrees.append(octree)
    merged = ocnn.octree.merge_octrees(octrees)
    merged.construct_all_neigh()
    return merged


class Decoder(nn.Module):
    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        channels, empty = config.channels[::-1], config.nempty
        self.coarsest = config.depth - len(channels) + 1
        self.up = nn.ModuleList(ocnn.modules.OctreeDeconvBnRelu(*pair, [2], 2, empty) for pair in pairwise(channels))
        self.blocks = nn.ModuleList(_blocks(count, config) for count in channels[1:])

    def forward(self, encoded: dict[int, torch.Tensor], octree: Any) -> torch.Tensor:
        features = encoded[self.coarsest]
        for depth, (up, blocks) in enumerate(zip(self.up, self.blocks, strict=True), self.coarsest + 1):
            features = up(features, octree, depth - 1) + encoded[depth]
            for block in blocks:
                features = block(features, octree, depth)
        return features


class Block(nn.Module):
    def __init__(self, rows: int, columns: int) -> None:
        super().__init__()
        self.linear, self.norm = nn.Linear(rows, columns, bias=False), nn.BatchNorm1d(columns)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return F.leaky_relu(self.norm(self.linear(features)), 0.1)


class SemanticHead(nn.Module):
    def __init__(self, config: NetworkConfig, n_class: int) -> None:
        super().__init__()
        width = config.head_channels
        self.features = nn.Sequential(Block(config.channels[0], width), Block(width, width))
        self.logits = nn.Linear(width, n_class)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self.logits(self.features(features))


class OffsetHead(nn.Module):
    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        width = config.head_channels
        self.features = nn.Sequential(Block(config.channels[0], width), Block(width, width))
        self.transfers = nn.ModuleList(Block(width, width) for _ in range(3))
        self.mix = Block(4 * width + 3, width)
        self.offsets = nn.Linear(width, 6)

    def forward(self, features: torch.Tensor, probabilities: list[torch.Tensor], points: torch.Tensor,
                batch_index: torch.Tensor, batch_size: int) -> torch.Tensor:
        features = self.features(features)
        fused = [transfer(fuse(features, probability, batch_index, batch_size))
                 for transfer, probability in zip(self.transfers, probabilities, strict=True)]
        return self.offsets(self.mix(torch.cat([features, *fused, points], 1)))


class OcnnNetwork(nn.Module):
    """Preset ``paper``'s form: cross-level fusion, region centres, stop-gradient."""

    def __init__(self, config: NetworkConfig, n_class: tuple[int, int, int]) -> None:
        super().__init__()
        channels, empty = config.channels, config.nempty
        self.config = config
        self.stem = ocnn.modules.OctreeConvBnRelu(4, channels[0], [3], 1, empty)
        self.down = nn.ModuleList(ocnn.modules.OctreeConvBnRelu(*pair, [2], 2, empty) for pair in pairwise(channels))
        self.blocks = nn.ModuleList(_blocks(count, config) for count in channels)
        self.decoders = nn.ModuleList([Decoder(config), Decoder(config)])
        self.interpolate = ocnn.nn.OctreeInterp("linear", empty)
        self.semantic_heads = nn.ModuleList(SemanticHead(config, count) for count in n_class)
        self.offset_heads = nn.ModuleList(OffsetHead(config) for _ in n_class)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm1d):
                module.eps, module.momentum = 1e-3, 0.01

    def load(self, network: Network) -> "OcnnNetwork":
        """Take the weights of our network."""
        state = {their_name(name): as_theirs(name, values) for name, values in network.state_dict().items()}
        self.load_state_dict(state)
        return self

    def forward(self, octree: Any, points: torch.Tensor, batch_index: torch.Tensor, batch_size: int,
                signal: torch.Tensor | None = None) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """Logits and offsets of levels 1, 2, 3.

        signal : (n, 4) of the finest nodes; ocnn's own if None, which differs where a node's normals cancel
        """
        depth = self.config.depth
        if signal is None:
            signal = octree.get_input_feature("ND", self.config.nempty)
            signal[:, 3] *= 2 / 3**0.5
        encoded = {}
        features = self.stem(signal.abs(), octree, depth)
        for step, blocks in enumerate(self.blocks):
            if step:
                features = self.down[step - 1](features, octree, depth - step + 1)
            for block in blocks:
                features = block(features, octree, depth - step)
            encoded[depth - step] = features
        query = torch.cat([points, batch_index.unsqueeze(1)], 1)
        semantic, offset = (self.interpolate(decoder(encoded, octree), octree, depth, query.clone())
                            for decoder in self.decoders)
        logits = [head(semantic) for head in self.semantic_heads]
        probabilities = [one.softmax(1).detach() for one in logits]
        offsets = []
        for level, head in enumerate(self.offset_heads):
            order = [level, *(other for other in range(3) if other != level)]
            offsets.append(head(offset, [probabilities[one] for one in order], points, batch_index, batch_size))
        return list(zip(logits, offsets, strict=True))


def fuse(features: torch.Tensor, probability: torch.Tensor, batch_index: torch.Tensor,
         batch_size: int) -> torch.Tensor:
    """Paper section 3.3, shape by shape."""
    fused = torch.empty_like(features)
    for shape in range(batch_size):
        own = batch_index == shape
        weights = probability[own]
        part = weights.T @ features[own] / weights.sum(0).unsqueeze(1).clamp(min=1e-30)
        fused[own] = weights @ part
    return fused


def _blocks(channels: int, config: NetworkConfig) -> nn.ModuleList:
    return nn.ModuleList(ocnn.modules.OctreeResBlock(channels, channels, 1, config.bottleneck, config.nempty)
                         for _ in range(config.resblocks))


_NAMES = (
    (r"backbone\.encoder\.", ""), (r"backbone\.semantic_decoder", "decoders.0"),
    (r"backbone\.offset_decoder", "decoders.1"),
    (r"^stem\.operator\.weight", "stem.conv.weights"), (r"down\.(\d)\.operator\.weight", r"down.\1.conv.weights"),
    (r"up\.(\d)\.operator\.weight", r"up.\1.deconv.weights"), (r"((stem|down\.\d|up\.\d)\.)norm", r"\1bn"),
    (r"\.reduce\.operator\.weight", ".conv1x1a.conv.linear.weight"), (r"\.reduce\.norm", ".conv1x1a.bn"),
    (r"\.conv\.operator\.weight", ".conv3x3.conv.weights"), (r"\.conv\.norm", ".conv3x3.bn"),
    (r"\.expand\.operator\.weight", ".conv1x1b.conv.linear.weight"), (r"\.expand\.norm", ".conv1x1b.bn"),
    (r"\.operator\.weight", ".linear.weight"),
)


def their_name(name: str) -> str:
    """The name in ``OcnnNetwork`` of one of our network's tensors."""
    for ours, theirs in _NAMES:
        name = re.sub(ours, theirs, name)
    return name


def as_theirs(name: str, values: torch.Tensor) -> torch.Tensor:
    """One of our network's tensors in their layout: convolutions are (K, C_in, C_out) there, deconvolutions as ours."""
    return values.permute(1, 2, 0) if their_name(name).endswith("conv.weights") and "up." not in name else values
