"""Random shapes of a category on one sheet, coloured by the classes of the three levels."""

import numpy as np

from partwise.render import gallery
from partwise.synth.shapes import MakeParts, make_shape
from partwise.taxonomy import class_colours, load_taxonomy


def draw_gallery(category: str, make_parts: MakeParts, count: int = 12, seed: int = 0, size: int = 220) -> np.ndarray:
    """(H, W, 3) uint8: the first ``count`` training shapes of a seed, each once a level; other is grey.

    Raises InputError without the extra ``render``.
    """
    levels = load_taxonomy(category).levels
    colours = [class_colours(level) for level in levels]
    shapes = []
    for index in range(count):
        shape = make_shape(make_parts, category, "train", index, seed, n_point=1)
        shapes.append([(shape.placed(part), [palette[level.class_holding(part.path)]
                                             for level, palette in zip(levels, colours, strict=True)])
                       for part in shape.parts])
    return gallery(shapes, size, heading=f"{category}, seed {seed}")
