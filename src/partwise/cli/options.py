"""What several commands share."""

import dataclasses

from partwise.config import GroupingConfig, ModelConfig
from partwise.errors import InputError


def grouping_with(config: ModelConfig, bandwidth: float | None) -> GroupingConfig:
    """The model's grouping, with another bandwidth if one is given."""
    if bandwidth is None:
        return config.grouping
    if not 0 < bandwidth < float("inf"):
        raise InputError(f"--bandwidth is {bandwidth}, expected a positive number")
    return dataclasses.replace(config.grouping, bandwidth=bandwidth)
