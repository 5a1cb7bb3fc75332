"""Where a shape lies and how large it is: its minimal enclosing ball becomes the unit ball."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

_SLACK = 1e-10  # relative; float64 rounding when deciding whether a point lies in a ball
_MAX_STEPS = 1000


@dataclass(frozen=True)
class Ball:
    """centre : (3,) float64; radius : float."""

    centre: np.ndarray
    radius: float

    def normalise(self, points: np.ndarray) -> np.ndarray:
        """(N, 3) float32: this ball moved and scaled to the unit ball; a ball of radius 0 is only moved."""
        scale = 1 / self.radius if self.radius > 0 else 1.0
        return ((points - self.centre) * scale).clip(-1, 1).astype(np.float32)

    def restore(self, points: np.ndarray) -> np.ndarray:
        """The inverse of ``normalise``, float64."""
        return np.asarray(points, np.float64) * (self.radius if self.radius > 0 else 1.0) + self.centre


def enclosing_ball(points: np.ndarray) -> Ball:
    """The smallest ball that holds all points; exact up to float64 rounding.

    points : (N, 3), finite, N >= 1

    Welzl's insight in the form of an active set: the ball is set by at most four points. Starting from one, the
    point farthest outside joins the ball's support, and the smallest ball of these few is found by trying
    their subsets. The radius grows with every step, so no support recurs. A pass costs O(N); about ten are needed.
    """
    points = np.asarray(points, np.float64)
    support = points[:1]
    ball = Ball(support[0], 0.0)
    for _ in range(_MAX_STEPS):
        distance = np.linalg.norm(points - ball.centre, axis=1)
        farthest = int(distance.argmax())
        if distance[farthest] <= ball.radius * (1 + _SLACK):
            break
        grown, support_grown = _smallest_ball(np.concatenate([support, points[farthest:farthest + 1]]))
        if grown.radius <= ball.radius:  # rounding alone is left
            break
        ball, support = grown, support_grown
    return ball


def _smallest_ball(points: np.ndarray) -> tuple[Ball, np.ndarray]:
    """The smallest ball of at most five points, and the points that set it."""
    best: tuple[Ball, np.ndarray] | None = None
    slack = 1 + 1e-9
    for size in range(1, min(len(points), 4) + 1):
        for chosen in combinations(range(len(points)), size):
            subset = points[list(chosen)]
            ball = _circumscribed(subset)
            if best is not None and ball.radius >= best[0].radius:
                continue
            if np.linalg.norm(points - ball.centre, axis=1).max() <= ball.radius * slack + 1e-300:
                best = ball, subset
    if best is None:  # only by rounding, with nearly coplanar points: a ball that surely holds them
        centre = points.mean(0)
        best = Ball(centre, float(np.linalg.norm(points - centre, axis=1).max())), points[:4]
    return best


def _circumscribed(points: np.ndarray) -> Ball:
    """The smallest ball with all the given (at most four) points on its surface."""
    edges = points[1:] - points[0]
    if len(edges) == 0:
        return Ball(points[0], 0.0)
    # centre = p0 + E^T x with E E^T x = |E|^2 / 2; least squares copes with points on a line or plane
    solution = np.linalg.lstsq(edges @ edges.T, (edges**2).sum(1) / 2, rcond=None)[0]
    towards = edges.T @ solution
    return Ball(points[0] + towards, float(np.linalg.norm(points - points[0] - towards, axis=1).max()))
