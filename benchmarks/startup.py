"""How long the command line takes to say something, and to segment the first shape after an installation.

Run: python -m benchmarks.startup [--json FILE]

Each in a process of its own: the help, and a cloud of 10,000 points with an untrained network of preset paper, first
without any compiled code, then with what the first run left.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tyro

from benchmarks.measure import chairs
from benchmarks.segment import untrained
from partwise.checkpoint import save_checkpoint
from partwise.cli.tables import new_table, show
from partwise.mesh import write_ply


@dataclass(frozen=True)
class Settings:
    """Measure start-up."""

    rounds: int = 3
    """How often the help and the warm segmentation are run; the least time counts."""
    json: Path | None = None
    """File for all numbers."""


def seconds(*arguments: str, cache: Path) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "partwise", *arguments], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "NUMBA_CACHE_DIR": str(cache)})
    return time.perf_counter() - start


def main(settings: Settings) -> None:
    with TemporaryDirectory() as name, chairs(1) as store:
        folder = Path(name)
        save_checkpoint(folder / "model", untrained())
        write_ply(folder / "chair.ply", store.shape(0).points, store.shape(0).normals,
                  np.zeros((store.n_point, 3), np.uint8), {})
        segment = ("segment", str(folder / "chair.ply"), "--model", str(folder / "model"), "--out", str(folder / "out"))
        found = {
            "partwise --help": min(seconds("--help", cache=folder) for _ in range(settings.rounds)),
            "first segmentation, nothing compiled": seconds(*segment, cache=folder / "cache"),
            "later ones": min(seconds(*segment, cache=folder / "cache") for _ in range(settings.rounds)),
        }
    table = new_table("Start-up", [""], ["seconds"])
    for what, took in found.items():
        table.add_row(what, f"{took:.2f}")
    show(table)
    if settings.json:
        settings.json.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
