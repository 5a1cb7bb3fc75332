"""``partwise train --preset paper`` is the published command, for every category."""

from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from partwise.cli import _parse
from partwise.config import TrainConfig
from partwise.taxonomy import categories, load_taxonomy
from partwise.training.schedule import learning_rate, make_optimizer

PARTS = {
    "Bag": "3/-/-", "Bed": "3/9/14", "Bottle": "5/-/8", "Bowl": "3/-/-", "Chair": "5/29/38", "Clock": "5/-/10",
    "Dishwasher": "2/4/6", "Display": "2/-/3", "Door": "2/3/4", "Earphone": "5/-/9", "Faucet": "7/-/11",
    "Hat": "5/-/-", "Keyboard": "2/-/-", "Knife": "4/-/9", "Lamp": "17/27/40", "Laptop": "2/-/-",
    "Microwave": "2/4/5", "Mug": "3/-/-", "Refrigerator": "2/5/6", "Scissors": "2/-/-",
    "StorageFurniture": "6/18/23", "Table": "10/41/50", "TrashCan": "4/-/10", "Vase": "3/-/5"}
"""Parts of each category at levels 1/2/3 without other; a level that there is not repeats the one before it."""

PUBLISHED = {
    "iterations": 100_000, "batch_size": 8, "validate_every": 5_000, "devices": 1, "precision": "float32",
    "n_point": None, "augment": True, "resume": False, "finetune": None, "taxonomy": None,
    "network": {"depth": 6, "channels": (64, 128, 256, 256, 256), "resblocks": 3, "bottleneck": 4,
                "head_channels": 128, "nempty": False, "fusion": "cross", "region_centres": True,
                "stop_gradient": True},
    "loss": {"segmentation": 1, "offset": 1, "region_offset": 1, "levels": (1, 1, 1), "other": "ignore", "focal": 0,
             "balance": 0},
    "optimizer": {"name": "sgd", "learning_rate": 0.1, "schedule": "step", "weight_decay": 1e-4, "average": 0},
    "augmentation": {"rotate": 10, "translate": 0.125, "scale": (0.75, 1.25), "turn": 0, "mirror": False,
                     "stretch": 0, "jitter": 0, "uneven": 0, "missing": 0, "flipped_normals": 0,
                     "estimated_normals": 0},
    "grouping": {"bandwidth": 0.1, "push": 0.05, "min_points": 10, "tree": False, "absorb": False,
                 "connectivity": False, "confidence": "entropy"}}
OURS = {"save_every", "log_every", "seed", "device", "workers", "tensorboard", "preset"}
"""Settings that change nothing of what is learnt, and those of this run."""


def class_counts(text: str) -> tuple[int, ...]:
    counts: list[int] = []
    for level in text.split("/"):
        counts.append(counts[-1] if level == "-" else int(level) + 1)
    return tuple(counts)


def test_all_categories_are_listed():
    assert sorted(PARTS) == sorted(categories())


@pytest.mark.parametrize(("category", "parts"), PARTS.items())
def test_settings(category, parts):
    command = _parse(["train", "--preset", "paper", "--data", "data", "--category", category, "--out", "run"])
    assert isinstance(command, TrainConfig)
    command.check()
    settings = {name: value for name, value in asdict(command).items() if name not in OURS}
    assert settings == PUBLISHED | {"data": Path("data"), "category": category, "out": Path("run")}
    assert load_taxonomy(category).n_class == class_counts(parts)


def test_optimizer_and_learning_rate():
    config = TrainConfig(Path("data"), "Chair", Path("run")).optimizer
    optimizer = make_optimizer([torch.nn.Parameter(torch.zeros(1))], config)
    assert isinstance(optimizer, torch.optim.SGD)
    assert (optimizer.defaults["momentum"], optimizer.defaults["nesterov"]) == (0.9, False)
    assert optimizer.defaults["weight_decay"] == 1e-4
    steps = [learning_rate(config, progress) for progress in (0, 0.4999, 0.5, 0.7499, 0.75, 0.9999)]
    assert steps == pytest.approx([0.1, 0.1, 0.01, 0.01, 0.001, 0.001])
