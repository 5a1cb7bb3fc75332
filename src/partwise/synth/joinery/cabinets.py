"""Cabinets: a carcass of panels, split into cells that drawers, doors and shelves fill."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.chance import between, chance, pick
from partwise.synth.joinery.cells import Cell, board, shares
from partwise.synth.joinery.fronts import FrontStyle, front, front_style
from partwise.synth.joinery.handles import HandleStyle, handle, handle_style
from partwise.synth.parts import Part, moved, one, part_path
from partwise.synth.placing import move, turn
from partwise.synth.solids import box, cylinder


class Places(NamedTuple):
    """The paths of a cabinet's pieces in a category's tree."""

    side: str
    back: str
    bottom: str
    divider: str
    front_panel: str
    shelf: str
    drawer: str
    drawer_front: str
    drawer_side: str
    drawer_back: str
    drawer_bottom: str
    drawer_handle: str
    door: str
    door_surface: str
    door_handle: str


def places(category: str, panels: str, fittings: str) -> Places:
    """The paths below the nodes of a category that hold the panels and the shelves, drawers and doors."""
    box = f"{fittings}/drawer/drawer_box"
    names = (f"{panels}/vertical_side_panel", f"{panels}/back_panel", f"{panels}/bottom_panel",
             f"{panels}/vertical_divider_panel", f"{panels}/vertical_front_panel", f"{fittings}/shelf",
             f"{fittings}/drawer", f"{box}/drawer_front", f"{box}/drawer_side", f"{box}/drawer_back",
             f"{box}/drawer_bottom", f"{fittings}/drawer/handle", f"{fittings}/cabinet_door",
             f"{fittings}/cabinet_door/cabinet_door_surface", f"{fittings}/cabinet_door/handle")
    return Places(*(part_path(category, name) for name in names))


class Style(NamedTuple):
    """What all pieces of one cabinet have in common.

    board : thickness of its panels
    inset : fronts lie between the panels, else on them, and cover ``cover`` of them
    boxes : drawers have sides, a back and a bottom, not only a front
    label : drawers have a label holder or lock
    handles : none, one or two on a drawer
    handle_height : on doors, as a share of their height
    ajar : probability that a drawer or door stands open
    hinge : path of hinges, or "" for none
    """

    board: float
    bevel: float
    door: FrontStyle
    drawer: FrontStyle
    handle: HandleStyle
    handles: int
    handle_height: float
    inset: bool
    cover: float
    boxes: bool
    label: bool
    ajar: float
    hinge: str


def cabinet_style(random: np.random.Generator, hinge: str = "") -> Style:
    thick = between(random, 0.014, 0.028)
    door = front_style(random)
    same = door.kind not in ("glass", "louvred", "grooved") and chance(random, 0.75)
    ajar = pick(random, {0.0: 9, 0.4: 1})
    return Style(thick, pick(random, {0.0: 3, 0.0015: 1}), door, door if same else front_style(random, "slab"),
                 handle_style(random), pick(random, {0: 1.2, 1: 8, 2: 2}), pick(random, {0.5: 3, 0.8: 2, 0.25: 1}),
                 chance(random, 0.4), between(random, 0.2, 0.48) * thick, ajar > 0 or chance(random, 0.5),
                 chance(random, 0.03), ajar, hinge)


def carcass(random: np.random.Generator, where: Places, style: Style, outer: Cell, back: float = 0.9,
            bottom: float = 1.0, top: str = "", raised: float = 0.0) -> tuple[list[Part], Cell]:
    """Sides, back, bottom and top of a cabinet that fills ``outer``, and the space inside.

    back, bottom : probabilities that there is one
    top : path of the top panel; "" for none
    raised : height of the bottom panel above the lower ends of the sides
    """
    thick, parts = style.board, []
    inner = outer.grown(x=-thick)
    if chance(random, back):
        thin = between(random, 0.003, thick)
        parts.append(Part(where.back, board(inner._replace(front=outer.back + thin))))
        inner = inner._replace(back=outer.back + thin)
    if chance(random, bottom):
        floor = outer.bottom + raised
        parts.append(Part(where.bottom, board(inner._replace(bottom=floor, top=floor + thick))))
        inner = inner._replace(bottom=floor + thick)
    sides = outer
    if top:
        wide = chance(random, 0.6)
        panel = (outer if wide else inner)._replace(bottom=outer.top - thick, back=outer.back)
        sides = outer._replace(top=panel.bottom) if wide else outer
        parts.append(Part(top, board(panel, style.bevel)))
        inner = inner._replace(top=panel.bottom)
    for cell in (sides._replace(right=inner.left), sides._replace(left=inner.right)):
        parts.append(Part(where.side, board(cell, style.bevel)))
    return parts, inner


def columns(random: np.random.Generator, where: Places, style: Style, cell: Cell, count: int,
            spread: float = 0.0, path: str = "") -> tuple[list[Part], list[Cell]]:
    """Dividers (or parts of another path) and the cells between them."""
    cells = cell.columns(shares(random, count, spread), style.board)
    dividers = [Part(path or where.divider, board(cell._replace(left=low.right, right=high.left)))
                for low, high in pairwise(cells)]
    return dividers, cells


def rows(random: np.random.Generator, style: Style, cell: Cell, count: int, path: str, spread: float = 0.0,
         depth: float = 1.0) -> tuple[list[Part], list[Cell]]:
    """Boards of a path, for shelves and rails, and the cells between them; "" leaves only slits."""
    cells = cell.rows(shares(random, count, spread), style.board if path else 0.004)
    return boards_between(cells, path, depth) if path else [], cells


def boards_between(cells: list[Cell], path: str, depth: float = 1.0) -> list[Part]:
    """Boards of a path in the gaps between rows; they begin at the front and take a share of the depth."""
    return [Part(path, board(low._replace(bottom=low.top, top=high.bottom, back=low.front - depth * low.depth)))
            for low, high in pairwise(cells)]


def drawers(random: np.random.Generator, where: Places, style: Style, cells: list[Cell]) -> list[Part]:
    """A drawer in each cell; its front is at the front plane of the cell."""
    return [part for cell in cells for part in _drawer(random, where, style, cell)]


def _drawer(random: np.random.Generator, where: Places, style: Style, cell: Cell) -> list[Part]:
    face = _face(style, cell, style.drawer.thickness)
    parts = [Part(where.drawer_front, _placed(front(style.drawer, face.width, face.height), face))]
    outside = face.front
    handles = 1 if face.width < 0.45 else style.handles
    for x in {0: [], 1: [0.5], 2: [0.22, 0.78]}[min(handles, style.handles)]:
        rise = 0.88 if style.handle.kind in ("lip", "plate") else 0.5
        grip = handle(style.handle, face.width / max(handles, 1))
        at = (face.left + x * face.width, face.bottom + rise * face.height, outside)
        parts.append(Part(where.drawer_handle, move(grip, at)))
    if style.label:
        holder = box((min(0.07, 0.4 * face.width), min(0.03, 0.2 * face.height), 0.01))
        at = (face.centre[0], face.bottom + 0.82 * face.height, outside + 0.004)
        parts.append(Part(where.drawer, move(holder, at), is_other=True))
    if style.boxes:
        parts += _drawer_box(where, cell._replace(front=face.back).grown(x=-0.008, y=-0.004))
    if chance(random, style.ajar):
        slide = between(random, 0.1, 0.6) * cell.depth
        parts = moved(parts, lambda mesh: move(mesh, (0, 0, slide)))
    return one(where.drawer, parts)


def _drawer_box(where: Places, room: Cell) -> list[Part]:
    thick = min(0.012, 0.1 * room.width)
    case = room._replace(top=room.bottom + 0.75 * room.height, back=room.back + 0.06 * room.depth)
    inside = case.grown(x=-thick)
    return [Part(where.drawer_side, board(case._replace(right=inside.left))),
            Part(where.drawer_side, board(case._replace(left=inside.right))),
            Part(where.drawer_back, board(inside._replace(front=case.back + thick))),
            Part(where.drawer_bottom, board(inside._replace(top=case.bottom + 0.006, back=case.back + thick)))]


def doors(random: np.random.Generator, where: Places, style: Style, cell: Cell, count: int) -> list[Part]:
    """Doors side by side in one cell: two open in the middle, one to a random side."""
    face = _face(style, cell, style.door.thickness)
    sides = {1: [pick(random, {-1: 1, 1: 1})], 2: [-1, 1]}.get(count, [-1, 1] * count)
    parts: list[Part] = []
    for leaf, hinge_side in zip(face.columns(np.ones(count), 0.003), sides, strict=False):
        parts += _door(random, where, style, leaf, hinge_side)
    return parts


def _door(random: np.random.Generator, where: Places, style: Style, face: Cell, hinge_side: int) -> list[Part]:
    parts = [Part(where.door_surface, _placed(front(style.door, face.width, face.height), face))]
    hinge_x = face.left if hinge_side < 0 else face.right
    if style.handles:
        grip = handle(style.handle, face.height)
        grip = grip if style.handle.kind in ("cup", "ring") else turn(grip, "z", 90)
        reach = np.abs(grip.vertices[:, 1]).max()  # a long handle must not stick out beyond the door
        y = np.clip(face.bottom + style.handle_height * face.height, face.bottom + reach, face.top - reach)
        x = hinge_x - hinge_side * (face.width - min(0.04, 0.15 * face.width))
        parts.append(Part(where.door_handle, move(grip, (x, float(y), face.front))))
    if style.hinge:
        pin = cylinder(0.007, 0.06, 8)
        parts += [Part(style.hinge, move(pin, (hinge_x, face.bottom + rise * face.height, face.front - 0.002)))
                  for rise in (0.12, 0.88)]
    if chance(random, style.ajar):
        angle = hinge_side * between(random, 15, 100)
        parts = moved(parts, lambda mesh: turn(mesh, "y", angle, (hinge_x, 0, face.back)))
    return one(where.door, parts)


def shelves(random: np.random.Generator, where: Places, style: Style, cell: Cell, count: int) -> list[Part]:
    """Boards that split a cell into ``count`` + 1 rows."""
    setback = pick(random, {0.0: 3, 0.03: 1})
    return rows(random, style, cell._replace(front=cell.front - setback), count + 1, where.shelf,
                pick(random, {0.0: 3, 0.25: 1}))[0]


def _face(style: Style, cell: Cell, thickness: float) -> Cell:
    """Where a front of a cell lies."""
    if style.inset:
        return cell.grown(-0.002, -0.002)._replace(back=cell.front - thickness)
    return cell.grown(style.cover, style.cover)._replace(back=cell.front, front=cell.front + thickness)


def _placed(panel: Mesh, face: Cell) -> Mesh:
    x, y, _ = face.centre
    return move(panel, (x, y, face.back))
