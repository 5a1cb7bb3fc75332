"""The benchmarks of speed run, on as little as they can be given; their figures are nobody's business here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SMALLEST = {
    "network": ("--shapes", "1", "--batch", "2", "--rounds", "1"),
    "mean_shift": ("--points", "300", "--rounds", "1"),
    "metrics": ("--shapes", "2", "--reference", "1", "--test-set", "2"),
    "segment": ("--shapes", "1", "--files", "1", "--rounds", "1"),
    "startup": ("--rounds", "1"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALLEST)
def test_a_benchmark_runs(name, tmp_path):
    command = [sys.executable, "-m", f"benchmarks.{name}", *SMALLEST[name], "--json", tmp_path / "out.json"]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") > 4
    assert json.loads((tmp_path / "out.json").read_text())
