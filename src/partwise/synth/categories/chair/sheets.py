"""Chairs of one sheet or tube: shells, bent panels, zigzags, cantilevers, loungers, wire. Cut where they fold."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.chair.arms import arms
from partwise.synth.categories.chair.backs import set_back, slats
from partwise.synth.categories.chair.legs import draw_leg, leg_base, panel_base, sled_base
from partwise.synth.categories.chair.paths import (
    ARM,
    ARM_BAR,
    ARM_FRAME,
    ARM_SOFA,
    BACK_HOOP,
    BACK_PANEL,
    BACK_POST,
    BACK_SLAT,
    BACK_SPINDLE,
    HEADREST,
    LEG,
    PEDESTAL,
    RUNNER,
    SEAT_BAR,
    SEAT_FRAME,
    SEAT_FRAME_BAR,
    SEAT_PANEL,
    STRETCHER,
)
from partwise.synth.categories.chair.plan import Plan, draw_plan
from partwise.synth.categories.chair.seats import seat
from partwise.synth.categories.chair.shapes import (
    evenly,
    fillet,
    flat_stick,
    outline,
    panel,
    ribbon,
    tube_along,
)
from partwise.synth.categories.chair.stands import pedestal_base, star_base
from partwise.synth.chance import between, chance, pick
from partwise.synth.parts import Part, both_sides, moved, one
from partwise.synth.placing import join, move
from partwise.synth.solids import circle, cushion, rounded_box, sheet, smooth, tube

Base = Callable[[np.random.Generator, Plan], list[Part]]


def _profile(random: np.random.Generator, plan: Plan) -> tuple[np.ndarray, int]:
    """(24, 2) points in z and y from the seat's front edge over the fold to the back's top, and the fold's index."""
    front, rise = plan.depth / 2, np.radians(plan.lean)
    drop, dip = between(random, -0.02, 0.05), between(random, 0, 0.03)
    top = np.array([plan.rear - plan.back * np.sin(rise), plan.height + plan.back * np.cos(rise)])
    fold = np.array([plan.rear, plan.height - dip])
    middle = (fold + top) / 2 + [between(random, -0.04, 0.03), 0]
    line = [[front, plan.height - drop], [0.75 * front, plan.height], [0, plan.height - 0.6 * dip], fold]
    points = fillet(np.array([*line, middle, top]), pick(random, {0.03: 1, between(random, 0.05, 0.25): 3}), 6)
    points = evenly(points, 24)
    corner = int(np.argmin(np.linalg.norm(points - fold, axis=1)))
    return points, int(np.clip(corner + random.integers(-1, 2), 5, 18))


def _halves(random: np.random.Generator, plan: Plan, count: int, fold: int) -> np.ndarray:
    """Half the sheet's width along its profile."""
    t = np.arange(count)
    seat_front, waist, top = plan.width / 2, between(random, 0.75, 1.05), between(random, 0.65, 1.05)
    half = seat_front * np.interp(t, [0, fold, 0.5 * (fold + count), count - 1],
                                  [1, waist, waist * between(random, 0.9, 1.2), top])
    ends = pick(random, {0.0: 1, between(random, 0.1, 0.45): 1.5})
    near = np.minimum(t, count - 1 - t)
    return np.asarray(half * (1 - ends * np.clip(1 - near / 3, 0, 1) ** 2))


def _below(plan: Plan, mesh: Mesh, reach: float) -> Plan:
    """The plan of a base under a curved seat: its middle decides, and legs at ``reach`` end where the seat is."""
    x, z = 0.45 * plan.width * reach, 0.45 * plan.depth * reach
    points = mesh.vertices

    def lowest(*spot: float) -> float:
        near = np.argsort(np.linalg.norm(points[:, [0, 2]] - spot, axis=1))[:6]
        return float(points[near, 1].min())

    middle = lowest(0, 0) + 0.004
    return replace(plan, thick=plan.height - middle, reach=reach, lift=(lowest(x, z) - middle, lowest(x, -z) - middle))


def _any_base(random: np.random.Generator, plan: Plan) -> list[Part]:
    bases: dict[Base, float] = {leg_base: 5, sled_base: 1.5, pedestal_base: 1.5, star_base: 2, wire_base: 1.2,
                                panel_base: 0.5}
    return pick(random, bases)(random, plan)


def wire_base(random: np.random.Generator, plan: Plan) -> list[Part]:
    """Legs of wood or wire, tied by a cat's cradle of wire."""
    radius, x, z = between(random, 0.004, 0.007), 0.17, 0.15
    y, splay = plan.under, between(random, 0.05, 0.1)
    leg = draw_leg(random, between(random, 0.009, 0.018))
    foot, top = np.array([x + splay, 0, z + splay]), np.array([0.8 * x, y + 0.006, 0.8 * z])
    flip = np.array([1, 1, -1])
    parts = both_sides([Part(LEG, leg(foot, top)), Part(LEG, leg(foot * flip, top * flip))])
    low = foot * 0.55 + top * 0.45
    for start, end in ((low, top * [-1, 1, 1]), (low * flip, top * [-1, 1, -1])):
        parts += both_sides([Part(STRETCHER, tube_along(np.stack([start, end]), radius))])
    return parts + both_sides([Part(STRETCHER, tube_along(np.stack([low, low * flip]), radius))])


def bent_panel(random: np.random.Generator) -> list[Part]:
    """Seat and back bent from one board, cut at the fold, on any base; sometimes with arms."""
    plan = draw_plan(random, height=(0.38, 0.5), thick=(0.01, 0.03), back=(0.3, 0.6), lean=(5, 28), shape="square")
    profile, fold = _profile(random, plan)
    half, thick = _halves(random, plan, len(profile), fold), pick(random,
                                                                    {0.012: 2, between(random, 0.015, 0.06): 1.5})
    dish = between(random, -0.005, 0.04) * np.linspace(0.3, 1, len(profile))
    parts = [Part(SEAT_PANEL, ribbon(profile[:fold + 1], half[:fold + 1], thick, dish[:fold + 1])),
             Part(BACK_PANEL, ribbon(profile[fold:], half[fold:], thick, dish[fold:]))]
    lowered = _below(plan, parts[0].mesh, 0.85)
    parts += _folded_base(random, lowered) if chance(random, 0.25) else _any_base(random, lowered)
    return parts + (arms(random, plan) if chance(random, 0.15) else [])


def _folded_base(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A second bent board: an arch, a trestle or a box under the seat."""
    thick, half = between(random, 0.012, 0.05), plan.width / 2 * between(random, 0.6, 1)
    top, z = plan.under + min(0.0, *plan.lift) + 0.3 * thick, plan.depth / 2 * between(random, 0.5, 0.95)
    foot = z * between(random, 0.8, 1.3)
    path = pick(random, {PEDESTAL: 1, LEG: 1.5})
    corners = np.array([[foot, 0], [z, top - thick / 2], [-z, top - thick / 2], [-foot, 0]])
    if chance(random, 0.3):
        corners = corners * [1, -1] + [0, top]
    line = fillet(corners, between(random, 0.02, 0.12))
    if chance(random, 0.4):
        parts = [Part(path, ribbon(line, half, thick, columns=3))]
        return parts if line[0, 1] < 0.02 else moved(parts, lambda mesh: move(mesh, (0, 0.5 * thick, 0)))
    stick = flat_stick(thick, between(random, 0.03, 0.08), points=2)
    legs = [stick.run((half - 0.02, 0, sign * foot), (half - 0.02, top, sign * 0.6 * z)) for sign in (1, -1)]
    board = rounded_box((2 * half, thick, 1.3 * z), 0.3 * thick, 1)
    return [*both_sides([Part(LEG, leg) for leg in legs]), Part(STRETCHER, move(board, (0, 0.45 * top, 0)))]


def shell(random: np.random.Generator) -> list[Part]:
    """A moulded shell with raised edges, in some with arms, on legs, wire, a star or a pedestal."""
    plan = draw_plan(random, width=(0.44, 0.62), depth=(0.4, 0.5), height=(0.4, 0.47), thick=(0.01, 0.02),
                     back=(0.3, 0.48),
                     lean=(8, 24), shape="soft")
    profile, fold = _profile(random, plan)
    count, thick = len(profile), between(random, 0.006, 0.03)
    half = _halves(random, plan, count, fold)
    armed = chance(random, 0.35)
    bump = np.exp(-((np.arange(count) - fold + 1) / between(random, 3.5, 6)) ** 2)
    dish = between(random, 0.02, 0.06) + bump * (between(random, 0.12, 0.22) if armed else between(random, 0, 0.06))
    columns = 17
    grid = _dished_grid(profile, half, dish, columns, between(random, 2.2, 4) if armed else 2.0)
    parts = _cut_shell(grid, fold, thick, 2 if armed else 0)
    lowered = _below(plan, join(*(part.mesh for part in parts if part.path != BACK_PANEL)), 0.7)
    return parts + _any_base(random, lowered)


def _dished_grid(profile: np.ndarray, half: np.ndarray, dish: np.ndarray, columns: int, power: float) -> np.ndarray:
    """(k, columns, 3): the profile swept over its width, edges raised to the sitter's side."""
    ahead = np.gradient(profile, axis=0)
    normals = np.stack([ahead[:, 1], -ahead[:, 0]], 1) / np.linalg.norm(ahead, axis=1, keepdims=True)
    normals = np.where(normals[:, 1:] < 0.3, normals * [1, 0.3] + [0, 0.4], normals)
    across = np.linspace(1, -1, columns)
    lifted = profile[:, None] + normals[:, None] * (dish[:, None] * np.abs(across) ** power)[..., None]
    return np.stack([half[:, None] * across, lifted[..., 1], lifted[..., 0]], 2)


def _cut_shell(grid: np.ndarray, fold: int, thick: float, rim: int) -> list[Part]:
    """Seat before the fold, back behind it, and the raised ``rim`` columns at the sides as arms."""
    last = grid.shape[1] - 1
    if rim == 0:
        return [Part(SEAT_PANEL, sheet(grid[:fold + 1], thick)), Part(BACK_PANEL, sheet(grid[fold:], thick))]
    stop = min(fold + 5, len(grid) - 4)
    parts = [Part(SEAT_PANEL, sheet(grid[:fold + 1, rim:last - rim + 1], thick)),
             Part(BACK_PANEL, sheet(grid[fold:stop + 1, rim:last - rim + 1], thick)),
             Part(BACK_PANEL, sheet(grid[stop:], thick))]
    joined = Mesh(np.concatenate([parts[1].mesh.vertices, parts[2].mesh.vertices]),
                  np.concatenate([parts[1].mesh.faces, parts[2].mesh.faces + len(parts[1].mesh.vertices)]))
    sides = [sheet(grid[:stop + 1, :rim + 1], thick), sheet(grid[:stop + 1, last - rim:], thick)]
    return [parts[0], Part(BACK_PANEL, joined), *(part for mesh in sides for part in one(ARM, [Part(ARM_SOFA, mesh)]))]


def zigzag(random: np.random.Generator) -> list[Part]:
    """One board from the back's top over the seat to the ground: a Z, a C or an S; the base is its lower part."""
    plan = draw_plan(random, height=(0.4, 0.48), thick=(0.02, 0.05), back=(0.3, 0.5), lean=(3, 18), shape="square")
    kind = pick(random, {"Z": 2, "C": 2, "S": 2})
    half, thick = plan.width / 2, between(random, 0.015, 0.05)
    front, rear, y = plan.depth / 2, plan.rear, plan.height
    top = [plan.back_z(plan.back), y + plan.back]
    radius = between(random, 0.0, 0.05) + (0.0 if kind == "Z" else 0.06)
    low = {"Z": [[front, y], [rear, thick / 2], [front, thick / 2]],
           "C": [[front, y], [front, thick / 2], [rear, thick / 2]],
           "S": [[front, y], [0.45 * front, 0.62 * y], [0.3 * rear, 0.3 * y], [0.1 * front, 0.05],
                 [0.9 * front, thick / 2]]}[kind]
    under = fillet(np.array(low), max(radius, 0.006), 6)
    if kind == "S":
        under = np.maximum(smooth(low, 18), [-9, thick / 2])
    upper = fillet(np.array([[front, y], [rear, y - 0.015], top]), max(radius, 0.02), 8)
    upper = evenly(upper, 22)
    fold = int(np.argmin(np.linalg.norm(upper - [rear, y], axis=1)))
    parts = [Part(SEAT_PANEL, ribbon(upper[:fold + 1], half, thick, columns=5)),
             Part(BACK_PANEL, ribbon(upper[fold:], half, thick, columns=5))]
    return parts + _zigzag_base(random, kind, under, half * between(random, 0.9, 1), thick)


def _zigzag_base(random: np.random.Generator, kind: str, under: np.ndarray, half: float, thick: float) -> list[Part]:
    if kind == "S" or chance(random, 0.4):
        spread = np.linspace(1, between(random, 1, 1.2), len(under)) * half
        return [Part(pick(random, {PEDESTAL: 2, LEG: 1}), ribbon(under[::-1], spread[::-1], thick, columns=5))]
    points = evenly(under, 20)
    corner = int(np.argmax(points[:, 1] < 0.03 + thick))
    return [Part(LEG, ribbon(points[:corner + 1][::-1], half, thick, columns=3)),
            Part(pick(random, {RUNNER: 2, PEDESTAL: 1}), ribbon(points[corner:][::-1], half, thick, columns=3))]


def cantilever(random: np.random.Generator) -> list[Part]:
    """A tube from the ground's rear forward, up the front, back under the seat and up the back; no rear legs."""
    plan = draw_plan(random, width=(0.44, 0.56), thick=(0.015, 0.05), back=(0.36, 0.55), lean=(5, 18), shape="square")
    radius = between(random, 0.009, 0.016)
    x, y, front = plan.width / 2 - radius, plan.under - radius + 0.003, plan.depth / 2
    rear = plan.rear - between(random, -0.03, 0.08)
    bend = between(random, 0.04, 0.1)
    lean = between(random, -0.02, 0.06)
    points = np.array([[x, radius, rear], [x, radius, front + lean], [x, y, front], [x, y, plan.rear]])
    path = fillet(points, bend, 7)
    side = [Part(RUNNER, tube_along(path[:5], radius)), Part(LEG, tube_along(path[4:12], radius)),
            Part(SEAT_FRAME_BAR, tube_along(path[11:], radius))]
    if chance(random, 0.3):
        section = flat_stick(1.6 * radius, between(random, 2, 4) * radius).section[:, ::-1] * [-1, 1]
        side = [Part(part.path, tube(line, 1.0, section, up=(1, 0, 0)))
                for part, line in zip(side, (path[:5], path[4:12], path[11:]), strict=True)]
    parts = both_sides(side)
    if chance(random, 0.8):
        parts.append(Part(STRETCHER, tube_along(np.array([[-x, radius, rear], [x, radius, rear]]), radius)))
    if chance(random, 0.3):
        parts.append(Part(STRETCHER, tube_along(np.array([[-x, y, front - 0.05], [x, y, front - 0.05]]), 0.9 * radius)))
    parts += seat(random, plan, pick(random, {"board": 2, "cushion": 2, "framed": 1}))
    parts += tube_back(random, plan, x, y, radius)
    return parts + (_tube_arms(random, plan, x, radius) if chance(random, 0.45) else [])


def tube_back(random: np.random.Generator, plan: Plan, x: float, y: float, radius: float) -> list[Part]:
    """Posts of tube, or one bow, with a panel or slats between."""
    low = y - plan.height
    place = set_back(random, plan, bow=0.0, inset=0.0)
    thick, gap = between(random, 0.008, 0.04), between(random, 0.05, 0.45) * plan.back
    over = between(random, 0.4, 1.0)
    panel_top = plan.back * (1.02 if over > 0.7 else 0.97)
    pad = panel(outline(2 * x + 2 * radius * over, panel_top - gap, between(random, 0, 0.06),
                        between(random, 0, 0.08)) + [0, gap],
                thick, 0.7, between(random, 0, 0.02))
    filling = [Part(BACK_PANEL, move(pad, (0, 0, radius * 0.6)))]
    if chance(random, 0.15):
        filling = slats(random, x, gap, plan.back)
    if chance(random, 0.4):
        bow = evenly(fillet(np.array([[x, low, 0], [x, plan.back, 0], [-x, plan.back, 0], [-x, low, 0]]), 0.06, 6), 30)
        frame = [Part(BACK_HOOP, tube(bow, radius, circle(10)))]
    else:
        line = np.linspace((x, low, 0), (x, plan.back * between(random, 0.85, 1), 0), 8)
        frame = both_sides([Part(BACK_POST, tube(line, radius, circle(10)))])
    return moved(frame + filling, place)


def _tube_arms(random: np.random.Generator, plan: Plan, x: float, radius: float) -> list[Part]:
    """Tube arms from the back post to the front leg's top, bare or with a pad."""
    above = between(random, 0.17, 0.25)
    y, front = plan.height + above, plan.depth / 2
    line = np.array([[x, y, plan.back_z(above)], [x, y, front - 0.02], [x, plan.under, front]])
    parts = [Part(ARM_FRAME, tube_along(fillet(line, between(random, 0.03, 0.1)), radius))]
    if chance(random, 0.6):
        pad = rounded_box((0.045, 0.024, 0.6 * plan.depth), 0.01, 2)
        parts.append(Part(ARM_BAR, move(pad, (x, y + radius, 0.0))))
    return both_sides(one(ARM, parts))


def lounger(random: np.random.Generator) -> list[Part]:
    """A long curved sheet, half lying: seat for the legs too, back, perhaps a neck roll, on a small base."""
    long, height, half = between(random, 0.7, 1.1), between(random, 0.28, 0.42), between(random, 0.24, 0.34)
    knee, back = between(random, 0.02, 0.16), between(random, 0.55, 0.8)
    lean = np.radians(between(random, 30, 62))
    thick, propped = pick(random, {0.02: 1, between(random, 0.03, 0.12): 1.5}), chance(random, 0.35)
    front = 0.6 * thick if propped and chance(random, 0.6) else height - between(random, -0.02, 0.2)
    control = np.array([[long, front], [0.6 * long, height + knee], [0, height],
                        [-0.5 * back * np.sin(lean), height + 0.45 * back * np.cos(lean)],
                        [-back * np.sin(lean), height + back * np.cos(lean)]])
    profile = smooth(control, 30)
    fold = int(np.argmin(np.abs(profile[:, 0] - 0.02)))
    parts = [Part(SEAT_PANEL, ribbon(profile[:fold + 1], half, thick, columns=5)),
             Part(BACK_PANEL, ribbon(profile[fold:], half, thick, columns=5))]
    if chance(random, 0.35):
        neck = cushion((1.4 * half, 0.11, 0.16), 0.7, 16)
        parts.append(Part(HEADREST, move(neck, (0, profile[-3, 1] + 0.04, profile[-3, 0] + 0.03 + thick / 2))))
    if propped:
        return parts + _prop(random, profile[:fold], half * between(random, 0.7, 1), thick)
    plan = Plan(1.6 * half, 0.6 * long, height - 0.3 * thick, 0.4 * thick, back, 0,
                outline(2 * half, 0.6 * long) - [0, 0.3 * long])
    base = pick(random, {sled_base: 2, leg_base: 2, _folded_base: 1, panel_base: 1})(random, plan)
    shift = (0, 0, between(random, 0.1, 0.3) * long)
    return parts + moved(base, lambda mesh: move(mesh, shift))


def _prop(random: np.random.Generator, profile: np.ndarray, half: float, thick: float) -> list[Part]:
    """A second board that leaves a long seat (k, 2) below and runs to the ground under the back."""
    start = profile[int(between(random, 0.35, 0.75) * len(profile))] - [0, 0.8 * thick]
    end = np.array([profile[-1, 0] - between(random, 0.15, 0.45), 0.6 * thick])
    bulge = between(random, 0.0, 0.5) * np.array([end[0] - start[0], start[1] - end[1]])
    flat = end + [-between(random, 0.0, 0.15), 0.0]
    line = evenly(fillet(np.array([start, (start + end) / 2 - 0.4 * bulge * [0, 1], end, flat]), 0.2, 7), 16)
    return [Part(pick(random, {PEDESTAL: 1, LEG: 1}), ribbon(line, half, thick, columns=5))]


def wire_chair(random: np.random.Generator) -> list[Part]:
    """A shell of welded wire on a rim: its wires are bars of seat and back."""
    plan = draw_plan(random, width=(0.46, 0.6), depth=(0.4, 0.5), thick=(0.01, 0.02), back=(0.3, 0.45), lean=(8, 22),
                     shape="soft")
    profile, fold = _profile(random, plan)
    half, dish = _halves(random, plan, len(profile), fold), np.full(len(profile), between(random, 0.02, 0.07))
    grid = _dished_grid(profile, half, dish, 9, 2.0)
    radius = between(random, 0.0025, 0.005)
    fewer = int(pick(random, {1: 1, 2: 1}))
    parts = []
    for column in range(fewer, 8, fewer):
        parts += [Part(SEAT_BAR, tube_along(grid[:fold + 1, column], radius)),
                  Part(BACK_SPINDLE, tube_along(grid[fold:, column], radius))]
    for row in range(2, len(grid) - 1, 2 * fewer + 1):
        parts.append(Part(SEAT_BAR if row <= fold else BACK_SLAT, tube_along(grid[row], radius)))
    seat_rim = np.concatenate([grid[fold::-1, 0], grid[0, 1:-1], grid[:fold + 1, -1]])
    back_rim = np.concatenate([grid[fold:, 0], grid[-1, 1:-1], grid[fold:, -1][::-1]])
    parts += [Part(SEAT_FRAME, tube_along(seat_rim, 1.8 * radius)), Part(BACK_HOOP, tube_along(back_rim, 1.8 * radius))]
    rim = ribbon(profile[:fold + 1], half[:fold + 1], 0.004, dish[:fold + 1])
    lowered = _below(plan, rim, 0.8)
    return parts + pick(random, {sled_base: 2, wire_base: 1, leg_base: 1})(random, lowered)
