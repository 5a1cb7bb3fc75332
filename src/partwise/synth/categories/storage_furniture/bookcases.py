"""Open shelves: bookcases, cube shelves, ladders, racks, hutches, corners."""

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.storage_furniture.bases import body, casters
from partwise.synth.categories.storage_furniture.fittings import (
    books,
    cornice,
    countertop,
    fill_columns,
    new_style,
    ornament,
)
from partwise.synth.categories.storage_furniture.paths import AT, FOOT, HORIZONTAL_BAR, TOP, VERTICAL_BAR
from partwise.synth.chance import between, chance, pick
from partwise.synth.joinery.cabinets import Style, carcass, columns, doors, drawers, rows, shelves
from partwise.synth.joinery.cells import Cell, around, board, shares
from partwise.synth.joinery.fronts import front_style
from partwise.synth.parts import Part
from partwise.synth.placing import join, move
from partwise.synth.solids import beam, box, cylinder, prism, rod


def bookcase(random: np.random.Generator) -> list[Part]:
    """Shelves between two sides, in one to three columns; some have a closed lower part."""
    across = pick(random, {1: 6, 2: 2, 3: 1})
    width, depth = between(random, 0.35, 1.0) * across**0.7, between(random, 0.2, 0.45)
    height = between(random, 0.7, 2.2)
    style = new_style(random)
    kinds = {"none": 6, "plinth": 4, "feet": 1.5, "legs": 1, "brackets": 0.7}
    parts, outer, inner = body(random, style, (width, height, depth), kinds, 0.65)
    if height > 1.2 and chance(random, 0.3):
        below, inner = inner.rows(np.array([1, between(random, 1.5, 3)]), style.board)
        parts.append(Part(AT.shelf, board(below._replace(bottom=below.top, top=inner.bottom))))
        parts += fill_columns(random, style, below, across, 0.0, {"drawers": 1, "doors": 3})
    dividers, cells = columns(random, AT, style, inner, across, pick(random, {0.0: 3, 0.4: 1}))
    parts += dividers
    count = max(1, round(inner.height / between(random, 0.24, 0.42)) - 1)
    for cell in cells:
        boards = shelves(random, AT, style, cell, count)
        parts += boards + (books(random, cell, boards) if chance(random, 0.06) else [])
    return parts + (cornice(random, outer) if chance(random, 0.15) else []) + (
        ornament(random, outer) if chance(random, 0.04) else [])


def cube_shelf(random: np.random.Generator) -> list[Part]:
    """A grid of equal cells; some hold doors or drawers."""
    across, down, size = int(random.integers(1, 6)), int(random.integers(1, 6)), between(random, 0.28, 0.42)
    down = max(down, 2) if across == 1 else down
    style = new_style(random)
    width, height = across * size, down * size
    kinds = {"none": 5, "feet": 1, "legs": 1, "plinth": 1}
    parts, _, inner = body(random, style, (width, height, between(random, 0.7, 1.0) * size), kinds, 0.5)
    dividers, stacks = columns(random, AT, style, inner, across)
    parts += dividers
    boards, filled = [rows(random, style, stack, down, AT.shelf) for stack in stacks], pick(random, {0.0: 3, 0.3: 1})
    for planks, cells in boards:
        parts += planks
        for cell in cells:
            if chance(random, filled):
                closed = doors(random, AT, style, cell, 1) if chance(random, 0.6) else None
                parts += closed or drawers(random, AT, style, [cell])
    return parts


def staggered_shelf(random: np.random.Generator) -> list[Part]:
    """Boards and uprights that split the space irregularly."""
    width, height, depth = between(random, 0.7, 2.0), between(random, 0.7, 2.0), between(random, 0.22, 0.4)
    style = new_style(random)
    parts, _, inner = body(random, style, (width, height, depth), {"none": 4, "plinth": 1, "feet": 1, "legs": 1}, 0.4)
    return parts + _split(random, style, inner, int(random.integers(2, 5)))


def _split(random: np.random.Generator, style: Style, cell: Cell, times: int) -> list[Part]:
    if times == 0 or max(cell.width, cell.height) < 0.35:
        return doors(random, AT, style, cell, 1) if chance(random, 0.08) else []
    upright = cell.width > cell.height * between(random, 0.7, 1.4)
    if upright:
        boards, cells = columns(random, AT, style, cell, 2, 0.5)
    else:
        boards, cells = rows(random, style, cell, 2, AT.shelf, 0.5)
    return boards + [part for half in cells for part in _split(random, style, half, times - 1)]


def rack(random: np.random.Generator) -> list[Part]:
    """Boards or wire shelves on four posts, with rails; some on casters."""
    width, height, depth = between(random, 0.4, 1.5), between(random, 0.7, 2.0), between(random, 0.3, 0.55)
    thick, count = between(random, 0.012, 0.045), int(random.integers(2, 7))
    rise = between(random, 0.05, 0.1) if chance(random, 0.35) else 0.0
    parts = casters(random, width, depth, rise + 0.002, thick / 2) if rise else []
    round_posts = chance(random, 0.4)
    for x in (thick / 2 - width / 2, width / 2 - thick / 2):
        for z in (thick / 2 - depth / 2, depth / 2 - thick / 2):
            post = cylinder(thick / 2, height, 12) if round_posts else box((thick, height, thick))
            parts.append(Part(VERTICAL_BAR, move(post, (x, rise + height / 2, z))))
    levels = rise + height * np.linspace(between(random, 0.03, 0.15), between(random, 0.9, 0.99), count)
    wire, rails = chance(random, 0.2), chance(random, 0.5)
    inside = pick(random, {0.0: 1, thick: 1})
    for y in levels:
        plate = around(width, 0.02, depth, float(y)).grown(x=-inside)
        parts.append(Part(AT.shelf, _wires(plate) if wire else board(plate)))
        parts += _rails(plate, thick) if rails else []
    if chance(random, 0.2):
        parts.append(Part(AT.back, board(around(width, height, 0.008, rise)._replace(
            back=-depth / 2 - 0.004, front=0.004 - depth / 2))))
    return parts


def _wires(plate: Cell) -> Mesh:
    y = plate.centre[1]
    along = [rod((plate.left, y, z), (plate.right, y, z), 0.004, sides=6)
             for z in np.linspace(plate.back, plate.front, 4)]
    across = [rod((x, y + 0.006, plate.back), (x, y + 0.006, plate.front), 0.003, sides=6)
              for x in np.linspace(plate.left, plate.right, 14)]
    return join(*along, *across)


def _rails(plate: Cell, thick: float) -> list[Part]:
    """Bars under the long edges of a shelf, and the short ones."""
    low = plate._replace(top=plate.bottom + 0.002, bottom=plate.bottom - 0.8 * thick)
    sides = [low._replace(front=low.back + 0.5 * thick), low._replace(back=low.front - 0.5 * thick),
             low.grown(z=-0.5 * thick)._replace(right=low.left + 0.5 * thick),
             low.grown(z=-0.5 * thick)._replace(left=low.right - 0.5 * thick)]
    return [Part(HORIZONTAL_BAR, board(cell)) for cell in sides]


def ladder_shelf(random: np.random.Generator) -> list[Part]:
    """Leaning side rails with shelves that get deeper downwards."""
    width, height, lean = between(random, 0.4, 0.8), between(random, 1.2, 2.0), between(random, 0.15, 0.4)
    thick, count = between(random, 0.02, 0.035), int(random.integers(3, 6))
    parts = [Part(VERTICAL_BAR, beam((x, 0, lean), (x, height, 0), thick, 2 * thick))
             for x in (-width / 2, width / 2)]
    if chance(random, 0.5):
        parts += [Part(VERTICAL_BAR, beam((x, 0, 0), (x, height, 0), thick, thick)) for x in (-width / 2, width / 2)]
    for share in np.linspace(between(random, 0.08, 0.2), 0.92, count):
        front = lean * (1 - share) + 0.02
        plate = Cell(-width / 2, width / 2, share * height, share * height + 0.02, -0.01, front)
        parts.append(Part(AT.shelf, board(plate)))
        if chance(random, 0.3):
            parts.append(Part(HORIZONTAL_BAR, board(plate._replace(front=0.005, top=plate.top + 0.06))))
    return parts


def hutch(random: np.random.Generator) -> list[Part]:
    """A lower cabinet and a shallower upper one with glass doors or open shelves."""
    width, depth = between(random, 0.7, 1.7), between(random, 0.4, 0.55)
    style, count = new_style(random), int(random.integers(1, 4))
    parts, lower, inner = body(random, style, (width, between(random, 0.6, 0.95), depth))
    parts += fill_columns(random, style, inner, count + 1)
    slab = countertop(random, lower) if chance(random, 0.6) else []
    raised = lower.top + (float(np.ptp(slab[0].mesh.vertices[:, 1])) if slab else 0.0)
    upper = around(width - pick(random, {0.0: 2, 0.06: 1}), between(random, 0.6, 1.2), depth, raised)
    upper = upper._replace(front=upper.back + between(random, 0.5, 0.75) * depth)
    panels, inner = carcass(random, AT, style, upper, 0.95, 0.5, top=TOP)
    parts += slab + panels
    upper_style = style._replace(door=front_style(random, pick(random, {"glass": 3, "slab": 1, "shaker": 1})))
    dividers, cells = columns(random, AT, style, inner, count)
    for cell in cells:
        dividers += shelves(random, AT, style, cell._replace(front=cell.front - 0.025), int(random.integers(1, 4)))
        dividers += doors(random, AT, upper_style, cell, 2 if cell.width > 0.5 else 1) if chance(random, 0.7) else []
    return parts + dividers + (cornice(random, upper) if chance(random, 0.4) else [])


def corner_shelf(random: np.random.Generator) -> list[Part]:
    """Quarter-round shelves between two walls, with panels or a post in the corner."""
    size, height, count = between(random, 0.25, 0.5), between(random, 0.6, 1.9), int(random.integers(3, 7))
    angle = np.linspace(0, np.pi / 2, 9)
    if chance(random, 0.6):
        curve = size * np.stack([np.cos(angle), np.sin(angle)], 1)
    else:
        curve = size * np.array([[1, 0], [1, 0.4], [0.4, 1], [0, 1]])
    plate = prism(np.concatenate([[[0, 0]], curve]), 0.02)
    parts = [Part(TOP if index == count - 1 else AT.bottom if index == 0 else AT.shelf, move(plate, (0, float(y), 0)))
             for index, y in enumerate(np.linspace(0.06, height, count))]
    wall = Cell(-0.02, size, 0.0, height, -0.018, 0.0)
    parts += [Part(AT.side, board(wall)), Part(AT.side, board(Cell(-0.018, 0.0, 0.0, height, 0.0, size)))]
    if chance(random, 0.5):
        parts += [Part(FOOT, move(cylinder(0.02, 0.06, 10), (*at[:1], 0.03, *at[1:])))
                  for at in ((0.04, 0.04), (size - 0.05, 0.05), (0.05, size - 0.05))]
    return parts


def box_shelves(random: np.random.Generator) -> list[Part]:
    """A low or hanging case without doors: shoe racks, wall shelves, media boxes."""
    width, height, depth = between(random, 0.5, 1.5), between(random, 0.25, 0.6), between(random, 0.2, 0.4)
    style = new_style(random)
    outer = around(width, height, depth)
    panels, inner = carcass(random, AT, style, outer, 0.5, 1.0, top=TOP if chance(random, 0.85) else "")
    dividers, cells = columns(random, AT, style, inner, int(random.integers(1, 4)), 0.3)
    parts = panels + dividers
    for cell in cells:
        parts += shelves(random, AT, style, cell, int(random.integers(0, 3)))
    return parts


def slatted_shelf(random: np.random.Generator) -> list[Part]:
    """End frames of bars that carry slatted shelves, as in shoe and plant racks."""
    width, height, depth = between(random, 0.5, 1.0), between(random, 0.4, 1.4), between(random, 0.25, 0.4)
    thick, count = between(random, 0.018, 0.035), int(random.integers(2, 5))
    parts, slats = [], int(random.integers(3, 7))
    levels = np.linspace(0.1, height - thick, count)
    for x in (-width / 2, width / 2):
        parts += [Part(VERTICAL_BAR, move(box((thick, height, thick)), (x, height / 2, z)))
                  for z in (-depth / 2, depth / 2)]
        parts += [Part(HORIZONTAL_BAR, move(box((thick, thick, depth)), (x, float(y), 0))) for y in levels]
    shelf = around(width, 0.012, depth + thick)
    strips = shelf._replace(left=shelf.back, right=shelf.front).columns(shares(random, slats), 0.02)
    plate = join(*(board(shelf._replace(back=strip.left, front=strip.right)) for strip in strips))
    return parts + [Part(AT.shelf, move(plate, (0, float(y) + thick / 2 - 0.001, 0))) for y in levels]
