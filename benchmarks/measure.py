"""What the benchmarks of speed share: synthetic chairs, taking turns, a process for each case, its memory."""

import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from partwise.cli.tables import new_table, show
from partwise.data.prepare import prepare_partnet
from partwise.data.store import Store
from partwise.synth.categories import category_function
from partwise.synth.world import write_world

Result = TypeVar("Result")


@contextmanager
def chairs(count: int, n_point: int = 10_000) -> Iterator[Store]:
    """A store of synthetic chairs, the same in every run."""
    with TemporaryDirectory() as folder:
        h5, data = Path(folder) / "h5", Path(folder) / "data"
        write_world(h5, "Chair", category_function("Chair"), {"train": count}, n_point)
        prepare_partnet(h5, data, ["Chair"], ["train"])
        store = Store(data / "Chair/train.h5")
        yield store
        store.close()


@dataclass(frozen=True)
class Comparison:
    """Milliseconds that two take for the same."""

    what: str
    first: float
    second: float

    @property
    def ratio(self) -> float:
        """How many times as long the second takes."""
        return self.second / self.first


def show_comparisons(title: str, first: str, second: str, rows: Sequence[Comparison]) -> None:
    """Print a table; first and second are the names of the two."""
    table = new_table(title, [""], [f"{first} ms", f"{second} ms", "ratio"])
    for row in rows:
        table.add_row(row.what, f"{row.first:.1f}", f"{row.second:.1f}", f"{row.ratio:.2f}")
    show(table)


def in_turns(rounds: int, *runs: Callable[[], object]) -> list[float]:
    """Least seconds of each run; after one round to warm up they take turns, so that all meet the same machine."""
    once(*runs)
    return [min(seconds) for seconds in zip(*(once(*runs) for _ in range(rounds)), strict=True)]


def once(*runs: Callable[[], object]) -> list[float]:
    """Seconds of one call of each."""
    seconds = []
    for run in runs:
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return seconds


def alone(measure: Callable[..., Result], *arguments: Any) -> Result:
    """measure(*arguments) in a fresh process, in which nothing else takes time or memory."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(measure, *arguments).result()


def resident_peak() -> float:
    """Greatest resident memory since the last call, in MB, which starts anew; NaN where there is no Linux to ask."""
    if sys.platform != "linux":
        return float("nan")
    status = Path("/proc/self/status").read_text()
    Path("/proc/self/clear_refs").write_text("5")
    return int(re.findall(r"VmHWM:\s*(\d+) kB", status)[0]) / 1024
