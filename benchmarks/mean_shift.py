"""How fast mean shift is beside scikit-learn's, and how its cost grows.

Run: python -m benchmarks.mean_shift [--full] [--json FILE]

Measured is the grouping of one shape at one level: single-precision votes around centres in the unit ball, in six
classes of which each is clustered on its own, with bandwidth 0.1. scikit-learn is called class by class, partwise once.
They take turns, the least time of each counts, and their answers are compared. scikit-learn is held to one thread, with
which it is fastest here. ``--full`` also measures partwise alone, each case in a process of its own: the time of the
first call, and by how much resident memory grows meanwhile.
"""

import json
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import tyro
from sklearn.cluster import MeanShift
from threadpoolctl import threadpool_limits

from benchmarks.measure import alone, resident_peak
from partwise.cli.tables import new_table, show
from partwise.grouping.mean_shift import mean_shift

BANDWIDTH, N_CLASS = 0.1, 6


@dataclass(frozen=True)
class Settings:
    """Measure mean shift."""

    points: int = 10_000
    """Votes of the shape."""
    centres: int = 17
    """Centres that they lie around."""
    noise: tuple[float, ...] = (0.005, 0.01, 0.02, 0.04, 0.06, 0.1)
    """Standard deviations of the votes around their centres."""
    rounds: int = 3
    """How often each takes its turn."""
    full: bool = False
    """Also measure how time and memory grow."""
    seed: int = 0
    """Of the votes."""
    json: Path | None = None
    """File for all numbers."""


@dataclass(frozen=True)
class Comparison:
    """Seconds of both, whether they found the same partition, and how many clusters it has."""

    noise: float
    ours: float
    theirs: float
    same: bool
    clusters: int


@dataclass(frozen=True)
class Cost:
    """Of one call: seconds, MB of resident memory beyond those before it, and the clusters found."""

    case: str
    seconds: float
    memory: float
    clusters: int


def votes(random: np.random.Generator, n_point: int, n_centre: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """(N, 3) float32 votes and (N,) class; centre i is of class i modulo six."""
    centre = random.integers(0, n_centre, n_point)
    points = in_unit_ball(random, n_centre)[centre] + random.normal(0, noise, (n_point, 3))
    return points.astype(np.float32), centre % N_CLASS


def in_unit_ball(random: np.random.Generator, count: int) -> np.ndarray:
    direction = random.normal(size=(count, 3))
    return direction / np.linalg.norm(direction, axis=1, keepdims=True) * np.cbrt(random.random((count, 1)))


def scikit_learn(points: np.ndarray, bandwidth: float, group: np.ndarray) -> np.ndarray:
    """(N,) ids: mean shift on each class on its own."""
    ids, count = np.empty(len(points), np.int64), 0
    for label in np.unique(group):
        own = np.flatnonzero(group == label)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = MeanShift(bandwidth=bandwidth, bin_seeding=True).fit(points[own]).labels_
        ids[own] = np.unique(found, return_inverse=True)[1] + count
        count = int(ids[own].max()) + 1
    return ids


def compare(settings: Settings, noise: float) -> Comparison:
    points, group = votes(np.random.default_rng(settings.seed), settings.points, settings.centres, noise)
    ours, theirs = [], []
    for _ in range(settings.rounds):
        seconds, found = timed(mean_shift, points, group)
        ours.append(seconds)
        seconds, expected = timed(scikit_learn, points, group)
        theirs.append(seconds)
    pairs = np.unique(np.stack([found, expected]), axis=1).shape[1]
    return Comparison(noise, min(ours), min(theirs), pairs == len(np.unique(found)) == len(np.unique(expected)),
                      int(found.max()) + 1)


def timed(function: Callable, points: np.ndarray, group: np.ndarray | None) -> tuple[float, np.ndarray]:
    begin = time.perf_counter()
    ids = function(points, BANDWIDTH, group)
    return time.perf_counter() - begin, ids


MILLION = 1_000_000
CASES: dict[str, Callable[[np.random.Generator], tuple[np.ndarray, np.ndarray | None]]] = {
    **{f"{n_point:,} votes of 17 centres": partial(votes, n_point=n_point, n_centre=17, noise=0.02)
       for n_point in (1_000, 10_000, 100_000, MILLION)},
    **{f"100,000 votes of {n_centre} centres": partial(votes, n_point=100_000, n_centre=n_centre, noise=0.02)
       for n_centre in (3, 10, 30, 100)},
    "1,000,000 of 20 centres, one class": lambda random: (votes(random, MILLION, 20, 0.02)[0], None),
    "1,000,000 of 20 centres, noise 0.06": lambda random: (votes(random, MILLION, 20, 0.06)[0], None),
    "1,000,000 in the unit ball": lambda random: (in_unit_ball(random, MILLION).astype(np.float32), None),
    "1,000,000 in one place": lambda random: (np.ones((MILLION, 3), np.float32), None),
    "1,000,000 in 100,000 groups": lambda random: (votes(random, MILLION, 20, 0.02)[0],
                                                   random.integers(0, 100_000, MILLION)),
    "20,000 far from each other": lambda random: (
        np.argwhere(np.ones((28, 28, 28)))[:20_000].astype(np.float32) / 4, None),
}
"""Name -> what makes (N, 3) float32 points and their (N,) group, if any."""


def measure(case: str, points: np.ndarray, group: np.ndarray | None) -> Cost:
    """For a process of its own, in which nothing else takes memory meanwhile."""
    mean_shift(points[:1000], BANDWIDTH)  # compiled, or loaded
    resident_peak()
    before = resident_peak()
    seconds, ids = timed(mean_shift, points, group)
    return Cost(case, seconds, resident_peak() - before, int(ids.max()) + 1)


def measure_all(seed: int) -> list[Cost]:
    return [alone(measure, case, *make(np.random.default_rng(seed))) for case, make in CASES.items()]


def main(settings: Settings) -> None:
    timed(mean_shift, *votes(np.random.default_rng(0), 1000, 3, 0.05))  # compiled, or loaded
    with threadpool_limits(1):
        compared = [compare(settings, noise) for noise in settings.noise]
    table = new_table(f"{settings.points:,} votes of {settings.centres} centres in {N_CLASS} classes", [],
                      ["noise", "clusters", "partwise ms", "scikit-learn ms", "ratio", "same partition"])
    for one in compared:
        table.add_row(f"{one.noise}", f"{one.clusters}", f"{1e3 * one.ours:.2f}", f"{1e3 * one.theirs:.1f}",
                      f"{one.theirs / one.ours:.0f}", "yes" if one.same else "NO")
    show(table)
    costs = measure_all(settings.seed) if settings.full else []
    if costs:
        table = new_table("Cost of one call", ["case"], ["clusters", "seconds", "extra MB"])
        for cost in costs:
            table.add_row(cost.case, f"{cost.clusters:,}", f"{cost.seconds:.3f}", f"{cost.memory:.0f}")
        show(table)
    if settings.json:
        settings.json.write_text(json.dumps({"comparison": [asdict(one) for one in compared],
                                             "cost": [asdict(one) for one in costs]}, indent=2))


if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
