"""How fast and how light the metrics are, beside their definition written with masks.

Run: python -m benchmarks.metrics [--full] [--json FILE]

Measured is all that ``evaluate`` works out from labels: instance scores under both protocols at three IoU thresholds,
and semantic scores with and without other, at three levels. The shapes are made up: Chair's class counts, 5 to 40
instances, points of other, and predictions with wrong classes and points, instances split and joined, and fragments
too small to count. They are made one by one, outside the clock. Times are processor time, so that other work on the
machine does not count.
"""

import json
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import tyro

from partwise.cli.tables import new_table, show
from partwise.metrics import InstanceMetric, Protocol, SemanticMetric, joint_table
from partwise.metrics.instances import THRESHOLDS
from partwise.taxonomy import LEVELS, OTHER, load_taxonomy

N_CLASS = load_taxonomy("Chair").n_class
PROTOCOLS: tuple[Protocol, ...] = ("partnet", "released")
MIN_POINTS = 10
RECALLS = np.arange(101)


@dataclass(frozen=True)
class Settings:
    """Measure the metrics."""

    shapes: int = 200
    """Shapes to time."""
    points: int = 10_000
    """Points a shape."""
    reference: int = 20
    """Shapes to compare with the definition."""
    test_set: int = 1217
    """Shapes to measure memory on: those of Chair's test set."""
    seed: int = 0
    """Decides all shapes."""
    full: bool = False
    """Also measure how time grows with points and instances."""
    json: Path | None = None
    """File for all numbers."""


@dataclass(frozen=True)
class Labels:
    """One shape at one level, all (N,): true and predicted class id and instance id, and float32 entropy."""

    semantic: np.ndarray
    instance: np.ndarray
    predicted_semantic: np.ndarray
    predicted_instance: np.ndarray
    entropy: np.ndarray

    def __getitem__(self, points: np.ndarray) -> "Labels":
        return Labels(*(array[points] for array in self.arrays))

    @property
    def arrays(self) -> list[np.ndarray]:
        return [getattr(self, field.name) for field in fields(self)]


def make_labels(rng: np.random.Generator, n_point: int, n_class: int, n_instance: int) -> Labels:
    """A shape of ``n_instance`` instances and other, and a prediction that is right in most of it."""
    share = np.append(0.05, 0.95 * rng.dirichlet(np.full(n_instance, 1.0)))  # part 0 is other
    part = np.searchsorted(np.cumsum(share)[:-1], rng.random(n_point))
    frequency = 1 / np.arange(1, n_class)
    part_class = np.append(OTHER, rng.choice(np.arange(1, n_class), n_instance, p=frequency / frequency.sum()))
    fragments = 3
    count = n_instance + 1
    # Predicted instances: each part, the piece split off it, and fragments. A joined part takes its class's first id.
    first = np.array([np.flatnonzero(part_class == one)[0] for one in part_class])
    target = np.where(rng.random(count) < 0.1, first, np.arange(count))
    found_class = np.where(rng.random(count) < 0.12, rng.integers(0, n_class, count), part_class)
    found_class = np.concatenate([found_class, found_class, rng.integers(1, n_class, fragments)])
    split = (rng.random(count) < 0.2)[part] & (rng.random(n_point) < 0.3)
    found = np.where(rng.random(n_point) < 0.05, rng.integers(0, count, n_point), target[part]) + count * split
    found[rng.integers(0, n_point, (fragments, 8))] = 2 * count + np.arange(fragments)[:, None]
    entropy = rng.standard_exponential(n_point, np.float32) * rng.uniform(0.05, 0.8, len(found_class))[found]
    return Labels(part_class[part].astype(np.uint8), np.where(part > 0, part - 1, -1).astype(np.int16),
                  found_class[found], found, entropy.astype(np.float32))


def test_set(settings: Settings, count: int) -> Iterator[tuple[int, Labels]]:
    """Level index and labels, one shape after the other; the first shapes are the same for any count."""
    rng = np.random.default_rng(settings.seed)
    for _, level in product(range(count), range(len(LEVELS))):
        yield level, make_labels(rng, settings.points, N_CLASS[level], int(rng.integers(5, 41)))


class LevelMetrics:
    """What ``evaluate`` collects from the labels of one level."""

    def __init__(self, n_class: int) -> None:
        self.instances = {protocol: InstanceMetric(n_class) for protocol in PROTOCOLS}
        self.semantic = [SemanticMetric(n_class, False), SemanticMetric(n_class)]

    def add(self, labels: Labels) -> None:
        table = joint_table(*labels.arrays, min_points=MIN_POINTS)
        for protocol, metric in self.instances.items():
            metric.add(table.comparison(protocol))
        for one in self.semantic:
            one.add(labels.semantic, labels.predicted_semantic)

    def result(self) -> np.ndarray:
        """All scores in one row."""
        found: list[Any] = []
        for scores in (metric.result() for metric in self.instances.values()):
            found += [scores.ap.ravel(), scores.mean_ap, scores.shape_mean_ap]
        for one in (metric.result() for metric in self.semantic):
            found += [[one.accuracy, one.miou_v1, one.miou_v2, one.miou_v3], one.iou_per_class]
        return np.concatenate(found)


Outcome = tuple[int, float, tuple[bool, ...]]
"""Class and confidence of a prediction, and whether it hits at each threshold."""


class Definition:
    """The same from masks, as the protocols read: each prediction against each true instance of its class."""

    def __init__(self, n_class: int) -> None:
        self.n_class = n_class
        self.shapes: list[Labels] = []

    def add(self, labels: Labels) -> None:
        self.shapes.append(labels)

    def result(self) -> np.ndarray:
        parts = [labels[labels.semantic != OTHER] for labels in self.shapes]
        return np.concatenate([score(shapes, self.n_class) for score in (instance_scores, semantic_scores)
                               for shapes in (self.shapes, parts)])


def masks(semantic: np.ndarray, instance: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Class and mask of each instance."""
    pairs = np.unique(np.stack([semantic, instance]), axis=1).T.tolist()
    return [(class_id, (semantic == class_id) & (instance == number)) for class_id, number in pairs
            if class_id != OTHER and number >= 0]


def outcomes(labels: Labels) -> tuple[list[Outcome], list[int]]:
    """The predictions, best first, and the class of each true instance."""
    truth = masks(labels.semantic, labels.instance)
    predictions = [(class_id, float(np.float32(1 - labels.entropy[mask].mean(dtype=float))), mask)
                   for class_id, mask in masks(labels.predicted_semantic, labels.predicted_instance)
                   if mask.sum() > MIN_POINTS]
    predictions.sort(key=lambda one: -one[1])
    part = labels.semantic != OTHER
    iou = [[(mask & part & true).sum() / (mask & part | true).sum() if true_class == class_id else 0.0
            for true_class, true in truth] for class_id, _, mask in predictions]
    hits = zip(*(match(iou, threshold) for threshold in THRESHOLDS), strict=True)
    return ([(class_id, confidence, hit) for (class_id, confidence, _), hit in zip(predictions, hits, strict=True)],
            [class_id for class_id, _ in truth])


def match(iou: list[list[float]], threshold: float) -> list[bool]:
    """Whether each prediction, best first, hits: its best true instance that is free is taken, the first of equals."""
    hits, free = [], list(range(len(iou[0]) if iou else 0))
    for row in iou:
        best = max(free, key=row.__getitem__, default=-1)
        hits.append(best >= 0 and row[best] > threshold)
        if hits[-1]:
            free.remove(best)
    return hits


def precision_mean(hits: Sequence[bool], n_truth: int) -> float:
    """Average precision of hits, best first."""
    if not hits or not n_truth:
        return 0.0 if n_truth else np.nan
    found = np.append(0, np.cumsum(hits))
    precision = np.append(1, found[1:] / np.arange(1, len(found)))
    return float(np.mean([precision[100 * found >= recall * n_truth].max(initial=0) for recall in RECALLS]))


def instance_scores(shapes: list[Labels], n_class: int) -> np.ndarray:
    """Average precision of each class, their mean, and the mean over shapes; each at all thresholds."""
    found = [outcomes(labels) for labels in shapes]
    everything = sorted((row for rows, _ in found for row in rows), key=lambda row: -row[1])
    true_classes = [class_id for _, classes in found for class_id in classes]
    ap = np.array([[precision_mean([row[2][column] for row in everything if row[0] == class_id],
                                   true_classes.count(class_id)) for class_id in range(n_class)]
                   for column in range(len(THRESHOLDS))])
    means = [[np.mean([np.nan_to_num(precision_mean([row[2][column] for row in rows if row[0] == class_id],
                                                    classes.count(class_id)))
                       for class_id in {*classes, *(row[0] for row in rows)}])
              for column in range(len(THRESHOLDS))] for rows, classes in found if rows or classes]
    return np.concatenate([ap.ravel(), np.nanmean(ap, axis=1), np.mean(means, axis=0)])


def semantic_scores(shapes: list[Labels], n_class: int) -> np.ndarray:
    """Accuracy, the three mIoU, and IoU of each class over all points."""
    shared, union, true = np.zeros((3, len(shapes), n_class))
    for row, labels in enumerate(shapes):
        for label in range(n_class):
            truth, found = labels.semantic == label, labels.predicted_semantic == label
            shared[row, label], union[row, label] = (truth & found).sum(), (truth | found).sum()
            true[row, label] = truth.sum()
    iou = shared / np.where(union, union, np.nan)
    total = shared.sum(0) / np.where(true.any(0), union.sum(0), np.nan)
    accuracy = (shared.sum(1) / true.sum(1)).mean()
    v1, v3 = (np.nanmean(values, axis=1).mean() for values in (np.where(true, iou, np.nan), iou))
    return np.concatenate([[accuracy, v1, np.nanmean(total), v3], total])


def timed(make: Callable[[int], Any], shapes: Iterator[tuple[int, Labels]]) -> tuple[np.ndarray, list[np.ndarray]]:
    """(3,) seconds of processor time at each level, and the scores of each level."""
    seconds, metrics = np.zeros(len(LEVELS)), [make(count) for count in N_CLASS]
    for level, labels in shapes:
        start = time.process_time()
        metrics[level].add(labels)
        seconds[level] += time.process_time() - start
    scores = []
    for level, metric in enumerate(metrics):
        start = time.process_time()
        scores.append(metric.result())
        seconds[level] += time.process_time() - start
    return seconds, scores


def by_level(settings: Settings) -> list[dict[str, Any]]:
    """Time of each level, and one score, which tells that predictions are neither perfect nor noise."""
    seconds, scores = timed(LevelMetrics, test_set(settings, settings.shapes))
    at_50 = THRESHOLDS.index(0.5)
    return [{"level": level, "classes": n_class, "shapes": settings.shapes, "seconds": one,
             "ms_a_shape": 1000 * one / settings.shapes, "partnet_map_50": row[len(THRESHOLDS) * n_class + at_50]}
            for level, n_class, one, row in zip(LEVELS, N_CLASS, seconds.tolist(), scores, strict=True)]


def against_definition(settings: Settings) -> dict[str, Any]:
    """Both on the first shapes; stops where they differ."""
    ours, found = timed(LevelMetrics, test_set(settings, settings.reference))
    theirs, expected = timed(Definition, test_set(settings, settings.reference))
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)
    return {"shapes": settings.reference, "seconds": ours.sum(), "definition_seconds": theirs.sum(),
            "ratio": theirs.sum() / ours.sum(), "numbers_compared": sum(len(one) for one in found)}


def memory(settings: Settings) -> dict[str, float]:
    """What metrics of all levels keep for a test set, and the most there ever is, one shape's labels included."""
    tracemalloc.start()
    metrics = [LevelMetrics(count) for count in N_CLASS]
    for level, labels in test_set(settings, settings.test_set):
        metrics[level].add(labels)
    kept, _ = tracemalloc.get_traced_memory()
    for metric in metrics:
        metric.result()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {"shapes": settings.test_set, "kept_mb": kept / 1e6, "peak_mb": peak / 1e6,
            "kept_bytes_a_shape_and_level": kept // (settings.test_set * len(LEVELS))}


def growth(settings: Settings) -> list[dict[str, Any]]:
    """Milliseconds for one shape of level 3, by points, instances and kind of ids."""
    rows = []
    for n_point, n_instance in product((10_000, 100_000, 1_000_000), (40, 200, 1000)):
        labels = make_labels(np.random.default_rng(settings.seed), n_point, N_CLASS[2], n_instance)
        spread = replace(labels, instance=labels.instance.astype(np.int64) * 10**15,
                         predicted_instance=labels.predicted_instance * 10**15)
        rows.append({"points": n_point, "instances": n_instance,
                     **{name: 1000 * min(add_seconds(one) for _ in range(5))
                        for name, one in {"ms": labels, "ms_huge_ids": spread}.items()}})
    return rows


def add_seconds(labels: Labels) -> float:
    metric = LevelMetrics(N_CLASS[2])
    start = time.process_time()
    metric.add(labels)
    return time.process_time() - start


def print_table(title: str, rows: list[dict[str, Any]]) -> None:
    table = new_table(title, [], [name.replace("_", " ") for name in rows[0]])
    for row in rows:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else f"{value:,.2f}" for value in row.values()))
    show(table)


def main(settings: Settings) -> None:
    results: dict[str, Any] = {"settings": {name: value for name, value in vars(settings).items() if name != "json"}}
    results["levels"] = by_level(settings)
    print_table(f"All metrics: {sum(row['seconds'] for row in results['levels']):.2f} s", results["levels"])
    results["definition"] = against_definition(settings)
    print_table("Beside the definition with masks, same numbers", [results["definition"]])
    results["memory"] = memory(settings)
    print_table("Memory for Chair's test set", [results["memory"]])
    if settings.full:
        results["growth"] = growth(settings)
        print_table("One shape, milliseconds", results["growth"])
    if settings.json:
        settings.json.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
