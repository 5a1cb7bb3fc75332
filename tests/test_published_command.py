"""``partwise train --preset paper`` is the published command, for every category; each option has its counterpart."""

import re
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
    "loss": {"segmentation": 1, "offset": 1, "region_offset": 1, "levels": (1, 1, 1), "other": "ignore",
             "balance": 0},
    "optimizer": {"name": "sgd", "learning_rate": 0.1, "schedule": "step", "weight_decay": 1e-4},
    "augmentation": {"rotate": 10, "translate": 0.125, "scale": (0.75, 1.25), "turn": 0, "mirror": False,
                     "stretch": 0, "jitter": 0, "uneven": 0, "missing": 0, "flipped_normals": 0,
                     "estimated_normals": 0},
    "grouping": {"bandwidth": 0.1, "push": 0.05, "min_points": 10, "tree": False, "absorb": False,
                 "connectivity": False, "confidence": "entropy"}}
OURS = {"save_every", "log_every", "seed", "device", "workers", "tensorboard", "preset"}
"""Settings that change nothing of what is learnt, and those of this run."""

THEIR_OPTIONS = {
    "phase", "train_data", "test_data", "test_data_visual", "test_iter", "number of test shapes", "test_visual",
    "test_iter_visual", "number of test shapes to draw", "cache_folder", "n_part_1", "n_part_2", "n_part_3",
    "level_1_weight", "level_2_weight", "level_3_weight", "weights of the losses", "train_batch_size",
    "test_batch_size", "test_shape_average_point_number", "learning rate", "optimizer", "decay policy", "weight decay",
    "max iterations", "test interval", "depth", "stop gradient", "delete_0 in training", "delete_0 in testing",
    "a trained network's delete_0", "category", "bandwidth", "semantic centre offset", "checkpoint to restore",
    "GPU index", "log folder"}
THEIR_PROGRAMS = {"preprocessing", "phase train", "phase test", "test_visual", "all categories", "collect results"}


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


def table(title: str) -> list[list[str]]:
    """Rows of the table below a title of the page for those who come from the released program, without its head."""
    page = (Path(__file__).parents[1] / "docs/from-the-released-program.md").read_text()
    rows = [line for line in page.split(f"\n## {title}\n")[1].split("\n#")[0].splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows[1:]]


def test_every_option_of_theirs_has_one_of_ours_or_a_reason():
    rows = table("Options")
    named = [name.strip().replace("`", "") for row in rows for name in row[0].split(",")]
    assert sorted(named) == sorted(THEIR_OPTIONS)
    for theirs, _, ours, _ in rows:
        assert re.search(r"--[a-z]|partwise [a-z]", ours) or re.match(r"none: .{10}|none of its own: ", ours), theirs


def test_every_program_of_theirs_has_one_of_ours():
    rows = table("Programs")
    for program in THEIR_PROGRAMS:
        row, = (row for row in rows if program in row[0])
        assert "`partwise " in row[1] or "a loop in the shell" in row[1]
