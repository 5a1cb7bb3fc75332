"""Kitchen cabinets: face frames, toe kicks, raised panels, counter tops; wall units, islands and carts."""

import numpy as np

from partwise.synth.categories.storage_furniture.bases import base, body, casters, plinth
from partwise.synth.categories.storage_furniture.fittings import (
    countertop,
    even_splits,
    face_frame,
    fill,
    fill_columns,
    new_style,
)
from partwise.synth.categories.storage_furniture.paths import AT, CABINET, COUNTERTOP, HORIZONTAL_BAR, TOP, VERTICAL_BAR
from partwise.synth.chance import between, chance, pick
from partwise.synth.joinery.cabinets import Style, boards_between, carcass, doors, drawers, shelves
from partwise.synth.joinery.cells import Cell, around, board
from partwise.synth.joinery.fronts import front, front_style
from partwise.synth.parts import Part, moved
from partwise.synth.placing import move, turn
from partwise.synth.solids import prism


def base_unit(random: np.random.Generator) -> list[Part]:
    """A carcass with a face frame, a drawer row above doors, on a toe kick; the counter top is often missing."""
    style = _kitchen_style(random)
    across = pick(random, {1: 2, 2: 4, 3: 1})
    width, depth = between(random, 0.3, 0.55) * across + 0.05, between(random, 0.5, 0.62)
    kick = between(random, 0.09, 0.13)
    parts = plinth(random, around(width, kick, depth))
    outer = around(width, between(random, 0.68, 0.78), depth, kick - 0.002)
    panels, inner = carcass(random, AT, style, outer._replace(front=outer.front - 0.018), 0.95, 1.0)
    parts += panels + (_stretchers(inner) if chance(random, 0.65) else [])
    stile, head = between(random, 0.032, 0.045), pick(random, {0.0: 1, 0.78: 5})
    frame, openings = face_frame(style, outer, stile, even_splits(random, across), [head] if head else [])
    blind = chance(random, 0.12) and across > 1
    parts += frame + _openings(random, style, openings[1:] if blind else openings)
    if blind:
        parts.append(_filler(openings[0], stile))
    if chance(random, 0.8):
        parts += shelves(random, AT, style, inner._replace(top=outer.bottom + max(head, 0.9) * outer.height,
                                                           front=inner.front - 0.01), 1)
    return parts + (countertop(random, outer) if chance(random, 0.3) else [])


def _kitchen_style(random: np.random.Generator) -> Style:
    kind = pick(random, {"raised": 5, "shaker": 3, "slab": 2, "framed": 1, "glass": 0.5})
    style = new_style(random)
    drawer = front_style(random, "slab" if kind == "glass" else kind)
    return style._replace(door=front_style(random, kind), drawer=drawer, board=between(random, 0.012, 0.02),
                          inset=chance(random, 0.12), cover=0.014, boxes=style.ajar > 0 or chance(random, 0.75),
                          handle_height=between(random, 0.78, 0.92))


def _stretchers(inner: Cell) -> list[Part]:
    """Four bars around the top that carry the counter."""
    wide, thin = 0.075, 0.018
    top = inner._replace(bottom=inner.top - thin)
    bars = [top._replace(right=inner.left + wide), top._replace(left=inner.right - wide),
            inner._replace(bottom=inner.top - wide, front=inner.back + thin)]
    return [Part(HORIZONTAL_BAR, board(bar)) for bar in bars]


def _openings(random: np.random.Generator, style: Style, openings: list[list[Cell]]) -> list[Part]:
    """Doors in the lower openings; drawers, or false fronts before a sink, in the upper ones."""
    parts, sink = [], chance(random, 0.2)
    upright = style._replace(handles=min(style.handles, 1))
    for stack in openings:
        lower = stack[0]
        if len(stack) == 1 and chance(random, 0.15):
            parts += drawers(random, AT, style, lower.rows(np.array([1.3, 1.3, 1]), 0.03))
        else:
            parts += doors(random, AT, upright, lower, 1 if lower.width < 0.5 else 2)
        for upper in stack[1:]:
            parts += [_false_front(style, upper)] if sink else drawers(random, AT, style, [upper])
    return parts


def _false_front(style: Style, cell: Cell) -> Part:
    x, y, _ = cell.centre
    panel = front(style.drawer, cell.width + 0.02, cell.height + 0.02)
    return Part(AT.front_panel, move(panel, (x, y, cell.front)))


def _filler(stack: list[Cell], stile: float) -> Part:
    """The blind part of a corner unit."""
    whole = stack[0]._replace(top=stack[-1].top).grown(0.4 * stile, 0.4 * stile)
    return Part(AT.front_panel, board(whole._replace(back=whole.front - 0.012)))


def wall_unit(random: np.random.Generator) -> list[Part]:
    """A cabinet that hangs: doors all over, handles low, no base."""
    style = _kitchen_style(random)
    style = style._replace(handle_height=between(random, 0.1, 0.25))
    across = pick(random, {1: 2, 2: 3, 3: 1})
    outer = around(between(random, 0.28, 0.45) * across + 0.06, between(random, 0.4, 0.95), between(random, 0.28, 0.4))
    panels, inner = carcass(random, AT, style, outer, 0.9, 1.0, top=TOP)
    parts = panels + shelves(random, AT, style, inner._replace(front=inner.front - 0.03), int(random.integers(1, 4)))
    if chance(random, 0.4):
        frame, openings = face_frame(style, outer, 0.035, even_splits(random, across), [])
        return parts + frame + [part for stack in openings for part in doors(random, AT, style, stack[0], 1)]
    if chance(random, 0.3):
        return parts + fill_columns(random, style, inner, across, 0.3, {"open": 1, "doors": 2})
    return parts + doors(random, AT, style, inner, across)


def tall_unit(random: np.random.Generator) -> list[Part]:
    """A pantry: a tall narrow column of doors and drawers."""
    style = _kitchen_style(random)
    style = style._replace(handle_height=between(random, 0.4, 0.6))
    width, depth = between(random, 0.3, 0.65), between(random, 0.3, 0.6)
    kinds = {"plinth": 6, "none": 3, "legs": 1, "feet": 1}
    parts, _, inner = body(random, style, (width, between(random, 1.3, 2.1), depth), kinds, 0.95)
    cells = inner.rows(random.uniform(0.5, 1.6, int(random.integers(2, 4))), style.board)
    parts += boards_between(cells, AT.shelf)
    fillings = {"open": 1.0, "drawers": 1.5, "doors": 4.0}
    return parts + [part for cell in cells for part in fill(random, style, cell, fillings)]


def counter_run(random: np.random.Generator) -> list[Part]:
    """Several units under one counter top, with or without a splash back."""
    style, count = _kitchen_style(random), int(random.integers(2, 6))
    width, depth = count * between(random, 0.4, 0.6), between(random, 0.5, 0.65)
    parts, rise = base(random, width, depth, {"plinth": 6, "none": 2, "feet": 1}, between(random, 0.06, 0.12))
    outer = around(width, between(random, 0.65, 0.8), depth, rise)
    panels, inner = carcass(random, AT, style, outer, 0.8, 1.0)
    fillings = {"doors": 4, "drawers": 2.5, "mixed": 2.5, "open": 0.4}
    parts += panels + fill_columns(random, style, inner, count, 0.3, fillings) + countertop(random, outer)
    if chance(random, 0.15):
        splash = outer._replace(bottom=outer.top, top=outer.top + between(random, 0.08, 0.5), front=outer.back + 0.015)
        parts.append(Part(CABINET, board(splash), is_other=True))
    return parts


def cart(random: np.random.Generator) -> list[Part]:
    """A kitchen cart or island: posts, a counter top, shelves or a cupboard between, on casters or feet."""
    width, depth, height = between(random, 0.5, 1.1), between(random, 0.4, 0.6), between(random, 0.7, 0.85)
    rise, thick = (between(random, 0.06, 0.1) if chance(random, 0.7) else 0.0), between(random, 0.03, 0.06)
    style = new_style(random)
    parts = casters(random, width, depth, rise + 0.002, thick / 2) if rise else []
    outer = around(width, height, depth, rise)
    for x in (-1, 1):
        for z in (-1, 1):
            post = around(thick, height, thick, rise)
            at = (x * (width - thick) / 2, 0, z * (depth - thick) / 2)
            parts.append(Part(VERTICAL_BAR, move(board(post), at)))
    inner = outer.grown(x=-thick)
    head, space = outer.top - between(random, 0.12, 0.2), inner._replace(front=inner.front - 0.25 * thick)
    parts += [Part(AT.side, board(space._replace(left=x, right=x + 0.015, bottom=head)))
              for x in (space.left - 0.004, space.right - 0.011)]
    parts += drawers(random, AT, style, space._replace(bottom=head).columns(np.ones(pick(random, {1: 1, 2: 1})), 0.02))
    below = inner._replace(top=head, bottom=outer.bottom + 0.06).grown(x=0.5 * thick)
    parts += shelves(random, AT, style, below._replace(bottom=below.bottom - 0.2), int(random.integers(2, 4)))
    return parts + countertop(random, outer)


def corner_unit(random: np.random.Generator) -> list[Part]:
    """A cabinet for a corner: two panels at the walls and a diagonal door."""
    size, cut, height = between(random, 0.5, 0.9), between(random, 0.3, 0.5), between(random, 0.6, 1.8)
    style = new_style(random)
    outline = size * np.array([[0, 0], [1, 0], [1, cut], [cut, 1], [0, 1]])
    plate, thick = prism(outline, 0.02), 0.018
    rise = pick(random, {0.0: 1, 0.08: 1})
    levels = np.linspace(rise + 0.011, rise + height - 0.01, int(random.integers(3, 6)))
    paths = [AT.bottom, *[AT.shelf] * (len(levels) - 2), TOP if height > 1 or chance(random, 0.5) else COUNTERTOP]
    parts = [Part(path, move(plate, (0, float(y), 0))) for path, y in zip(paths, levels, strict=True)]
    tall = {"bottom": rise, "top": rise + height}
    walls = [Cell(0, size, 0, 0, 0, thick), Cell(0, thick, 0, 0, 0, size),
             Cell(size - thick, size, 0, 0, 0, cut * size), Cell(0, cut * size, 0, 0, size - thick, size)]
    parts += [Part(path, board(wall._replace(**tall))) for path, wall in
              zip([AT.back, AT.back, AT.side, AT.side], walls, strict=True)]
    parts += plinth(random, Cell(0.02, cut * size, 0, rise + 0.002, 0.02, cut * size)) if rise else []
    wide = float(np.hypot(1 - cut, 1 - cut)) * size
    middle = size * (1 + cut) / 2
    door = doors(random, AT, style, Cell(-wide / 2, wide / 2, rise + 0.02, rise + height - 0.03, -0.1, 0),
                 1 if wide < 0.45 else 2)
    return parts + moved(door, lambda mesh: move(turn(mesh, "y", 45), (middle, 0, middle)))
