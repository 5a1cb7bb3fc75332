"""``partwise segment``."""

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tyro.conf import Positional

from partwise.cli.tables import new_table, show
from partwise.config import Device, Up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from partwise.errors import InputError
    from partwise.nn.network import LevelOutput
    from partwise.result.segmentation import Segmentation
    from partwise.segmenter import Prepared, Segmenter


@dataclass(frozen=True)
class Segment:
    """Find the parts of meshes and point clouds.

    Reads PLY, OBJ, GLB/glTF, STL, OFF, PCD, XYZ, NPY and NPZ. For each file, OUT/<name>/ gets parts.json (the parts
    of every level with class, confidence and box), coloured PLY files and labels.npz (classes and instances of
    every point and face). A file that cannot be read is reported, the others go on, and the exit status is 1.
    """

    files: Positional[tuple[Path, ...]]
    """Meshes or point clouds."""
    model: Path
    """Name of a model that comes with partwise (`partwise models` lists them), checkpoint, or folder of a training
    run, of which the best checkpoint is taken."""
    out: Path
    """Folder for the results."""
    points: int | None = None
    """Points to work on: meshes are sampled, larger clouds thinned to them; 10,000, or as many as in training if that
    is more, if not given. Fewer is faster."""
    seed: int = 0
    """Seed of sampling."""
    bandwidth: float | None = None
    """Bandwidth of mean shift; that of the model if not given."""
    up: Up = "y"
    """Axis of the files that points up; guess lets the network say in which position it is surest."""
    device: Device = "auto"
    """Where the network runs."""
    json: bool = False
    """Print the parts of all files as JSON instead of tables."""

    def run(self) -> None:
        """Segment all files; raises InputError at the end if any could not be."""
        import json

        from partwise.cli.options import grouping_with
        from partwise.errors import InputError
        from partwise.files import make_folder
        from partwise.models import load_model
        from partwise.nn.memory import keep_freed_memory
        from partwise.segmenter import Segmenter

        if not self.files:
            raise InputError("no file to segment; name at least one mesh or point cloud")
        checkpoint = load_model(self.model)
        grouping = grouping_with(checkpoint.config, self.bandwidth)
        segmenter = Segmenter(checkpoint, self.device, self.points, grouping)
        make_folder(self.out)
        keep_freed_memory()
        failed, results = 0, []
        for path, written in zip(self.files, self._written(segmenter), strict=True):
            if isinstance(written, InputError):
                print(f"partwise: {written}", file=sys.stderr)
                failed += 1
                continue
            folder, found = written
            results.append({"source": str(path), "folder": str(folder), **found.to_dict()})
            if not self.json:
                _print(path, folder, found, self.up == "guess")
        if self.json:
            print(json.dumps(results))
        if failed:
            raise InputError(f"{failed} of {len(self.files)} files could not be segmented")

    def _written(self, segmenter: "Segmenter") -> "Iterator[tuple[Path, Segmentation] | InputError]":
        """The folder of each file's results, in order; files are read and written while the network runs."""
        from partwise.mesh import read_geometry
        from partwise.overlap import overlap
        from partwise.result.files import write_segmentation

        def prepare(job: tuple[Path, Path]) -> "tuple[Path, Path, Prepared]":
            geometry = read_geometry(job[0])
            with _naming(job[0]):
                return *job, segmenter.prepare(geometry, self.seed, self.up)

        def compute(jobs: "list[tuple[Path, Path, Prepared]]") -> "list[list[LevelOutput]]":
            return segmenter.outputs([prepared for _, _, prepared in jobs])

        def finish(job: "tuple[Path, Path, Prepared]", outputs: "list[LevelOutput]") -> "tuple[Path, Segmentation]":
            path, folder, prepared = job
            with _naming(path):
                found = segmenter.finish(prepared, outputs)
            write_segmentation(folder, found, source=path.name)
            return folder, found

        jobs = zip(self.files, result_folders(self.files, self.out), strict=True)
        return overlap(jobs, prepare, compute, finish, segmenter.batch_size)


@contextmanager
def _naming(path: Path) -> "Iterator[None]":
    """Let an InputError, which knows nothing of files, begin with the file's name."""
    from partwise.errors import InputError

    try:
        yield
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def result_folders(files: tuple[Path, ...], out: Path) -> list[Path]:
    """A folder for each file, named after it; files of one name but for the suffix or folder get different ones."""
    stems = [path.stem for path in files]
    folders: list[Path] = []
    for path in files:
        name = path.stem if stems.count(path.stem) == 1 else path.name.replace(".", "-")
        number = 2
        folder = out / name
        while folder in folders:
            folder, number = out / f"{name}-{number}", number + 1
        folders.append(folder)
    return folders


def _print(path: Path, folder: Path, found: "Segmentation", guessed: bool) -> None:
    if guessed:
        print(f"{path.name}: up is {found.up}")
    table = new_table(f"{path.name}: {found.category}", ["class"], ["level", "part", "confidence", "points"])
    for level in found.levels:
        for part in level.parts:
            table.add_row(part.class_name, str(level.level), str(part.id), f"{part.confidence:.2f}", str(part.n_point))
        table.add_section()
    show(table)
    print(f"written to {folder}")
