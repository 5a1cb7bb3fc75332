"""Mugs and cups: a vessel with a wall, a handle, and at times what is in it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.vessels import (
    filled,
    handle,
    handle_path,
    outside,
    poured,
    rounded_profile,
    section,
    turned,
    vessel,
    with_inside,
)
from partwise.synth.chance import pick
from partwise.synth.parts import Part, part_path
from partwise.synth.placing import join, move, turn
from partwise.synth.solids import ball, box, circle, rod, rounded_box, smooth, torus

MUG = part_path("Mug", "mug")
BODY = part_path("Mug", "mug/body")
HANDLE = part_path("Mug", "mug/handle")
CONTENT = part_path("Mug", "mug/containing_things")


@dataclass(frozen=True)
class Cup:
    """A mug's body: outer profile (k, 2) from the foot to the rim, section, and wall; metres."""

    profile: np.ndarray
    outline: np.ndarray
    wall: float
    floor: float

    @property
    def height(self) -> float:
        return float(self.profile[:, 1].max())

    def radii_at(self, heights: np.ndarray) -> np.ndarray:
        side = self.profile[len(self.profile) // 6:]
        return np.interp(heights, np.maximum.accumulate(side[:, 1]), side[:, 0])

    def radius_at(self, height: float) -> float:
        return float(self.radii_at(np.array(height)))


def _straight(random: np.random.Generator, radius: float, height: float) -> np.ndarray:
    foot = random.choice([0.03, random.uniform(0.05, 0.5)]) * radius
    return rounded_profile([(0, 0, 0), (radius, 0, foot), (radius, height, 0)])


def _tapered(random: np.random.Generator, radius: float, height: float) -> np.ndarray:
    """Wider above, as most travel mugs and latte cups, or wider below."""
    low = radius * random.choice([random.uniform(0.55, 0.9), random.uniform(1.05, 1.3)], p=[0.75, 0.25])
    return rounded_profile([(0, 0, 0), (low, 0, random.uniform(0.03, 0.4) * radius), (radius, height, 0)])


def _curved(random: np.random.Generator, radius: float, height: float) -> np.ndarray:
    """A bowl-like side: tulips, teacups, barrels and waists."""
    kind = random.integers(4)
    rise = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    sides = [(0.5, 0.8, 0.93, 0.98, 1.0), (0.62, 0.85, 0.9, 0.88, 1.0), (0.8, 0.98, 1.05, 1.03, 0.93),
             (1.0, 0.9, 0.82, 0.84, 1.0)]
    side = np.array(sides[kind]) * random.uniform(0.95, 1.05, 5)
    curve = smooth(np.stack([side * radius, rise * height], 1), 16)
    return np.concatenate([[[0, 0], [0.85 * curve[0, 0], 0]], curve])


def _stepped(random: np.random.Generator, radius: float, height: float) -> np.ndarray:
    """A narrower base or a wider rim, as stacking mugs and travel mugs have."""
    inside, step = radius * random.uniform(0.75, 0.95), height * random.choice([random.uniform(0.1, 0.4), 0.8])
    edge = 0.3 * (radius - inside)
    return rounded_profile([(0, 0, 0), (inside, 0, edge), (inside, step, edge),
                            (radius, step + random.uniform(0.0, 0.12) * height, edge), (radius, height, 0)])


SIDES: dict[Callable[[np.random.Generator, float, float], np.ndarray], float] = {
    _straight: 0.5, _tapered: 0.22, _curved: 0.2, _stepped: 0.08}


def _cup(random: np.random.Generator) -> Cup:
    """Lengths of a coffee mug in most; espresso cups, wide soup mugs and steins at the ends."""
    size = random.choice([random.uniform(0.036, 0.045), random.uniform(0.025, 0.06)], p=[0.75, 0.25])
    height = 2 * size * random.choice([random.uniform(1.0, 1.3), random.uniform(0.6, 1.7)], p=[0.65, 0.35])
    profile = pick(random, SIDES)(random, size, height)
    if random.random() < 0.2:  # rings, grooves
        profile = filled(profile, height / 24)
        share, rings = profile[:, 1] / height, int(random.integers(1, 8))
        groove = random.uniform(0.01, 0.04) * np.sin(np.pi * rings * share) ** int(random.choice([2, 8]))
        profile[:, 0] *= 1 - groove
    sides = int(random.choice([20, 28, 32, 40]))
    outline = circle(sides)
    if random.random() < 0.1:
        outline = random.choice(np.array([section(1.0, random.uniform(3, 9), sides),
                                          section(random.uniform(0.8, 0.95), 2, sides)]))
    elif random.random() < 0.05:
        outline = circle(int(random.choice([6, 8, 10, 12])))
    wall = size * random.uniform(0.05, 0.13)
    return Cup(profile, outline, wall, height * random.uniform(0.03, 0.12))


def _body(random: np.random.Generator, cup: Cup) -> Mesh:
    """Outside, rim and inside; some have no inside, a foot ring, a rolled rim or bands."""
    profile = cup.profile
    if random.random() < 0.08:
        mesh = vessel(profile, cup.outline)
    else:
        rim = profile[-1]
        bead = np.array([[rim[0] - 0.15 * cup.wall, rim[1] + 0.3 * cup.wall], [rim[0] - 0.5 * cup.wall,
                         rim[1] + 0.45 * cup.wall]]) if random.random() < 0.6 else np.zeros((0, 2))
        inner = with_inside(profile, cup.wall, cup.floor)
        mesh = vessel(np.concatenate([profile, bead, inner[len(profile):]]), cup.outline)
    extra = []
    if random.random() < 0.15:
        foot = cup.radius_at(0.02 * cup.height) * random.uniform(0.6, 0.85)
        low = -0.02 * cup.height
        extra.append(vessel(np.array([[0.85, 1e-3], [0.88, low], [1.0, low], [1.03, 1e-3]]) * [foot, 1], cup.outline))
    if random.random() < 0.08:  # bands of metal or paint
        for share in random.uniform(0.1, 0.95, int(random.integers(1, 4))):
            radius = cup.radius_at(share * cup.height)
            band = np.array([[0.98, -1], [1.02, -1], [1.02, 1], [0.98, 1]]) * [radius, 0.02 * cup.height]
            extra.append(move(vessel(band, cup.outline), (0, share * cup.height, 0)))
    mesh = join(mesh, *extra)
    if random.random() < 0.04:
        return turn(poured(turn(mesh, "y", 180), 0.75 * cup.height, random.uniform(0.1, 0.25)), "y", 180)
    return mesh


KINDS = {"d": 0.28, "c": 0.27, "ear": 0.22, "square": 0.15, "question": 0.08}


def _handle(random: np.random.Generator, cup: Cup) -> Mesh:
    """A bar from near the rim to near the foot, with a flat, round or square section; some swell at the ends."""
    kind = pick(random, KINDS)
    high, low = cup.height * random.uniform(0.74, 0.93), cup.height * random.uniform(0.1, 0.35)
    span = high - low
    thickness = min(span * random.uniform(0.1, 0.2), cup.wall * 2.6)
    reach = span * random.uniform(0.42, 0.75)
    ends = [(cup.radius_at(height) - 0.5 * min(cup.wall, thickness), height) for height in (high, low)]
    path = handle_path(kind, ends[0], ends[1], reach)
    width = thickness * random.choice([1.0, random.uniform(1.2, 2.6)], p=[0.25, 0.75])
    mesh = handle(path, thickness, width, random.choice([2.0, 2.6, 4.0, 8.0], p=[0.5, 0.2, 0.15, 0.15]))
    if random.random() < 0.08:  # a rest for the thumb
        rest = box((0.5 * reach, 0.6 * thickness, width), 0.1 * thickness)
        mesh = join(mesh, move(rest, (ends[0][0] + 0.5 * reach, high + 0.5 * thickness, 0)))
    return mesh


def _open_handle(random: np.random.Generator, cup: Cup) -> Mesh:
    """The large handle of a stein or a flat strap; at times a ring or a solid wing for a finger."""
    kind, middle = random.integers(3), cup.height * random.uniform(0.5, 0.65)
    if kind == 0:
        size = cup.height * random.uniform(0.14, 0.24)
        thickness = size * random.uniform(0.2, 0.4)
        return move(turn(torus(size, thickness, 24), "x", 90), (cup.radius_at(middle) + 0.85 * size, middle, 0))
    reach, width = cup.height * random.uniform(0.3, 0.5), cup.height * random.uniform(0.05, 0.12)
    inside = min(cup.radius_at(share * cup.height) for share in (0.2, 0.5, 0.9)) - 0.3 * cup.wall
    if kind == 1:
        plate = rounded_box((reach, 1.2 * width, width * random.uniform(0.4, 2)), 0.15 * width)
        return move(plate, (inside + reach / 2, middle + 0.2 * cup.height, 0))
    high, low = 0.92 * cup.height, 0.12 * cup.height
    grip = handle(handle_path("straight", (inside, high), (inside, low), reach), width, 1.2 * width, 5.0)
    bars = [handle(np.array([(inside, y, 0), (inside + reach / 2, y, 0), (inside + reach + width / 2, y, 0)]),
                   width, 1.2 * width, 5.0) for y in (low, high)]
    return join(grip, *bars)


def _handles(random: np.random.Generator, cup: Cup) -> list[Part]:
    kind = pick(random, {"usual": 0.84, "other": 0.09, "double": 0.03, "none": 0.04})
    if kind == "none":
        return []
    mesh = _open_handle(random, cup) if kind == "other" else _handle(random, cup)
    mesh = outside(mesh, cup.radii_at, 0.6 * cup.wall)
    parts = [Part(HANDLE, mesh)]
    return [*parts, Part(HANDLE, turn(mesh, "y", 180))] if kind == "double" else parts


def _content(random: np.random.Generator, cup: Cup) -> list[Part]:
    """Coffee as a disc or a body, foam, marshmallows or pencils: one node, one leaf for each thing."""
    level = cup.height * random.uniform(0.5, 0.92)
    inner = max(cup.radius_at(level) - 0.95 * cup.wall, 0.3 * cup.radius_at(level))
    kind = random.choice(["disc", "body", "pieces", "pens"], p=[0.5, 0.27, 0.13, 0.1])
    if kind == "pens":
        lean = [(random.uniform(-0.6, 0.6), random.uniform(-0.6, 0.6)) for _ in range(int(random.integers(2, 6)))]
        return [Part(CONTENT, rod((0.5 * inner * x, cup.floor, 0.5 * inner * z),
                                  (1.1 * inner * z, cup.height * random.uniform(1.2, 1.8), 1.1 * inner * x),
                                  0.07 * inner, sides=int(random.choice([6, 10])))) for x, z in lean]
    wall = [(0.0, level, 0), (inner, level, 0)]
    if kind == "body":
        heights = np.linspace(level, 1.3 * cup.floor, 6)
        wall = [(0, level, 0), *((max(cup.radius_at(y) - cup.wall, 0.2 * inner), y, 0) for y in heights),
                (0, heights[-1], 0)]
    liquid = vessel(np.array(wall)[::-1, :2], cup.outline)
    parts = [Part(CONTENT, liquid)]
    if kind == "pieces":
        for angle in np.arange(int(random.integers(2, 7))) * 2.4:
            size = inner * random.uniform(0.13, 0.25)
            lump = ball(size, 8) if random.random() < 0.5 else box((size, size, size), 0.2 * size)
            at = (0.5 * inner * np.cos(angle), level + 0.2 * size, 0.5 * inner * np.sin(angle))
            parts.append(Part(CONTENT, move(lump, at)))
    return parts


def _spoon(random: np.random.Generator, cup: Cup) -> Mesh:
    inner = cup.radius_at(0.5 * cup.height) - 1.5 * cup.wall
    end = (0.75 * inner, 1.0 * cup.height, 0.3 * inner)
    low = (-0.4 * inner, 1.5 * cup.floor, 0.0)
    far = tuple(np.array(low) + (np.array(end) - low) * random.uniform(1.3, 1.7))
    stick = rod(low, far, 0.05 * inner, sides=8)
    return join(stick, move(ball(0.22 * inner, 10), low)) if random.random() < 0.6 else stick


def _lid(random: np.random.Generator, cup: Cup) -> Mesh:
    rim, high = float(cup.profile[-1, 0]), cup.height
    radius, rise = rim * random.uniform(0.98, 1.08), rim * random.uniform(0.1, 0.35)
    profile = rounded_profile([(radius, high - 0.05 * rim, 0), (radius, high + 0.08 * rim, 0.03 * rim),
                               (0.7 * radius, high + rise, 0.1 * rim), (0, high + rise, 0)])
    lid = vessel(profile, cup.outline)
    return join(lid, move(ball(0.18 * rim, 12), (0, high + rise, 0))) if random.random() < 0.5 else lid


def _saucer(random: np.random.Generator, cup: Cup) -> Mesh:
    radius, rise = cup.radius_at(0.1 * cup.height) * random.uniform(1.6, 2.2), 0.2 * cup.height
    wall = 0.06 * cup.height
    profile = rounded_profile([(0, -wall, 0), (0.5 * radius, -wall, 0.1 * radius), (radius, rise - wall, 0),
                               (radius, rise - 0.6 * wall, 0), (0.52 * radius, -0.1 * wall, 0.1 * radius),
                               (0, -0.1 * wall, 0)])
    return turned(profile, 32)


def _tea_bag(random: np.random.Generator, cup: Cup) -> Mesh:
    """A string over the rim with its paper tag outside."""
    rim, high = cup.radius_at(cup.height), cup.height
    low = high * random.uniform(0.3, 0.7)
    tag = 0.25 * rim
    string = np.array([(0.5 * rim, 0.6 * high), (rim - cup.wall, high + 0.01 * high), (rim * 1.02, high + 0.01 * high),
                       (rim * 1.03, low)])
    cord = handle(np.column_stack([string, np.zeros(4)]), 0.02 * rim, 0.02 * rim)
    return turn(join(cord, move(box((0.02 * rim, tag, tag), 0.0), (rim * 1.03, low - tag / 2, 0))), "y",
                random.uniform(60, 300))


UNNAMED: dict[Callable[[np.random.Generator, Cup], Mesh], float] = {_spoon: 0.35, _lid: 0.25, _saucer: 0.3,
                                                                      _tea_bag: 0.1}


def mug(random: np.random.Generator) -> list[Part]:
    """A random mug, standing; spoons, lids, saucers and tea bags have no class of their own."""
    cup = _cup(random)
    parts = [Part(BODY, _body(random, cup)), *_handles(random, cup)]
    if random.random() < 0.16:
        parts += _content(random, cup)
    if random.random() < 0.11:
        parts.append(Part(MUG, pick(random, UNNAMED)(random, cup), is_other=True))
    angle = float(random.choice([0, 90, 180, 270, random.uniform(0, 360)]))
    return [Part(part.path, turn(part.mesh, "y", angle), part.nodes, part.is_other) for part in parts]
