"""``partwise report`` and ``partwise compare`` as a shell would call them."""

import json
import subprocess
import sys

from partwise.cli import main
from tests.report.parsed import Page


def test_report(run_folder, capsys):
    assert main(["report", str(run_folder)]) == 0
    assert capsys.readouterr().out == f"page: {run_folder / 'report.html'}\n"
    first = (run_folder / "report.html").read_text()
    assert "Scores on test" in Page(first).texts
    (run_folder / "test/shapes.npz").unlink()
    assert main(["report", str(run_folder / "test"), "--out", str(run_folder / "new/x.html")]) == 0
    assert "missing: " in capsys.readouterr().out
    assert "no pictures" in Page((run_folder / "new/x.html").read_text()).text


def test_compare(run_folder, capsys):
    folders = [str(run_folder), str(run_folder / "test")]
    assert main(["compare", *folders, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [run["name"] for run in found["runs"]] == ["chair", "test"]
    assert all(row["differences"] == [0, 0] for row in found["scores"])
    assert main(["compare", *folders, "--out", str(run_folder / "compare.html")]) == 0
    printed = capsys.readouterr().out
    assert "differences to chair" in printed
    assert "page: " in printed
    assert "2 runs compared" in Page((run_folder / "compare.html").read_text()).texts


def test_a_page_that_cannot_be_written(run_folder, capsys):
    assert main(["report", str(run_folder), "--out", str(run_folder)]) == 1
    assert "is a folder; name a file" in capsys.readouterr().err
    assert main(["report", str(run_folder), "--out", str(run_folder / "log.jsonl/x.html")]) == 1
    assert "log.jsonl" in capsys.readouterr().err


def test_help_is_read_without_pillow_or_torch():
    code = ("import sys; sys.modules['PIL'] = None; import partwise.cli.report, partwise.cli.compare; "
            "assert not {'torch', 'scipy', 'numpy'} & set(sys.modules)")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
