"""A bed's frame and bedding. The head is at -z, the feet at +z; x = 0 is the middle and y = 0 the ground."""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from partwise.mesh import Mesh
from partwise.synth.chance import pick
from partwise.synth.parts import Part, part_path, paths_below
from partwise.synth.placing import join, move, turn
from partwise.synth.solids import (
    ball,
    beam,
    box,
    circle,
    cushion,
    cylinder,
    lathe,
    prism,
    rod,
    rounded_box,
    sheet,
    smooth,
)

_UNIT = "bed/bed_unit"
_path = paths_below("Bed", _UNIT)

UNIT = part_path("Bed", _UNIT)
SLEEP, PILLOW, MATTRESS = _path("bed_sleep_area"), _path("bed_sleep_area/pillow"), _path("bed_sleep_area/mattress")
BLANKET = _path("bed_sleep_area/blanket")
FRAME, HEADBOARD, POST = _path("bed_frame"), _path("bed_frame/headboard"), _path("bed_frame/bed_post")
BOARD = _path("bed_frame/bed_frame_horizontal_surface/frame_horizontal_hard_surface")
SLAT = _path("bed_frame/bed_frame_horizontal_surface/frame_horizontal_surface_bar")
LEG, STRETCHER = (_path(f"bed_frame/bed_frame_base/regular_leg_base/{name}") for name in ("leg", "bar_stretcher"))
LEG_BASE = _path("bed_frame/bed_frame_base/regular_leg_base")
SURFACE_BASE = _path("bed_frame/bed_frame_base/surface_base")
SIDE_BAR, SIDE_PANEL, SIDE_UPRIGHT = (_path(f"bed_frame/bed_side_surface/bed_side_surface_{name}")
                                      for name in ("horizontal_bar", "panel", "vertical_bar"))


class Bed(NamedTuple):
    """Measures of one sleeping place: width and length of the mattress, its underside's height and thickness."""

    width: float
    length: float
    level: float
    thickness: float

    @property
    def head(self) -> float:
        """z of the mattress's head end."""
        return -self.length / 2

    @property
    def top(self) -> float:
        """y of the mattress's upper side."""
        return self.level + self.thickness


def bedding(random: Generator, bed: Bed, soft: float = 1.0) -> list[Part]:
    """Mattress, pillows and blanket."""
    size = (bed.width, bed.thickness, bed.length)
    if random.random() < 0.75:
        mattress = rounded_box(size, min(random.uniform(0.02, 0.07), 0.45 * bed.thickness), 3)
    else:
        mattress = cushion(size, random.uniform(0.12, 0.25), 32)
    parts = [Part(MATTRESS, move(mattress, (0, bed.level + bed.thickness / 2 - 0.003, 0)))]
    if random.random() < 0.12 * soft:  # a cover or a sheet modelled as a second mattress
        topper = rounded_box((0.98 * size[0], 0.05, 0.98 * size[2]), 0.02, 2)
        parts.append(Part(MATTRESS, move(topper, (0, bed.top + 0.015, 0))))
    if random.random() < 0.75 * soft:
        parts += pillows(random, bed)
    if random.random() < 0.3 * soft:
        parts += _blanket(random, bed)
    return parts


def pillows(random: Generator, bed: Bed) -> list[Part]:
    """One to three columns, one or two rows of pillows; flat, or leaning at the head; seldom small ones before them."""
    columns = 1 if bed.width < 1.15 else int(random.choice([1, 2, 3], p=[0.07, 0.85, 0.08]))
    pitch = bed.width / columns
    wide, high = min(0.86 * pitch, random.uniform(0.55, 0.8)), random.uniform(0.1, 0.18)
    deep = random.uniform(0.32, 0.48)
    leaning = random.uniform(35, 70) if random.random() < 0.35 else random.uniform(0, 12)
    rows = 2 if random.random() < 0.25 else 1
    squareness = random.uniform(0.3, 0.6)
    parts = []
    for row in range(rows):
        for column in range(columns):
            x = (column - (columns - 1) / 2) * pitch * 0.97
            pillow = cushion((wide, high, deep), squareness, 20) if random.random() < 0.95 else \
                turn(cylinder(0.6 * high, wide, 16), "z", 90)
            lying = turn(pillow, "x", leaning * random.uniform(0.9, 1.1))
            bounds = lying.vertices.min(0)
            behind = bed.head + 0.02 + row * (0.7 * deep * np.cos(np.radians(leaning)) + 0.09)
            parts.append(Part(PILLOW, move(lying, (x, bed.top - 0.02 - bounds[1], behind - bounds[2]))))
    if random.random() < 0.2:
        size = random.uniform(0.28, 0.4)
        small = turn(cushion((size, 0.12, size), 0.5, 16), "x", 55)
        for number in range(int(random.integers(1, 3))):
            x = (number * 0.5 - 0.1) * 0.5 * bed.width
            parts.append(Part(PILLOW, move(small, (x, bed.top + 0.4 * size, bed.head + 0.08 + rows * 0.42))))
    return parts


def _blanket(random: Generator, bed: Bed) -> list[Part]:
    """A cover that lies over the mattress's lower part and hangs down at its sides; or a scarf across the foot end."""
    scarf = random.random() < 0.25
    stop = bed.length / 2 - (random.uniform(0.15, 0.3) if scarf else -0.012)
    start = stop - random.uniform(0.35, 0.55) if scarf else bed.head + random.uniform(0.45, 0.9)
    fall, half = bed.thickness * random.uniform(0.45, 1.0), bed.width / 2 + 0.012
    right = np.array([(0, 0.018), (half - 0.04, 0.012), (half, -0.03), (half + 0.01, -fall)])
    curve = smooth(np.concatenate([right[:0:-1] * (-1, 1), right]), 24)
    curve[:, 1] += bed.top
    along = np.linspace(start, stop, 8)
    grid = np.stack([np.insert(curve, 2, z, 1) for z in along])
    grid[..., 1] += random.normal(0, 0.003, grid.shape[:2])
    parts = [sheet(grid, 0.018)]
    if not scarf and random.random() < 0.5:  # the part that is turned back
        parts.append(move(rounded_box((bed.width + 0.03, 0.035, 0.25), 0.015, 2), (0, bed.top + 0.03, start + 0.1)))
    mesh = join(*parts)
    return [Part(SLEEP, mesh, is_other=True) if scarf else Part(BLANKET, mesh)]


def support(random: Generator, bed: Bed, kind: str = "") -> list[Part]:
    """What carries the mattress: a board, slats across or, in a plain model, nothing."""
    kind = kind or pick(random, {"board": 5, "slats": 2.5, "nothing": 2.5})
    if kind == "nothing":
        return []
    if kind == "board":
        thick = random.uniform(0.02, 0.06)
        board = box((bed.width + 0.02, thick, bed.length + 0.02))
        return [Part(BOARD, move(board, (0, bed.level - thick / 2 + 0.001, 0)))]
    count, wide = int(random.integers(6, 15)), random.uniform(0.05, 0.09)
    slat = box((bed.width + 0.02, 0.02, wide))
    return [Part(SLAT, move(slat, (0, bed.level - 0.009, z)))
            for z in np.linspace(bed.head + wide, -bed.head - wide, count)]


def rails(random: Generator, bed: Bed, foot: bool = True) -> list[Part]:
    """Boards along the sides of the mattress and, with ``foot``, at its end."""
    high, thick = random.uniform(0.1, 0.28), random.uniform(0.02, 0.045)
    y = max(bed.level - high / 2 + min(0.5 * high, random.uniform(0.0, 0.1)), high / 2 + 0.01)
    side, across = box((thick, high, bed.length + 0.04), 0.004), box((bed.width + 2 * thick, high, thick), 0.004)
    x = bed.width / 2 + thick / 2 - 0.002
    boards = [move(side, (-x, y, 0)), move(side, (x, y, 0))]
    if foot:
        boards.append(move(across, (0, y, bed.length / 2 + thick / 2 + 0.01)))
    path = SIDE_BAR if high < 0.13 else SIDE_PANEL
    return [Part(path, board) for board in boards]


def leg_mesh(random: Generator, height: float, radius: float) -> Mesh:
    """A leg from the ground to ``height``; straight, tapered, turned, a block or a bun."""
    form = pick(random, {"block": 5, "tapered": 3, "round": 2, "turned": 2, "bun": 1})
    if form == "block":
        return move(box((2 * radius, height, 2 * radius), 0.1 * radius), (0, height / 2, 0))
    if form == "tapered":
        return beam((0, 0, 0), (0, height, 0), 1.2 * radius, 1.2 * radius, 1.6)
    if form == "round":
        return rod((0, 0, 0), (0, height, 0), radius * random.choice([1, 0.7]), radius, sides=14)
    if form == "bun" and height < 0.25:
        return lathe(smooth([(0.6, 0), (1.2, 0.35), (0.8, 0.75), (1, 1)], 10) * (radius, height), 16)
    shares = [(0.6, 0), (0.8, 0.1), (0.55, 0.25), (1, 0.6), (0.6, 0.8), (1, 0.85), (1, 1)]
    return lathe(smooth(shares, 16) * (radius, height), 16)


def legs(random: Generator, bed: Bed, height: float) -> list[Part]:
    """Legs at the corners, in the middle of long beds, and stretchers between them."""
    radius = random.uniform(0.025, 0.06)
    inset = radius + random.uniform(0, 0.12)
    leg = leg_mesh(random, height, radius)
    rows = [-1.0, 1.0] if random.random() < 0.75 else [-1.0, 0.0, 1.0]
    columns = [-1.0, 1.0] if bed.width < 1.3 or random.random() < 0.8 else [-1.0, 0.0, 1.0]
    half = (bed.width / 2 - inset, bed.length / 2 - inset)
    parts = [Part(LEG, move(leg, (x * half[0], 0, z * half[1]))) for x in columns for z in rows]
    if random.random() < 0.35:
        parts += _stretchers(random, half, height * random.uniform(0.35, 0.9), 0.45 * radius)
    if random.random() < 0.06:  # castors or caps, which PartNet's merging leaves without a class
        foot = move(turn(cylinder(0.8 * radius, 0.6 * radius, 14), "z", 90), (0, -0.6 * radius, 0))
        parts += [Part(LEG_BASE, move(foot, (x * half[0], 0, z * half[1])), is_other=True)
                  for x in columns for z in rows]
    return parts


def _stretchers(random: Generator, half: tuple[float, float], y: float, thick: float) -> list[Part]:
    """Along the sides; across at the ends too, or one along the middle between those."""
    def bar(x: float, z: float, end_x: float, end_z: float) -> Mesh:
        return beam((x, y, z), (end_x, y, end_z), 1.6 * thick, 3 * thick, up=(0, 1, 0))

    along = [bar(x, -half[1], x, half[1]) for x in (-half[0], half[0])]
    across = [bar(-half[0], z, half[0], z) for z in (-half[1], half[1])]
    bars = along + across if random.random() < 0.5 else along
    if len(bars) == 2 and random.random() < 0.5:
        bars = [bar(0, -half[1], 0, half[1]), *across]
    return [Part(STRETCHER, bar) for bar in bars]


def solid_base(random: Generator, bed: Bed, height: float) -> list[Part]:
    """A box under the bed: a plinth, an upholstered block or one with drawer fronts; a single part in PartNet."""
    shrink = random.uniform(0.0, 0.25) if random.random() < 0.4 else 0.0
    size = (bed.width + 0.03 - shrink, height, bed.length + 0.03 - shrink)
    body = [rounded_box(size, random.uniform(0.01, 0.04), 2)]
    if not shrink and random.random() < 0.3:
        count = int(random.integers(2, 4))
        pitch = bed.length / count
        front = box((0.02, 0.75 * height, 0.94 * pitch), 0.004)
        for side in (-1, 1):
            for number in range(count):
                z = (number - (count - 1) / 2) * pitch
                body.append(move(front, (side * size[0] / 2, 0, z)))
                body.append(move(ball(0.016, 8), (side * (size[0] / 2 + 0.016), 0, z)))
    base = move(join(*body), (0, height / 2, 0))
    if random.random() < 0.15:  # two blocks, as of a bed of two divans
        half = rounded_box((size[0], height, size[2] / 2), 0.02, 2)
        return [Part(SURFACE_BASE, move(half, (0, height / 2, side * size[2] / 4))) for side in (-1, 1)]
    return [Part(SURFACE_BASE, base)]


def post_mesh(random: Generator, height: float, radius: float, form: str) -> Mesh:
    """A corner post from the ground, square or turned, with a cap."""
    if form == "square":
        post = move(box((2 * radius, height, 2 * radius), 0.08 * radius), (0, height / 2, 0))
    elif form == "round":
        post = rod((0, 0, 0), (0, height, 0), radius, sides=14)
    else:
        shares = [(0.7, 0), (1, 0.12), (0.7, 0.2), (1, 0.28), (1, 0.5), (0.65, 0.6), (0.95, 0.8), (0.7, 1)]
        post = lathe(smooth(shares, 22) * (radius, height), 14)
    cap = pick(random, {"none": 5, "ball": 3, "pyramid": 1})
    if cap == "ball":
        return join(post, move(ball(1.15 * radius, 12), (0, height + 0.8 * radius, 0)))
    if cap == "pyramid":
        plate = prism(circle(4) * 1.5 * radius, 0.3 * radius, 0.1 * radius)
        return join(post, move(plate, (0, height + 0.1 * radius, 0)))
    return post


