"""Table and floor lamps that stand upright: a shade or globe on a body, on panels, on a pole or on legs."""

import numpy as np
from numpy.random import Generator

from partwise.mesh import Mesh
from partwise.synth.categories.lamp import shapes
from partwise.synth.categories.lamp.heads import Head, HeadPaths, candle, hanging, head_parts, placed, upright
from partwise.synth.chance import pick
from partwise.synth.parts import Part, moved, one, paths_below
from partwise.synth.placing import join, move, stretch, turn
from partwise.synth.solids import ball, beam, box, circle, cylinder, rod, smooth, torus, tube

_LAMP = "lamp/table_or_floor_lamp"
_path = paths_below("Lamp", _LAMP)

CORDS, CORD = _path("power_cord"), _path("power_cord/cord")
POLE, SOLID = _path("lamp_body/lamp_pole"), _path("lamp_body/lamp_body_solid")
PANEL = _path("lamp_body/lamp_body_vertical_panel")
UNIT, CONNECTOR = _path("lamp_unit"), _path("lamp_unit/connector")
UNIT_STRAIGHT = _path("lamp_unit/lamp_arm/lamp_arm_straight_bar")
UNIT_CURVED = _path("lamp_unit/lamp_arm/lamp_arm_curved_bar")
HEAD = _path("lamp_unit/lamp_head")
SHADE, BULB = _path("lamp_unit/lamp_head/lamp_cover/lamp_shade"), _path("lamp_unit/lamp_head/light_bulb")
FINIAL, FITTER = _path("lamp_unit/lamp_head/lamp_finial"), _path("lamp_unit/lamp_head/lamp_wireframe_fitter")
BASE, FOOT = _path("lamp_base/lamp_holistic_base"), _path("lamp_base/lamp_holistic_base/lamp_base_part")
LEG_BASE, LEG = _path("lamp_base/lamp_leg_base"), _path("lamp_base/lamp_leg_base/leg")
PATHS = HeadPaths(HEAD, SHADE, BULB)

_SHADES = {"empire": 5.0, "drum": 4.0, "coolie": 1.0, "bell": 1.2, "barrel": 0.5, "dome": 0.8}


def bodied_lamp(random: Generator) -> list[Part]:
    """A table lamp with a turned, blown or square body under a large shade; now and then of a floor lamp's size."""
    scale = random.uniform(0.8, 1.3) * (2.2 if random.random() < 0.06 else 1)
    radius, height = scale * random.uniform(0.04, 0.13), scale * random.uniform(0.16, 0.4)
    parts: list[Part] = []
    level = 0.0
    if random.random() < 0.75:
        parts, level = base(random, radius * random.uniform(0.75, 1.25))
    make = pick(random, {shapes.turned: 5, shapes.baluster: 3, shapes.blocks: 2, shapes.sculpture: 0.7})
    body = make(random, radius, height)
    neck = random.uniform(0.02, 0.06) * scale
    stem = rod((0, level, 0), (0, level + height + neck, 0), 0.008 * scale)
    if random.random() < 0.25:  # the neck as a pole of its own
        parts += [Part(SOLID, move(body, (0, level - 0.001, 0))), Part(POLE, stem)]
    else:
        parts.append(Part(SOLID, join(move(body, (0, level - 0.001, 0)), stem)))
    wide = max(1.3 * radius, scale * random.uniform(0.11, 0.24))
    tall = wide * random.uniform(0.7, 1.5)
    return parts + raised(shaded_unit(random, wide, tall), level + height + neck) + cord(random, radius)


def pole_lamp(random: Generator) -> list[Part]:
    """A shade on a slender pole; a floor lamp or, shorter, a table lamp."""
    floor = random.random() < 0.6
    height = random.uniform(1.1, 1.5) if floor else random.uniform(0.22, 0.5)
    wide = random.uniform(0.15, 0.3) if floor else random.uniform(0.09, 0.2)
    parts, level = base(random, wide * random.uniform(0.45, 0.9))
    parts += pole(random, level, height, random.uniform(0.008, 0.02) if floor else random.uniform(0.005, 0.012))
    tall = wide * random.uniform(0.8, 1.6)
    return parts + raised(shaded_unit(random, wide, tall), height) + cord(random, wide)


def torchiere(random: Generator) -> list[Part]:
    """A floor lamp whose bowl looks up."""
    height, wide = random.uniform(1.3, 1.7), random.uniform(0.12, 0.22)
    parts, level = base(random, random.uniform(0.1, 0.17))
    parts += pole(random, level, height, random.uniform(0.01, 0.022))
    styles = {"dome": 3.0, "saucer": 2.0, "trumpet": 1.0, "cone": 2.0, "bell": 1.0, "tulip": 1.0}
    head = upright(hanging(random, wide, wide * random.uniform(0.4, 1.1), styles, 0.3))
    return parts + one(UNIT, raised(head_parts(head, PATHS), height - 0.01)) + cord(random, wide)


def legged_lamp(random: Generator) -> list[Part]:
    """Three or four legs that meet at a hub below the shade: a tripod, a studio lamp, a spider."""
    scale = random.choice([0.35, 1.0]) * random.uniform(0.85, 1.15)
    low = random.random() < 0.4
    top = scale * (random.uniform(0.15, 0.4) if low else random.uniform(0.9, 1.3))
    parts = legs(random, top, scale * random.uniform(0.2, 0.4), scale)
    hub = max(0.012, 0.03 * scale)
    height = top + scale * (random.uniform(0.8, 1.1) if low else random.uniform(0.06, 0.12))
    if low and random.random() < 0.3:
        radius = 0.07 * scale
        parts.append(Part(SOLID, move(shapes.turned(random, 2 * radius, height - top + hub), (0, top - hub, 0))))
    else:
        parts.append(Part(POLE, join(rod((0, top - hub, 0), (0, height, 0), 0.4 * hub),
                                     move(cylinder(hub, 1.2 * hub), (0, top, 0)))))
    wide = scale * random.uniform(0.18, 0.28)
    return parts + raised(shaded_unit(random, wide, wide * random.uniform(0.8, 1.3)), height) + cord(random, wide)


def panelled_lamp(random: Generator) -> list[Part]:
    """Panels upright on a base carry the shade: a slab, a cross or a hollow box; or a glowing column between them."""
    scale = random.choice([1.0, 1.0, 2.6]) * random.uniform(0.85, 1.2)
    wide, height = scale * random.uniform(0.05, 0.11), scale * random.uniform(0.22, 0.45)
    thick = wide * random.uniform(0.06, 0.2)
    parts, level = base(random, wide * random.uniform(1.1, 1.6))
    form = pick(random, {"pair": 3, "box": 3, "slab": 1, "fan": 1})
    if form == "slab":
        panels = [box((1.6 * wide, height, 2 * thick), 0.2 * thick)]
    elif form == "fan":
        panels = [turn(move(box((wide, height, thick)), (0.5 * wide, 0, 0)), "y", angle) for angle in (0, 120, 240)]
    else:
        angles = (0, 180) if form == "pair" else (0, 90, 180, 270)
        panel = move(box((2 * (wide - thick), height, thick)), (0, 0, wide - thick))
        panels = [turn(panel, "y", angle) for angle in angles]
    parts += [Part(PANEL, move(panel, (0, level + height / 2 - 0.001, 0))) for panel in panels]
    if form in ("slab", "fan") or random.random() < 0.6:
        unit = shaded_unit(random, wide * random.uniform(1.4, 2.2), scale * random.uniform(0.13, 0.25))
        if form in ("pair", "box"):
            parts.append(Part(POLE, rod((0, level - 0.002, 0), (0, level + height + 0.02, 0), 0.12 * wide)))
        return parts + raised(unit, level + height) + cord(random, wide)
    column = move(cylinder(wide - 1.5 * thick, 0.94 * height), (0, level + 0.47 * height, 0))
    return parts + one(UNIT, [Part(SHADE, column)]) + cord(random, wide)


def globe_lamp(random: Generator) -> list[Part]:
    """A globe, egg or column of glass that sits on a foot, on a short body or on small legs."""
    radius = random.uniform(0.06, 0.16) * (1.6 if random.random() < 0.2 else 1)
    parts, level = base(random, radius * random.uniform(0.5, 0.9))
    if random.random() < 0.3:
        top = radius * random.uniform(0.5, 1)
        parts = legs(random, top, 0.75 * radius, 2.5 * radius)
        level = top
    elif random.random() < 0.5:
        height = radius * random.uniform(0.4, 3)
        parts.append(Part(SOLID, move(shapes.turned(random, 0.5 * radius, height), (0, level - 0.001, 0))))
        level += height
    glass = pick(random, {"ball": 3, "egg": 1, "column": 1.5, "onion": 1})
    mesh = {"ball": lambda: move(ball(radius, 24), (0, 0.97 * radius, 0)),
            "egg": lambda: shapes.turned(random, radius, 2.4 * radius, "egg"),
            "column": lambda: shapes.blocks(random, 0.8 * radius, radius * random.uniform(2, 5)),
            "onion": lambda: shapes.shade(random, "onion", radius, 2 * radius)}[glass]()
    return parts + one(UNIT, [Part(SHADE, move(mesh, (0, level - 0.02 * radius, 0)))]) + cord(random, radius)


def branched_lamp(random: Generator) -> list[Part]:
    """Several units on arms from one pole: spots, lilies, candelabra."""
    floor = random.random() < 0.7
    scale = random.uniform(0.9, 1.15) * (1 if floor else 0.35)
    height, wide = 1.4 * scale, random.uniform(0.07, 0.13) * scale
    parts, level = base(random, scale * random.uniform(0.13, 0.2))
    parts += pole(random, level, height, 0.014 * scale)
    count, curved, up = int(random.integers(2, 6)), random.random() < 0.6, random.random() < 0.45
    stagger = 0.0 if up or random.random() < 0.4 else random.uniform(0.1, 0.18) * scale
    reach, lift, tilt = scale * random.uniform(0.15, 0.4), scale * random.uniform(0.05, 0.3), random.uniform(0, 60)
    style = {pick(random, {"spot": 3, "dome": 2, "tulip": 2, "cone": 2, "globe": 1.5, "empire": 1}): 1.0}
    head = hanging(random, wide, 1.3 * wide, style, 0.5)
    unit = _branch(random, reach, lift, 0.008 * scale, curved, upright(head) if up else head, 0 if up else tilt)
    for number in range(count):
        around = 360 * number / count + (0 if not stagger else 40 * number)
        parts += one(UNIT, placed(unit, (0, height - number * stagger, 0), around))
    return parts + cord(random, wide)


def _branch(random: Generator, reach: float, lift: float, thickness: float, curved: bool, head: Head,
            tilt: float) -> list[Part]:
    tip = np.array([reach, lift, 0.0])
    if curved:
        dip = np.array([0.45 * reach, lift + 0.35 * reach if tilt else -0.25 * reach, 0])
        arm = Part(UNIT_CURVED, tube(smooth([(0, 0, 0), dip, tip], 12), thickness, circle(8)))
    else:
        arm = Part(UNIT_STRAIGHT, rod((0, 0, 0), tip, thickness))
    parts = moved(head_parts(head, PATHS), lambda mesh: move(turn(mesh, "z", tilt), tip))
    if random.random() < 0.3:
        parts.append(Part(CONNECTOR, move(ball(2.2 * thickness, 12), tip)))
    return [arm, *parts]


def candelabrum(random: Generator) -> list[Part]:
    """Electric candles on curved arms above a turned stem."""
    scale = random.uniform(0.35, 0.5)
    parts, level = base(random, 0.3 * scale)
    parts.append(Part(SOLID, move(shapes.baluster(random, 0.1 * scale, 0.8 * scale), (0, level, 0))))
    count = int(random.choice([2, 3, 4, 5]))
    top, reach, width = level + random.uniform(0.5, 0.75) * scale, random.uniform(0.25, 0.45) * scale, 0.028 * scale
    curve = smooth([(0, 0, 0), (0.5 * reach, -0.3 * reach, 0), (reach, 0.05 * reach, 0), (reach, 0.4 * reach, 0)], 14)
    tall = random.uniform(0.1, 0.3) * scale
    light = Part(BULB, move(shapes.flame(width), (0, tall - 0.002, 0)))
    head = [Part(HEAD, candle(random, width, tall), is_other=True), light]
    unit = [Part(UNIT_CURVED, tube(curve, 0.4 * width, circle(8))), *placed(head, curve[-1])]
    for number in range(count):
        parts += one(UNIT, placed(unit, (0, top, 0), 360 * number / count))
    return parts


def base(random: Generator, radius: float) -> tuple[list[Part], float]:
    """A base's parts and the height at which the body starts."""
    meshes, level = shapes.feet(random, radius)
    parts = [Part(FOOT, mesh) for mesh in meshes]
    if random.random() < 0.08:  # a switch
        knob = join(cylinder(0.09 * radius, 0.06 * radius, 12), cylinder(0.05 * radius, 0.14 * radius, 10))
        top = float(meshes[0].vertices[:, 1].max())
        parts.append(Part(BASE, move(knob, (0, top, 0.72 * radius)), is_other=True))
    return parts, level - 0.001


def pole(random: Generator, low: float, high: float, radius: float) -> list[Part]:
    """A pole in one or two pieces; thinner above, or with rings."""
    if random.random() < 0.2:
        middle = low + (high - low) * random.uniform(0.3, 0.7)
        return [Part(POLE, rod((0, low, 0), (0, middle, 0), 1.3 * radius)),
                Part(POLE, rod((0, middle - 0.01 * (high - low), 0), (0, high, 0), radius))]
    if random.random() < 0.12:
        outline = beam((0, low, 0), (0, high, 0), 2 * radius, 2 * radius)
        return [Part(POLE, outline)]
    mesh = rod((0, low, 0), (0, high, 0), radius, radius * random.choice([1, 1, 0.6]))
    if random.random() < 0.3:
        levels = low + (high - low) * random.uniform(0.05, 0.95, int(random.integers(1, 5)))
        knob = stretch(ball(1.8 * radius, 10), (1, random.uniform(0.6, 1.6), 1))
        mesh = join(mesh, *(move(knob, (0, y, 0)) for y in levels))
    return [Part(POLE, mesh)]


def legs(random: Generator, top: float, spread: float, scale: float) -> list[Part]:
    """Splayed legs, straight or bowed, that meet near the axis at ``top``."""
    count, thick = int(random.choice([3, 3, 3, 4])), scale * random.uniform(0.008, 0.018)
    inner = random.uniform(0.05, 0.3) * spread
    foot, head = np.array([spread, 0.6 * thick, 0]), np.array([inner, top, 0])
    form = pick(random, {"rod": 5, "beam": 2, "bowed": 2, "hairpin": 1})
    if form == "beam":
        leg = beam(foot, head, 1.6 * thick, 2.4 * thick, up=(0, 0, 1))
    elif form == "bowed":
        leg = tube(smooth([foot, 0.5 * (foot + head) + (0.25 * spread, 0.12 * top, 0), head], 12), thick, circle(8))
    elif form == "hairpin":
        ends = [foot * (0.98, 1, 1) + (0, 0, side * 2 * thick) for side in (-1, 1)]
        leg = join(*(rod(end, head, 0.5 * thick, sides=8) for end in ends), rod(ends[0], ends[1], 0.5 * thick, sides=8))
    else:
        leg = rod(foot, head, thick * random.choice([1, 0.6]), thick)
    parts = [Part(LEG, turn(leg, "y", 360 * number / count + 30)) for number in range(count)]
    if inner > 0.06 * spread:  # a plate that the legs are screwed to
        plate = move(cylinder(inner + thick, 1.4 * thick), (0, top, 0))
        parts.append(Part(LEG_BASE, plate, is_other=True) if random.random() < 0.2 else Part(POLE, plate))
    return parts


def shaded_unit(random: Generator, radius: float, height: float) -> list[Part]:
    """One unit whose shade hangs around the support's end at the origin, with what holds it."""
    style = pick(random, _SHADES)
    cover = shapes.shade(random, style, radius, height)
    drop = random.uniform(0.0, 0.3) * height
    top, inside = shapes.rim(cover)
    parts = [Part(SHADE, move(cover, (0, -drop, 0)))]
    inner, size = top - drop, min(0.03, 0.22 * radius, 0.2 * top)
    if random.random() < 0.5:
        parts.append(Part(BULB, move(shapes.bulb(random, size), (0, 0.7 * size, 0))))
        socket = move(cylinder(0.6 * size, 1.6 * size, 12), (0, 0.2 * size, 0))
        parts.append(_socket(random, socket))
    parts += _holder(random, radius, inside, inner, size)
    return one(UNIT, parts)


def _socket(random: Generator, mesh: Mesh) -> Part:
    kind = pick(random, {"bulb": 5, "connector": 3, "other": 1.2})
    if kind == "other":
        return Part(HEAD, mesh, is_other=True)
    return Part(CONNECTOR if kind == "connector" else BULB, mesh)


def _holder(random: Generator, radius: float, inside: float, top: float, size: float) -> list[Part]:
    """What carries the shade at its upper rim: spokes on a stem or a harp, and a finial above; often nothing."""
    if top < 2 * size or random.random() < 0.5:
        return []
    wire, level = 0.012 * radius + 0.001, 0.94 * top
    spokes = [turn(rod((0, level, 0), (inside, level, 0), wire, sides=6), "y", a) for a in (0, 120, 240)]
    fitter = join(*spokes, move(torus(min(size, 0.4 * inside), wire, 16), (0, level, 0)),
                  *([move(torus(inside, wire, 24), (0, level, 0))] if random.random() < 0.5 else []))
    if random.random() < 0.3:
        half = smooth([(0, 0, 0), (0.45 * radius, 0.35 * level, 0), (0.3 * radius, 0.8 * level, 0), (0, level, 0)], 12)
        bow = tube(half, wire, circle(6))
        parts = [Part(HEAD, join(bow, turn(bow, "y", 180)), is_other=True), Part(FITTER, fitter)]
    else:
        parts = [Part(FITTER, join(fitter, rod((0, -0.001, 0), (0, level, 0), 1.2 * wire, sides=8)))]
    if random.random() < 0.6:
        parts.append(Part(FINIAL, move(shapes.finial(random, max(0.05 * radius, 0.008)), (0, level - 0.001, 0))))
    return parts


def cord(random: Generator, reach: float) -> list[Part]:
    """Seldom, a cord that runs from the base over the ground."""
    if random.random() > 0.13:
        return []
    radius, length = random.uniform(0.0025, 0.004), random.uniform(1.5, 3) * reach + 0.1
    swing = random.uniform(-0.4, 0.4, 3) * length
    points = [(0.0, 0.0), (0.35 * swing[0], -0.4 * length), (swing[1], -0.75 * length), (swing[2], -length)]
    path = np.insert(smooth(points, 20), 1, 1.2 * radius, 1)
    return one(CORDS, [Part(CORD, tube(path, radius, circle(6)))])


def raised(parts: list[Part], height: float) -> list[Part]:
    """The parts, higher."""
    return placed(parts, (0, height, 0))
