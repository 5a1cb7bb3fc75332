"""``partwise render``."""

from dataclasses import dataclass
from pathlib import Path

from tyro.conf import Positional


@dataclass(frozen=True)
class Render:
    """Draw meshes and point clouds as a PNG picture; no screen or graphics driver is needed.

    Reads what segment reads. A PLY file is drawn in its own colours, if it has any, such as the results of segment;
    everything else is grey. Several files become one sheet with their names below. Needs partwise[render].
    """

    files: Positional[tuple[Path, ...]]
    """Meshes or point clouds."""
    out: Path
    """Picture to write, a name that ends in .png."""
    labels: tuple[Path, ...] = ()
    """The labels.npz that segment wrote for each file, in the same order, to colour its parts."""
    level: int = 1
    """Level of the parts: 1, 2 or 3."""
    size: int = 600
    """Pixels a side, of each picture if there are several; 16 to 2048."""
    azimuth: float = 35.0
    """Degrees around the upright y axis to look from: 0 is the front, +z, and 90 the right, +x."""
    elevation: float = 22.0
    """Degrees above the horizon to look from: -90 to 90."""
    transparent: bool = False
    """Transparent background instead of white; for one file."""

    def run(self) -> None:
        """Draw all files; InputError at the first that cannot be read, and then nothing is written."""
        from partwise.errors import InputError
        from partwise.render import View, check_png, contact_sheet, draw, read_item, save_png

        if not self.files:
            raise InputError("no file to draw; name at least one mesh or point cloud")
        if self.labels and len(self.labels) != len(self.files):
            raise InputError(f"--labels names {len(self.labels)} files for {len(self.files)} shapes; give one for each")
        if self.transparent and len(self.files) > 1:
            raise InputError("--transparent is for one file; a sheet of several is white")
        check_png(self.out)
        view = View(self.azimuth, self.elevation)
        images = [draw([read_item(path, labels, self.level)], self.size, view, self.transparent)
                  for path, labels in zip(self.files, self.labels or [None] * len(self.files), strict=True)]
        image = images[0]
        if len(images) > 1:
            across = next(width for width in range(1, len(images) + 1) if width * width >= len(images))
            starts = range(0, len(images), across)
            image = contact_sheet([images[start:start + across] for start in starts],
                                  [[path.stem for path in self.files[start:start + across]] for start in starts])
        save_png(self.out, image)
        print(f"written to {self.out}")
