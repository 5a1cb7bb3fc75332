"""Bunk beds and loft beds: sleeping places above each other or above a desk, with a ladder."""

import numpy as np
from numpy.random import Generator

from partwise.mesh import Mesh
from partwise.synth.categories.bed.frame import (
    FRAME,
    HEADBOARD,
    POST,
    SIDE_BAR,
    SIDE_PANEL,
    UNIT,
    Bed,
    bedding,
    legs,
    post_mesh,
    rails,
    solid_base,
    support,
)
from partwise.synth.categories.bed.headboards import footboard, headboard
from partwise.synth.categories.bed.regular import side_wall
from partwise.synth.chance import pick
from partwise.synth.parts import Part, moved, one, part_path
from partwise.synth.placing import join, move, turn
from partwise.synth.solids import beam, box, rod

BED = part_path("Bed", "bed")
LADDER, RAIL, RUNG = (part_path("Bed", f"bed/ladder{tail}") for tail in ("", "/ladder_vertical_bar", "/rung"))


def bunk_bed(random: Generator) -> list[Part]:
    """Two places, seldom three, one above the other; the lower one may be wider or stand across."""
    places = 3 if random.random() < 0.08 else 2
    width, length, thick = random.uniform(0.8, 1.05), random.uniform(1.9, 2.05), random.uniform(0.08, 0.18)
    first, pitch = random.uniform(0.2, 0.4), random.uniform(0.8, 1.0)
    levels = [first + number * pitch for number in range(places)]
    wider = width * random.uniform(1.3, 1.5) if places == 2 and random.random() < 0.12 else 0.0
    guard = levels[-1] + thick + random.uniform(0.2, 0.35)
    radius, panels = random.uniform(0.025, 0.045), random.random() < 0.22
    parts: list[Part] = []
    for number, level in enumerate(levels):
        bed = Bed(width, length, level, thick)
        top = guard if number == places - 1 else level + 0.55 * pitch
        if number == 0 and wider:
            parts += _lower_double(random, Bed(wider, length, level, thick), width)
            continue
        unit = _frame(random, bed, top, number > 0, panels)
        if number == 0 or wider:  # the posts are counted to the place that stands on the ground
            unit += _posts(random, bed, guard + 0.04, radius, panels)
        parts += one(UNIT, unit + bedding(random, bed, 0.7))
    return parts + access(random, Bed(width, length, levels[-1], thick), guard)


def _lower_double(random: Generator, bed: Bed, width: float) -> list[Part]:
    """A wide place whose far side is below that of the upper one."""
    parts = [*rails(random, bed), *support(random, bed, "board"), *legs(random, bed, bed.level - 0.01)]
    parts += bedding(random, bed, 0.7)
    return one(UNIT, moved(parts, lambda mesh: move(mesh, ((width - bed.width) / 2, 0, 0))))


def _posts(random: Generator, bed: Bed, height: float, radius: float, panels: bool) -> list[Part]:
    """Four posts from the ground up; or whole panels at both ends instead."""
    if panels:
        wall = box((bed.width + 0.06, height, 0.03), 0.004)
        parts = [Part(HEADBOARD, move(wall, (0, height / 2, bed.head - 0.03)))]
        end = move(wall, (0, height / 2, -bed.head + 0.03))
        return [*parts, Part(FRAME, end, is_other=True) if random.random() < 0.5 else Part(HEADBOARD, end)]
    post = post_mesh(random, height, radius, pick(random, {"square": 5, "round": 3, "turned": 1}))
    spot = (bed.width / 2 + 0.3 * radius, bed.length / 2 + 0.8 * radius)
    return [Part(POST, move(post, (x * spot[0], 0, z * spot[1]))) for x in (-1, 1) for z in (-1, 1)]


def _frame(random: Generator, bed: Bed, top: float, guarded: bool, panels: bool) -> list[Part]:
    """Rails, a support and ends of one place; guards beside a high one."""
    parts = rails(random, bed, foot=random.random() < 0.4)
    parts += support(random, bed, "" if random.random() < 0.5 else "slats")
    if not panels and random.random() < 0.8:
        board = headboard(random, bed.width, bed.level - 0.08, top, False)
        parts.append(Part(HEADBOARD, move(board, (0, 0, bed.head - 0.005))))
        if random.random() < 0.22:
            end = footboard(random, bed.width, bed.level - 0.08, top)
            parts.append(Part(FRAME, move(end, (0, 0, -bed.head + 0.005)), is_other=True))
        else:
            parts += _end_bars(random, bed, top)
    if guarded:
        solid = random.random() < 0.3
        parts += side_wall(random, bed, -1, bed.level, top, solid)
        parts += side_wall(random, bed, 1, bed.level, top, solid, random.choice([1.0, 0.75, 0.7]))
    return parts


def _end_bars(random: Generator, bed: Bed, top: float) -> list[Part]:
    """Level bars or a panel at the foot end."""
    z = -bed.head + 0.02
    if random.random() < 0.3:
        board = box((bed.width, top - bed.level, 0.025), 0.003)
        return [Part(SIDE_PANEL, move(board, (0, (top + bed.level) / 2, z)))]
    levels = np.linspace(bed.level + 0.03, top - 0.03, int(random.integers(2, 5)))
    return [Part(SIDE_BAR, move(box((bed.width, random.uniform(0.05, 0.09), 0.025), 0.003), (0, y, z))) for y in levels]


def access(random: Generator, bed: Bed, top: float) -> list[Part]:
    """A ladder at the side or at the foot end; seldom stairs."""
    if random.random() < 0.08:
        return _stairs(random, bed)
    wide, thick = random.uniform(0.32, 0.45), random.uniform(0.018, 0.03)
    lean = random.choice([0.0, 0.0, 8.0, 15.0, 20.0])
    height = top if lean == 0 or random.random() < 0.5 else bed.top
    long = height / np.cos(np.radians(lean))
    count = int(np.clip(round(bed.level / random.uniform(0.24, 0.32)), 3, 8))
    levels = np.linspace(0.12, 0.95 * bed.level / np.cos(np.radians(lean)), count)
    square = random.random() < 0.55
    bar = beam((0, 0, 0), (0, long, 0), 1.4 * thick, 2.4 * thick) if square else rod((0, 0, 0), (0, long, 0), thick)
    ends = ((-wide / 2, 0, 0), (wide / 2, 0, 0))
    rung = rod(*ends, 0.8 * thick) if random.random() < 0.5 else beam(*ends, 2.8 * thick, thick, up=(0, 1, 0))
    parts = [Part(RAIL, move(bar, (side * wide / 2, 0, 0))) for side in (-1, 1)]
    parts += [Part(RUNG, move(rung, (0, y, 0))) for y in levels]
    side = random.random() < 0.7
    off, along = bed.width / 2 + 0.03 if side else bed.length / 2 + 0.025, random.uniform(-0.1, 0.1)
    if side:
        along = (bed.length / 2 - wide / 2 - 0.12) * random.choice([1, 1, -1])

    def place(mesh: Mesh) -> Mesh:
        """Lean against the bed, then stand at its foot end or at its right side."""
        angle = np.radians(lean)
        stood = (0, 1.2 * thick * np.sin(angle), bed.top * np.tan(angle) + off + thick)
        out = move(turn(mesh, "x", -lean), stood)
        return move(turn(out, "y", 90), (0, 0, along)) if side else move(out, (along, 0, 0))

    return one(LADDER, moved(parts, place))


def _stairs(random: Generator, bed: Bed) -> list[Part]:
    """A block of steps at the foot end; without a class after PartNet's merging."""
    count, wide = int(random.integers(3, 6)), random.uniform(0.4, 0.5)
    rise, run = 0.92 * bed.level / count, random.uniform(0.2, 0.26)
    steps = [move(box((wide, rise * (count - n), run), 0.004), (0, rise * (count - n) / 2, n * run))
             for n in range(count)]
    block = move(join(*steps), (bed.width / 2 - wide / 2, 0, bed.length / 2 + run / 2 + 0.05))
    return [Part(BED, block, is_other=True)]


def loft_bed(random: Generator) -> list[Part]:
    """One high place; below it nothing, a desk or a cupboard."""
    width, length, thick = random.uniform(0.85, 1.4), random.uniform(1.9, 2.05), random.uniform(0.1, 0.18)
    bed = Bed(width, length, random.uniform(1.1, 1.7), thick)
    guard = bed.top + random.uniform(0.2, 0.35)
    panels = random.random() < 0.2
    unit = _frame(random, bed, guard, True, panels)
    unit += _posts(random, bed, guard + 0.03, random.uniform(0.03, 0.05), panels)
    parts = one(UNIT, unit + bedding(random, bed, 0.7))
    if random.random() < 0.35:
        sides = [move(box((0.5 * width, 0.7, 0.03)), (0, -0.36, side * 0.48 * length)) for side in (-1, 1)]
        desk = join(box((0.55 * width, 0.03, length), 0.004), *sides)
        parts.append(Part(BED, move(desk, (-0.2 * width, 0.72, 0)), is_other=True))
    return parts + access(random, bed, guard)


def trundle_bed(random: Generator) -> list[Part]:
    """A bed with a second one on castors half drawn out below it."""
    width, length, thick = random.uniform(0.85, 1.0), random.uniform(1.9, 2.05), random.uniform(0.1, 0.16)
    low = Bed(0.94 * width, 0.93 * length, 0.1, 0.1)
    high = Bed(width, length, 0.38, thick)
    upper = rails(random, high) + support(random, high, "board") + legs(random, high, 0.35) + bedding(random, high)
    wide = headboard(random, width + 0.06, 0.0, high.top + random.uniform(0.2, 0.5))
    upper.append(Part(HEADBOARD, move(wide, (0, 0, high.head - 0.005))))
    lower = solid_base(random, low, 0.1) + bedding(random, low, 0.0)
    return one(UNIT, upper) + one(UNIT, moved(lower, lambda mesh: move(mesh, (0.55 * width, 0, 0))))
