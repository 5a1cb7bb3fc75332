"""Confusion matrices of classes, and what is confused most."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

import numpy as np

from partwise.report.evaluation import Evaluation
from partwise.report.markup import folded, node, table
from partwise.report.names import short_names
from partwise.report.numbers import percent
from partwise.report.scores import path

_NUMBERS_UP_TO = 12
"""Cells of larger matrices are too small for numbers."""
_MOST = 8


def confusion_matrices(evaluation: Evaluation) -> list[Element]:
    """Nothing where they are not known."""
    known = [(level, level.confusion) for level in evaluation.levels
             if level.confusion is not None and level.confusion.any()]
    if not known:
        return []
    return [node("p", "Of the points of a true class (row), the share, in %, that was found to be of each class "
                 "(column). All points of all shapes count. Point at a cell for its numbers."),
            *(folded(f"Level {level.number}", node("div", _matrix(level.names, confusion),
                                                   _worst(level.names, confusion), class_="beside"),
                     opened=place == 0) for place, (level, confusion) in enumerate(known))]


def shares(confusion: np.ndarray) -> np.ndarray:
    """(C, C) share of each row's points; 0 in a row without points."""
    total = confusion.sum(1, keepdims=True)
    return np.divide(confusion, total, out=np.zeros(confusion.shape), where=total > 0)


def _matrix(all_names: Sequence[str], confusion: np.ndarray) -> Element:
    """Classes that are neither true nor predicted of any point are left out."""
    present = np.flatnonzero(confusion.sum(0) + confusion.sum(1)).tolist()
    names = [all_names[one] for one in present]
    short, part = short_names(names), shares(confusion)[np.ix_(present, present)]
    head = node("tr", node("th"), *(node("th", node("span", one), title=name, class_="upright")
                                    for one, name in zip(short, names, strict=True)))
    rows = [node("tr", node("th", one, title=name),
                 *(_cell(float(share), name, other, len(names)) for share, other in zip(row, names, strict=True)))
            for row, one, name in zip(part, short, names, strict=True)]
    return node("div", node("table", head, *rows, class_="matrix" if len(names) > _NUMBERS_UP_TO else "matrix large"),
                class_="wide")


def _cell(share: float, name: str, other: str, count: int) -> Element:
    if share == 0:
        return node("td")
    text = f"{100 * share:.0f}" if count <= _NUMBERS_UP_TO and share >= 0.005 else ""
    kind = "right" if name == other else "wrong"
    return node("td", text, class_=f"{kind} strong" if share > 0.55 else kind, style=f"--share:{share:.3f}",
                title=f"{percent(share)} % of {name}: {other}")


def _worst(names: Sequence[str], confusion: np.ndarray) -> Element:
    """The pairs of classes that most points lie in."""
    wrong, part = confusion * ~np.eye(len(confusion), dtype=bool), shares(confusion)
    order = np.argsort(-wrong, axis=None, kind="stable")[:_MOST]
    pairs = [(int(row), int(column)) for row, column in zip(*np.unravel_index(order, wrong.shape), strict=True)
             if wrong[row, column]]
    total = confusion.sum()
    return table(["true class", "found to be", "% of its points", "% of all points"],
                 [[path(names[row]), path(names[column]), percent(float(part[row, column])),
                   percent(wrong[row, column] / total)] for row, column in pairs], 2, "Confused most")
