"""Random chairs and tables of boxes and rods: the simplest world that has everything, for tests and the demo.

y is up, the front is +z, the floor is y = 0, lengths are metres.
"""

from itertools import pairwise

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.parts import Part, moved, one
from partwise.synth.placing import move, turn
from partwise.synth.solids import beam, box, rod


def toy_chair(rng: np.random.Generator) -> list[Part]:
    width, depth = rng.uniform(0.42, 0.62, 2)
    height, thickness = rng.uniform(0.38, 0.52), rng.uniform(0.03, 0.09)
    seat = _box((width, thickness, depth), (0, height - thickness / 2, 0))
    parts = [Part("chair/chair_seat/seat_surface/seat_single_surface", seat)]
    parts += _base("chair/chair_base", width, depth, height - thickness, rng)
    back = _back(width, rng.uniform(0.35, 0.65), rng)
    with_arms = rng.random() < 0.45
    # the back stands on the rear of the seat and leans backwards
    lean = -rng.uniform(0, 0 if with_arms else 14)
    parts += moved(back, lambda mesh: move(turn(mesh, "x", lean), (0, height, -depth / 2 + 0.03)))
    return parts + (_arms(width, depth, height, rng) if with_arms else [])


def _back(width: float, height: float, rng: np.random.Generator) -> list[Part]:
    """A back that stands on the origin: a slab, perhaps with a headrest, or posts with bars."""
    kind = rng.choice(["slab", "vertical", "horizontal"], p=[0.4, 0.3, 0.3])
    if kind == "slab":
        slab = _box((width, height, rng.uniform(0.02, 0.06)), (0, height / 2, 0))
        parts = [Part("chair/chair_back/back_surface/back_single_surface", slab)]
        return parts + (_head(width, height, rng) if rng.random() < 0.6 else [])
    size, is_round = rng.uniform(0.025, 0.045), bool(rng.random() < 0.5)
    half = width / 2 - size / 2
    parts = [Part("chair/chair_back/back_frame/back_frame_vertical_bar",
                     _rod((side * half, 0, 0), (side * half, height, 0), size, is_round)) for side in (-1, 1)]
    if kind == "horizontal":
        bars = np.linspace(height, height * rng.uniform(0.25, 0.5), rng.integers(2, 6))
        thick = min(0.09, 0.55 * abs(bars[0] - bars[1]))
        return parts + [Part("chair/chair_back/back_surface/back_surface_horizontal_bar",
                                _box((2 * half, thick, 0.6 * size), (0, y - thick / 2, 0))) for y in bars]
    parts.append(Part("chair/chair_back/back_frame/back_frame_horizontal_bar",
                         _box((width, 1.5 * size, size), (0, height, 0))))
    count = int(rng.integers(2, 7))
    return parts + [Part("chair/chair_back/back_surface/back_surface_vertical_bar",
                            _rod((x, 0, 0), (x, height, 0), 0.7 * size, is_round))
                    for x in np.linspace(-half, half, count + 2)[1:-1]]


def _head(width: float, height: float, rng: np.random.Generator) -> list[Part]:
    gap, tall, across = rng.uniform(0.04, 0.08), rng.uniform(0.1, 0.16), width * rng.uniform(0.5, 0.7)
    rest = _box((across, tall, 0.06), (0, height + gap + tall / 2, 0))
    connectors = [_rod((x, height, 0), (x, height + gap, 0), 0.02, True) for x in (-across / 4, across / 4)]
    return [Part("chair/chair_head/headrest", rest),
            *(Part("chair/chair_head/head_connector", connector) for connector in connectors)]


def _arms(width: float, depth: float, height: float, rng: np.random.Generator) -> list[Part]:
    """Two arms, each a bar from the back to the front on one or two supports."""
    top, size, n_support = height + rng.uniform(0.17, 0.25), rng.uniform(0.03, 0.05), int(rng.integers(1, 3))
    places = np.linspace(depth / 2 - size, 0, n_support)
    parts = []
    for x in (-width / 2 + size / 2, width / 2 - size / 2):
        bar = Part("chair/chair_arm/arm_horizontal_bar", _box((1.3 * size, 0.7 * size, depth), (x, top, 0)))
        supports = [Part("chair/chair_arm/arm_near_vertical_bar",
                         _rod((x, height, z), (x, top, z), 0.8 * size, False)) for z in places]
        parts += one("chair/chair_arm", [bar, *supports])
    return parts


def toy_table(rng: np.random.Generator) -> list[Part]:
    width, height = rng.uniform(0.7, 1.6), rng.uniform(0.4, 0.8)
    thickness, is_round = rng.uniform(0.02, 0.07), bool(rng.random() < 0.3)
    depth = width if is_round else min(width, rng.uniform(0.6, 1.0))
    under = height - thickness
    board = (_rod((0, under, 0), (0, height, 0), width, True, sides=32) if is_round
             else _box((width, thickness, depth), (0, height - thickness / 2, 0)))
    parts = [Part("table/regular_table/tabletop/tabletop_surface/board", board)]
    if not is_round and rng.random() < 0.35:
        deep, across, along = rng.uniform(0.04, 0.09), 0.9 * width, 0.9 * depth
        centres = [(x, under - deep / 2, z) for x, z in ((0, -along / 2), (0, along / 2),
                                                         (-across / 2, 0), (across / 2, 0))]
        sizes = [(across, deep, 0.025)] * 2 + [(0.025, deep, along)] * 2
        parts += [Part("table/regular_table/tabletop/tabletop_frame/bar", _box(size, centre))
                  for size, centre in zip(sizes, centres, strict=True)]
    reach = 0.7 if is_round else 0.93  # the legs of a round top stand on a square within the circle
    return parts + _base("table/regular_table/table_base", reach * width, reach * depth, under, rng)


def _base(prefix: str, width: float, depth: float, height: float, rng: np.random.Generator) -> list[Part]:
    """Four legs with or without stretchers, a pedestal, or a star, below ``height``."""
    kind = rng.choice(["legs", "pedestal", "star"], p=[0.7, 0.15, 0.15])
    if kind == "legs":
        return _legs(f"{prefix}/regular_leg_base", width, depth, height, rng)
    size, foot, reach = rng.uniform(0.05, 0.1), rng.uniform(0.02, 0.05), 0.45 * min(width, depth)
    if kind == "pedestal":
        support = _rod((0, foot, 0), (0, height, 0), size, True)
        plate = (_rod((0, 0, 0), (0, foot, 0), 2 * reach, True, sides=32) if rng.random() < 0.5
                 else _box((2 * reach, foot, 2 * reach), (0, foot / 2, 0)))
        return [Part(f"{prefix}/pedestal_base/central_support", support),
                Part(f"{prefix}/pedestal_base/pedestal", plate)]
    hub = 0.09
    angles = np.arange(count := int(rng.integers(4, 6))) * 2 * np.pi / count + np.pi / 4
    legs = [_rod((0, hub, 0), (reach * np.cos(angle), foot / 2, reach * np.sin(angle)), foot, False)
            for angle in angles]
    return [Part(f"{prefix}/star_leg_base/central_support", _rod((0, hub, 0), (0, height, 0), size, True)),
            *(Part(f"{prefix}/star_leg_base/star_leg_set/leg", leg) for leg in legs)]


def _legs(prefix: str, width: float, depth: float, height: float, rng: np.random.Generator) -> list[Part]:
    size, is_round = rng.uniform(0.03, 0.06), bool(rng.random() < 0.5)
    # corners in turn around the seat: stretchers join neighbours; feet may stand further out than tops
    signs = np.array([(-1, -1), (-1, 1), (1, 1), (1, -1)])
    top = signs * (np.array([width, depth]) / 2 - size / 2) * rng.uniform(0.85, 1.0)
    foot = top * (rng.uniform(1.0, 1.15) if rng.random() < 0.5 else 1.0)
    tops, feet = (np.insert(corners, 1, y, axis=1) for corners, y in ((top, height), (foot, 0.0)))
    parts = [Part(f"{prefix}/leg", _rod(low, high, size, is_round))
             for low, high in zip(feet, tops, strict=True)]
    share = rng.uniform(0.15, 0.5)
    joints = (1 - share) * feet + share * tops
    ring = list(pairwise([*joints, joints[0]]))
    # none, left and right, or all around
    chosen = {"none": [], "sides": ring[::2], "all": ring}[str(rng.choice(["none", "sides", "all"]))]
    return parts + [Part(f"{prefix}/bar_stretcher", _rod(start, end, 0.6 * size, is_round))
                    for start, end in chosen]


def _box(size: tuple[float, float, float], centre: tuple[float, float, float]) -> Mesh:
    return move(box(size), centre)


def _rod(start: tuple[float, float, float] | np.ndarray, end: tuple[float, float, float] | np.ndarray, size: float,
         is_round: bool, sides: int = 16) -> Mesh:
    """A cylinder of diameter ``size``, or a bar of that square section, between two points."""
    return rod(start, end, size / 2, sides=sides) if is_round else beam(start, end, size, size)
