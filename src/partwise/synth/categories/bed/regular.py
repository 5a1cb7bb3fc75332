"""Beds that stand on the ground: on legs, on a solid base, between posts, on a platform; day beds and cribs."""

import numpy as np
from numpy.random import Generator

from partwise.mesh import Mesh
from partwise.synth.categories.bed.frame import (
    BOARD,
    FRAME,
    HEADBOARD,
    POST,
    SIDE_BAR,
    SIDE_PANEL,
    SIDE_UPRIGHT,
    UNIT,
    Bed,
    bedding,
    legs,
    pillows,
    post_mesh,
    rails,
    solid_base,
    support,
)
from partwise.synth.categories.bed.headboards import footboard, headboard
from partwise.synth.chance import pick
from partwise.synth.parts import Part, one
from partwise.synth.placing import join, move
from partwise.synth.solids import beam, box, rod, rounded_box, sheet


def _size(random: Generator) -> tuple[float, float, float]:
    """Width, length and thickness of a mattress."""
    width = pick(random, {0.9: 3, 1.0: 1, 1.2: 1, 1.4: 2, 1.6: 3.5, 1.8: 3, 2.0: 1}) * random.uniform(0.95, 1.05)
    return width, random.uniform(1.9, 2.1), random.uniform(0.12, 0.3)


def _with_ends(random: Generator, bed: Bed, ground: float, foot: float = 0.18) -> list[Part]:
    """Headboard and footboard; the latter is one of the parts to which PartNet's merging leaves no class."""
    parts = []
    wide = bed.width + random.uniform(0.04, 0.14)
    if random.random() < 0.88:
        high = bed.top + random.uniform(0.25, 0.8)
        board = headboard(random, wide, ground if random.random() < 0.75 else 0.6 * bed.level, high)
        parts.append(Part(HEADBOARD, move(board, (0, 0, bed.head - 0.005))))
    if parts and random.random() < foot:
        high = bed.top + random.uniform(-0.05, 0.35)
        board = footboard(random, wide, ground, max(high, ground + 0.15))
        parts.append(Part(FRAME, move(board, (0, 0, -bed.head - 0.005)), is_other=True))
    return parts


def legged_bed(random: Generator) -> list[Part]:
    """Legs under a frame of rails."""
    width, length, thick = _size(random)
    height = random.uniform(0.12, 0.42)
    bed = Bed(width, length, height + 0.02, thick)
    carrier = support(random, bed)
    sides = rails(random, bed) if random.random() < 0.8 or not carrier else []
    parts = legs(random, bed, height + 0.02)
    return one(UNIT, parts + carrier + sides + _with_ends(random, bed, 0.0) + bedding(random, bed))


def divan_bed(random: Generator) -> list[Part]:
    """A solid base below the mattress, upholstered or with drawers."""
    width, length, thick = _size(random)
    lift = random.uniform(0.06, 0.14) if random.random() < 0.2 else 0.0
    height = random.uniform(0.18, 0.4)
    bed = Bed(width, length, height + lift, thick)
    parts = solid_base(random, bed, height)
    parts = [Part(part.path, move(part.mesh, (0, lift, 0))) for part in parts]
    if lift:
        parts += legs(random, bed, lift + 0.01)
    if random.random() < 0.2:
        parts += support(random, bed, "board")
    return one(UNIT, parts + _with_ends(random, bed, 0.0, 0.12) + bedding(random, bed))


def platform_bed(random: Generator) -> list[Part]:
    """A wide board, lower than the mattress's middle, on a recessed base or on legs."""
    width, length, thick = _size(random)
    height, board, over = random.uniform(0.15, 0.3), random.uniform(0.04, 0.12), random.uniform(0.06, 0.3)
    bed = Bed(width, length, height + board, thick)
    deck = move(box((width + 2 * over, board, length + 1.3 * over), 0.005), (0, height + board / 2, 0.65 * over - 0.01))
    recessed = Bed(0.8 * width, 0.85 * length, height, thick)
    under = solid_base(random, recessed, height + 0.004) if random.random() < 0.6 else legs(random, bed, height + 0.01)
    parts = [Part(BOARD, deck), *under]
    if over > 0.15 and random.random() < 0.3:  # low bedside shelves on the wide deck
        chest = rounded_box((0.4, 0.18, 0.35), 0.01, 2)
        spot = (width / 2 + over + 0.06, height + board / 2, bed.head + 0.18)
        parts += [Part(FRAME, move(chest, (side * spot[0], *spot[1:])), is_other=True) for side in (-1, 1)]
    return one(UNIT, parts + _with_ends(random, bed, 0.0, 0.08) + bedding(random, bed))


def posted_bed(random: Generator) -> list[Part]:
    """Four posts, low or high, seldom with a canopy; boards and rails between them."""
    width, length, thick = _size(random)
    bed = Bed(width, length, random.uniform(0.25, 0.45), thick)
    radius, form = random.uniform(0.03, 0.055), pick(random, {"square": 3, "turned": 3, "round": 1.5})
    tall = random.random() < 0.4
    head = random.uniform(1.7, 2.2) if tall else bed.top + random.uniform(0.3, 0.7)
    foot = head if tall else bed.top + random.uniform(0.0, 0.3)
    spot = (bed.width / 2 + radius, bed.length / 2 + radius)
    back, front = (post_mesh(random, high, radius, form) for high in (head, foot))
    posts = [move(mesh, (side * spot[0], 0, z * spot[1])) for mesh, z in ((back, -1), (front, 1)) for side in (-1, 1)]
    parts = [Part(POST, post) for post in posts]
    if tall and random.random() < 0.7:
        parts += _canopy(random, spot, head, radius)
    low = random.uniform(0.1, 0.9) * bed.level
    high = min(0.95 * head, bed.top + random.uniform(0.3, 0.7))
    board = headboard(random, width + 0.5 * radius, low, high, False)
    parts.append(Part(HEADBOARD, move(board, (0, 0, bed.head - 0.01))))
    if random.random() < 0.25:
        end = footboard(random, width + 0.5 * radius, low, max(min(0.95 * foot, bed.top + 0.2), low + 0.1))
        parts.append(Part(FRAME, move(end, (0, 0, -bed.head + 0.01)), is_other=True))
    return one(UNIT, parts + rails(random, bed) + support(random, bed) + bedding(random, bed))


def _canopy(random: Generator, spot: tuple[float, float], height: float, radius: float) -> list[Part]:
    """Bars between the posts' tops, seldom a cloth on them; without a class after PartNet's merging."""
    x, z = spot
    bars = [beam((side * x, height, -z), (side * x, height, z), radius, radius) for side in (-1, 1)]
    bars += [beam((-x, height, side * z), (x, height, side * z), radius, radius) for side in (-1, 1)]
    if random.random() < 0.25:
        bars.append(move(box((2 * x, 0.02, 2 * z)), (0, height + 0.4 * radius, 0)))
    if random.random() < 0.25:
        across = np.linspace(-0.2, 0.2, 40)
        fold = np.stack([across, 0.025 * np.sin(120 * across)], 1)
        cloth = sheet(np.stack([np.insert(fold, 1, y, 1) for y in np.linspace(0.1, height, 4)]), 0.008)
        bars += [move(cloth, (side * 0.8 * x, 0, -0.98 * z)) for side in (-1, 1)]
    return [Part(FRAME, join(*bars), is_other=True)]


def day_bed(random: Generator) -> list[Part]:
    """A narrow bed with boards or bars around three sides."""
    width, length, thick = random.uniform(0.8, 1.0), random.uniform(1.9, 2.05), random.uniform(0.12, 0.22)
    height = random.uniform(0.2, 0.4)
    bed = Bed(width, length, height, thick)
    parts = legs(random, bed, height - 0.01) if random.random() < 0.6 else solid_base(random, bed, height)
    parts += support(random, bed, "board" if random.random() < 0.6 else "")
    rise = bed.top + random.uniform(0.15, 0.4)
    board = headboard(random, width + 0.06, height - 0.1, rise, False)
    parts.append(Part(HEADBOARD, move(board, (0, 0, bed.head - 0.005))))
    if random.random() < 0.4:
        low = rise if random.random() < 0.5 else bed.top + 0.1
        end = move(footboard(random, width + 0.06, height - 0.1, low), (0, 0, -bed.head + 0.005))
        parts.append(Part(FRAME, end, is_other=True))
    parts += side_wall(random, bed, -1, height - 0.08, rise, random.random() < 0.5, free=True)
    return one(UNIT, parts + bedding(random, bed))


def side_wall(random: Generator, bed: Bed, side: int, low: float, high: float, panel: bool, share: float = 1.0,
              free: bool = False) -> list[Part]:
    """A guard along one side: a panel, level bars, or upright bars between two level ones.

    share : of the bed's length, from the head
    free : no posts carry the level bars, so that they need uprights
    """
    thick = random.uniform(0.02, 0.04)
    x, long = side * (bed.width / 2 + thick / 2), (bed.length + 0.04) * share
    middle = -(bed.length + 0.04 - long) / 2
    if panel:
        board = rounded_box((thick, high - low, long), 0.3 * thick, 2)
        return [Part(SIDE_PANEL, move(board, (x, (low + high) / 2, middle)))]
    ends = (middle - long / 2, middle + long / 2)
    if random.random() < 0.4:
        levels = np.linspace(low + 0.05, high - 0.04, int(random.integers(2, 4)))
        uprights = np.linspace(*ends, 3)[1:] if free or share < 1 or random.random() < 0.5 else np.zeros(0)
        spread = 0.08
    else:
        levels = np.array([low + 0.03, high - 0.03])
        count = int(random.integers(4, 14) * max(share, 0.5))
        uprights, spread = np.linspace(*ends, count + 2)[1:-1], 0.04
    parts = [Part(SIDE_BAR, move(box((thick, spread, long), 0.1 * thick), (x, y, middle))) for y in levels]
    bar = _upright(random, low, high - 0.02, thick)
    return parts + [Part(SIDE_UPRIGHT, move(bar, (x, 0, z))) for z in uprights]


def _upright(random: Generator, low: float, high: float, thick: float) -> Mesh:
    if random.random() < 0.5:
        return rod((0, low, 0), (0, high, 0), 0.45 * thick, sides=8)
    return move(box((0.7 * thick, high - low, random.uniform(0.7, 1.8) * thick)), (0, (low + high) / 2, 0))


def crib(random: Generator) -> list[Part]:
    """A cot with barred sides between four posts."""
    width, length = random.uniform(0.6, 0.75), random.uniform(1.15, 1.4)
    level, thick, high = random.uniform(0.25, 0.5), random.uniform(0.08, 0.14), random.uniform(0.85, 1.05)
    bed, radius = Bed(width, length, level, thick), random.uniform(0.02, 0.03)
    form = pick(random, {"square": 3, "turned": 1.5, "round": 1})
    post = post_mesh(random, high, radius, form)
    spot = (width / 2 + radius, length / 2 + radius)
    parts = [Part(POST, move(post, (x * spot[0], 0, z * spot[1]))) for x in (-1, 1) for z in (-1, 1)]
    for side in (-1, 1):
        parts += side_wall(random, bed, side, level - 0.1, 0.95 * high, False)
    rise = high * random.uniform(0.9, 1.2)
    parts.append(Part(HEADBOARD, move(headboard(random, width, level - 0.1, rise, False), (0, 0, bed.head))))
    end = move(footboard(random, width, level - 0.1, 0.95 * high), (0, 0, -bed.head))
    parts.append(Part(FRAME, end, is_other=True) if random.random() < 0.4 else Part(HEADBOARD, end))
    covers = pillows(random, bed)[:1] if random.random() < 0.3 else []
    return one(UNIT, parts + support(random, bed) + bedding(random, bed, 0.0) + covers)
