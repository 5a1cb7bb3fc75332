"""The benchmarks of speed run, on as little as they can be given; their figures are nobody's business here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SMALLEST = {
    "presets": ("--batch", "1", "--rounds", "1"),
    "network": ("--shapes", "1", "--batch", "2", "--rounds", "1"),
    "mean_shift": ("--points", "300", "--rounds", "1"),
    "metrics": ("--shapes", "2", "--reference", "1", "--test-set", "2"),
    "segment": ("--shapes", "1", "--files", "1", "--rounds", "1"),
    "startup": ("--rounds", "1"),
    "onnx_runtime": ("--shapes", "1", "--rounds", "1"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALLEST)
def test_a_benchmark_runs(name, tmp_path):
    if name == "onnx_runtime":
        pytest.importorskip("onnxruntime")
        pytest.importorskip("onnxscript")
    command = [sys.executable, "-m", f"benchmarks.{name}", *SMALLEST[name], "--json", tmp_path / "out.json"]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") > 4
    assert json.loads((tmp_path / "out.json").read_text())


def test_all_run_together_and_what_cannot_is_said(monkeypatch, tmp_path):
    """Without its extra, a benchmark is left out by name; the others are run."""
    from benchmarks import __main__ as benchmarks

    assert set(benchmarks.SCRIPTS) == set(SMALLEST)
    started = []

    def pretend(command, **options):
        started.append(command[2].partition(".")[2])
        return subprocess.CompletedProcess(command, 0, stdout="figures\n")

    monkeypatch.setattr(benchmarks.subprocess, "run", pretend)
    monkeypatch.setattr(benchmarks, "machine", lambda: "a machine")
    monkeypatch.setattr(benchmarks, "find_spec", lambda name: None if name == "onnxscript" else name)
    benchmarks.main(benchmarks.Settings(write=tmp_path / "results.md"))
    assert started == [name for name in benchmarks.SCRIPTS if name != "onnx_runtime"]
    text = (tmp_path / "results.md").read_text()
    assert "onnx_runtime: not measured, for want of onnxscript; pip install 'partwise[onnx]'" in text
    assert text.count("figures") == len(started)


@pytest.mark.slow
def test_ablation_makes_tables_and_goes_on_where_it_was(chair_data, tmp_path, monkeypatch):
    from benchmarks import ablation

    settings = ablation.Settings(chair_data, tmp_path, ("Chair",), (0, 1), ("paper", "tree", "learned confidence"),
                                 iterations=2, n_point=64, limit=2, device="cpu")
    ablation.main(settings)
    first = (tmp_path / "tables.md").read_text()
    rows = [line.split("|") for line in first.splitlines() if line.startswith("| ")]
    assert [row[1].strip() for row in rows] == ["variant", "paper", "tree", "learned confidence"]
    assert all(row[2].strip() == "2" and "±" in row[3] for row in rows[1:])
    assert rows[2][-2].startswith(" 100.0") or rows[2][-2].strip().startswith("nan")
    monkeypatch.setattr(ablation, "train", lambda config: pytest.fail("trained again"))
    monkeypatch.setattr(ablation, "evaluate", lambda *arguments: pytest.fail("tested again"))
    ablation.main(settings)
    assert (tmp_path / "tables.md").read_text() == first


def test_changes_by_dotted_name():
    from benchmarks.ablation import changed

    from partwise.config import TrainConfig

    config = changed(TrainConfig(Path("data"), "Chair", Path("out")),
                     {"network.fusion": "none", "seed": 3, "network.nempty": True})
    assert (config.network.fusion, config.network.nempty, config.seed) == ("none", True, 3)
