"""The loop over categories: what it tells, and that what fails stops nothing but itself."""

from pathlib import Path

import pytest

from partwise.errors import InputError, TrainingError
from partwise.suite.data import CategoryData
from partwise.suite.run import duration, run_categories


class Steps:
    """A plan that does what it is told, each category in ten seconds of a clock of its own."""

    def __init__(self, patch, outcomes):
        self.outcomes, self.now = outcomes, 0.0
        patch.setattr("partwise.suite.run.time.monotonic", lambda: self.now)

    def run(self, data):
        outcome = self.outcomes[data.category]
        self.now += 10 if outcome else 0
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def run(patch, outcomes, works):
    lines = []
    data = [CategoryData(name, Path(), True, {}) for name in outcomes]
    return run_categories(Steps(patch, outcomes), data, works, lines.append), lines


def test_a_line_a_category_with_the_time_left(monkeypatch, capsys):
    failures, lines = run(monkeypatch, {
        "Bag": [], "Bed": ["trained", "tested"], "Bowl": InputError("bad file"), "Hat": ["tested"],
        "Mug": TrainingError("nan")}, {"Bag": 7, "Bed": 1, "Bowl": 1, "Hat": 2, "Mug": 4})
    assert failures == {"Bowl": "bad file", "Mug": "nan"}
    assert lines == ["[1/5] Bag: done before",
                     "[2/5] Bed: trained and tested in 10 s; about 70 s left",  # ten seconds for each of seven units
                     "[3/5] Bowl: failed in 10 s; about 60 s left",
                     "[4/5] Hat: tested in 10 s; about 30 s left",  # thirty seconds for four units, so far
                     "[5/5] Mug: failed in 10 s"]
    assert capsys.readouterr().err == "failed: Bowl: bad file\nfailed: Mug: nan\n"


def test_a_defect_of_the_program_is_not_taken_for_bad_data(monkeypatch):
    with pytest.raises(ZeroDivisionError):
        run(monkeypatch, {"Bag": ZeroDivisionError()}, {"Bag": 1})


def test_durations():
    said = {3.4: "3 s", 89: "89 s", 600: "10 min", 5000: "83 min", 12600: "3.5 h"}
    assert {seconds: duration(seconds) for seconds in said} == said
