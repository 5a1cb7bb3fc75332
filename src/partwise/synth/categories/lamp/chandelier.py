"""Chandeliers: arms around a body, each with a candle or a shade; hung by a chain or a rod."""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from partwise.mesh import Mesh
from partwise.synth.categories.lamp import shapes
from partwise.synth.categories.lamp.heads import HeadPaths, candle, hanging, head_parts, placed, upright
from partwise.synth.chance import pick
from partwise.synth.parts import Part, one, part_path, paths_below
from partwise.synth.placing import join, mirror, move, stretch, turn
from partwise.synth.solids import ball, circle, cylinder, rod, smooth, torus, tube

_LAMP = "lamp/ceiling_lamp/chandelier"
_path = paths_below("Lamp", _LAMP)

GROUP, UNIT, ARM = (_path(f"lamp_unit_group{tail}") for tail in ("", "/lamp_unit", "/lamp_unit/lamp_arm"))
HEAD = _path("lamp_unit_group/lamp_unit/lamp_head")
SHADE, BULB = part_path("Lamp", f"{HEAD}/lamp_cover/lamp_shade"), part_path("Lamp", f"{HEAD}/light_bulb")
BODY, CHAIN, BASE = _path("lamp_body"), _path("chain"), _path("lamp_base/lamp_holistic_base/lamp_base_part")
PATHS = HeadPaths(HEAD, SHADE, BULB)


class _Arm(NamedTuple):
    """An arm along x from the axis; ``kind`` names the head at its end."""

    mesh: Mesh
    tip: np.ndarray
    kind: str
    size: float


def chandelier(random: Generator) -> list[Part]:
    return pick(random, {_armed: 6, _sputnik: 1.2, _wheel: 1.3, _linear: 0.6})(random)


def _armed(random: Generator) -> list[Part]:
    """Curved or straight arms around a turned column, in one tier or two."""
    reach = random.uniform(0.28, 0.5)
    height = reach * random.uniform(0.6, 1.3)
    column = pick(random, {shapes.baluster: 3, shapes.turned: 2})(random, reach * random.uniform(0.1, 0.2), height)
    parts = [Part(BODY, join(column, rod((0, 0, 0), (0, height + 0.01, 0), 0.02 * reach),
                             mirror(shapes.finial(random, 0.08 * reach), "y")))]
    kind = pick(random, {"candle": 4, "shaded candle": 1.5, "down": 2.5, "up": 2.5})
    count = int(random.choice([3, 4, 5, 6, 8, 10], p=[0.14, 0.1, 0.26, 0.26, 0.16, 0.08]))
    low = height * random.uniform(0.1, 0.35)
    parts += _round(random, _arm(random, reach, kind), count, low)
    if count <= 6 and random.random() < 0.22:
        parts += _round(random, _arm(random, 0.58 * reach, kind), max(3, count // 2), low + 0.45 * height)
    if random.random() < 0.12:  # strings of crystal
        beads = _beads(0.9 * reach, height)
        parts += [Part(GROUP, turn(beads, "y", 360 * n / count + 9), is_other=True) for n in range(count)]
    return parts + _hang(random, height, reach)


def _arm(random: Generator, reach: float, kind: str) -> _Arm:
    wire, size = reach * random.uniform(0.018, 0.032), reach * random.uniform(0.14, 0.26)
    dip, lift = reach * random.uniform(0.1, 0.4), reach * random.uniform(0.0, 0.35)
    if kind == "down":
        points = [(0, 0, 0), (0.4 * reach, 0.4 * dip + lift, 0), (0.8 * reach, dip + lift, 0), (reach, lift, 0)]
    else:
        points = [(0, 0, 0), (0.3 * reach, -0.7 * dip, 0), (0.75 * reach, -dip, 0), (reach, lift - 0.2 * dip, 0)]
    straight = np.array([points[0], (reach, lift, 0)], float)
    curve = straight if random.random() < 0.2 else smooth(points, 14)
    mesh = tube(curve, wire, circle(8))
    if random.random() < 0.2:  # a scroll on the arm
        turns = np.linspace(0, 3.3 * np.pi, 18)
        scroll = np.stack([np.cos(turns), np.sin(turns), 0 * turns], 1) * np.linspace(0.16, 0.04, 18)[:, None] * reach
        mesh = join(mesh, tube(scroll + curve[len(curve) // 2] + (-0.16 * reach, wire, 0), 0.6 * wire, circle(6)))
    return _Arm(mesh, curve[-1], kind, size)


def _round(random: Generator, arm: _Arm, count: int, height: float) -> list[Part]:
    """``count`` units around the axis; all alike."""
    unit = [Part(ARM, arm.mesh), *placed(_head(random, arm.kind, arm.size), arm.tip)]
    angles = random.uniform(0, 360) + np.arange(count) * 360 / count
    return [part for angle in angles for part in one(UNIT, placed(unit, (0, height, 0), angle))]


def _head(random: Generator, kind: str, size: float) -> list[Part]:
    if "candle" in kind:
        width, tall = 0.13 * size, size * random.uniform(0.5, 1.1)
        wax, light = candle(random, width, tall), move(shapes.flame(width), (0, tall - 0.01 * size, 0))
        where = pick(random, {"other": 0.5, "bulb": 1.2, "arm": 1})
        stick = Part(HEAD, wax, is_other=True) if where == "other" else Part(ARM if where == "arm" else BULB, wax)
        parts = [Part(BULB, join(light, wax))] if where == "bulb" else [stick, Part(BULB, light)]
        if kind == "candle":
            return parts
        cover = shapes.shade(random, "empire", 0.55 * size, 0.7 * size)
        return [*parts, Part(SHADE, move(cover, (0, tall - 0.15 * size, 0)))]
    styles = {"bell": 2, "tulip": 2, "dome": 1.5, "empire": 1, "globe": 1.5, "trumpet": 1, "cone": 1, "drum": 0.6}
    head = hanging(random, 0.55 * size, size * random.uniform(0.5, 0.9), styles, 0.45)
    return head_parts(head if kind == "down" else upright(head), PATHS)


def _beads(reach: float, height: float) -> Mesh:
    points = smooth(np.array([(0.12, 0.8, 0), (0.5, 0.35, 0), (0.92, 0.42, 0)]) * (reach, height, 1), 14)
    wire = tube(points, 0.004 * reach, circle(4))
    return join(wire, *(move(ball(0.022 * reach, 6), point) for point in points[1:-1]))


def _sputnik(random: Generator) -> list[Part]:
    """Straight arms from a ball in all directions, globes or bulbs at their ends."""
    reach, count = random.uniform(0.3, 0.5), int(random.integers(6, 15))
    parts = [Part(BODY, join(ball(0.12 * reach, 14), rod((0, 0, 0), (0, 0.3 * reach, 0), 0.03 * reach)))]
    size, bare = reach * random.uniform(0.12, 0.25), random.random() < 0.5
    unit = [Part(ARM, rod((0, 0, 0), (0, 1.02 * reach, 0), 0.018 * reach, sides=8)),
            Part(BULB if bare else SHADE, move(ball(size / 2, 14), (0, reach + 0.48 * size, 0)))]
    for number in range(count):  # evenly over the sphere, but its upper cap
        lean = np.degrees(np.arccos(0.75 - 1.75 * (number + 0.5) / count))
        leaning = [Part(part.path, turn(part.mesh, "z", lean)) for part in unit]
        parts += one(UNIT, placed(leaning, around=137.5 * number))
    return parts + _hang(random, 0.28 * reach, reach, 0.8)


def _wheel(random: Generator) -> list[Part]:
    """A ring with candles or shades on it, on spokes or on chains."""
    reach, count = random.uniform(0.3, 0.5), int(random.integers(4, 11))
    wire, height = reach * random.uniform(0.02, 0.05), reach * random.uniform(0.6, 1.1)
    ring = torus(reach, wire, 36)
    kind = pick(random, {"candle": 3, "up": 2, "shaded candle": 1})
    holder = move(cylinder(1.2 * wire, 3 * wire, 12), (reach, wire, 0))
    parts = _round(random, _Arm(holder, np.array([reach, 2.4 * wire, 0]), kind, 0.25 * reach), count, 0.0)
    stays = [turn(rod((0, height, 0), (reach, 0, 0), 0.3 * wire, sides=8), "y", 120 * number) for number in range(3)]
    if random.random() < 0.35:  # three chains to the ring
        lean = float(np.degrees(np.arctan2(reach, height)))
        links = turn(shapes.chain(float(np.hypot(reach, height)), 0.11 * reach), "z", lean)
        parts += [Part(CHAIN, turn(move(links, (0, height, 0)), "y", 120 * number)) for number in range(3)]
        parts.append(Part(BODY, join(ring, move(torus(0.06 * reach, 0.3 * wire, 14), (0, height, 0)))))
    else:
        parts.append(Part(BODY, join(*stays, move(ball(2 * wire, 12), (0, height, 0)))))
        parts.append(Part(GROUP, ring, is_other=True) if random.random() < 0.4 else Part(BODY, ring))
    return parts + _hang(random, height, reach)


def _linear(random: Generator) -> list[Part]:
    """A beam on two rods with units along it."""
    long, count = random.uniform(0.8, 1.4), int(random.integers(3, 7))
    size, height, up = long / count * random.uniform(0.5, 0.8), random.uniform(0.3, 0.6), random.random() < 0.4
    hangers = [rod((x, 0, 0), (x, height, 0), 0.008, sides=8) for x in (-0.3 * long, 0.3 * long)]
    parts = [Part(BODY, join(tube(np.array([(-long / 2, 0, 0), (long / 2, 0, 0)]), 0.016, circle(10)), *hangers))]
    short = 0.25 * size * (1 if up else -1)
    unit = [Part(ARM, rod((0, 0, 0), (0, short, 0), 0.01, sides=8)),
            *placed(_head(random, "up" if up else "down", size), (0, short, 0))]
    for number in range(count):
        parts += one(UNIT, placed(unit, (long * ((number + 0.5) / count - 0.5), 0, 0)))
    plate = stretch(cylinder(0.5, 0.03, 24), (0.8 * long, 1, 0.12))
    return [*parts, Part(BASE, move(plate, (0, height + 0.01, 0)))]


def _hang(random: Generator, level: float, reach: float, shortest: float = 0.3) -> list[Part]:
    """What leads from the body's top at ``level`` to the ceiling, and the canopy there; ``shortest`` in reaches."""
    length = reach * random.uniform(shortest, 1.6)
    canopy, depth = shapes.feet(random, reach * random.uniform(0.12, 0.28))
    top = level + length + depth
    parts = [Part(BASE, move(mirror(mesh, "y"), (0, top, 0))) for mesh in canopy] if random.random() < 0.9 else []
    if random.random() < 0.6:
        links = move(shapes.chain(length + 0.02 * reach, 0.13 * reach), (0, level + length + 0.01 * reach, 0))
        parts.append(Part(CHAIN, links))
    else:
        parts.append(Part(BODY, rod((0, level - 0.01, 0), (0, level + length + 0.01, 0), 0.025 * reach)))
    return parts
