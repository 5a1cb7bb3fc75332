"""Colours that can be told apart, the same for a class wherever it is drawn."""

import colorsys

import numpy as np

from partwise.taxonomy.taxonomy import Level

_GREY = (150, 150, 150)
_GOLDEN_RATIO = 0.618033988749895


def distinct_colours(count: int) -> np.ndarray:
    """(count, 3) uint8: hues by the golden ratio, so that the first few differ most, in three brightnesses."""
    rows = []
    for index in range(count):
        hue = (0.58 + index * _GOLDEN_RATIO) % 1.0
        value = (0.95, 0.75, 0.85)[index % 3]
        rows.append([round(255 * part) for part in colorsys.hsv_to_rgb(hue, 0.65, value)])
    return np.array(rows, np.uint8).reshape(count, 3)


def class_colours(level: Level) -> np.ndarray:
    """(n_class, 3) uint8: the colour of each class by id; other is grey."""
    return np.concatenate([np.array([_GREY], np.uint8), distinct_colours(level.n_class - 1)])
