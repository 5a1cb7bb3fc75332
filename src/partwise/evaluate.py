"""All metrics of a model on a store, at the category's real levels, under PartNet's and the released protocol."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import numpy as np

from partwise.checkpoint import Checkpoint
from partwise.config import GroupingConfig, LossConfig, Protocol
from partwise.data.batches import collate
from partwise.data.sample import make_sample
from partwise.data.store import Store
from partwise.dump import Dump, Seen
from partwise.errors import InputError
from partwise.export import PartnetWriter
from partwise.files import make_folder, write_json
from partwise.grouping.instances import LevelInstances
from partwise.mesh import PointCloud
from partwise.metrics.comparison import joint_table
from partwise.metrics.consistency import ConsistencyMetric
from partwise.metrics.instances import THRESHOLDS, InstanceMetric, InstanceScores
from partwise.metrics.plain import plain
from partwise.metrics.semantic import SemanticMetric, SemanticScores
from partwise.nn.losses import LevelLoss
from partwise.nn.network import LevelOutput
from partwise.overlap import overlap
from partwise.progress import progress_bar
from partwise.segmenter import Prepared, Segmenter
from partwise.shape import Shape
from partwise.showcase import Showcase, ShownShape, write_shapes
from partwise.taxonomy import Level

PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)
"""PartNet's instance protocol first: it is the one to report."""

AT_HALF = THRESHOLDS.index(0.5)
"""The threshold of curves, and of the score by which shapes are the best or the worst."""

LOSSES = {"all": LossConfig(other="learn"), "ignore_other": LossConfig(other="ignore")}
"""With every point, and without those whose truth is other."""


@dataclass(frozen=True)
class LevelReport:
    """Everything measured at one level.

    instances : scores by protocol
    semantic : scores with every label counted ("all") and without points whose truth is other ("ignore_other")
    losses : means over shapes by the same two choices, without weights
    """

    level: Level
    instances: dict[str, InstanceScores]
    semantic: dict[str, SemanticScores]
    losses: dict[str, dict[str, float]]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; a number that is not defined is None."""
        names = self.level.names
        return {**{name: scores.to_dict(names) for name, scores in self.instances.items()},
                "semantic": {name: scores.to_dict(names) for name, scores in self.semantic.items()},
                "losses": self.losses}

    def details(self) -> dict[str, Any]:
        """What is too long for ``to_dict``: points by true and predicted class, and curves at IoU 0.5 by class."""
        curves = self.instances["partnet"].precision[AT_HALF]
        return {"classes": list(self.level.names), "confusion": self.semantic["all"].confusion.tolist(),
                "precision": [None if np.isnan(curve[0]) else _short(curve) for curve in curves]}

    def shape_details(self) -> list[dict[str, Any]]:
        """Of each shape AP at each threshold under PartNet's protocol, and mIoU v1 without points of other."""
        return [{"ap": _short(ap), "miou": _short([miou])[0]} for ap, miou in zip(
            self.instances["partnet"].shape_ap, self.semantic["ignore_other"].shape_miou, strict=True)]


@dataclass(frozen=True)
class Report:
    """Everything measured on a store.

    consistency : share of a level's instances that lie in one instance of the next coarser real level, such as
        "3 in 2"; see ``ConsistencyMetric``
    shape_names : PartNet's name (anno_id) of each shape
    shown : the best and the worst shapes by AP at IoU 0.5 under PartNet's protocol, mean over levels
    """

    category: str
    split: str
    n_shape: int
    levels: tuple[LevelReport, ...]
    consistency: dict[str, float]
    shape_names: tuple[str, ...]
    shown: tuple[ShownShape, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; a number that is not defined is None."""
        return {"category": self.category, "split": self.split, "n_shape": self.n_shape,
                "consistency": dict(zip(self.consistency, plain(self.consistency.values()), strict=True)),
                "levels": {str(report.level.number): report.to_dict() for report in self.levels}}

    def details(self) -> dict[str, Any]:
        """Curves, confusion matrices and the scores of each shape as plain values.

        Numbers have six decimals, None where they are not defined. Precision is the largest at each recall 0, 0.01,
        ..., 1 or at a higher one, so that its mean is AP.
        """
        numbers = [str(report.level.number) for report in self.levels]
        rows = zip(*(report.shape_details() for report in self.levels), strict=True)
        return {"category": self.category, "split": self.split, "n_shape": self.n_shape,
                "levels": {number: report.details() for number, report in zip(numbers, self.levels, strict=True)},
                "shapes": [{"name": name, "levels": dict(zip(numbers, row, strict=True))}
                           for name, row in zip(self.shape_names, rows, strict=True)]}


@dataclass(frozen=True)
class _Measured:
    """One shape, what was found in it at levels 1, 2, 3, what grouping saw, and its losses by the choices of
    LevelReport."""

    shape: Shape
    found: list[LevelInstances]
    seen: Seen
    losses: dict[str, list[LevelLoss]]


class _LevelMeasures:
    """Collects what is measured at one level."""

    def __init__(self, level: Level, min_points: int) -> None:
        self.level, self.min_points = level, min_points
        self.instances = {name: InstanceMetric(level.n_class) for name in PROTOCOLS}
        self.semantic = {"all": SemanticMetric(level.n_class, False), "ignore_other": SemanticMetric(level.n_class)}
        self.losses: dict[str, list[dict[str, float]]] = {kind: [] for kind in LOSSES}

    def add(self, measured: _Measured) -> np.ndarray:
        """Add one shape and return its AP at each threshold under PartNet's protocol, NaN without parts."""
        row = self.level.number - 1
        semantic, instance, found = measured.shape.semantic[row], measured.shape.instance[row], measured.found[row]
        table = joint_table(semantic, instance, found.semantic, found.instance, found.uncertainty, self.min_points)
        shape_ap = {name: metric.add(table.comparison(name)) for name, metric in self.instances.items()}
        for semantic_metric in self.semantic.values():
            semantic_metric.add(semantic, found.semantic)
        for kind, losses in measured.losses.items():
            self.losses[kind].append({name: float(value) for name, value in vars(losses[row]).items()
                                      if name != "accuracy"})
        return shape_ap["partnet"]

    def report(self) -> LevelReport:
        losses = {kind: {name: float(np.mean([one[name] for one in rows])) for name in rows[0]}
                  for kind, rows in self.losses.items() if rows}
        return LevelReport(self.level, {name: metric.result() for name, metric in self.instances.items()},
                           {name: metric.result() for name, metric in self.semantic.items()}, losses)


def evaluate(segmenter: Segmenter, store: Store, limit: int | None = None,
             write_partnet: Path | None = None, dump: Dump | None = None) -> Report:
    """Segment the shapes of a store and compare with their labels.

    limit : number of shapes from the start; None for all
    write_partnet : folder for PartNet's own truth and prediction files
    dump : where to write coloured clouds of the first shapes; None for none

    The network sees at most the segmenter's ``n_point`` points of a shape; all its points are scored, with the labels
    of their nearest neighbours, and losses are those of the points seen. Shapes are read and grouped in the
    background while the network runs; a shape's outputs do not depend on what else is in its batch, but for rounding.
    Raises InputError where the model is of another category, the store holds no shape, a shape is damaged, or the
    dump's folder is taken.
    """
    count = _shapes_to_measure(segmenter, store, limit)
    if dump is not None:
        dump.check()
    min_points = segmenter.grouping.min_points
    measures = [_LevelMeasures(level, min_points) for level in segmenter.taxonomy.levels if level.is_real]
    consistency = {pair: ConsistencyMetric(np.array(segmenter.taxonomy.parents(*pair)), min_points)
                   for pair in pairwise(reversed(segmenter.taxonomy.real_levels))}
    showcase, names = Showcase(), []
    with ExitStack() as stack:
        writers = [] if write_partnet is None else [
            stack.enter_context(PartnetWriter(write_partnet, store.taxonomy, one.level.number, store.split,
                                              min_points, overwrite=True)) for one in measures]
        bar = stack.enter_context(progress_bar())
        task = bar.add_task(f"evaluate {store.category} {store.split}", total=count)
        for index, measured in enumerate(_measured(segmenter, store, count)):
            if isinstance(measured, InputError):
                raise measured
            ap = np.array([one.add(measured)[AT_HALF] for one in measures])
            names.append(measured.shape.anno_id)
            if not np.isnan(ap).all():
                showcase.offer(ShownShape.of(index, float(np.nanmean(ap)), measured.shape, measured.found))
            for (number, coarser), metric in consistency.items():
                fine, coarse = measured.found[number - 1], measured.found[coarser - 1]
                metric.add(fine.semantic, fine.instance, coarse.semantic, coarse.instance)
            for writer, one in zip(writers, measures, strict=bool(writers)):
                _write(writer, measured, one.level.number)
            if dump is not None:
                dump.write(index, measured.shape, measured.found, measured.seen, [one.level for one in measures])
            bar.advance(task)
    return Report(store.category, store.split, count, tuple(one.report() for one in measures),
                  {f"{number} in {coarser}": metric.result() for (number, coarser), metric in consistency.items()},
                  tuple(names), tuple(showcase.shapes))


def _shapes_to_measure(segmenter: Segmenter, store: Store, limit: int | None) -> int:
    """How many there are; InputError where the model is of others, or there is none."""
    if not store.taxonomy.agrees_with(segmenter.taxonomy):
        theirs, ours = store.taxonomy.category, segmenter.taxonomy.category
        raise InputError(f"{store.path}: holds shapes of {theirs}, the model is of {ours}"
                         f"{', with other parts' if theirs == ours else ''}; choose a model of these shapes, or "
                         "prepare them with its parts")
    count = len(store) if limit is None else min(limit, len(store))
    if count < 1:
        raise InputError(f"{store.path}: no shape to evaluate, of {len(store)} there; prepare some, or raise --limit")
    return count


def _measured(segmenter: Segmenter, store: Store, count: int) -> Iterator[_Measured | InputError]:
    """The shapes with what was found in them, in order."""
    def prepare(index: int) -> tuple[Shape, Prepared]:
        shape = store.shape(index)
        return shape, segmenter.prepare(PointCloud(shape.points, shape.normals))

    def compute(shapes: list[tuple[Shape, Prepared]]) -> list[list[LevelOutput]]:
        return segmenter.outputs([prepared for _, prepared in shapes])

    def finish(shape_prepared: tuple[Shape, Prepared], outputs: list[LevelOutput]) -> _Measured:
        shape, prepared = shape_prepared
        batch = collate([make_sample(shape.take(prepared.chosen))]).to(segmenter.device)
        losses = {kind: batch.level_losses(outputs, config) for kind, config in LOSSES.items()}
        try:
            found = segmenter.group(prepared.normalised, outputs)
        except InputError as error:
            raise InputError(f"{store.path}: {shape}: {error}") from error
        seen = Seen(prepared.chosen, [prepared.normalised + output.instance_offset.cpu().numpy() for output in outputs],
                    [level.vote for level in found])
        return _Measured(shape, [level.spread(prepared.nearest) for level in found], seen, losses)

    return overlap(range(count), prepare, compute, finish, segmenter.batch_size)


def _write(writer: PartnetWriter, measured: _Measured, level: int) -> None:
    shape, found = measured.shape, measured.found[level - 1]
    writer.add(shape.points, shape.semantic[level - 1], shape.instance[level - 1], found.semantic, found.instance,
               found.uncertainty)


def _short(values: Iterable[float]) -> list[float | None]:
    """Plain values of six decimals."""
    return [None if value is None else round(value, 6) for value in plain(values)]


def write_report(folder: Path, report: Report, made_by: dict[str, Any]) -> dict[str, Any]:
    """Write the files of an evaluation and return what metrics.json holds; it is last, so where it is, all are whole.

    made_by : plain values that say where the numbers come from: "model", "iteration" and "inputs", the
        ``inputs_checksum``
    """
    make_folder(folder)
    (folder / "metrics.json").unlink(missing_ok=True)
    numbers = {**made_by, **report.to_dict()}
    write_json(folder / "details.json", {**made_by, **report.details()}, indent=None)
    write_shapes(folder / "shapes.npz", list(report.shown))
    write_json(folder / "metrics.json", numbers)
    return numbers


def inputs_checksum(checkpoint: Checkpoint, grouping: GroupingConfig, store: Store, limit: int | None = None) -> str:
    """SHA-256 of what decides an evaluation's numbers, by which one that is there is known to be up to date.

    That is the model, how its votes are grouped, and the shapes: their names and what the store was made from.
    """
    about = [asdict(checkpoint.config), asdict(grouping), store.source, store.split, store.anno_id[:limit]]
    digest = hashlib.sha256(json.dumps(about).encode())
    for name, tensor in sorted(checkpoint.network.state_dict().items()):
        digest.update(name.encode() + tensor.detach().cpu().numpy().tobytes())
    return digest.hexdigest()
