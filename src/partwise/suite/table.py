"""One score by level and category, its averages, and what must stand beside it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeGuard

from partwise.report import numbers
from partwise.suite.scores import Score
from partwise.taxonomy import categories

PUBLISHED = ("Published (Sun, Tong and Liu, 2022): on average over PartNet's 24 categories, AP50 is 6.6 above that of "
             "PE (Zhang and Wonka, CVPR 2021), the best before.")
CAVEAT = ("The authors' program scores under the released protocol, which deletes points labelled other before "
          "anything else and so scores higher: the same predictions had 58.4 there and 52.4 under PartNet's in one "
          "measurement with 20 % other. Compare figures of one protocol alone, and report PartNet's first.")
AVERAGES = ("The average of a level is over the categories that have it, that of a category over its levels; the one "
            "in the corner is over categories.")


@dataclass(frozen=True)
class Table:
    """A score by level and category; None where there is nothing to write, NaN for what is not defined.

    values : of each level, in the order of ``categories``
    """

    score: Score
    categories: tuple[str, ...]
    values: dict[int, tuple[float | None, ...]]

    @property
    def heads(self) -> tuple[str, ...]:
        """Of the columns of ``rows``."""
        return *self.categories, "average"

    def rows(self) -> list[tuple[str, list[float | None]]]:
        """A row a level and one of averages over levels, each with the average over categories as its last."""
        rows = [(str(level), list(row)) for level, row in self.values.items()]
        rows.append(("average", self._by_category()))
        return [(name, [*row, average(row)]) for name, row in rows]

    def _by_category(self) -> list[float | None]:
        return [average(column) for column in zip(*self.values.values(), strict=True)]

    @property
    def over_categories(self) -> float | None:
        """The average over categories of their averages over levels."""
        return average(self._by_category())

    @property
    def over_tasks(self) -> float | None:
        """The average over all pairs of a category and a level that it has."""
        return average(value for row in self.values.values() for value in row)

    @property
    def n_task(self) -> int:
        return sum(_is_number(value) for row in self.values.values() for value in row)

    @property
    def n_category(self) -> int:
        return sum(map(_is_number, self._by_category()))

    def summary(self) -> str:
        """A sentence with both averages."""
        if not self.n_task:
            return "No result yet."
        return (f"Average over {self.n_category} of PartNet's {len(categories())} categories "
                f"{percent(self.over_categories)}, over their {self.n_task} tasks (a level of a category) "
                f"{percent(self.over_tasks)}.")


def average(values: Iterable[float | None]) -> float | None:
    """Of those that are numbers; None where there is none."""
    known = [value for value in values if _is_number(value)]
    return sum(known) / len(known) if known else None


def percent(value: float | None) -> str:
    """As the report writes it, "-" for NaN; nothing for None."""
    return "" if value is None else numbers.percent(value)


def _is_number(value: float | None) -> TypeGuard[float]:
    return value is not None and not math.isnan(value)
