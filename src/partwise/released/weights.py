"""From the released program's checkpoint to ours: every variable of the network exactly once."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from partwise.checkpoint import Checkpoint, save_checkpoint
from partwise.config import ModelConfig, NetworkConfig
from partwise.errors import InputError
from partwise.nn.network import Network
from partwise.released.bundle import Bundle, open_bundle
from partwise.released.variables import as_ours, stored_shape, variable_names
from partwise.taxonomy import LEVELS, categories, load_taxonomy

_TRAINING = ("optimizer/learning_rate/Variable", "optimizer/beta1_power", "optimizer/beta2_power")
_SLOTS = ("Momentum", "Adam", "Adam_1")
_LISTED = 10
_ENCODER = "seg/ocnn_unet/encoder_d"


@dataclass(frozen=True)
class Converted:
    """checkpoint : the model; used : variables taken; ignored : names of the optimizer's, which are left out."""

    checkpoint: Checkpoint
    used: int
    ignored: list[str]


def convert(source: Path, category: str, out: Path, predicts_other: bool = False) -> Converted:
    """Read a checkpoint of the released program and write it as a checkpoint folder of ours.

    source : its prefix, or a folder with a file ``checkpoint``; see ``open_bundle``
    category : what it was trained on; its class counts must be those of the checkpoint's heads
    out : folder to write, which must not hold anything
    predicts_other : it was trained with the points labelled other (delete_0 off), and so predicts them

    The number of iterations is that in the name, ``iter<NNNNNN>``, and 0 where there is none. Raises InputError, with
    the shapes, for variables that are missing, of another shape or left over, and for weights that are not finite.
    """
    out = out.resolve()
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise InputError(f"{out}: is already there; choose another folder, or remove it first")
    bundle, n_class = open_bundle(source), load_taxonomy(category).n_class
    _check_classes(bundle, category)
    config = network_config(bundle)
    network = Network(config, n_class)
    state = network.state_dict()
    names = variable_names(state, config, n_class)
    shapes = {theirs: stored_shape(theirs, state[ours].shape) for ours, theirs in names.items()}
    ignored = _check_variables(bundle, shapes)
    network.load_state_dict(state | {ours: _read(bundle, theirs, tuple(state[ours].shape))
                                     for ours, theirs in names.items()})
    model = ModelConfig(category, n_class, config, predicts_other=predicts_other)
    numbered = re.search(r"iter(\d+)", bundle.prefix.name)
    checkpoint = Checkpoint(model, network.eval(), int(numbered[1]) if numbered else 0)
    save_checkpoint(out, checkpoint)
    return Converted(checkpoint, len(names), ignored)


def network_config(bundle: Bundle) -> NetworkConfig:
    """The size of the network, from the names and shapes of its variables; it convolves on all octree nodes."""
    channels = _rows(bundle, rf"{_ENCODER}(\d+)/conv_bn_relu/octree_conv/weights")
    depth = max(channels, default=0)
    inner = _rows(bundle, rf"{_ENCODER}{depth}/resblock_(\d+)/1x1x1_a/conv2d_1x1/weights")
    width = _rows(bundle, "seg/level_(1)/predict_offset/conv0/conv2d_1x1/weights")
    if not (channels and inner and width) or sorted(channels) != list(range(min(channels), depth + 1)):
        raise InputError(f"{bundle.prefix}: has an encoder at depths {sorted(channels)} with {len(inner)} residual "
                         f"blocks, and {len(width)} offset heads of level 1; expected depths without a gap, such as 2 "
                         "to 6, residual blocks and 1 head: it is no whole network of the released program. It holds "
                         f"{_listed(bundle.shapes)}")
    config = NetworkConfig(depth, tuple(channels[at] for at in sorted(channels, reverse=True)), len(inner),
                           channels[depth] // min(inner.values()), width[1])
    try:
        config.check()
    except InputError as error:
        raise InputError(f"{bundle.prefix}: {error}") from error
    return config


def _rows(bundle: Bundle, pattern: str) -> dict[int, int]:
    """The number of rows of the variables whose names fit, by the number in their name."""
    return {int(found[1]): shape[0] for name, shape in bundle.shapes.items()
            if (found := re.fullmatch(pattern, name)) and shape and shape[0]}


def _check_classes(bundle: Bundle, category: str) -> None:
    """InputError where a level's semantic head has another number of classes than the category."""
    found = []
    for level in LEVELS:
        head = re.compile(rf"seg/level_{level}/predict_(\d+)/.*")
        found.append(sorted({int(match[1]) for name in bundle.shapes if (match := head.fullmatch(name))}))

    def fits(name: str) -> bool:
        return found == [[count] for count in load_taxonomy(name).n_class]

    if not fits(category):
        fitting = ", ".join(filter(fits, categories()))
        raise InputError(f"{bundle.prefix}: its heads predict {found} classes at levels 1, 2, 3; {category} has "
                         f"{list(load_taxonomy(category).n_class)} with other. "
                         + (f"This is a network of {fitting}: name that category" if fitting else
                            "No category has these; it is no network of the released program for PartNet"))


def _check_variables(bundle: Bundle, wanted: dict[str, tuple[int, ...]]) -> list[str]:
    """The optimizer's variables, which are ignored; InputError unless all others are exactly the network's."""
    found = bundle.shapes
    slots = {f"{name}/{slot}" for name in wanted for slot in _SLOTS}
    ignored = sorted(found.keys() & {*slots, *_TRAINING})
    missing = {name: shape for name, shape in wanted.items() if name not in found}
    extra = {name: shape for name, shape in found.items() if name not in wanted and name not in ignored}
    wrong = {f"{name} {found[name]}, expected": shape for name, shape in wanted.items()
             if found.get(name, shape) != shape}
    lists = {"missing": missing, "left over": extra, "of another shape": wrong}
    complaints = [f"{title}: {_listed(shapes)}" for title, shapes in lists.items() if shapes]
    if complaints:
        raise InputError(f"{bundle.prefix}: its variables are not those of the released program's network of this "
                         f"size; {'; '.join(complaints)}")
    return ignored


def _listed(shapes: dict[str, tuple[int, ...]]) -> str:
    names = [f"{name} {shape}" for name, shape in sorted(shapes.items())]
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def _read(bundle: Bundle, name: str, shape: tuple[int, ...]) -> torch.Tensor:
    values = bundle.read(name)
    if not np.isfinite(values).all():
        raise InputError(f"{bundle.prefix}: variable {name} holds NaN or infinite values; take an earlier checkpoint")
    return as_ours(name, values, shape)
