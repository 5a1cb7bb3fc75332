"""Octree convolutions on node tables, in plain torch.

A 3^3 convolution is a gather of 27 neighbours and a matrix product. It runs in blocks of nodes and gathers again
in the backward pass: the gathered columns of a layer (27 times its features) stay in cache and are never stored.
"""

from collections.abc import Iterator
from typing import Any

import torch

from partwise.nn.blocks import Operator
from partwise.nn.octree import Layer
from partwise.nn.product import as_autocast, finished, product, row_blocks, transposed_product

_BLOCK_VALUES = {"cpu": 1 << 20}
_GPU_BLOCK_VALUES = 1 << 28


class Conv3(Operator):
    """Convolution with a 3^3 kernel and stride 1.

    weight : (C_out, 27, C_in); kernel cells over x, y, z with z fastest
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__((out_channels, 27, in_channels), out_channels + 27 * in_channels)

    def forward(self, features: torch.Tensor, layer: Layer, slope: float | None = None) -> torch.Tensor:
        """(n, C_in) -> (n, C_out) on the nodes of ``layer``; slope as in ``product``."""
        if not torch.is_grad_enabled():
            return _convolve(features, layer.neighbours, self.matrix(), self.bias, slope)
        return finished(_Conv3Function.apply(*as_autocast(features, self.weight), layer.neighbours), self.bias, slope)


class Downsample(Operator):
    """Convolution with a 2^3 kernel and stride 2, to the next coarser layer; an empty coarse node gets the bias, or 0.

    weight : (C_out, 8, C_in); kernel cells are the children in Morton order
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__((out_channels, 8, in_channels), out_channels + 8 * in_channels)

    def forward(self, features: torch.Tensor, fine: Layer, coarse: Layer,
                slope: float | None = None) -> torch.Tensor:
        """(n_fine, C_in) -> (n_coarse, C_out); slope as in ``product``."""
        channels = features.shape[1]
        if fine.slots is not None:
            features = features.new_zeros(8 * coarse.count, channels).index_copy(0, fine.slots, features)
        summed = product(features.view(-1, 8 * channels), self.matrix(), self.bias, slope)
        if fine.parents is None:
            return summed
        empty = finished(summed.new_zeros(summed.shape[1]), self.bias, slope)
        return empty.expand(coarse.count, -1).index_copy(0, fine.parents, summed)


class Upsample(Operator):
    """Deconvolution with a 2^3 kernel and stride 2, to the next finer layer.

    weight : (8, C_out, C_in); kernel cells are the children in Morton order
    """

    output_axis = 1

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__((8, out_channels, in_channels), in_channels + 8 * out_channels)

    def matrix(self) -> torch.Tensor:
        """(8 C_out, C_in)"""
        return self.weight.flatten(0, 1) if self.packed is None else self.packed

    def forward(self, features: torch.Tensor, fine: Layer, slope: float | None = None) -> torch.Tensor:
        """(n_coarse, C_in) -> (n_fine, C_out); slope as in ``product``."""
        bias = None if self.bias is None else self.bias.repeat(8)
        parents = features if fine.parents is None else features.index_select(0, fine.parents)
        children = product(parents, self.matrix(), bias, slope).view(-1, self.weight.shape[1])
        return children if fine.slots is None else children.index_select(0, fine.slots)


def _columns(features: torch.Tensor, neighbours: torch.Tensor) -> Iterator[tuple[slice, torch.Tensor]]:
    """Blocks of rows with their gathered neighbours (block, 27 C)."""
    padded = torch.cat([features, features.new_zeros(1, features.shape[1])])  # missing neighbours point to the last
    width = 27 * features.shape[1]
    size = max(1, _BLOCK_VALUES.get(features.device.type, _GPU_BLOCK_VALUES) // width)
    for rows in row_blocks(neighbours.shape[0], size):
        yield rows, padded.index_select(0, neighbours[rows].reshape(-1)).view(-1, width)


def _convolve(features: torch.Tensor, neighbours: torch.Tensor, matrix: torch.Tensor,
              bias: torch.Tensor | None = None, slope: float | None = None) -> torch.Tensor:
    blocks = [product(columns, matrix, bias, slope) for _, columns in _columns(features, neighbours)]
    return blocks[0] if len(blocks) == 1 else torch.cat(blocks)


class _Conv3Function(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, features: torch.Tensor, weight: torch.Tensor, neighbours: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(features, weight, neighbours)
        return _convolve(features, neighbours, weight.flatten(1))

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, torch.Tensor | None, None]:
        features, weight, neighbours = ctx.saved_tensors
        gradient = gradients[0].contiguous()
        grad_features = grad_weight = None
        if ctx.needs_input_grad[0]:
            # j is i's neighbour at cell k exactly if i is j's at cell 26 - k: a convolution, flipped
            flipped = weight.flip(1).permute(2, 1, 0)
            grad_features = _convolve(gradient, neighbours, flipped.reshape(len(flipped), -1))
        if ctx.needs_input_grad[1]:
            grad_weight = torch.zeros_like(weight).flatten(1)
            for rows, columns in _columns(features, neighbours):
                grad_weight += transposed_product(gradient[rows], columns)
            grad_weight = grad_weight.view_as(weight)
        return grad_features, grad_weight, None
