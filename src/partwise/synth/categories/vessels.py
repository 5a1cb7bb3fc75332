"""What bottles and mugs share: profiles with rounded corners, bodies that need not be round, and handles."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.placing import warp
from partwise.synth.solids import arc, circle, loft, smooth

Corner = tuple[float, float, float]
"""Radius (distance from the axis), height and rounding of a corner of a profile."""


def rounded_profile(corners: Sequence[Corner], steps: int = 5) -> np.ndarray:
    """(k, 2) of radius and height: the polygon through the corners, each cut by a smooth curve.

    A rounding is at most a little less than half of the shorter side next to it.
    """
    points = np.array([corner[:2] for corner in corners], float)
    rows = [points[:1]]
    for index in range(1, len(points) - 1):
        before, at, after = points[index - 1:index + 2]
        sides = np.linalg.norm(before - at), np.linalg.norm(after - at)
        cut = min(corners[index][2], 0.48 * float(min(sides)))
        if cut <= 1e-9:
            rows.append(at[None])
            continue
        start, stop = at + (before - at) * (cut / sides[0]), at + (after - at) * (cut / sides[1])
        t = np.linspace(0, 1, steps)[:, None]
        rows.append((1 - t) ** 2 * start + 2 * t * (1 - t) * at + t ** 2 * stop)
    return np.concatenate([*rows, points[-1:]])


def filled(profile: np.ndarray, longest: float) -> np.ndarray:
    """The profile with points put in so that none is further than ``longest`` from the next."""
    rows = [profile[:1]]
    for start, stop in pairwise(profile):
        pieces = int(np.ceil(np.linalg.norm(stop - start) / longest))
        rows.append(start + (stop - start) * np.linspace(0, 1, max(pieces, 1) + 1)[1:, None])
    return np.concatenate(rows)


def section(depth: float = 1.0, squareness: float = 2.0, sides: int = 28) -> np.ndarray:
    """(sides, 2) outline about the y axis, 1 wide to each side and ``depth`` deep; squareness 2 is an ellipse."""
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    reach = (np.abs(np.cos(angle)) ** squareness + np.abs(np.sin(angle)) ** squareness) ** (-1 / squareness)
    return np.stack([np.cos(angle), depth * np.sin(angle)], 1) * reach[:, None]


def vessel(profile: np.ndarray, outline: np.ndarray, roundness: np.ndarray | float = 0.0,
           ends: bool = False) -> Mesh:
    """The outline carried along a profile (k, 2) of scale and height; radius 0 closes it.

    roundness : (k,), 1 where the outline is to become a circle
    ends : both ends get a flat face
    """
    round_outline = outline / np.linalg.norm(outline, axis=1, keepdims=True)
    blend = np.broadcast_to(roundness, len(profile))[:, None, None]
    rings = np.empty((len(profile), len(outline), 3))
    rings[..., [0, 2]] = profile[:, :1, None] * ((1 - blend) * outline + blend * round_outline)
    rings[..., 1] = profile[:, 1:]
    mesh = loft(rings)
    faces = mesh.faces if ends else mesh.faces[:-2 * len(outline)]  # the last faces are those of the two ends
    corners = mesh.vertices[faces]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    return Mesh(mesh.vertices, faces[area > 1e-9 * area.max()])


def turned(profile: np.ndarray, sides: int = 24) -> Mesh:
    """A round vessel; open where the profile ends off the axis."""
    return vessel(profile, circle(sides))


def with_inside(profile: np.ndarray, wall: float, floor: float | None = None) -> np.ndarray:
    """The profile and, from its upper end downwards, its inner side at a distance of ``wall``.

    floor : lowest height of the inside, which then ends on the axis; None for a piece without a bottom
    """
    inner = np.stack([np.maximum(profile[:, 0] - wall, 0.2 * profile[:, 0]), profile[:, 1]], 1)[::-1]
    if floor is not None:
        below = len(inner) if (inner[:, 1] > floor).all() else int(np.argmax(inner[:, 1] <= floor))
        corner = np.interp(floor, np.maximum.accumulate(profile[:, 1]), inner[::-1, 0])
        inner = np.concatenate([inner[:below], [[corner, floor], [0.0, floor]]])
    return np.concatenate([profile, inner])


def poured(mesh: Mesh, above: float, strength: float, width: float = 35.0) -> Mesh:
    """Pull the rim out to a spout towards +x: what lies higher than ``above`` and within about ``width`` degrees."""
    def function(points: np.ndarray) -> np.ndarray:
        top = points[:, 1].max()
        rise = np.clip((points[:, 1] - above) / max(top - above, 1e-9), 0, 1) ** 2
        angle = np.degrees(np.arctan2(points[:, 2], points[:, 0]))
        pull = rise * np.exp(-(angle / width) ** 2)
        found = points.copy()
        found[:, [0, 2]] *= 1 + strength * pull[:, None]
        found[:, 1] += 0.15 * strength * (top - above) * pull
        return found

    return warp(mesh, function)


HANDLES = ("d", "c", "ear", "square", "question", "straight")


def handle_path(kind: str, top: Sequence[float], bottom: Sequence[float], reach: float) -> np.ndarray:
    """(k, 3) curve in the x-y plane from the upper to the lower point (x, y), bulging by ``reach`` to +x."""
    (top_x, top_y), (low_x, low_y) = top, bottom
    span, out = top_y - low_y, max(top_x, low_x) + reach
    if kind == "c":
        curve = arc(1.0, 90, -90, 15)
        path = np.stack([np.interp(curve[:, 1], [-1, 1], [low_x, top_x]) + curve[:, 0] * (out - max(top_x, low_x)),
                         (top_y + low_y) / 2 + curve[:, 1] * span / 2], 1)
    elif kind == "d":
        path = smooth([top, (out - 0.25 * reach, top_y + 0.02 * span), (out, top_y - 0.22 * span),
                       (out, low_y + 0.25 * span), (out - 0.3 * reach, low_y), bottom], 20)
    elif kind == "ear":
        path = smooth([top, (top_x + 0.6 * reach, top_y + 0.1 * span), (out, top_y - 0.15 * span),
                       (out - 0.25 * reach, low_y + 0.4 * span), bottom], 18)
    elif kind == "question":
        path = smooth([top, (top_x + 0.6 * reach, top_y + 0.08 * span), (out, top_y - 0.25 * span),
                       (out - 0.3 * reach, low_y + 0.3 * span), (low_x + 0.35 * reach, low_y + 0.1 * span), bottom,
                       (low_x + 0.25 * reach, low_y - 0.12 * span)], 22)
    elif kind == "square":
        corners = [(top_x, top_y, 0.0), (out, top_y, 0.25 * reach), (out, low_y, 0.25 * reach), (low_x, low_y, 0.0)]
        path = filled(rounded_profile(corners), 0.3 * span)
    else:
        path = np.linspace((top_x + reach, top_y), (low_x + reach, low_y), 6)
    return np.column_stack([path, np.zeros(len(path))])


def handle(path: np.ndarray, thickness: float, width: float, squareness: float = 2.0) -> Mesh:
    """A bar along the curve, ``thickness`` in its plane (x-y) and ``width`` across it."""
    return flat_tube(path, thickness, section(width / thickness, squareness, 12) / 2)


def flat_tube(path: np.ndarray, size: float | np.ndarray, outline: np.ndarray, closed: bool = False) -> Mesh:
    """Sweep an outline along a curve (k, 3) near the x-y plane: its first axis in the plane, its second along z.

    size : scales the outline, at each point if (k,)
    closed : the path returns to its first point, which is not repeated
    """
    ahead = np.roll(path, -1, 0) - np.roll(path, 1, 0) if closed else np.gradient(path, axis=0)
    ahead[:, 2] = 0
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    across = np.stack([-ahead[:, 1], ahead[:, 0], ahead[:, 2]], 1)
    scale = np.broadcast_to(size, len(path))[:, None, None]
    rings = path[:, None] + scale * (outline[:, :1] * across[:, None] + outline[:, 1:] * np.array([0.0, 0.0, 1.0]))
    return loft(rings[:, ::-1], closed)


def outside(mesh: Mesh, radius_at: Callable[[np.ndarray], np.ndarray], depth: float) -> Mesh:
    """Push what reaches into a vessel from +x back out, to ``depth`` below its surface."""
    def function(points: np.ndarray) -> np.ndarray:
        radius = np.maximum(radius_at(points[:, 1]) - depth, 0)
        least = np.sqrt(np.maximum(radius ** 2 - points[:, 2] ** 2, 0))
        return np.column_stack([np.maximum(points[:, 0], least), points[:, 1:]])

    return warp(mesh, function)
