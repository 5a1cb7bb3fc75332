"""Solids to build parts from. Almost all are a stack of rings; y is up, and lengths are in metres.

Every solid is closed, its faces wound outwards, and centred on the origin unless it runs between given points.
"""

from collections.abc import Sequence

import numpy as np

from partwise.mesh import Mesh

Point = Sequence[float] | np.ndarray
"""(3,) coordinates."""


def loft(rings: np.ndarray, closed: bool = False) -> Mesh:
    """Join rings of points to a surface.

    rings : (k, m, 3), k cross-sections of m points each, clockwise for one who looks against the direction of the
        stack: with y up, from x to z
    closed : the last ring is joined to the first, as in a torus; otherwise both ends are capped
    """
    k, m, _ = rings.shape
    index = np.arange(k * m).reshape(k, m)
    low, high = (index, np.roll(index, -1, 0)) if closed else (index[:-1], index[1:])
    right_low, right_high = np.roll(low, -1, 1), np.roll(high, -1, 1)
    sides = np.concatenate([np.stack([low, right_high, right_low], -1).reshape(-1, 3),
                            np.stack([low, high, right_high], -1).reshape(-1, 3)])
    vertices = rings.reshape(-1, 3)
    if closed:
        return Mesh(vertices, sides)
    centres = np.stack([rings[0].mean(0), rings[-1].mean(0)])
    bottom = np.stack([np.full(m, k * m), index[0], right_low[0]], -1)
    top = np.stack([np.full(m, k * m + 1), np.roll(index[-1], -1), index[-1]], -1)
    return Mesh(np.concatenate([vertices, centres]), np.concatenate([sides, bottom, top]))


def circle(sides: int = 16) -> np.ndarray:
    """(sides, 2) points of the unit circle, counter-clockwise."""
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle)], 1)


def rounded_rectangle(width: float, depth: float, radius: float = 0.0, steps: int = 3) -> np.ndarray:
    """(4 (steps + 1), 2) points, or the 4 corners for radius 0; counter-clockwise about the origin."""
    radius = min(radius, 0.499 * width, 0.499 * depth)
    angle = np.linspace(0, np.pi / 2, steps + 1) if radius > 0 else np.zeros(1)
    rows = []
    for quarter, (x, y) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        turned = angle + quarter * np.pi / 2
        rows.append(np.stack([x * (width / 2 - radius) + radius * np.cos(turned),
                              y * (depth / 2 - radius) + radius * np.sin(turned)], 1))
    if radius == 0:
        return np.array([[x * width / 2, y * depth / 2] for x, y in ((1, 1), (-1, 1), (-1, -1), (1, -1))])
    return np.concatenate(rows)


def prism(outline: np.ndarray, height: float, bevel: float = 0.0) -> Mesh:
    """An outline (m, 2) in x and z, star-shaped about its centroid, raised to ``height``; edges cut by ``bevel``."""
    outline = outline if _area(outline) > 0 else outline[::-1]
    centre = outline.mean(0)
    inner = centre + (outline - centre) * (1 - bevel / np.abs(outline - centre).max())
    half = height / 2
    levels = [(-half, outline), (half, outline)] if bevel <= 0 else [
        (-half, inner), (-half + bevel, outline), (half - bevel, outline), (half, inner)]
    return loft(np.stack([np.stack([ring[:, 0], np.full(len(ring), y), ring[:, 1]], 1) for y, ring in levels]))


def _area(outline: np.ndarray) -> float:
    following = np.roll(outline, -1, 0)
    return float((outline[:, 0] * following[:, 1] - following[:, 0] * outline[:, 1]).sum() / 2)


def box(size: Point, bevel: float = 0.0) -> Mesh:
    """A box of ``size`` (x, y, z) with all edges cut by ``bevel``."""
    return rounded_box(size, bevel, 1) if bevel > 0 else prism(rounded_rectangle(size[0], size[2]), size[1])


def rounded_box(size: Point, radius: float, steps: int = 3) -> Mesh:
    """A box of ``size`` (x, y, z) whose edges and corners are rounded; at most half of the shortest side."""
    half = np.asarray(size, float) / 2
    radius = min(radius, 0.999 * float(half.min()))
    rise = np.linspace(0, np.pi / 2, steps + 1)
    rings = []
    for side, angles in ((-1, rise[::-1]), (1, rise)):
        for angle in angles:
            grow = radius * (1 - np.cos(angle))
            outline = rounded_rectangle(2 * (half[0] - grow), 2 * (half[2] - grow),
                                        max(radius - grow, 1e-4 * radius), steps)
            y = side * (half[1] - radius + radius * np.sin(angle))
            rings.append(np.stack([outline[:, 0], np.full(len(outline), y), outline[:, 1]], 1))
    return loft(np.stack(rings))


def cushion(size: Point, squareness: float = 0.35, detail: int = 24) -> Mesh:
    """A pillow: a superellipsoid of ``size`` (x, y, z); squareness 1 is an ellipsoid, near 0 a box."""
    half = np.asarray(size, float) / 2

    def power(value: np.ndarray) -> np.ndarray:
        return np.sign(value) * np.abs(value) ** squareness

    rise, around = np.linspace(-np.pi / 2, np.pi / 2, detail // 2 + 1), np.linspace(0, 2 * np.pi, detail, False)
    rings = np.empty((len(rise), detail, 3))
    rings[..., 0] = half[0] * power(np.cos(rise))[:, None] * power(np.cos(around))
    rings[..., 1] = half[1] * power(np.sin(rise))[:, None]
    rings[..., 2] = half[2] * power(np.cos(rise))[:, None] * power(np.sin(around))
    return loft(rings)


def lathe(profile: np.ndarray, sides: int = 24) -> Mesh:
    """Turn a profile about the y axis.

    profile : (k, 2) of radius and height, from the bottom to the top; a vessel's goes up outside and down inside
    """
    ring = circle(sides)
    radius, height = np.asarray(profile, float).T
    rings = np.empty((len(radius), sides, 3))
    rings[..., 0], rings[..., 2] = radius[:, None] * ring[:, 0], radius[:, None] * ring[:, 1]
    rings[..., 1] = height[:, None]
    return loft(rings)


def cylinder(radius: float, height: float, sides: int = 24) -> Mesh:
    """A cylinder about the y axis."""
    return cone(radius, radius, height, sides)


def cone(bottom: float, top: float, height: float, sides: int = 24) -> Mesh:
    """A truncated cone about the y axis with radius ``bottom`` below and ``top`` above."""
    return lathe(np.array([[bottom, -height / 2], [top, height / 2]]), sides)


def ball(radius: float, sides: int = 16) -> Mesh:
    """A sphere."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, sides // 2 + 1)
    return lathe(radius * np.stack([np.cos(angle), np.sin(angle)], 1), sides)


def tube(path: np.ndarray, radius: float | np.ndarray, section: np.ndarray | None = None, closed: bool = False,
         up: Point = (0, 0, 1)) -> Mesh:
    """Sweep a cross-section along a curve without twisting it.

    path : (k, 3) points of the curve
    radius : the section is scaled by it, at each point if (k,)
    section : (m, 2) counter-clockwise about the origin; a circle if None. Its second axis starts nearest to ``up``
    closed : the path returns to its first point, which is not repeated
    """
    path = np.asarray(path, float)
    section = circle(12) if section is None else section
    tangents = _tangents(path, closed)
    side = _first_normal(tangents[0], np.asarray(up, float))
    rings = np.empty((len(path), len(section), 3))
    radii = np.broadcast_to(radius, len(path))
    for index, tangent in enumerate(tangents):
        side = side - tangent * (side @ tangent)  # carried along, made perpendicular again
        side /= np.linalg.norm(side)
        across = np.cross(side, tangent)
        rings[index] = path[index] + radii[index] * (section[:, :1] * across + section[:, 1:] * side)
    return loft(rings[:, ::-1], closed)


def _tangents(path: np.ndarray, closed: bool) -> np.ndarray:
    ahead = np.roll(path, -1, 0) - np.roll(path, 1, 0) if closed else np.gradient(path, axis=0)
    tangents: np.ndarray = ahead / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-12)
    return tangents


def _first_normal(tangent: np.ndarray, up: np.ndarray) -> np.ndarray:
    if np.linalg.norm(np.cross(tangent, up)) < 1e-6:
        up = np.roll(up, 1)
    normal = up - tangent * (up @ tangent)
    found: np.ndarray = normal / np.linalg.norm(normal)
    return found


def rod(start: Point, end: Point, radius: float, end_radius: float | None = None, sides: int = 12) -> Mesh:
    """A round bar between two points, tapered to ``end_radius`` if given."""
    radii = np.array([radius, radius if end_radius is None else end_radius])
    return tube(np.array([start, end], float), radii, circle(sides))


def beam(start: Point, end: Point, width: float, depth: float, taper: float = 1.0, radius: float = 0.0,
         up: Point = (0, 0, 1)) -> Mesh:
    """A bar of rectangular section between two points; ``depth`` is measured along ``up``, ``width`` across.

    taper : size of the section at the end relative to the start
    radius : of the rounded long edges
    """
    return tube(np.array([start, end], float), np.array([1.0, taper]), rounded_rectangle(width, depth, radius), up=up)


def torus(radius: float, thickness: float, sides: int = 32) -> Mesh:
    """A ring about the y axis with a tube of radius ``thickness``."""
    ring = radius * circle(sides)
    path = np.stack([ring[:, 0], np.zeros(sides), ring[:, 1]], 1)
    return tube(path, thickness, circle(10), closed=True, up=(0, 1, 0))


def sheet(grid: np.ndarray, thickness: float) -> Mesh:
    """A curved board: a grid of points (u, v, 3) thickened to both sides along its normals."""
    along, across = np.gradient(grid, axis=0), np.gradient(grid, axis=1)
    normals = np.cross(along, across)
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-12)
    front, back = grid + normals * thickness / 2, grid - normals * thickness / 2
    # each row of the grid becomes a flat ring: along the front, then back along the back
    return loft(np.concatenate([front, back[:, ::-1]], axis=1))


def arc(radius: float, start: float, stop: float, steps: int = 12) -> np.ndarray:
    """(steps, 2) points of a circle about the origin between two angles in degrees."""
    angle = np.radians(np.linspace(start, stop, steps))
    return radius * np.stack([np.cos(angle), np.sin(angle)], 1)


def smooth(points: Sequence[Point] | np.ndarray, steps: int = 16) -> np.ndarray:
    """(steps, d) points of a smooth curve through the given ones (cubic, by chord length)."""
    from scipy.interpolate import CubicSpline

    points = np.asarray(points, float)
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    found: np.ndarray = CubicSpline(length, points)(np.linspace(0, length[-1], steps))
    return found
