"""The procedural world as files: PartNet's layout, the same bytes for the same seed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

from partwise.config import N_POINT
from partwise.data.jobs import Advance, run_tasks
from partwise.errors import InputError
from partwise.files import make_folder, remove_stale
from partwise.synth.shapes import MakeParts, SynthShape, make_shape
from partwise.synth.writer import origin_of, write_glb, write_pair
from partwise.taxonomy import SPLITS

SHAPES_PER_FILE = 1024
"""PartNet's limit."""
VERSION = 1
"""Of the shapes; raised with every change that makes other shapes of the same seed."""


@dataclass(frozen=True)
class _Task:
    """One file: shapes first ... first + count - 1 of a split."""

    make_parts: MakeParts
    category: str
    split: str
    first: int
    count: int
    n_point: int
    seed: int
    flaws: bool
    path: Path
    meshes: Path | None

    @property
    def origin(self) -> str:
        """What decides the contents of the file."""
        world = f"{self.make_parts.__module__}:{self.make_parts.__qualname__}"
        return json.dumps({"world": world, "version": VERSION, "category": self.category, "split": self.split,
                           "first": self.first, "count": self.count, "n_point": self.n_point, "seed": self.seed,
                           "flaws": self.flaws})


def write_world(out: Path, category: str, make_parts: MakeParts, counts: dict[str, int], n_point: int = N_POINT,
                seed: int = 0, meshes: dict[str, Path] | None = None, workers: int | None = None,
                flaws: bool = False) -> list[Path]:
    """Write ``<out>/<category>/<split>-NN.h5`` with the ``.json`` beside it, and return the HDF5 files.

    make_parts : the category, an importable function
    counts : number of shapes of each split; more than 1,024 become several files, as in PartNet
    n_point : points of each shape
    seed : the same seed gives the same bytes, with any number of workers
    meshes : folder for the shapes of a split as ``<model_id>.glb``; None or no entry for none
    workers : processes, None for one a CPU
    flaws : give about half of the shapes modelling flaws (see ``with_flaws``)

    Files of an earlier, interrupted call with the same arguments are kept. InputError for unknown splits,
    negative counts, no point, a negative seed, and for files in the way that are not of this world and seed.
    """
    if unknown := sorted(set(counts) - set(SPLITS)):
        raise InputError(f"unknown splits {unknown}; expected some of {', '.join(SPLITS)}")
    if min(counts.values(), default=0) < 0 or sum(counts.values()) < 1 or n_point < 1 or seed < 0:
        raise InputError(f"points and shapes must be at least 1 and a seed at least 0; found {n_point} points, "
                         f"shapes {counts}, seed {seed}")
    folder = out / category
    tasks = [task for split, count in counts.items()
             for task in _tasks(folder, category, make_parts, split, count, n_point, seed, flaws,
                               (meshes or {}).get(split))]
    _check_free(folder, tasks)
    make_folder(folder)
    todo = [task for task in tasks if origin_of(task.path) is None or task.meshes is not None]
    run_tasks(_write, todo, sum(task.count for task in todo), workers)
    return [task.path for task in tasks]


def _tasks(folder: Path, category: str, make_parts: MakeParts, split: str, count: int, n_point: int, seed: int,
           flaws: bool, meshes: Path | None) -> Iterator[_Task]:
    for number, first in enumerate(range(0, count, SHAPES_PER_FILE)):
        yield _Task(make_parts, category, split, first, min(SHAPES_PER_FILE, count - first), n_point, seed,
                    flaws, folder / f"{split}-{number:02d}.h5", meshes)


def _check_free(folder: Path, tasks: list[_Task]) -> None:
    """Refuse to mix these files with others, which may be real data."""
    expected = {task.path: task.origin for task in tasks}
    for path in sorted(path for split in SPLITS for path in folder.glob(f"{split}-*.h5")):
        if path not in expected or origin_of(path) != expected[path]:
            raise InputError(f"{path}: is in the way and not of this world, seed and size; choose another folder, "
                             "or remove it")


def _write(task: _Task, advance: Advance) -> None:
    remove_stale(task.path)
    if task.meshes is not None:
        make_folder(task.meshes)
    with threadpool_limits(1):  # thousands of tiny solves: more threads a process only wait for each other
        write_pair(task.path, _shapes(task, advance), task.count, task.n_point, task.origin)


def _shapes(task: _Task, advance: Advance) -> Iterator[SynthShape]:
    for index in range(task.first, task.first + task.count):
        shape = make_shape(task.make_parts, task.category, task.split, index, task.seed, task.n_point,
                           task.flaws)
        if task.meshes is not None:
            write_glb(task.meshes / f"{shape.model_id}.glb", shape)
        yield shape
        advance(1)
