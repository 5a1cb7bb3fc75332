"""Tables with panels, drawers, doors or shelves: desks, shelf tables, night stands, box tables."""

import numpy as np

from partwise.synth.categories.table.legged import table_size
from partwise.synth.categories.table.paths import (
    AT,
    BOARD,
    CABINET_CASTER,
    CABINET_CASTER_STEM,
    CABINET_CONNECTOR,
    CABINET_FOOT,
    CABINET_LEG,
    CABINET_STRETCHER,
    CABINET_WHEEL,
    DRAWER_BASE,
    TABLE,
    TRAY,
    TRAY_SURFACE,
)
from partwise.synth.categories.table.tops import STRAIGHT, Size, Top, make_top, standoffs
from partwise.synth.chance import between, chance, pick
from partwise.synth.joinery.cabinets import Style, cabinet_style, carcass, columns, doors, drawers, rows, shelves
from partwise.synth.joinery.cells import Cell, around, board
from partwise.synth.joinery.legs import BENT, caster, foot, leg, leg_style
from partwise.synth.parts import Part, again, one
from partwise.synth.placing import mirror, move
from partwise.synth.solids import beam, prism, rod

PLAIN = {"board": 8, "glass": 0.8, "framed": 0.8, "double": 0.8, "framed_glass": 0.3}


def desk_size(random: np.random.Generator) -> Size:
    return Size(between(random, 0.9, 1.8), between(random, 0.7, 0.8), between(random, 0.45, 0.8))


def body_below(random: np.random.Generator, top: Top, bottom: float, overhang: float | None = None) -> Cell:
    """The space under a top, down to a height."""
    over = pick(random, {0.0: 2, 0.01: 1, 0.03: 2}) if overhang is None else overhang
    wide, deep = np.ptp(top.outline, axis=0) * top.corner
    return around(wide - 2 * over, top.below + 0.001 - bottom, deep - 2 * over, bottom)


def corner_spots(cell: Cell, inset: float) -> list[tuple[float, float]]:
    room = cell.grown(x=-inset, z=-inset)
    return [(x, z) for z in (room.front, room.back) for x in (room.left, room.right)]


def supports(random: np.random.Generator, cell: Cell, height: float) -> list[Part]:
    """Legs, feet or casters from the ground to the lower side of a body."""
    if height >= 0.1:
        style = leg_style(random, between(random, 0.025, 0.055))
        return [Part(CABINET_LEG, leg(style, (x, height + 0.001, z), (x, 0, z), (x, z)))
                for x, z in corner_spots(cell, style.top / 2)]
    if height >= 0.045:
        stem, wheel = caster(height + 0.001)
        return [part for x, z in corner_spots(cell, 0.035) for part in one(CABINET_CASTER, [
            Part(CABINET_CASTER_STEM, move(stem, (x, 0, z))), Part(CABINET_WHEEL, move(wheel, (x, 0, z)))])]
    if height > 0:
        shape = foot(random, 0.045, height + 0.001)
        return [Part(CABINET_FOOT, move(shape, at)) for at in
                ((x, 0, z) for x, z in corner_spots(cell, 0.03))]
    return []


def support_height(random: np.random.Generator, low_legs: float = 1.0) -> float:
    kind = pick(random, {"none": 3, "feet": 1.2, "casters": 1, "legs": 2 * low_legs})
    return {"none": 0.0, "feet": between(random, 0.015, 0.04), "casters": between(random, 0.05, 0.08),
            "legs": between(random, 0.1, 0.35)}[kind]


def desk(random: np.random.Generator) -> list[Part]:
    """A desk with one or two pedestals of drawers or doors, side panels, a modesty panel, a keyboard tray."""
    size, style = desk_size(random), cabinet_style(random)
    top = make_top(random, size, PLAIN, {"rectangle": 6, "rounded": 2, "boat": 0.7})
    rise = pick(random, {0.0: 4, 0.03: 1, 0.06: 1, 0.15: 1})
    room = body_below(random, top, rise)
    wide = between(random, 0.28, 0.42) * min(1.0, size.width / 1.2)
    sides = pick(random, {"both": 3, "right": 3, "left": 2})
    parts, left, right = list(top.parts), room.left, room.right
    ends = {"left": room._replace(right=room.left + wide), "right": room._replace(left=room.right - wide)}
    for side, cell in ends.items():
        if sides in (side, "both"):
            parts += pedestal(random, style, cell, rise)
            left, right = (cell.right, right) if side == "left" else (left, cell.left)
        else:
            parts += _end(random, style, room._replace(bottom=0.0), side)
    knee = Cell(left, right, 0.0, room.top, room.back, room.front)
    return parts + _kneehole(random, style, knee) + (_hutch(random, style, size) if chance(random, 0.06) else [])


def pedestal(random: np.random.Generator, style: Style, cell: Cell, rise: float) -> list[Part]:
    """A case with drawers, or a door and drawers, on its own supports."""
    parts, inner = carcass(random, AT, style, cell, 0.8, 1.0 if rise else 0.8)
    parts += supports(random, cell, rise)
    kind = pick(random, {"drawers": 5, "door": 1, "both": 2, "open": 0.7})
    if kind == "drawers":
        down = int(random.integers(2, 5))
        heights = np.array([2.0] + [1.0] * (down - 1)) if chance(random, 0.4) else np.ones(down)
        return parts + drawers(random, AT, style, inner.rows(heights, 0.004))
    if kind == "both":
        low, high = inner.rows(np.array([2.2, 1]), style.board)
        parts.append(Part(AT.shelf, board(low._replace(bottom=low.top, top=high.bottom))))
        return parts + doors(random, AT, style, low, 1) + drawers(random, AT, style, [high])
    inside = inner._replace(front=inner.front - 0.03)
    parts += shelves(random, AT, style, inside, int(random.integers(1, 3)))
    return parts + (doors(random, AT, style, inner, 1) if kind == "door" else [])


def _end(random: np.random.Generator, style: Style, room: Cell, side: str) -> list[Part]:
    """What carries the end of a desk without a pedestal: a panel or two legs."""
    if chance(random, 0.6):
        panel = room._replace(right=room.left + style.board) if side == "left" else room._replace(
            left=room.right - style.board)
        return [Part(AT.side, board(panel, style.bevel))]
    legs = leg_style(random, between(random, 0.03, 0.06))
    x = (room.left + legs.top / 2) if side == "left" else (room.right - legs.top / 2)
    return [Part(CABINET_LEG, leg(legs, (x, room.top, z), (x, 0, z), (x, z)))
            for z in (room.front - legs.top / 2, room.back + legs.top / 2)]


def _kneehole(random: np.random.Generator, style: Style, knee: Cell) -> list[Part]:
    """A modesty panel, and a drawer or a keyboard tray under the top."""
    parts, thick = [], style.board
    if chance(random, 0.65):
        low = pick(random, {0.0: 1, 0.3: 1, 0.6: 1.5}) * knee.height
        panel = knee._replace(bottom=low, front=knee.back + thick)
        parts.append(Part(AT.back, board(panel)))
    kind = pick(random, {"none": 3, "drawer": 2, "tray": 1.6})
    if kind == "drawer":
        high = between(random, 0.07, 0.12)
        count = 2 if knee.width > 0.9 and chance(random, 0.4) else 1
        cells = knee._replace(bottom=knee.top - high).grown(x=-0.004).columns(np.ones(count), 0.01)
        parts += drawers(random, AT, style._replace(inset=True), cells)
    if kind == "tray":
        parts += keyboard_tray(random, knee)
    return parts


def keyboard_tray(random: np.random.Generator, knee: Cell) -> list[Part]:
    """A board under the top, now and then pulled out."""
    drop, thick = between(random, 0.06, 0.12), between(random, 0.012, 0.02)
    inset = pick(random, {0.001: 2, 0.06: 1})
    plate = knee.grown(x=-inset)._replace(
        bottom=knee.top - drop, top=knee.top - drop + thick, back=knee.front - 0.55 * knee.depth)
    slide = pick(random, {0.0: 2, 0.4: 1}) * plate.depth - 0.01
    tray = [Part(TRAY_SURFACE, move(board(plate, 0.002), (0, 0, slide)))]
    if inset > 0.01:
        rails = [plate._replace(bottom=plate.top, top=knee.top, right=plate.left + 0.012),
                 plate._replace(bottom=plate.top, top=knee.top, left=plate.right - 0.012)]
        tray += [Part(TRAY, board(rail), is_other=True) for rail in rails]
    return one(TRAY, tray)


def _hutch(random: np.random.Generator, style: Style, size: Size) -> list[Part]:
    """Shelves on top of a desk; not one of PartNet's parts of tables."""
    case = around(size.width, between(random, 0.3, 0.6), 0.25, size.height)
    case = case._replace(back=-size.depth / 2, front=0.25 - size.depth / 2)
    thick = style.board
    boards = [case._replace(right=case.left + thick), case._replace(left=case.right - thick),
              case._replace(bottom=case.top - thick), case._replace(front=case.back + 0.008)]
    boards.append(case._replace(bottom=case.centre[1], top=case.centre[1] + thick))
    return [Part(TABLE, board(cell), is_other=True) for cell in boards]


def drawer_table(random: np.random.Generator) -> list[Part]:
    """Four legs and a shallow case with drawers under the top: consoles, writing desks, side tables."""
    kind = pick(random, {"desk": 3, "console": 2, "side": 2, "coffee": 2})
    size = {"desk": desk_size(random), "console": Size(between(random, 0.8, 1.5), 0.8, between(random, 0.3, 0.45)),
            "side": Size(between(random, 0.35, 0.6), between(random, 0.5, 0.7), between(random, 0.35, 0.5)),
            "coffee": Size(between(random, 0.8, 1.3), between(random, 0.36, 0.5), between(random, 0.5, 0.7))}[kind]
    top, style = make_top(random, size, PLAIN, STRAIGHT), cabinet_style(random)
    thick, high = between(random, 0.03, 0.06), between(random, 0.08, 0.16)
    room = body_below(random, top, 0.0, pick(random, {0.0: 1, 0.02: 2, 0.05: 1}))
    kinds = {"square": 5, "round": 1, "turned": 2.5, "cabriole": 1.5, "curved": 0.7}
    legs = leg_style(random, thick, pick(random, kinds))
    parts = [*top.parts, *(Part(CABINET_LEG, leg(legs, (x, room.top, z), (x, 0, z), (x, z)))
                           for x, z in corner_spots(room, thick / 2))]
    box = room.grown(x=-0.3 * thick, z=-0.3 * thick)._replace(bottom=room.top - high)
    parts += _drawer_case(random, style, box, thick)
    spots = corner_spots(room, thick / 2)
    if chance(random, 0.3):
        parts += _shelf_between(random, room, thick)
    elif chance(random, 0.3):
        y = between(random, 0.08, 0.3) * room.height
        pairs = ((spots[0], spots[2]), (spots[1], spots[3]), (spots[2], spots[3]))
        parts += [Part(CABINET_STRETCHER, beam((*a[:1], y, *a[1:]), (*b[:1], y, *b[1:]), 0.5 * thick, 0.7 * thick,
                                               up=(0, 1, 0))) for a, b in pairs]
    return parts


def _drawer_case(random: np.random.Generator, style: Style, case: Cell, thick: float) -> list[Part]:
    """Side and back panels between the legs with drawers, rarely a fixed front."""
    thin = min(style.board, 0.018)
    inner = case.grown(x=-thin)
    parts = [Part(AT.side, board(case._replace(right=inner.left))),
             Part(AT.side, board(case._replace(left=inner.right))),
             Part(AT.back, board(inner._replace(front=case.back + thin)))]
    across = max(1, round(case.width / between(random, 0.4, 0.9)))
    if chance(random, 0.12):
        return [*parts, Part(AT.front_panel, board(inner._replace(back=case.front - thin)))]
    if chance(random, 0.35):
        parts.append(Part(AT.bottom, board(inner._replace(top=case.bottom + 0.01, back=case.back + thin))))
    dividers, cells = columns(random, AT, style, inner._replace(back=case.back + thin).grown(x=-0.7 * thick), across)
    style = style._replace(inset=chance(random, 0.8), cover=0.002)
    return parts + (dividers if chance(random, 0.7) else []) + drawers(random, AT, style, cells)


def _shelf_between(random: np.random.Generator, room: Cell, thick: float) -> list[Part]:
    """A shelf that reaches the legs, of one board or of slats."""
    y, thin = between(random, 0.12, 0.45) * room.height, between(random, 0.012, 0.03)
    plate = room.grown(x=-0.4 * thick, z=-0.4 * thick)._replace(bottom=y, top=y + thin)
    if chance(random, 0.2):
        strips = plate._replace(left=plate.back, right=plate.front).columns(np.ones(int(random.integers(4, 9))), 0.015)
        bars = [Part(CABINET_STRETCHER, board(plate._replace(right=plate.left + 0.03))),
                Part(CABINET_STRETCHER, board(plate._replace(left=plate.right - 0.03)))]
        return bars + [Part(AT.shelf, board(plate._replace(back=strip.left, front=strip.right))) for strip in strips]
    return [Part(AT.shelf, board(plate, 0.002))]


def shelf_table(random: np.random.Generator) -> list[Part]:
    """Legs that carry one or two shelves under the top; round ones too."""
    size = table_size(random)
    size = size._replace(width=min(size.width, 1.5))
    top = make_top(random, size)
    thick = between(random, 0.02, 0.07)
    legs = leg_style(random, thick, pick(random, {"square": 5, "round": 3, "turned": 1, "curved": 0.6}))
    reach = np.abs(top.outline).max(0)
    spread = 0.62 if top.round else top.corner
    x, z = spread * reach - thick / 2 - pick(random, {0.0: 2, 0.03: 1})
    rise = 0.0 if legs.kind in BENT else pick(random, {0.0: 6, 0.02: 1, 0.06: 1})
    room = Cell(-x, x, rise, top.below, -z, z)
    parts = [*top.parts, *supports(random, room.grown(0.03, 0, 0.03), rise)]
    drop = between(random, 0.008, 0.03) if chance(random, 0.3) else 0.0
    spots = corner_spots(room, 0.0)
    high = top.below - drop + 0.001
    parts += [Part(CABINET_LEG, leg(legs, (px, high, pz), (px, rise, pz), (px, pz))) for px, pz in spots]
    if drop:
        parts += [Part(CABINET_CONNECTOR, mesh) for mesh in standoffs(top.below, spots, 0.3 * thick, drop + 0.002)]
    count = pick(random, {1: 5, 2: 1.5, 3: 0.4})
    for share in np.linspace(between(random, 0.12, 0.4), 0.66 if count > 1 else 0.4, count):
        parts += _level(random, top, room, float(share), thick)
    return parts


def _level(random: np.random.Generator, top: Top, room: Cell, share: float, thick: float) -> list[Part]:
    """A shelf at a share of the height, of the shape of the top, with bars under it now and then."""
    y, thin = room.bottom + share * room.height, between(random, 0.01, 0.03)
    reach = np.abs(top.outline).max(0)
    scale = (np.array([room.right, room.front]) + 0.1 * thick) / reach * (1.35 if top.round else 1 / top.corner)
    parts = [Part(AT.shelf, move(prism(top.outline * scale, thin), (0, y, 0)))]
    if chance(random, 0.2) and not top.round:
        low = y - thin / 2 - 0.25 * thick
        corners = [(room.left, low, room.back), (room.left, low, room.front), (room.right, low, room.front),
                   (room.right, low, room.back)]
        for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
            mesh = rod(start, end, 0.25 * thick) if chance(random, 0.2) else beam(start, end, 0.5 * thick, 0.5 * thick,
                                                                                  up=(0, 1, 0))
            parts.append(Part(CABINET_STRETCHER, mesh))
    return parts


def panel_table(random: np.random.Generator) -> list[Part]:
    """Panels as sides, with shelves, dividers, a back or a closed front: box-like coffee and side tables."""
    size = Size(between(random, 0.5, 1.5), between(random, 0.3, 0.75), between(random, 0.4, 0.75))
    top, style = make_top(random, size, PLAIN, {"rectangle": 5, "rounded": 1}), cabinet_style(random)
    rise = min(support_height(random, 0.4), 0.5 * size.height)
    room = body_below(random, top, rise)
    panels, inner = carcass(random, AT, style, room, 0.45, 1.0 if rise else 0.6)
    parts = [*top.parts, *supports(random, room, rise), *panels]
    kind = pick(random, {"shelves": 4, "columns": 2.5, "closed": 1, "plain": 1})
    if kind == "closed":
        parts.append(Part(AT.front_panel, board(inner._replace(back=inner.front - style.board))))
    if kind == "columns":
        dividers, cells = columns(random, AT, style, inner, int(random.integers(2, 4)), 0.3)
        parts += dividers
        for cell in cells:
            parts += shelves(random, AT, style, cell, int(random.integers(0, 2)))
    if kind == "shelves":
        parts += shelves(random, AT, style, inner, int(random.integers(1, 3)))
    return parts


def cabinet_table(random: np.random.Generator) -> list[Part]:
    """A table whose base is a cabinet with drawers and doors: night stands, coffee tables with storage."""
    small = chance(random, 0.55)
    size = Size(between(random, 0.4, 0.65), between(random, 0.45, 0.7), between(random, 0.35, 0.5)) if small else Size(
        between(random, 0.8, 1.4), between(random, 0.35, 0.75), between(random, 0.45, 0.7))
    top, style = make_top(random, size, PLAIN, {"rectangle": 5, "rounded": 1}), cabinet_style(random)
    rise = min(support_height(random), 0.5 * size.height)
    room = body_below(random, top, rise)
    panels, inner = carcass(random, AT, style, room, 0.85, 1.0 if rise else 0.9)
    parts = [*top.parts, *supports(random, room, rise), *panels]
    across = 1 if small else int(random.integers(1, 4))
    dividers, cells = columns(random, AT, style, inner, across, pick(random, {0.0: 2, 0.3: 1}))
    parts += dividers
    for cell in cells:
        parts += _filled(random, style, cell)
    if chance(random, 0.12):
        parts.append(Part(DRAWER_BASE, board(room._replace(bottom=room.top - 0.012, top=room.top + 0.004).grown(
            x=0.008, z=0.008)), is_other=True))
    return parts


def _filled(random: np.random.Generator, style: Style, cell: Cell) -> list[Part]:
    kind = pick(random, {"drawers": 4, "door": 2, "open": 1.5, "drawer above": 2.5})
    if kind == "drawers":
        return drawers(random, AT, style, rows(random, style, cell, int(random.integers(1, 4)), "")[1])
    if kind == "drawer above":
        boards, (low, high) = rows(random, style, cell, 2, AT.shelf, 0.3)
        below = doors(random, AT, style, low, 1) if chance(random, 0.4) else []
        return boards + drawers(random, AT, style, [high]) + below
    behind = shelves(random, AT, style, cell._replace(front=cell.front - 0.03), int(random.integers(0, 2)))
    return behind + (doors(random, AT, style, cell, 1 if cell.width < 0.5 else 2) if kind == "door" else [])


def corner_desk(random: np.random.Generator) -> list[Part]:
    """An L of two boards on panels or legs, with a case of drawers."""
    size, style = desk_size(random), cabinet_style(random)
    wing, deep, thick = between(random, 0.5, 1.0), between(random, 0.45, 0.6), between(random, 0.018, 0.035)
    main = around(size.width, thick, size.depth, size.height - thick)
    side = main._replace(right=main.left + deep, back=main.front - 0.001, front=main.front + wing)
    parts = [Part(BOARD, board(cell)) for cell in (main, side)]
    below = main._replace(bottom=0.0, top=main.bottom + 0.001)
    parts += pedestal(random, style, below._replace(left=below.right - 0.4, front=below.front - 0.02), 0.0)
    ends = [below._replace(right=below.left + style.board), side._replace(
        bottom=0.0, top=main.bottom + 0.001, back=side.front - style.board)]
    if chance(random, 0.6):
        parts += [Part(AT.side, board(cell)) for cell in ends]
    else:
        legs = leg_style(random, 0.045)
        spots = ((main.left, main.back + 0.03), (side.left, side.front - 0.03), (side.right - 0.06, side.front - 0.03))
        parts += [Part(CABINET_LEG, leg(legs, (x + 0.03, main.bottom, z), (x + 0.03, 0, z), (x, z))) for x, z in spots]
    back = below._replace(front=below.back + style.board, bottom=between(random, 0.0, 0.4)).grown(x=-style.board)
    parts += [Part(AT.back, board(back))] if chance(random, 0.7) else []
    return again(parts, lambda mesh: mirror(mesh, "x")) if chance(random, 0.5) else parts

