"""The released system's variables, by name, as the state of our network.

Convolutions are stored there as (C_out, C_in * K), deconvolutions as (C_in, C_out * 8), both with the kernel cell
last; ours are (C_out, K, C_in) and (8, C_out, C_in).
"""

import zlib

import numpy as np
import torch

Variables = dict[str, np.ndarray]
_NORM = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}


def draw(name: str, shape: list[int], seed: int) -> np.ndarray:
    """The random weight that the golden network has under this name."""
    random = np.random.RandomState((zlib.crc32(name.encode()) + seed) & 0x7FFFFFFF)
    if name.endswith(("moving_mean", "beta")):
        values = random.randn(*shape) * 0.2
    elif name.endswith(("moving_variance", "gamma")):
        values = random.uniform(0.6, 1.4, shape)
    elif name.endswith("bias"):
        values = random.randn(*shape) * 0.1
    else:
        fan = shape[0] if "deconv" in name else shape[1]
        values = random.randn(*shape) * np.sqrt(0.45 / fan)
    return values.astype(np.float32)


def names(state: dict[str, torch.Tensor], depth: int, n_class: tuple[int, int, int]) -> dict[str, str]:
    """Their variable for each entry of our state."""
    found = {}
    for ours in state:
        if ours.endswith("num_batches_tracked"):
            continue
        found[ours] = _head_name(ours, n_class) if "heads" in ours else _backbone_name(ours, depth)
    return found


def _backbone_name(ours: str, depth: int) -> str:
    _, side, group, *path = ours.split(".")
    theirs = {"encoder": "encoder", "semantic_decoder": "decoder_seg", "offset_decoder": "decoder_offset"}[side]
    kind = "conv" if side == "encoder" else "deconv"
    number = 0 if group == "stem" else int(path[0])
    coarsest = 2
    at = depth - number - (group == "down") if side == "encoder" else coarsest + 1 + number
    prefix = f"seg/ocnn_unet/{theirs}_d{at}/"
    if group == "blocks":
        inner = {"reduce": "1x1x1_a", "expand": "1x1x1_b", "conv": "3x3x3/conv_bn_relu"}[path[2]]
        prefix, weights = f"{prefix}resblock_{path[1]}/{inner}/", "octree_conv" if path[2] == "conv" else "conv2d_1x1"
    else:
        prefix, weights = f"{prefix}{kind}_bn_relu/", f"octree_{kind}"
    return prefix + (f"batch_normalization/{_NORM[path[-1]]}" if "norm" in path else f"{weights}/weights")


def _head_name(ours: str, n_class: tuple[int, int, int]) -> str:
    kind, level, *path = ours.split(".")
    head = f"predict_{n_class[int(level)]}" if kind == "semantic_heads" else "predict_offset"
    conv = {("features", "0"): "conv0", ("features", "1"): "conv1", ("transfers", "0"): "convtransfer",
            ("transfers", "1"): "convtransfer_1", ("transfers", "2"): "convtransfer_2",
            ("mix", "operator"): "convfusion", ("mix", "norm"): "convfusion"}.get((path[0], path[1]), "conv2")
    prefix = f"seg/level_{int(level) + 1}/{head}/{conv}/"
    if "norm" in path:
        return f"{prefix}batch_normalization/{_NORM[path[-1]]}"
    return prefix + ("conv2d_1x1/bias" if path[-1] == "bias" else "conv2d_1x1/weights")


def as_state(variables: Variables, state: dict[str, torch.Tensor], depth: int,
             n_class: tuple[int, int, int]) -> dict[str, torch.Tensor]:
    """Our state filled from theirs; every entry of ``state`` must be found."""
    filled = {}
    for ours, theirs in names(state, depth, n_class).items():
        values, shape = torch.from_numpy(np.array(variables[theirs])), state[ours].shape
        if "octree_deconv" in theirs:  # (C_in, C_out * 8) -> (8, C_out, C_in)
            values = values.view(shape[2], shape[1], 8).permute(2, 1, 0)
        elif "octree_conv" in theirs:  # (C_out, C_in * K) -> (C_out, K, C_in)
            values = values.view(shape[0], shape[2], shape[1]).transpose(1, 2)
        filled[ours] = values.reshape(shape)
    return filled
