"""What several commands share."""

import dataclasses
import math
import re
from collections.abc import Sequence
from typing import TypeVar

from partwise.config import GroupingConfig, ModelConfig
from partwise.errors import InputError

Number = TypeVar("Number", int, float)


def numbers_by_split(texts: Sequence[str], number: type[Number], example: str) -> dict[str, Number]:
    """From texts such as "train=4000"; InputError for another form or a split named twice."""
    found: dict[str, Number] = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            if not re.fullmatch(r"[\w-]+", name) or name in found:
                raise ValueError
            found[name] = number(value)
        except ValueError:
            raise InputError(f"--split {text}: expected each split once, with its number, such as {example}") from None
    return found


def grouping_with(config: ModelConfig, bandwidth: float | None, push: float | None = None) -> GroupingConfig:
    """The model's grouping, with another bandwidth or push if one is given."""
    if bandwidth is not None and not 0 < bandwidth < math.inf:
        raise InputError(f"--bandwidth is {bandwidth}, expected a positive number")
    if push is not None and not 0 <= push < math.inf:
        raise InputError(f"--push is {push}, expected 0 or a positive number")
    own = config.grouping
    return dataclasses.replace(own, bandwidth=own.bandwidth if bandwidth is None else bandwidth,
                               push=own.push if push is None else push)
