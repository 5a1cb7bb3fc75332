"""The server: who may ask, what it takes, what it does, and what it says when it cannot."""

import io
import json
import re
import socket
import threading
import zipfile
from pathlib import Path

import pytest
import trimesh

from partwise.app import analysis
from partwise.app.sessions import MOST_SESSIONS
from tests.app.running import TOKEN, running


@pytest.fixture(scope="module")
def client():
    with running() as client:
        yield client


@pytest.fixture(scope="module")
def mesh(chair_h5) -> bytes:
    return sorted(chair_h5.parent.joinpath("meshes").glob("*.glb"))[0].read_bytes()


@pytest.fixture
def session(client) -> str:
    return client.start()


@pytest.fixture
def segmented(client, session, mesh) -> str:
    assert client.upload(session, "my chair.glb", mesh).status == 200
    state = client.run(session)
    assert (state["error"], state["version"], state["model"], state["title"]) == (None, 1, "chair", "my chair.glb")
    return session


@pytest.mark.parametrize("path", ["", "page.js", "page.css", "corrections.js", "viewer.js"])
def test_the_page(client, path):
    answer = client.ask("GET", path)
    assert answer.status == 200
    assert len(answer.body) > 500
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["nothing", "page.html", "..%2fserver.py", "sessions"])
def test_other_addresses_lead_nowhere(client, path):
    assert client.ask("GET", path).status in (404, 405)


@pytest.mark.parametrize(("token", "headers"), [
    ("another", {}), ("", {}), (TOKEN[:-1], {}), ("\u00fc".encode().hex(), {}),
    (TOKEN, {"Host": "evil.example"}), (TOKEN, {"Host": "evil.example:80"}), (TOKEN, {"Host": "127.0.0.1:1"}),
    (TOKEN, {"Origin": "https://evil.example"}), (TOKEN, {"Origin": "null"}),
    (TOKEN, {"Origin": "http://127.0.0.1:1"})])
def test_strangers_are_refused(client, token, headers):
    before = len(client.page.sessions._open)
    answer = client.ask("POST", "sessions", token=token, **headers)
    assert answer.status == 403
    assert "error" in answer.json
    assert len(client.page.sessions._open) == before


@pytest.mark.parametrize("line", [b"OPTIONS * HTTP/1.1", b"GET /%ff%fe/ HTTP/1.1", b"GET // HTTP/1.1"])
def test_odd_requests_are_refused(client, line):
    with socket.create_connection(("127.0.0.1", client.port), timeout=30) as connection:
        connection.sendall(line + b"\r\nHost: 127.0.0.1:%d\r\n\r\n" % client.port)
        assert b" 403 " in connection.recv(4096).splitlines()[0]


def test_the_page_itself_may_ask(client):
    for name in ("127.0.0.1", "localhost"):
        host = f"{name}:{client.port}"
        assert client.ask("POST", "sessions", Host=host, Origin=f"http://{host}").status == 200


def test_a_file_is_segmented(client, segmented):
    assert "chair_seat" in client.parts(segmented, 1).values()
    answer = client.ask("GET", f"{segmented}/view").json
    assert "chair_seat" in answer["classes"]["1"]
    assert answer["view"]["title"] == "my chair.glb"


def test_it_is_recognised_unless_it_is_said(client, segmented):
    state = client.run(segmented, model=None)
    assert state["error"] is None
    assert state["model"] == state["guesses"][0]["model"]
    state = client.run(segmented, model="table", bandwidth=0.1)
    assert (state["model"], state["bandwidth"], state["guesses"]) == ("table", 0.1, [])
    assert client.ask("GET", f"{segmented}/view").json["view"]["category"] == "Table"


@pytest.mark.parametrize(("name", "data", "message"), [
    ("a.glb", b"these are words, not a mesh", "^a.glb: this is not a GLB"), ("a.ply", b"", "a.ply: the file is empty"),
    ("../../a.obj", b"v 0 0 word", "^a.obj: "), ("C:\\shapes\\a.obj", b"v 0 0 word", "^a.obj: "),
    ("a.xyz", b"0 0 nan", "a.xyz: ")])
def test_a_bad_file_is_named_in_words(client, session, name, data, message):
    assert client.upload(session, name, data).status == 200
    state = client.run(session)
    assert state["version"] == 0
    assert re.search(message, state["error"])
    assert "Traceback" not in state["error"]
    assert client.page.sessions[session.rpartition("/")[2]].folder.name not in state["error"]


@pytest.mark.parametrize("name", ["a.exe", "a", "", "glb", "../", "a.glb/"])
def test_an_unknown_suffix(client, session, name):
    answer = client.upload(session, name, b"data")
    assert answer.status == 400
    assert "unknown suffix" in answer.json["error"]


def test_only_the_suffix_reaches_the_disk(client, session):
    client.upload(session, "../../../tmp/passwd\x00.obj", b"v 0 0 0")
    own = client.page.sessions[session.rpartition("/")[2]]
    assert [path.name for path in Path(own.folder.name).iterdir()] == ["input.obj"]
    client.upload(session, "b.xyz", b"0 0 0")
    assert [path.name for path in Path(own.folder.name).iterdir()] == ["input.xyz"]


def test_too_large_a_file():
    with running(most=1000) as client:
        session = client.start()
        answer = client.upload(session, "a.xyz", b"0" * 1001)
        assert answer.status == 413
        assert "a.xyz: is larger than" in answer.json["error"]
        assert client.ask("PUT", f"{session}/file?name=a.xyz", iter([b"0" * 700] * 2)).status == 413  # size not told
        assert client.ask("POST", f"{session}/run", {"up": "y"}).status == 400  # there is no file
        assert client.upload(session, "a.xyz", b"0 0 0\n" * 166).status == 200


@pytest.mark.parametrize(("change", "message"), [
    ({"model": "/etc/passwd"}, "category: found"), ({"model": 3}, "category: found"), ({"bandwidth": 0}, "bandwidth"),
    ({"bandwidth": "0.1"}, "bandwidth"), ({"points": 0}, "points"), ({"points": 1.5}, "points"),
    ({"points": 10 ** 9}, "points"), ({"points": True}, "points"), ({"up": "w"}, "up: found"), ({"up": None}, "up")])
def test_settings_that_cannot_be(client, segmented, change, message):
    answer = client.ask("POST", f"{segmented}/run", {"model": "chair", "up": "y", **change})
    assert answer.status == 400
    assert message in answer.json["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"3"])
def test_requests_that_are_no_objects(client, segmented, body):
    for what in ("run", "correct"):
        assert client.ask("POST", f"{segmented}/{what}", body).status == 400


def test_corrections_and_undo(client, segmented):
    before = client.parts(segmented, 1)
    pair = list(before)[:2]
    state = client.do(segmented, what="merge", level=1, parts=pair)
    assert (state["error"], state["version"], state["can_undo"]) == (None, 2, True)
    merged = client.parts(segmented, 1)
    assert len(merged) == len(before) - 1
    other = next(iter(merged))
    assert client.do(segmented, what="reclass", level=1, parts=[other], **{"class": "other"})["error"] is None
    assert client.parts(segmented, 1)[other] == "other"
    for expected in (merged, before):
        assert client.ask("POST", f"{segmented}/undo").status == 200
        client.settled(segmented)
        assert client.parts(segmented, 1) == expected
    assert "nothing to undo" in client.ask("POST", f"{segmented}/undo").json["error"]


def test_splitting_what_was_merged(client, segmented):
    legs = [id for id, name in client.parts(segmented, 3).items() if name.endswith("/leg")]
    if len(legs) < 2:
        legs = list(client.parts(segmented, 3))[:2]
    client.do(segmented, what="merge", level=3, parts=legs)
    kept = next(id for id in legs if id in client.parts(segmented, 3))
    count = len(client.parts(segmented, 3))
    assert client.do(segmented, what="split by grouping", level=3, parts=[kept])["error"] is None
    assert len(client.parts(segmented, 3)) > count


def test_corrections_that_cannot_be(client, segmented):
    assert "at least two" in client.do(segmented, what="merge", level=1, parts=[0])["error"]
    assert "no part 999" in client.do(segmented, what="split into pieces", level=1, parts=[999])["error"]
    assert "no level 7" in client.do(segmented, what="merge", level=7, parts=[0, 1])["error"]
    assert "is no correction" in client.do(segmented, what="paint", level=1, parts=[0])["error"]
    assert "names a level" in client.do(segmented, what="merge", level="1", parts=[0])["error"]
    assert client.settled(segmented)["version"] == 1


def test_the_result_as_a_zip(client, segmented):
    client.do(segmented, what="merge", level=1, parts=list(client.parts(segmented, 1))[:2])
    answer = client.ask("GET", f"{segmented}/result.zip")
    assert answer.status == 200
    assert 'filename="my-chair-parts.zip"' in answer.headers["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(answer.body))
    assert {"result.json", "parts.glb", "points.ply", "faces.npz", "view.html"} < set(archive.namelist())
    written = json.loads(archive.read("result.json"))
    assert written["source"] == "my chair.glb"
    assert {part["id"]: part["class"] for part in written["levels"][0]["parts"]} == client.parts(segmented, 1)
    assert trimesh.load(io.BytesIO(archive.read("parts.glb")), file_type="glb").geometry


def test_there_is_nothing_before_the_first_result(client, session):
    for method, what in (("GET", "view"), ("GET", "result.zip"), ("POST", "undo"), ("POST", "run")):
        answer = client.ask(method, f"{session}/{what}", {"up": "y"} if what == "run" else None)
        assert answer.status == 400
        assert answer.json["error"]


def test_cancelling_before_the_work_begins(client, session, mesh):
    client.upload(session, "a.glb", mesh)
    gate = threading.Event()
    client.page.sessions._thread.submit(gate.wait)
    client.ask("POST", f"{session}/run", {"model": "chair", "up": "y"})
    assert client.ask("GET", session).json["stage"] == "waiting"
    assert "still at work" in client.ask("POST", f"{session}/run", {"model": "chair", "up": "y"}).json["error"]
    assert "still at work" in client.upload(session, "b.glb", mesh).json["error"]
    client.ask("POST", f"{session}/cancel")
    gate.set()
    state = client.settled(session)
    assert (state["version"], state["error"]) == (0, None)
    assert client.run(session)["version"] == 1


def test_cancelling_between_stages_keeps_the_result_before(client, segmented, monkeypatch):
    reading, gate, network = threading.Event(), threading.Event(), []
    read = analysis.read_geometry

    def slowly(path):
        reading.set()
        assert gate.wait(30)
        return read(path)

    monkeypatch.setattr(analysis, "read_geometry", slowly)
    monkeypatch.setattr(analysis.Segmenter, "outputs", lambda *_: network.append(1))
    client.ask("POST", f"{segmented}/run", {"model": "table", "up": "y"})
    assert reading.wait(30)
    assert client.ask("GET", segmented).json["stage"] == "reading"
    client.ask("POST", f"{segmented}/cancel")
    gate.set()
    state = client.settled(segmented)
    assert (state["version"], state["model"], state["error"], network) == (1, "chair", None, [])


def test_a_bug_is_told_in_words(client, segmented, monkeypatch, caplog):
    monkeypatch.setattr(analysis, "read_geometry", lambda path: 1 / 0)
    state = client.run(segmented)
    assert state["error"].startswith("partwise failed (ZeroDivisionError)")
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    assert client.run(segmented)["error"] is None


def test_two_pages_do_not_disturb_each_other(client, segmented, mesh):
    other = client.start()
    client.upload(other, "cloud.xyz", b"".join(b"%d %d %d\n" % (i % 7, i % 11, i % 13) for i in range(1000)))
    client.run(other)
    first, second = (client.ask("GET", f"{one}/view").json["view"] for one in (segmented, other))
    assert (first["title"], second["title"]) == ("my chair.glb", "cloud.xyz")
    assert first["indices"] is not None
    assert second["indices"] is None
    client.do(segmented, what="merge", level=1, parts=list(client.parts(segmented, 1))[:2])
    assert client.ask("GET", other).json["version"] == 1


def test_the_oldest_page_goes_and_its_files_with_it(mesh):
    with running() as client:
        first, second = client.start(), client.start()
        folders = {one: Path(client.page.sessions[one.rpartition("/")[2]].folder.name) for one in (first, second)}
        client.upload(first, "a.glb", mesh)  # used last
        for _ in range(MOST_SESSIONS - 1):
            client.start()
        client.page.sessions._thread.submit(int).result(10)
        assert (folders[first].exists(), folders[second].exists()) == (True, False)
        answer = client.ask("GET", second)
        assert answer.status == 400
        assert "reload" in answer.json["error"]
    assert not folders[first].exists()


def test_a_page_that_is_left_takes_its_files_with_it(client, segmented):
    folder = Path(client.page.sessions[segmented.rpartition("/")[2]].folder.name)
    assert client.ask("POST", f"{segmented}/close").status == 200
    client.page.sessions._thread.submit(int).result(10)
    assert not folder.exists()
    assert client.ask("GET", segmented).status == 400


def test_a_file_that_was_named_before(tmp_path, mesh):
    path = tmp_path / "named.glb"
    path.write_bytes(mesh)
    with running(path) as client:
        for _ in range(2):
            session = client.start()
            assert client.run(session)["title"] == "named.glb"
        client.upload(session, "b.glb", mesh)
    assert path.read_bytes() == mesh


def test_a_model_of_ones_own(trained, mesh):
    """The page may choose the one that was named, which it begins with, and those that come with partwise."""
    name = str(trained)
    with running(settings=analysis.Settings(model=name), models={name: "Chair, mine"}) as client:
        told = client.ask("POST", "sessions").json
        assert told["settings"]["model"] == name
        assert told["models"][name] == "Chair, mine"
        assert "table" in told["models"]
        session = f"sessions/{told['id']}"
        client.upload(session, "chair.glb", mesh)
        state = client.run(session, model=name)
        assert (state["error"], state["model"]) == (None, name)
        refused = client.ask("POST", f"{session}/run", {"model": str(trained.parent), "up": "y"})
        assert refused.status == 400
        assert "expected one of" in refused.json["error"]
