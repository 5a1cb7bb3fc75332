"""``partwise toy``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Toy:
    """Write random chairs or tables of boxes and rods with true part labels, in PartNet's ins_seg_h5 layout.

    They stand in for PartNet, which must be requested from its owners: every other command reads them as it
    would read the real files.
    """

    out: Path
    """Folder to write; the files are <out>/<category>/<split>-NN.h5 and .json."""
    category: Literal["Chair", "Table"] = "Chair"
    """Category."""
    train: int = 200
    """Number of training shapes."""
    val: int = 20
    """Number of validation shapes."""
    test: int = 40
    """Number of test shapes."""
    points: int = 2048
    """Points of each shape (PartNet: 10000)."""
    seed: int = 0
    """Seed of all that is random; the same seed gives the same files."""
    meshes: Path | None = None
    """Folder to write the test shapes to as GLB files too, one named node a part."""

    def run(self) -> None:
        """Write the files and say where they are."""
        from partwise.synth.toy import toy_chair, toy_table
        from partwise.synth.world import write_world

        counts = {"train": self.train, "val": self.val, "test": self.test}
        written = write_world(self.out, self.category, {"Chair": toy_chair, "Table": toy_table}[self.category], counts,
                              self.points, self.seed, {"test": self.meshes} if self.meshes else None)
        print(f"{sum(counts.values())} toy shapes of {self.points} points in {len(written)} files:")
        for path in written:
            print(f"  {path}")
        if self.meshes is not None:
            print(f"{self.test} test meshes in {self.meshes}")
