"""Desk lamps and arc lamps: a head at the end of a bent, jointed or curved arm."""

from itertools import pairwise

import numpy as np
from numpy.random import Generator

from partwise.mesh import Mesh
from partwise.synth.categories.lamp import shapes
from partwise.synth.categories.lamp.heads import HANGING, SPOTS, hanging, head_parts, placed
from partwise.synth.categories.lamp.table_or_floor import (
    BULB,
    CONNECTOR,
    HEAD,
    PANEL,
    PATHS,
    POLE,
    SHADE,
    SOLID,
    UNIT,
    UNIT_CURVED,
    UNIT_STRAIGHT,
    base,
    cord,
    pole,
)
from partwise.synth.chance import pick
from partwise.synth.parts import Part, moved, one, part_path
from partwise.synth.placing import join, move, turn
from partwise.synth.solids import arc, ball, beam, box, circle, cylinder, rod, rounded_box, sheet, smooth, tube

JOINTED = part_path("Lamp", "lamp/table_or_floor_lamp/lamp_body/lamp_body_jointed")
JOINTED_ARM = part_path("Lamp", f"{JOINTED}/lamp_arm")
JOINTED_BAR = part_path("Lamp", f"{JOINTED_ARM}/lamp_arm_straight_bar")


def jointed_lamp(random: Generator) -> list[Part]:
    """Two or three straight arms with joints between them, a spot at the end; on a desk or, seldom, on the floor."""
    scale = random.uniform(0.3, 0.42) * (1 if random.random() < 0.85 else 2)
    parts, level = base(random, scale * random.uniform(0.22, 0.36))
    points = [np.array([0, level, 0], float)]
    if random.random() < 0.4:
        stand = level + scale * random.uniform(0.08, 0.5)
        parts.append(Part(POLE, rod((0, level, 0), (0, stand, 0), 0.035 * scale)))
        points[0] = np.array([0, stand - 0.005, 0])
    for lean in _leans(random):
        step = scale * random.uniform(0.75, 1.1) * np.array([0, np.cos(np.radians(lean)), np.sin(np.radians(lean))])
        points.append(points[-1] + step)
    twin, thick = random.random() < 0.45, scale * random.uniform(0.012, 0.028)
    for start, end in pairwise(points):
        parts += one(JOINTED_ARM, _bars(random, start, end, thick, twin))
    parts += _joints(random, points, thick)
    return parts + _spot(random, points[-1], 0.36 * scale, thick) + cord(random, 0.5 * scale)


def _leans(random: Generator) -> list[float]:
    """Angles of the arms from upright, forwards."""
    first = random.uniform(-40, 10)
    leans = [first, random.uniform(35, 85)]
    if random.random() < 0.15:
        leans.append(random.uniform(80, 120))
    return leans if random.random() > 0.1 else [random.uniform(10, 50)]


def _bars(random: Generator, start: np.ndarray, end: np.ndarray, thick: float, twin: bool) -> list[Part]:
    flat = random.random() < 0.25

    def bar(offset: float) -> Mesh:
        shift = np.array([offset, 0, 0])
        if flat:
            return beam(start + shift, end + shift, 1.2 * thick, 2.4 * thick, radius=0.3 * thick)
        return rod(start + shift, end + shift, thick, sides=10)

    if not twin:
        return [Part(JOINTED_BAR, bar(0))]
    return [Part(JOINTED_BAR, bar(offset)) for offset in (-1.6 * thick, 1.6 * thick)]


def _joints(random: Generator, points: list[np.ndarray], thick: float) -> list[Part]:
    """Joints, which PartNet's merging leaves without a class, or, where artists made none, nothing."""
    kind = pick(random, {"other": 3.5, "solid": 3.5, "none": 3})
    if kind == "none":
        return []
    pin = turn(cylinder(2.2 * thick, 5.2 * thick, 14), "z", 90)
    shape = ball(2.6 * thick, 12) if random.random() < 0.3 else pin
    joints = [move(shape, point) for point in points[:-1]]
    if kind == "solid":
        return [Part(SOLID, joints[0])] + [Part(JOINTED, mesh, is_other=True) for mesh in joints[1:]]
    return [Part(JOINTED, mesh, is_other=True) for mesh in joints]


def _spot(random: Generator, at: np.ndarray, size: float, thick: float) -> list[Part]:
    tilt = random.uniform(-65, 5)
    if random.random() < 0.15:  # a flat bar of light
        bar = rounded_box((size * random.uniform(0.4, 1.5), 0.14 * size, size * random.uniform(0.4, 2)), 0.05 * size, 2)
        parts = [Part(SHADE, turn(bar, "x", random.uniform(-10, 30)))]
    else:
        wide = size * random.uniform(0.4, 0.6)
        parts = head_parts(hanging(random, wide, wide * random.uniform(0.9, 1.7), SPOTS, 0.6), PATHS)
        parts = moved(parts, lambda mesh: turn(move(mesh, (0, 0.02 * size, 0)), "x", tilt))
    if random.random() < 0.45:
        parts.append(Part(CONNECTOR, turn(cylinder(1.9 * thick, 5 * thick, 14), "z", 90)))
    return one(UNIT, placed(parts, at))


def gooseneck_lamp(random: Generator) -> list[Part]:
    """A small spot on a curved arm that rises from the base or from a short pole."""
    scale = random.uniform(0.35, 0.5) * (1 if random.random() < 0.75 else 3)
    parts, level = base(random, scale * random.uniform(0.18, 0.28))
    if random.random() < 0.4:
        stand = level + scale * random.uniform(0.1, 0.6)
        parts += pole(random, level, stand, 0.03 * scale)
        level = stand - 0.004
    reach, top = scale * random.uniform(0.3, 0.7), scale * random.uniform(0.7, 1.1)
    last = top * random.uniform(0.6, 0.95)
    curve = smooth([(0, level, 0), (0, level + 0.6 * top, -0.02 * scale), (0, level + top, 0.45 * reach),
                    (0, level + last, reach)], 18)
    arm = Part(UNIT_CURVED, tube(curve, scale * random.uniform(0.01, 0.02), circle(8)))
    wide = scale * random.uniform(0.14, 0.22)
    head = head_parts(hanging(random, wide, wide * random.uniform(0.8, 1.6), SPOTS, 0.6), PATHS)
    tilt = random.uniform(-40, 10)
    tilted = moved(head, lambda mesh: move(turn(mesh, "x", tilt), curve[-1]))
    return parts + one(UNIT, [arm, *tilted]) + cord(random, 0.4 * scale)


def arc_lamp(random: Generator) -> list[Part]:
    """A floor lamp whose head hangs from a wide arc."""
    parts, level = base(random, random.uniform(0.15, 0.22))
    height, reach, thick = random.uniform(0.2, 1.3), random.uniform(0.5, 1.3), random.uniform(0.01, 0.018)
    parts += pole(random, level, height, 1.3 * thick)
    rise, fall = random.uniform(0.35, 0.9), random.uniform(0.05, 0.25)
    curve = smooth([(0, 0, 0), (0, 0.75 * rise, 0.12 * reach), (0, rise, 0.55 * reach), (0, rise - fall, reach)], 20)
    curve[:, 1] += height - 0.01
    arm = Part(UNIT_CURVED, tube(curve, thick, circle(8)))
    wide = random.uniform(0.12, 0.24)
    head = head_parts(hanging(random, wide, wide * random.uniform(0.6, 1.2), HANGING, 0.5), PATHS)
    return parts + one(UNIT, [arm, *placed(head, curve[-1])]) + cord(random, 0.3)


def bracket_lamp(random: Generator) -> list[Part]:
    """A pole with one straight arm at its top, from which a shade hangs; a reading lamp."""
    floor = random.random() < 0.6
    scale = random.uniform(0.9, 1.1) * (1 if floor else 0.36)
    parts, level = base(random, scale * random.uniform(0.12, 0.2))
    height, reach, thick = 1.35 * scale, scale * random.uniform(0.2, 0.45), 0.012 * scale
    parts += pole(random, level, height, 1.2 * thick)
    joint, lift = height - scale * random.uniform(0, 0.15), scale * random.uniform(0, 0.12)
    start = np.array([0, joint, -reach * random.choice([0, 0, 0.3])])
    tip = np.array([0, joint + lift, reach])
    wide, hang = scale * random.uniform(0.09, 0.16), scale * random.uniform(0, 0.08)
    arm = [Part(UNIT_STRAIGHT, rod(start, tip, thick))]
    if hang > 0.03 * scale:
        arm.append(Part(UNIT_STRAIGHT, rod(tip, (tip[0], tip[1] - hang - 0.005, tip[2]), 0.6 * thick)))
    else:
        hang = 0.0
    head = head_parts(hanging(random, wide, wide * random.uniform(0.7, 1.3), HANGING, 0.5), PATHS)
    return parts + one(UNIT, [*arm, *placed(head, (tip[0], tip[1] - hang, tip[2]))]) + cord(random, 0.2 * scale)


def bankers_lamp(random: Generator) -> list[Part]:
    """A trough of glass that lies across the top of a short stem."""
    scale = random.uniform(0.9, 1.15)
    parts, level = base(random, 0.1 * scale)
    height, long, radius = 0.32 * scale, random.uniform(0.2, 0.32) * scale, random.uniform(0.055, 0.08) * scale
    if random.random() < 0.5:
        parts.append(Part(SOLID, move(shapes.baluster(random, 0.02 * scale, height - level), (0, level, 0))))
    else:
        parts += pole(random, level, height, 0.008 * scale)
    curve = arc(radius, 15, 165, 12)
    along = np.linspace(-long / 2, long / 2, 4)
    grid = np.stack([np.stack([np.full(12, x), curve[:, 1], curve[:, 0]], 1) for x in along])
    cover = move(sheet(grid, 0.006 * scale), (0, height - 0.85 * radius, 0.3 * radius))
    unit = [Part(SHADE, cover), Part(UNIT_CURVED, _yoke(height, long, 0.006 * scale))]
    if random.random() < 0.6:
        lamp = turn(cylinder(0.2 * radius, 0.6 * long, 12), "z", 90)
        unit.append(Part(BULB, move(lamp, (0, height - 0.1 * radius, 0.3 * radius))))
    if random.random() < 0.2:  # a chain to pull
        drop = rod((0, -0.1, 0), (0, 0.05 * radius, 0), 0.002, sides=6)
        chain = move(join(drop, move(ball(0.006, 8), (0, -0.1, 0))), (0.03, height, 0.3 * radius))
        unit.append(Part(HEAD, chain, is_other=True))
    return parts + one(UNIT, unit) + cord(random, 0.1)


def _yoke(height: float, long: float, wire: float) -> Mesh:
    half = 0.52 * long
    points = [(-half, height + 0.01, 0.02), (-0.6 * half, height - 0.035, 0), (0, height - 0.03, 0),
              (0.6 * half, height - 0.035, 0), (half, height + 0.01, 0.02)]
    return tube(smooth(points, 18), wire, circle(8), up=(0, 0, 1))


def light_bar_lamp(random: Generator) -> list[Part]:
    """A modern lamp of flat bars: upright, across, and light below the latter."""
    scale = random.uniform(0.9, 1.2)
    parts, level = base(random, 0.09 * scale)
    height, reach, wide = 0.4 * scale, random.uniform(0.25, 0.4) * scale, random.uniform(0.012, 0.03) * scale
    stand = move(box((2 * wide, height - level, 0.4 * wide), 0.05 * wide), (0, (height + level) / 2, 0))
    parts.append(Part(PANEL if wide > 0.02 * scale else POLE, stand))
    arm = box((1.6 * wide, 0.4 * wide, reach), 0.05 * wide)
    cover = box((2 * wide, 0.6 * wide, 0.7 * reach), 0.1 * wide)
    unit = [Part(UNIT_STRAIGHT, move(arm, (0, height, reach / 2))),
            Part(SHADE, move(cover, (0, height - 0.45 * wide, 0.62 * reach)))]
    return parts + one(UNIT, unit) + cord(random, 0.1)
