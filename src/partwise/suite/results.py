"""The evaluations of many categories that lie in one folder."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from partwise.errors import InputError
from partwise.report.evaluation import METRICS, Evaluation, read_evaluation
from partwise.suite.scores import Score
from partwise.suite.table import Table
from partwise.taxonomy import LEVELS, categories, load_taxonomy, partnet_splits


@dataclass(frozen=True)
class Column:
    """One category: its evaluation, or why there is none."""

    category: str
    evaluation: Evaluation | None
    reason: str = ""

    def value(self, level: int, score: Score) -> float | None:
        """A score; None without an evaluation, or where the category lacks the level, NaN where it is not defined."""
        found = None if self.evaluation is None else self.evaluation.level(level)
        return None if found is None else score.of(found)

    def levels(self) -> tuple[int, ...]:
        """The levels that the category has, where there are scores."""
        return () if self.evaluation is None else load_taxonomy(self.category).real_levels


@dataclass(frozen=True)
class Results:
    """What has been measured on one split.

    columns : one a category, in alphabetical order
    """

    split: str
    columns: tuple[Column, ...]

    def table(self, score: Score) -> Table:
        """One score of all categories."""
        return Table(score, tuple(column.category for column in self.columns),
                     {level: tuple(column.value(level, score) for column in self.columns) for level in LEVELS})

    @cached_property
    def notes(self) -> list[str]:
        """Sentences on what is missing, and on what keeps the numbers from being compared with others."""
        waiting = [one.category for one in self.columns if one.evaluation is None and not one.reason]
        notes = [f"{one.category}: {one.reason}" for one in self.columns if one.reason]
        notes += [f"No result yet: {', '.join(waiting)}."] if waiting else []
        here = {one.category for one in self.columns}
        absent = [name for name in categories() if name not in here]
        notes += [f"Not in this table, of PartNet's {len(categories())}: {', '.join(absent)}."] if absent else []
        empty = [f"{one.category} {level}" for one in self.columns for level in one.levels()
                 if math.isnan(one.value(level, Score("AP50", "partnet")) or 0)]
        notes += [f"Without a true part in the shapes tested, so in no average: {', '.join(empty)}."] if empty else []
        return notes + self._foreign()

    def _foreign(self) -> list[str]:
        counts = []
        for one in self.columns:
            listed = Counter(partnet_splits(one.category).values())[self.split]
            if one.evaluation is not None and one.evaluation.n_shape != listed:
                counts.append(f"{one.category} {one.evaluation.n_shape} ({listed})")
        return [f"Not PartNet's {self.split} split, so not to be set beside published figures; shapes tested, in "
                f"brackets PartNet's: {', '.join(counts)}."] if counts else []


def read_results(out: Path, names: Sequence[str], split: str, failures: Mapping[str, str]) -> Results:
    """The results that lie in ``out/<Category>/<split>`` of categories, whoever wrote them.

    failures : messages of categories whose result, if there is one, is out of date
    """
    return Results(split, tuple(_column(out / name / split, name, split, failures.get(name)) for name in sorted(names)))


def _column(folder: Path, category: str, split: str, failure: str | None) -> Column:
    if failure is not None:
        return Column(category, None, failure)
    if not (folder / METRICS).exists():
        return Column(category, None)
    try:
        evaluation = read_evaluation(folder)
    except InputError as error:
        return Column(category, None, str(error))
    found = evaluation.category, evaluation.split, tuple(level.number for level in evaluation.levels)
    if found != (category, split, load_taxonomy(category).real_levels):
        return Column(category, None, f"{folder / METRICS}: is of {found[0]}, {found[1]}, levels {found[2]}; run "
                                      "`partwise evaluate` again")
    return Column(category, evaluation)


def with_results(out: Path, split: str) -> list[str]:
    """The categories that have a result in a folder."""
    return [name for name in categories() if (out / name / split / METRICS).exists()]
