"""What is found from the name of a folder, whole or damaged."""

import json
import math
import re

import pytest

from partwise.errors import InputError
from partwise.report import read_run, report
from tests.report.parsed import Page

pytest.importorskip("PIL", reason="needs Pillow: pip install 'partwise[render]'")


def rewrite(path, **changes):
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_run_and_the_evaluation_in_it(evaluated):
    run = read_run(evaluated)
    assert run.category == "Chair"
    assert [one.folder for one in run.evaluations] == [evaluated / "test"]
    assert run.missing == []
    assert [record["iteration"] for record in run.training.steps] == list(range(1, 9))
    assert [record["iteration"] for record in run.training.validations] == [4, 8]
    assert run.training.best[0] in (4, 8)
    assert run.training.settings["network.depth"] == 4


def test_the_numbers_of_an_evaluation(evaluated):
    evaluation = read_run(evaluated).evaluations[0]
    metrics = json.loads((evaluated / "test/metrics.json").read_text())
    assert (evaluation.n_shape, len(evaluation.shapes), len(evaluation.shown)) == (4, 4, 4)
    for level in evaluation.levels:
        for place, value in enumerate(metrics["levels"][str(level.number)]["partnet"]["shape_mean_ap"]):
            assert sum(one.ap[level.number][place] for one in evaluation.shapes) / 4 == pytest.approx(value, abs=1e-6)
        for one in level.classes:
            if one.n_truth:
                assert len(one.precision) == 101
                assert sum(one.precision) / 101 == pytest.approx(level.at_half(one.ap["partnet"]), abs=1e-6)
            else:
                assert one.precision is None
                assert all(map(math.isnan, one.ap["partnet"]))


def test_an_evaluation_brings_the_run_it_lies_in_or_names(run_folder, tmp_path):
    run = read_run(run_folder / "test")
    assert run.training.folder == run_folder.resolve()
    for model in (run_folder, run_folder / "best"):
        (run_folder / "test").rename(tmp_path / "beside")
        for name in ("metrics.json", "details.json"):
            rewrite(tmp_path / "beside" / name, model=str(model))
        assert read_run(tmp_path / "beside").training.folder == run_folder.resolve()
        assert [one.folder.name for one in read_run(run_folder).evaluations] == ["beside"]
        (tmp_path / "beside").rename(run_folder / "test")


def test_what_lies_beside_but_is_of_another_model_stays_out(run_folder, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other/metrics.json").write_text('{"model": "chair"}')
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/metrics.json").write_text("{")
    (tmp_path / "list").mkdir()
    (tmp_path / "list/metrics.json").write_text("[]")
    assert len(read_run(run_folder).evaluations) == 1


def test_the_run_of_another_category_is_not_the_evaluations(run_folder):
    rewrite(run_folder / "training.json", category="Table")
    assert read_run(run_folder / "test").training is None


def test_a_log_with_damage(run_folder):
    """A line cut off, text, a list, a line without iteration and NaN: the rest is there, and the page says so."""
    log = run_folder / "log.jsonl"
    lines = log.read_text().splitlines()
    lines[1:1] = ["not JSON \udcff", "[1, 2]", '{"phase": "train"}', '{"phase": "train", "iteration": NaN}']
    first = json.loads(lines[0])
    lines[0] = json.dumps({**first, "total": math.nan, "level_1/offset": math.inf})
    text = "\n".join(lines) + "\n" + lines[-1][:40]
    log.write_bytes(text.encode(errors="surrogateescape"))
    run = read_run(run_folder)
    assert [record["iteration"] for record in run.training.steps] == list(range(1, 9))
    assert math.isnan(run.training.steps[0]["total"])
    assert any("5 lines are damaged" in sentence for sentence in run.missing)
    assert any("2 of its numbers are NaN or infinite" in sentence for sentence in run.missing)
    html = report(run)
    assert not re.search(r'[ML"]-?(nan|inf)|(nan|inf),', html)
    assert "5 lines are damaged" in Page(html).text


def test_a_run_without_validation_and_without_a_log(run_folder):
    log = run_folder / "log.jsonl"
    log.write_text("".join(line for line in log.read_text().splitlines(True) if '"train"' in line))
    run = read_run(run_folder)
    assert run.training.validations == []
    assert any("holds no validation" in sentence for sentence in run.missing)
    assert "Total loss" in Page(report(run)).texts
    log.unlink()
    run = read_run(run_folder)
    assert run.training.steps == []
    assert any("no curves of the training" in sentence for sentence in run.missing)
    assert "0 of 8" in Page(report(run)).texts


@pytest.mark.parametrize(("name", "content", "words"), [
    ("training.json", "{", "training.json: is not valid JSON"),
    ("training.json", "[]", "is not the settings"),
    ("test/metrics.json", "[]", "belongs to another evaluation"),
    ("test/metrics.json", "{}", "belongs to another evaluation"),
    ("test/details.json", '{"model": ""}', "belongs to another evaluation"),
    ("test/shapes.npz", "no archive", "shapes.npz: is not the file of shapes"),
    ("best/config.json", "[]", "is not the configuration"),
    ("best/config.json", '{"iteration": 1}', "is not the configuration"),
])
def test_damaged_files(name, content, words, run_folder):
    (run_folder / name).write_text(content)
    with pytest.raises(InputError, match=words):
        read_run(run_folder)


@pytest.mark.parametrize("change", [
    {"levels": []}, {"levels": {"1": {}}}, {"levels": {"one": {}}}, {"levels": None}, {"consistency": 3}])
def test_metrics_of_another_form(change, run_folder):
    rewrite(run_folder / "test/metrics.json", **change)
    with pytest.raises(InputError, match=r"metrics\.json: is not what `partwise evaluate` writes"):
        read_run(run_folder)


@pytest.mark.parametrize("damage", [
    lambda level, shapes: level["precision"][1].pop(), lambda level, shapes: level["confusion"].pop(),
    lambda level, shapes: shapes[0]["levels"].pop("2"), lambda level, shapes: shapes[1]["levels"]["1"]["ap"].pop(),
    lambda level, shapes: shapes.clear()])
def test_details_of_another_form(damage, run_folder):
    path = run_folder / "test/details.json"
    details = json.loads(path.read_text())
    details["levels"]["1"]["precision"][1] = [1.0] * 101
    damage(details["levels"]["1"], details["shapes"])
    path.write_text(json.dumps(details))
    with pytest.raises(InputError, match="run `partwise evaluate` again"):
        read_run(run_folder)


def test_a_folder_that_is_neither(tmp_path):
    with pytest.raises(InputError, match="neither a training run"):
        read_run(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        read_run(tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="no such folder"):
        read_run(tmp_path / "file")


def test_scores_that_are_not_defined(run_folder):
    """A level where nothing is known, and classes never seen."""
    for name in ("metrics.json", "details.json"):
        path = run_folder / "test" / name
        values = json.loads(path.read_text())
        del values["levels"]["2"], values["levels"]["3"]
        if name == "metrics.json":
            values["consistency"] = {}
            for protocol in ("partnet", "released"):
                level = values["levels"]["1"][protocol]
                level["mean_ap"] = level["shape_mean_ap"] = [None] * 3
                for one in level["classes"]:
                    one.update(ap=[None] * 3, n_truth=0, n_predicted=0)
            for scores in values["levels"]["1"]["semantic"].values():
                scores.update({key: None for key in scores if key != "iou_per_class"})
        else:
            values["levels"]["1"]["precision"] = [None] * len(values["levels"]["1"]["classes"])
            values["levels"]["1"]["confusion"] = [[0] * 6] * 6
            for shape in values["shapes"]:
                shape["levels"] = {"1": {"ap": [None] * 3, "miou": None}}
        path.write_text(json.dumps(values))
    page = Page(report(read_run(run_folder)))
    assert page.table("level", "protocol", *["AP25", "AP50", "AP75"] * 2) == [
        ["1", "PartNet", *["-"] * 6], ["1", "released", *["-"] * 6]]
    assert page.count("img") == 4 * 2
