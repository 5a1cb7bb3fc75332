"""A trained model as a folder: ``config.json``, ``model.safetensors`` and, to resume, ``training.safetensors``.

Nothing is unpickled. A folder is written beside its place and swapped in, so one whole checkpoint is always there.
"""

import dataclasses
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from partwise.config import GroupingConfig, ModelConfig, NetworkConfig
from partwise.errors import InputError
from partwise.files import read_json, write_json
from partwise.nn.network import Network
from partwise.taxonomy import taxonomy_of

FORMAT = "partwise-checkpoint"
VERSION = 1
_CONFIG, _MODEL, _TRAINING = "config.json", "model.safetensors", "training.safetensors"


@dataclass(frozen=True)
class Checkpoint:
    """config : what the model is; network : with its weights; iteration : steps trained; scores : on validation."""

    config: ModelConfig
    network: Network
    iteration: int = 0
    scores: dict[str, float] = dataclasses.field(default_factory=dict)


def save_checkpoint(folder: Path, checkpoint: Checkpoint, optimizer: torch.optim.Optimizer | None = None) -> None:
    """Write the checkpoint and, to resume, the state of an optimizer. Replaces a checkpoint that is there.

    Raises InputError where it cannot be written, such as on a full disk; the old one is then kept.
    """
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        write_json(fresh / _CONFIG, {
            "format": FORMAT, "version": VERSION, "model": dataclasses.asdict(checkpoint.config),
            "iteration": checkpoint.iteration, "scores": checkpoint.scores})
        save_file(_contiguous(checkpoint.network.state_dict()), fresh / _MODEL)
        if optimizer is not None:
            save_file(_state_tensors(optimizer), fresh / _TRAINING)
        _swap_in(fresh, folder)
    except (OSError, SafetensorError) as error:
        raise InputError(f"{folder}: the checkpoint cannot be written ({error}); what was there before is kept; make "
                         "room on the disk or choose another folder") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def load_checkpoint(folder: Path, category: str | None = None) -> Checkpoint:
    """Read a checkpoint; InputError where it is missing, damaged, of another version or of another category.

    folder : the checkpoint, or a training run's folder, of which the best checkpoint is taken, else the last
    category : that the checkpoint must be of; None accepts any
    """
    folder = _find(folder)
    record = read_json(folder / _CONFIG)
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise InputError(f"{folder / _CONFIG}: is not a partwise checkpoint's configuration")
    if record.get("version") != VERSION:
        raise InputError(f"{folder}: checkpoint version {record.get('version')}, this partwise reads {VERSION}")
    config = _model_config(record.get("model"), folder / _CONFIG)
    if category is not None and config.category != category:
        raise InputError(f"{folder}: is a checkpoint of category {config.category}, expected {category}")
    expected = taxonomy_of(config.category, config.taxonomy).n_class
    if config.n_class != expected:
        raise InputError(f"{folder}: was trained with {config.n_class} classes, {config.category} has {expected}")
    network = Network(config.network, config.n_class)
    _load_weights(network, _read_tensors(folder / _MODEL), folder / _MODEL)
    return Checkpoint(config, network.eval(), int(record.get("iteration", 0)), dict(record.get("scores", {})))


def load_state(folder: Path, optimizer: torch.optim.Optimizer) -> None:
    """Give an optimizer the state that was saved with the checkpoint ``folder``."""
    folder = _find(folder)
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, tensor in _read_tensors(folder / _TRAINING).items():
        index, _, key = name.partition("/")
        state.setdefault(int(index), {})[key] = tensor
    groups = optimizer.state_dict()["param_groups"]
    expected = sum(len(group["params"]) for group in groups)
    if state and len(state) != expected:
        raise InputError(f"{folder / _TRAINING}: holds the state of {len(state)} parameters, the network has "
                         f"{expected}")
    optimizer.load_state_dict({"state": state, "param_groups": groups})


def _find(folder: Path) -> Path:
    """The folder that holds the files: given itself, a run's best or last, or what a crash while swapping left."""
    candidates = [folder, folder / "best", folder / "last"]
    candidates += [_previous(candidate) for candidate in candidates]
    for candidate in candidates:
        if (candidate / _CONFIG).is_file():
            return candidate
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; expected a checkpoint or the folder of a training run")
    raise InputError(f"{folder}: holds no checkpoint; expected {_CONFIG} and {_MODEL} in it, in best/ or in last/")


def _previous(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.previous")


def _swap_in(fresh: Path, folder: Path) -> None:
    previous = _previous(folder)
    if folder.exists():
        shutil.rmtree(previous, ignore_errors=True)
        folder.rename(previous)
    fresh.rename(folder)
    shutil.rmtree(previous, ignore_errors=True)


def _model_config(fields: Any, path: Path) -> ModelConfig:
    try:
        network = dict(fields["network"])
        network["channels"] = tuple(network["channels"])
        config = ModelConfig(**{**fields, "n_class": tuple(fields["n_class"]), "network": NetworkConfig(**network),
                                "grouping": GroupingConfig(**fields["grouping"]),
                                "iou_fit": None if fields["iou_fit"] is None else tuple(map(tuple, fields["iou_fit"]))})
        config.network.check()
    except (TypeError, KeyError, ValueError) as error:
        raise InputError(f"{path}: describes no model of this version ({error})") from error
    return config


def _load_weights(network: Network, tensors: dict[str, torch.Tensor], path: Path) -> None:
    wanted = network.state_dict()
    missing, extra = sorted(wanted.keys() - tensors.keys()), sorted(tensors.keys() - wanted.keys())
    wrong = [name for name in wanted.keys() & tensors.keys() if wanted[name].shape != tensors[name].shape]
    if missing or extra or wrong:
        raise InputError(f"{path}: does not fit {_CONFIG}: missing {missing[:3]}, not expected {extra[:3]}, "
                         f"of another shape {sorted(wrong)[:3]}")
    if not all(bool(torch.isfinite(tensor).all()) for tensor in tensors.values()):
        raise InputError(f"{path}: holds weights that are NaN or infinite")
    network.load_state_dict(tensors)


def _read_tensors(path: Path) -> dict[str, torch.Tensor]:
    try:
        tensors: dict[str, torch.Tensor] = load_file(path)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except (SafetensorError, OSError) as error:
        raise InputError(f"{path}: is damaged or not a safetensors file ({error})") from error
    return tensors


def _state_tensors(optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    state = optimizer.state_dict()["state"]
    return _contiguous({f"{index}/{key}": value for index, entry in state.items() for key, value in entry.items()
                        if isinstance(value, torch.Tensor)})


def _contiguous(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
