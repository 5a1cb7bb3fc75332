"""``partwise export``: what other programs read."""

from dataclasses import dataclass
from pathlib import Path

from tyro.conf import Positional


@dataclass(frozen=True)
class Onnx:
    """Write a model's network as an ONNX file, which ONNX Runtime runs without torch.

    The file holds the whole network in float32, for one shape a run with any number of points. Its inputs are octree
    tables, which partwise.onnx.octree makes with NumPy alone; its metadata hold the names of the classes and all else
    that is needed to use it. Grouping points into parts is not in it. Needs partwise[onnx].
    """

    model: Positional[Path]
    """Name of a model that comes with partwise (`partwise models` lists them), checkpoint, or folder of a training
    run, of which the best checkpoint is taken."""
    out: Path
    """The file, such as chair.onnx; its folder is created where needed."""
    licence: str | None = None
    """Licence of the weights, for the metadata; that of the model if it comes with partwise, else none, if not
    given."""

    def run(self) -> None:
        """Export and say what was written."""
        from partwise.files import make_folder
        from partwise.models import load_model, shipped_model
        from partwise.onnx.write import write_onnx

        checkpoint, card = load_model(self.model), shipped_model(self.model)
        make_folder(self.out.parent)
        write_onnx(self.out, checkpoint, self.licence or (card.licence if card else None))
        print(f"{self.out}: network of category {checkpoint.config.category}, {self.out.stat().st_size / 1e6:.1f} MB")


@dataclass(frozen=True)
class Records:
    """Write stores as files that the released TensorFlow program reads: one file of TFRecords a store.

    The files are named OUT/<Category>_level123_<split>_<count>.tfrecords. TensorFlow is not needed.
    """

    stores: Positional[tuple[Path, ...]]
    """Stores, or folders whose stores are all written."""
    out: Path
    """Folder for the files; it is created where it does not exist."""
    workers: int | None = None
    """Processes, each of which writes one file at a time; one a CPU if not given."""
    overwrite: bool = False
    """Replace files that are there."""

    def run(self) -> None:
        """Write all files, and say where they are."""
        from partwise.released.export import export_records

        for path in export_records(self.stores, self.out, self.workers, self.overwrite):
            print(path)
