"""From results, as ``partwise segment`` and ``partwise view`` write them, to stores ``<out>/<Category>/<split>.h5``."""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from partwise.config import N_POINT
from partwise.data.jobs import Advance
from partwise.data.prepare import Prepared, SplitTask, describe, notice, prepare_splits, written_one_by_one
from partwise.errors import InputError
from partwise.result.read import read_record, read_segmentation, record_taxonomy
from partwise.result.shape import labelled_shape
from partwise.result.sources import divided, files_of, find_results, name_of, opened
from partwise.result.translate import translated, unknown_classes
from partwise.shape import Shape
from partwise.taxonomy import Taxonomy

SHARES: Mapping[str, float] = {"train": 0.8, "val": 0.2}


@dataclass(frozen=True)
class _Plan:
    """What the results of one category become; of every split."""

    source: Path
    taxonomy: Taxonomy
    n_point: int
    seed: int


def prepare_results(source: Path, out: Path, taxonomy: Taxonomy | None = None, shares: Mapping[str, float] = SHARES,
                    n_point: int = N_POINT, seed: int = 0, workers: int | None = None,
                    overwrite: bool = False) -> list[Prepared]:
    """Turn corrected results into stores ``<out>/<Category>/<split>.h5``, to train on.

    source : folder of the folders that ``partwise segment`` writes and of the zips that ``partwise view`` gives away,
        at any depth; or one of these
    taxonomy : what parts are to be called; the taxonomy of the results if not given. Classes of another taxonomy are
        translated as it says, and those that it does not list become other, with a notice.
    shares : of the shapes that each split gets. They are drawn by name and seed; the first split gets one at least.
    n_point : points of each shape: drawn on its mesh, or of those of its cloud, all of them first
    workers, overwrite : as for ``prepare_partnet``

    Shapes are turned upright and moved into the unit ball. A result that cannot be used is reported, the others are
    written, and InputError is raised at the end.
    """
    if n_point < 1:
        raise InputError(f"points: found {n_point}, expected at least 1")
    failures: list[str] = []
    tasks, plans = [], dict[str, _Plan]()
    for category, (known, paths) in _by_category(source, taxonomy, failures).items():
        plans[category] = _Plan(source, known, n_point, seed)
        for split, inside in divided(paths, shares, source, seed).items():
            tasks.append(SplitTask(category, split, tuple(inside), len(inside), out / category / f"{split}.h5",
                                   describe(_kind(plans[category]), source, files_of(inside))))
    return prepare_splits(tasks, out, partial(_write, plans), workers, overwrite, failures)


def _by_category(source: Path, taxonomy: Taxonomy | None,
                 failures: list[str]) -> dict[str, tuple[Taxonomy, list[Path]]]:
    """The taxonomy and the results of each category, here a single one if a taxonomy was given."""
    found: dict[str, tuple[Taxonomy, list[Path]]] = {}
    names: dict[str, Path] = {}
    for path in find_results(source):
        try:
            with opened(path) as folder:
                known = taxonomy or record_taxonomy(folder, read_record(folder))
            first = names.setdefault(name_of(path, source), path)
            if first != path:
                raise InputError(f"{path}: is called as {first}; rename one, or remove it if it is the same")
            there, paths = found.setdefault(known.category, (known, []))
            if not known.agrees_with(there):
                raise InputError(f"{path}: has other parts than {paths[0]}, and both are of {known.category}; say with "
                                 "--taxonomy which parts there are")
            paths.append(path)
        except InputError as error:
            failures.append(str(error))
    if failures and not any(paths for _, paths in found.values()):
        raise InputError(f"{source}: none of its {len(failures)} results can be used, the first: {failures[0]}")
    return {category: (known, paths) for category, (known, paths) in found.items() if paths}


def _kind(plan: _Plan) -> str:
    """Of all that decides what a result becomes, beside its files."""
    taxonomy = plan.taxonomy
    decisive = json.dumps([taxonomy.tree, sorted(taxonomy.merging.items()), plan.n_point, plan.seed])
    return f"results {hashlib.sha256(decisive.encode()).hexdigest()[:16]}"


def _write(plans: Mapping[str, _Plan], task: SplitTask, advance: Advance) -> Prepared:
    plan, failures, unknown = plans[task.category], list[str](), set[str]()
    shapes = _shapes(task.inputs, plan, failures, unknown, advance)
    prepared = written_one_by_one(task, plan.taxonomy, shapes, failures)
    if unknown:
        notice(f"{task.path}: {plan.taxonomy.category} has no name for {', '.join(sorted(unknown))}, which became "
               "other; `from` in its file can give them one")
    return prepared


def _shapes(paths: Sequence[Path], plan: _Plan, failures: list[str], unknown: set[str],
            advance: Advance) -> Iterator[Shape]:
    for path in paths:
        name = name_of(path, plan.source)
        try:
            with opened(path) as folder:
                found, record = read_segmentation(folder), read_record(folder)
            random = np.random.default_rng([plan.seed, zlib.crc32(name.encode())])
            shape = labelled_shape(translated(found, plan.taxonomy), plan.n_point, random,
                                   str(record.get("source", "")), name)
        except InputError as error:
            failures.append(str(error) if str(path) in str(error) else f"{path}: {error}")
        else:
            unknown.update(unknown_classes(found, plan.taxonomy))
            yield shape
        advance(1)
