"""Precision-recall curves: one of each level over all classes, and a small one for each class."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

import numpy as np

from partwise.report.evaluation import Evaluation, LevelScores
from partwise.report.markup import folded, node
from partwise.report.names import short_names
from partwise.report.numbers import percent
from partwise.report.plot import SMALL, Line, figure, legend, line_plot

RECALLS = np.linspace(0, 1, 101).tolist()
_UNIT = (0.0, 1.0)


def mean_curve(level: LevelScores, name: str, colour: int) -> Line | None:
    """Mean precision of the classes that have true instances, at each recall; its mean is the level's AP."""
    curves = [one.precision for one in level.classes if one.precision is not None]
    return Line(name, RECALLS, np.mean(curves, axis=0).tolist(), colour) if curves else None


def precision_recall(evaluation: Evaluation) -> list[Element]:
    """Nothing where the curves are not known."""
    means = [(level, mean_curve(level, f"level {level.number}", level.number - 1)) for level in evaluation.levels]
    lines = [(level, line) for level, line in means if line is not None]
    if not lines:
        return []
    key = legend([(f"level {level.number}: AP50 {percent(level.at_half(level.mean_ap['partnet']))} %", line.colour)
                  for level, line in lines])
    return [node("p", "At IoU 0.5 under PartNet's protocol. Vertical: precision, the largest at this recall or at a "
                 "higher one, so that the area under a curve is its AP. Horizontal: recall."),
            key, figure("Mean over classes", precision_plot([line for _, line in lines], "Mean over classes")),
            *(folded(f"Level {level.number}: a curve for each class", _classes(level), opened=place == 0)
              for place, (level, _) in enumerate(lines))]


def precision_plot(lines: Sequence[Line], label: str) -> Element:
    """Precision over recall, both from 0 to 1."""
    return line_plot(lines, label, "recall", _UNIT, _UNIT)


def _classes(level: LevelScores) -> Element:
    found = []
    for one, name in zip(level.classes, short_names([one.name for one in level.classes]), strict=True):
        if one.precision is None:
            continue
        line = Line(one.name, RECALLS, one.precision, level.number - 1, filled=True)
        svg = line_plot([line], f"Precision and recall of {one.name}", "", _UNIT, _UNIT, SMALL)
        found.append(figure(name, svg, percent(level.at_half(one.ap["partnet"])), one.name))
    return node("div", *found, class_="plots small")
