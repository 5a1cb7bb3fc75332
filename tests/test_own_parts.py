"""docs/your-own-parts.md from its first command to its last, in order, on little."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from partwise import Segmenter
from partwise.app.corrections import merge, reclass
from partwise.checkpoint import load_checkpoint
from partwise.cli import _parse, main
from partwise.data.store import Store
from partwise.result.files import write_segmentation
from partwise.result.read import read_segmentation
from partwise.result.translate import translated
from partwise.taxonomy import read_taxonomy

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/your-own-parts.md").read_text()
LINES = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S) for line in block.splitlines()]
COMMANDS = [shlex.split(line)[1:] for line in LINES]
QUICKLY = {"segment": ["--points", "500", "--device", "cpu"],
           "prepare": ["--points", "300", "--workers", "1"],
           "train": ["--iterations", "2", "--batch-size", "2", "--device", "cpu"],
           "evaluate": ["--device", "cpu"]}


@pytest.fixture(scope="module")
def afternoon(chair_h5, tmp_path_factory):
    """A person's folder after all steps; partwise view is tried in tests/app."""
    folder = tmp_path_factory.mktemp("afternoon")
    (folder / "shapes").mkdir()
    for number, mesh in enumerate(sorted(chair_h5.parent.joinpath("meshes").glob("*.glb"))):
        shutil.copy(mesh, folder / f"shapes/chair-{number}.glb")
    shutil.copy(ROOT / "examples/office_chair.yaml", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for words in COMMANDS:
            if words[0] == "view":
                continue
            if words[:2] == ["prepare", "results"]:
                correct(folder)
            if words[0] == "export":
                pytest.importorskip("onnxscript")
            assert main([*words, *QUICKLY.get(words[0], [])]) == 0, words
    return folder


def correct(folder):
    """What a person does on the page: all legs are one, and the seat is a panel of the back."""
    taxonomy = read_taxonomy(folder / "office_chair.yaml")
    for path in sorted((folder / "results").iterdir()):
        found = translated(read_segmentation(path), taxonomy)
        parts = found.level(2).parts
        legs = [part.id for part in parts if part.class_name == "support/leg"]
        found = merge(found, 2, legs) if len(legs) > 1 else found
        seat = next(part.id for part in found.level(2).parts if part.class_name == "seat")
        write_segmentation(folder / "corrected" / path.name, reclass(found, 2, seat, "back/panel"), path.name)


def test_the_taxonomy_is_the_one_of_the_page():
    block, = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    assert block == (ROOT / "examples/office_chair.yaml").read_text()


def test_every_command_is_one_of_these():
    assert [words[0] for words in COMMANDS] == ["view", "segment", "prepare", "inspect", "train", "evaluate", "report",
                                                "segment", "view", "export"]


def test_corrections_reach_the_stores(afternoon):
    stores = [Store(afternoon / f"data/OfficeChair/{split}.h5") for split in ("train", "val")]
    assert [len(store) for store in stores] == [3, 1]
    names = stores[0].taxonomy.level(2).names
    for shape in (shape for store in stores for shape in store):
        counts = {name: len(set(shape.instance[1][shape.semantic[1] == number])) for number, name in enumerate(names)}
        assert counts["seat"] == 0
        assert counts["back/panel"] >= 1
        assert counts["support/leg"] <= 1


def test_the_checkpoint_needs_nothing_else(afternoon):
    config = load_checkpoint(afternoon / "runs/mine").config
    assert config.category == "OfficeChair"
    assert config.taxonomy["support"] == {"leg": {}, "bar": {}, "caster": {}, "column": {}}
    segmenter = Segmenter.load(afternoon / "runs/mine", device="cpu", n_point=300)
    assert segmenter.taxonomy.agrees_with(read_taxonomy(afternoon / "office_chair.yaml"))


def test_results_are_in_ones_own_words(afternoon):
    record = json.loads((afternoon / "found/chair-1/result.json").read_text())
    assert record["category"] == "OfficeChair"
    assert [level["level"] for level in record["levels"]] == [1, 2]
    names = {part["class"] for level in record["levels"] for part in level["parts"]}
    assert names <= {"other", "seat", "back", "arm", "support", *(f"back/{one}" for one in ("panel", "slat", "post")),
                     "arm/rest", "arm/post", *(f"support/{one}" for one in ("leg", "bar", "caster", "column"))}
    assert record["tree"][0]["path"] == "OfficeChair"
    again = read_segmentation(afternoon / "found/chair-1")
    assert again.category == "OfficeChair"
    assert "OfficeChair" in (afternoon / "found/chair-1/view.html").read_text()


def test_scores_and_report_are_in_ones_own_words(afternoon):
    scores = json.loads((afternoon / "runs/mine/val/metrics.json").read_text())
    assert scores["category"] == "OfficeChair"
    assert [one["name"] for one in scores["levels"]["1"]["partnet"]["classes"]] == ["seat", "back", "arm", "support"]
    assert list(scores["levels"]) == ["1", "2"]
    assert "support/caster" in next(afternoon.joinpath("runs/mine").glob("*.html")).read_text()


def test_predictions_in_partnets_files(afternoon, tmp_path, capsys):
    assert main(["evaluate", "--model", str(afternoon / "runs/mine"), "--data", str(afternoon / "data"), "--out",
                 str(tmp_path), "--split", "val", "--write-partnet", str(tmp_path / "partnet"), "--device", "cpu"]) == 0
    files, words = tmp_path / "partnet", ["--taxonomy", str(afternoon / "office_chair.yaml"), "--split", "val"]
    capsys.readouterr()
    assert main(["score", str(files / "gt"), str(files / "pred"), "--level", "2", *words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    measured = json.loads((tmp_path / "metrics.json").read_text())["levels"]["2"]["partnet"]
    assert (found["category"], found["classes"], found["mean_ap"]) == (
        "OfficeChair", measured["classes"], measured["mean_ap"])
    other_level = [str(files / side / "OfficeChair-2") for side in ("gt", "pred")]
    assert main(["score", *other_level, "--level", "1", *words]) == 1
    assert "OfficeChair-1 is to be scored" in capsys.readouterr().err
    assert main(["score", *other_level, "--level", "2"]) == 1
    assert "--category, such as Chair, or --taxonomy" in capsys.readouterr().err


def test_the_onnx_file_names_the_classes(afternoon):
    onnx = pytest.importorskip("onnx")
    known = {one.key: one.value for one in onnx.load(afternoon / "mine.onnx").metadata_props}
    assert known["category"] == "OfficeChair"
    assert json.loads(known["class_names"])[0] == ["other", "seat", "back", "arm", "support"]
    assert json.loads(known["real_levels"]) == [1, 2]


def test_a_model_of_other_parts_cannot_be_measured_here(afternoon, tmp_path, capsys):
    shutil.copytree(afternoon / "corrected", tmp_path / "corrected")
    (tmp_path / "my.yaml").write_text("{category: OfficeChair, parts: [seat, back]}")
    assert main(["prepare", "results", str(tmp_path / "corrected"), "--taxonomy", str(tmp_path / "my.yaml"), "--out",
                 str(tmp_path), "--split", "val=1", "--points", "50", "--workers", "1"]) == 0
    assert main(["evaluate", "--model", str(afternoon / "runs/mine"), "--data", str(tmp_path), "--split", "val",
                 "--out", str(tmp_path / "out"), "--device", "cpu"]) == 1
    assert "the model is of OfficeChair, with other parts" in capsys.readouterr().err


def test_pages_open(afternoon, monkeypatch):
    monkeypatch.chdir(afternoon)
    for words in COMMANDS:
        if words[0] == "view":
            assert _parse([*words, "--device", "cpu"])._page() is not None
