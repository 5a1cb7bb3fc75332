"""What storage furniture stands on."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from partwise.synth.categories.storage_furniture.paths import (
    AT,
    BASE_BOTTOM,
    BASE_SIDE,
    CASTER,
    CASTER_STEM,
    FOOT,
    TOP,
    WHEEL,
)
from partwise.synth.chance import between, chance, pick
from partwise.synth.joinery.cabinets import Style, carcass
from partwise.synth.joinery.cells import Cell, around, board
from partwise.synth.joinery.legs import caster, foot, leg, leg_style
from partwise.synth.parts import Part, one
from partwise.synth.placing import join, mirror, move, turn
from partwise.synth.solids import prism, rod

KINDS = {"none": 4, "plinth": 5, "slab": 0.7, "feet": 2.5, "legs": 3, "brackets": 1.2, "casters": 0.7, "sled": 0.5}


def body(random: np.random.Generator, style: Style, size: tuple[float, float, float],
         kinds: Mapping[str, float] = KINDS, back: float = 0.9, bottom: float = 1.0,
         rise: float | None = None) -> tuple[list[Part], Cell, Cell]:
    """A carcass of ``size`` (x, y, z) with a top panel on a base: its parts, the space it takes, the space inside.

    kinds : weights of the kinds of base
    back, bottom : probabilities that there is one
    rise : height of the base
    """
    width, height, depth = size
    parts, raised = base(random, width, depth, kinds, rise)
    if raised == 0 and chance(random, 0.35):
        kick = between(random, 0.04, 0.1)
        outer = around(width, height, depth)
        panels, inner = carcass(random, AT, style, outer, back, 1.0, TOP, kick)
        front = outer.front - pick(random, {0.0: 1, 0.02: 1, 0.05: 1})
        plate = outer.grown(x=-style.board)._replace(top=kick + 0.001, front=front, back=front - style.board)
        return [Part(BASE_SIDE, board(plate)), *panels], outer, inner
    outer = around(width, height, depth, raised)
    panels, inner = carcass(random, AT, style, outer, back, 1.0 if raised else bottom, TOP)
    return parts + panels, outer, inner


def base(random: np.random.Generator, width: float, depth: float, kinds: Mapping[str, float] = KINDS,
         height: float | None = None) -> tuple[list[Part], float]:
    """A base on the ground under a body of a width and depth, and its height."""
    kind = pick(random, kinds)
    if kind == "none":
        return [], 0.0
    if kind in ("plinth", "slab", "brackets"):
        height = height or between(random, 0.04, 0.13)
        room = around(width, height, depth)
        if kind == "plinth":
            return plinth(random, room), height
        return (_slab(random, room) if kind == "slab" else _brackets(random, room)), height
    low, high = {"feet": (0.03, 0.09), "legs": (0.1, 0.32), "casters": (0.05, 0.09), "sled": (0.1, 0.2)}[kind]
    height = height or between(random, low, high)
    make = {"feet": _feet, "legs": _legs, "casters": casters, "sled": _sled}[kind]
    return make(random, width, depth, height), height


def plinth(random: np.random.Generator, room: Cell) -> list[Part]:
    """Four panels on edge; the front one is often set back as a toe kick."""
    thick, kick = between(random, 0.012, 0.025), pick(random, {0.0: 1, 0.03: 1, 0.07: 2})
    room = room._replace(front=room.front - kick).grown(x=-pick(random, {0.0: 3, 0.02: 1, -0.01: 1}))
    if chance(random, 0.15):
        return [Part(BASE_SIDE, board(room._replace(back=room.front - thick)))]
    inner = room.grown(x=-thick)
    panels = [room._replace(right=inner.left), room._replace(left=inner.right),
              inner._replace(back=room.front - thick), inner._replace(front=room.back + thick)]
    parts = [Part(BASE_SIDE, board(cell)) for cell in panels]
    if chance(random, 0.15):
        floor = inner.grown(z=-thick)
        parts.append(Part(BASE_BOTTOM, board(floor._replace(top=floor.bottom + thick))))
    return parts


def _slab(random: np.random.Generator, room: Cell) -> list[Part]:
    return [Part(BASE_BOTTOM, board(room.grown(x=-0.01, z=pick(random, {-0.03: 2, 0.015: 1})), 0.004))]


def _corners(width: float, depth: float, inset: float) -> list[tuple[float, float]]:
    return [(x, z) for z in (depth / 2 - inset, inset - depth / 2) for x in (inset - width / 2, width / 2 - inset)]


def _spots(random: np.random.Generator, width: float, depth: float, inset: float) -> list[tuple[float, float]]:
    """Four corners, and for wide furniture more between them."""
    spots = _corners(width, depth, inset)
    if width > 1.3 and chance(random, 0.6):
        spots += [(0.0, z) for z in (depth / 2 - inset, inset - depth / 2)]
    return spots


def _feet(random: np.random.Generator, width: float, depth: float, height: float) -> list[Part]:
    size = between(random, 0.03, 0.08)
    shape = foot(random, size, height)
    return [Part(FOOT, move(shape, (x, 0, z))) for x, z in _spots(random, width, depth, 0.6 * size)]


def _legs(random: np.random.Generator, width: float, depth: float, height: float) -> list[Part]:
    style = leg_style(random, between(random, 0.025, 0.055))
    splay = pick(random, {0.0: 2, 0.04: 1})
    inset = style.top / 2 + pick(random, {0.0: 2, 0.04: 1}) + splay
    return [Part(FOOT, leg(style, (x, height, z), (x + splay * np.sign(x), 0, z + splay * np.sign(z)), (x, z)))
            for x, z in _spots(random, width, depth, inset)]


def casters(random: np.random.Generator, width: float, depth: float, height: float,
            inset: float = 0.04) -> list[Part]:
    """Four casters; ``inset`` is how far they are from the edges."""
    parts = []
    for x, z in _corners(width, depth, inset):
        stem, wheel = caster(height, between(random, 0, 360))
        parts += one(CASTER, [Part(CASTER_STEM, move(stem, (x, 0, z))), Part(WHEEL, move(wheel, (x, 0, z)))])
    return parts


def _sled(random: np.random.Generator, width: float, depth: float, height: float) -> list[Part]:
    """A bent metal rod at either end."""
    thick, parts = between(random, 0.006, 0.015), []
    for x in (-0.42 * width, 0.42 * width):
        corners = [(x, height, 0.42 * depth), (x, thick, 0.42 * depth), (x, thick, -0.42 * depth),
                   (x, height, -0.42 * depth)]
        rods = [rod(start, end, thick, sides=8) for start, end in pairwise(corners)]
        parts.append(Part(FOOT, join(*rods)))
    return parts


def _brackets(random: np.random.Generator, room: Cell) -> list[Part]:
    """Bracket feet: at every corner two boards with a cut-out, joined to one foot."""
    length, thick, high = between(random, 0.08, 0.15), 0.02, room.height
    outline = np.array([[0, 0], [0.45, 0], [0.6, 0.45], [1, 0.75], [1, 1], [0, 1]]) * [length, high]
    blade = turn(prism(outline, thick), "x", -90)
    x_board = move(blade, (0, 0, thick / 2))
    z_board = move(turn(blade, "y", -90), (thick / 2, 0, 0))
    corner = join(x_board, z_board)
    corner_right, parts = mirror(corner, "x"), []
    for x, z in _corners(room.width, room.depth, 0.0):
        shape = corner if x < 0 else corner_right
        parts.append(Part(FOOT, move(shape if z < 0 else mirror(shape, "z"), (x, 0, z))))
    return parts
