"""Chairs on crossed bars: folding and deck chairs, X-framed lounge chairs, director's chairs."""

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.chair.arms import arms
from partwise.synth.categories.chair.backs import bars, slats
from partwise.synth.categories.chair.footrests import leg_rest
from partwise.synth.categories.chair.paths import (
    ARM,
    ARM_BAR,
    ARM_POST,
    BACK_PANEL,
    BACK_POST,
    BACK_RAIL,
    LEG,
    RUNNER,
    SEAT_FRAME_BAR,
    SEAT_PANEL,
    STRETCHER,
)
from partwise.synth.categories.chair.plan import Plan, draw_plan
from partwise.synth.categories.chair.seats import seat
from partwise.synth.categories.chair.shapes import Stick, flat_stick, outline, panel, ribbon, round_stick
from partwise.synth.chance import between, chance, pick
from partwise.synth.parts import Part, both_sides, moved, one
from partwise.synth.placing import bend, move, turn
from partwise.synth.solids import sheet


def _bar(random: np.random.Generator, points: int) -> tuple[Stick, float]:
    """A tube or lath, and half its width across."""
    if chance(random, 0.45):
        radius = between(random, 0.007, 0.013)
        return round_stick(radius, points), radius
    wide = between(random, 0.014, 0.026)
    return flat_stick(wide, between(random, 1.2, 2.6) * wide, 0.2 * wide, points), wide / 2


def folding(random: np.random.Generator) -> list[Part]:
    """An upright folding chair: the back's posts go on to the front feet, the other legs from the seat to the rear."""
    plan = draw_plan(random, width=(0.38, 0.5), thick=(0.012, 0.035), back=(0.34, 0.5), lean=(6, 22),
                     shape=pick(random, {"square": 2, "soft": 1}))
    parts = seat(random, plan, pick(random, {"board": 3, "slats": 2, "cushion": 1.5, "framed": 0.8}))
    parts += _crossed(random, plan, between(random, 0.25, 0.5), between(random, 0.35, 0.6))
    return parts + (arms(random, plan, "bars") if chance(random, 0.15) else [])


def _crossed(random: np.random.Generator, plan: Plan, front: float, rear: float) -> list[Part]:
    """Posts, crossed legs and bars between them; ``front`` and ``rear`` are z of the feet in seat depths."""
    stick, half = _bar(random, 7)
    x, inner = plan.width / 2 + half * pick(random, {1.0: 2, -1.0: 1}), 2.2 * half
    knee = np.array([x, plan.height - 0.4 * plan.thick, plan.rear * between(random, 0.75, 1.0)])
    top = knee + [0, plan.back, -np.tan(np.radians(plan.lean)) * plan.back]
    foot = np.array([x, 0, front * plan.depth])
    other_top = np.array([x - inner, plan.under + 0.004, plan.depth * between(random, 0.25, 0.45)])
    other_foot = np.array([x - inner, 0, -rear * plan.depth])
    sag = (0, 0, pick(random, {0.0: 3, between(random, -0.03, 0.03): 1}))
    parts = both_sides([Part(LEG, stick.run(foot, knee, sag=sag)), Part(LEG, stick.run(other_foot, other_top, sag=sag)),
                        Part(BACK_POST, stick.run(knee, top))])

    def tie(low: np.ndarray, high: np.ndarray, share: float) -> Part:
        point = low + (high - low) * share
        return Part(STRETCHER, stick.run(point * [-1, 1, 1], point, up=(0, 1, 0)))

    parts += [tie(low, high, between(random, 0.04, 0.25)) for low, high in ((foot, knee), (other_foot, other_top))
              if chance(random, 0.65)]
    return parts + moved(_between_posts(random, plan, x),
                         lambda mesh: move(turn(mesh, "x", -plan.lean), knee * [0, 1, 1]))


def _between_posts(random: np.random.Generator, plan: Plan, x: float) -> list[Part]:
    """What fills the space between a folding chair's posts, upright over the seat's rear."""
    kind = pick(random, {"panel": 4, "slats": 2.5, "rail": 1.5, "bars": 0.8})
    low = plan.back * between(random, 0.2, 0.65)
    if kind == "slats":
        return slats(random, x, low, plan.back, int(random.integers(2, 7)))
    if kind == "panel":
        points = outline(2 * x, plan.back * between(random, 0.93, 1.03) - low, 0.01, between(random, 0, 0.06)) + [0,
                                                                                                                  low]
        rest = panel(points, between(random, 0.006, 0.03), 0.6, between(random, 0, 0.015))
        return [Part(BACK_PANEL, _hollowed(rest, between(random, 0, 0.04) if chance(random, 0.5) else 0.0, x))]
    rail = outline(2 * x, between(random, 0.05, 0.12), 0.0, 0.02)
    parts = [Part(BACK_RAIL, panel(rail + [0, 0.98 * plan.back - rail[:, 1].max()], 0.014))]
    if kind == "rail":
        return parts
    bar = flat_stick(0.02, 0.03, points=2).run((-x, low, 0), (x, low, 0))
    return [*parts, Part(BACK_RAIL, bar), *bars(random, x, low, 0.9 * plan.back, int(random.integers(2, 6)))]


def _hollowed(mesh: Mesh, depth: float, x: float) -> Mesh:
    """Pressed to the rear in the middle, its sides staying where they are."""
    points = mesh.vertices.copy()
    points[:, 2] -= depth * np.clip(1 - (points[:, 0] / x) ** 2, 0, 1)
    return Mesh(points, mesh.faces)


def deck_chair(random: np.random.Generator) -> list[Part]:
    """A low, deep folding chair, its seat and back slatted or one hanging cloth; often arms, at times a leg rest."""
    plan = draw_plan(random, width=(0.46, 0.6), depth=(0.46, 0.62), height=(0.28, 0.42), thick=(0.015, 0.04),
                     back=(0.55, 0.8),
                     lean=(20, 42), shape="square")
    if chance(random, 0.45):
        parts = _sling(random, plan)
    else:
        parts = seat(random, plan, pick(random, {"slats": 3, "board": 1, "cushion": 2, "framed": 1}))
    parts += _crossed(random, plan, between(random, 0.4, 0.75), between(random, 0.6, 1.0))
    if chance(random, 0.6):
        parts += arms(random, plan, pick(random, {"bars": 4, "frame": 1}))
    return parts + (leg_rest(random, plan, plan.depth / 2) if chance(random, 0.25) else [])


def _sling(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A cloth that hangs between bars at the front and rear of the seat."""
    z = np.linspace(plan.depth / 2, plan.rear, 12)
    sag = between(random, 0.01, 0.07)
    y = plan.height - sag * (1 - (2 * z / plan.depth) ** 2)
    stick = round_stick(between(random, 0.008, 0.014), 2)
    ends = [Part(SEAT_FRAME_BAR, stick.run((-plan.width / 2, plan.height - 0.006, at),
                                           (plan.width / 2, plan.height - 0.006, at)))
            for at in (plan.depth / 2, plan.rear)]
    return [Part(SEAT_PANEL, ribbon(np.stack([z, y], 1), plan.width / 2 - 0.012, 0.006, columns=3)), *ends]


def x_lounge(random: np.random.Generator) -> list[Part]:
    """Two cushions on crossed, curved flat bars."""
    plan = draw_plan(random, width=(0.55, 0.76), depth=(0.5, 0.65), height=(0.36, 0.44), thick=(0.08, 0.14),
                     back=(0.42, 0.6),
                     lean=(16, 32), shape="square")
    thick = between(random, 0.07, 0.13)
    pad = panel(outline(plan.width, plan.back, 0.01, 0.02), thick, between(random, 0.3, 0.9), between(random, 0, 0.015))
    parts = seat(random, plan, "cushion")
    parts.append(Part(BACK_PANEL, move(turn(pad, "x", -plan.lean), (0, plan.height - 0.02, plan.rear - 0.01))))
    stick = flat_stick(0.012, between(random, 0.03, 0.06), points=9)
    x, sway = plan.width / 2 * between(random, 0.6, 0.95), between(random, 0.0, 0.09)
    rear, front = plan.rear, plan.depth / 2
    under = plan.under + 0.006
    crossed = [Part(LEG, stick.run((x, 0, 0.9 * front), (x, under, rear), sag=(0, sway, 0))),
               Part(LEG, stick.run((x, 0, 1.1 * rear), (x, under, 0.9 * front), sag=(0, -0.6 * sway, 0)))]
    behind = move(turn(stick.run((x, -0.1, 0), (x, 0.9 * plan.back, 0)), "x", -plan.lean),
                  (0, plan.height - 0.02, plan.rear - 0.01 - 0.5 * thick))
    parts += both_sides([*crossed, Part(BACK_POST, behind)])
    for y, z in ((0.02, 0.88 * front), (0.02, 1.08 * rear), (under - 0.01, 0.85 * front)):
        if chance(random, 0.5):
            parts.append(Part(STRETCHER, stick.run((-x, y, z), (x, y, z), up=(0, 1, 0))))
    return parts


def director(random: np.random.Generator) -> list[Part]:
    """Cloth seat and back, legs that cross as one sees from the front, flat arms on posts, bars on the ground."""
    tall = pick(random, {(0.42, 0.5): 4, (0.6, 0.75): 1})
    plan = draw_plan(random, width=(0.46, 0.58), depth=(0.38, 0.46), height=tall, thick=(0.01, 0.02), back=(0.34, 0.46),
                     lean=(0, 10), shape="square")
    stick, half = _bar(random, 2)
    x, z, floor = plan.width / 2, plan.depth / 2 - 0.03, 0.02
    above = between(random, 0.17, 0.24)
    parts = [Part(LEG, stick.run((side * x, floor, at), (-side * x, plan.height, at + side * 0.6 * half), up=(0, 0, 1)))
             for at in (z, -z) for side in (1, -1)]
    grid_x, grid_z = np.meshgrid(np.linspace(x, -x, 9), np.linspace(0.5, -0.5, 3) * plan.depth)
    sag = between(random, 0.0, 0.04) * (1 - (grid_x / x) ** 2)
    parts.append(Part(SEAT_PANEL, sheet(np.stack([grid_x, plan.height - sag, grid_z], 2), 0.006)))
    arm_y = plan.height + above
    side = [Part(ARM_BAR, flat_stick(between(random, 0.04, 0.07), 0.02, 0.004, 2).run(
                (x, arm_y, -z - 0.06), (x, arm_y, z + 0.06), up=(0, 1, 0))),
            Part(ARM_POST, stick.run((x, plan.height - 0.01, z), (x, arm_y, z)))]
    if chance(random, 0.5):
        side.append(Part(ARM_POST, stick.run((x, plan.height - 0.01, -z), (x, arm_y, -z))))
        post = stick.run((x, arm_y, -z), (x, plan.height + plan.back, plan.back_z(plan.back) + 0.03))
    else:
        post = stick.run((x, plan.height - 0.01, -z), (x, plan.height + plan.back, plan.back_z(plan.back) + 0.03))
    parts += both_sides(one(ARM, side)) + both_sides([Part(BACK_POST, post)])
    parts += both_sides([Part(SEAT_FRAME_BAR, stick.run((x, plan.height, -z - 0.02), (x, plan.height, z + 0.02),
                                                        up=(0, 1, 0)))])
    if chance(random, 0.85):
        parts += both_sides([Part(RUNNER, flat_stick(0.03, 0.03, points=2).run((x, 0.015, -z - 0.06),
                                                                               (x, 0.015, z + 0.06)))])
    return parts + _cloth_back(random, plan, x, arm_y)


def _cloth_back(random: np.random.Generator, plan: Plan, x: float, arm_y: float) -> list[Part]:
    tall = between(random, 0.14, 0.2)
    mesh = bend(panel(outline(2 * x + 0.01, tall, step=0.05), 0.006, 0.1), "x", "z", between(random, 0, 35))
    mesh = move(mesh, (0, 0, -float(mesh.vertices[:, 2].max())))
    z = plan.back_z(plan.back) + 0.035
    return [Part(BACK_PANEL, move(mesh, (0, plan.height + plan.back - tall - 0.005, z)))]
