"""From PartNet's files to stores ``<out>/<Category>/<split>.h5``: skips what is done, writes the rest."""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from partwise.data.annotations import FILES, Meta, find_annotations, read_annotation
from partwise.data.jobs import Advance, run_tasks
from partwise.data.partnet import find_categories, n_point_of, n_shape_of, read_partnet
from partwise.data.store import Store, StoreWriter
from partwise.errors import InputError
from partwise.files import make_folder, numbered_files, remove_stale
from partwise.shape import Shape
from partwise.taxonomy import SPLITS, UNLISTED, Splits, Taxonomy, load_taxonomy, partnet_splits, read_splits
from partwise.taxonomy import categories as benchmark


@dataclass(frozen=True)
class Prepared:
    """What became of one split.

    path : the store.
    n_shape : shapes in it; 0 where nothing could be written.
    unchanged : it was there already, made from the same files.
    failures : a message for each file or folder that could not be used.
    """

    category: str
    split: str
    path: Path
    n_shape: int
    unchanged: bool = False
    failures: tuple[str, ...] = ()


@dataclass(frozen=True)
class SplitTask:
    """One split of one category.

    inputs : its files or annotation folders, in order.
    n_shape : shapes that they hold, for the progress bar and the order of work.
    path : the store to write.
    source : ``describe`` of the inputs, by which a later run knows that the store is made.
    """

    category: str
    split: str
    inputs: tuple[Path, ...]
    n_shape: int
    path: Path
    source: str


def prepare_partnet(source: Path, out: Path, categories: Sequence[str] | None = None,
                    splits: Sequence[str] | None = None, workers: int | None = None,
                    overwrite: bool = False) -> list[Prepared]:
    """Turn PartNet's ``ins_seg_h5`` folder into stores ``<out>/<Category>/<split>.h5``.

    source : folder that holds a folder a category with ``<split>-NN.h5`` and ``.json`` files.
    categories : None for all found. splits : None for those found of train, val and test.
    workers : processes, None for one a CPU. overwrite : redo splits that are done already.

    A split is done if its store was made from files of the same names, sizes and times. Notices go to stderr.
    Raises InputError for folders, and splits asked for, without files; for files that cannot be used only
    after everything else is written.
    """
    tasks = []
    for category in _choose_categories(source, categories):
        folder = source / category
        found = {split: numbered_files(folder, split) for split in splits or SPLITS}
        for split, files in found.items():
            if files:
                tasks.append(_plan_partnet(source, out, category, split, files))
            elif splits or not any(found.values()):
                raise InputError(f"{folder}: has no files like {split}-00.h5 with {split}-00.json beside it; "
                                 "expected a category of PartNet's ins_seg_h5")
            else:
                notice(f"{folder}: has no {split}-NN.h5 files, so there will be no {split} split")
    return prepare_splits(tasks, out, _write_partnet, workers, overwrite, [])


def prepare_annotations(source: Path, out: Path, categories: Sequence[str] | None = None,
                        splits_folder: Path | None = None, workers: int | None = None,
                        overwrite: bool = False) -> list[Prepared]:
    """Turn PartNet's raw annotation folders into stores ``<out>/<Category>/<split>.h5``.

    source : folder of annotation folders of any categories, PartNet's ``data_v0``.
    categories : None for all of the benchmark; folders of other categories are then skipped with a notice.
    splits_folder : lists ``<Category>.<split>.json`` to use instead of PartNet's own. What is in no list goes
        to the split ``unlisted``.
    workers, overwrite : as for prepare_partnet.

    Shapes are in numeric order of their ids. A folder that cannot be used is reported, the others are
    written, and InputError is raised at the end.
    """
    for category in categories or ():
        load_taxonomy(category)
    if splits_folder and not splits_folder.is_dir():
        raise InputError(f"{splits_folder}: no such folder; expected one of lists like Chair.train.json")
    found, failures = find_annotations(source)
    by_category: dict[str, list[tuple[Path, Meta]]] = {}
    for folder, meta in found:
        by_category.setdefault(meta.category, []).append((folder, meta))
    if not categories:
        _tell_skipped(by_category)
    tasks = []
    for category in dict.fromkeys(categories or [name for name in benchmark() if name in by_category]):
        if category not in by_category:
            raise InputError(f"{source}: none of its {len(found)} annotations is of category {category}")
        split_of = read_splits(splits_folder, category) if splits_folder else partnet_splits(category)
        tasks += _plan_annotations(source, out, category, by_category[category], split_of)
    return prepare_splits(tasks, out, _write_annotations, workers, overwrite, failures)


def _tell_skipped(by_category: dict[str, list[tuple[Path, Meta]]]) -> None:
    for category in sorted(set(by_category) - set(benchmark())):
        names = [folder.name for folder, _ in by_category[category]]
        notice(f"skipped {len(names)} of category '{category}', which is not in PartNet's benchmark: "
                f"{', '.join(names[:10])}{', ...' if len(names) > 10 else ''}")


def _choose_categories(source: Path, wanted: Sequence[str] | None) -> list[str]:
    for category in wanted or ():
        load_taxonomy(category)
    known, others = find_categories(source)
    for category in wanted or ():
        if category not in known:
            raise InputError(f"{source}: has no folder {category}, only {', '.join(known)}; expected files "
                             f"like {category}/train-00.h5 and {category}/train-00.json")
    if wanted:
        return list(dict.fromkeys(wanted))
    for name in others:
        notice(f"{source / name}: skipped, since PartNet's benchmark has no category of this name")
    return known


def _plan_partnet(source: Path, out: Path, category: str, split: str, files: list[Path]) -> SplitTask:
    n_shape = sum(n_shape_of(path) for path in files)
    listed = Counter(partnet_splits(category).values())[split]
    if n_shape != listed:
        notice(f"{category}: the {split} files hold {n_shape} shapes, PartNet's list has {listed}")
    pairs = [path.with_suffix(suffix) for path in files for suffix in (".h5", ".json")]
    return SplitTask(category, split, tuple(files), n_shape, out / category / f"{split}.h5",
                     describe("ins_seg_h5", source, pairs))


def _plan_annotations(source: Path, out: Path, category: str, folders: list[tuple[Path, Meta]],
                      split_of: Splits) -> list[SplitTask]:
    members: dict[str, list[Path]] = {}
    for folder, meta in folders:
        members.setdefault(split_of.get(meta.anno_id, UNLISTED), []).append(folder)
    return [SplitTask(category, split, tuple(inside), len(inside), out / category / f"{split}.h5",
                      describe("annotations", source, [folder / name for folder in inside for name in FILES]))
            for split, inside in members.items()]


def describe(kind: str, source: Path, files: Sequence[Path]) -> str:
    """A description that changes with the name, size or time of any file; a missing file counts as such."""
    stamps: list[list[str | int]] = []
    for path in files:
        stamps.append([str(path.relative_to(source))])
        if path.exists():
            status = path.stat()
            stamps[-1] += [status.st_size, status.st_mtime_ns]
    digest = hashlib.sha256(json.dumps(stamps).encode()).hexdigest()
    return json.dumps({"kind": kind, "files": len(files), "digest": digest})


def prepare_splits(tasks: Sequence[SplitTask], out: Path, write: Callable[[SplitTask, Advance], Prepared],
                   workers: int | None, overwrite: bool, failures: Sequence[str]) -> list[Prepared]:
    """Write the stores that are not made yet, several at a time, and return what became of all.

    write : importable function that writes one store; what cannot be used it returns as failures.
    failures : of inputs that never became a task; all are raised as InputError at the end.
    """
    make_folder(out)
    done: list[Prepared] = []
    todo: list[SplitTask] = []
    for task in sorted(tasks, key=lambda task: -task.n_shape):
        make_folder(task.path.parent)
        remove_stale(task.path)
        finished = None if overwrite else _finished(task)
        if finished:
            done.append(finished)
        else:
            todo.append(task)
    written = run_tasks(write, todo, sum(task.n_shape for task in todo), workers)
    _raise_failures(out, [*failures, *(failure for result in written for failure in result.failures)])
    return sorted(done + written, key=lambda result: (result.category, result.split))


def _raise_failures(out: Path, failures: list[str]) -> None:
    if len(failures) > 1:
        for failure in failures:
            notice(f"failed: {failure}")
        raise InputError(f"{out}: {len(failures)} inputs could not be used, the first: {failures[0]} "
                         "(everything else is written)")
    if failures:
        raise InputError(f"{failures[0]} (everything else is written)")


def _finished(task: SplitTask) -> Prepared | None:
    """The result of an earlier run that read the same files, or None."""
    try:
        store = Store(task.path)
    except InputError:
        return None
    if (store.source, store.category, store.split) != (task.source, task.category, task.split):
        return None
    return Prepared(task.category, task.split, task.path, len(store), unchanged=True)


def copied(copy: Callable[[SplitTask, Advance], int], task: SplitTask, advance: Advance) -> Prepared:
    """What became of a store that ``copy`` writes as a whole or not at all; it returns the number of shapes."""
    try:
        count = copy(task, advance)
    except InputError as error:
        return Prepared(task.category, task.split, task.path, 0, failures=(str(error),))
    return Prepared(task.category, task.split, task.path, count)


def _write_partnet(task: SplitTask, advance: Advance) -> Prepared:
    return copied(_copy_partnet, task, advance)


def _copy_partnet(task: SplitTask, advance: Advance) -> int:
    taxonomy, first, count = load_taxonomy(task.category), task.inputs[0], 0
    n_point = n_point_of(first)
    with StoreWriter(task.path, taxonomy, task.split, n_point, task.source) as writer:
        for path in task.inputs:
            if n_point_of(path) != n_point:
                raise InputError(f"{path}: has {n_point_of(path)} points a shape, but {first.name} of the "
                                 f"same split has {n_point}; all shapes of a split need the same number")
            for block in read_partnet(path, taxonomy):
                writer.append_block(block)
                count += len(block)
                advance(len(block))
    return count


def _write_annotations(task: SplitTask, advance: Advance) -> Prepared:
    failures: list[str] = []
    shapes = _read_annotations(task.inputs, failures, advance)
    return written_one_by_one(task, load_taxonomy(task.category), shapes, failures)


def written_one_by_one(task: SplitTask, taxonomy: Taxonomy, shapes: Iterator[Shape], failures: list[str]) -> Prepared:
    """Write the store of a split, or none where there is no shape; ``failures`` fill while the shapes are read."""
    first = next(shapes, None)
    count = 0
    if first is not None:
        with StoreWriter(task.path, taxonomy, task.split, first.n_point, task.source) as writer:
            for shape in chain([first], shapes):
                writer.append([shape])
                count += 1
            if failures:
                writer.set_source("")  # never equal to a description, so that the next run tries again
    return Prepared(task.category, task.split, task.path, count, failures=tuple(failures))


def _read_annotations(folders: Sequence[Path], failures: list[str], advance: Advance) -> Iterator[Shape]:
    first: tuple[Path, int] | None = None
    for folder in folders:
        try:
            shape = read_annotation(folder)
            first = first or (folder, shape.n_point)
            if shape.n_point != first[1]:
                raise InputError(f"{folder}: has {shape.n_point} points, but {first[0]} of the same split "
                                 f"has {first[1]}; all shapes of a split need the same number")
        except InputError as error:
            failures.append(str(error))
        else:
            yield shape
        advance(1)


def notice(text: str) -> None:
    """Tell on stderr what is worth knowing and no error."""
    print(text, file=sys.stderr)
