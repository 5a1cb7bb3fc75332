"""Tables on one or two columns: pedestals, and star legs around a central support."""

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.table.paths import COLUMN, COLUMN_TOP, PEDESTAL, STAR, STAR_COLUMN, STAR_LEG
from partwise.synth.categories.table.tops import ROUND, STRAIGHT, Size, Top, make_top, slab
from partwise.synth.chance import between, chance, pick
from partwise.synth.joinery.legs import turned_profile
from partwise.synth.parts import Part
from partwise.synth.placing import move, turn
from partwise.synth.solids import beam, box, circle, cone, cylinder, lathe, rounded_rectangle, smooth, tube


def column_size(random: np.random.Generator) -> Size:
    kind = pick(random, {"dining": 4, "coffee": 2, "side": 2, "bar": 1.2})
    width = {"dining": (0.6, 1.4), "coffee": (0.6, 1.1), "side": (0.35, 0.6), "bar": (0.5, 0.75)}[kind]
    height = {"dining": (0.7, 0.78), "coffee": (0.3, 0.5), "side": (0.45, 0.7), "bar": (0.95, 1.15)}[kind]
    wide = between(random, *width)
    return Size(wide, between(random, *height), wide * between(random, 0.75, 1.0))


def _top(random: np.random.Generator, size: Size) -> Top:
    shapes = ROUND if chance(random, 0.65) else STRAIGHT
    return make_top(random, size, {"board": 7, "glass": 2, "double": 1, "framed_glass": 0.4, "framed": 0.4}, shapes)


def column(random: np.random.Generator, low: float, high: float, radius: float) -> Mesh:
    """A central support: round, square, turned, flared or waisted."""
    kind = pick(random, {"round": 4, "square": 2, "turned": 2.5, "flared": 1.2, "waist": 0.8})
    height = high - low
    if kind == "square":
        side = 1.7 * radius
        return move(box((side, height, side), 0.05 * side), (0, low + height / 2, 0))
    if kind == "round":
        return move(cone(radius, radius * between(random, 0.6, 1.0), height, 20), (0, low + height / 2, 0))
    if kind == "turned":
        profile = turned_profile(random) * [1.4 * radius, height]
    else:
        rise = np.linspace(0, 1, 9)
        swell = 2 * (1 - rise) ** 3 if kind == "flared" else 2.5 * (2 * rise - 1) ** 2
        profile = np.stack([radius * (0.7 + 0.7 * swell), height * rise], 1)
    return move(lathe(profile, 20), (0, low, 0))


def pedestal_table(random: np.random.Generator) -> list[Part]:
    """A foot plate, a column and often a plate under the top."""
    size = column_size(random)
    if chance(random, 0.15):
        return _two_pedestals(random, size)
    top = _top(random, size)
    if chance(random, 0.12):
        return top.parts + _drum(random, top)
    return top.parts + _pedestal(random, top, size, 0.0)


def _pedestal(random: np.random.Generator, top: Top, size: Size, x: float) -> list[Part]:
    reach, radius = between(random, 0.5, 0.8) * min(size.width, size.depth) / 2, between(random, 0.025, 0.09)
    kind = pick(random, {"disc": 4, "dome": 2, "square": 2, "tulip": 1.2})
    low = between(random, 0.012, 0.05)
    if kind == "square":
        plate = move(slab(rounded_rectangle(2 * reach, 2 * reach, 0.02), low, "bevel"), (0, low, 0))
    elif kind == "disc":
        plate = move(slab(reach * circle(32), low, pick(random, {"plain": 2, "round": 1})), (0, low, 0))
    else:
        low = between(random, 0.06, 0.2) * size.height * (2 if kind == "tulip" else 1)
        rise = np.linspace(0, 1, 9)
        swell = np.clip(1 - rise, 0, 1) ** (3 if kind == "tulip" else 1.5)
        plate = lathe(np.stack([radius + (reach - radius) * swell, low * rise], 1), 28)
    high = top.below
    parts = [Part(PEDESTAL, plate)]
    if chance(random, 0.45):
        thin, size_top = between(random, 0.008, 0.03), between(random, 0.3, 0.7) * reach + radius
        plate = slab((circle(24) if chance(random, 0.6) else rounded_rectangle(2, 2)) * size_top, thin)
        parts.append(Part(COLUMN_TOP, move(plate, (0, high + 0.001, 0))))
        high -= thin
    parts.append(Part(COLUMN, column(random, low - 0.003, high + 0.002, radius)))
    return [Part(part.path, move(part.mesh, (x, 0, 0))) for part in parts]


def _two_pedestals(random: np.random.Generator, size: Size) -> list[Part]:
    size = Size(between(random, 1.5, 2.6), size.height, between(random, 0.75, 1.1))
    top = make_top(random, size, {"board": 4, "glass": 1}, {**STRAIGHT, "ellipse": 2})
    seed = int(random.integers(1 << 30))
    narrow = size._replace(width=size.depth)
    return top.parts + [part for x in (-0.27 * size.width, 0.27 * size.width)
                        for part in _pedestal(np.random.default_rng(seed), top, narrow, x)]


def _drum(random: np.random.Generator, top: Top) -> list[Part]:
    """A solid body instead of a column: a drum, an hourglass, a block."""
    shape, height = top.outline * between(random, 0.4, 0.95), top.below + 0.001
    if chance(random, 0.5):
        return [Part(PEDESTAL, move(slab(shape, height), (0, height, 0)))]
    radius, waist = float(np.abs(shape).max()), between(random, 0.4, 1.2)
    rise = np.linspace(0, 1, 11)
    profile = np.stack([radius * (1 + (waist - 1) * np.sin(np.pi * rise)), height * rise], 1)
    return [Part(PEDESTAL, lathe(profile, 28))]


def star_table(random: np.random.Generator) -> list[Part]:
    """Three to five legs around a column, or feet that cross below it."""
    size = column_size(random)
    if chance(random, 0.12):
        size = Size(between(random, 1.4, 2.4), size.height, between(random, 0.75, 1.1))
        top = make_top(random, size, {"board": 4, "glass": 1, "split": 1}, {**STRAIGHT, "ellipse": 2})
        seed, narrow = int(random.integers(1 << 30)), size._replace(width=size.depth)
        return top.parts + [part for x in (-0.27 * size.width, 0.27 * size.width)
                            for part in _star(np.random.default_rng(seed), top, narrow, x)]
    top = _top(random, size)
    return top.parts + _star(random, top, size, 0.0)


def _star(random: np.random.Generator, top: Top, size: Size, x: float) -> list[Part]:
    count, reach = pick(random, {3: 3, 4: 5, 5: 1}), between(random, 0.65, 0.95) * min(size.width, size.depth) / 2
    radius, thick = between(random, 0.018, 0.06), between(random, 0.025, 0.06)
    kind = pick(random, {"flat": 3, "curved": 3, "sloped": 1.5, "straight": 1.5})
    joint = {"flat": thick / 2, "curved": between(random, 0.25, 0.5) * size.height,
             "sloped": between(random, 0.12, 0.3) * size.height,
             "straight": between(random, 0.4, 0.8) * size.height}[kind]
    foot = _star_leg(kind, radius, reach, joint, thick)
    start = pick(random, {0.0: 1, 45.0: 1, 90.0: 1})
    parts = [Part(STAR_LEG, turn(foot, "y", start + 360 / count * index)) for index in range(count)]
    low = 0.0 if kind == "flat" and chance(random, 0.5) else joint - (0.9 if kind == "flat" else 1.5) * thick / 2
    parts.append(Part(STAR_COLUMN, column(random, max(low, 0.002), top.below + 0.002, radius)))
    if chance(random, 0.2):
        plate = move(cylinder(between(random, 0.08, 0.15), 0.012, 20), (0, top.below - 0.005, 0))
        parts.append(Part(STAR, plate, is_other=True))
    return [Part(part.path, move(part.mesh, (x, 0, 0)), part.nodes, part.is_other) for part in parts]


def _star_leg(kind: str, radius: float, reach: float, joint: float, thick: float) -> Mesh:
    """One leg along +x, from inside the column to the ground."""
    inside, ground = 0.3 * radius, 0.4 * thick
    if kind == "flat":
        return beam((inside, joint, 0), (reach, 0.42 * thick, 0), 1.3 * thick, thick, 0.8, 0.1 * thick, (0, 1, 0))
    if kind == "curved":
        path = smooth([(inside, joint, 0), (0.35 * reach, 0.85 * joint, 0), (0.75 * reach, 0.2 * joint + ground, 0),
                       (reach, ground, 0)], 10)
        return tube(path, np.linspace(0.7, 0.4, 10) * thick, rounded_rectangle(1.2, 1.8, 0.2), up=(0, 1, 0))
    low = 1.3 * ground if kind == "sloped" else 0.75 * thick
    return beam((inside, joint, 0), (reach, low, 0), thick, 1.2 * thick, 0.7, 0.0, (0, 1, 0))
