"""Box-shaped spaces that are split into columns and rows, and boards that fill them."""

from typing import NamedTuple

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.placing import move
from partwise.synth.solids import box


class Cell(NamedTuple):
    """A space between six planes; x grows to the right, y upwards, z to the front."""

    left: float
    right: float
    bottom: float
    top: float
    back: float
    front: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def depth(self) -> float:
        return self.front - self.back

    @property
    def centre(self) -> tuple[float, float, float]:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2, (self.back + self.front) / 2

    def grown(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> "Cell":
        """Larger by so much at both ends of each axis; smaller if negative."""
        return Cell(self.left - x, self.right + x, self.bottom - y, self.top + y, self.back - z, self.front + z)

    def columns(self, shares: np.ndarray, gap: float) -> list["Cell"]:
        """Cells from left to right with gaps between them."""
        return [self._replace(left=low, right=high)
                for low, high in _spans(self.left, self.right, shares, gap)]

    def rows(self, shares: np.ndarray, gap: float) -> list["Cell"]:
        """Cells from the bottom to the top with gaps between them."""
        return [self._replace(bottom=low, top=high)
                for low, high in _spans(self.bottom, self.top, shares, gap)]


def around(width: float, height: float, depth: float, bottom: float = 0.0) -> Cell:
    """A cell that is centred in x and z and stands at a height."""
    return Cell(-width / 2, width / 2, bottom, bottom + height, -depth / 2, depth / 2)


def board(cell: Cell, bevel: float = 0.0) -> Mesh:
    """A solid box that fills the cell."""
    size = (cell.width, cell.height, cell.depth)
    return move(box(size, min(bevel, 0.3 * min(size))), cell.centre)


def _spans(start: float, stop: float, shares: np.ndarray, gap: float) -> list[tuple[float, float]]:
    lengths = (stop - start - gap * (len(shares) - 1)) * shares / shares.sum()
    ends = start + np.cumsum(lengths + gap) - gap
    return [(float(end - length), float(end)) for end, length in zip(ends, lengths, strict=True)]


def shares(random: np.random.Generator, count: int, spread: float = 0.0) -> np.ndarray:
    """(count,) parts of a whole, equal for a spread of 0."""
    parts = 1 + spread * random.uniform(-1, 1, count)
    found: np.ndarray = parts / parts.sum()
    return found
