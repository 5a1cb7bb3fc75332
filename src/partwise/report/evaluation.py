"""The files of an evaluation, read into scores."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import numpy as np

from partwise.config import Protocol
from partwise.errors import InputError
from partwise.files import read_json
from partwise.showcase import ShownShape, read_shapes

METRICS, DETAILS, SHAPES = "metrics.json", "details.json", "shapes.npz"
PROTOCOLS: tuple[str, ...] = get_args(Protocol)
KINDS = ("all", "ignore_other")
POINT_SCORES = ("accuracy", "miou_v1", "miou_v2", "miou_v3")
LOSSES = ("segmentation", "offset", "region_offset")
N_RECALL = 101
_AGAIN = "run `partwise evaluate` again with this version of partwise"


@dataclass(frozen=True)
class ClassScores:
    """One class that occurs in truth or prediction; numbers that are not defined are NaN.

    ap : by protocol, at each threshold
    iou : over the points of all shapes
    precision : at the recalls 0, 0.01, ..., 1, at IoU 0.5 under PartNet's protocol; None where it is not known
    """

    name: str
    n_truth: int
    n_predicted: int
    ap: dict[str, list[float]]
    iou: float
    precision: list[float] | None


@dataclass(frozen=True)
class LevelScores:
    """One level.

    mean_ap, shape_mean_ap : by protocol, at each threshold
    semantic : accuracy and mIoU by name, with other ("all") and without ("ignore_other")
    losses : by the same choices
    names, confusion : (C,) names of all classes, and (C, C) points by true and predicted class; None where not known
    """

    number: int
    thresholds: list[float]
    classes: list[ClassScores]
    mean_ap: dict[str, list[float]]
    shape_mean_ap: dict[str, list[float]]
    semantic: dict[str, dict[str, float]]
    losses: dict[str, dict[str, float]]
    names: list[str] = field(default_factory=list)
    confusion: np.ndarray | None = None

    def at_half(self, values: list[float]) -> float:
        """The one at IoU 0.5 of values at each threshold."""
        return values[self.thresholds.index(0.5)]

    @property
    def miou(self) -> float:
        """Per class over all points (v2), other left out, by which runs are compared."""
        return self.semantic["ignore_other"]["miou_v2"]


@dataclass(frozen=True)
class ShapeScores:
    """One shape: AP at each threshold under PartNet's protocol, and mIoU, both by level."""

    name: str
    ap: dict[int, list[float]]
    miou: dict[int, float]


@dataclass(frozen=True)
class Evaluation:
    """What `partwise evaluate` wrote.

    shapes : scores of all shapes; shown : the best and the worst with their labels, the worst first
    missing : sentences on what this evaluation lacks and how to get it
    """

    folder: Path
    model: str
    iteration: int
    category: str
    split: str
    n_shape: int
    consistency: dict[str, float]
    levels: list[LevelScores]
    shapes: list[ShapeScores]
    shown: list[ShownShape]
    missing: list[str]

    def level(self, number: int) -> LevelScores | None:
        return next((level for level in self.levels if level.number == number), None)


def read_evaluation(folder: Path) -> Evaluation:
    """Read an evaluation's folder; InputError where a file is damaged or not what `partwise evaluate` writes.

    The files of details and of shapes may be missing, as in folders that older versions wrote.
    """
    metrics = read_json(folder / METRICS)
    details = read_json(folder / DETAILS) if (folder / DETAILS).exists() else None
    missing = [] if details is not None else [
        f"{folder / DETAILS}: not there, so there are no precision-recall curves, confusion matrices and scores of "
        f"shapes; {_AGAIN}"]
    shown = read_shapes(folder / SHAPES) if (folder / SHAPES).exists() else []
    if not (folder / SHAPES).exists():
        missing.append(f"{folder / SHAPES}: not there, so there are no pictures of shapes; {_AGAIN}")
    with_details = metrics if details is None else _merged(metrics, details, folder)
    try:
        return _evaluation(folder, with_details, shown, missing)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise InputError(f"{folder / METRICS}: is not what `partwise evaluate` writes ({error!r}); {_AGAIN}") from error


def _merged(metrics: Any, details: Any, folder: Path) -> dict[str, Any]:
    """Metrics with their details at a place of their own; InputError where they are of two evaluations."""
    header = ("model", "iteration", "category", "split", "n_shape")
    if not isinstance(metrics, dict) or not isinstance(details, dict) or any(
            metrics.get(name) != details.get(name) for name in header):
        raise InputError(f"{folder / DETAILS}: belongs to another evaluation than {METRICS} beside it; {_AGAIN}")
    return {**metrics, "details": details}


def _evaluation(folder: Path, values: dict[str, Any], shown: list[ShownShape], missing: list[str]) -> Evaluation:
    details = values.get("details", {})
    levels = [_level(int(number), level, details.get("levels", {}).get(number))
              for number, level in sorted(values["levels"].items())]
    shapes = [_shape(one, levels) for one in details.get("shapes", [])]
    names = dict(enumerate(one.name for one in shapes))
    if details and any(names.get(one.index) != one.name for one in shown):
        raise InputError(f"{folder / SHAPES}: belongs to another evaluation than {DETAILS} beside it; {_AGAIN}")
    return Evaluation(folder, str(values["model"]), int(values["iteration"]), str(values["category"]),
                      str(values["split"]), int(values["n_shape"]), _by_name(values.get("consistency", {})), levels,
                      shapes, shown, missing)


def _shape(values: dict[str, Any], levels: list[LevelScores]) -> ShapeScores:
    rows = {level.number: values["levels"][str(level.number)] for level in levels}
    return ShapeScores(str(values["name"]),
                       {level.number: _numbers(rows[level.number]["ap"], len(level.thresholds)) for level in levels},
                       {number: _number(row["miou"]) for number, row in rows.items()})


def _level(number: int, level: dict[str, Any], details: dict[str, Any] | None) -> LevelScores:
    protocols = {name: level[name] for name in PROTOCOLS}
    iou = _by_name(level["semantic"]["all"]["iou_per_class"])
    rows = zip(*(protocols[name]["classes"] for name in PROTOCOLS), strict=True)
    classes = [_class(dict(zip(PROTOCOLS, row, strict=True)), iou, details) for row in rows]
    seen = [one for one in classes if one.n_truth or one.n_predicted]
    thresholds = _numbers(protocols["partnet"]["thresholds"])
    if 0.5 not in thresholds:
        raise ValueError(f"no score at IoU 0.5 among {thresholds}")
    mean_ap, shape_mean_ap = ({name: _numbers(scores[key], len(thresholds)) for name, scores in protocols.items()}
                              for key in ("mean_ap", "shape_mean_ap"))
    semantic = {kind: {name: _number(level["semantic"][kind][name]) for name in POINT_SCORES} for kind in KINDS}
    losses = {kind: {name: _number(level["losses"][kind][name]) for name in LOSSES} for kind in KINDS}
    return LevelScores(number, thresholds, seen, mean_ap, shape_mean_ap, semantic, losses, *_confusion(details))


def _confusion(details: dict[str, Any] | None) -> tuple[list[str], np.ndarray | None]:
    """Names of the classes, and points by true and predicted class."""
    if details is None:
        return [], None
    names, confusion = [str(name) for name in details["classes"]], np.array(details["confusion"], np.int64)
    if confusion.shape != (len(names), len(names)):
        raise ValueError(f"a confusion matrix of shape {confusion.shape} for {len(names)} classes")
    return names, confusion


def _class(by_protocol: dict[str, dict[str, Any]], iou: dict[str, float],
           details: dict[str, Any] | None) -> ClassScores:
    one = by_protocol["partnet"]
    curve = None if details is None else details["precision"][one["id"]]
    return ClassScores(str(one["name"]), int(one["n_truth"]), int(one["n_predicted"]),
                       {name: _numbers(values["ap"]) for name, values in by_protocol.items()}, iou[one["name"]],
                       None if curve is None else _numbers(curve, N_RECALL))


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _numbers(values: Sequence[Any], count: int | None = None) -> list[float]:
    """So many numbers, if it is known how many."""
    if count is not None and len(values) != count:
        raise ValueError(f"{len(values)} numbers where {count} were expected")
    return [_number(value) for value in values]


def _by_name(values: dict[str, Any]) -> dict[str, float]:
    return {str(name): _number(value) for name, value in values.items()}
