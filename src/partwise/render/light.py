"""Soft light: a bright lamp above the viewer's left shoulder and a sky, both made of many small lamps with shadows."""

import numpy as np

from partwise.render.raster import DepthBuffer
from partwise.render.surface import Surface, turned

_MAP = 320
"""Samples a side of a lamp's depth buffer."""
_SCALE, _DEPTH = (_MAP - 3) / 2, 0.48
"""Samples and depth of a unit of length in it."""
_SETS = 9
"""Lamps are dealt to this many sets; neighbouring samples use different ones, and their mean is the picture
(interleaved sampling, Keller and Heidrich 2001)."""
_IN_KEY, _IN_SKY = 2, 3
_KEY = np.array([-0.45, 0.75, 0.6])
_KEY_WIDTH = 0.32
_KEY_LIGHT, _SKY_LIGHT, _FILL_LIGHT = 0.4, 0.34, 0.54
_OFFSET = 0.012
"""Shadows start this far above the surface, in units of the scene's radius, so that it does not shade itself."""


def lamps() -> tuple[np.ndarray, np.ndarray]:
    """Unit directions (sets, lamps, 3) along the viewer's axes, and (lamps,) brightness."""
    n_key, n_sky = _SETS * _IN_KEY, _SETS * _IN_SKY
    key = _KEY / np.linalg.norm(_KEY) + _KEY_WIDTH * _spiral(n_key)
    sky = _spiral(2 * n_sky)
    sky = sky[sky[:, 1] > 0][:n_sky]
    sets = np.concatenate([key.reshape(_IN_KEY, _SETS, 3), sky.reshape(_IN_SKY, _SETS, 3)]).transpose(1, 0, 2)
    brightness = np.repeat([_KEY_LIGHT / _IN_KEY, 2 * _SKY_LIGHT / _IN_SKY], [_IN_KEY, _IN_SKY])
    return sets / np.linalg.norm(sets, axis=2, keepdims=True), brightness


def _spiral(count: int) -> np.ndarray:
    """(count, 3) evenly spread unit vectors (Fibonacci's lattice), top to bottom in y."""
    height = 1 - (2 * np.arange(count) + 1) / count
    angle = np.arange(count) * np.pi * (3 - np.sqrt(5))
    flat = np.sqrt(1 - height ** 2)
    return np.stack([flat * np.cos(angle), height, flat * np.sin(angle)], 1)


class Lamps:
    """The lamps, with a depth buffer each, that light a surface."""

    def __init__(self, surface: Surface) -> None:
        self._directions, self._brightness = lamps()
        self._depths = [[_depths(surface, direction) for direction in one] for one in self._directions]

    def light(self, points: np.ndarray, normals: np.ndarray, sets: np.ndarray) -> np.ndarray:
        """(N,) float64 brightness, 0 to about 1, of points (N, 3) with unit normals (N, 3) towards the viewer.

        sets : (N,) int, which set of lamps lights each point
        """
        result: np.ndarray = _FILL_LIGHT * (0.5 + 0.5 * normals[:, 2])
        lifted = points + _OFFSET * normals
        for number, (directions, buffers) in enumerate(zip(self._directions, self._depths, strict=True)):
            mine = np.flatnonzero(sets == number)
            facing = np.maximum(turned(normals[mine], directions), 0)  # (n, lamps)
            for lamp, depths in enumerate(buffers):
                column, row, depth = _project(lifted[mine], directions[lamp]).T
                cell = np.rint(row).astype(np.int64) * _MAP + np.rint(column).astype(np.int64)
                lit = depths[np.clip(cell, 0, _MAP ** 2 - 1)] >= depth
                result[mine] += self._brightness[lamp] * facing[:, lamp] * lit
        return result


def _project(points: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """(N, 3) column, row and depth, 0 nearest to the lamp, of points (N, 3)."""
    side = np.cross(direction, np.eye(3)[np.abs(direction).argmin()])
    side /= np.linalg.norm(side)
    axes = np.stack([_SCALE * side, _SCALE * np.cross(direction, side), -_DEPTH * direction])
    return turned(points, axes) + np.array([(_MAP - 1) / 2, (_MAP - 1) / 2, 0.5])


def _depths(surface: Surface, direction: np.ndarray) -> np.ndarray:
    """(_MAP * _MAP,) float32 depths seen from a lamp."""
    buffer = DepthBuffer.empty(_MAP)
    buffer.add_triangles(_project(surface.vertices, direction)[surface.faces])
    buffer.add_balls(_project(surface.centres, direction), surface.radii * _SCALE, surface.radii * _DEPTH)
    return buffer.depths()
