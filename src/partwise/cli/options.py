"""What several commands share."""

import dataclasses
import math

from partwise.config import GroupingConfig, ModelConfig
from partwise.errors import InputError


def grouping_with(config: ModelConfig, bandwidth: float | None, push: float | None = None) -> GroupingConfig:
    """The model's grouping, with another bandwidth or push if one is given."""
    if bandwidth is not None and not 0 < bandwidth < math.inf:
        raise InputError(f"--bandwidth is {bandwidth}, expected a positive number")
    if push is not None and not 0 <= push < math.inf:
        raise InputError(f"--push is {push}, expected 0 or a positive number")
    own = config.grouping
    return dataclasses.replace(own, bandwidth=own.bandwidth if bandwidth is None else bandwidth,
                               push=own.push if push is None else push)
