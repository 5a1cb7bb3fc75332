"""Octree convolutions on node tables, in plain torch.

A 3^3 convolution is a gather of 27 neighbours and a matrix product. It runs in blocks of nodes and gathers again
in the backward pass: the gathered columns of a layer (27 times its features) stay in cache and are never stored.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from partwise.nn.octree import Layer

_BLOCK = {"cpu": 2048}
_GPU_BLOCK = 1 << 18


def uniform_(weight: torch.Tensor, rows: int, columns: int) -> None:
    """Fill with uniform numbers in +-sqrt(6 / (rows + columns)), the released system's rule."""
    bound = (6.0 / (rows + columns)) ** 0.5
    nn.init.uniform_(weight, -bound, bound)


class Conv3(nn.Module):
    """Convolution with a 3^3 kernel and stride 1, without bias.

    weight : (27, C_in, C_out); kernel cells over x, y, z with z fastest
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(27, in_channels, out_channels))
        uniform_(self.weight, out_channels, 27 * in_channels)

    def forward(self, features: torch.Tensor, layer: Layer) -> torch.Tensor:
        """(n, C_in) -> (n, C_out) on the nodes of ``layer``."""
        weight: torch.Tensor = self.weight
        device = features.device.type
        if torch.is_autocast_enabled(device):
            dtype = torch.get_autocast_dtype(device)
            features, weight = features.to(dtype), weight.to(dtype)
        out: torch.Tensor = _Conv3Function.apply(features, weight, layer.neighbours)
        return out


class Downsample(nn.Module):
    """Convolution with a 2^3 kernel and stride 2, to the next coarser layer; empty coarse nodes get 0.

    weight : (8, C_in, C_out); kernel cells are the children in Morton order
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(8, in_channels, out_channels))
        uniform_(self.weight, out_channels, 8 * in_channels)

    def forward(self, features: torch.Tensor, fine: Layer, coarse: Layer) -> torch.Tensor:
        """(n_fine, C_in) -> (n_coarse, C_out)."""
        channels = features.shape[1]
        children = 8 * len(fine.parents)
        if len(fine.slots) != children:  # some children have no node
            features = features.new_zeros(children, channels).index_copy(0, fine.slots, features)
        summed = features.view(-1, 8 * channels) @ self.weight.flatten(0, 1)
        return summed.new_zeros(coarse.count, summed.shape[1]).index_copy(0, fine.parents, summed)


class Upsample(nn.Module):
    """Deconvolution with a 2^3 kernel and stride 2, to the next finer layer.

    weight : (8, C_in, C_out); kernel cells are the children in Morton order
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(8, in_channels, out_channels))
        uniform_(self.weight, in_channels, 8 * out_channels)

    def forward(self, features: torch.Tensor, fine: Layer) -> torch.Tensor:
        """(n_coarse, C_in) -> (n_fine, C_out)."""
        kernel = self.weight.transpose(0, 1).flatten(1)  # (C_in, 8 C_out)
        children = (features.index_select(0, fine.parents) @ kernel).view(-1, self.weight.shape[2])
        return children if len(fine.slots) == len(children) else children.index_select(0, fine.slots)


def _with_zero_row(features: torch.Tensor) -> torch.Tensor:
    """Append the row that missing neighbours point to."""
    return torch.cat([features, features.new_zeros(1, features.shape[1])])


def _columns(features: torch.Tensor, neighbours: torch.Tensor) -> Iterator[tuple[slice, torch.Tensor]]:
    """Blocks of rows with their gathered neighbours (block, 27 C)."""
    padded = _with_zero_row(features)
    size = _BLOCK.get(features.device.type, _GPU_BLOCK)
    for start in range(0, len(neighbours), size):
        rows = slice(start, start + size)
        yield rows, padded.index_select(0, neighbours[rows].reshape(-1)).view(-1, 27 * features.shape[1])


def _convolve(features: torch.Tensor, weight: torch.Tensor, neighbours: torch.Tensor) -> torch.Tensor:
    kernel = weight.reshape(-1, weight.shape[2])
    out = features.new_empty(len(neighbours), weight.shape[2])
    for rows, columns in _columns(features, neighbours):
        torch.mm(columns, kernel, out=out[rows])
    return out


class _Conv3Function(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, features: torch.Tensor, weight: torch.Tensor, neighbours: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(features, weight, neighbours)
        return _convolve(features, weight, neighbours)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, torch.Tensor | None, None]:
        features, weight, neighbours = ctx.saved_tensors
        gradient = gradients[0].contiguous()
        grad_features = grad_weight = None
        if ctx.needs_input_grad[0]:
            # j is i's neighbour at cell k exactly if i is j's at cell 26 - k: a convolution, flipped
            grad_features = _convolve(gradient, weight.flip(0).transpose(1, 2), neighbours)
        if ctx.needs_input_grad[1]:
            grad_weight = weight.new_zeros(27 * weight.shape[1], weight.shape[2])
            for rows, columns in _columns(features, neighbours):
                grad_weight.addmm_(columns.T, gradient[rows])
            grad_weight = grad_weight.view_as(weight)
        return grad_features, grad_weight, None
