"""``partwise view`` as a command."""

import http.client
import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from partwise.cli import main


def test_it_serves_until_it_is_interrupted(tmp_path):
    command = [sys.executable, "-m", "partwise", "view", "--no-browser", "--device", "cpu"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={**os.environ, "TMPDIR": str(tmp_path)}) as process:
        try:
            address = urlsplit(process.stdout.readline().split()[1])
            assert address.hostname == "127.0.0.1"
            assert len(address.path) > 20
            connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
            connection.request("GET", address.path)
            assert b"Drop a mesh" in connection.getresponse().read()
            connection.request("POST", f"{address.path}sessions")  # the connection stays open, the page too
            assert connection.getresponse().status == 200
            assert list(tmp_path.iterdir())
            process.send_signal(signal.SIGINT)
            out, complaints = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130
    assert (out, complaints) == ("", "partwise: interrupted\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("arguments", "message"), [
    (["nothing.glb"], "nothing.glb: no such file"), (["--category", "boat"], "category: found 'boat'"),
    (["--category", "chair", "--model", "runs/mine"], "give one of them"),
    (["--model", "runs/none"], "runs/none: no such folder"), (["--taxonomy", "none.yaml"], "none.yaml: no such file"),
    (["--max-size", "0"], "--max-size is 0"), (["--port", "70000"], "--port 70000: cannot be listened on")])
def test_what_cannot_be_is_said(capsys, arguments, message):
    assert main(["view", "--no-browser", *arguments]) == 1
    assert message in capsys.readouterr().err


def test_without_its_library_it_names_the_extra(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    assert main(["view", "--no-browser"]) == 1
    assert "pip install 'partwise[view]'" in capsys.readouterr().err
