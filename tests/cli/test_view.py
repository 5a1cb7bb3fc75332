"""``partwise view`` as a command."""

import http.client
import json
import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from partwise.cli import main

FOR_EVER = "import time; from partwise.app.analysis import Analyst; Analyst.__call__ = lambda *_: time.sleep(3600); "


@pytest.mark.parametrize("before", ["", FOR_EVER])
@pytest.mark.parametrize(("number", "status", "words"), [(signal.SIGINT, 130, "partwise: interrupted\n"),
                                                         (signal.SIGTERM, 0, "")])
def test_it_serves_until_it_is_ended_and_leaves_nothing(number, status, words, before, chair_h5, tmp_path):
    """At work for a page that is still open, with another's files yet to remove; and if a stage takes for ever."""
    mesh = next(chair_h5.parent.joinpath("meshes").glob("*.glb")).read_bytes()
    program = f"import sys; from partwise.cli import main; {before}sys.exit(main())"
    command = [sys.executable, "-c", program, "view", "--no-browser", "--device", "cpu"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONFAULTHANDLER": "1"}) as process:
        try:
            address = urlsplit(process.stdout.readline().split()[1])
            assert address.hostname == "127.0.0.1"
            assert len(address.path) > 20
            connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)

            def ask(method, path="", body=None):
                connection.request(method, address.path + path, body)
                answer = connection.getresponse()
                assert answer.status == 200
                return answer.read()

            assert b"Drop a mesh" in ask("GET")
            session, left = (f"sessions/{json.loads(ask('POST', 'sessions'))['id']}" for _ in range(2))
            for one in (session, left):
                ask("PUT", f"{one}/file?name=chair.glb", mesh)
            assert len(list(tmp_path.rglob("input.glb"))) == 2
            ask("POST", f"{session}/run", json.dumps({"model": "chair", "up": "y"}))
            ask("POST", f"{left}/close")
            process.send_signal(number)
            try:
                out, complaints = process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGABRT)  # faulthandler says where each thread is
                pytest.fail(f"still there after a minute:\n{process.communicate()[1]}")
        finally:
            process.kill()
    assert process.returncode == status
    assert (out, complaints) == ("", words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("arguments", "message"), [
    (["nothing.glb"], "nothing.glb: no such file"), (["--category", "boat"], "category: found 'boat'"),
    (["--model", "no/run"], "no/run: no such folder"), (["--taxonomy", "none.yaml"], "none.yaml: no such file"),
    (["--model", "chair", "--category", "table"], "give one of them"),
    (["--max-size", "0"], "--max-size is 0"), (["--port", "70000"], "--port 70000: cannot be listened on")])
def test_what_cannot_be_is_said(capsys, arguments, message):
    assert main(["view", "--no-browser", *arguments]) == 1
    assert message in capsys.readouterr().err


def test_without_its_library_it_names_the_extra(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    assert main(["view", "--no-browser"]) == 1
    assert "pip install 'partwise[view]'" in capsys.readouterr().err
