"""Meshes of what lamps are made of. What stands has its foot at the origin, what hangs its top."""

from itertools import pairwise

import numpy as np
from numpy.random import Generator

from partwise.mesh import Mesh
from partwise.synth.chance import pick
from partwise.synth.placing import join, move, stretch, turn
from partwise.synth.solids import (
    arc,
    ball,
    box,
    circle,
    cone,
    cushion,
    lathe,
    loft,
    prism,
    rod,
    smooth,
    torus,
    tube,
)

# Radius at the top of a straight shade, relative to that at the bottom.
_STRAIGHT = {"drum": (0.88, 1.0), "empire": (0.5, 0.8), "coolie": (0.14, 0.4), "cone": (0.08, 0.3)}
# Radius and height of curved shades, from the opening up.
_CURVED = {"bell": [(1, 0), (0.8, 0.18), (0.64, 0.5), (0.5, 1)], "spot": [(1, 0), (0.97, 0.35), (0.75, 0.75), (0.3, 1)],
           "tulip": [(0.75, 0), (1, 0.4), (0.8, 0.75), (0.3, 1)], "barrel": [(0.75, 0), (1, 0.5), (0.75, 1)],
           "trumpet": [(1, 0), (0.62, 0.18), (0.38, 0.5), (0.25, 1)],
           "onion": [(0.5, 0), (1, 0.35), (0.6, 0.7), (0.15, 1)]}
_ARCS = {"dome": (0, 84), "saucer": (0, 84), "globe": (-62, 84)}

_TURNED = {"vase": [(0.5, 0), (1, 0.38), (0.62, 0.72), (0.22, 0.9), (0.25, 1)],
           "gourd": [(0.5, 0), (1, 0.25), (0.42, 0.52), (0.65, 0.72), (0.2, 1)],
           "jar": [(0.55, 0), (0.7, 0.1), (1, 0.6), (0.8, 0.85), (0.3, 0.92), (0.3, 1)],
           "bottle": [(0.9, 0), (1, 0.1), (1, 0.5), (0.35, 0.75), (0.28, 1)],
           "egg": [(0.35, 0), (1, 0.45), (0.2, 1)], "bell": [(1, 0), (0.75, 0.2), (0.35, 0.6), (0.2, 1)],
           "hourglass": [(1, 0), (0.35, 0.5), (0.8, 1)]}


def shell(profile: np.ndarray, thickness: float, section: np.ndarray) -> Mesh:
    """A wall about the y axis that is open at both ends.

    profile : (k, 2) radius and height of its outside, from the bottom up
    section : (m, 2) outline of radius 1 or so, scaled by the profile's radius
    """
    profile = np.asarray(profile, float)
    along = np.gradient(profile, axis=0)
    inwards = np.stack([-along[:, 1], along[:, 0]], 1) / np.maximum(np.linalg.norm(along, axis=1), 1e-9)[:, None]
    inside = profile + thickness * inwards
    inside[:, 0] = np.maximum(inside[:, 0], 0.3 * profile[:, 0])
    around = np.concatenate([profile, inside[::-1]])
    rings = np.empty((len(around), len(section), 3))
    rings[..., 0], rings[..., 2] = around[:, :1] * section[:, 0], around[:, :1] * section[:, 1]
    rings[..., 1] = around[:, 1:]
    return loft(rings, closed=True)


def _section(random: Generator) -> np.ndarray:
    kind = pick(random, {"round": 78, "square": 8, "polygon": 7, "pleated": 7})
    if kind == "square":
        return np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * 0.8
    if kind == "polygon":
        return circle(int(random.integers(5, 11)))
    if kind == "pleated":
        return circle(48) * np.where(np.arange(48) % 2, 1.0, random.uniform(0.93, 0.97))[:, None]
    return circle(int(random.choice([16, 20, 24, 32])))


def shade(random: Generator, style: str, radius: float, height: float) -> Mesh:
    """A thin shade whose opening is at y = 0 and looks down; a globe is as high as it must be."""
    if style in _STRAIGHT:
        profile = np.array([(1, 0), (random.uniform(*_STRAIGHT[style]), 1)])
    elif style in _CURVED:
        profile = smooth(_CURVED[style], 10)
    else:
        profile = arc(1.0, *_ARCS[style], 10)
        profile[:, 1] = (profile[:, 1] - profile[0, 1]) / np.ptp(profile[:, 1])
    if style in ("globe", "saucer"):
        height = radius * (1.85 if style == "globe" else random.uniform(0.25, 0.45))
    section = circle(20) if style in ("globe", "trumpet", "onion", "tulip") else _section(random)
    mesh = shell(profile * (radius, height), random.uniform(0.012, 0.04) * radius, section)
    return stretch(mesh, (1, 1, random.uniform(0.6, 0.8))) if random.random() < 0.05 else mesh


def rim(mesh: Mesh) -> tuple[float, float]:
    """Height of a shade's upper edge and the radius within it."""
    top = mesh.vertices[:, 1].max()
    edge = mesh.vertices[mesh.vertices[:, 1] > top - 0.02 * np.ptp(mesh.vertices[:, 1])]
    return float(top), float(np.hypot(edge[:, 0], edge[:, 2]).min())


def bulb(random: Generator, radius: float) -> Mesh:
    """A light bulb that stands on its socket end."""
    kind = pick(random, {"pear": 45, "globe": 20, "candle": 15, "tube": 10, "spiral": 10})
    if kind == "globe":
        return join(move(ball(radius, 14), (0, 1.6 * radius, 0)), rod((0, 0, 0), (0, radius, 0), 0.4 * radius))
    if kind == "tube":
        return lathe(np.array([(0.5, 0), (0.5, 1), (0.3, 1), (0.3, 3.2), (0.15, 3.4)]) * radius, 12)
    if kind == "spiral":
        turns = np.linspace(0, 6 * np.pi, 36)
        coil = np.stack([0.6 * np.cos(turns), 1 + turns / 9, 0.6 * np.sin(turns)], 1)
        return join(tube(coil * radius, 0.16 * radius, circle(6)), rod((0, 0, 0), (0, 1.05 * radius, 0), 0.6 * radius))
    if kind == "candle":
        return flame(radius)
    profile = smooth([(0.42, 0), (0.42, 0.6), (0.7, 1.3), (1, 2.1), (0.75, 2.8), (0.1, 3.05)], 12)
    return lathe(profile * radius, 14)


def flame(radius: float) -> Mesh:
    """A candle-shaped bulb that stands on its socket end."""
    return lathe(smooth([(0.4, 0), (0.45, 0.5), (0.8, 1.4), (0.45, 2.6), (0.03, 3.4)], 9) * radius, 12)


def turned(random: Generator, radius: float, height: float, style: str = "") -> Mesh:
    """A turned or blown body."""
    style = style or pick(random, dict.fromkeys(_TURNED, 1.0))
    shares = np.array(_TURNED[style], float)
    shares[1:-1, 0] *= random.uniform(0.85, 1.15, len(shares) - 2)
    curve = smooth(shares, int(random.integers(14, 24)))
    curve[:, 0] = np.clip(curve[:, 0], 0.06, 1.2)
    return lathe(curve * (radius, height), int(random.choice([6, 8, 16, 20, 24], p=[0.05, 0.05, 0.2, 0.5, 0.2])))


def baluster(random: Generator, radius: float, height: float) -> Mesh:
    """A column of discs, balls and tapered pieces on one axis."""
    count = int(random.integers(3, 8))
    cuts = np.concatenate([[0], np.cumsum(random.uniform(0.4, 1.6, count))])
    cuts *= height / cuts[-1]
    pieces = [rod((0, 0, 0), (0, height, 0), 0.2 * radius)]
    for low, high in pairwise(cuts):
        width, size = radius * random.uniform(0.35, 1), high - low
        form = pick(random, {"ball": 2, "cone": 2, "cylinder": 1, "ring": 1})
        if form == "ball":
            piece = stretch(ball(size / 2, 12), (2 * width / size, 1, 2 * width / size))
        elif form == "ring":
            piece = stretch(torus(0.7 * width, 0.3 * width, 16), (1, max(0.4, size / width), 1))
        else:
            piece = cone(width, width * (random.uniform(0.3, 1) if form == "cone" else 1), size, 16)
        pieces.append(move(piece, (0, (low + high) / 2, 0)))
    return join(*pieces)


def sculpture(random: Generator, radius: float, height: float) -> Mesh:
    """An irregular figure of a few lumps."""
    count = int(random.integers(3, 6))
    levels = (np.arange(count) + 0.5) / count * height
    lumps = []
    for level in levels:
        lump = cushion(random.uniform(0.8, 1.7, 3) * (radius, 0.8 * height / count, radius), 0.8, 12)
        x, z = random.uniform(-0.25, 0.25, 2) * radius
        lumps.append(move(turn(lump, "y", random.uniform(0, 90)), (x, level, z)))
    stem = rod((0, 0, 0), (0, height, 0), 0.15 * radius)
    return join(stem, *(move(lump, (0, -min(0.0, lump.vertices[:, 1].min()), 0)) for lump in lumps))


def blocks(random: Generator, radius: float, height: float) -> Mesh:
    """A square or many-sided column, tapered, or several blocks on each other."""
    count = int(random.choice([1, 1, 2, 3, 4]))
    sides = int(random.choice([4, 4, 4, 6, 8]))
    outline = circle(sides) if sides > 4 else np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * 0.72
    pieces, size = [], height / count
    ends = random.uniform(0.6, 1, 2) if count == 1 else np.ones(2)
    for number in range(count):
        low, high = np.insert(outline, 1, 0, 1), np.insert(outline, 1, 1, 1)
        piece = loft(np.stack([low * (ends[0], 1, ends[0]), high * (ends[1], 1, ends[1])]))
        piece = turn(stretch(piece, (radius, size, radius)), "y", random.choice([0, 0, 15, 45]) if count > 1 else 0)
        pieces.append(move(piece, (0, number * size, 0)))
    return join(*pieces)


def feet(random: Generator, radius: float) -> tuple[list[Mesh], float]:
    """The discs or plinths of a base, from the lowest up, each a part; and their height together."""
    meshes: list[Mesh] = []
    level = 0.0
    square = random.random() < 0.25
    for _ in range(int(random.choice([1, 2, 3], p=[0.68, 0.22, 0.1]))):
        height = radius * (random.uniform(0.08, 0.3) if not meshes else random.uniform(0.08, 0.5))
        form = "box" if square else pick(random, {"disc": 5, "dome": 3, "bell": 2, "prism": 0.6})
        meshes.append(move(_foot(form, radius, height, random), (0, level, 0)))
        level += 0.98 * height
        radius *= random.uniform(0.45, 0.85)
    return meshes, level


def _foot(form: str, radius: float, height: float, random: Generator) -> Mesh:
    if form == "box":
        size = (1.8 * radius, height, 1.8 * radius * random.choice([1, 1, 0.75]))
        return move(box(size, 0.1 * height), (0, height / 2, 0))
    if form == "dome":
        curve = np.insert(arc(1.0, 0, 80, 8), 0, (1, -0.18), 0)
        return lathe((curve - np.array([0, -0.18])) * (radius, height / 1.165), 24)
    if form == "bell":
        return lathe(smooth([(1, 0), (0.95, 0.15), (0.5, 0.4), (0.22, 1)], 9) * (radius, height * 1.3), 24)
    outline = circle(6 if form == "prism" else 28)
    return move(prism(outline * radius, height, min(0.15 * height, 0.1 * radius)), (0, height / 2, 0))


def chain(length: float, size: float) -> Mesh:
    """Links of about ``size`` that hang from the origin, down by ``length``."""
    wire = 0.11 * size
    count = int(np.clip(round(length / (size - 2 * wire)), 2, 26))
    pitch = (length - 2 * wire) / count
    straight = 0.5 * (pitch + 2 * wire) - 0.3 * size
    half = arc(0.3 * size, 0, 180, 5)
    half[:, 1] += max(straight, 0.0)
    outline = np.concatenate([half, -half])
    link = tube(np.insert(outline, 2, 0, 1), wire, circle(5), closed=True)
    return join(*(move(turn(link, "y", 90 * (number % 2)), (0, -wire - (number + 0.5) * pitch, 0))
                  for number in range(count)))


def finial(random: Generator, size: float) -> Mesh:
    """A knob that stands."""
    if random.random() < 0.5:
        return lathe(smooth([(0.3, 0), (0.2, 0.3), (0.6, 0.7), (0.05, 1.3)], 9) * size, 12)
    return join(move(ball(0.5 * size, 12), (0, 0.8 * size, 0)), rod((0, 0, 0), (0, 0.6 * size, 0), 0.2 * size))
