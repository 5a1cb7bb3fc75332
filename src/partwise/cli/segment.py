"""``partwise segment``."""

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tyro.conf import Positional

from partwise.cli.inputs import expanded
from partwise.cli.tables import show_parts
from partwise.config import Device, PartFormat, Up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from partwise.errors import InputError
    from partwise.mesh import Mesh, PointCloud
    from partwise.nn.network import LevelOutput
    from partwise.segmenter import Prepared, Segmenter


@dataclass(frozen=True)
class Segment:
    """Find the parts of meshes and point clouds.

    Reads PLY, OBJ, GLB/glTF, STL, OFF, PCD, XYZ, NPY and NPZ; of a folder every such file in it, and standard input
    in place of -. For each file OUT/<name>/ gets view.html (to look at in a browser), parts.glb (the shape as a tree of
    named parts, its materials kept), parts/ (each part as a file of its own), points.ply, faces.npz and result.json. A
    file that cannot be read is reported, the others go on, and the exit status is 1.
    """

    files: Positional[tuple[Path, ...]]
    """Meshes, point clouds or folders of them; - is standard input."""
    category: str | None = None
    """What the shapes are, such as chair: takes the model of this category that comes with partwise. If neither this
    nor a model is given, each shape's category is recognised, and said."""
    model: Path | None = None
    """Instead: name of a model that comes with partwise (`partwise models` lists them), checkpoint, or folder of a
    training run, of which the best checkpoint is taken."""
    out: Path = Path("parts")
    """Folder for the results."""
    part_format: PartFormat = "glb"
    """Of the files in parts/. OBJ, PLY and STL hold geometry alone."""
    split: bool = True
    """Cut triangles that span several parts; else each triangle goes to one part as a whole."""
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
    """Print the parts of all files as JSON instead of trees."""

    def run(self) -> None:
        """Segment all files; raises InputError at the end if any could not be."""
        import json
        from tempfile import TemporaryDirectory

        from partwise.errors import InputError
        from partwise.nn.memory import keep_freed_memory

        keep_freed_memory()
        with TemporaryDirectory() as temporary:
            files = expanded(self.files, Path(temporary))
            records, n_failed = list[dict[str, Any]](), 0
            for path, found in zip(files, self._segmented(files), strict=True):
                if isinstance(found, InputError):
                    n_failed += 1
                    print(f"partwise: {found}", file=sys.stderr)
                elif self.json:
                    records.append(found)
                else:
                    show_parts(path.name, found)
                    print(f"written to {found['folder']}")
        if self.json:
            print(json.dumps(records))
        if n_failed:
            raise InputError(f"{n_failed} of {len(files)} files could not be segmented")

    def _segmented(self, files: "Sequence[Path]") -> "Iterator[dict[str, Any] | InputError]":
        """The record of each file, in order, all else of it written; files are read and written while networks run."""
        from partwise.errors import InputError
        from partwise.mesh import read_geometry
        from partwise.nn.device import choose_device
        from partwise.overlap import overlap
        from partwise.result.files import write_segmentation
        from partwise.segmenter import batch_size_on
        from partwise.viewer import write_view

        if self.model is not None and self.category is not None:
            raise InputError("--category and --model both say which model to take; give one of them")
        named, load = self.model or self.category, cache(self._segmenter)
        if named is not None:
            load(str(named))  # so that what is wrong with it is said once
        choose = (lambda path, geometry: str(named)) if named else _recogniser(self.device, self.seed, self.up)

        def prepare(file: "tuple[Path, Path]") -> Job:
            path, folder = file
            geometry = read_geometry(path)
            with _naming(path):
                model = choose(path, geometry)
                return Job(path, folder, model, load(model).prepare(geometry, self.seed, self.up))

        def compute(jobs: list[Job]) -> "list[list[LevelOutput]]":
            outputs: dict[int, list[LevelOutput]] = {}
            for model in dict.fromkeys(job.model for job in jobs):
                own = [place for place, job in enumerate(jobs) if job.model == model]
                outputs.update(zip(own, load(model).outputs([jobs[place].prepared for place in own]), strict=True))
            return [outputs[place] for place in range(len(jobs))]

        def finish(job: Job, outputs: "list[LevelOutput]") -> "dict[str, Any]":
            with _naming(job.path):
                found = load(job.model).finish(job.prepared, outputs, self.split)
                record = write_segmentation(job.folder, found, job.path.name, job.model, self.part_format)
            write_view(job.folder / "view.html", found, job.path.name)
            return {"folder": str(job.folder), **record, "source": str(job.path)}

        work = zip(files, result_folders(files, self.out), strict=True)
        return overlap(work, prepare, compute, finish, batch_size_on(choose_device(self.device)))

    def _segmenter(self, model: str) -> "Segmenter":
        from partwise.cli.options import grouping_with
        from partwise.models import load_model
        from partwise.segmenter import Segmenter

        checkpoint = load_model(model)
        return Segmenter(checkpoint, self.device, self.points, grouping_with(checkpoint.config, self.bandwidth))


@dataclass(frozen=True)
class Job:
    """A file, the folder for its results, the model to use, and the shape ready for it."""

    path: Path
    folder: Path
    model: str
    prepared: "Prepared"


def _recogniser(device: Device, seed: int, up: Up) -> "Callable[[Path, Mesh | PointCloud], str]":
    """A function that says which model a file's shape needs, and tells the user."""
    from partwise.errors import InputError
    from partwise.recognition import Recogniser

    if up == "guess":
        raise InputError("a shape can be recognised or turned upright, not both: add --category to --up guess")
    ranked = Recogniser(device)

    def recognise(path: Path, geometry: "Mesh | PointCloud") -> str:
        first, second = ranked(geometry, seed, up)[:2]
        print(f"{path.name}: taken for a {first.model} ({100 * first.probability:.0f} %; next {second.model}, "
              f"{100 * second.probability:.0f} %); --category says otherwise", file=sys.stderr)
        return first.model

    return recognise


@contextmanager
def _naming(path: Path) -> "Iterator[None]":
    """Let an InputError, which knows nothing of files, begin with the file's name."""
    from partwise.errors import InputError

    try:
        yield
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def result_folders(files: "Sequence[Path]", out: Path) -> list[Path]:
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
