"""Several runs beside each other: settings that differ, and scores with their differences to the first run."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from partwise.errors import InputError
from partwise.report.evaluation import Evaluation, LevelScores
from partwise.report.names import short_names
from partwise.report.numbers import MISSING
from partwise.report.run import Run
from partwise.report.training import best_miou, setting

_HOW = {"out", "resume"}
"""Settings that say where a run is and how it was started, not what was learnt."""


@dataclass(frozen=True)
class ScoreRow:
    """One score of all runs, in [0, 1]; NaN where a run has none.

    level : number, or words such as "mean"
    """

    level: str
    score: str
    values: list[float]

    @property
    def differences(self) -> list[float]:
        """To the first run."""
        return [value - self.values[0] for value in self.values]


@dataclass(frozen=True)
class Comparison:
    """Runs with short names and the evaluation of each that is compared.

    settings : by dotted name, the values of all runs, None where a run has none; those that differ
    notes : sentences on what is missing, and on what cannot be compared
    """

    names: list[str]
    runs: list[Run]
    evaluations: list[Evaluation | None]
    settings: dict[str, list[Any]]
    scores: list[ScoreRow]
    notes: list[str]

    def setting_rows(self) -> list[list[str]]:
        """Name and values of each setting, as people write them."""
        return [[name, *(MISSING if run.training is None else setting(value)
                         for value, run in zip(values, self.runs, strict=True))]
                for name, values in self.settings.items()]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; a number that is not defined is None."""
        scores = [{"level": row.level, "score": row.score, "values": [_plain(value) for value in row.values],
                   "differences": [_plain(value) for value in row.differences]} for row in self.scores]
        return {"runs": [{"name": name, "folder": str(run.folder),
                          "evaluation": None if one is None else str(one.folder)}
                         for name, run, one in zip(self.names, self.runs, self.evaluations, strict=True)],
                "settings": self.settings, "scores": scores, "notes": self.notes}


def compare(runs: Sequence[Run], split: str = "test") -> Comparison:
    """Compare two runs or more by their evaluations on a split, where they have them.

    InputError: fewer than two runs, or one with several evaluations on the split.
    """
    if len(runs) < 2:
        raise InputError(f"compare: {len(runs)} folders given; name two or more")
    evaluations = [_evaluation(run, split) for run in runs]
    names = short_names([str(run.folder.resolve()) for run in runs])
    return Comparison(names, list(runs), evaluations, _settings(runs), [*_scores(evaluations), *_validation(runs)],
                      _notes(names, runs, evaluations, split))


def _evaluation(run: Run, split: str) -> Evaluation | None:
    found = [one for one in run.evaluations if one.split == split]
    if len(found) > 1:
        raise InputError(f"{run.folder}: has {len(found)} evaluations on {split}; name the folder of one: "
                         f"{', '.join(str(one.folder) for one in found)}")
    return found[0] if found else None


def _settings(runs: Sequence[Run]) -> dict[str, list[Any]]:
    settings = [{} if run.training is None else run.training.settings for run in runs]
    trained = [one for one in settings if one]
    names = dict.fromkeys(name for one in settings for name in one if name not in _HOW)
    return {name: [one.get(name) for one in settings] for name in names
            if any(one.get(name) != trained[0].get(name) for one in trained)}


_SCORES: dict[str, Callable[[LevelScores], float]] = {
    "AP25": lambda level: level.mean_ap["partnet"][0],
    "AP50": lambda level: level.at_half(level.mean_ap["partnet"]),
    "AP75": lambda level: level.mean_ap["partnet"][-1],
    "shape AP50": lambda level: level.at_half(level.shape_mean_ap["partnet"]),
    "AP50, released": lambda level: level.at_half(level.mean_ap["released"]),
    "mIoU": lambda level: level.miou,
    "accuracy": lambda level: level.semantic["ignore_other"]["accuracy"],
}
"""What of a level is compared; instances under PartNet's protocol, points without other."""


def _scores(evaluations: Sequence[Evaluation | None]) -> list[ScoreRow]:
    """The mean over levels of the first score of each kind, then all scores of each level."""
    numbers = sorted({level.number for one in evaluations if one is not None for level in one.levels})
    rows = [ScoreRow(str(number), name, [_score(one, number, score) for one in evaluations])
            for number in numbers for name, score in _SCORES.items()]
    means = [ScoreRow("mean", name, [_mean([row.values[place] for row in rows if row.score == name])
                                     for place in range(len(evaluations))])
             for name in ("AP50", "mIoU")]
    return [*means, *rows] if rows else []


def _score(evaluation: Evaluation | None, number: int, score: Callable[[LevelScores], float]) -> float:
    level = None if evaluation is None else evaluation.level(number)
    return math.nan if level is None else score(level)


def _mean(values: Sequence[float]) -> float:
    """Of all levels; NaN where one is not defined, since a mean over fewer would not compare."""
    return sum(values) / len(values)


def _validation(runs: Sequence[Run]) -> list[ScoreRow]:
    values = [math.nan if run.training is None else best_miou(run.training) for run in runs]
    return [] if all(map(math.isnan, values)) else [ScoreRow("mean", "best mIoU in training", values)]


def _notes(names: Sequence[str], runs: Sequence[Run], evaluations: Sequence[Evaluation | None],
           split: str) -> list[str]:
    notes = [f"{name}: no evaluation on {split} lies in or beside {run.folder}; run `partwise evaluate`, or choose "
             "another with --split" for name, run, one in zip(names, runs, evaluations, strict=True) if one is None]
    measured = {(one.category, one.n_shape) for one in evaluations if one is not None}
    if len(measured) > 1:
        notes.append("The evaluations are not of the same shapes, so their scores do not compare: " + ", ".join(
            f"{name} on {one.n_shape} of {one.category}" for name, one in zip(names, evaluations, strict=True)
            if one is not None))
    return notes + [sentence for run in runs for sentence in run.missing]


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else value
