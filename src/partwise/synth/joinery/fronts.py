"""Front panels of doors and drawers: slabs, frames with panels or glass, louvres."""

from typing import NamedTuple

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.chance import between, pick
from partwise.synth.joinery.cells import Cell, board
from partwise.synth.placing import join, move, turn
from partwise.synth.solids import box, prism, rounded_rectangle

KINDS = {"slab": 9, "shaker": 3, "raised": 3.5, "glass": 1.5, "louvred": 0.5, "grooved": 0.8, "framed": 1}


class FrontStyle(NamedTuple):
    """kind : one of ``KINDS``; rail : width of a frame's bars; bars : of a glass door's lattice, across and up."""

    kind: str
    thickness: float
    rail: float
    bevel: float
    bars: tuple[int, int]


def front_style(random: np.random.Generator, kind: str | None = None) -> FrontStyle:
    bars = (int(random.integers(0, 3)), int(random.integers(0, 4))) if random.random() < 0.4 else (0, 0)
    return FrontStyle(kind or pick(random, KINDS), between(random, 0.014, 0.028), between(random, 0.035, 0.075),
                      0.002 if random.random() < 0.5 else 0.0, bars)


def front(style: FrontStyle, width: float, height: float) -> Mesh:
    """A panel centred in x and y, from z = 0 to its thickness."""
    thick, rail = style.thickness, min(style.rail, 0.3 * width, 0.3 * height)
    hole = Cell(-width / 2, width / 2, -height / 2, height / 2, 0, thick).grown(-rail, -rail)
    if style.kind == "slab" or min(hole.width, hole.height) < 0.02:
        return move(box((width, height, thick), style.bevel), (0, 0, thick / 2))
    frame = _frame(width, height, rail, thick)
    if style.kind == "raised":
        return join(*frame, _raised(hole, thick))
    if style.kind == "glass":
        pane = hole._replace(back=0.4 * thick, front=0.4 * thick + 0.004)
        return join(*frame, board(pane), *_lattice(hole, style.bars))
    if style.kind == "louvred":
        return join(*frame, *_louvres(hole, thick))
    if style.kind == "grooved":
        return join(*frame, *(board(strip, 0.002) for strip in
                              hole._replace(front=0.6 * thick).columns(np.ones(max(2, int(hole.width / 0.06))), 0.003)))
    depth = 0.35 if style.kind == "shaker" else 0.8
    return join(*frame, board(hole._replace(front=depth * thick)))


def _frame(width: float, height: float, rail: float, thick: float) -> list[Mesh]:
    whole = Cell(-width / 2, width / 2, -height / 2, height / 2, 0, thick)
    stiles = [whole._replace(right=whole.left + rail), whole._replace(left=whole.right - rail)]
    middle = whole.grown(x=-rail)
    return [board(cell, 0.0015) for cell in (*stiles, middle._replace(top=whole.bottom + rail),
                                             middle._replace(bottom=whole.top - rail))]


def _raised(hole: Cell, thick: float) -> Mesh:
    """A field with sloping edges, on a thin board."""
    slope = min(0.035, 0.3 * hole.width, 0.3 * hole.height)
    field = turn(prism(rounded_rectangle(hole.width - 0.01, hole.height - 0.01), 0.9 * thick, 0.4 * thick), "x", 90)
    inner = board(hole.grown(-slope, -slope)._replace(front=1.05 * thick), 0.3 * thick)
    return join(move(field, (0, 0, 0.45 * thick)), inner)


def _lattice(hole: Cell, bars: tuple[int, int]) -> list[Mesh]:
    slim = hole._replace(back=0.2 * hole.front, front=0.8 * hole.front)
    upright = np.linspace(hole.left, hole.right, bars[0] + 2)[1:-1]
    across = np.linspace(hole.bottom, hole.top, bars[1] + 2)[1:-1]
    return [*(board(slim._replace(left=at - 0.006, right=at + 0.006)) for at in upright),
            *(board(slim._replace(bottom=at - 0.006, top=at + 0.006)) for at in across)]


def _louvres(hole: Cell, thick: float) -> list[Mesh]:
    count = int(np.clip(hole.height / 0.045, 3, 16))
    slat = turn(box((hole.width, 1.1 * hole.height / count, 0.006)), "x", 30)
    return [move(slat, (0, y, thick / 2)) for y in
            hole.bottom + hole.height * (np.arange(count) + 0.5) / count]
