"""Tables: values where they belong, averages as defined, and what is missing named."""

import json
import math

import pytest

from partwise.suite.results import Column, Results, read_results, with_results
from partwise.suite.scores import ALL_SCORES, Score
from partwise.suite.table import percent
from partwise.taxonomy import categories, load_taxonomy
from tests.suite.evaluations import column, some_results

AP50 = Score("AP50", "partnet")


def test_rows_hold_levels_and_averages():
    rows = dict(some_results().table(AP50).rows())
    assert list(rows) == ["1", "2", "3", "average"]
    assert rows["1"] == [0.5, 0.4, 0.6, None, None, pytest.approx(0.5)]
    assert rows["2"] == [None, 0.3, None, None, None, 0.3]
    assert rows["3"] == [None, 0.2, pytest.approx(math.nan, nan_ok=True), None, None, 0.2]
    assert rows["average"] == [0.5, pytest.approx(0.3), 0.6, None, None, pytest.approx(1.4 / 3)]


def test_the_two_averages_differ_where_categories_have_more_levels():
    table = some_results().table(AP50)
    assert (table.n_category, table.n_task) == (3, 5)
    assert table.over_categories == pytest.approx((0.5 + (0.4 + 0.3 + 0.2) / 3 + 0.6) / 3)
    assert table.over_tasks == pytest.approx((0.5 + 0.4 + 0.3 + 0.2 + 0.6) / 5)
    assert table.summary() == ("Average over 3 of PartNet's 24 categories 46.7, over their 5 tasks (a level of a "
                               "category) 40.0.")


def test_all_of_partnet_are_24_categories_and_50_tasks():
    columns = tuple(column(name, **{f"level_{level}": 0.5 for level in load_taxonomy(name).real_levels})
                    for name in categories())
    table = Results("test", columns).table(AP50)
    assert (table.n_category, table.n_task) == (24, 50)
    assert [sum(value is not None for value in row) for row in table.values.values()] == [24, 9, 17]


def test_without_a_result_there_is_no_average():
    table = Results("test", (Column("Bag", None),)).table(AP50)
    assert (table.over_categories, table.over_tasks, table.summary()) == (None, None, "No result yet.")


def test_every_score_is_another_number_of_the_level():
    level = column("Bag", level_1=0.5).evaluation.levels[0]
    values = {(score.metric, score.protocol): score.of(level) for score in ALL_SCORES}
    assert len(values) == 20
    assert values["AP25", "partnet"] == level.mean_ap["partnet"][0]
    assert values["AP75", "released"] == level.mean_ap["released"][2]
    assert values["shape-AP50", "partnet"] == level.shape_mean_ap["partnet"][1]
    assert values["accuracy", "partnet"] == level.semantic["all"]["accuracy"]
    assert values["mIoU-v3", "released"] == level.semantic["ignore_other"]["miou_v3"]
    assert len({score.title for score in ALL_SCORES}) == 20


def test_notes_name_what_is_missing_and_what_cannot_be_compared():
    failed, waiting, absent, empty, foreign = some_results().notes
    assert failed == "Chair: its 50 % & more_parts are bad"
    assert waiting == "No result yet: Mug."
    assert absent.startswith("Not in this table, of PartNet's 24: Bowl, Clock")
    assert empty == "Without a true part in the shapes tested, so in no average: Bottle 3."
    assert "Bed 5 (37), Bottle 5 (84)." in foreign
    assert "Bag" not in foreign  # tested on as many shapes as PartNet's split has


def test_percent():
    assert [percent(value) for value in (None, math.nan, 0.0, 0.58449, 1.0)] == ["", "-", "0.0", "58.4", "100.0"]


def test_what_lies_in_the_folder_is_read(evaluated, tmp_path):
    (tmp_path / "Chair").symlink_to(evaluated)
    (tmp_path / "Bag").symlink_to(evaluated)
    (tmp_path / "Bed/test").mkdir(parents=True)
    (tmp_path / "Bed/test/metrics.json").write_text("{")
    (tmp_path / "Mug").symlink_to(evaluated)
    assert with_results(tmp_path, "test") == ["Bag", "Bed", "Chair", "Mug"]
    results = read_results(tmp_path, ["Mug", "Hat", "Chair", "Bed", "Bag"], "test", {"Mug": "out of date"})
    bag, bed, chair, hat, mug = results.columns
    metrics = json.loads((evaluated / "test/metrics.json").read_text())["levels"]
    assert {level: chair.value(level, AP50) for level in (1, 2, 3)} == {
        int(level): values["partnet"]["mean_ap"][1] for level, values in metrics.items()}
    assert "is of Chair, test" in bag.reason
    assert "not valid JSON" in bed.reason
    assert (hat.evaluation, hat.reason) == (None, "")
    assert (mug.evaluation, mug.reason) == (None, "out of date")
