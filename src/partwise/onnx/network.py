"""The network as a function of the arrays that ``partwise.onnx.octree`` makes: what is exported."""

import copy

import torch
from torch import nn

from partwise.nn.blocks import Block
from partwise.nn.network import Network
from partwise.nn.octree import Layer, Octree


class _Tables(Octree):
    """An octree whose interpolation is made of operations that ONNX has."""

    def interpolate(self, features: torch.Tensor) -> torch.Tensor:
        """(N, C) as in ``Octree``."""
        around = features.index_select(0, self.corner_rows.view(-1)).view(-1, 8, features.shape[1])
        return (around * self.corner_weights.unsqueeze(2)).sum(1)


class TableNetwork(nn.Module):
    """A network for inference on one shape whose octree is given as tensors.

    Its normalisations are folded into its operators. What it computes, and in which order, is the network's own.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        for module in self.network.modules():
            if isinstance(module, Block):
                module.fold()

    def forward(self, tables: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Outputs by name, for the tables of one shape.

        tables : those of ``octree_tables``, as tensors
        logits_K : (N, n_class) of level K; instance_offset_K, region_offset_K : (N, 3), the latter with region centres
        """
        levels = self.network(_octree(tables, self.network.config.depth), tables["points"])
        found = {}
        for number, level in enumerate(levels, start=1):
            found[f"logits_{number}"] = level.logits
            found[f"instance_offset_{number}"] = level.instance_offset
            if level.region_offset is not None:
                found[f"region_offset_{number}"] = level.region_offset
        return found


def _octree(tables: dict[str, torch.Tensor], depth: int) -> Octree:
    layers = {at: Layer(tables[f"neighbours_{at}"], tables.get(f"parents_{at}"), tables.get(f"slots_{at}"))
              for at in range(depth + 1) if f"neighbours_{at}" in tables}
    return _Tables(depth, layers, tables["signal"], [tables["points"].shape[0]], tables["corner_rows"],
                   tables["corner_weights"])
