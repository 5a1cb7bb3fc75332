"""Bases without four legs: star bases with casters and gas lifts, pedestals, short feet and plinths."""

from functools import partial
from itertools import pairwise

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.chair.legs import turned_profile
from partwise.synth.categories.chair.paths import (
    CASTER,
    CASTER_STEM,
    KNOB,
    LEVER,
    PEDESTAL,
    PEDESTAL_COLUMN,
    SOFA_FOOT,
    STAR_COLUMN,
    STAR_LEG,
    WHEEL,
)
from partwise.synth.categories.chair.plan import Plan
from partwise.synth.categories.chair.shapes import lay, outline, panel, pillar, stand
from partwise.synth.chance import between, chance, pick
from partwise.synth.parts import Part, again, both_sides, one
from partwise.synth.placing import move, stretch, turn
from partwise.synth.solids import ball, circle, cylinder, lathe, rod, rounded_box, rounded_rectangle, tube


def caster(random: np.random.Generator, radius: float) -> list[Part]:
    """A stem and one or two wheels, as one node, rolling along z under the origin's (0, 2.2 radius, 0)."""
    wide = between(random, 0.5, 0.8) * radius
    wheel = move(turn(cylinder(radius, wide, 14), "z", 90), (0, radius, -0.3 * radius))
    if chance(random, 0.3):
        wheel = move(ball(radius, 10), (0, radius, 0))
    gap = wide * between(random, 0.55, 0.8)
    wheels = [wheel] if chance(random, 0.3) else [move(wheel, (side * gap, 0, 0)) for side in (1, -1)]
    if chance(random, 0.18):  # no stem: the wheels reach up to the leg
        return one(CASTER, [Part(WHEEL, stretch(mesh, (1, 1.3, 1.3))) for mesh in wheels])
    stem = tube(np.array([[0, radius, -0.3 * radius], [0, 1.6 * radius, 0], [0, 2.5 * radius, 0]]), 0.3 * radius)
    return one(CASTER, [*(Part(WHEEL, mesh) for mesh in wheels), Part(CASTER_STEM, stem)])


def _star_arm(random: np.random.Generator, reach: float, hub: float, low: float) -> Mesh:
    """One leg from the hub at height ``hub`` outwards along z, ending at height ``low``."""
    width, t = between(random, 0.035, 0.065), np.linspace(0, 1, 7)
    curve = pick(random, {1.0: 2, between(random, 1.5, 3): 1, between(random, 0.4, 0.7): 1})
    path = np.stack([0 * t, low + (hub - low) * (1 - t ** curve), 0.01 + reach * t], 1)
    section = rounded_rectangle(width, between(random, 0.5, 1) * width, pick(random, {0.0: 1, 0.3 * width: 2}), 2)
    return tube(path, np.linspace(1, between(random, 0.5, 0.95), 7), section, up=(0, 1, 0))


def star_legs(random: np.random.Generator, reach: float, casters: bool | None = None) -> tuple[list[Part], float]:
    """Three to six legs about the y axis, mostly on casters, and the height of their hub."""
    count = pick(random, {3: 0.3, 4: 2.5, 5: 7, 6: 0.4})
    casters = chance(random, 0.75) if casters is None else casters
    radius = between(random, 0.02, 0.034) if casters else 0.0
    low = 2.2 * radius + 0.015 if casters else 0.018
    hub = low + pick(random, {between(random, 0.02, 0.09): 3, 0.0: 1})
    parts = [Part(STAR_LEG, _star_arm(random, reach, hub, low))]
    if casters:
        swing = between(random, 0, 360)
        parts += again(caster(random, radius), lambda mesh: move(turn(mesh, "y", swing), (0, 0, 0.94 * reach)))
    start = pick(random, {0.0: 3, 180.0 / count: 2})
    angles = start + 360 / count * np.arange(count)
    return [part for angle in angles for part in again(parts, partial(turn, axis="y", degrees=angle))], hub


def _column(random: np.random.Generator, path: str, low: float, high: float) -> list[Part]:
    """A gas lift or post between two heights, in one to three pieces."""
    radius = between(random, 0.018, 0.035)
    joints = int(random.integers(0, 3)) if high - low > 0.08 else 0
    margin = min(0.02, 0.3 * (high - low))
    knots = [low, *np.sort(random.uniform(low + margin, high - margin, joints)), high]
    parts = []
    for index, (start, end) in enumerate(pairwise(knots)):
        wide = radius * (0.72 ** index if chance(random, 0.8) else between(random, 1.1, 1.6))
        ends = [wide, wide * pick(random, {1.0: 4, between(random, 0.6, 0.9): 1})]
        parts.append(Part(path, stand(pillar(ends, circle(14)), (0, start - 0.003, 0), (0, end + 0.003, 0))))
    return parts


def controls(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A lever beside the seat, a knob at its front, or both."""
    y, side = plan.under - between(random, 0.004, 0.014), pick(random, {1: 3, -1: 1})
    kind = pick(random, {"lever": 5, "both": 2, "knob": 3})
    parts = []
    if kind in ("lever", "both"):
        reach, z = plan.width * between(random, 0.35, 0.5), between(random, -0.05, 0.06)
        parts.append(Part(LEVER, rod((side * 0.02, y, z), (side * reach, y - between(random, 0, 0.03), z), 0.006,
                                     pick(random, {0.006: 1, 0.011: 1}), 8)))
    if kind in ("knob", "both"):
        radius, z = between(random, 0.014, 0.028), between(random, 0.08, 0.16)
        knob = turn(cylinder(radius, between(random, 0.03, 0.05), 12), pick(random, {"x": 2, "z": 1}), 90)
        parts.append(Part(KNOB, move(knob, (0 if chance(random, 0.6) else -side * 0.1, y, z))))
    return parts


def star_base(random: np.random.Generator, plan: Plan, casters: bool | None = None) -> list[Part]:
    """Star legs, a central support up to the seat, its mechanism and controls."""
    reach = between(random, 0.24, 0.36) * (1 if plan.height < 0.6 else 0.85)
    parts, hub = star_legs(random, reach, casters)
    top = plan.under
    if chance(random, 0.5) and top > hub + 0.08:
        thick = between(random, 0.015, 0.05)
        size = (between(random, 0.1, 0.24), thick, between(random, 0.14, 0.28))
        parts.append(Part(STAR_COLUMN, move(rounded_box(size, 0.3 * thick, 2), (0, top - thick / 2 + 0.002, 0))))
        top -= thick
    parts += _column(random, STAR_COLUMN, min(hub, top) - 0.02, top)
    return parts + (controls(random, plan) if chance(random, 0.55) else [])


def _plate(random: np.random.Generator, reach: float) -> tuple[Mesh, float]:
    """A pedestal's plate on the ground, and the height of its middle."""
    kind = pick(random, {"disc": 4, "square": 2, "dome": 3, "cross": 0.6})
    thick = between(random, 0.008, 0.03)
    if kind == "disc":
        return move(cylinder(reach, thick, 28), (0, thick / 2, 0)), thick
    if kind == "square":
        size = between(random, 0.85, 1.1) * reach
        points = outline(2 * size, 2 * size, *[between(random, 0, 0.1)] * 2) - [0, size]
        return lay(panel(points, thick), thick / 2), thick
    if kind == "dome":
        rise = between(random, 0.03, 0.09)
        t = np.linspace(0, 1, 7)
        profile = np.stack([reach * (1 - t) + 0.025 * t, thick + rise * t ** between(random, 0.7, 2.5)], 1)
        return lathe(np.concatenate([[[reach, 0]], profile])), thick + rise - 0.002
    section = rounded_rectangle(0.05, 0.04)
    bar = tube(np.array([[0, 0.02, -reach], [0, 0.02, reach]]), 1.0, section, up=(0, 1, 0))
    return Mesh(np.concatenate([bar.vertices, turn(bar, "y", 90).vertices]),
                np.concatenate([bar.faces, bar.faces + len(bar.vertices)])), 0.04


def pedestal_base(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A plate with a column, a trumpet (tulip) foot, or a thick turned post."""
    reach = between(random, 0.19, 0.3) * (1 if plan.height < 0.6 else 0.8)
    top = plan.under + 0.002
    if chance(random, 0.3):
        t = np.linspace(0, 1, 12)
        waist = between(random, 0.02, 0.045)
        radius = waist + (reach - waist) * (1 - t) ** between(random, 3, 7) + between(random, 0, 0.08) * t ** 5
        profile = np.concatenate([[[reach, 0]], np.stack([radius, 0.008 + t * (top - 0.008)], 1)])
        cut = int(random.integers(4, 8))
        return [Part(PEDESTAL, lathe(profile[:cut])), Part(PEDESTAL_COLUMN, lathe(profile[cut - 1:]))] if chance(
            random, 0.6) else [Part(PEDESTAL, lathe(profile))]
    plate, low = _plate(random, reach)
    parts = [Part(PEDESTAL, plate)]
    if chance(random, 0.15):
        radii, heights = turned_profile(random, between(random, 0.03, 0.06), 4)
        return [*parts, Part(PEDESTAL_COLUMN, stand(pillar(radii, circle(16), heights), (0, low, 0), (0, top, 0)))]
    return parts + _column(random, PEDESTAL_COLUMN, low, top)


def foot_mesh(random: np.random.Generator, height: float) -> Mesh:
    """A short foot of a sofa over y = 0: block, taper, bun or peg."""
    kind = pick(random, {"block": 3, "taper": 3, "bun": 1, "peg": 2})
    size = between(random, 0.02, 0.045)
    if kind == "bun":
        t = np.linspace(0, 1, 7)
        return lathe(np.stack([size * (0.55 + 0.55 * np.sin(np.pi * t)), height * t], 1), 14)
    section = circle(14) if kind == "peg" else rounded_rectangle(2, 2)
    low = between(random, 0.4, 0.8) if kind == "taper" else 1.0
    return stand(pillar([size * low, size], section), (0, 0, 0), (0, height, 0))


def foot_base(random: np.random.Generator, width: float, depth: float, height: float) -> list[Part]:
    """Short feet near the corners of a body of this width and depth; they end a little above ``height``."""
    mesh = foot_mesh(random, height + 0.006)
    inset = between(random, 0.035, 0.07)
    x, z = width / 2 - inset, depth / 2 - inset
    rear = z - (between(random, 0, 0.08) if chance(random, 0.3) else 0)
    spots = [(x, 0, z), (x, 0, -rear)]
    if width > 1.1 and chance(random, 0.3):
        spots.append((0.34 * x, 0, z))
    return both_sides([Part(SOFA_FOOT, move(mesh, spot)) for spot in spots])


def plinth(random: np.random.Generator, width: float, depth: float, height: float, z: float = 0.0,
           path: str = PEDESTAL) -> list[Part]:
    """A solid block on the ground up to ``height``."""
    radius = pick(random, {0.0: 1, between(random, 0.005, 0.03): 1})
    mesh = rounded_box((width, height, depth), radius, 2) if radius else pillar_box(width, height, depth)
    return [Part(path, move(mesh, (0, height / 2, z)))]


def pillar_box(width: float, height: float, depth: float) -> Mesh:
    """A sharp box about the origin."""
    return move(stand(pillar([1, 1], rounded_rectangle(width, depth)), (0, 0, 0), (0, height, 0)), (0, -height / 2, 0))
