"""Scissors: two halves of blade and handle about a screw, from closed to wide open."""

from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.vessels import flat_tube, section
from partwise.synth.chance import pick
from partwise.synth.parts import Part, moved, one, part_path
from partwise.synth.placing import Axis, join, move, turn
from partwise.synth.solids import beam, cylinder, loft, rounded_rectangle, smooth, torus, tube

SCISSORS = part_path("Scissors", "scissors")
HALF = part_path("Scissors", "scissors/blade_handle_set")
BLADE = part_path("Scissors", "scissors/blade_handle_set/blade")
HANDLE = part_path("Scissors", "scissors/blade_handle_set/handle")
SCREW = part_path("Scissors", "scissors/screw")

Tip = Literal["pointed", "sloped", "round", "hooked"]
# One half lies with its blade along +x above the screw at the origin, its handle along -x below y = 0; z is across.


@dataclass(frozen=True)
class Blade:
    """Lengths in metres: from the screw to the tip, behind the screw, width at the screw, thickness."""

    length: float
    tang: float
    width: float
    thickness: float
    tip: Tip


@dataclass(frozen=True)
class Bow:
    """A finger loop: half lengths along and across, its middle, bar size in the plane and across, squareness."""

    along: float
    across: float
    centre: tuple[float, float]
    bar: float
    thick: float
    squareness: float
    lean: float


def _strip(x: np.ndarray, low: np.ndarray, high: np.ndarray, thickness: np.ndarray, edge: float) -> Mesh:
    """A flat bar along x between two edges; at the lower edge it is ``edge`` times as thick. All (k,)."""
    half, sharp = thickness / 2, edge * thickness / 2
    middle = low + 0.35 * (high - low)
    ring = [(low, -sharp), (low, sharp), (middle, half), (high, half), (high, -half), (middle, -half)]
    rings = np.stack([np.stack([x, y, z], 1) for y, z in ring], 1)
    return loft(rings)


def _blade(random: np.random.Generator, blade: Blade, bow: Bow | None = None) -> Mesh:
    """The cutting edge is near y = 0; the back slopes to the tip, the tang turns towards the bow."""
    x = np.concatenate([np.linspace(-blade.tang, 0, 5), np.linspace(0, blade.length, 17)[1:]])
    share = np.clip(x / blade.length, 0, 1)
    shape = {"pointed": 1 - share ** 1.4, "sloped": 1 - 0.45 * share - 0.5 * np.clip(share - 0.82, 0, 1) / 0.18,
             "round": np.sqrt(np.clip(1 - np.clip((share - 0.85) / 0.15, 0, 1) ** 2, 0, 1)) * (1 - 0.15 * share),
             "hooked": 1 - 0.8 * share}[blade.tip]
    back = blade.width * (0.5 * shape + 0.04)
    front = -blade.width * np.where(share > 0, 0.32 * (1 - share) * np.minimum(1, shape * 2), 0.5)
    behind = np.clip(-x / max(blade.tang, 1e-9), 0, 1)
    back = back * (1 - 0.35 * behind)
    front = front * (1 - 0.35 * behind)
    if blade.tip == "hooked":
        curve = 0.35 * blade.width * np.sin(np.pi * share)
        back, front = back + curve, front + 0.6 * curve
    front = np.minimum(front, back - 0.01 * blade.width)
    if bow is not None:
        near_x, near_y = _near_end(bow)
        drop = min(1.3 * abs(near_y / near_x), 1.2) * np.maximum(-x - 0.1 * blade.tang, 0)
        back, front = back - drop, front - drop
    thickness = blade.thickness * (1 - 0.4 * share)
    edge = random.choice([1.0, random.uniform(0.1, 0.6)])
    return _strip(x, front, back, thickness, edge)


def _loop(bow: Bow, steps: int = 26) -> Mesh:
    """A closed ring in the x-y plane."""
    outline = section(bow.across / bow.along, bow.squareness, steps) * bow.along
    angle = np.radians(bow.lean)
    turned = outline @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    path = np.column_stack([turned + bow.centre, np.zeros(steps)])
    bar = section(bow.thick / bow.bar, 2.6, 10) * bow.bar / 2
    return flat_tube(path, 1.0, bar, closed=True)


def _near_end(bow: Bow) -> np.ndarray:
    return np.array(bow.centre) + np.array([0.93 * bow.along, 0.1 * bow.across])


def _shank(bow: Bow, start: tuple[float, float, float], width: float, thick: float) -> Mesh:
    """The arm from behind the screw to the near end of the loop; it runs along its outer side."""
    near = _near_end(bow)
    first = np.array(start)
    middle = (first[:2] + near) / 2 + np.array([0, 0.25 * (near[1] - first[1])])
    path = smooth([first, (*middle, start[2] * 0.5), (*near, 0)], 8)
    size = np.linspace(width, 1.15 * bow.bar, 8)
    return flat_tube(path, size, section(max(thick, bow.thick) / width, 3.0, 10) / 2)


def _looped_handle(random: np.random.Generator, blade: Blade, bow: Bow) -> Mesh:
    """Shank and finger loop; plastic ones start with a wide cheek over the tang."""
    start = (-0.35 * blade.tang, 0.0, blade.thickness / 2)
    parts = [_shank(bow, start, blade.width * random.uniform(0.6, 0.9), blade.thickness), _loop(bow)]
    if random.random() < 0.15:  # a soft lining
        lining = Bow(bow.along - 0.5 * bow.bar, bow.across - 0.5 * bow.bar, bow.centre, 0.35 * bow.bar,
                     0.9 * bow.thick, bow.squareness, bow.lean)
        parts.append(_loop(lining))
    if random.random() < 0.08:  # the finger rest of hairdressers
        x, y = bow.centre[0] - bow.along, bow.centre[1]
        path = smooth([(x, y, 0), (x - 0.6 * bow.along, y - 0.1 * bow.across, 0),
                       (x - bow.along, y - 0.5 * bow.across, 0)], 8)
        parts.append(tube(path, np.linspace(0.5, 0.3, 8) * bow.bar))
    return join(*parts)


def _bar_handle(random: np.random.Generator, blade: Blade, length: float, curve: float) -> Mesh:
    """The open bent handle of nippers and garden shears, round or flat."""
    size = blade.width * random.uniform(0.45, 0.8)
    points = [(-0.2 * blade.tang, -0.05 * blade.width, blade.thickness / 2), (-0.3 * length, -0.10 * length, 0),
              (-0.65 * length, -curve * length, 0), (-length, -(curve + random.uniform(-0.06, 0.05)) * length, 0)]
    path = smooth(points, 14)
    radii = size * np.interp(np.linspace(0, 1, 14), [0, 0.3, 0.8, 1], [0.8, 1.0, 1.0, random.uniform(0.5, 0.9)])
    return flat_tube(path, radii, section(random.uniform(0.8, 1.6), random.uniform(2, 4), 12) / 2)


def _bow(random: np.random.Generator, along: float, ratio: float, shank: float, bar: float, thick: float) -> Bow:
    across = along * ratio
    lean = random.uniform(-5, 12)
    drop = across + 0.5 * bar + random.uniform(0.0, 0.15) * across + along * abs(np.sin(np.radians(lean))) * 0.5
    return Bow(along, across, (-(shank + along), -drop), bar, thick, random.uniform(2.0, 3.2), lean)


Halves = list[tuple[Mesh, Mesh]]


def _paper(random: np.random.Generator) -> tuple[Blade, Halves]:
    """Office scissors with plastic handles; the loops alike, or one longer for several fingers."""
    length = random.uniform(0.07, 0.13)
    tip: Tip = pick(random, {"pointed": 0.5, "sloped": 0.35, "round": 0.15})
    blade = Blade(length, length * random.uniform(0.15, 0.35), length * random.uniform(0.15, 0.24), 0.0022, tip)
    bar, thick = random.uniform(0.006, 0.012), random.uniform(0.006, 0.013)
    small, ratio = random.uniform(0.020, 0.027), random.uniform(0.62, 0.85)
    large = small * random.choice([1.0, random.uniform(1.2, 1.7)])
    shank = blade.tang * random.uniform(0.6, 1.0) + 0.005
    bows = [_bow(random, size, ratio * (small / size) ** 0.5, shank, bar, thick) for size in (small, large)]
    return blade, [(_blade(random, blade, bow), _looped_handle(random, blade, bow)) for bow in bows]


def _metal(random: np.random.Generator) -> tuple[Blade, Halves]:
    """All of steel: nail, hair, surgical scissors, with round wire loops on long shanks."""
    length = random.uniform(0.03, 0.09)
    tip: Tip = pick(random, {"pointed": 0.7, "sloped": 0.2, "hooked": 0.1})
    blade = Blade(length, 0.12 * length, length * random.uniform(0.12, 0.25), random.uniform(0.0018, 0.003), tip)
    bar, size = random.uniform(0.003, 0.006), random.uniform(0.011, 0.017)
    shank, ratio = length * random.uniform(0.4, 1.3), random.uniform(0.75, 1.0)
    bow = _bow(random, size, ratio, shank, bar, bar * random.uniform(0.6, 1.0))
    return blade, [(_blade(random, blade, bow), _looped_handle(random, blade, bow)) for _ in range(2)]


def _tailor(random: np.random.Generator) -> tuple[Blade, Halves]:
    """Shears: long broad blades, one large and one small loop, bent up against the table."""
    length = random.uniform(0.11, 0.18)
    blade = Blade(length, 0.2 * length, length * random.uniform(0.16, 0.22), 0.0035,
                  pick(random, {"pointed": 0.6, "sloped": 0.4}))
    bar, thick = random.uniform(0.008, 0.014), random.uniform(0.010, 0.016)
    shank = length * random.uniform(0.15, 0.35)
    bows = [_bow(random, size, ratio, shank * near, bar, thick)
            for size, ratio, near in ((0.026, 0.75, 1.0), (random.uniform(0.040, 0.055), 0.48, 0.8))]
    return blade, [(_blade(random, blade, bow), _looped_handle(random, blade, bow)) for bow in bows]


def _kitchen(random: np.random.Generator) -> tuple[Blade, Halves]:
    """Stout blades, large loops, and the toothed jaws for bottles and nuts between the shanks."""
    length = random.uniform(0.07, 0.11)
    blade = Blade(length, 0.25 * length, length * random.uniform(0.22, 0.3), 0.003,
                  pick(random, {"sloped": 0.5, "round": 0.2, "pointed": 0.3}))
    bar, thick, shank = random.uniform(0.008, 0.013), random.uniform(0.009, 0.014), length * random.uniform(0.4, 0.55)
    halves: Halves = []
    for _ in range(2):
        bow = _bow(random, random.uniform(0.026, 0.036), random.uniform(0.5, 0.7), shank, bar, thick)
        jaw = beam((-0.2 * shank, -0.002, 0.0015), (-shank, -0.004, 0.0), 0.008, 0.003)
        teeth = [move(cylinder(0.0018, 0.003, 6), (0, 0, 0)) for _ in range(int(random.integers(0, 6)))]
        placed = [move(turn(tooth, "x", 90), (-(0.3 + 0.1 * index) * shank, 0.0015, 0.001))
                  for index, tooth in enumerate(teeth)]
        halves.append((_blade(random, blade, bow), join(_looped_handle(random, blade, bow), jaw, *placed)))
    return blade, halves


def _child(random: np.random.Generator) -> tuple[Blade, Halves]:
    """Short round blades, thick plastic."""
    length = random.uniform(0.05, 0.07)
    blade = Blade(length, 0.3 * length, length * random.uniform(0.22, 0.32), 0.0025, "round")
    bar, thick = random.uniform(0.007, 0.011), random.uniform(0.008, 0.012)
    bow = _bow(random, random.uniform(0.018, 0.023), random.uniform(0.75, 0.95), 0.35 * length, bar, thick)
    return blade, [(_blade(random, blade, bow), _looped_handle(random, blade, bow)) for _ in range(2)]


def _nipper(random: np.random.Generator) -> tuple[Blade, Halves]:
    """Nippers, garden and poultry shears: short strong blades and open handles."""
    length = random.uniform(0.03, 0.07)
    blade = Blade(length, 0.3 * length, length * random.uniform(0.3, 0.5), 0.004,
                  pick(random, {"hooked": 0.6, "pointed": 0.4}))
    grip, curve = length * random.uniform(1.6, 2.8), random.uniform(0.14, 0.24)
    return blade, [(_blade(random, blade), _bar_handle(random, blade, grip, curve)) for _ in range(2)]


FAMILIES = {_paper: 0.42, _metal: 0.2, _tailor: 0.14, _kitchen: 0.1, _child: 0.07, _nipper: 0.07}


def _screw(random: np.random.Generator, blade: Blade) -> Part:
    radius, height = blade.width * random.uniform(0.12, 0.26), blade.thickness * random.uniform(2.4, 4.0)
    head = turn(cylinder(radius, height, int(random.choice([12, 16, 20]))), "x", 90)
    if random.random() < 0.3:
        head = join(head, move(turn(torus(0.8 * radius, 0.2 * radius, 16), "x", 90), (0, 0, height / 2)))
    return Part(SCREW, head)


def _spring(blade: Blade, angle: float) -> Part:
    """A leaf spring between the handles of nippers."""
    reach = 1.2 * blade.length
    rise = reach * np.tan(np.radians(angle / 2 + 6))
    path = smooth([(-0.75 * reach, -0.6 * rise, 0), (-0.45 * reach, -0.15 * rise, 0), (-0.25 * reach, 0, 0),
                   (-0.45 * reach, 0.15 * rise, 0), (-0.75 * reach, 0.6 * rise, 0)], 14)
    return Part(SCISSORS, tube(path, 1.0, rounded_rectangle(0.001, 0.006)), is_other=True)


def _opening(random: np.random.Generator) -> float:
    """Degrees between the blades: closed, a little open, wide open."""
    return random.uniform(*pick(random, {(0.0, 4.0): 0.3, (4.0, 35.0): 0.5, (35.0, 75.0): 0.2}))


def _opened(mesh: Mesh, flip: float, angle: float) -> Mesh:
    return turn(turn(mesh, "x", flip), "z", angle)


def _posed(random: np.random.Generator, parts: list[Part]) -> list[Part]:
    """Lying flat, or upright with the blades up or down, or along an axis: models have no common pose."""
    pose = pick(random, {"flat": 0.45, "up": 0.35, "along": 0.2})
    turns: list[tuple[Axis, float]] = []
    if pose == "flat":
        turns = [("x", -90), ("y", float(random.choice([0, 90, 180, 270])))]
    elif pose == "up":
        turns = [("z", float(random.choice([90, 90, -90]))), ("y", float(random.choice([0, 90])))]
    else:
        turns = [("y", float(random.choice([0, 90, 180, 270])))]

    def function(mesh: Mesh) -> Mesh:
        for axis, degrees in turns:
            mesh = turn(mesh, axis, degrees)
        return mesh

    return moved(parts, function)


def scissors(random: np.random.Generator) -> list[Part]:
    """Random scissors: a blade and a handle in each of two sets, and mostly a screw, which has no class."""
    family = pick(random, FAMILIES)
    blade, halves = family(random)
    angle = _opening(random)
    parts = []
    for index, (edge, grip) in enumerate(halves):
        half = one(HALF, [Part(BLADE, move(edge, (0, 0, 0.5 * blade.thickness))), Part(HANDLE, grip)])
        parts += moved(half, partial(_opened, flip=180 * index, angle=(0.5 - index) * angle))
    if random.random() < 0.8:
        parts.append(_screw(random, blade))
    if family is _nipper and random.random() < 0.5:
        parts.append(_spring(blade, angle))
    return _posed(random, parts)
