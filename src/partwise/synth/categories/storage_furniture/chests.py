"""Chests of drawers, night stands, filing cabinets, sideboards and television stands, wardrobes."""

import numpy as np

from partwise.synth.categories.storage_furniture.bases import body
from partwise.synth.categories.storage_furniture.fittings import (
    cornice,
    countertop,
    even_splits,
    face_frame,
    fill,
    fill_columns,
    hanging_rod,
    mirror_on,
    new_style,
    ornament,
)
from partwise.synth.categories.storage_furniture.paths import AT, HORIZONTAL_BAR
from partwise.synth.chance import between, chance, pick
from partwise.synth.joinery.cabinets import Style, boards_between, columns, doors, drawers, rows, shelves
from partwise.synth.joinery.cells import Cell, board
from partwise.synth.joinery.fronts import front_style
from partwise.synth.joinery.handles import handle_style
from partwise.synth.parts import Part


def chest_of_drawers(random: np.random.Generator) -> list[Part]:
    """Drawers in one to three columns, often small ones at the top."""
    across = pick(random, {1: 4, 2: 4, 3: 1.5})
    width, down = between(random, 0.4, 0.6) * across**0.75 + 0.1, int(random.integers(2, 7))
    height, depth = float(np.clip(down * between(random, 0.15, 0.25), 0.45, 1.5)), between(random, 0.35, 0.55)
    style = new_style(random)
    parts, outer, inner = body(random, style, (width, height, depth), back=0.85, bottom=0.8)
    if chance(random, 0.3):
        return parts + _framed_drawers(random, outer, across, down) + _crown(random, outer)
    return parts + _stacks(random, style, inner, across, down) + _crown(random, outer)


def _stacks(random: np.random.Generator, style: Style, inner: Cell, across: int, down: int) -> list[Part]:
    """Columns of drawers; in some chests a row of small ones above them."""
    divider, parts = pick(random, {"": 3, AT.shelf: 1, HORIZONTAL_BAR: 2}), []
    depth = 0.07 if divider == HORIZONTAL_BAR else 1.0
    if down > 2 and chance(random, 0.3):
        down -= 1
        inner, head = inner.rows(np.array([down, 0.8]), style.board)
        parts += boards_between([inner, head], divider or AT.shelf, depth)
        dividers, cells = columns(random, AT, style, head, across + 1)
        parts += dividers + drawers(random, AT, style, cells)
    dividers, stacks = columns(random, AT, style, inner, across, pick(random, {0.0: 4, 0.4: 1}))
    parts += dividers
    spread = pick(random, {0.0: 2, 0.25: 1})
    for stack in stacks:
        rails, cells = rows(random, style, stack, down, divider, spread, depth)
        parts += rails + drawers(random, AT, style, cells)
    return parts


def _framed_drawers(random: np.random.Generator, outer: Cell, across: int, down: int) -> list[Part]:
    """Drawers in a face frame."""
    style, wide = new_style(random), between(random, 0.02, 0.045)
    frame, openings = face_frame(style, outer.grown(x=-0.001, y=-0.001), wide, even_splits(random, across),
                                 even_splits(random, down, pick(random, {0.0: 1, 0.2: 1})))
    return frame + [part for stack in openings for part in drawers(random, AT, style, stack)]


def _crown(random: np.random.Generator, outer: Cell) -> list[Part]:
    """Something on top, or nothing."""
    kind = pick(random, {"none": 6, "counter": 3, "mirror": 0.5, "ornament": 0.4})
    return {"none": list, "counter": lambda: countertop(random, outer), "mirror": lambda: mirror_on(random, outer),
            "ornament": lambda: ornament(random, outer)}[kind]()


def night_stand(random: np.random.Generator) -> list[Part]:
    """A small cabinet with one to three drawers, a door or an open space."""
    width, depth, height = between(random, 0.35, 0.6), between(random, 0.3, 0.45), between(random, 0.25, 0.55)
    style = new_style(random)
    kinds = {"none": 2, "legs": 5, "feet": 2, "plinth": 2, "brackets": 1, "casters": 1}
    parts, outer, inner = body(random, style, (width, height, depth), kinds, 0.85, 0.95)
    parts += fill(random, style, inner, {"open": 0.5, "drawers": 4, "doors": 1, "mixed": 3})
    return parts + _crown(random, outer)


def filing_cabinet(random: np.random.Generator) -> list[Part]:
    """A stack of deep drawers of equal height, with label holders and now and then a lock."""
    width, depth, down = between(random, 0.36, 0.5), between(random, 0.4, 0.65), int(random.integers(2, 6))
    across = pick(random, {1: 4, 2: 1})
    style = new_style(random)._replace(drawer=front_style(random, "slab"), handle=handle_style(random), handles=1,
                                       label=chance(random, 0.35))
    kinds = {"casters": 4, "plinth": 1} if down < 4 else {"plinth": 2, "none": 2}
    size = width * across, down * between(random, 0.22, 0.33), depth
    parts, _, inner = body(random, style, size, kinds, 1.0, 0.9)
    dividers, stacks = columns(random, AT, style, inner, across)
    parts += dividers
    for stack in stacks:
        cells = rows(random, style, stack, down, "")[1]
        parts += drawers(random, AT, style, cells)
    return parts


def sideboard(random: np.random.Generator) -> list[Part]:
    """A low wide cabinet of two to four columns: sideboards, credenzas, television stands."""
    width, depth, height = between(random, 0.9, 2.0), between(random, 0.35, 0.55), between(random, 0.3, 0.85)
    style = new_style(random)
    parts, outer, inner = body(random, style, (width, height, depth), back=0.8)
    if chance(random, 0.25) and inner.height > 0.35:
        boards, (inner, above) = rows(random, style, inner, 2, AT.shelf, 0.4)
        parts += boards + fill_columns(random, style, above, int(random.integers(1, 4)), 0.3,
                                       {"open": 3, "drawers": 2, "doors": 0.5})
    parts += fill_columns(random, style, inner, int(random.integers(2, 5)))
    return parts + _crown(random, outer)


def wardrobe(random: np.random.Generator) -> list[Part]:
    """A tall cabinet with doors, often drawers below, a rod and shelves behind, a cornice on top."""
    count = pick(random, {1: 1, 2: 5, 3: 2, 4: 1.5})
    width, depth = count * between(random, 0.38, 0.52), between(random, 0.4, 0.62)
    style = new_style(random)._replace(handle_height=between(random, 0.42, 0.55))
    kinds = {"none": 3, "plinth": 4, "feet": 1.5, "legs": 1, "brackets": 1}
    parts, outer, inner = body(random, style, (width, between(random, 1.5, 2.2), depth), kinds, 0.95)
    if chance(random, 0.45):
        boards, (low, inner) = _split_below(inner, between(random, 0.2, 0.5), style.board)
        parts += boards + _low_drawers(random, style, low, count)
    dividers, cells = columns(random, AT, style, inner, max(1, count // 2) if chance(random, 0.6) else 1)
    parts += dividers
    for cell in cells:
        parts += _behind_doors(random, style, cell)
        parts += doors(random, AT, style, cell, max(1, count // len(cells)))
    return parts + (cornice(random, outer) if chance(random, 0.35) else [])


def _split_below(inner: Cell, height: float, thick: float) -> tuple[list[Part], tuple[Cell, Cell]]:
    shelf = inner._replace(bottom=inner.bottom + height, top=inner.bottom + height + thick)
    return [Part(AT.shelf, board(shelf))], (inner._replace(top=shelf.bottom), inner._replace(bottom=shelf.top))


def _low_drawers(random: np.random.Generator, style: Style, low: Cell, doors_count: int) -> list[Part]:
    across = pick(random, {1: 1, max(1, doors_count): 1, max(1, doors_count // 2): 1})
    dividers, stacks = columns(random, AT, style, low, across)
    down = 1 if low.height < 0.3 else 2
    return dividers + [part for stack in stacks
                       for part in drawers(random, AT, style, stack.rows(np.ones(down), 0.004))]


def _behind_doors(random: np.random.Generator, style: Style, cell: Cell) -> list[Part]:
    """Shelves, or a rod for clothes with a shelf above it."""
    inside = cell._replace(front=cell.front - 0.03)
    if chance(random, 0.4):
        return shelves(random, AT, style, inside, int(random.integers(2, 6)))
    if chance(random, 0.4):
        top = inside._replace(bottom=cell.top - 0.3, top=cell.top - 0.3 + style.board)
        rods = hanging_rod(inside, cell.top - 0.36) if chance(random, 0.35) else []
        return [Part(AT.shelf, board(top)), *rods]
    return []
