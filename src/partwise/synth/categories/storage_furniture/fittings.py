"""Pieces that several families of storage furniture share."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from partwise.synth.categories.storage_furniture.paths import (
    AT,
    CABINET,
    COUNTERTOP,
    HINGE,
    HORIZONTAL_BAR,
    MIRROR_FRAME,
    MIRROR_SURFACE,
    TOP,
    VERTICAL_BAR,
)
from partwise.synth.chance import between, chance, pick
from partwise.synth.joinery.cabinets import Style, cabinet_style, columns, doors, drawers, rows, shelves
from partwise.synth.joinery.cells import Cell, board, shares
from partwise.synth.parts import Part
from partwise.synth.placing import join, move, turn
from partwise.synth.solids import box, cushion, lathe, rod, rounded_box

FILLINGS = {"open": 3.0, "drawers": 3.0, "doors": 3.5, "mixed": 1.5}


def new_style(random: np.random.Generator) -> Style:
    return cabinet_style(random, HINGE if chance(random, 0.12) else "")


def fill(random: np.random.Generator, style: Style, cell: Cell, fillings: Mapping[str, float] = FILLINGS) -> list[Part]:
    """Drawers, doors with shelves behind, open shelves, or an upper and a lower part of these, in one cell."""
    kind = pick(random, fillings)
    if kind == "mixed" and cell.height > 0.35:
        divider = pick(random, {AT.shelf: 2, HORIZONTAL_BAR: 1})
        boards, cells = rows(random, style, cell, 2, divider, 0.45, 1.0 if divider == AT.shelf else 0.06)
        return boards + [part for room in cells for part in fill(random, style, room, {**fillings, "mixed": 0.0})]
    if kind == "drawers":
        count = int(np.clip(round(cell.height / between(random, 0.14, 0.3)), 1, 6))
        divider = pick(random, {"": 3, AT.shelf: 0.7, HORIZONTAL_BAR: 1.2})
        boards, cells = rows(random, style, cell, count, divider, 0.0, 0.08 if divider == HORIZONTAL_BAR else 1.0)
        return boards + drawers(random, AT, style, cells)
    if kind == "doors" and cell.height > 0.2:
        count = 1 if cell.width < 0.4 else 2
        inside = cell._replace(front=cell.front - 0.03)
        behind = shelves(random, AT, style, inside, int(cell.height / 0.4)) if chance(random, 0.7) else []
        return behind + doors(random, AT, style, cell, count)
    count = int(cell.height / between(random, 0.22, 0.45))
    boards = shelves(random, AT, style, cell, count)
    return boards + (books(random, cell, boards) if chance(random, 0.06) else [])


def fill_columns(random: np.random.Generator, style: Style, cell: Cell, count: int, spread: float = 0.3,
                 fillings: Mapping[str, float] = FILLINGS) -> list[Part]:
    """Columns with fillings; mirror-symmetric ones more often than not."""
    parts, cells = columns(random, AT, style, cell, count, pick(random, {0.0: 2, spread: 1}))
    state = int(random.integers(1 << 30))
    symmetric = count > 1 and chance(random, 0.65)
    for index, room in enumerate(cells):
        same = min(index, count - 1 - index) if symmetric else index
        parts += fill(np.random.default_rng([state, same]), style, room, fillings)
    return parts


def face_frame(style: Style, outer: Cell, width: float, splits: list[float], heights: list[float]) -> tuple[
        list[Part], list[list[Cell]]]:
    """Stiles and rails in front of a carcass, and the openings of each column from the bottom to the top.

    splits, heights : where between 0 and 1 there are stiles between columns and rails between rows
    """
    front = outer._replace(back=outer.front - max(style.board, 0.018))
    xs = [front.left + width / 2, *(front.left + share * front.width for share in splits), front.right - width / 2]
    ys = [front.bottom + width / 2, *(front.bottom + share * front.height for share in heights),
          front.top - width / 2]
    half = width / 2
    parts = [Part(VERTICAL_BAR, board(front._replace(left=x - half, right=x + half))) for x in (xs[0], xs[-1])]
    inner = front.grown(x=-width)
    parts += [Part(HORIZONTAL_BAR, board(inner._replace(bottom=y - half, top=y + half))) for y in ys]
    upright = inner.grown(y=-width)
    parts += [Part(VERTICAL_BAR, board(upright._replace(left=x - half, right=x + half))) for x in xs[1:-1]]
    openings = [[Cell(left + half, right - half, low + half, high - half, outer.back, outer.front)
                 for low, high in pairwise(ys)] for left, right in pairwise(xs)]
    return parts, openings


def countertop(random: np.random.Generator, outer: Cell, path: str = COUNTERTOP) -> list[Part]:
    """A slab on top that overhangs in front and mostly at the sides."""
    thick, over = between(random, 0.018, 0.045), between(random, 0.01, 0.035)
    side = over if chance(random, 0.8) else 0.0
    slab = outer.grown(x=side)._replace(bottom=outer.top, top=outer.top + thick, front=outer.front + over + 0.01)
    edge = pick(random, {0.0: 3, 0.003: 1, 0.3 * thick: 1})
    mesh = board(slab) if edge == 0 else move(rounded_box((slab.width, thick, slab.depth), edge, 2), slab.centre)
    return [Part(path, mesh)]


def cornice(random: np.random.Generator, outer: Cell) -> list[Part]:
    """Moulding around the top of a wardrobe or hutch: boards that grow upwards."""
    steps, height = int(random.integers(1, 4)), between(random, 0.015, 0.035)
    layers = [outer.grown(x=0.015 * (step + 1))._replace(
        bottom=outer.top + step * height, top=outer.top + (step + 1) * height,
        front=outer.front + 0.02 + 0.015 * (step + 1)) for step in range(steps)]
    return [Part(TOP, join(*(board(layer, 0.004) for layer in layers)))]


def books(random: np.random.Generator, cell: Cell, boards: list[Part]) -> list[Part]:
    """Books on the bottom of a cell and on the shelves in it: no parts of the furniture."""
    parts = []
    heights = sorted([cell.bottom, *(float(part.mesh.vertices[:, 1].max()) for part in boards)])
    for low, high in pairwise([*heights, cell.top]):
        room = cell._replace(bottom=low - 0.001, top=high)
        if chance(random, 0.4):
            continue
        x, count = room.left + 0.02, int(random.integers(1, 9))
        for _ in range(count):
            wide, tall = between(random, 0.015, 0.045), room.height * between(random, 0.5, 0.85)
            if x + wide > room.right - 0.02:
                break
            book = room._replace(left=x, right=x + wide, top=room.bottom + tall, front=room.front - 0.02,
                                 back=max(room.back, room.front - 0.2))
            parts.append(Part(CABINET, board(book), is_other=True))
            x += wide + 0.001
    return parts


def ornament(random: np.random.Generator, outer: Cell) -> list[Part]:
    """A thing that stands on top, such as a vase, a box or a cushion."""
    size = between(random, 0.08, 0.2)
    kind = pick(random, {"vase": 1, "box": 1, "cushion": 1})
    if kind == "vase":
        thing = lathe(np.array([[0.3, 0], [0.5, 0.5], [0.2, 1], [0.3, 1.3], [0.25, 1.3], [0.15, 1]]) * size, 14)
    else:
        thing = box((size, 0.6 * size, size)) if kind == "box" else cushion((2 * size, size, size), 0.5, 12)
        thing = move(thing, (0, (0.3 if kind == "box" else 0.5) * size, 0))
    x = between(random, -0.3, 0.3) * outer.width
    return [Part(CABINET, move(thing, (x, outer.top - 0.002, outer.centre[2])), is_other=True)]


def hanging_rod(cell: Cell, height: float) -> list[Part]:
    _, _, z = cell.centre
    return [Part(CABINET, rod((cell.left, height, z), (cell.right, height, z), 0.012, sides=10), is_other=True)]


def mirror_on(random: np.random.Generator, outer: Cell) -> list[Part]:
    """A framed mirror behind the top of a dresser."""
    width, height = max(0.35, outer.width * between(random, 0.5, 0.95)), between(random, 0.4, 0.8)
    rail = between(random, 0.03, 0.07)
    back = outer.back + 0.01
    whole = Cell(-width / 2, width / 2, outer.top - 0.01, outer.top + height, back, back + 0.025)
    hole = whole.grown(-rail, -rail)
    frame = join(board(whole._replace(right=hole.left)), board(whole._replace(left=hole.right)),
                 board(hole._replace(bottom=whole.bottom, top=hole.bottom)),
                 board(hole._replace(bottom=hole.top, top=whole.top)))
    tilt = pick(random, {0.0: 2, -6.0: 1})
    place = (0.0, outer.top, back)
    return [Part(MIRROR_FRAME, turn(frame, "x", tilt, place)),
            Part(MIRROR_SURFACE, turn(board(hole._replace(front=back + 0.01)), "x", tilt, place))]


def even_splits(random: np.random.Generator, count: int, spread: float = 0.0) -> list[float]:
    """Where between 0 and 1 the borders of ``count`` pieces lie."""
    return [float(at) for at in np.cumsum(shares(random, count, spread))[:-1]]
