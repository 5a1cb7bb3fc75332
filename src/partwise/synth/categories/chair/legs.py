"""Bases that stand on legs: the legs themselves, stretchers, runners, feet, rockers, sleds and panels."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.chair.paths import FOOT, LEG, ROCKER, RUNNER, STRETCHER
from partwise.synth.categories.chair.plan import Plan
from partwise.synth.categories.chair.shapes import Stick, fillet, flat_stick, pillar, stand, tube_along
from partwise.synth.chance import between, chance, pick
from partwise.synth.parts import Part, both_sides
from partwise.synth.placing import move
from partwise.synth.solids import Point, circle, cylinder, rounded_rectangle, tube

LegMaker = Callable[[np.ndarray, np.ndarray], Mesh]
"""From the foot and the top (3,) of a leg to its mesh."""


@dataclass(frozen=True)
class Stance:
    """Feet and tops (3,) of the front and the rear leg on the right-hand side."""

    front_foot: np.ndarray
    front_top: np.ndarray
    rear_foot: np.ndarray
    rear_top: np.ndarray

    def front(self, y: float) -> np.ndarray:
        """The point of the front leg's axis at height y."""
        return _at(self.front_foot, self.front_top, y)

    def rear(self, y: float) -> np.ndarray:
        return _at(self.rear_foot, self.rear_top, y)


def _at(foot: np.ndarray, top: np.ndarray, y: float) -> np.ndarray:
    return np.asarray(foot + (top - foot) * (y - foot[1]) / (top[1] - foot[1]))


def draw_stance(random: np.random.Generator, plan: Plan, inset: float = 0.03, splay: float | None = None) -> Stance:
    """Straight or splayed legs under a seat, whose tops go a little into it."""
    if splay is None:
        splay = pick(random, {0.0: 4, between(random, 0.01, 0.04): 2.5, between(random, 0.04, 0.13): 2})
    x, z = plan.width / 2 * plan.reach - inset, plan.depth / 2 * plan.reach - inset
    if inset > 0:
        x, z = np.array([x, z]) * min(1.0, (_extent(plan, x, z) - 0.3 * inset) / float(np.hypot(x, z)))
    top = plan.under + min(0.3 * plan.thick, 0.012)
    narrow = between(random, 0.85, 1) if chance(random, 0.3) else 1.0
    kick = between(random, 0, 0.1) if chance(random, 0.5) else splay
    splay, kick = min(splay, 0.3 * top), min(kick, 0.3 * top)  # short legs do not sprawl
    front = pick(random, {0.0: 1, splay: 1})
    return Stance(np.array([x + splay, 0, z + front]), np.array([x, top + plan.lift[0], z]),
                  np.array([narrow * x + splay, 0, -z - kick]), np.array([narrow * x, top + plan.lift[1], -z]))


def _extent(plan: Plan, x: float, z: float) -> float:
    """How far the seat reaches from its middle in the directions of the front and the rear leg."""
    angle = np.arctan2(plan.outline[:, 1], plan.outline[:, 0])
    reach = np.hypot(*plan.outline.T)
    ends = np.interp([np.arctan2(z, x), np.arctan2(-z, x)], angle[np.argsort(angle)], reach[np.argsort(angle)])
    return float(ends.min())


def draw_leg(random: np.random.Generator, size: float | None = None) -> LegMaker:
    """A kind of leg: square, round, tapered, turned, sabre, cabriole, plank or hairpin."""
    size = size or between(random, 0.013, 0.032)
    kind = pick(random, {plain_leg: 7, _turned_leg: 1.8, _swung_leg: 1.4, _hairpin_leg: 0.3})
    return kind(random, size)


def plain_leg(random: np.random.Generator, size: float) -> LegMaker:
    wide = pick(random, {1.0: 5, between(random, 0.5, 2.2): 1})
    section = pick(random, {"round": 3, "square": 5})
    points = circle(14) if section == "round" else rounded_rectangle(
        2 * np.sqrt(wide), 2 / np.sqrt(wide), pick(random, {0.0: 2, 0.3: 1}), 2)
    foot = pick(random, {1.0: 4, between(random, 0.4, 0.9): 4, between(random, 1, 1.3): 0.6})
    mesh = pillar([size * foot, size], points)
    return lambda low, high: stand(mesh, low, high)


def turned_profile(random: np.random.Generator, size: float, count: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Radii and heights (0 ... 1) of a lathed bar: beads, coves and vases between two ends."""
    heights, radii = [0.0], [size * between(random, 0.45, 0.9)]
    for knot in np.sort(random.uniform(0.08, 0.92, count)):
        wide, length = between(random, 0.85, 1.35), between(random, 0.01, 0.05)
        heights += [knot - length, knot, knot + length]
        radii += [size * between(random, 0.45, 0.8), size * wide, size * between(random, 0.45, 0.85)]
    order = np.argsort(heights)
    block = between(random, 0.9, 1.1) * size
    return (np.concatenate([np.array(radii)[order], [block, block]]),
            np.concatenate([np.clip(np.array(heights)[order], 0, 0.94), [0.95, 1.0]]))


def _turned_leg(random: np.random.Generator, size: float) -> LegMaker:
    if chance(random, 0.3):  # a vase without beads, as on Windsor chairs
        radii = np.array([0.55, 0.8, 1.05, 1.1, 0.75, 0.6]) * size
        mesh = pillar(radii, circle(12), np.array([0, 0.25, 0.5, 0.62, 0.85, 1.0]))
    else:
        radii, heights = turned_profile(random, 1.1 * size, int(random.integers(2, 6)))
        mesh = pillar(radii, circle(12), heights)
    return lambda low, high: stand(mesh, low, high)


def _swung_leg(random: np.random.Generator, size: float) -> LegMaker:
    """Sabre legs curve out once, cabriole legs out at the knee and again at the foot; both end where they should."""
    t = np.linspace(0, 1, 9)
    if chance(random, 0.6):
        sway, radii = (1 - t) ** 2, size * np.interp(t, [0, 1], [between(random, 0.6, 1), 1.0])
        reach = between(random, 0.08, 0.3)
    else:
        sway = 0.55 * np.sin(np.pi * t) * t + 0.45 * (1 - t) ** 4
        radii = size * np.interp(t, [0, 0.06, 0.3, 0.8, 1], [1.1, 1.0, 0.6, 1.25, 1.1])
        reach = between(random, 0.03, 0.11)
    sway = reach * (sway - sway[0] * (1 - t))
    section = pick(random, {"round": 1, "square": 1})
    points = circle(12) if section == "round" else rounded_rectangle(2, 2, 0.3, 2)
    sideways = pick(random, {0.0: 1, 1.0: 1})

    def make(low: np.ndarray, high: np.ndarray) -> Mesh:
        outwards = np.sign([low[0], low[2]]) * [sideways, 1.0]
        return stand(pillar(radii, points, t, sway[:, None] * outwards), low, high)

    return make


def _hairpin_leg(random: np.random.Generator, size: float) -> LegMaker:
    radius, gap = between(random, 0.004, 0.008), between(random, 0.04, 0.09)

    def make(low: np.ndarray, high: np.ndarray) -> Mesh:
        apart = np.array([gap * np.sign(high[0]), 0, gap * np.sign(high[2])]) / 2
        knee = low + [0, radius, 0]
        return tube_along(fillet(np.stack([high - apart * [2, 0, 0], knee, high - apart * [0, 0, 2]]), 0.03), radius)

    return make


def stretcher_stick(random: np.random.Generator, size: float) -> Stick:
    """A round, square, flat or swelling bar, thinner than the legs."""
    kind = pick(random, {"round": 3, "square": 3, "flat": 2, "swell": 2})
    thin = size * between(random, 0.45, 0.8)
    if kind == "square":
        return flat_stick(2 * thin, 2 * thin, points=2)
    if kind == "flat":
        return flat_stick(thin, between(random, 2.5, 4) * thin, points=2)
    swell = np.array([0.8, 1, 1.4, 1.4, 1, 0.8]) if kind == "swell" else np.ones(2)
    return Stick(thin * circle(10), swell)


def stretchers(random: np.random.Generator, stance: Stance, stick: Stick, kind: str | None = None) -> list[Part]:
    """Bars between the legs: H, box, X, sides only, front and rear, or two rungs a side."""
    kind = kind or pick(random, {"H": 2.5, "box": 3, "X": 0.7, "sides": 1, "across": 0.7, "rungs": 1})
    top = stance.front_top[1]
    low = between(random, 0.15, 0.5) * top
    step = pick(random, {0.0: 1, between(random, 0.03, 0.07): 1})

    def bar(start: Point, end: Point) -> Part:
        return Part(STRETCHER, stick.run(start, end, up=(0, 1, 0)))

    def across(point: np.ndarray) -> Part:
        return bar(point * [-1, 1, 1], point)

    side = both_sides([bar(stance.rear(low), stance.front(low))])
    if kind == "X":
        front, rear, flip = stance.front(low), stance.rear(low), np.array([-1, 1, 1])
        return [bar(rear * flip, front), bar(rear, front * flip)]
    if kind == "H":
        return [*side, across((stance.rear(low) + stance.front(low)) / 2)]
    if kind == "sides":
        return side
    ends = [across(stance.front(low + step)), across(stance.rear(low + (step if chance(random, 0.5) else 0.0)))]
    if kind == "across":
        return ends
    if kind == "box":
        return side + ends
    high = low + between(random, 0.25, 0.4) * (top - low)
    return side + both_sides([bar(stance.rear(high), stance.front(high))]) + [ends[0], across(stance.front(high))]


def runners(random: np.random.Generator, stance: Stance, size: float) -> list[Part]:
    """A bar on the ground under the legs of each side."""
    over = between(random, 0.0, 0.06)
    height = between(random, 1.2, 2) * size
    start, end = stance.rear_foot + [0, height / 2, -over], stance.front_foot + [0, height / 2, over]
    stick = flat_stick(height, between(random, 1.5, 2.2) * size, pick(random, {0.0: 1, 0.3 * size: 1}), points=2)
    return both_sides([Part(RUNNER, stick.run(start, end, up=(1, 0, 0)))])


def feet(random: np.random.Generator, stance: Stance, size: float) -> list[Part]:
    """Glides or caps under the legs."""
    radius, height = size * between(random, 1.0, 1.4), between(random, 0.012, 0.04)
    mesh = cylinder(radius, height, 12)
    return both_sides([Part(FOOT, move(mesh, foot + [0, height / 2, 0]))
                       for foot in (stance.front_foot, stance.rear_foot)])


def rockers(random: np.random.Generator, stance: Stance, size: float) -> tuple[Stance, list[Part]]:
    """Curved runners, and the stance of legs that end on them."""
    front, rear = stance.front_foot, stance.rear_foot
    radius, tail = between(random, 0.8, 1.6), between(random, 0.12, 0.3)
    z = np.linspace(rear[2] - tail, front[2] + between(random, 0.05, 0.15), 13)
    middle = (front[2] + rear[2]) / 2
    y = (z - middle) ** 2 / (2 * radius) + size
    path = np.stack([np.interp(z, [rear[2], front[2]], [rear[0], front[0]]), y, z], 1)
    mesh = tube(path, 1.0, rounded_rectangle(1.5 * size, between(random, 1.6, 2.6) * size, 0.2 * size, 2), up=(0, 1, 0))
    lift = [(foot[2] - middle) ** 2 / (2 * radius) + size for foot in (front, rear)]
    raised = replace(stance, front_foot=front + [0, lift[0], 0], rear_foot=rear + [0, lift[1], 0])
    return raised, both_sides([Part(ROCKER, mesh)])


def leg_base(random: np.random.Generator, plan: Plan, *, stance: Stance | None = None, leg: LegMaker | None = None,
             size: float | None = None, extra: str | None = None, braced: float = 0.45) -> list[Part]:
    """Four legs, often with stretchers; extra is none, runner, foot or rocker."""
    size = size or between(random, 0.012, 0.032)
    leg = leg or draw_leg(random, size)
    stance = stance or draw_stance(random, plan, between(random, 1.0, 2.2) * size)
    extra = extra or pick(random, {"none": 20, "runner": 1.2, "foot": 2, "rocker": 1})
    parts: list[Part] = []
    if extra == "runner":
        parts += runners(random, stance, size)
    elif extra == "foot":
        parts += feet(random, stance, size)
    elif extra == "rocker":
        stance, parts = rockers(random, stance, size)
    if chance(random, braced):
        parts += stretchers(random, stance, stretcher_stick(random, size))
    pair = [Part(LEG, leg(stance.front_foot, stance.front_top)), Part(LEG, leg(stance.rear_foot, stance.rear_top))]
    return both_sides(pair) + parts


def sled_base(random: np.random.Generator, plan: Plan) -> list[Part]:
    """Bent tubes: on each side two legs and a runner, or one loop; joined by bars."""
    radius = between(random, 0.007, 0.016)
    stance = draw_stance(random, plan, between(random, 0.01, 0.05))
    floor = np.array([0, radius, 0])
    rear, front = stance.rear_foot + floor, stance.front_foot + floor
    bend = between(random, 0.02, 0.08)
    path = fillet(np.stack([stance.rear_top, rear, front, stance.front_top]), bend, 6)
    if chance(random, 0.35):
        side = [Part(LEG, tube_along(path, radius))]
    else:
        side = [Part(LEG, tube_along(path[:4], radius)), Part(RUNNER, tube_along(path[3:10], radius)),
                Part(LEG, tube_along(path[9:], radius))]
    parts = both_sides(side)
    for point in (rear, front, stance.rear_top, stance.front_top):
        if chance(random, 0.4):
            parts.append(Part(STRETCHER, tube_along(np.stack([point * [-1, 1, 1], point]), 0.95 * radius)))
    return parts


def panel_base(random: np.random.Generator, plan: Plan) -> list[Part]:
    """Two side boards as legs, or a front and a rear one, maybe with a board between."""
    thick = between(random, 0.02, 0.05)
    top = plan.under + 0.004
    inset = between(random, 0.0, 0.06)
    if chance(random, 0.7):
        x = plan.width / 2 - thick / 2 - inset
        sway = between(random, -0.04, 0.05)
        board = pillar([1, 1], rounded_rectangle(thick, plan.depth * between(random, 0.7, 1)))
        parts = both_sides([Part(LEG, stand(board, (x + sway, 0, 0), (x, top, 0)))])
        size = (2 * x, between(random, 0.03, 0.15), thick)
    else:
        z = plan.depth / 2 - thick / 2 - inset
        board = pillar([1, 1], rounded_rectangle(plan.width * between(random, 0.7, 1), thick))
        parts = [Part(LEG, stand(board, (0, 0, side * z), (0, top, side * z))) for side in (1, -1)]
        size = (thick, between(random, 0.03, 0.15), 2 * z)
    if chance(random, 0.5):
        low = between(random, 0.2, 0.8) * top
        length = max(size)
        bar = flat_stick(size[1], thick, points=2)
        end = np.array([length / 2, 0, 0]) if size[0] == length else np.array([0, 0, length / 2])
        parts.append(Part(STRETCHER, move(bar.run(-end, end, up=np.roll(end, 2) / length), (0, low, 0))))
    return parts

