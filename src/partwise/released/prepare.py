"""From the released program's TFRecord files to stores ``<out>/<Category>/<split>.h5``.

A store keeps every value of a record: points and normals as they are (a record's shape is not normalised; training and
inference do that), class and instance of each label with the gaps in instance ids, and shape_index and points_flag as
record_numbers. So ``export_records`` gives back every bit of a record's values.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from partwise.data.jobs import Advance
from partwise.data.prepare import Prepared, SplitTask, copied, describe, prepare_splits
from partwise.data.store import Block, StoreWriter
from partwise.errors import InputError
from partwise.released.example import Record, unpack_example
from partwise.released.tfrecord import read_records
from partwise.taxonomy import Taxonomy, load_taxonomy

_NAME = re.compile(r"(?P<category>[A-Za-z]+)_level123_(?P<split>.+)_(?P<count>\d+)\.tfrecords?")
_BLOCK = 16


def prepare_records(files: Sequence[Path], out: Path, category: str | None = None, split: str | None = None,
                    count: int | None = None, workers: int | None = None, overwrite: bool = False) -> list[Prepared]:
    """Turn the released program's TFRecord files into stores ``<out>/<Category>/<split>.h5``, one a file.

    files : named ``<Category>_level123_<split>_<count>.tfrecords``.
    category, split, count : instead of what the name of a file says; without a count, any number of records is right.
    workers : processes, None for one a CPU. overwrite : redo files that are done already.

    A file is done if its store was made from one of the same name, size and time. A file that cannot be used is
    reported, the others are written, and InputError is raised at the end. Memory for a few shapes is enough.
    """
    if not files:
        raise InputError("no TFRecord files given; name at least one, such as Chair_level123_test_1217.tfrecords")
    tasks = [_plan(path, out, category, split, count) for path in files]
    source_of = {task.path: task.inputs[0] for task in tasks}
    for task in tasks:
        if source_of[task.path] != task.inputs[0]:
            raise InputError(f"{task.inputs[0]} and {source_of[task.path]} are both {task.split} shapes of "
                             f"{task.category}; prepare them with another --split or --out")
    return prepare_splits(tasks, out, _write, workers, overwrite, [])


def _plan(path: Path, out: Path, category: str | None, split: str | None, count: int | None) -> SplitTask:
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected one of the released program's TFRecord files")
    named = _NAME.fullmatch(path.name)
    if named is None and (category is None or split is None):
        raise InputError(f"{path}: its name does not tell its category and split, as that of "
                         "Chair_level123_test_1217.tfrecords does; give --category and --split")
    category, split = category or str(named and named["category"]), split or str(named and named["split"])
    load_taxonomy(category)
    if count is None:
        count = int(named["count"]) if named else 0
    return SplitTask(category, split, (path,), count, out / category / f"{split}.h5",
                     describe("tfrecord", path.parent, [path]))


def _write(task: SplitTask, advance: Advance) -> Prepared:
    return copied(_copy, task, advance)


def _copy(task: SplitTask, advance: Advance) -> int:
    path, taxonomy, count = task.inputs[0], load_taxonomy(task.category), 0
    records = _records(path, taxonomy)
    block = list(islice(records, _BLOCK))
    if not block:
        raise InputError(f"{path}: holds no records; copy it again")
    n_point = block[0].shape.n_point
    with StoreWriter(task.path, taxonomy, task.split, n_point, task.source, numbered=True) as writer:
        while block:
            writer.append_block(_joined(block))
            count += len(block)
            advance(len(block))
            block = list(islice(records, _BLOCK))
        if task.n_shape not in (0, count):
            raise InputError(f"{path}: holds {count} records, expected {task.n_shape}; copy it again, or say with "
                             "--count how many it should hold")
    return count


def _records(path: Path, taxonomy: Taxonomy) -> Iterator[Record]:
    n_point = None
    for index, data in enumerate(read_records(path)):
        try:
            record = unpack_example(data, taxonomy)
            n_point = n_point or record.shape.n_point
            if record.shape.n_point != n_point:
                raise InputError(f"has {record.shape.n_point} points, but the records before have {n_point}; all "
                                 "shapes of a split need the same number")
        except InputError as error:
            raise InputError(f"{path}: record {index} (counted from 0): {error}") from error
        yield record


def _joined(records: list[Record]) -> Block:
    shapes = [record.shape for record in records]
    points, normals, semantic, instance = (np.stack([getattr(shape, name) for shape in shapes])
                                           for name in ("points", "normals", "semantic", "instance"))
    numbers = np.array([(record.shape_index, record.points_flag) for record in records], np.int64)
    return Block(points, normals, semantic, instance, [shape.model_id for shape in shapes],
                 [shape.anno_id for shape in shapes], numbers)
