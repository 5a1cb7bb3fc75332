"""``partwise segment``."""

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tyro.conf import Positional

from partwise.cli.inputs import expanded
from partwise.cli.tables import show_parts
from partwise.config import Device, Up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from partwise.checkpoint import Checkpoint
    from partwise.errors import InputError
    from partwise.nn.network import LevelOutput
    from partwise.result.segmentation import Segmentation
    from partwise.segmenter import Prepared, Segmenter

PartFormat = Literal["glb", "obj", "ply", "stl"]


@dataclass(frozen=True)
class Segment:
    """Find the parts of meshes and point clouds.

    Reads PLY, OBJ, GLB/glTF, STL, OFF, PCD, XYZ, NPY and NPZ; of a folder every such file in it, and standard input
    in place of -. For each file OUT/<name>/ gets parts.glb (the shape as a tree of named parts, its materials
    kept), parts/ (each part as a file of its own), points.ply, faces.npz and result.json. A file that cannot be read
    is reported, the others go on, and the exit status is 1.
    """

    files: Positional[tuple[Path, ...]]
    """Meshes, point clouds or folders of them; - is standard input."""
    category: str | None = None
    """What the shapes are, such as chair: takes the model of this category that comes with partwise."""
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

        from partwise.cli.options import grouping_with
        from partwise.errors import InputError
        from partwise.files import make_folder
        from partwise.nn.memory import keep_freed_memory
        from partwise.result.document import document
        from partwise.segmenter import Segmenter

        checkpoint = self._checkpoint()
        grouping = grouping_with(checkpoint.config, self.bandwidth)
        segmenter = Segmenter(checkpoint, self.device, self.points, grouping)
        keep_freed_memory()
        failed, results = 0, []
        with TemporaryDirectory() as temporary:
            files = expanded(self.files, Path(temporary))
            make_folder(self.out)
            for path, written in zip(files, self._written(segmenter, files), strict=True):
                if isinstance(written, InputError):
                    print(f"partwise: {written}", file=sys.stderr)
                    failed += 1
                    continue
                folder, found = written
                results.append({"folder": str(folder), **document(found, str(path), self._model)})
                if not self.json:
                    show_parts(path.name, found)
                    print(f"written to {folder}")
        if self.json:
            print(json.dumps(results))
        if failed:
            raise InputError(f"{failed} of {len(files)} files could not be segmented")

    @property
    def _model(self) -> str:
        return str(self.model or self.category)

    def _checkpoint(self) -> "Checkpoint":
        from partwise.errors import InputError
        from partwise.models import load_model, shipped_models

        if (self.model is None) == (self.category is None):
            names = ", ".join(card.name for card in shipped_models())
            raise InputError(f"say what the shapes are by --category, one of {names}, or name a model by --model")
        return load_model(self._model)

    def _written(self, segmenter: "Segmenter",
                 files: "Sequence[Path]") -> "Iterator[tuple[Path, Segmentation] | InputError]":
        """The folder of each file's results, in order; files are read and written while the network runs."""
        from partwise.mesh import read_geometry
        from partwise.overlap import overlap
        from partwise.result.files import write_segmentation
        from partwise.viewer import write_view

        def prepare(job: tuple[Path, Path]) -> "tuple[Path, Path, Prepared]":
            geometry = read_geometry(job[0])
            with _naming(job[0]):
                return *job, segmenter.prepare(geometry, self.seed, self.up)

        def compute(jobs: "list[tuple[Path, Path, Prepared]]") -> "list[list[LevelOutput]]":
            return segmenter.outputs([prepared for _, _, prepared in jobs])

        def finish(job: "tuple[Path, Path, Prepared]", outputs: "list[LevelOutput]") -> "tuple[Path, Segmentation]":
            path, folder, prepared = job
            with _naming(path):
                found = segmenter.finish(prepared, outputs, self.split)
                write_segmentation(folder, found, path.name, self._model, self.part_format)
                write_view(folder / "view.html", found, path.name)
            return folder, found

        jobs = zip(files, result_folders(files, self.out), strict=True)
        return overlap(jobs, prepare, compute, finish, segmenter.batch_size)


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
