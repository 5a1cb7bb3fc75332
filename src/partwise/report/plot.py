"""Line plots as SVG; their colours are those of the page, light or dark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

import numpy as np

from partwise.report.markup import append, node
from partwise.report.numbers import log_ticks, short, ticks

_LOG_FROM = 50
"""Axes of positive numbers are logarithmic where the largest is this many times the smallest."""
_MOST = 240
"""A line of more points is drawn by the means of this many groups of neighbours."""


@dataclass(frozen=True)
class Line:
    """A curve; a number that is not finite is a gap.

    x, y : (N,) numbers
    colour : 0 to 7, of the page's palette
    faint : drawn thin; dots : each point marked; filled : shaded down to the axis
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    colour: int = 0
    faint: bool = False
    dots: bool = False
    filled: bool = False


@dataclass(frozen=True)
class Frame:
    """Where a plot is drawn: pixels of the whole and of the margins, and how many marks an axis has."""

    width: int = 340
    height: int = 210
    left: int = 40
    right: int = 10
    top: int = 8
    bottom: int = 34
    marks: int = 4


SMALL = Frame(150, 110, 22, 8, 6, 18, 1)


@dataclass(frozen=True)
class _Axis:
    """From numbers to pixels: ``start`` is where the first mark lies, ``end`` the last."""

    marks: list[float]
    start: float
    end: float
    log: bool = False

    def place(self, value: float) -> float:
        low, high, value = (math.log10(one) if self.log else one for one in (self.marks[0], self.marks[-1], value))
        return self.start + (value - low) / (high - low) * (self.end - self.start)


def line_plot(lines: Sequence[Line], label: str, x_title: str = "", y_range: tuple[float, float] | None = None,
              x_range: tuple[float, float] | None = None, frame: Frame | None = None) -> Element:
    """A plot of curves.

    label : what it shows, for those who cannot see it
    y_range, x_range : what the axes cover at least; what the numbers need if None
    """
    frame = frame or Frame()
    lines = [_thinned(line) for line in lines]
    svg = node("svg", node("title", label), viewBox=f"0 0 {frame.width} {frame.height}", role="img", class_="plot")
    x = _axis([value for line in lines for value in line.x], x_range, (frame.left, frame.width - frame.right), frame,
              can_log=False)
    y = _axis([value for line in lines for value in line.y], y_range, (frame.height - frame.bottom, frame.top), frame,
              can_log=y_range is None)
    if x is None or y is None:
        append(svg, node("text", "no numbers", x=frame.width / 2, y=frame.height / 2, class_="mark middle"))
        return svg
    append(svg, *_grid(x, y, frame))
    if x_title:
        append(svg, node("text", x_title, x=frame.width - frame.right, y=frame.height - 4, class_="mark end"))
    for line in lines:
        append(svg, *_curve(line, x, y))
    return svg


def legend(names: Sequence[tuple[str, int]], note: str = "") -> Element:
    """Names with the colours of their lines, in a row."""
    keys = [node("span", node("i", class_=f"key fill{colour}"), name, class_="entry") for name, colour in names]
    return node("p", *keys, *([node("span", note, class_="entry")] if note else []), class_="legend")


def figure(title: str, svg: Element, value: str = "", whole_title: str | None = None) -> Element:
    """A plot with its title above, and a value at the right end of the title.

    whole_title : shown when pointed at, where the title is short or is cut
    """
    caption = node("figcaption", node("span", title, title=whole_title))
    if value:
        caption.append(node("b", value))
    return node("figure", caption, svg)


def _thinned(line: Line) -> Line:
    """Means of groups of neighbours where points are many."""
    if len(line.x) <= _MOST:
        return line
    groups = np.array_split(np.array([line.x, line.y], float).T, _MOST)
    finite = [group[np.isfinite(group).all(1)] for group in groups]
    x, y = np.array([group.mean(0) if len(group) else (np.nan, np.nan) for group in finite]).T.tolist()
    return replace(line, x=x, y=y)


def _axis(values: list[float], wanted: tuple[float, float] | None, pixels: tuple[float, float], frame: Frame,
          can_log: bool) -> _Axis | None:
    values = [value for value in values if math.isfinite(value)]
    if not values:
        return None
    low, high = min(values), max(values)
    if wanted is not None:
        low, high = min(low, wanted[0]), max(high, wanted[1])
    log = can_log and low > 0 and high / low > _LOG_FROM
    return _Axis(log_ticks(low, high) if log else ticks(low, high, frame.marks), *pixels, log)


def _grid(x: _Axis, y: _Axis, frame: Frame) -> list[Element]:
    found = []
    for value in y.marks:
        at = round(y.place(value), 1)
        found += [node("line", x1=frame.left, x2=frame.width - frame.right, y1=at, y2=at, class_="grid"),
                  node("text", short(value), x=frame.left - 5, y=at + 3.5, class_="mark end")]
    for value in x.marks:
        at = round(x.place(value), 1)
        found.append(node("text", short(value), x=at, y=frame.height - frame.bottom + 13, class_="mark middle"))
    return found


def _curve(line: Line, x: _Axis, y: _Axis) -> list[Element]:
    """The pieces between gaps; a piece of one point is a dot."""
    found, kind = [], " faint" if line.faint else ""
    for piece in _pieces(line):
        places = [(round(x.place(a), 1), round(y.place(b), 1)) for a, b in piece]
        path = "M" + "L".join(f"{a:g},{b:g}" for a, b in _corners(places))
        if line.filled:
            floor = f"L{places[-1][0]:g},{y.start:g}L{places[0][0]:g},{y.start:g}Z"
            found.append(node("path", d=path + floor, class_=f"area fill{line.colour}"))
        if len(places) > 1:
            found.append(node("path", node("title", line.name), d=path, class_=f"line{line.colour}{kind}"))
        if line.dots or len(places) == 1:
            found += [node("circle", cx=a, cy=b, r=2, class_=f"fill{line.colour}{kind}") for a, b in places]
    return found


def _pieces(line: Line) -> list[list[tuple[float, float]]]:
    """Runs of finite numbers."""
    found: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(line.x, line.y, strict=True):
        if math.isfinite(x) and math.isfinite(y):
            found[-1].append((x, y))
        elif found[-1]:
            found.append([])
    return [piece for piece in found if piece]


def _corners(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without points on a level stretch, which change nothing of the look."""
    inner = [here for before, here, after in zip(places, places[1:], places[2:], strict=False)
             if not before[1] == here[1] == after[1]]
    return places[:1] + inner + places[1:][-1:]
