"""A depth buffer in NumPy: which triangle or ball is nearest at each sample of a picture.

It needs no screen, graphics driver or system library, so it draws the same picture in a container, on a server and
on a laptop.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

_EMPTY = np.iinfo(np.int64).max
_CHUNK = 1 << 20
"""Fragments at a time, which bounds the memory."""
_DEPTHS = float(1 << 30)
_EDGE = 1e-6
"""Samples this close to an edge, in pixels, belong to both triangles beside it, so that rounding leaves no crack."""


@dataclass(frozen=True)
class DepthBuffer:
    """The nearest surface at each sample.

    size : samples a side
    keys : (size * size,) int64: depth in the upper, number of the primitive in the lower 32 bits, so that the
        smallest key is the nearest, and among equally near ones the primitive that came first
    """

    size: int
    keys: np.ndarray

    @classmethod
    def empty(cls, size: int) -> "DepthBuffer":
        return cls(size, np.full(size * size, _EMPTY, np.int64))

    def ids(self) -> np.ndarray:
        """(size * size,) int64 number of the primitive, -1 where there is none."""
        return np.where(self.keys == _EMPTY, -1, self.keys & 0xFFFFFFFF)

    def depths(self) -> np.ndarray:
        """(size * size,) float32 depth in [0, 1]; above 1 where there is nothing."""
        return ((self.keys >> 32) / _DEPTHS).astype(np.float32)

    def add_triangles(self, corners: np.ndarray, first_id: int = 0) -> None:
        """Draw triangles, both sides.

        corners : (F, 3, 3) float: column and row of each corner, samples being at integers, and depth from 0, near,
            to 1, affine over the picture
        """
        for rows in _spans(corners, self.size):
            for part in _chunks(rows.count):
                count = rows.count[part]
                # each fragment's row, and its place in it
                row = np.repeat(np.arange(part.start, part.stop, dtype=np.int32), count)
                place = np.arange(len(row), dtype=np.int32) - np.repeat(np.cumsum(count) - count, count)
                depth = rows.depth[row] + rows.slope[row] * place
                self._put(rows.first[row] + place, depth, rows.owner[row] + first_id)

    def add_balls(self, centres: np.ndarray, radii: np.ndarray, depth_radii: np.ndarray, first_id: int = 0) -> None:
        """Draw balls.

        centres : (N, 3) float, column, row and depth as for triangles
        radii, depth_radii : (N,) float, their radius in samples and in depth
        """
        order = np.argsort(radii)
        steps = np.searchsorted(np.ceil(radii[order]), 2.0 ** np.arange(int(self.size).bit_length() + 1), side="right")
        for group in np.split(order, steps):  # of similar size, so that few samples around a ball are wasted
            if len(group):
                self._add_similar(centres[group], radii[group], depth_radii[group], group + first_id)

    def _add_similar(self, centres: np.ndarray, radii: np.ndarray, depth_radii: np.ndarray, owners: np.ndarray) -> None:
        reach = int(np.ceil(radii.max()))
        around = np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 2, indexing="ij"), -1).reshape(-1, 2)
        step = max(1, _CHUNK // len(around))
        for start in range(0, len(centres), step):
            part = slice(start, start + step)
            column, row, depth = centres[part, :, None].transpose(1, 0, 2)  # (n, 1) each
            across = np.rint(column).astype(np.int64) + around[:, 0]  # (n, k)
            down = np.rint(row).astype(np.int64) + around[:, 1]
            away = ((across - column) ** 2 + (down - row) ** 2) / radii[part, None] ** 2
            inside = (away <= 1) & (across >= 0) & (across < self.size) & (down >= 0) & (down < self.size)
            depth = depth - depth_radii[part, None] * np.sqrt(1 - np.minimum(away, 1))
            owner = np.broadcast_to(owners[part, None], inside.shape)
            self._put((down * self.size + across)[inside], depth[inside], owner[inside])

    def _put(self, sample: np.ndarray, depth: np.ndarray, owner: np.ndarray) -> None:
        key = (np.clip(depth, 0, 1) * _DEPTHS).astype(np.int64) << 32
        np.minimum.at(self.keys, sample, key | owner)


@dataclass(frozen=True)
class _Rows:
    """Runs of samples, each in one row of one triangle: (R,) first sample, length, depth there, slope, triangle."""

    first: np.ndarray
    count: np.ndarray
    depth: np.ndarray
    slope: np.ndarray
    owner: np.ndarray


def _spans(corners: np.ndarray, size: int) -> Iterator[_Rows]:
    """The samples that triangles cover, as runs along rows; triangles without any are left out."""
    corners = np.take_along_axis(corners, corners[:, :, 1].argsort(1)[:, :, None], 1)  # from top to bottom
    first_row = np.maximum(np.ceil(corners[:, 0, 1]), 0).astype(np.int64)
    last_row = np.minimum(np.floor(corners[:, 2, 1]), size - 1).astype(np.int64)
    height = np.maximum(last_row - first_row + 1, 0)
    for part in _chunks(height):
        count = height[part]
        owner = np.repeat(np.arange(part.start, part.stop), count)
        y = np.arange(len(owner)) + np.repeat(first_row[part] - np.cumsum(count) + count, count)
        left, left_depth, right, right_depth = _ends(corners[part], owner - part.start, y)
        first = np.maximum(np.ceil(left - _EDGE), 0)
        last = np.minimum(np.floor(right + _EDGE), size - 1)
        slope = (right_depth - left_depth) / np.maximum(right - left, 1e-3)
        depth = left_depth + slope * (first - left)
        kept = last >= first
        yield _Rows((y * size + first)[kept].astype(np.int64), (last - first + 1)[kept].astype(np.int64),
                    depth[kept], slope[kept], owner[kept])


def _ends(corners: np.ndarray, owner: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
    """Column and depth (R,) at the left end of rows ``y`` of triangles sorted from top to bottom, and at the right."""
    top, middle, bottom = corners.transpose(1, 2, 0)
    # one end is on the edge from top to bottom, the other on one of the two edges that meet in the middle
    long, upper, lower = _slopes(top, bottom), _slopes(top, middle), _slopes(middle, bottom)
    down, beyond = y - top[1][owner], y - middle[1][owner]
    below = beyond >= 0
    ends = []
    for axis, of_long, of_upper, of_lower in zip((0, 2), long, upper, lower, strict=True):
        one = top[axis][owner] + of_long[owner] * down
        other = middle[axis][owner] + np.where(below, of_lower[owner], of_upper[owner]) * beyond
        ends.append((one, other))
    (column, other_column), (depth, other_depth) = ends
    swap = column > other_column
    return (np.where(swap, other_column, column), np.where(swap, other_depth, depth),
            np.where(swap, column, other_column), np.where(swap, depth, other_depth))


def _slopes(start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Change of column and of depth a row along edges; 0 for level ones, which are met at one point at most."""
    rise = end[1] - start[1]
    steep = np.where(rise > 1e-9, rise, np.inf)
    return (end[0] - start[0]) / steep, (end[2] - start[2]) / steep


def _chunks(counts: np.ndarray) -> Iterator[slice]:
    """Slices of ``counts`` (n,) whose sums are near ``_CHUNK``."""
    total = np.cumsum(counts)
    if not len(total):
        return
    ends = np.searchsorted(total, np.arange(_CHUNK, total[-1] + _CHUNK, _CHUNK), side="left") + 1
    start = 0
    for end in np.unique(np.minimum(ends, len(counts))).tolist():
        yield slice(start, end)
        start = end
