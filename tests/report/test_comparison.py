"""Runs beside each other."""

import json
import math
import shutil

import pytest

from partwise.errors import InputError
from partwise.report import compare, comparison_page, read_run
from tests.report.parsed import Page


@pytest.fixture
def two(run_folder, tmp_path):
    """The run, and a copy with another setting, seed and score."""
    other = shutil.copytree(run_folder, tmp_path / "other & more")
    settings = json.loads((other / "training.json").read_text())
    settings["network"]["fusion"], settings["seed"], settings["out"] = "own", 3, "elsewhere"
    (other / "training.json").write_text(json.dumps(settings))
    metrics = json.loads((other / "test/metrics.json").read_text())
    metrics["levels"]["1"]["partnet"]["mean_ap"][1] += 0.25
    (other / "test/metrics.json").write_text(json.dumps(metrics))
    return [run_folder, other]


def test_what_differs(two):
    comparison = compare([read_run(folder) for folder in two])
    assert comparison.names == ["chair", "other & more"]
    assert comparison.settings == {"seed": [0, 3], "network.fusion": ["cross", "own"]}
    changed = {(row.level, row.score): row.differences[1] for row in comparison.scores if row.differences[1]}
    assert changed == {("mean", "AP50"): pytest.approx(0.25 / 3), ("1", "AP50"): pytest.approx(0.25)}
    metrics = json.loads((two[0] / "test/metrics.json").read_text())["levels"]
    values = {(row.level, row.score): row.values[0] for row in comparison.scores}
    for number, level in metrics.items():
        assert [values[number, name] for name in ("AP25", "AP50", "AP75")] == level["partnet"]["mean_ap"]
        assert values[number, "AP50, released"] == level["released"]["mean_ap"][1]
        assert values[number, "mIoU"] == level["semantic"]["ignore_other"]["miou_v2"]
    assert values["mean", "AP50"] == pytest.approx(
        sum(level["partnet"]["mean_ap"][1] for level in metrics.values()) / 3)
    assert comparison.notes == []
    json.dumps(comparison.to_dict(), allow_nan=False)


def test_the_page(two):
    html = comparison_page(compare([read_run(folder) for folder in two]))
    page = Page(html)
    assert page.table("setting", "chair", "other & more") == [["seed", "0", "3"], ["network.fusion", "cross", "own"]]
    rows = {tuple(row[:2]): row[2:] for row in page.table("level", "score", "chair", "other & more")}
    assert rows["1", "AP50"][1].endswith("+25.0")
    assert rows["2", "AP50"][1].endswith("+0.0")
    assert "other & more" in page.texts
    assert page.count("svg") >= 6
    assert len([rows for rows in page.tables if ["class", "chair", "other & more"] in rows]) == 3
    assert not any({"src", "http"} & set(attributes) for _, attributes in page.elements)


def test_runs_that_lack_something(two):
    """A run without an evaluation, and an evaluation without a run."""
    (two[0] / "training.json").unlink()
    shutil.rmtree(two[1] / "test")
    for name in ("metrics.json", "details.json"):
        path = two[0] / "test" / name
        path.write_text(json.dumps({**json.loads(path.read_text()), "model": "chair"}))
    comparison = compare([read_run(two[0] / "test"), read_run(two[1])])
    assert comparison.settings == {}
    assert all(math.isnan(row.values[1]) for row in comparison.scores[:-1])
    assert math.isnan(comparison.scores[-1].values[0])
    assert any(note.startswith("other & more: no evaluation on test") for note in comparison.notes)
    page = Page(comparison_page(comparison))
    assert "There are not two trainings to compare." in page.texts
    json.dumps(comparison.to_dict(), allow_nan=False)


def test_other_shapes_do_not_compare(two):
    for name in ("metrics.json", "details.json"):
        path = two[1] / "test" / name
        path.write_text(json.dumps({**json.loads(path.read_text()), "n_shape": 9}))
    notes = compare([read_run(folder) for folder in two]).notes
    assert any("do not compare: chair on 4 of Chair, other & more on 9 of Chair" in note for note in notes)


def test_what_cannot_be_compared(two):
    with pytest.raises(InputError, match="name two or more"):
        compare([read_run(two[0])])
    shutil.copytree(two[0] / "test", two[0] / "again")
    with pytest.raises(InputError, match="has 2 evaluations on test; name the folder of one"):
        compare([read_run(folder) for folder in two])
    assert compare([read_run(two[0] / "again"), read_run(two[1])]).names == ["again", "other & more"]
