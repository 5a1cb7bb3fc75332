"""Pendant lamps: heads that hang from the ceiling by a cord, a chain or a rod; one, a row or a cluster."""

import numpy as np
from numpy.random import Generator

from partwise.synth.categories.lamp import shapes
from partwise.synth.categories.lamp.heads import HANGING, HeadPaths, hanging, head_parts, placed
from partwise.synth.chance import pick
from partwise.synth.parts import Part, one, paths_below
from partwise.synth.placing import join, mirror, move, turn
from partwise.synth.solids import ball, box, circle, cylinder, prism, rod, smooth, torus, tube

_LAMP = "lamp/ceiling_lamp/pendant_lamp"
_path = paths_below("Lamp", _LAMP)

CORDS, CORD = _path("power_cord"), _path("power_cord/cord")
UNIT, CHAIN = _path("pendant_lamp_unit"), _path("pendant_lamp_unit/chain")
HEAD, SHADE = _path("pendant_lamp_unit/lamp_head"), _path("pendant_lamp_unit/lamp_head/lamp_cover/lamp_shade")
COVER, BULB = _path("pendant_lamp_unit/lamp_head/lamp_cover"), _path("pendant_lamp_unit/lamp_head/light_bulb")
BASE = _path("lamp_base/lamp_holistic_base/lamp_base_part")
PATHS = HeadPaths(HEAD, SHADE, BULB)


def pendant_lamp(random: Generator) -> list[Part]:
    return pick(random, {_single: 7, _cluster: 2, _row: 1.2})(random)


def _single(random: Generator) -> list[Part]:
    wide = random.uniform(0.1, 0.3)
    drop = wide * random.uniform(0.8, 5)
    canopy, level = _canopy(random, wide * random.uniform(0.15, 0.4))
    hang, head = _look(random, wide)
    return (canopy if random.random() < 0.88 else []) + _hung(random, drop, level, hang, head)


def _cluster(random: Generator) -> list[Part]:
    """Several cords of different lengths from one round canopy."""
    count, wide = int(random.integers(2, 8)), random.uniform(0.05, 0.13)
    spread = wide * max(1.25, 0.5 * count) * random.uniform(0.9, 1.2)
    parts = [Part(BASE, move(prism(circle(28) * (1.1 * spread), 0.03, 0.006), (0, -0.015, 0)))]
    (hang, head), drops = _look(random, wide), random.uniform(0.3, 1.3, count)
    if random.random() < 0.3:
        drops[:] = drops[0]
    for number in range(count):
        unit = _hung(random, drops[number], 0.03, hang, head)
        angle = 2 * np.pi * number / count
        at = (spread * np.cos(angle), 0, spread * np.sin(angle))
        parts += placed(unit, at)
    return parts


def _row(random: Generator) -> list[Part]:
    """A straight bar at the ceiling with heads below it."""
    count, wide = int(random.integers(2, 6)), random.uniform(0.07, 0.15)
    pitch = wide * random.uniform(2.2, 3.2)
    parts = [Part(BASE, move(box((pitch * (count - 0.3), 0.03, 0.08), 0.004), (0, -0.015, 0)))]
    (hang, head), drop = _look(random, wide), random.uniform(0.3, 1.0)
    for number in range(count):
        at = (pitch * (number - (count - 1) / 2), 0, 0)
        parts += placed(_hung(random, drop, 0.03, hang, head), at)
    return parts


def _look(random: Generator, wide: float) -> tuple[str, list[Part]]:
    """What the units of a lamp share: how they hang, and the head."""
    kind = pick(random, HANGING | {"bare": 1.2, "ball": 0.8, "cage": 0.5, "nest": 0.6})
    return pick(random, {"cord": 7.5, "chain": 2.4}), _head(random, kind, wide, wide * random.uniform(0.6, 1.6))


def _hung(random: Generator, drop: float, level: float, hang: str, head: list[Part]) -> list[Part]:
    """One unit from the ceiling at y = 0 down, its canopy ``level`` high; the cord is a part beside the unit."""
    head = placed(head, (0, -drop, 0))
    start, end = (0, -0.9 * level, 0), (0, -drop - 0.004, 0)
    if hang == "chain":
        size = random.uniform(0.03, 0.055)
        links = Part(CHAIN, move(shapes.chain(drop - 0.8 * level + 0.004, size), (0, -0.8 * level, 0)))
        wire = one(CORDS, [Part(CORD, rod(start, end, 0.003, sides=6))]) if random.random() < 0.25 else []
        return [*wire, *one(UNIT, [links, *head])]
    radius = random.choice([0.003, 0.004, 0.008]) * random.uniform(0.8, 1.2)
    return [*one(CORDS, [Part(CORD, rod(start, end, radius, sides=8))]), *one(UNIT, head)]


def _head(random: Generator, kind: str, wide: float, height: float) -> list[Part]:
    size = min(0.045, 0.4 * wide)
    lamp = move(mirror(shapes.bulb(random, size), "y"), (0, -1.2 * size, 0))
    holder = move(cylinder(0.55 * size, 1.5 * size, 12), (0, -0.74 * size, 0))
    if kind == "bare":
        return [Part(BULB, lamp), Part(SHADE, holder) if random.random() < 0.6 else Part(HEAD, holder, is_other=True)]
    if kind == "ball":
        cap = move(cylinder(0.25 * wide, 0.12 * wide, 16), (0, -0.06 * wide, 0))
        globe = move(ball(wide, 22), (0, -1.08 * wide, 0))
        return [Part(SHADE, join(globe, cap))]
    if kind == "cage":
        ribs = smooth([(0.15, 0), (1, -0.5), (0.9, -1.2), (0.6, -1.6)], 10)
        rib = tube(np.stack([ribs[:, 0] * wide, ribs[:, 1] * wide, 0 * ribs[:, 0]], 1), 0.025 * wide, circle(6))
        rings = [move(torus(size * wide, 0.025 * wide, 24), (0, y * wide, 0)) for size, y in ((0.6, -1.6), (1, -0.6))]
        wires = join(*(turn(rib, "y", 60 * number) for number in range(6)), *rings)
        return [Part(COVER, wires, is_other=True), Part(BULB, join(lamp, holder))]
    if kind == "nest":  # discs below each other, as in layered pendants
        radii = wide * np.array([0.45, 1.0, 0.7, 0.4]) * random.uniform(0.85, 1.1, 4)
        discs = [move(shapes.shade(random, "saucer", radius, 1), (0, -(0.5 + 0.32 * n) * wide, 0))
                 for n, radius in enumerate(radii)]
        return [Part(SHADE, join(*discs, rod((0, 0.004, 0), (0, -1.4 * wide, 0), 0.05 * wide)))]
    return head_parts(hanging(random, wide, height, {kind: 1.0}, 0.55), PATHS)


def _canopy(random: Generator, radius: float) -> tuple[list[Part], float]:
    """The base at the ceiling, from y = 0 down, and its height."""
    meshes, level = shapes.feet(random, radius)
    return [Part(BASE, mirror(mesh, "y")) for mesh in meshes], level
