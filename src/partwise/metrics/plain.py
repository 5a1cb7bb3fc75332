"""Numbers as JSON knows them."""

import math
from collections.abc import Iterable


def plain(values: Iterable[float]) -> list[float | None]:
    """Floats, with None for those that are not defined (NaN), which JSON cannot write."""
    return [None if math.isnan(value) else float(value) for value in values]
