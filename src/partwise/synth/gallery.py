"""Random shapes of a category on one sheet, coloured by the classes of each level."""

import numpy as np

from partwise.render import gallery
from partwise.synth.shapes import MakeParts, make_shape
from partwise.taxonomy import class_colours, load_taxonomy


def draw_gallery(category: str, make_parts: MakeParts, count: int = 12, seed: int = 0, size: int = 220) -> np.ndarray:
    """(H, W, 3) uint8: the first ``count`` training shapes of a seed, each once a real level; other is grey.

    Raises InputError without the extra ``render``.
    """
    levels = [level for level in load_taxonomy(category).levels if level.is_real]
    colours = [class_colours(level) for level in levels]
    shapes = []
    for index in range(count):
        shape = make_shape(make_parts, category, "train", index, seed, n_point=1)
        shapes.append([(shape.placed(part), [palette[level.class_holding(part.path)]
                                             for level, palette in zip(levels, colours, strict=True)])
                       for part in shape.parts])
    return gallery(shapes, size, across=12 // (1 + len(levels)), pictures=[f"level {level.number}" for level in levels],
                   heading=f"{category}, seed {seed}")
