"""All metrics of a model on a store, at the category's real levels, under PartNet's and the released protocol."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from partwise.data.batches import collate
from partwise.data.sample import make_sample
from partwise.data.store import Store
from partwise.errors import InputError
from partwise.export import PartnetWriter
from partwise.grouping.instances import LevelInstances
from partwise.metrics.comparison import joint_table
from partwise.metrics.instances import InstanceMetric, InstanceScores
from partwise.metrics.semantic import SemanticMetric, SemanticScores
from partwise.nn.losses import LevelLoss
from partwise.progress import progress_bar
from partwise.segmenter import Segmenter, group_outputs
from partwise.shape import Shape
from partwise.taxonomy import Level

PROTOCOLS = ("partnet", "released")
"""PartNet's instance protocol first: it is the one to report."""


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


class _LevelMeasures:
    """Collects what is measured at one level."""

    def __init__(self, level: Level, min_points: int) -> None:
        self.level, self.min_points = level, min_points
        self.instances = {name: InstanceMetric(level.n_class) for name in PROTOCOLS}
        self.semantic = {"all": SemanticMetric(level.n_class, False), "ignore_other": SemanticMetric(level.n_class)}
        self.losses: dict[str, list[dict[str, float]]] = {"all": [], "ignore_other": []}

    def add(self, shape: Shape, found: LevelInstances) -> None:
        semantic, instance = shape.semantic[self.level.number - 1], shape.instance[self.level.number - 1]
        table = joint_table(semantic, instance, found.semantic, found.instance, found.entropy, self.min_points)
        for protocol, metric in self.instances.items():
            metric.add(table.comparison(protocol))  # type: ignore[arg-type]
        for semantic_metric in self.semantic.values():
            semantic_metric.add(semantic, found.semantic)

    def add_losses(self, kind: str, loss: LevelLoss) -> None:
        self.losses[kind].append({name: float(value) for name, value in vars(loss).items() if name != "accuracy"})

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

    Shapes are taken one by one, so that nothing depends on a batch size. Raises InputError where the model is
    of another category or the store holds no shape.
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
        for index in range(count):
            shape = store.shape(index)
            found = _measure(segmenter, shape, measures)
            for writer, one in zip(writers, measures, strict=bool(writers)):
                _write(writer, shape, found[one.level.number - 1], one.level.number)
            bar.advance(task)
    return Report(store.category, store.split, count, tuple(one.report() for one in measures))


def _measure(segmenter: Segmenter, shape: Shape, measures: list[_LevelMeasures]) -> list[LevelInstances]:
    sample = make_sample(shape)
    outputs = segmenter.outputs(sample.points, sample.normals)
    found = group_outputs(outputs, sample.points, segmenter.grouping)
    batch = collate([sample]).to(segmenter.device)
    for kind in ("all", "ignore_other"):
        losses = batch.level_losses(outputs, ignore_other=kind == "ignore_other")
        for one in measures:
            one.add_losses(kind, losses[one.level.number - 1])
    for one in measures:
        one.add(shape, found[one.level.number - 1])
    return found


def _write(writer: PartnetWriter, shape: Shape, found: LevelInstances, level: int) -> None:
    writer.add(shape.points, shape.semantic[level - 1], shape.instance[level - 1], found.semantic, found.instance,
               found.entropy)
