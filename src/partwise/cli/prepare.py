"""``partwise prepare``: from files of shapes to the stores that training and testing read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tyro.conf import Positional

from partwise.config import N_POINT

if TYPE_CHECKING:
    from partwise.data.prepare import Prepared


@dataclass(frozen=True)
class Partnet:
    """Prepare PartNet's ins_seg_h5 download: one store a category and split, OUT/Category/split.h5.

    Run it again after an interruption: finished splits are skipped.
    """

    source: Positional[Path]
    """PartNet's ins_seg_h5 folder, which holds a folder for each category."""
    out: Path
    """Folder for the stores; it is created where it does not exist."""
    category: tuple[str, ...] = ()
    """Categories to prepare, such as Chair Table; all that are found if not given."""
    split: tuple[Literal["train", "val", "test"], ...] = ()
    """Splits to prepare; all that are found if not given."""
    workers: int | None = None
    """Processes, each of which prepares one split at a time; one a CPU if not given."""
    overwrite: bool = False
    """Prepare again what is finished."""

    def run(self) -> None:
        from partwise.data.prepare import prepare_partnet
        _report(prepare_partnet(self.source, self.out, self.category or None, self.split or None,
                                self.workers, self.overwrite))


@dataclass(frozen=True)
class Annotations:
    """Prepare PartNet's raw annotations (data_v0): one store a category and split, OUT/Category/split.h5.

    Run it again after an interruption: finished splits are skipped.
    """

    source: Positional[Path]
    """Folder of annotation folders, one a shape."""
    out: Path
    """Folder for the stores; it is created where it does not exist."""
    category: tuple[str, ...] = ()
    """Categories to prepare, such as Chair Table; all of PartNet's benchmark if not given."""
    splits: Path | None = None
    """Folder of lists named Category.split.json that replace PartNet's own splits."""
    workers: int | None = None
    """Processes, each of which prepares one split at a time; one a CPU if not given."""
    overwrite: bool = False
    """Prepare again what is finished."""

    def run(self) -> None:
        from partwise.data.prepare import prepare_annotations
        _report(prepare_annotations(self.source, self.out, self.category or None, self.splits,
                                    self.workers, self.overwrite))


@dataclass(frozen=True)
class Tfrecord:
    """Prepare the released TensorFlow program's TFRecord files: one store a file, OUT/Category/split.h5.

    TensorFlow is not needed. Run it again after an interruption: finished files are skipped.
    """

    files: Positional[tuple[Path, ...]]
    """Files named <Category>_level123_<split>_<count>.tfrecords."""
    out: Path
    """Folder for the stores; it is created where it does not exist."""
    category: str | None = None
    """Category of the shapes, such as Chair; from the name of each file if not given."""
    split: str | None = None
    """Split of the shapes, such as train; from the name of each file if not given."""
    count: int | None = None
    """Shapes that each file must hold; from its name if not given, and any number if its name says none."""
    workers: int | None = None
    """Processes, each of which prepares one file at a time; one a CPU if not given."""
    overwrite: bool = False
    """Prepare again what is finished."""

    def run(self) -> None:
        from partwise.released.prepare import prepare_records
        _report(prepare_records(self.files, self.out, self.category, self.split, self.count, self.workers,
                                self.overwrite))


@dataclass(frozen=True)
class Results:
    """Prepare results that you have corrected, as training data of your own: OUT/Category/split.h5.

    A result is a folder that `partwise segment` wrote, or a zip that `partwise view` gave away. Its points are drawn
    anew on its mesh. Run it again when there are more: splits whose results are the same are skipped.
    """

    source: Positional[Path]
    """Folder of results, at any depth."""
    out: Path
    """Folder for the stores; it is created where it does not exist."""
    taxonomy: Path | None = None
    """File (YAML) that says which parts there are, and what classes of other taxonomies are called; the taxonomy of the
    results if not given."""
    split: tuple[str, ...] = ("train=0.8", "val=0.2")
    """Share of the shapes that each split gets, such as train=0.7 val=0.15 test=0.15. The first gets one at least."""
    points: int = N_POINT
    """Points of each shape, as many as PartNet has."""
    seed: int = 0
    """Seed of who gets into which split, and of the points."""
    workers: int | None = None
    """Processes, each of which prepares one split at a time; one a CPU if not given."""
    overwrite: bool = False
    """Prepare again what is finished."""

    def run(self) -> None:
        from partwise.cli.options import numbers_by_split
        from partwise.result.prepare import prepare_results
        from partwise.taxonomy import read_taxonomy
        taxonomy = None if self.taxonomy is None else read_taxonomy(self.taxonomy)
        _report(prepare_results(self.source, self.out, taxonomy,
                                numbers_by_split(self.split, float, "train=0.8"), self.points, self.seed,
                                self.workers, self.overwrite))


def _report(results: list[Prepared]) -> None:
    for result in results:
        print(f"{result.path}: {result.n_shape} shapes{' (finished before)' if result.unchanged else ''}")
