"""Curves and settings of a training run."""

import dataclasses
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from partwise.config import TrainConfig
from partwise.report.markup import node, table
from partwise.report.numbers import MISSING, count, percent, seconds
from partwise.report.plot import Line, figure, legend, line_plot
from partwise.report.run import Record, Training

TITLES = {"total": "Total loss", "segmentation": "Cross-entropy of classes", "offset": "Offset to instance centres",
          "region_offset": "Offset to region centres", "miou": "mIoU of validation", "accuracy": "Accuracy of points",
          "weight_penalty": "Weight penalty", "learning_rate": "Learning rate", "seconds_per_step": "Seconds a step"}
"""Of the numbers in the log, in the order they are shown; others follow under their own names."""
_SHARES = ("miou", "accuracy")


def training_curves(training: Training) -> Element:
    """A plot for every number of the log, a colour for each level."""
    names = {name for record in training.steps + training.validations for name in record} - {"iteration"}
    kinds = sorted({name.rpartition("/")[2] for name in names},
                   key=lambda kind: (list(TITLES).index(kind) if kind in TITLES else len(TITLES), kind))
    plots = [_plot(training, kind, sorted(name for name in names if name.rpartition("/")[2] == kind))
             for kind in kinds]
    key = legend([("level 1", 0), ("level 2", 1), ("level 3", 2), ("all levels", 3)],
                 "with dots: validation; without: training; horizontal: steps")
    return node("div", key, node("div", *plots, class_="plots"))


def _plot(training: Training, kind: str, names: Sequence[str]) -> Element:
    lines = []
    for name in names:
        level = name.partition("/")[0].removeprefix("level_")
        colour = int(level) - 1 if level in ("1", "2", "3") else 3
        validated = curve(training.validations, name, f"{name}, validation", colour, dots=True)
        lines += [curve(training.steps, name, f"{name}, training", colour, faint=bool(validated.x)), validated]
    title = TITLES.get(kind, kind)
    return figure(title, line_plot(lines, title, y_range=(0, 1) if kind in _SHARES else None))


def curve(records: Sequence[Record], key: str, name: str, colour: int, faint: bool = False,
          dots: bool = False) -> Line:
    """One number of the log over the iterations."""
    found = [(record["iteration"], record[key]) for record in records if key in record]
    return Line(name, [x for x, _ in found], [y for _, y in found], colour, faint, dots)


def training_facts(training: Training) -> list[tuple[str, str]]:
    """Names and values of what one wants to know first."""
    settings = training.settings
    done = max((record["iteration"] for record in training.steps), default=0)
    facts = [("category", str(settings.get("category", MISSING))),
             ("steps", f"{count(done)} of {count(settings.get('iterations'))}"),
             ("seconds a step", seconds(seconds_per_step(training)))]
    if training.best is not None:
        facts.append(("best validation mIoU", f"{percent(best_miou(training))} %"))
        facts.append(("at step", count(training.best[0])))
    return facts


def best_miou(training: Training) -> float:
    """Of the best checkpoint; NaN without one."""
    return math.nan if training.best is None else training.best[1].get("miou", math.nan)


def seconds_per_step(training: Training) -> float:
    """Median over the lines of the log; NaN without any."""
    found = sorted(record["seconds_per_step"] for record in training.steps if "seconds_per_step" in record)
    return found[len(found) // 2] if found else math.nan


def settings_table(training: Training) -> Element:
    """All settings, and of those that are not the published method's its own value."""
    defaults = default_settings()
    rows = []
    for name, value in training.settings.items():
        differs = name in defaults and defaults[name] != value
        rows.append([node("strong", name) if differs else name, setting(value),
                     setting(defaults[name]) if differs else ""])
    return table(["setting", "value", "published method, where another"], rows, words=3)


def default_settings() -> dict[str, Any]:
    """The settings of the published method by dotted name, as JSON knows them."""
    config = TrainConfig(Path(), "", Path())
    found: dict[str, Any] = {}
    for field in dataclasses.fields(config):
        value = getattr(config, field.name)
        if dataclasses.is_dataclass(value):
            found |= {f"{field.name}.{one.name}": _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
        elif field.name not in ("data", "category", "out"):
            found[field.name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def setting(value: Any) -> str:
    """A setting's value as people write it."""
    if isinstance(value, list):
        return ", ".join(setting(one) for one in value)
    if value is None:
        return "not given"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
