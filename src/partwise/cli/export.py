"""``partwise export``: stores in the forms of other programs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tyro.conf import Positional


@dataclass(frozen=True)
class Export:
    """Write stores as files that the released TensorFlow program reads: one file of TFRecords a store.

    The files are named OUT/<Category>_level123_<split>_<count>.tfrecords. TensorFlow is not needed.
    """

    form: Positional[Literal["tfrecord"]]
    """What to write."""
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
