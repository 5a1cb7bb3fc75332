"""The released program's variables, by name, as the state of our network, and how their values lie.

Batch normalisation is gamma, beta, moving_mean and moving_variance there. A linear layer is (C_out, C_in) in both. A
convolution is stored as (C_out, C_in * K), column = channel * K + cell, ours is (C_out, K, C_in); a deconvolution as
(C_in, C_out * 8), column = output channel * 8 + cell, ours is (8, C_out, C_in). Cells run in the same order in both:
over x, y, z with z fastest, and in a 2^3 kernel as children in Morton order. A bias is (C_out, 1) there, (C_out,) here.
"""

from collections.abc import Iterable

import numpy as np
import torch

from partwise.config import NetworkConfig

_NORM = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}
_SIDES = {"encoder": "encoder", "semantic_decoder": "decoder_seg", "offset_decoder": "decoder_offset"}
_INNER = {"reduce": "1x1x1_a", "conv": "3x3x3/conv_bn_relu", "expand": "1x1x1_b"}
_TRANSFERS = ("convtransfer", "convtransfer_1", "convtransfer_2")


def variable_names(state: Iterable[str], config: NetworkConfig, n_class: tuple[int, int, int]) -> dict[str, str]:
    """Their variable for each name of our network's state but the counts of batches, which they do not keep."""
    return {ours: _head_name(ours, n_class) if "_heads." in ours else _backbone_name(ours, config)
            for ours in state if not ours.endswith("num_batches_tracked")}


def stored_shape(theirs: str, shape: Iterable[int]) -> tuple[int, ...]:
    """The shape of their variable whose values have ``shape`` in our network."""
    first, *rest = shape
    if theirs.endswith("octree_deconv/weights"):
        return rest[1], rest[0] * first
    if theirs.endswith("octree_conv/weights"):
        return first, rest[1] * rest[0]
    return (first, 1) if theirs.endswith("conv2d_1x1/bias") else (first, *rest)


def as_ours(theirs: str, values: np.ndarray, shape: tuple[int, ...]) -> torch.Tensor:
    """Their variable's values as our network has them, of our ``shape``."""
    if theirs.endswith("octree_deconv/weights"):
        _, c_out, c_in = shape
        values = values.reshape(c_in, c_out, 8).transpose(2, 1, 0)
    elif theirs.endswith("octree_conv/weights"):
        c_out, cells, c_in = shape
        values = values.reshape(c_out, c_in, cells).transpose(0, 2, 1)
    return torch.from_numpy(values.reshape(shape).copy())


def _backbone_name(ours: str, config: NetworkConfig) -> str:
    """Such as ``backbone.encoder.blocks.1.0.reduce.norm.weight``."""
    _, side, group, *path = ours.split(".")
    coarsest = config.depth - len(config.channels) + 1
    number = int(path[0]) if group in ("blocks", "down", "up") else 0
    if side == "encoder":
        depth, kind = config.depth - number - (group == "down"), "conv"
    else:
        depth, kind = coarsest + 1 + number, "deconv"
    prefix = f"seg/ocnn_unet/{_SIDES[side]}_d{depth}"
    if group != "blocks":
        return f"{prefix}/{kind}_bn_relu/{_last(path, f'octree_{kind}')}"
    _, block, inner, *rest = path
    operator = "octree_conv" if inner == "conv" else "conv2d_1x1"
    return f"{prefix}/resblock_{block}/{_INNER[inner]}/{_last(rest, operator)}"


def _head_name(ours: str, n_class: tuple[int, int, int]) -> str:
    """Such as ``offset_heads.0.transfers.2.operator.weight``."""
    heads, level, layer, *path = ours.split(".")
    head = f"predict_{n_class[int(level)]}" if heads == "semantic_heads" else "predict_offset"
    if layer == "features":
        conv = f"conv{path[0]}"
    elif layer == "transfers":
        conv = _TRANSFERS[int(path[0])]
    else:
        conv = "convfusion" if layer == "mix" else "conv2"
    return f"seg/level_{int(level) + 1}/{head}/{conv}/{_last(path, 'conv2d_1x1')}"


def _last(path: list[str], operator: str) -> str:
    *before, name = path
    if "norm" in before:
        return f"batch_normalization/{_NORM[name]}"
    return f"{operator}/{'weights' if name == 'weight' else name}"
