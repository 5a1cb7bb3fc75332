"""partwise-bench: a fixed part of the procedural world, the same for everyone, to compare numbers on."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import h5py

from partwise.errors import InputError
from partwise.synth.categories import category_function
from partwise.synth.world import write_world

NAME = "partwise-bench v1"
N_POINT = 10_000


@dataclass(frozen=True)
class BenchCategory:
    """What fixes a category of the benchmark.

    counts : number of shapes of each split
    labels : checksum of the labels of each split, see ``label_checksum``
    """

    seed: int
    counts: dict[str, int]
    labels: dict[str, str]


@cache
def bench_categories() -> dict[str, BenchCategory]:
    """The categories of partwise-bench by PartNet's name."""
    text = resources.files(__package__).joinpath("benchmark.json").read_text(encoding="utf-8")
    return {name: BenchCategory(**values) for name, values in json.loads(text).items()}


def bench_category(category: str) -> BenchCategory:
    """InputError for a category that the benchmark does not have."""
    known = bench_categories()
    if category not in known:
        raise InputError(f"{NAME} has no category '{category}'; choose from {', '.join(known)}")
    return known[category]


def write_benchmark(out: Path, category: str, workers: int | None = None,
                    splits: Iterable[str] | None = None) -> list[Path]:
    """Write a category of partwise-bench as ``write_world`` does and check its labels; return the HDF5 files.

    splits : those to write; all if None

    InputError: see ``bench_category`` and ``write_world``; labels that differ, split by split. The files remain: they
    are a procedural world like any other, but no figure on them can be compared with other people's.
    """
    bench = bench_category(category)
    counts = {split: count for split, count in bench.counts.items() if splits is None or split in splits}
    files = write_world(out, category, category_function(category), counts, N_POINT, bench.seed, workers=workers,
                        flaws=True)
    found = {split: label_checksum([file for file in files if file.name.startswith(f"{split}-")]) for split in counts}
    if wrong := [split for split in counts if found[split] != bench.labels[split]]:
        split = wrong[0]
        raise InputError(f"{out / category}: the labels of {', '.join(wrong)} are not those of {NAME}: SHA-256 "
                         f"{found[split]}, expected {bench.labels[split]}. This partwise, or NumPy and SciPy on this "
                         "machine, make other shapes; figures on them are not comparable")
    return files


def label_checksum(files: Iterable[Path]) -> str:
    """SHA-256, as hexadecimal digits, of the labels of a split.

    Of its files in the order of their names: the bytes of ``label`` as little-endian int32, then those of the JSON
    file, which holds the part trees. Points are left out: their last bits may differ between machines.
    """
    digest = hashlib.sha256()
    for path in sorted(files):
        with h5py.File(path) as file:
            digest.update(file["label"][:].astype("<i4").tobytes())
        digest.update(path.with_suffix(".json").read_bytes())
    return digest.hexdigest()
