"""The categories of the procedural world: one function each, from a random generator to parts."""

from collections.abc import Callable

import numpy as np

from partwise.synth.parts import Part

CATEGORIES: dict[str, Callable[[np.random.Generator], list[Part]]] = {}
