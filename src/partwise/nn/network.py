"""The whole network: backbone and the heads of three levels."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from partwise.config import NetworkConfig
from partwise.nn.heads import OffsetHead, SemanticHead
from partwise.nn.octree import Octree, build_octree
from partwise.nn.padding import padded
from partwise.nn.unet import UNet


@dataclass(frozen=True)
class LevelOutput:
    """What the network says of each point at one level, in float32 or better.

    logits : (N, n_class) of the classes, other included
    instance_offset : (N, 3) from the point to the centre of its instance
    region_offset : (N, 3) from the point to the centre of its semantic region; None without region centres
    """

    logits: torch.Tensor
    instance_offset: torch.Tensor
    region_offset: torch.Tensor | None

    def split(self, sizes: list[int]) -> list["LevelOutput"]:
        """The outputs of each shape of a batch, which has ``sizes`` points a shape."""
        regions = [None] * len(sizes) if self.region_offset is None else self.region_offset.split(sizes)
        return [LevelOutput(*shape) for shape in zip(self.logits.split(sizes), self.instance_offset.split(sizes),
                                                     regions, strict=True)]

    @staticmethod
    def joined(outputs: Sequence["LevelOutput"]) -> "LevelOutput":
        """The outputs of several shapes, one after the other: what ``split`` takes apart."""
        regions = [one.region_offset for one in outputs if one.region_offset is not None]
        return LevelOutput(torch.cat([one.logits for one in outputs]),
                           torch.cat([one.instance_offset for one in outputs]), torch.cat(regions) if regions else None)


class Network(nn.Module):
    """Three levels at once for one category. For inference, ``folded`` makes a faster copy.

    n_class : number of classes of levels 1, 2, 3, other included
    """

    def __init__(self, config: NetworkConfig, n_class: tuple[int, int, int]) -> None:
        super().__init__()
        self.config = config
        self.backbone = UNet(config)
        self.semantic_heads = nn.ModuleList(SemanticHead(config, count) for count in n_class)
        self.offset_heads = nn.ModuleList(OffsetHead(config, level) for level in (1, 2, 3))

    def build_octree(self, points: torch.Tensor, normals: torch.Tensor, batch_index: torch.Tensor,
                     batch_size: int) -> Octree:
        """The octree of a batch with the layers that this network works on; for inference on a CPU padded."""
        coarsest = self.config.depth - len(self.config.channels) + 1
        octree = build_octree(points, normals, batch_index, batch_size, depth=self.config.depth, coarsest=coarsest,
                              nempty=self.config.nempty)
        return octree if self.training or points.device.type != "cpu" else padded(octree)

    def forward(self, octree: Octree, points: torch.Tensor) -> list[LevelOutput]:
        """Outputs of levels 1, 2, 3.

        octree : of the batch
        points : (N, 3), the points the octree was built from
        """
        semantic_feature, offset_feature = self.backbone(octree)
        return self.heads(semantic_feature, offset_feature, points, octree.sizes)

    def heads(self, semantic_feature: torch.Tensor, offset_feature: torch.Tensor, points: torch.Tensor,
              sizes: list[int]) -> list[LevelOutput]:
        """Outputs from the (N, C) features of the two decoders, for shapes of ``sizes`` points each."""
        logits = [_at_least_float32(head(semantic_feature)) for head in self.semantic_heads]
        probabilities = [one.softmax(1) for one in logits]
        if self.config.stop_gradient:
            probabilities = [one.detach() for one in probabilities]
        together = torch.cat(probabilities, dim=1)
        offsets = [_at_least_float32(head(offset_feature, probabilities, together, points, sizes))
                   for head in self.offset_heads]
        return [LevelOutput(level, offset[:, :3], offset[:, 3:] if self.config.region_centres else None)
                for level, offset in zip(logits, offsets, strict=True)]


def _at_least_float32(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.to(torch.promote_types(tensor.dtype, torch.float32))
