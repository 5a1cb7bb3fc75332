"""What is drawn, and from where."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from partwise.errors import InputError
from partwise.mesh import Mesh, PointCloud

PLAIN = (196, 198, 202)
"""The grey of what has no colours."""


@dataclass(frozen=True)
class View:
    """A direction to look from, in degrees; y is up.

    azimuth : 0 looks from +z, the front of PartNet's shapes, 90 from +x
    elevation : 0 looks level, 90 from straight above; from -90 to 90
    field_of_view : the larger, the stronger the perspective
    """

    azimuth: float = 35.0
    elevation: float = 22.0
    field_of_view: float = 18.0

    def __post_init__(self) -> None:
        if not np.isfinite(self.azimuth):
            raise InputError(f"the azimuth is {self.azimuth}, expected degrees")
        if not -90 <= self.elevation <= 90:
            raise InputError(f"the elevation is {self.elevation}, expected degrees from -90 to 90")
        if not 0 < self.field_of_view <= 120:
            raise InputError(f"the field of view is {self.field_of_view}, expected degrees above 0, at most 120")

    def axes(self) -> np.ndarray:
        """(3, 3) float64, rows: unit vectors to the right, up and towards the viewer."""
        azimuth, elevation = np.radians([self.azimuth, self.elevation])
        right = np.array([np.cos(azimuth), 0, -np.sin(azimuth)])
        towards = np.array([np.sin(azimuth) * np.cos(elevation), np.sin(elevation),
                            np.cos(azimuth) * np.cos(elevation)])
        return np.stack([right, np.cross(towards, right), towards])


@dataclass(frozen=True)
class ColouredMesh:
    """A mesh to draw.

    colours : (F, 3) uint8 of its faces, or (3,) for all. InputError: another shape or type
    """

    mesh: Mesh
    colours: np.ndarray | Sequence[int] = PLAIN

    def __post_init__(self) -> None:
        object.__setattr__(self, "colours", _colours(self.colours, len(self.mesh.faces), "faces"))


@dataclass(frozen=True)
class ColouredPoints:
    """A point cloud to draw, each point as a ball; its normals, where it has them, shade it as a surface.

    colours : (N, 3) uint8 of its points, or (3,) for all. InputError: another shape or type
    radius : of the balls, in the units of the points; if None so large that they nearly close the surface
    """

    cloud: PointCloud
    colours: np.ndarray | Sequence[int] = PLAIN
    radius: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "colours", _colours(self.colours, len(self.cloud.points), "points"))
        if self.radius is None:
            object.__setattr__(self, "radius", ball_radius(self.cloud.points))
        elif not 0 < self.radius < np.inf:
            raise InputError(f"the radius of points is {self.radius}, expected a positive number")


Item = ColouredMesh | ColouredPoints


def ball_radius(points: np.ndarray) -> float:
    """The median distance to the fourth nearest other point, times 0.65, within 0.2 % to 1.8 % of the extent.

    1.0 where there is no extent. Measured at 2,000 points at most, evenly taken.
    """
    points = np.asarray(points, np.float64)
    extent = float(np.linalg.norm(np.ptp(points, axis=0)))
    if extent == 0:
        return 1.0
    tried = points[np.linspace(0, len(points) - 1, min(len(points), 2000)).astype(int)]
    distances = cKDTree(points).query(tried, k=min(5, len(points)))[0][:, -1]
    return float(np.clip(0.65 * np.median(distances), 0.002 * extent, 0.018 * extent))


def _colours(colours: np.ndarray | Sequence[int], count: int, name: str) -> np.ndarray:
    """(count, 3) uint8 of what was given."""
    given = np.asarray(colours)
    if given.shape == (3,) and given.dtype.kind in "iu" and given.min() >= 0 and given.max() <= 255:
        return np.broadcast_to(given.astype(np.uint8), (count, 3))
    if given.dtype != np.uint8 or given.shape != (count, 3):
        raise InputError(f"colours are {given.dtype} of shape {given.shape}, expected uint8 of shape {(count, 3)}, "
                         f"one for each of the {name}, or three numbers from 0 to 255")
    return given
