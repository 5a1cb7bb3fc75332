"""Small random choices."""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

Choice = TypeVar("Choice")


def chance(random: np.random.Generator, probability: float) -> bool:
    """True with a probability."""
    return bool(random.random() < probability)


def between(random: np.random.Generator, low: float, high: float) -> float:
    """A number drawn evenly from [low, high)."""
    return float(random.uniform(low, high))


def pick(random: np.random.Generator, weights: Mapping[Choice, float]) -> Choice:
    """One of the keys, with a probability in proportion to its weight."""
    options = list(weights)
    steps = np.cumsum(list(weights.values()))
    return options[int(np.searchsorted(steps, random.random() * steps[-1], side="right"))]
