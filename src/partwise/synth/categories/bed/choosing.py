"""Weighted choice."""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from numpy.random import Generator

T = TypeVar("T")


def pick(random: Generator, options: Mapping[T, float]) -> T:
    """One of the keys, with chances in proportion to the values."""
    chances = np.array(list(options.values()), float)
    return list(options)[random.choice(len(chances), p=chances / chances.sum())]
