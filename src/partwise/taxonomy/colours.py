"""Colours that can be told apart, the same for a class wherever it is drawn."""

import colorsys

import numpy as np

from partwise.taxonomy.taxonomy import OTHER, Level

_GREY = (150, 150, 150)
_GOLDEN_RATIO = 0.618033988749895


def distinct_colours(count: int) -> np.ndarray:
    """(count, 3) uint8: hues by the golden ratio, so that the first few differ most, in three brightnesses."""
    return np.array([_colour(index) for index in range(count)], np.uint8).reshape(count, 3)


def class_colours(level: Level) -> np.ndarray:
    """(n_class, 3) uint8: the colour of each class by id; other is grey."""
    return np.concatenate([np.array([_GREY], np.uint8), distinct_colours(level.n_class - 1)])


def instance_colours(semantic: np.ndarray, instance: np.ndarray) -> np.ndarray:
    """(N, 3) uint8: a colour for each instance id, the same wherever it is; grey for class other or a negative id.

    semantic, instance : (N,) int
    """
    ids, rank = np.unique(np.maximum(instance, 0), return_inverse=True)
    colours = np.array([_colour(int(one)) for one in ids], np.uint8).reshape(-1, 3)[rank]
    colours[(semantic == OTHER) | (instance < 0)] = _GREY
    return colours


def _colour(index: int) -> tuple[int, int, int]:
    hue = (0.58 + index * _GOLDEN_RATIO) % 1.0
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.65, (0.95, 0.75, 0.85)[index % 3])
    return round(255 * red), round(255 * green), round(255 * blue)
