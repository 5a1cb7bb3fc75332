"""All metrics of a model on a store, at the category's real levels, under PartNet's and the released protocol."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from partwise.data.batches import collate
from partwise.data.sample import Sample, make_sample
from partwise.data.store import Store
from partwise.errors import InputError
from partwise.export import PartnetWriter
from partwise.grouping.instances import LevelInstances
from partwise.metrics.comparison import Protocol, joint_table
from partwise.metrics.instances import InstanceMetric, InstanceScores
from partwise.metrics.semantic import SemanticMetric, SemanticScores
from partwise.nn.losses import LevelLoss
from partwise.nn.network import LevelOutput
from partwise.overlap import overlap
from partwise.progress import progress_bar
from partwise.segmenter import Segmenter, group_outputs
from partwise.shape import Shape
from partwise.taxonomy import Level

PROTOCOLS: tuple[Protocol, ...] = ("partnet", "released")
"""PartNet's instance protocol first: it is the one to report."""

LOSSES = ("all", "ignore_other")
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


@dataclass(frozen=True)
class Report:
    """Everything measured on a store."""

    category: str
    split: str
    n_shape: int
    levels: tuple[LevelReport, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; a number that is not defined is None."""
        return {"category": self.category, "split": self.split, "n_shape": self.n_shape, "levels": {
            str(report.level.number): {
                **{name: scores.to_dict(report.level.names) for name, scores in report.instances.items()},
                "semantic": {name: scores.to_dict(report.level.names) for name, scores in report.semantic.items()},
                "losses": report.losses,
            } for report in self.levels}}


@dataclass(frozen=True)
class _Measured:
    """One shape, what was found in it at levels 1, 2, 3, and its losses by the choices of LevelReport."""

    shape: Shape
    found: list[LevelInstances]
    losses: dict[str, list[LevelLoss]]


class _LevelMeasures:
    """Collects what is measured at one level."""

    def __init__(self, level: Level, min_points: int) -> None:
        self.level, self.min_points = level, min_points
        self.instances = {name: InstanceMetric(level.n_class) for name in PROTOCOLS}
        self.semantic = {"all": SemanticMetric(level.n_class, False), "ignore_other": SemanticMetric(level.n_class)}
        self.losses: dict[str, list[dict[str, float]]] = {kind: [] for kind in LOSSES}

    def add(self, measured: _Measured) -> None:
        row = self.level.number - 1
        semantic, instance, found = measured.shape.semantic[row], measured.shape.instance[row], measured.found[row]
        table = joint_table(semantic, instance, found.semantic, found.instance, found.entropy, self.min_points)
        for protocol, metric in self.instances.items():
            metric.add(table.comparison(protocol))
        for semantic_metric in self.semantic.values():
            semantic_metric.add(semantic, found.semantic)
        for kind, losses in measured.losses.items():
            self.losses[kind].append({name: float(value) for name, value in vars(losses[row]).items()
                                      if name != "accuracy"})

    def report(self) -> LevelReport:
        losses = {kind: {name: float(np.mean([one[name] for one in rows])) for name in rows[0]}
                  for kind, rows in self.losses.items() if rows}
        return LevelReport(self.level, {name: metric.result() for name, metric in self.instances.items()},
                           {name: metric.result() for name, metric in self.semantic.items()}, losses)


def evaluate(segmenter: Segmenter, store: Store, limit: int | None = None,
             write_partnet: Path | None = None) -> Report:
    """Segment the shapes of a store and compare with their labels.

    limit : number of shapes from the start; None for all
    write_partnet : folder for PartNet's own truth and prediction files

    Shapes are read and grouped in the background while the network runs; a shape's outputs do not depend on what else
    is in its batch, but for rounding. Raises InputError where the model is of another category, the store holds no
    shape, or a shape is damaged.
    """
    if store.category != segmenter.config.category:
        raise InputError(f"{store.path}: holds shapes of {store.category}, the model is of {segmenter.config.category}")
    count = len(store) if limit is None else min(limit, len(store))
    if count < 1:
        raise InputError(f"{store.path}: no shape to evaluate, of {len(store)} there")
    min_points = segmenter.grouping.min_points
    measures = [_LevelMeasures(level, min_points) for level in segmenter.taxonomy.levels if level.is_real]
    with ExitStack() as stack:
        writers = [] if write_partnet is None else [
            stack.enter_context(PartnetWriter(write_partnet, store.category, one.level.number, store.split,
                                              min_points, overwrite=True)) for one in measures]
        bar = stack.enter_context(progress_bar())
        task = bar.add_task(f"evaluate {store.category} {store.split}", total=count)
        for measured in _measured(segmenter, store, count):
            if isinstance(measured, InputError):
                raise measured
            for one in measures:
                one.add(measured)
            for writer, one in zip(writers, measures, strict=bool(writers)):
                _write(writer, measured, one.level.number)
            bar.advance(task)
    return Report(store.category, store.split, count, tuple(one.report() for one in measures))


def _measured(segmenter: Segmenter, store: Store, count: int) -> Iterator[_Measured | InputError]:
    """The shapes with what was found in them, in order."""
    def prepare(index: int) -> tuple[Shape, Sample]:
        shape = store.shape(index)
        return shape, make_sample(shape)

    def compute(shapes: list[tuple[Shape, Sample]]) -> list[list[LevelOutput]]:
        return segmenter.network_outputs(*zip(*((one.points, one.normals) for _, one in shapes), strict=True))

    def finish(prepared: tuple[Shape, Sample], outputs: list[LevelOutput]) -> _Measured:
        shape, sample = prepared
        batch = collate([sample]).to(segmenter.device)
        losses = {kind: batch.level_losses(outputs, ignore_other=kind == "ignore_other") for kind in LOSSES}
        return _Measured(shape, group_outputs(outputs, sample.points, segmenter.grouping), losses)

    return overlap(range(count), prepare, compute, finish, segmenter.batch_size)


def _write(writer: PartnetWriter, measured: _Measured, level: int) -> None:
    shape, found = measured.shape, measured.found[level - 1]
    writer.add(shape.points, shape.semantic[level - 1], shape.instance[level - 1], found.semantic, found.instance,
               found.entropy)
