"""What the parts of one chair agree on, and how random choices are made."""

from dataclasses import dataclass

import numpy as np

from partwise.synth.categories.chair.shapes import dense, ellipse, outline, shaped
from partwise.synth.chance import between, chance, pick


@dataclass(frozen=True)
class Plan:
    """A chair's main lengths in metres; the ground is y = 0, the seat is centred on x = z = 0.

    width, depth : of the seat
    height : of the seat's upper face
    thick : of the seat
    back : height of the back above the seat
    lean : degrees by which the back leans to the rear
    outline : (m, 2) of the seat in x and -z, counter-clockwise
    reach : how far out the legs may stand, 1 for a square seat
    lift : how much higher than elsewhere the seat's lower face is over the front and the rear legs
    """

    width: float
    depth: float
    height: float
    thick: float
    back: float
    lean: float
    outline: np.ndarray
    reach: float = 1.0
    lift: tuple[float, float] = (0.0, 0.0)

    @property
    def rear(self) -> float:
        """z of the seat's rear edge."""
        return -self.depth / 2

    @property
    def under(self) -> float:
        """Height of the seat's lower face."""
        return self.height - self.thick

    @property
    def rear_width(self) -> float:
        """Width of the seat at its rear, where posts can stand."""
        return float(np.ptp(self.outline[self.outline[:, 1] > 0.3 * self.depth, 0]))

    @property
    def middle_width(self) -> float:
        """Width of the seat half-way to its rear."""
        return float(np.ptp(self.outline[np.abs(self.outline[:, 1]) < 0.16 * self.depth, 0]))

    def back_z(self, above: float) -> float:
        """z of a straight back at a height above the seat."""
        return self.rear - float(np.tan(np.radians(self.lean))) * above


def draw_plan(random: np.random.Generator, *, width: tuple[float, float] = (0.38, 0.54),
              depth: tuple[float, float] = (0.38, 0.52), height: tuple[float, float] = (0.40, 0.50),
              thick: tuple[float, float] = (0.02, 0.07), back: tuple[float, float] = (0.34, 0.62),
              lean: tuple[float, float] = (0, 16), shape: str | None = None) -> Plan:
    """Draw the lengths from ranges and the seat's shape: square, narrow (to the rear), soft, bow, oval or any."""
    shape = shape or pick(random, {"square": 4, "narrow": 3, "soft": 2, "bow": 1.2, "oval": 0.8})
    w, d = between(random, *width), between(random, *depth)
    return Plan(w, d, between(random, *height), between(random, *thick), between(random, *back),
                between(random, *lean), seat_outline(random, shape, w, d), 0.74 if shape == "oval" else 1.0)


def seat_outline(random: np.random.Generator, shape: str, width: float, depth: float) -> np.ndarray:
    """(m, 2) outline of a seat in x and -z about the origin; its front is the lower side."""
    if shape == "oval":
        points = ellipse(width, depth, between(random, 0.7, 1))
    elif shape == "soft":
        points = outline(width, depth, between(random, 0.06, 0.16), between(random, 0.04, 0.14))
    elif shape == "bow":
        flipped = shaped(outline(width, depth, 0.0, between(random, 0.02, 0.1)), between(random, 1, 1.15),
                         crest=between(random, 0.02, 0.06))
        points = dense(flipped * [1, -1], 0.07)[::-1] + [0, depth]
    else:
        points = outline(width, depth, between(random, 0, 0.05), between(random, 0, 0.03))
    if shape in ("narrow", "soft", "bow") and chance(random, 0.8):
        points = shaped(points, between(random, 0.72, 0.97))
    return np.asarray(points - [0, depth / 2])
