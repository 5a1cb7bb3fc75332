"""Street lamps: a post on a base with lanterns, globes or flat heads on arms."""

import numpy as np
from numpy.random import Generator

from partwise.mesh import Mesh
from partwise.synth.categories.lamp import shapes
from partwise.synth.categories.lamp.heads import HeadPaths, hanging, head_parts, placed
from partwise.synth.chance import pick
from partwise.synth.parts import Part, one, part_path, paths_below
from partwise.synth.placing import join, move, stretch, taper, turn
from partwise.synth.solids import (
    ball,
    beam,
    box,
    circle,
    cone,
    cylinder,
    lathe,
    loft,
    prism,
    rod,
    rounded_box,
    smooth,
    torus,
    tube,
)

_LAMP = "lamp/street_lamp"
_path = paths_below("Lamp", _LAMP)

POST, BASE, UNIT = _path("lamp_post"), _path("street_lamp_base"), _path("lamp_unit")
STRAIGHT, CURVED = _path("lamp_unit/lamp_arm/lamp_arm_straight_bar"), _path("lamp_unit/lamp_arm/lamp_arm_curved_bar")
HEAD, SHADE = _path("lamp_unit/lamp_head"), _path("lamp_unit/lamp_head/lamp_cover/lamp_shade")
BULB, HOLDER = _path("lamp_unit/lamp_head/light_bulb"), _path("lamp_unit/lamp_head/lamp_cover_holder")
_LANTERN = _path("lamp_unit/lamp_head/lamp_cover/lantern_lamp_cover")
FRAME = _path("lamp_unit/lamp_head/lamp_cover/lantern_lamp_cover/lamp_cover_frame")
TOP, BOTTOM, BAR = (part_path("Lamp", f"{FRAME}/lamp_cover_frame_{name}") for name in ("top", "bottom", "bar"))
GLASS = part_path("Lamp", f"{_LANTERN}/lamp_cover_glass")
PATHS = HeadPaths(HEAD, SHADE, BULB)


def street_lamp(random: Generator) -> list[Part]:
    return pick(random, {_road: 3.5, _classic: 5, _garden: 1.5})(random)


def _road(random: Generator) -> list[Part]:
    """A tall post with one or two flat heads on long arms."""
    height, radius = random.uniform(5, 9), random.uniform(0.06, 0.1)
    parts = _post(random, height, radius, plain=True)
    count = int(random.choice([1, 2, 4], p=[0.6, 0.33, 0.07]))
    reach, lift = random.uniform(0.8, 2.2), random.uniform(0.1, 0.8)
    head = pick(random, {_cobra: 3, _slab: 2, _dish: 1})
    curved = random.random() < 0.55
    if curved:
        points = [(0, 0, 0), (0.15 * reach, 0.75 * lift, 0), (0.5 * reach, lift, 0), (reach, lift, 0)]
        arm = Part(CURVED, tube(smooth(points, 16), 0.6 * radius, circle(10)))
    else:
        arm = Part(STRAIGHT, rod((0, 0, 0), (reach, lift, 0), 0.6 * radius))
    unit = [arm, *placed(head(random, random.uniform(0.5, 0.9)), (reach, lift, 0))]
    for number in range(count):
        parts += one(UNIT, placed(unit, (0, height - 0.03, 0), 360 * number / count))
    return parts


def _cobra(random: Generator, long: float) -> list[Part]:
    shell = taper(rounded_box((long, 0.22 * long, 0.42 * long), 0.1 * long, 3), "x", 0.45, 1.0)
    glass = stretch(ball(0.17 * long, 16), (1.5, 0.6, 1))
    parts = [Part(SHADE, move(shell, (0.42 * long, 0, 0)))]
    return [*parts, Part(BULB, move(glass, (0.6 * long, -0.09 * long, 0)))] if random.random() < 0.6 else parts


def _slab(random: Generator, long: float) -> list[Part]:
    plate = box((long, 0.08 * long, 0.35 * long), 0.02 * long)
    light = box((0.7 * long, 0.03 * long, 0.25 * long))
    parts = [Part(SHADE, move(plate, (0.45 * long, 0, 0)))]
    return [*parts, Part(BULB, move(light, (0.5 * long, -0.05 * long, 0)))] if random.random() < 0.5 else parts


def _dish(random: Generator, long: float) -> list[Part]:
    return head_parts(hanging(random, 0.45 * long, 0.4 * long, {"dome": 2, "saucer": 1, "bell": 2}, 0.6), PATHS)


def _classic(random: Generator) -> list[Part]:
    """Lanterns or globes on top of an ornamental post, and on arms beside it."""
    height, radius = random.uniform(1.7, 3.8), random.uniform(0.045, 0.08)
    parts = _post(random, height, radius, plain=random.random() < 0.25)
    size = random.uniform(0.18, 0.34)
    make = pick(random, {_lantern: 6, _globe: 2.5})
    count = int(random.choice([1, 2, 3, 4], p=[0.45, 0.28, 0.17, 0.1]))
    upper = make(random, size)
    if count == 1 or random.random() < 0.4:
        parts += one(UNIT, placed(upper, (0, height - 0.01, 0)))
    if count == 1:
        return parts
    reach, hang = size * random.uniform(2, 3), random.random() < 0.3
    arm = _bracket(random, reach, 0.35 * radius, hang)
    head = _dish(random, 2 * size) if hang else upper
    unit = [arm, *placed(head, (reach, 0, 0))]
    at = height - random.uniform(0.05, 0.5)
    for number in range(count):
        parts += one(UNIT, placed(unit, (0, at, 0), 360 * number / count))
    return parts


def _bracket(random: Generator, reach: float, wire: float, hang: bool) -> Part:
    """An arm that ends at (reach, 0, 0), from below it or, to hang from, from above."""
    side = 1 if hang else -1
    if random.random() < 0.35:
        strut = rod((0, side * 0.4 * reach, 0), (0.7 * reach, 0, 0), 0.7 * wire)
        return Part(STRAIGHT, join(rod((0, 0, 0), (reach + wire, 0, 0), wire), strut))
    points = [(0, 0, 0), (0.4 * reach, side * 0.35 * reach, 0), (0.85 * reach, side * 0.3 * reach, 0), (reach, 0, 0)]
    return Part(CURVED, tube(smooth(points, 16), wire, circle(8)))


def _garden(random: Generator) -> list[Part]:
    """A bollard or short post with a capped cylinder, a disc or a globe."""
    height, radius = random.uniform(0.6, 2.4), random.uniform(0.05, 0.09)
    parts = _post(random, height, radius, plain=True)
    size = radius * random.uniform(1.5, 2.5)
    if random.random() < 0.4:
        return parts + one(UNIT, placed(_globe(random, 1.3 * size), (0, height - 0.01, 0)))
    light = move(cylinder(0.7 * size, 1.6 * size), (0, 0.8 * size, 0))
    cap = move(cone(1.3 * size, random.uniform(0.1, 1.3) * size, 0.3 * size), (0, 1.7 * size, 0))
    holder = move(cylinder(0.85 * size, 0.12 * size), (0, 0.05 * size, 0))
    unit = [Part(BULB, light), Part(SHADE, cap), Part(HOLDER, holder)]
    return parts + one(UNIT, placed(unit, (0, height - 0.01, 0)))


def _globe(random: Generator, size: float) -> list[Part]:
    """A holder, a globe or acorn on it, seldom a bulb."""
    holder = lathe(smooth([(0.3, 0), (0.25, 0.15), (0.55, 0.35), (0.6, 0.45)], 8) * size, 16)
    style = pick(random, {"ball": 3, "egg": 1, "shell": 1})
    glass = {"ball": lambda: move(ball(size, 20), (0, 1.25 * size, 0)),
             "egg": lambda: move(shapes.turned(random, 0.9 * size, 2.2 * size, "egg"), (0, 0.35 * size, 0)),
             "shell": lambda: move(shapes.shade(random, "globe", size, 1), (0, 0.3 * size, 0))}[style]()
    parts = [Part(HOLDER, holder), Part(SHADE, glass)]
    if style == "shell":
        parts.append(Part(BULB, move(shapes.bulb(random, 0.25 * size), (0, 0.4 * size, 0))))
    return parts


def _lantern(random: Generator, size: float) -> list[Part]:
    """A framed lantern: a roof, a floor, bars between them, seldom panes and a bulb."""
    sides, low, wide = int(random.choice([4, 4, 4, 6, 8])), random.uniform(0.55, 1) * size, size
    tall, turned = size * random.uniform(1.6, 2.6), 45 if random.random() < 0.5 else 0
    corners, level = circle(sides), 0.25 * size
    wire = 0.05 * size
    floor = move(turn(prism(corners * (low + wire), 0.12 * size), "y", turned), (0, level + 0.06 * size, 0))
    roof = move(turn(_roof(random, corners * (1.15 * wide), size), "y", turned), (0, level + tall - 0.02 * size, 0))
    holder = move(cone(0.15 * size, 0.5 * low, 1.1 * level, 14), (0, 0.55 * level, 0))
    parts = [Part(HOLDER, holder), Part(BOTTOM, floor), Part(TOP, roof)]
    for x, z in corners:
        bar = beam((x * low, level, z * low), (x * wide, level + tall, z * wide), 2 * wire, 2 * wire)
        parts.append(Part(BAR, turn(bar, "y", turned)))
    if random.random() < 0.5:
        parts.append(Part(BULB, move(shapes.bulb(random, 0.2 * size), (0, level + 0.1 * size, 0))))
    if random.random() < 0.35:
        rings = np.stack([np.insert(corners * 0.93 * low, 1, level, 1),
                          np.insert(corners * 0.93 * wide, 1, level + tall, 1)])
        parts.append(Part(GLASS, turn(loft(rings), "y", turned)))
    return parts


def _roof(random: Generator, corners: np.ndarray, size: float) -> Mesh:
    """A hipped roof, straight or swept, with a knob."""
    swept = random.random() < 0.4
    scales = [(1, 0), (1, 0.06), (0.55 if swept else 0.62, 0.35), (0.12, 0.75)]
    roof = loft(np.stack([np.insert(corners * scale, 1, y * size, 1) for scale, y in scales]))
    return join(roof, move(shapes.finial(random, 0.2 * size), (0, 0.73 * size, 0)))


def _post(random: Generator, height: float, radius: float, plain: bool) -> list[Part]:
    """The post, and often the base that it stands on."""
    start, parts = 0.0, []
    if random.random() < 0.75:
        wide, start = radius * random.uniform(1.6, 3), height * random.uniform(0.03, 0.18)
        form = pick(random, {"box": 2, "drum": 2, "bell": 3, "steps": 2})
        if form == "box":
            foot = move(box((2 * wide, start, 2 * wide), 0.05 * wide), (0, start / 2, 0))
        elif form == "bell":
            foot = lathe(smooth([(1, 0), (0.95, 0.12), (0.6, 0.4), (0.5, 1)], 10) * (wide, start), 20)
        elif form == "steps":
            foot = join(*(move(prism(circle(8) * wide * s, start / 3), (0, start / 3 * (n + 0.5), 0))
                          for n, s in enumerate((1, 0.8, 0.6))))
        else:
            foot = move(cylinder(wide, start), (0, start / 2, 0))
        parts.append(Part(BASE, foot))
    post = rod((0, 0.97 * start, 0), (0, height, 0), radius, radius * random.choice([1, 0.75, 0.55]), sides=16)
    if not plain:
        levels = [start + (height - start) * share for share in (0.03, random.uniform(0.2, 0.4), 0.93)]
        rings = [move(torus(1.05 * radius, 0.35 * radius, 16), (0, y, 0)) for y in levels]
        swell = lathe(smooth([(1.5, 0), (1.7, 0.5), (1, 1)], 6) * (radius, 0.12 * height), 16)
        post = join(post, *rings, move(swell, (0, start, 0)))
    return [*parts, Part(POST, post)]


