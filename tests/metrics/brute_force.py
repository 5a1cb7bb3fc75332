"""An evaluator written from the protocol's text: sets of points, loops, exact fractions. Slow on purpose."""

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np


@dataclass
class BruteShape:
    """One shape: true parts (points, class), predictions (points, class, confidence), and other points."""

    truth: list = field(default_factory=list)
    predictions: list = field(default_factory=list)
    other: frozenset = frozenset()


def from_labels(protocol, semantic, instance, predicted_semantic, predicted_instance, entropy, min_points=10):
    """The parts of a labelled shape."""
    other = frozenset(np.flatnonzero(semantic == 0).tolist())
    true_parts, predicted_parts = defaultdict(set), defaultdict(set)
    for point in range(len(semantic)):
        if point not in other:
            true_parts[int(semantic[point]), int(instance[point])].add(point)
        elif protocol == "released":
            continue
        if predicted_semantic[point] != 0:
            predicted_parts[int(predicted_semantic[point]), int(predicted_instance[point])].add(point)
    predictions = []
    for (class_id, _), points in sorted(predicted_parts.items()):
        if len(points) > min_points:
            total = sum(Fraction(float(entropy[point])) for point in points)
            predictions.append((points, class_id, 1 - total / len(points)))
    truth = [(points, class_id) for (class_id, _), points in sorted(true_parts.items())]
    return BruteShape(truth, predictions, other)


def from_masks(masks, valid, confidence, labels, true_masks, true_valid, true_labels, other):
    """The parts of a shape given by masks."""
    def points(mask):
        return set(np.flatnonzero(mask).tolist())
    truth = [(points(true_masks[row]), int(true_labels[row])) for row in np.flatnonzero(true_valid)]
    predictions = [(points(masks[row]), int(labels[row]), Fraction(float(confidence[row])))
                   for row in np.flatnonzero(valid)]
    return BruteShape(truth, predictions, frozenset(points(other)))


def _match(shape, threshold):
    """[(class, confidence, hit)] in descending confidence."""
    used, outcome = set(), []
    for points, class_id, confidence in sorted(shape.predictions, key=lambda item: -item[2]):
        points = points - shape.other
        best, best_row = Fraction(0), None
        for row, (true_points, true_class) in enumerate(shape.truth):
            if true_class != class_id or row in used or not points | true_points:
                continue
            iou = Fraction(len(points & true_points), len(points | true_points))
            if iou > best:
                best, best_row = iou, row
        hit = best > threshold
        if hit:
            used.add(best_row)
        outcome.append((class_id, confidence, hit))
    return outcome


def average_precision(hits, n_truth):
    """AP of hits in descending confidence, as a fraction."""
    if not hits:
        return Fraction(0)
    curve, found = [(Fraction(0), Fraction(1))], 0
    for number, hit in enumerate(hits, 1):
        found += bool(hit)
        curve.append((Fraction(found, n_truth), Fraction(found, number)))
    total = Fraction(0)
    for step in range(101):
        total += max((precision for recall, precision in curve if recall >= Fraction(step, 100)), default=0)
    return total / 101


def _count(shape, class_id):
    return sum(true_class == class_id for _, true_class in shape.truth)


def evaluate(shapes, n_class, threshold):
    """(AP per class or None, mAP or None, shape mAP or None)."""
    outcomes = [_match(shape, Fraction(threshold)) for shape in shapes]
    ap = [None] * n_class
    for class_id in range(1, n_class):
        n_truth = sum(_count(shape, class_id) for shape in shapes)
        if n_truth:
            rows = [row for outcome in outcomes for row in outcome if row[0] == class_id]
            rows.sort(key=lambda row: -row[1])
            ap[class_id] = average_precision([row[2] for row in rows], n_truth)
    means = []
    for shape, outcome in zip(shapes, outcomes, strict=True):
        values = []
        for class_id in range(1, n_class):
            hits, n_truth = [row[2] for row in outcome if row[0] == class_id], _count(shape, class_id)
            if n_truth or hits:
                values.append(average_precision(hits, n_truth) if n_truth else Fraction(0))
        if values:
            means.append(sum(values) / len(values))
    defined = [value for value in ap if value is not None]
    return (ap, sum(defined) / len(defined) if defined else None, sum(means) / len(means) if means else None)
