"""Tables on legs: four legs with aprons and stretchers, trestles, sleds, crossed legs, slabs."""

from itertools import pairwise

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.table.paths import (
    BOARD,
    CASTER,
    CASTER_STEM,
    CONNECTOR,
    FOOT,
    FRAME_BAR,
    LEG,
    LEG_BASE,
    RING,
    RUNNER,
    STRETCHER,
    WHEEL,
)
from partwise.synth.categories.table.tops import (
    STRAIGHT,
    Size,
    Top,
    apron,
    drop_leaves,
    half_round,
    make_top,
    slab,
    standoffs,
)
from partwise.synth.chance import between, chance, pick
from partwise.synth.joinery.cells import around, board
from partwise.synth.joinery.legs import BENT, LegStyle, caster, foot, leg, leg_style
from partwise.synth.parts import Part, again, one
from partwise.synth.placing import mirror, move, turn
from partwise.synth.solids import beam, box, cylinder, rod, tube

UP = np.array([0.0, 1.0, 0.0])
Spot = tuple[np.ndarray, np.ndarray]
"""The upper and the lower end of a leg."""


def table_size(random: np.random.Generator) -> Size:
    """Of coffee, side, dining, console, bar and conference tables."""
    kind = pick(random, {"coffee": 5, "side": 3, "dining": 5, "console": 1.5, "bar": 0.8, "conference": 0.7})
    (w0, w1), (h0, h1), (d0, d1) = {
        "coffee": ((0.7, 1.4), (0.28, 0.48), (0.45, 0.85)), "side": ((0.35, 0.65), (0.4, 0.68), (0.35, 0.6)),
        "dining": ((1.1, 2.4), (0.7, 0.78), (0.7, 1.1)), "console": ((0.8, 1.6), (0.7, 0.9), (0.28, 0.45)),
        "bar": ((0.5, 1.4), (0.9, 1.1), (0.45, 0.7)), "conference": ((2.2, 4.2), (0.7, 0.76), (0.9, 1.5))}[kind]
    width, depth = between(random, w0, w1), between(random, d0, d1)
    if chance(random, 0.25):
        width = depth if kind != "console" else width
    return Size(width, between(random, h0, h1), depth)


def legs_table(random: np.random.Generator) -> list[Part]:
    """Legs at the corners, or around a round top, with what holds them together."""
    size = table_size(random)
    top = make_top(random, size)
    thick = between(random, 0.025, 0.09) * (0.7 if size.width < 0.7 else 1.3 if size.width > 2.2 else 1)
    style, lift = leg_style(random, thick), 0.0
    below, parts = top.below, list(top.parts)
    inset = thick / 2 + pick(random, {0.0: 4, 0.02: 3, 0.08: 2, 0.15: 1})
    x, z = np.maximum(np.abs(top.outline).max(0) * (1 if top.round else top.corner) - inset, 0.7 * thick)
    if not top.round and chance(random, 0.42):
        boards, _ = apron(random, top, x, z, between(random, 0.015, 0.025))
        parts += boards
    elif top.round and chance(random, 0.25):
        parts += apron(random, top, x, z, 0.02)[0]
    elif chance(random, 0.15):
        lift = between(random, 0.01, 0.04)
    bent = style.kind in BENT
    ends, rise = _ends(random, top, x, z), 0.0 if bent else _rise(random)
    below -= lift
    spots = [(np.array([*end[:1], below, *end[1:2]]), np.array([end[2], rise, end[3]])) for end in ends]
    if lift:
        parts += [Part(CONNECTOR, mesh) for mesh in
                  standoffs(top.below, [(spot[0][0], spot[0][2]) for spot in spots], 0.4 * thick, lift + 0.002)]
    parts += [Part(LEG, leg(style, high + 0.002 * UP, low, (high[0], high[2]))) for high, low in spots]
    parts += _under(random, spots, rise, thick)
    parts += [] if bent else stretchers(random, spots, 0.45 * thick)
    if chance(random, 0.14) and len(top.outline) == 4:
        parts += drop_leaves(random, top, size)
    return parts + (_brackets(random, spots, thick) if chance(random, 0.1) else [])


def _rise(random: np.random.Generator) -> float:
    """Height of feet or casters; feet are below 4 cm."""
    kind = pick(random, {"none": 8, "feet": 1.2, "casters": 1.2})
    return {"none": 0.0, "feet": between(random, 0.008, 0.035), "casters": between(random, 0.045, 0.08)}[kind]


def _ends(random: np.random.Generator, top: Top, x: float, z: float) -> list[tuple[float, float, float, float]]:
    """(x, z) of the upper and (x, z) of the lower end of each leg."""
    splay = pick(random, {1.0: 7, between(random, 1.05, 1.3): 2.5, between(random, 0.6, 0.9): 0.5})
    if top.round:
        count = pick(random, {3: 2, 4: 5, 6: 0.3})
        inset = between(random, 0.55, 0.85) if splay == 1 else 0.6
        start = pick(random, {45.0: 2, 0.0: 1, 90.0: 1})
        angles = np.radians(start + 360 / count * np.arange(count))
        return [(inset * x * np.cos(a), inset * z * np.sin(a), splay * inset * x * np.cos(a),
                 splay * inset * z * np.sin(a)) for a in angles]
    inset = 1.0 if splay <= 1 else 0.8
    corners = [(sx * inset * x, sz * inset * z) for sx, sz in ((-1, 1), (1, 1), (1, -1), (-1, -1))]
    if x > 1.2 and chance(random, 0.2):
        corners += [(0.0, inset * z), (0.0, -inset * z)]
    return [(cx, cz, splay * cx, splay * cz) for cx, cz in corners]


def _under(random: np.random.Generator, spots: list[Spot], rise: float, thick: float) -> list[Part]:
    """Feet or casters."""
    parts: list[Part] = []
    shape = foot(random, between(random, 0.8, 1.4) * thick, rise + 0.002) if 0 < rise < 0.04 else None
    for _, low in spots:
        at = (low[0], 0, low[2])
        if shape is not None:
            parts.append(Part(FOOT, move(shape, at)))
        elif rise:
            stem, wheel = caster(rise + 0.002, between(random, 0, 360))
            parts += one(CASTER, [Part(CASTER_STEM, move(stem, at)), Part(WHEEL, move(wheel, at))])
    return parts


def _at(spot: Spot, share: float) -> np.ndarray:
    """The point of a leg at a share of its height."""
    found: np.ndarray = spot[1] + share * (spot[0] - spot[1])
    return found


def stretchers(random: np.random.Generator, spots: list[Spot], thick: float, path: str = STRETCHER) -> list[Part]:
    """Bars between neighbouring legs, an H, a cross, a ring, or nothing."""
    kind = pick(random, {"none": 6.5, "box": 1.5, "h": 1.2, "cross": 0.6, "ends": 0.8, "ring": 1.0, "high": 1.0})
    share = between(random, 0.93, 0.96) if kind == "high" else between(random, 0.08, 0.4)
    points = [_at(spot, share) for spot in spots]
    if kind == "none":
        return []
    if kind == "ring" and len(points) <= 4:
        return _ring_stretcher(points, max(0.6 * thick, 0.006))
    if kind == "cross" or len(points) != 4:
        middle = np.mean(points, axis=0)
        if chance(random, 0.5) or len(points) != 4:
            return [Part(path, _bar(point, middle, thick)) for point in points]
        return [Part(path, _bar(points[0], points[2], thick)), Part(path, _bar(points[1], points[3], thick))]
    front, right, back, left = (*pairwise(points), (points[3], points[0]))[:4]
    if kind == "h":
        bars = [left, right, (np.mean(left, axis=0), np.mean(right, axis=0))]
    else:
        bars = [left, right] if kind == "ends" else [front, right, back, left]
    is_round = chance(random, 0.4)
    return [Part(path, rod(*bar, 0.5 * thick, sides=10) if is_round else _bar(*bar, thick)) for bar in bars]


def _bar(start: np.ndarray, end: np.ndarray, thick: float) -> Mesh:
    return beam(start, end, thick, 1.3 * thick, up=(0, 1, 0))


def _ring_stretcher(points: list[np.ndarray], thick: float) -> list[Part]:
    """A ring through the legs."""
    reach = np.abs(np.array(points)).max(0)
    if len(points) == 3:
        reach[[0, 2]] = np.hypot(points[0][0], points[0][2])
    else:
        reach[[0, 2]] = reach[[0, 2]] * (1.414 if min(abs(points[0][0]), abs(points[0][2])) > 1e-6 else 1)
    angle = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    ring = np.stack([reach[0] * np.cos(angle), np.full(32, points[0][1]), reach[2] * np.sin(angle)], 1)
    return [Part(RING, tube(ring, thick, closed=True, up=(0, 1, 0)))]


def _brackets(random: np.random.Generator, spots: list[Spot], thick: float) -> list[Part]:
    """Small metal plates between the legs and the top."""
    plate = cylinder(1.2 * thick, 0.008, 12) if chance(random, 0.5) else box((2 * thick, 0.008, 2 * thick))
    return [Part(LEG_BASE, move(plate, high - [0, 0.004, 0]), is_other=True) for high, _ in spots]


def console(random: np.random.Generator) -> list[Part]:
    """A half-round table against a wall."""
    size = Size(between(random, 0.6, 1.2), between(random, 0.68, 0.85), between(random, 0.28, 0.45))
    thick, border = between(random, 0.02, 0.035), half_round(size)
    below = size.height - thick
    parts = [Part(BOARD, move(slab(border, thick), (0, size.height, 0)))]
    style = leg_style(random, between(random, 0.025, 0.05))
    angles = np.radians([10, 60, 120, 170] if chance(random, 0.6) else [15, 90, 165])
    spots = [(0.42 * size.width * np.cos(a), 0.8 * size.depth * np.sin(a) - size.depth / 2) for a in angles]
    parts += [Part(LEG, leg(style, (x, below, z), (x, 0, z), (x, z + 0.5))) for x, z in spots]
    if chance(random, 0.7):
        band = slab(border * 0.9, between(random, 0.05, 0.1))
        parts.append(Part(FRAME_BAR, move(band, (0, below + 0.001, 0))))
    return parts


def trestle(random: np.random.Generator) -> list[Part]:
    """Two end assemblies, of a post, an X, an A or a pair of posts, on runners, and a stretcher between them."""
    size = table_size(random)
    size = size._replace(width=max(size.width, 1.2 * size.depth))
    top = make_top(random, size, shapes=STRAIGHT)
    thick, x = between(random, 0.03, 0.09), size.width * between(random, 0.3, 0.45)
    half, low = size.depth * between(random, 0.32, 0.45), pick(random, {0.0: 1, 1.0: 2}) * 1.0
    kind = pick(random, {"post": 2, "x": 2, "a": 1.5, "two": 2})
    foot_high, high = (thick if low and kind != "a" else 0.0), top.below
    cleat = thick if chance(random, 0.7) else 0.0
    post = LegStyle("square", 0.8 * thick, 0.8 * thick, 1.2 if kind != "post" else 2.6, 0.0, 0.0, np.zeros((2, 2)))
    end = [Part(LEG, leg(post, (x, *stop), (x, *start)))
           for start, stop in _end_frame(kind, half, foot_high, high - cleat)]
    if foot_high:
        end.append(Part(RUNNER, move(box((0.9 * thick, thick, 2 * half), 0.2 * thick), (x, thick / 2, 0))))
    if cleat:
        end.append(Part(CONNECTOR, move(box((0.9 * thick, thick, 2 * half)), (x, high - thick / 2 + 0.001, 0))))
    parts = [*top.parts, *end, *again(end, lambda mesh: mirror(mesh, "x"))]
    joint: float | None = None
    if chance(random, 0.75):
        joint = high * (0.5 if kind in ("x", "post") else between(random, 0.2, 0.6))
        parts.append(Part(STRETCHER, beam((-x, joint, 0), (x, joint, 0), 0.6 * thick, 1.4 * thick, up=(0, 1, 0))))
    if kind in ("a", "two"):
        y = between(random, 0.2, 0.6) * high if joint is None else joint
        reach = half * (1 - 0.75 * y / high) if kind == "a" else 0.62 * half
        parts += [Part(STRETCHER, beam((at, y, -reach), (at, y, reach), 0.5 * thick, 0.8 * thick, up=(0, 1, 0)))
                  for at in (-x, x)]
    return parts


def _end_frame(kind: str, half: float, low: float, high: float) -> list[
        tuple[tuple[float, float], tuple[float, float]]]:
    """The bars of an end in (y, z)."""
    if kind == "post":
        return [((low, 0), (high, 0))]
    if kind == "x":
        return [((low, -half), (high, half)), ((low, half), (high, -half))]
    if kind == "a":
        return [((low, -half), (high, -0.25 * half)), ((low, half), (high, 0.25 * half))]
    return [((low, -0.62 * half), (high, -0.62 * half)), ((low, 0.62 * half), (high, 0.62 * half))]


def sled(random: np.random.Generator) -> list[Part]:
    """Metal frames at both ends: two legs on a runner, under a connecting bar or not; or closed loops along x."""
    size = table_size(random)
    top = make_top(random, size, {"board": 5, "glass": 3, "framed": 1, "slats": 1}, STRAIGHT)
    thick, wide = between(random, 0.012, 0.05), pick(random, {1.0: 3, 2.0: 1})
    inset = pick(random, {0.0: 2, 0.05: 1, 0.15: 1})
    x, z = np.array([size.width, size.depth]) / 2 * top.corner - thick / 2 - [inset, pick(random, {0.0: 1, 0.04: 1})]
    is_round, parts = chance(random, 0.3), list(top.parts)
    lean = pick(random, {0.0: 3, 0.12: 1}) * size.height
    for side in (-1, 1):
        upper, lower = (side * (x - lean), top.below - thick / 2), (side * x, thick / 2)
        bars = [((*lower, -z), (*upper, -z)), ((*lower, z), (*upper, z)), ((*lower, -z), (*lower, z)),
                ((*upper, -z), (*upper, z))]
        for path, (start, stop) in zip((LEG, LEG, RUNNER, CONNECTOR), bars, strict=True):
            mesh = rod(start, stop, thick / 2, sides=10) if is_round else _square(start, stop, thick, wide)
            parts.append(Part(path, mesh))
    if chance(random, 0.4):
        y, back = pick(random, {(top.below - thick / 2, 0.0): 1, (0.3 * size.height, -z): 1})
        reach = x - lean * (y - thick / 2) / (top.below - thick)
        parts.append(Part(STRETCHER, beam((-reach, y, back), (reach, y, back), thick, thick, up=(0, 1, 0))))
    return parts


def _square(start: tuple[float, float, float], stop: tuple[float, float, float], thick: float, wide: float) -> Mesh:
    """A bar that is longer by half its thickness at both ends if it is level, so that corners are full."""
    a, b = np.array(start), np.array(stop)
    grow = (b - a) / np.linalg.norm(b - a) * thick / 2
    if abs(a[1] - b[1]) < 1e-9:
        a, b = a - grow, b + grow
        return beam(a, b, wide * thick, thick, up=(0, 1, 0))
    return beam(a, b, wide * thick, thick, up=(0, 0, 1))


def crossed(random: np.random.Generator) -> list[Part]:
    """Legs that cross in pairs at both ends or both sides, or two crossing frames below a glass top."""
    size = table_size(random)
    top = make_top(random, size, {"board": 4, "glass": 2, "slats": 1.5, "framed": 1})
    thick = between(random, 0.02, 0.055)
    x, z = 0.42 * np.ptp(top.outline[:, 0]), 0.4 * np.ptp(top.outline[:, 1])
    low, high, sides = 0.0, top.below + 0.002, chance(random, 0.4)
    pairs = [[(-x, s * z, x, s * z), (x, s * (z - thick), -x, s * (z - thick))] for s in (-1, 1)] if sides else [
        [(s * x, -z, s * x, z), (s * (x - thick), z, s * (x - thick), -z)] for s in (-1, 1)]
    if top.round or chance(random, 0.2):
        pairs = [[(-x, -z, x, z), (x, z, -x, -z)], [(-x, z, x, -z), (x, -z, -x, z)]]
        pairs = [[pairs[0][0], pairs[1][0]], [pairs[0][1], pairs[1][1]]]
    upright = leg_style(random, thick, pick(random, {"square": 3, "round": 1}))._replace(bottom=thick)
    parts = list(top.parts)
    for x0, z0, x1, z1 in (bar for pair in pairs for bar in pair):
        parts.append(Part(LEG, leg(upright, (x1 * 0.9, high, z1 * 0.9), (x0, low, z0))))
    if chance(random, 0.7):
        y = between(random, 0.48, 0.52) * high
        start, end = ((0, y, -z), (0, y, z)) if sides else ((-x, y, 0), (x, y, 0))
        parts.append(Part(STRETCHER, beam(start, end, 0.7 * thick, 0.7 * thick, up=(0, 1, 0))))
    return parts


def slab_legs(random: np.random.Generator) -> list[Part]:
    """Boards as legs: waterfall and parsons tables, benches with two or three slabs, bent plates."""
    size = table_size(random)
    thick = between(random, 0.012, 0.07)
    kind = pick(random, {"board": 3, "glass": 1})
    top = make_top(random, size, {kind: 1}, {"rectangle": 4, "rounded": 1})
    inset, x = pick(random, {0.0: 3, 0.1: 1, 0.25: 1}) * size.width, size.width / 2
    depth = size.depth * pick(random, {1.0: 3, 0.75: 1})
    lean, parts = pick(random, {0.0: 4, 0.15: 1}) * size.height, list(top.parts)
    style = LegStyle("square", thick, thick, depth / thick, 0.0, 0.0, np.zeros((2, 2)))
    reach = max(x - thick / 2 - inset - lean, 0.5 * x)
    for side in (-1, 1):
        upper = side * reach
        parts.append(Part(LEG, leg(style, (upper, top.below + 0.001, 0), (upper + side * lean, 0, 0))))
    if chance(random, 0.3):
        y = between(random, 0.2, 0.7) * size.height
        bar = around(2 * reach, 0.12 * size.height, thick, y)
        parts.append(Part(STRETCHER, board(bar)))
    if chance(random, 0.15):
        parts = [Part(part.path, turn(part.mesh, "y", 90)) for part in parts]
    return parts
