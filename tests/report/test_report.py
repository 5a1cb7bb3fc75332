"""The page of a run: its numbers are those of metrics.json, it needs nothing beside itself, and it says what lacks."""

import json
import re
import sys
from dataclasses import replace

import numpy as np
import pytest

from partwise.errors import InputError
from partwise.report import read_run, report, write_page
from partwise.showcase import read_shapes, write_shapes
from tests.report.parsed import Page

pytest.importorskip("PIL", reason="needs Pillow: pip install 'partwise[render]'")


@pytest.fixture(scope="module")
def page(evaluated):
    return Page(report(read_run(evaluated)))


@pytest.fixture(scope="module")
def metrics(evaluated):
    return json.loads((evaluated / "test/metrics.json").read_text())


def shown(value):
    return "-" if value is None else f"{100 * value:.1f}"


def test_scores_are_those_of_the_metrics(page, metrics):
    heads = ["AP25", "AP50", "AP75"]
    rows = page.table("level", "protocol", *heads, *heads)
    expected = [[number, name, *map(shown, level[key]["mean_ap"]), *map(shown, level[key]["shape_mean_ap"])]
                for number, level in metrics["levels"].items()
                for name, key in (("PartNet", "partnet"), ("released", "released"))]
    assert rows == expected
    rows = page.table("level", "points of other", "accuracy", "v1", "v2", "v3", "classes", "offset", "region")
    kinds = {"counted": "all", "left out": "ignore_other"}
    for number, kind, *numbers in rows:
        level = metrics["levels"][number]
        scores, losses = level["semantic"][kinds[kind]], level["losses"][kinds[kind]]
        assert numbers == [*(shown(scores[name]) for name in ("accuracy", "miou_v1", "miou_v2", "miou_v3")),
                           *(f"{losses[name]:.3f}" for name in ("segmentation", "offset", "region_offset"))]


def test_every_class_that_occurs_has_its_row(page, metrics):
    heads = ["AP25", "AP50", "AP75"]
    tables = [rows for rows in page.tables if ["class", "true", "found", *heads, *heads, "IoU"] in rows]
    assert len(tables) == 3
    for rows, level in zip(tables, metrics["levels"].values(), strict=True):
        pairs = zip(level["partnet"]["classes"], level["released"]["classes"], strict=True)
        iou = level["semantic"]["all"]["iou_per_class"]
        expected = [[one["name"], str(one["n_truth"]), str(one["n_predicted"]), *map(shown, one["ap"]),
                     *map(shown, other["ap"]), shown(iou[one["name"]])]
                    for one, other in pairs if one["n_truth"] or one["n_predicted"]]
        assert rows[2:-1] == expected
        assert rows[-1][0] == "all, mean"


def test_curves_confusion_shapes_and_pictures_are_there(page, metrics, evaluated):
    details = json.loads((evaluated / "test/details.json").read_text())
    n_curve = sum(curve is not None for level in details["levels"].values() for curve in level["precision"])
    assert sum("Precision and recall of" in text for text in page.texts) == n_curve
    assert page.count("table", class_="matrix") + page.count("table", class_="matrix large") == 3
    assert page.count("figure", class_="card") == metrics["n_shape"] == 4
    assert page.count("img") == 4 * 3 * 2
    for shape in details["shapes"]:
        assert f"Shape {shape['name']}" in page.text
    rows = page.table("shape", *[f"level {level}" for level in (1, 2, 3)] * 2)
    assert {row[0]: row[1:4] for row in rows} == {
        shape["name"]: [shown(level["ap"][1]) for level in shape["levels"].values()] for shape in details["shapes"]}
    means = [np.mean([float(one) for one in row[1:4]]) for row in rows]
    assert means == sorted(means)


def test_training_and_settings_are_there(page, evaluated):
    settings = json.loads((evaluated / "training.json").read_text())
    rows = page.table("setting", "value", "published method, where another")
    found = {row[0]: row[1:] for row in rows}
    assert found["iterations"] == ["8", "100000"]
    assert found["network.channels"] == ["8, 8, 16", "64, 128, 256, 256, 256"]
    assert found["network.fusion"] == ["cross", ""]
    assert found["tensorboard"] == ["no", ""]
    n_setting = sum(len(value) if isinstance(value, dict) else 1 for value in settings.values())
    assert len(rows) == n_setting
    for title in ("Total loss", "Cross-entropy of classes", "mIoU of validation", "Learning rate"):
        assert title in page.texts
    assert "8 of 8" in page.texts


def test_nothing_outside_the_page_is_needed(evaluated):
    html = report(read_run(evaluated))
    page = Page(html)
    for tag, attributes in page.elements:
        assert tag not in ("link", "script", "iframe", "object", "use")
        assert all(value.startswith("data:image/png;base64,") for name, value in attributes.items() if name == "src")
        assert all(value.startswith("#") for name, value in attributes.items() if name == "href")
    style = re.search(r"<style>(.*?)</style>", html, re.S)[1]
    assert "url(" not in style
    assert "@import" not in style
    assert "http" not in style
    assert "prefers-color-scheme: dark" in style
    assert "&gt;" not in style


def test_the_contents_lead_to_the_sections(page):
    targets = {attributes["id"] for tag, attributes in page.elements if tag == "section"}
    links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
    assert len(links) == 7
    assert {f"#{target}" for target in targets} == set(links)


def test_words_from_outside_are_escaped(run_folder):
    """Names of classes, of shapes, of models and settings with marks of HTML in them."""
    nasty = '<script>alert("&amp;")</script>'
    for path in (run_folder / "test/metrics.json", run_folder / "test/details.json", run_folder / "training.json"):
        text = path.read_text().replace("chair_back", nasty.replace('"', '\\"'))
        path.write_text(text.replace('"model": "', '"model": "<b>&').replace('"seed"', '"<i>&"'))
    details = json.loads((run_folder / "test/details.json").read_text())
    for shape in details["shapes"]:
        shape["name"] = nasty
    (run_folder / "test/details.json").write_text(json.dumps(details))
    shapes = run_folder / "test/shapes.npz"
    write_shapes(shapes, [replace(one, name=nasty) for one in read_shapes(shapes)])
    html = report(read_run(run_folder))
    page = Page(html)
    assert "<script>" not in html
    assert page.count("script") == 0
    assert nasty in page.text
    assert any(nasty in row[0] for rows in page.tables for row in rows if row)
    assert "<b>&" in page.text
    assert "<i>&" in [row[0] for row in page.table("setting", "value", "published method, where another")]


def test_a_run_of_an_older_version(run_folder):
    """Scores are there, what is missing is said, with what to do."""
    (run_folder / "test/details.json").unlink()
    (run_folder / "test/shapes.npz").unlink()
    page = Page(report(read_run(run_folder)))
    assert "no precision-recall curves" in page.text
    assert "run `partwise evaluate` again" in page.text
    assert "no pictures of shapes" in page.text
    assert page.count("img") == page.count("table", class_="matrix") == 0
    assert len(page.table("level", "protocol", *["AP25", "AP50", "AP75"] * 2)) == 6


def test_pictures_without_the_scores_of_shapes(run_folder):
    (run_folder / "test/details.json").unlink()
    page = Page(report(read_run(run_folder)))
    assert page.count("img") == 24
    assert "level 1" in page.texts


def test_shapes_of_another_evaluation(run_folder):
    shapes = run_folder / "test/shapes.npz"
    write_shapes(shapes, [replace(one, name="another") for one in read_shapes(shapes)])
    with pytest.raises(InputError, match=r"shapes\.npz: belongs to another evaluation"):
        read_run(run_folder)


def test_a_run_without_an_evaluation(trained):
    page = Page(report(read_run(trained)))
    assert "no evaluation lies in or beside it" in page.text
    assert f"partwise evaluate --model {trained}" in page.text
    assert "Total loss" in page.texts


def test_an_evaluation_alone(run_folder, tmp_path):
    (run_folder / "test").rename(tmp_path / "alone")
    for name in ("metrics.json", "details.json"):
        values = json.loads((tmp_path / "alone" / name).read_text())
        (tmp_path / "alone" / name).write_text(json.dumps({**values, "model": "chair"}))
    page = Page(report(read_run(tmp_path / "alone")))
    assert "Chair: alone" in page.texts
    assert "Total loss" not in page.texts
    assert page.count("img") == 24


def test_without_pillow_the_page_says_so(evaluated, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    page = Page(report(read_run(evaluated)))
    assert "pip install 'partwise[render]'" in page.text
    assert page.count("img") == 0


def test_writing(tmp_path):
    write_page(tmp_path / "new/page.html", "<p>\udcff</p>")  # as in the name of a file that is not UTF-8
    assert (tmp_path / "new/page.html").read_text() == "<p>?</p>"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["page.html"]
    with pytest.raises(ValueError, match="is a folder"):
        write_page(tmp_path / "new", "")
