"""Matrix products over the rows of points or nodes, as fast as the processor allows.

On a CPU torch hands float32 products to MKL, which uses half of the vector width of AMD's processors: 200 of 430
GFLOP/s on two Zen 5 cores. oneDNN, which comes with torch too, uses all of it, and is as fast as MKL where that is at
its best. Without gradients it is reached by the operator that torch's own compiler emits, which also adds and
activates while the numbers are in registers; with gradients by a 1x1 convolution over the rows.
"""

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch.nn.grad import conv2d_weight

_FEWEST_VALUES = 2_048
"""Below, the call costs more than the product."""
_FEWEST_VALUES_OF_CONVOLUTION = 20_480
"""Torch sends smaller inputs of a 1x1 convolution to MKL anyway, as all of them where it may use one thread only."""
_BLOCK_ROWS = {"cpu": 2048}
"""So many rows stay in cache from one step to the next."""
_FEWEST_PRODUCTS = 30_000_000
"""Below, a kernel that oneDNN compiles for one number of rows alone does not pay (8 % of a step of preset small)."""


def product(rows: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None,
            slope: float | None = None, skip: torch.Tensor | None = None) -> torch.Tensor:
    """(N, C_out) leaky_relu(rows @ weight.T + bias + skip).

    rows : (N, C_in)
    weight : (C_out, C_in), or what ``packed`` made of it
    bias : (C_out,), or None
    slope : of the activation for negative values; None leaves it out
    skip : (N, C_out), or None
    """
    if weight.is_mkldnn or (_is_for_onednn(rows, _FEWEST_VALUES) and not torch.is_grad_enabled()):
        return _fused(rows, weight, bias, slope, skip)
    if _is_for_onednn(rows, _FEWEST_VALUES_OF_CONVOLUTION) and _pays(rows, len(weight)):
        out = F.conv2d(_as_image(rows), weight[:, :, None, None], bias).permute(0, 2, 3, 1).view(len(rows), -1)
    else:
        out = F.linear(rows, weight, bias)
    return finished(out, skip, slope)


def finished(out: torch.Tensor, addend: torch.Tensor | None, slope: float | None) -> torch.Tensor:
    """leaky_relu(out + addend), each left out where it is None."""
    if addend is not None:
        out = out + addend
    return out if slope is None else F.leaky_relu(out, slope)


def packed(weight: torch.Tensor) -> torch.Tensor:
    """A float32 weight of ``product`` in oneDNN's own layout, for float32 rows on a CPU; itself where that cannot be.

    Otherwise every product lays it out anew: 30 MB of weights a forward pass of preset paper.
    """
    if weight.dtype != torch.float32 or not torch.backends.mkldnn.is_available():
        return weight
    laid_out: torch.Tensor = torch.ops.mkldnn._reorder_linear_weight(weight.contiguous(), None)
    return laid_out


def transposed_product(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """(A, B) left.T @ right of (N, A) and (N, B): a sum over rows, as in the gradient of a weight."""
    if not (_is_for_onednn(right, _FEWEST_VALUES_OF_CONVOLUTION) and _pays(right, left.shape[1])):
        return left.T @ right
    out: torch.Tensor = _TransposedProduct.apply(left, right)
    return out


def product_of_pieces(pieces: Sequence[torch.Tensor], weight: torch.Tensor, bias: torch.Tensor | None = None,
                      slope: float | None = None) -> torch.Tensor:
    """``product`` of the rows that (N, C_i) pieces make side by side, put together in blocks that stay in cache."""
    if not torch.is_grad_enabled():
        return _product_of_pieces(pieces, weight, bias, slope)
    return finished(_ProductOfPieces.apply(*as_autocast(weight, *pieces)), bias, slope)


def row_blocks(count: int, step: int | None) -> list[slice]:
    """Slices of at most ``step`` rows that make up ``count``, at least one.

    One of all rows where step is None, and for torch.compile and torch.export, whose number of rows may be open.
    """
    if step is None or torch.compiler.is_compiling():
        return [slice(None)]
    return [slice(start, min(start + step, count)) for start in range(0, max(1, count), step)]


def as_autocast(*tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The tensors in autocast's type, if it is on: what an operator with its own backward pass must do itself."""
    device = tensors[0].device.type
    if not torch.is_autocast_enabled(device):
        return tensors
    return tuple(tensor.to(torch.get_autocast_dtype(device)) for tensor in tensors)


def _is_for_onednn(rows: torch.Tensor, fewest: int) -> bool:
    if torch.compiler.is_compiling():  # what is compiled or exported is plain torch, for any number of rows
        return False
    return (rows.device.type == "cpu" and rows.dtype == torch.float32 and rows.numel() > fewest
            and torch.backends.mkldnn.is_available() and not torch.is_autocast_enabled("cpu"))


def _pays(rows: torch.Tensor, out_channels: int) -> bool:
    """Whether oneDNN saves more than it costs: for every new number of rows it compiles a kernel."""
    return len(rows) in _BLOCK_ROWS.values() or rows.numel() * out_channels > _FEWEST_PRODUCTS


def _fused(rows: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, slope: float | None,
           skip: torch.Tensor | None) -> torch.Tensor:
    if skip is not None:
        out = torch.ops.mkldnn._linear_pointwise.binary(rows, skip, weight, bias, "add")
        return out if slope is None else F.leaky_relu(out, slope, inplace=True)
    if slope is None:
        return torch.ops.mkldnn._linear_pointwise(rows, weight, bias, "none", [], "")
    return torch.ops.mkldnn._linear_pointwise(rows, weight, bias, "leaky_relu", [slope], "")


def _as_image(rows: torch.Tensor) -> torch.Tensor:
    """(1, C, 1, N) view, channels last."""
    return rows.contiguous()[None, None].permute(0, 3, 1, 2)


class _TransposedProduct(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(left, right)
        size = (left.shape[1], right.shape[1], 1, 1)
        return conv2d_weight(_as_image(right), size, _as_image(left))[:, :, 0, 0]

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, torch.Tensor | None]:
        left, right = ctx.saved_tensors
        gradient = gradients[0]
        return (product(right, gradient) if ctx.needs_input_grad[0] else None,
                product(left, gradient.T) if ctx.needs_input_grad[1] else None)


def _product_of_pieces(pieces: Sequence[torch.Tensor], weight: torch.Tensor, bias: torch.Tensor | None = None,
                       slope: float | None = None) -> torch.Tensor:
    blocks = [product(_side_by_side(pieces, rows), weight, bias, slope)
              for rows in row_blocks(pieces[0].shape[0], _BLOCK_ROWS.get(pieces[0].device.type))]
    return blocks[0] if len(blocks) == 1 else torch.cat(blocks)


class _ProductOfPieces(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, weight: torch.Tensor, *pieces: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(weight, *pieces)
        return _product_of_pieces(pieces, weight)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        weight, *pieces = ctx.saved_tensors
        widths = [piece.shape[1] for piece in pieces]
        of_pieces = [torch.empty_like(piece) if needed else None
                     for piece, needed in zip(pieces, ctx.needs_input_grad[1:], strict=True)]
        of_weight, transposed = torch.zeros_like(weight), weight.T.contiguous()
        for rows in row_blocks(len(gradients[0]), _BLOCK_ROWS.get(weight.device.type)):
            gradient = gradients[0][rows]
            of_weight += transposed_product(gradient, _side_by_side(pieces, rows))
            for whole, part in zip(of_pieces, product(gradient, transposed).split(widths, 1), strict=True):
                if whole is not None:
                    whole[rows] = part
        return of_weight, *of_pieces


def _side_by_side(pieces: Sequence[torch.Tensor], rows: slice) -> torch.Tensor:
    return torch.cat([piece[rows] for piece in pieces], 1)

