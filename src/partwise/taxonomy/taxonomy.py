"""Part classes of a category: paths, ids, the tree between levels, and PartNet's merging map.

The facts are those of PartNet's ``after_merging_label_ids`` and ``merging_hierarchy_mapping`` lists, restated in
``categories.json``. Everything else (ids, parents, which levels are real) is derived.
"""

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

from partwise.errors import InputError

LEVELS = (1, 2, 3)
OTHER = 0
"""Class id of points that belong to no listed part, at every level."""


@dataclass(frozen=True)
class Level:
    """The classes of one level of detail.

    number : 1 (coarse), 2 (middle) or 3 (fine).
    source : the level whose list is used; differs from ``number`` where the category lacks this level.
    paths : part path of each class, e.g. "chair/chair_base"; class id is the index + 1, since 0 is other.
    """

    number: int
    source: int
    paths: tuple[str, ...]

    @property
    def is_real(self) -> bool:
        """Whether the category has this level; results are reported for real levels only."""
        return self.number == self.source

    @property
    def n_class(self) -> int:
        """Number of classes with other."""
        return len(self.paths) + 1

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of each class by id: "other", then the paths without the category, e.g. "chair_base"."""
        return ("other", *(path.partition("/")[2] or path for path in self.paths))

    @cached_property
    def class_of(self) -> dict[str, int]:
        """Class id by part path."""
        return {path: index + 1 for index, path in enumerate(self.paths)}

    def class_holding(self, path: str) -> int:
        """Class of the longest prefix of a part path, itself included, that is in this level's list, else other."""
        return next((self.class_of[one] for one in _from_longest(path) if one in self.class_of), OTHER)


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """One category. What is derived of it may be cached, by the object; ``agrees_with`` tells which mean the same.

    category : PartNet's name, e.g. "Chair", or that of a taxonomy of one's own.
    levels : levels 1, 2 and 3; one that the category lacks repeats the next coarser one that it has.
    merging : path elsewhere -> path here: that of a raw annotation -> that after PartNet's merging; of one's own
        taxonomy each part's path -> itself, and classes of other taxonomies -> the parts that they are called here.
    tree : of one's own taxonomy the names of parts, each with what is below it; None for PartNet's.
    """

    category: str
    levels: tuple[Level, Level, Level]
    merging: dict[str, str]
    tree: dict[str, Any] | None = None

    def agrees_with(self, other: "Taxonomy") -> bool:
        """Whether class ids mean the same in both."""
        return (self.category, self.levels) == (other.category, other.levels)

    def level(self, number: int) -> Level:
        """The level 1, 2 or 3."""
        return self.levels[number - 1]

    @property
    def real_levels(self) -> tuple[int, ...]:
        return tuple(level.number for level in self.levels if level.is_real)

    def real_level(self, number: int) -> Level:
        """The level; InputError where the category lacks it."""
        if number not in self.real_levels:
            raise InputError(f"level {number}: {self.category} has no such level; choose from: "
                             f"{', '.join(map(str, self.real_levels))}")
        return self.level(number)

    def called(self, path: str) -> str | None:
        """The path here of a part elsewhere, or of the smallest that holds it and has one; None without any."""
        return next((self.merging[one] for one in _from_longest(path) if one in self.merging), None)

    @property
    def n_class(self) -> tuple[int, int, int]:
        """Number of classes with other, of each level."""
        first, second, third = (level.n_class for level in self.levels)
        return first, second, third

    def parents(self, child: int, parent: int) -> tuple[int, ...]:
        """Class of level ``parent`` that holds each class of level ``child``.

        The parent is the longest prefix of the child's path that is in the coarser list, else other: PartNet has
        parts with no listed ancestor, such as a chair's footrest. Entry 0 is other's: other.
        """
        coarse = self.level(parent)
        return (OTHER, *(coarse.class_holding(path) for path in self.level(child).paths))


def _from_longest(path: str) -> Iterator[str]:
    """The path and all that hold it."""
    while path:
        yield path
        path = path.rpartition("/")[0]


@cache
def _facts() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("categories.json").read_text(encoding="utf-8")
    facts: dict[str, Any] = json.loads(text)
    return facts


def categories() -> tuple[str, ...]:
    """PartNet's 24 benchmark categories, in alphabetical order."""
    return tuple(_facts())


def category_error(name: str) -> InputError:
    """The error for an unknown category; it names the nearest known ones."""
    by_lower = {known.lower(): known for known in categories()}
    near = [by_lower[match] for match in difflib.get_close_matches(name.lower(), by_lower, n=3, cutoff=0.3)]
    hint = f"; nearest: {', '.join(near)}" if near else ""
    return InputError(f"category '{name}' is not one of PartNet's {len(by_lower)} benchmark "
                      f"categories{hint}; all: {', '.join(categories())}")


@cache
def load_taxonomy(category: str) -> Taxonomy:
    """The taxonomy of a category, by PartNet's exact name; InputError with the nearest names if unknown."""
    if category not in _facts():
        raise category_error(category)
    facts = _facts()[category]
    levels: list[Level] = []
    source = 1
    for number in LEVELS:
        source = number if str(number) in facts["levels"] else source
        levels.append(Level(number, source, tuple(facts["levels"][str(source)])))
    return Taxonomy(category, (levels[0], levels[1], levels[2]), dict(facts["merging"]))
