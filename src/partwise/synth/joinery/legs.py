"""Legs and feet of furniture, and casters."""

from typing import NamedTuple

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.chance import between, pick
from partwise.synth.placing import join, move, turn, warp
from partwise.synth.solids import Point, box, circle, cushion, cylinder, lathe, loft, rod, rounded_rectangle

KINDS = {"square": 8, "round": 4, "turned": 3, "curved": 1.6, "cabriole": 1.2, "hairpin": 0.8, "angle": 0.4,
         "block": 1.5}
BENT = ("curved", "cabriole", "hairpin")
"""Kinds whose foot is not below their top."""


class LegStyle(NamedTuple):
    """Legs of one shape look alike.

    kind : one of ``KINDS``
    top, bottom : thickness at the ends
    depth : thickness in z relative to that in x
    rounding : of the edges, as a share of the thickness
    sway : how far it bends outwards, as a share of its height
    profile : (k, 2) of a turned leg: radius in units of half the thickness, height from 0 (floor) to 1
    """

    kind: str
    top: float
    bottom: float
    depth: float
    rounding: float
    sway: float
    profile: np.ndarray


def leg_style(random: np.random.Generator, thickness: float, kind: str | None = None) -> LegStyle:
    kind = kind or pick(random, KINDS)
    narrow = between(random, 0.4, 0.8) if random.random() < 0.5 else 1.0
    if kind == "hairpin":
        thickness = min(thickness, 0.05)
    depth = between(random, 0.6, 1.6) if random.random() < 0.2 else 1.0
    return LegStyle(kind, thickness, thickness * narrow, depth, pick(random, {0.0: 3, 0.1: 1, 0.3: 1}),
                    between(random, -0.06, 0.14), turned_profile(random))


def turned_profile(random: np.random.Generator) -> np.ndarray:
    """Beads, coves, vases and tapers one above the other."""
    rows, height, radius = [np.array([[between(random, 0.4, 0.8), 0]])], 0.0, between(random, 0.5, 0.9)
    for _ in range(int(random.integers(3, 7))):
        kind, length, following = random.integers(0, 4), between(random, 0.5, 2), between(random, 0.45, 1.0)
        along = np.linspace(0.05, 1, 5)
        line = radius + (following - radius) * along
        swell = np.sin(np.pi * along)
        if kind == 0:
            length, line = 0.3, line + 0.15 * swell
        elif kind == 1:
            line = line * (1 - 0.25 * swell)
        elif kind == 2:
            line = line + 0.25 * np.sin(np.pi * along**0.6)
        rows.append(np.stack([np.clip(line, 0.25, 1.15), height + length * along], 1))
        height, radius = height + length, following
    profile = np.concatenate(rows)
    profile[:, 1] /= height
    return profile


def leg(style: LegStyle, top: Point, bottom: Point, outward: Point = (1.0, 0.0)) -> Mesh:
    """A leg whose ends are horizontal.

    outward : (x, z) direction away from the middle of the furniture, for legs that are not symmetric
    """
    top, bottom = np.asarray(top, float), np.asarray(bottom, float)
    height = float(top[1] - bottom[1])
    upright = _upright(style, height, np.asarray(outward, float) / max(float(np.hypot(*outward)), 1e-9))

    def lean(points: np.ndarray) -> np.ndarray:
        share = (points[:, 1] / height)[:, None]
        return np.where([True, False, True], points + bottom + (top - bottom) * share, points + bottom)

    return warp(upright, lean)


def _upright(style: LegStyle, height: float, outward: np.ndarray) -> Mesh:
    """The leg from y = 0 to its height about the y axis."""
    if style.kind == "turned":
        lower = lathe(style.profile * [style.top / 2, height * (0.82 if style.rounding == 0 else 1)], 14)
        block = move(box((style.top, 0.18 * height, style.top)), (0, 0.91 * height, 0))
        return join(lower, block) if style.rounding == 0 else lower
    if style.kind in ("curved", "cabriole"):
        return _bent(style, height, outward)
    if style.kind == "hairpin":
        return _hairpin(style, height, outward)
    if style.kind == "angle":
        return _angle(style, height, outward)
    section = circle(16) / 2 if style.kind == "round" else rounded_rectangle(1, style.depth, style.rounding)
    narrow = style.top if style.kind == "block" else style.bottom
    return _column(section, [(0, narrow), (height, style.top)])


def _column(section: np.ndarray, levels: list[tuple[float, float]]) -> Mesh:
    return loft(np.stack([np.stack([size * section[:, 0], np.full(len(section), y), size * section[:, 1]], 1)
                          for y, size in levels]))


def _bent(style: LegStyle, height: float, outward: np.ndarray) -> Mesh:
    """A sabre leg, or an S: knee outwards at the top, ankle inwards, foot outwards."""
    rise = np.linspace(0, 1, 9)
    if style.kind == "curved":
        offset, size = style.sway * 1.6 * (1 - rise) ** 2, 1 + 0 * rise
    else:
        reach = min(0.1, 0.9 * style.top / height)
        offset = reach * np.interp(rise, [0, 0.12, 0.3, 0.8, 1], [0.9, 0.2, -0.1, 0.7, 0.2])
        size = np.interp(rise, [0, 0.06, 0.2, 0.8, 1], [0.9, 0.6, 0.5, 1, 0.95])
    thick = style.bottom + (style.top - style.bottom) * rise
    section = circle(12) / 2 if style.kind == "cabriole" else rounded_rectangle(1, style.depth, style.rounding)
    rings = np.empty((len(rise), len(section), 3))
    rings[..., 0] = (thick * size)[:, None] * section[:, 0] + (height * offset * outward[0])[:, None]
    rings[..., 2] = (thick * size)[:, None] * section[:, 1] + (height * offset * outward[1])[:, None]
    rings[..., 1] = (height * rise)[:, None]
    return loft(rings)


def _hairpin(style: LegStyle, height: float, outward: np.ndarray) -> Mesh:
    spread, thick = 0.08 + 0.05 * height, 0.006
    across = np.array([-outward[1], outward[0]])
    foot = np.array([spread * outward[0] * 0.3, thick, spread * outward[1] * 0.3])
    rods = [rod((side * spread * across[0], height, side * spread * across[1]), foot, thick, sides=8)
            for side in (-1, 1)]
    return join(*rods, move(cylinder(2 * thick, 2 * thick, 8), foot))


def _angle(style: LegStyle, height: float, outward: np.ndarray) -> Mesh:
    """An L-shaped metal profile open to the inside."""
    size, thin = style.top, 0.12 * style.top
    x, z = np.sign(outward[0]) or 1.0, np.sign(outward[1]) or 1.0
    return join(move(box((size, height, thin)), (0, height / 2, z * (size - thin) / 2)),
                move(box((thin, height, size)), (x * (size - thin) / 2, height / 2, 0)))


def foot(random: np.random.Generator, size: float, height: float) -> Mesh:
    """A small foot from y = 0 to its height about the y axis."""
    kind = pick(random, {"disc": 2, "bun": 2, "block": 2, "cone": 1})
    if kind == "bun":
        return move(cushion((size, height, size), 0.7, 12), (0, height / 2, 0))
    if kind == "block":
        return move(box((size, height, size)), (0, height / 2, 0))
    profile = [[size / 2, 0], [size / 2, height]] if kind == "disc" else [[0.3 * size, 0], [size / 2, height]]
    return lathe(np.array(profile), 12)


def caster(height: float, turned: float = 0.0) -> tuple[Mesh, Mesh]:
    """The stem with its fork, and the wheel, from y = 0 to a height; ``turned`` by degrees about the y axis."""
    radius = 0.36 * height
    offset = 0.3 * radius
    wheel = move(turn(cylinder(radius, 0.55 * radius, 14), "z", 90), (0, radius, -offset))
    fork = [move(box((0.12 * radius, 1.3 * radius, 0.7 * radius)), (x, 1.6 * radius, -0.5 * offset))
            for x in (-0.38 * radius, 0.38 * radius)]
    bridge = move(box((0.9 * radius, 0.15 * radius, 0.8 * radius)), (0, 2.25 * radius, -0.3 * offset))
    stem = rod((0, 2.2 * radius, 0), (0, height, 0), 0.2 * radius, sides=8)
    return turn(join(*fork, bridge, stem), "y", turned), turn(wheel, "y", turned)

