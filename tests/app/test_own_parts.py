"""The page with a taxonomy of one's own: a model's guesses in its words, and naming by hand."""

import io
import zipfile

import numpy as np
import pytest
import trimesh

from partwise.data.store import Store
from partwise.result.prepare import prepare_results
from partwise.taxonomy import own_taxonomy
from tests.app.running import running

TAXONOMY = own_taxonomy("OfficeChair", {"seat": {}, "back": {}, "rest": {"leg": {}, "arm": {}}},
                        {"chair/chair_seat": "seat", "chair/chair_back": "back", "chair/chair_base": "rest",
                         "chair/chair_arm": "rest/arm"})


@pytest.fixture(scope="module")
def client():
    with running(taxonomy=TAXONOMY) as client:
        yield client


@pytest.fixture(scope="module")
def boxes(chair):
    """The chair of boxes, as a file."""
    mesh = trimesh.Trimesh(chair.mesh.vertices, chair.mesh.faces, process=False)
    return mesh.export(file_type="ply")


@pytest.fixture
def session(client, boxes):
    session = client.start()
    assert client.upload(session, "boxes.ply", boxes).status == 200
    return session


def test_naming_by_hand(client, session, tmp_path):
    assert client.ask("POST", "sessions").json["models"]["by hand"] == "By hand"
    state = client.run(session, model="by hand")
    assert (state["error"], state["model"]) == (None, "by hand")
    assert client.parts(session, 1) == client.parts(session, 2) == {0: "other"}
    assert client.ask("GET", f"{session}/view").json["classes"] == {
        "1": ["other", "seat", "back", "rest"], "2": ["other", "seat", "back", "rest/leg", "rest/arm"]}
    client.do(session, what="split into pieces", level=2, parts=[0])
    pieces = client.parts(session, 2)
    assert list(pieces.values()) == ["other"] * 8
    boxes = client.ask("GET", f"{session}/view").json["view"]["levels"][1]["parts"]
    lowest = [part["id"] for part in boxes if part["box"]["max"][1] < 0.43]
    assert len(lowest) == 4
    for leg in lowest:
        assert client.do(session, what="reclass", level=2, parts=[leg], **{"class": "rest/leg"})["error"] is None
    assert sorted(client.parts(session, 2).values()) == ["other"] * 4 + ["rest/leg"] * 4
    assert sorted(client.parts(session, 1).values()).count("rest") == 1

    download = client.ask("GET", f"{session}/result.zip")
    (tmp_path / "boxes-parts.zip").write_bytes(download.body)
    with zipfile.ZipFile(io.BytesIO(download.body)) as archive:
        assert b'"taxonomy": {"seat": {}' in archive.read("result.json")
    prepare_results(tmp_path, tmp_path / "data", n_point=200, workers=1)
    shape = Store(tmp_path / "data/OfficeChair/train.h5").shape(0)
    assert shape.anno_id == "boxes-parts"
    legs = shape.semantic[1] == 3
    assert len(np.unique(shape.instance[1][legs])) == 4
    assert (shape.points[legs, 1] < shape.points[~legs, 1].mean()).all()


def test_by_hand_splits_go_by_place(client, session):
    client.run(session, model="by hand")
    assert client.do(session, what="split by grouping", level=1, parts=[0])["error"] is None
    assert len(client.parts(session, 1)) > 1


def test_what_a_model_finds_has_ones_own_names(client, session):
    assert client.run(session, model="chair", points=2500)["error"] is None
    for level in (1, 2):
        names = set(client.parts(session, level).values())
        assert names <= set(TAXONOMY.level(level).names)
        assert "seat" in names
    part = next(id for id, name in client.parts(session, 1).items() if name == "rest")
    state = client.do(session, what="split by grouping", level=1, parts=[part])
    assert state["error"] is None or "stays whole" in state["error"]


def test_by_hand_takes_an_axis_and_a_taxonomy(client, session, boxes):
    assert "choose the axis" in client.run(session, model="by hand", up="guess")["error"]
    with running() as plain:
        other = plain.start()
        plain.upload(other, "boxes.ply", boxes)
        assert plain.ask("POST", f"{other}/run", {"model": "by hand", "up": "y"}).status == 400
