"""From stores to the released program's TFRecord files ``<out>/<Category>_level123_<split>_<count>.tfrecords``."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from partwise.data.jobs import Advance, run_tasks
from partwise.data.store import Store
from partwise.data.summary import find_stores
from partwise.errors import InputError
from partwise.files import make_folder
from partwise.released.example import Record, pack_example
from partwise.released.tfrecord import create_records

_POINTS_FLAG = 1
"""Of shapes that did not come from records."""


@dataclass(frozen=True)
class ExportTask:
    """One store and the file to write."""

    store: Store
    path: Path


def export_records(stores: Sequence[Path], out: Path, workers: int | None = None,
                   overwrite: bool = False) -> list[Path]:
    """Write each store as a file of records, in the store's order, and return the files.

    stores : stores, or folders whose stores are all written.
    workers : processes, None for one a CPU. overwrite : replace files that are there, else an InputError.

    A shape that came from a record keeps its shape_index and points_flag; any other gets its place in the store, from
    0, and 1. PartNet's names of a shape, where it has any, go into the record as features of their own.
    """
    tasks = [_plan(Store(path), out) for path in find_stores(stores)]
    if not tasks:
        raise InputError("no stores given; name stores or folders of stores")
    paths = [task.path for task in tasks]
    for task in tasks:
        if paths.count(task.path) > 1:
            raise InputError(f"{task.store.path}: another store would be written to {task.path} too; export them to "
                             "different folders")
        if task.path.exists() and not overwrite:
            raise InputError(f"{task.path}: is already there; choose another folder, or ask to overwrite")
    make_folder(out)
    return run_tasks(_write, tasks, sum(len(task.store) for task in tasks), workers)


def _plan(store: Store, out: Path) -> ExportTask:
    return ExportTask(store, out / f"{store.category}_level123_{store.split}_{len(store)}.tfrecords")


def _write(task: ExportTask, advance: Advance) -> Path:
    store = task.store
    with create_records(task.path) as writer:
        for index, shape in enumerate(store):
            numbers = (index, _POINTS_FLAG) if store.record_numbers is None else map(int, store.record_numbers[index])
            writer.write(pack_example(Record(shape, *numbers)))
            advance(1)
    store.close()
    return task.path
