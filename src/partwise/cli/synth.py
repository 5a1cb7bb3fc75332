"""``partwise synth``."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from partwise.config import N_POINT

if TYPE_CHECKING:
    from partwise.synth.shapes import MakeParts


@dataclass(frozen=True)
class Synth:
    """Write a procedural world: random shapes with true part trees, in PartNet's ins_seg_h5 layout.

    The same seed gives the same files. An interrupted call, given again, continues. Everything that reads PartNet's
    files reads these: `partwise prepare partnet OUT` is the next step.
    """

    category: str
    """Category, such as Chair."""
    out: Path
    """Folder to write; the files are <out>/<category>/<split>-NN.h5 and .json."""
    split: tuple[str, ...] = ("train=400", "val=40", "test=40")
    """Number of shapes of each split, such as train=4000 val=400 test=400."""
    seed: int = 0
    """Seed of all that is random."""
    points: int = N_POINT
    """Points of each shape, as many as PartNet has."""
    meshes: Path | None = None
    """Folder to write every shape to as a GLB file too, its nodes nested and named as the part tree."""
    flaws: bool = True
    """Give about half of the shapes the flaws of artists' meshes, such as gaps, thin sheets and interior faces."""
    gallery: Path | None = None
    """Picture (.png) to draw of twelve of the shapes, coloured by the classes of each level; needs partwise[render]."""
    benchmark: bool = False
    """Write the category of partwise-bench v1, whose splits, seed, points and flaws are fixed, and check its labels."""
    workers: int | None = None
    """Processes; one a CPU if not given."""

    def run(self) -> None:
        """Write the files and say where they are."""
        from partwise.synth.categories import category_function

        make_parts = category_function(self.category)
        if self.gallery is not None:
            self._draw(make_parts, self.gallery)
        written = self._write_benchmark() if self.benchmark else self._write(make_parts)
        for path in written:
            print(f"  {path}")

    def _write(self, make_parts: "MakeParts") -> list[Path]:
        from partwise.cli.options import numbers_by_split
        from partwise.synth.world import write_world

        counts = numbers_by_split(self.split, int, "train=4000")
        meshes = None if self.meshes is None else dict.fromkeys(counts, self.meshes)
        written = write_world(self.out, self.category, make_parts, counts, self.points, self.seed, meshes,
                              self.workers, self.flaws)
        print(f"{self.category}: {sum(counts.values())} shapes of {self.points} points in {len(written)} files")
        return written

    def _write_benchmark(self) -> list[Path]:
        from partwise.errors import InputError
        from partwise.synth.benchmark import NAME, write_benchmark

        fixed = ("split", "seed", "points", "flaws", "meshes")
        if given := [f"--{name}" for name in fixed if getattr(self, name) != getattr(Synth, name)]:
            raise InputError(f"{', '.join(given)}: {NAME} fixes them; leave them or --benchmark out")
        written = write_benchmark(self.out, self.category, self.workers)
        print(f"{self.category}: {NAME}, the labels are as they should be")
        return written

    def _draw(self, make_parts: "MakeParts", path: Path) -> None:
        from partwise.render import check_png, save_png
        from partwise.synth.benchmark import bench_category
        from partwise.synth.gallery import draw_gallery

        check_png(path)
        seed = bench_category(self.category).seed if self.benchmark else self.seed
        save_png(path, draw_gallery(self.category, make_parts, seed=seed))
        print(f"gallery: {path}")
