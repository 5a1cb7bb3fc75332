"""What all of the network is built from: operators, each followed by batch normalisation and an activation."""

import copy
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import nn

from partwise.nn.product import packed, product

AnyModule = TypeVar("AnyModule", bound=nn.Module)


class Operator(nn.Module):
    """A linear map of features: the part of a block that is learned.

    Its ``forward`` takes ``slope``, the activation for negative values that ``product`` applies; None for none.

    weight : of any shape, uniform in +-sqrt(6 / fan) at first; axis ``output_axis`` is of the output's channels
    bias : (C_out,) drawn likewise, or None
    """

    output_axis = 0

    def __init__(self, shape: tuple[int, ...], fan: int, bias: bool = False) -> None:
        super().__init__()
        channels = shape[self.output_axis]
        self.packed: torch.Tensor | None = None
        self.weight: nn.Parameter = nn.Parameter(_uniform(shape, fan))
        self.bias: nn.Parameter | None = nn.Parameter(_uniform((channels,), channels + 1)) if bias else None

    def absorb(self, norm: nn.BatchNorm1d) -> None:
        """Become this operator and the normalisation behind it, with its running statistics."""
        assert norm.running_mean is not None
        assert norm.running_var is not None
        scale = norm.weight.detach() / torch.sqrt(norm.running_var + norm.eps)
        shape = [1] * self.weight.ndim
        shape[self.output_axis] = -1
        self.weight.detach().mul_(scale.view(shape))
        self.bias = nn.Parameter(norm.bias.detach() - norm.running_mean * scale, requires_grad=False)

    def matrix(self) -> torch.Tensor:
        """The weight as (outputs, inputs) for ``product``."""
        return self.weight.flatten(1, -1) if self.packed is None else self.packed

    def pack(self) -> None:
        """Lay the weight out for this processor, once instead of in every product."""
        self.packed = packed(self.matrix())


def _uniform(shape: tuple[int, ...], fan: int) -> torch.Tensor:
    """The released system's first numbers; ``fan`` is rows + columns of the matrix that it stores."""
    bound = (6.0 / fan) ** 0.5
    return torch.empty(shape).uniform_(-bound, bound)


class Linear(Operator):
    """weight : (C_out, C_in)"""

    def __init__(self, in_channels: int, out_channels: int, bias: bool = False) -> None:
        super().__init__((out_channels, in_channels), out_channels + in_channels, bias)

    def forward(self, features: torch.Tensor, slope: float | None = None,
                skip: torch.Tensor | None = None) -> torch.Tensor:
        """(N, C_in) -> (N, C_out); slope and skip as in ``product``."""
        return product(features, self.matrix(), self.bias, slope, skip)


class Block(nn.Module):
    """An operator, batch normalisation with TensorFlow's defaults as in the released system, leaky ReLU.

    channels : of the operator's output
    slope : of the activation for negative values; 0 is ReLU
    """

    def __init__(self, operator: Operator, channels: int, slope: float = 0.0) -> None:
        super().__init__()
        self.operator: Operator = operator
        self.slope: float = slope
        self.norm: nn.BatchNorm1d | None = nn.BatchNorm1d(channels, eps=1e-3, momentum=0.01)

    def forward(self, *inputs: object, **skip: torch.Tensor) -> torch.Tensor:
        """(N, channels) of the operator's inputs. ``skip=`` (N, channels) is added before the activation."""
        if self.norm is None:
            folded_out: torch.Tensor = self.operator(*inputs, slope=self.slope, **skip)
            return folded_out
        out = self.norm(self.operator(*inputs))
        # in place: neither the sum nor the activation needs its input in the backward pass
        for one in skip.values():
            out += one
        return F.leaky_relu(out, self.slope, inplace=True)

    def fold(self) -> None:
        """Move the normalisation into the operator."""
        if self.norm is not None:
            self.operator.absorb(self.norm)
            self.norm = None


def folded(network: AnyModule, device: torch.device) -> AnyModule:
    """A copy for inference on a device, in which no normalisation is left and weights lie as the processor wants them.

    Half of the passes over all features are gone with the normalisation.
    """
    copied = copy.deepcopy(network).eval().requires_grad_(False).to(device)
    for module in copied.modules():
        if isinstance(module, Block):
            module.fold()
    if device.type == "cpu":
        for module in copied.modules():
            if isinstance(module, Operator):
                module.pack()
    return copied
