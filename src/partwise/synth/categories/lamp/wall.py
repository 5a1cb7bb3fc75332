"""Wall lamps: a plate at the wall (z = 0), arms towards the room with heads; or a half shade on the wall."""

import numpy as np
from numpy.random import Generator

from partwise.mesh import Mesh
from partwise.synth.categories.lamp import shapes
from partwise.synth.categories.lamp.heads import HANGING, SPOTS, HeadPaths, candle, hanging, head_parts, placed, upright
from partwise.synth.chance import pick
from partwise.synth.parts import Part, moved, one, paths_below
from partwise.synth.placing import join, move, stretch, turn
from partwise.synth.solids import arc, ball, box, circle, cylinder, rod, rounded_box, sheet, smooth, tube

_LAMP = "lamp/wall_lamp"
_path = paths_below("Lamp", _LAMP)

BODY, UNIT = _path("lamp_body"), _path("lamp_unit")
STRAIGHT, CURVED = _path("lamp_unit/lamp_arm/lamp_arm_straight_bar"), _path("lamp_unit/lamp_arm/lamp_arm_curved_bar")
HEAD, SHADE = _path("lamp_unit/lamp_head"), _path("lamp_unit/lamp_head/lamp_cover/lamp_shade")
BASE = _path("lamp_base/lamp_holistic_base/lamp_base_part")
PATHS = HeadPaths(HEAD, SHADE, None)


def wall_lamp(random: Generator) -> list[Part]:
    return pick(random, {_armed: 6, _swing: 1.5, _flat: 2, _bathroom: 1})(random)


def _plate(random: Generator, size: float, tall: float = 1.0) -> list[Mesh]:
    """A wall plate whose back is at z = 0, in one piece or two; its middle is the origin."""
    if random.random() < 0.4:
        depth = 0.25 * size
        return [move(rounded_box((2 * size, 2 * size * max(tall, 1.0), depth), 0.08 * size, 2), (0, 0, depth / 2))]
    meshes, _ = shapes.feet(random, size)
    return [turn(stretch(mesh, (1, 1, tall)), "x", 90) for mesh in meshes]


def _front(meshes: list[Mesh]) -> float:
    return float(max(mesh.vertices[:, 2].max() for mesh in meshes)) - 0.003


def _armed(random: Generator) -> list[Part]:
    """Curved or straight arms with shades or candles, from one plate."""
    size = random.uniform(0.04, 0.08)
    plate = _plate(random, size, random.uniform(1, 1.8))
    parts, front = [Part(BASE, mesh) for mesh in plate], _front(plate)
    if random.random() < 0.45:  # a stem before the plate that carries the arms
        tall = size * random.uniform(2, 5)
        stem = shapes.baluster(random, 0.3 * size, tall)
        parts.append(Part(BODY, move(stem, (0, -tall / 2, front + 0.15 * size))))
        front += 0.15 * size
    count = int(random.choice([1, 2, 3], p=[0.6, 0.3, 0.1]))
    reach, kind = random.uniform(0.08, 0.2), pick(random, {"down": 4, "up": 4, "candle": 2.5, "spot": 2})
    curved, wide = random.random() < 0.62, random.uniform(0.05, 0.1)
    style = {pick(random, SPOTS if kind == "spot" else HANGING): 1.0}
    unit = _unit(random, reach, kind, curved, wide if count == 1 else min(wide, 0.075), style)
    for angle in np.linspace(-48, 48, count) if count > 1 else [0.0]:
        parts += one(UNIT, placed(placed(unit, around=angle), (0, 0, front)))
    return parts


def _unit(random: Generator, reach: float, kind: str, curved: bool, wide: float, style: dict[str, float]) -> list[Part]:
    """One arm along z with its head; a unit's parts."""
    wire, lift = random.uniform(0.005, 0.009), reach * random.uniform(0.1, 0.6)
    if not curved:
        tip = np.array([0, random.choice([0, 0, lift]), reach])
        arm = Part(STRAIGHT, rod((0, 0, 0), tip, wire))
    else:
        above = kind in ("down", "spot")
        tip = np.array([0, lift if above else 0.4 * lift, reach])
        high, far = (lift + 0.3 * reach, lift + 0.25 * reach) if above else (-0.4 * reach, -0.35 * reach)
        curve = smooth([(0, 0, 0), (0, high, 0.37 * reach), (0, far, 0.83 * reach), tip], 14)
        arm = Part(CURVED, tube(curve, wire, circle(8)))
    return [arm, *placed(_head(random, kind, wide, style), tip)]


def _head(random: Generator, kind: str, wide: float, style: dict[str, float]) -> list[Part]:
    if kind == "candle":
        width, tall = 0.18 * wide, random.uniform(0.8, 1.5) * wide
        wax = join(candle(random, width, tall), move(shapes.flame(width), (0, tall - 0.001, 0)))
        parts = [Part(HEAD, wax, is_other=True)]
        cover = shapes.shade(random, "empire", 0.8 * wide, wide)
        return [*parts, Part(SHADE, move(cover, (0, 0.75 * tall, 0)))] if random.random() < 0.6 else [Part(SHADE, wax)]
    head = hanging(random, wide, wide * random.uniform(0.8, 1.5), style, 0.35)
    parts = head_parts(upright(head) if kind == "up" else head, PATHS)
    tilt = random.uniform(-60, 0) if kind == "spot" else 0.0
    return moved(parts, lambda mesh: turn(mesh, "x", tilt))


def _swing(random: Generator) -> list[Part]:
    """Two straight bars with a joint; a shade at the end."""
    size = random.uniform(0.04, 0.06)
    plate = _plate(random, size, 1.6)
    reach, wire, front = random.uniform(0.15, 0.25), random.uniform(0.005, 0.008), _front(plate)
    elbow = np.array([reach * random.uniform(-0.8, 0.8), 0, front + 0.6 * reach])
    tip = elbow + np.array([-0.5 * elbow[0], 0, 0.7 * reach])
    bars = [Part(STRAIGHT, rod((0, 0, front), elbow, wire)), Part(STRAIGHT, rod(elbow, tip, wire))]
    wide = random.uniform(0.07, 0.12)
    head = head_parts(hanging(random, wide, wide * random.uniform(0.9, 1.4), HANGING, 0.4), PATHS)
    unit = one(UNIT, [*bars, *placed(head, tip)])
    post = move(cylinder(1.7 * wire, 5 * wire, 12), elbow)
    parts = [Part(BASE, mesh) for mesh in plate]
    return parts + unit + ([Part(BODY, post)] if random.random() < 0.5 else [])


def _flat(random: Generator) -> list[Part]:
    """A half shade, a box or an up-and-down cylinder directly before the plate."""
    wide, tall = random.uniform(0.07, 0.15), random.uniform(0.12, 0.35)
    plate = move(box((random.uniform(0.7, 1.4) * wide, random.uniform(0.3, 0.8) * tall, 0.02), 0.004), (0, 0, 0.01))
    parts = [Part(BASE, plate)]
    form = pick(random, {"half": 3, "box": 2, "tube": 2})
    if form == "half":
        levels = np.linspace(-tall / 2, tall / 2, 4)
        outline = arc(1.0, 0, 180, 14)
        radii = wide * np.linspace(random.uniform(0.5, 1), 1, 4)
        grid = np.stack([np.stack([outline[:, 0] * r, np.full(14, y), 0.004 + outline[:, 1] * 0.75 * r], 1)
                         for r, y in zip(radii, levels, strict=True)])
        cover = sheet(grid, 0.005)
    elif form == "box":
        size = (random.uniform(1, 2.6) * wide, tall, 0.8 * wide)
        cover = move(rounded_box(size, random.uniform(0.1, 0.35) * wide, 3), (0, 0, 0.018 + 0.4 * wide))
    else:
        bracket = rod((0, 0, 0.015), (0, 0, 0.05 + 0.2 * wide), 0.012)
        parts.append(Part(BODY, bracket))
        wall = shapes.shell(np.array([(0.5, -0.5), (0.5, 0.5)]) * (wide, tall), 0.004, circle(20))
        cover = move(wall, (0, 0, 0.04 + 0.6 * wide))
    if form != "box" and random.random() < 0.3:
        light = move(ball(0.25 * wide, 12), (0, 0, 0.3 * wide))
        return parts + one(UNIT, [Part(HEAD, light, is_other=True), Part(SHADE, cover)])
    return parts + one(UNIT, [Part(SHADE, cover)])


def _bathroom(random: Generator) -> list[Part]:
    """A bar along the wall with heads before it."""
    count, wide = int(random.integers(2, 5)), random.uniform(0.045, 0.07)
    pitch = wide * random.uniform(2.4, 3.2)
    long = pitch * (count - 0.2)
    parts = [Part(BASE, move(rounded_box((0.35 * long, 0.1, 0.025), 0.01, 2), (0, 0, 0.0125)))]
    parts.append(Part(BODY, move(turn(cylinder(0.012, long, 14), "z", 90), (0, 0, 0.03))))
    up = random.random() < 0.5
    style = {pick(random, {"bell": 2, "tulip": 2, "globe": 2, "drum": 1, "trumpet": 1}): 1.0}
    kind, reach = "up" if up else "down", random.uniform(0.06, 0.1)
    unit = _unit(random, reach, kind, random.random() < 0.5, wide, style)
    for number in range(count):
        parts += one(UNIT, placed(unit, (pitch * (number - (count - 1) / 2), 0, 0.03)))
    return parts


