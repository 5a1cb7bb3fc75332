"""Where a point of the scene falls in the picture."""

from dataclasses import dataclass

import numpy as np

from partwise.render.surface import Surface

_MARGIN = 0.06
"""Share of the picture left free on each side."""
_ROOM = 1.001
"""Depths end a little outside the unit ball, so that nothing on its very edge is cut."""


@dataclass(frozen=True)
class Camera:
    """A camera on the z axis that looks at the unit ball, and which part of its picture is used.

    distance : from the ball's centre
    scale : samples for a unit of the image plane, which is at distance 1
    shift : (2,) column and row of its centre
    """

    distance: float
    scale: float
    shift: np.ndarray

    @classmethod
    def framing(cls, surface: Surface, field_of_view: float, size: int) -> "Camera":
        """The camera in whose picture of ``size`` samples a side the surface is centred and just fits."""
        wide = cls(_ROOM / float(np.sin(np.radians(field_of_view / 2))), 1.0, np.zeros(2))
        corners = wide.project(surface.vertices)[:, :2]
        centres = wide.project(surface.centres)[:, :2]
        reach = (surface.radii * wide.nearness(surface.centres))[:, None]
        seen = np.concatenate([corners, centres - reach, centres + reach])
        low, high = seen.min(0), seen.max(0)
        extent = float((high - low).max())
        scale = (1 - 2 * _MARGIN) * size / extent if extent > 0 else 1.0
        # samples lie at the centres of their cells
        return cls(wide.distance, scale, (size - 1) / 2 - scale * (low + high) / 2)

    def nearness(self, points: np.ndarray) -> np.ndarray:
        """(N,) length in the image plane of a unit of length at points (N, 3)."""
        nearness: np.ndarray = 1 / (self.distance - points[:, 2])
        return nearness

    def project(self, points: np.ndarray) -> np.ndarray:
        """(N, 3) column, row and depth, 0 near to 1 far, of points (N, 3)."""
        nearness = self.nearness(points)
        plane = points[:, :2] * nearness[:, None] * [1, -1]
        near, far = self._range()
        return np.column_stack([plane * self.scale + self.shift, (near - nearness) / (near - far)])

    def unproject(self, columns: np.ndarray, rows: np.ndarray, depths: np.ndarray) -> np.ndarray:
        """(N, 3) points from (N,) columns, rows and depths."""
        near, far = self._range()
        away = 1 / (near - depths * (near - far))
        right = (columns - self.shift[0]) / self.scale * away
        up = (self.shift[1] - rows) / self.scale * away
        return np.stack([right, up, self.distance - away], 1)

    def depth_radii(self, points: np.ndarray, radii: np.ndarray) -> np.ndarray:
        """(N,) by how much the depth falls from the centre of a ball to its front."""
        near, far = self._range()
        nearness = self.nearness(points)
        return radii * nearness ** 2 / (near - far)

    def _range(self) -> tuple[float, float]:
        """Nearness of what is nearest and of what is farthest."""
        return 1 / (self.distance - _ROOM), 1 / (self.distance + _ROOM)
