"""Categories shared among several machines, so that each has about the same work."""

from collections.abc import Mapping
from math import ceil

from partwise.config import TrainConfig
from partwise.errors import InputError
from partwise.suite.data import CategoryData

BACKWARD = 3
"""What a shape costs in training, in shapes that only go forward."""


def parse_shard(text: str) -> tuple[int, int]:
    """Number and count of a text such as 2/4; InputError for another form."""
    number, slash, count = text.partition("/")
    if not (slash and number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise InputError(f"--shard {text}: expected the number of this machine and how many there are, such as 2/4")
    return int(number), int(count)


def work(data: CategoryData, training: TrainConfig | None, split: str, limit: int | None) -> int:
    """Cost of a category, in shapes that go through the network: those of training count three times."""
    tested = data.counts.get(split, 0) if limit is None else min(limit, data.counts.get(split, 0))
    if training is None:
        return tested
    validated = ceil(training.iterations / training.validate_every) * data.counts.get("val", 0)
    return BACKWARD * training.iterations * training.batch_size + validated + tested


def shard(works: Mapping[str, int], number: int, count: int) -> list[str]:
    """The categories of one machine of several, in the order given; the same on every machine with the same work.

    The largest goes first, each to the machine that has the least to do so far.
    """
    loads = [0] * count
    chosen = []
    for category in sorted(works, key=lambda name: (-works[name], name)):
        place = loads.index(min(loads))
        loads[place] += max(works[category], 1)
        if place == number - 1:
            chosen.append(category)
    return [category for category in works if category in chosen]
