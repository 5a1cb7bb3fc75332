"""Solids that chairs need beyond `partwise.synth.solids`: panels of any outline, hoops, pillars and sticks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.placing import move, turn, warp
from partwise.synth.solids import Point, circle, loft, rounded_rectangle, sheet, tube


def outline(width: float, height: float, low: float = 0.0, high: float = 0.0, step: float = 0.07) -> np.ndarray:
    """(m, 2) points of a rectangle, centred in x and standing on y = 0, counter-clockwise.

    low, high : radii of the lower and upper corners
    step : longest edge, so that it can be bent
    """
    low = min(low, 0.49 * width, 0.49 * height)
    high = min(high, 0.49 * width, 0.98 * height - low)
    rows = []
    for quarter, (x, y, radius) in enumerate(((1, 1, high), (-1, 1, high), (-1, 0, low), (1, 0, low))):
        angle = (np.linspace(0, 1, 5 if radius > 0 else 1) + quarter) * np.pi / 2
        centre = (x * (width / 2 - radius), radius if y == 0 else height - radius)
        rows.append(centre + radius * np.stack([np.cos(angle), np.sin(angle)], 1) if radius > 0 else np.array(
            [[x * width / 2, y * height]]))
    return dense(np.concatenate(rows), step)


def dense(points: np.ndarray, longest: float) -> np.ndarray:
    """A closed outline with points added until no edge is longer than ``longest``."""
    rows = []
    for start, end in zip(points, np.roll(points, -1, 0), strict=True):
        pieces = max(1, int(np.ceil(np.linalg.norm(end - start) / longest)))
        rows.append(start + (end - start) * np.arange(pieces)[:, None] / pieces)
    return np.concatenate(rows)


def shaped(points: np.ndarray, taper: float = 1.0, waist: float = 0.0, crest: float = 0.0) -> np.ndarray:
    """An outline that stands on y = 0 with its top ``taper`` times as wide, drawn in at the waist, arched by crest."""
    height, half = points[:, 1].max(), np.abs(points[:, 0]).max()
    share = points[:, 1] / height
    x = points[:, 0] * (1 + (taper - 1) * share) * (1 - waist * np.sin(np.pi * share))
    return np.stack([x, points[:, 1] + crest * share * (1 - (points[:, 0] / half) ** 2)], 1)


def ellipse(width: float, height: float, power: float = 1.0, sides: int = 32) -> np.ndarray:
    """An ellipse that stands on y = 0; a power below 1 makes it squarer."""
    ring = circle(sides)
    ring = np.sign(ring) * np.abs(ring) ** power
    return ring * [width / 2, height / 2] + [0, height / 2]


def grown(points: np.ndarray, by: float) -> np.ndarray:
    """A counter-clockwise outline moved outwards along its normals, inwards if ``by`` is negative."""
    ahead = np.roll(points, -1, 0) - np.roll(points, 1, 0)
    normals = np.stack([ahead[:, 1], -ahead[:, 0]], 1)
    return np.asarray(points + by * normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9))


def panel(points: np.ndarray, thickness: float, edge: float = 0.3, dome: float = 0.0, behind: float = 0.0) -> Mesh:
    """A board in the xy plane with inner vertices, so that it bends; it is centred on z = 0.

    points : (m, 2) counter-clockwise outline, star-shaped about its centroid
    edge : radius of the rounded edge as a share of half the thickness
    dome, behind : how far the middle of the front and of the back swells
    """
    half = thickness / 2
    radius = min(edge, 0.98) * half
    inner, centre = grown(points, -radius), points.mean(0)
    levels = [(-half - behind * (1 - s * s), centre + (inner - centre) * s)
              for s in (0.4, 0.75)] if points.size > 8 else []
    for side, turns in ((-1, (0.0, 0.5, 1.0)), (1, (1.0, 0.5, 0.0))):
        for angle in (np.array(turns) * np.pi / 2 if radius > 0.002 else [np.pi / 2]):
            z = half - radius * (1 - np.cos(angle))
            levels.append((side * z, grown(points, -radius * (1 - np.sin(angle)))))
    levels += [(half + dome * (1 - s * s), centre + (inner - centre) * s)
               for s in (0.75, 0.4)] if points.size > 8 else []
    return loft(np.stack([np.column_stack([ring, np.full(len(ring), z)])[::-1] for z, ring in levels]))


def hoop(points: np.ndarray, width: float, thickness: float) -> Mesh:
    """A frame of rectangular section along an outline in the xy plane, its outer edge on the outline."""
    inner, half = grown(points, -width), thickness / 2
    rings = ((points, half), (points, -half), (inner, -half), (inner, half))
    return loft(np.stack([np.column_stack([ring, np.full(len(ring), z)]) for ring, z in rings]), closed=True)


def lay(mesh: Mesh, y: float = 0.0, z: float = 0.0) -> Mesh:
    """Lay down what stands in the xy plane: its front looks up at height y, its top points to the rear from z."""
    return move(turn(mesh, "x", -90), (0, y, z))


def pillar(radii: Sequence[float] | np.ndarray, section: np.ndarray, heights: np.ndarray | None = None,
           sway: np.ndarray | None = None) -> Mesh:
    """A stack of scaled sections (m, 2) in x and z over y = 0 ... 1, each moved by its row of sway (k, 2)."""
    radii = np.asarray(radii, float)
    heights = np.linspace(0, 1, len(radii)) if heights is None else heights
    rings = np.empty((len(radii), len(section), 3))
    rings[..., [0, 2]] = radii[:, None, None] * section + (0 if sway is None else sway[:, None])
    rings[..., 1] = heights[:, None]
    return loft(rings)


def stand(mesh: Mesh, foot: Point, top: Point) -> Mesh:
    """Shear a pillar so that it runs from foot to top with both ends level."""
    start, end = np.asarray(foot, float), np.asarray(top, float)
    return warp(mesh, lambda points: start + points[:, 1:2] * (end - start) + points * [1, 0, 1])


@dataclass(frozen=True)
class Stick:
    """The slim bar that a chair repeats: section (m, 2), and how thick it is along its length."""

    section: np.ndarray
    radii: np.ndarray

    def run(self, start: Point, end: Point, up: Point = (0, 0, 1), sag: Point = (0, 0, 0)) -> Mesh:
        """The bar between two points; its second axis lies nearest to ``up``, its middle is moved by ``sag``."""
        share = np.linspace(0, 1, len(self.radii))[:, None]
        line = np.asarray(start, float) * (1 - share) + np.asarray(end, float) * share
        return tube(line + 4 * share * (1 - share) * np.asarray(sag, float), self.radii, self.section, up=up)


def flat_stick(width: float, depth: float, radius: float = 0.0, points: int = 7) -> Stick:
    """A rectangular bar, ``depth`` along the direction called up where it is run."""
    return Stick(rounded_rectangle(width, depth, radius, 2), np.ones(points))


def round_stick(radius: float, points: int = 7) -> Stick:
    return Stick(radius * circle(10), np.ones(points))


def tube_along(path: np.ndarray, radius: float, closed: bool = False) -> Mesh:
    """A round tube with the fewest sides that still look round."""
    return tube(path, radius, circle(10), closed=closed)


def fillet(points: np.ndarray, radius: float, steps: int = 5) -> np.ndarray:
    """An open polyline (k, 3) with its inner corners rounded."""
    rows = [points[:1]]
    for before, corner, after in zip(points[:-2], points[1:-1], points[2:], strict=True):
        one, other = before - corner, after - corner
        reach = min(radius, 0.45 * np.linalg.norm(one), 0.45 * np.linalg.norm(other))
        start, end = corner + reach * one / np.linalg.norm(one), corner + reach * other / np.linalg.norm(other)
        share = np.linspace(0, 1, steps)[:, None]
        rows.append((1 - share) ** 2 * start + 2 * share * (1 - share) * corner + share ** 2 * end)
    return np.concatenate([*rows, points[-1:]])


def evenly(points: np.ndarray, count: int) -> np.ndarray:
    """(count, d) points at equal steps along an open polyline (k, d)."""
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    at = np.linspace(0, length[-1], count)
    return np.stack([np.interp(at, length, column) for column in points.T], 1)


def ribbon(profile: np.ndarray, half: np.ndarray | float, thick: float, dish: np.ndarray | float = 0.0,
           columns: int = 9) -> Mesh:
    """A curved board of mirror symmetry.

    profile : (k, 2) points of its middle line in z and y, from the seat's front to the back's top
    half : half its width, at each point if (k,)
    dish : how far its edges rise to the sitter's side
    """
    count = len(profile)
    ahead = np.gradient(profile, axis=0)
    normals = np.stack([ahead[:, 1], -ahead[:, 0]], 1) / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    across = np.linspace(1, -1, columns)
    lifted = profile[:, None] + normals[:, None] * (np.broadcast_to(dish, count)[:, None] * across ** 2)[..., None]
    x = np.broadcast_to(half, count)[:, None] * across
    return sheet(np.stack([x, lifted[..., 1], lifted[..., 0]], 2), thick)
