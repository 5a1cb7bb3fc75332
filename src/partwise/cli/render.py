"""``partwise render``."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tyro.conf import Positional

if TYPE_CHECKING:
    from partwise.render import Item


@dataclass(frozen=True)
class Render:
    """Draw results, meshes and point clouds as a PNG picture; no screen or graphics driver is needed.

    The folder of a result, as segment writes them, is drawn once for each level, the parts in their colours. Of files
    it reads what segment reads, and draws them in the colours of their materials and textures, and in grey where they
    have none. Several become one sheet. Needs partwise[render].
    """

    files: Positional[tuple[Path, ...]]
    """Folders of results, meshes or point clouds."""
    out: Path
    """Picture to write, a name that ends in .png."""
    levels: tuple[int, ...] = ()
    """Levels of results to draw, such as 1 3; all if not given."""
    explode: float = 0.0
    """How far the parts of results move apart, in shares of their distance from the middle."""
    size: int = 600
    """Pixels a side, of each picture if there are several; 16 to 2048."""
    azimuth: float = 35.0
    """Degrees around the upright y axis to look from: 0 is the front, +z, and 90 the right, +x."""
    elevation: float = 22.0
    """Degrees above the horizon to look from: -90 to 90."""
    transparent: bool = False
    """Transparent background instead of white; for one picture."""

    def run(self) -> None:
        """Draw everything; InputError at the first that cannot be read, and then nothing is written."""
        from partwise.errors import InputError
        from partwise.render import View, check_png, contact_sheet, draw, save_png

        if not self.files:
            raise InputError("no file to draw; name at least one result, mesh or point cloud")
        check_png(self.out)
        pictures = [self._items(path) for path in self.files]
        count = sum(map(len, pictures))
        if self.transparent and count > 1:
            raise InputError(f"--transparent is for one picture; these are {count}, and their sheet is white")
        view = View(self.azimuth, self.elevation)
        if all(len(row) == 1 for row in pictures):
            pictures = _square([row[0] for row in pictures])
        images = [[draw(items, self.size, view, self.transparent) for _, items in row] for row in pictures]
        titles = [[title for title, _ in row] for row in pictures]
        image = images[0][0] if count == 1 else contact_sheet(images, titles)
        save_png(self.out, image)
        print(f"written to {self.out}")

    def _items(self, path: Path) -> "list[tuple[str, list[Item]]]":
        """The pictures of a file or result: what stands below each, and what to draw."""
        from partwise.errors import InputError
        from partwise.render import read_item, result_items, result_levels

        if not path.is_dir():
            return [(path.stem, [read_item(path)])]
        there = result_levels(path)
        missing = [level for level in self.levels if level not in there]
        if missing:
            raise InputError(f"{path}: has no level {missing[0]}; it has {', '.join(map(str, there))}")
        return [(f"{path.name}, level {level}", result_items(path, level, self.explode))
                for level in self.levels or there]


def _square(row: list[Any]) -> list[list[Any]]:
    """Rows of a sheet as wide as high."""
    across = next(width for width in range(1, len(row) + 1) if width * width >= len(row))
    return [row[start:start + across] for start in range(0, len(row), across)]
