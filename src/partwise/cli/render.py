"""``partwise render``."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tyro.conf import Positional

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from partwise.render import View

    Row = list[tuple[str, np.ndarray]]


@dataclass(frozen=True)
class Render:
    """Draw results, evaluations, meshes and point clouds as a PNG picture; no screen or graphics driver is needed.

    The folder of a result, as segment writes them, is drawn once for each level, the parts in their colours. Of the
    folder of an evaluation, as evaluate writes them, the worst and the best shapes are drawn, a row each, truth beside
    what was found at each level. Of files it reads what segment reads, and draws them in the colours of their
    materials and textures, and in grey where they have none. Several become one sheet. Needs partwise[render].
    """

    files: Positional[tuple[Path, ...]]
    """Folders of results or evaluations, meshes or point clouds."""
    out: Path
    """Picture to write, a name that ends in .png."""
    levels: tuple[int, ...] = ()
    """Levels of results and evaluations to draw, such as 1 3; all if not given."""
    shapes: tuple[str, ...] = ()
    """Shapes of evaluations to draw, by name, of those that they keep; all of them if not given."""
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
        from partwise.render import View, check_png, contact_sheet, save_png

        if not self.files:
            raise InputError("no file to draw; name at least one result, evaluation, mesh or point cloud")
        check_png(self.out)
        view = View(self.azimuth, self.elevation)
        rows: list[Row] = []
        for row in (row for path in self.files for row in self._rows(path, view)):
            rows.append(row)
            if self.transparent and sum(map(len, rows)) > 1:
                raise InputError("--transparent is for one picture; these are more, and their sheet is white")
        if all(len(row) == 1 for row in rows):
            rows = _square([row[0] for row in rows])
        titles, images = [[title for title, _ in row] for row in rows], [[image for _, image in row] for row in rows]
        save_png(self.out, images[0][0] if len(rows) == len(rows[0]) == 1 else contact_sheet(images, titles))
        print(f"written to {self.out}")

    def _rows(self, path: Path, view: "View") -> "Iterator[Row]":
        """The pictures of a file, of a result or of each shape of an evaluation."""
        from partwise.render import draw, read_item, result_items, result_levels
        from partwise.report.evaluation import SHAPES

        if not path.is_dir():
            yield [(path.stem, draw([read_item(path)], self.size, view, self.transparent))]
        elif (path / SHAPES).exists():
            yield from self._evaluation_rows(path, view)
        else:
            yield [(f"{path.name}, level {level}",
                    draw(result_items(path, level, self.explode), self.size, view, self.transparent))
                   for level in self._levels_of(path, result_levels(path))]

    def _evaluation_rows(self, path: Path, view: "View") -> "Iterator[Row]":
        """A row for each shape: truth beside what was found, level after level."""
        from partwise.errors import InputError
        from partwise.report.evaluation import read_evaluation
        from partwise.report.pictures import drawn, score_words

        evaluation = read_evaluation(path)
        missing = set(self.shapes) - {one.name for one in evaluation.shown}
        if missing:
            raise InputError(f"{path}: keeps no shape {min(missing)}; it has "
                             f"{', '.join(one.name for one in evaluation.shown)}")
        levels = self._levels_of(path, [level.number for level in evaluation.levels])
        for one in evaluation.shown:
            if self.shapes and one.name not in self.shapes:
                continue
            row: Row = []
            for level, truth, found in zip(levels, *drawn(one, levels, self.size, view, False), strict=True):
                score = score_words(evaluation, one, level)
                row += [(f"{one.name}, level {level}: true", truth), (f"found{score and ', '}{score}", found)]
            yield row

    def _levels_of(self, path: Path, there: list[int]) -> list[int]:
        from partwise.errors import InputError

        missing = [level for level in self.levels if level not in there]
        if missing:
            raise InputError(f"{path}: has no level {missing[0]}; it has {', '.join(map(str, there))}")
        return list(self.levels) or there


def _square(row: "Row") -> "list[Row]":
    """Rows of a sheet as wide as high."""
    across = next(width for width in range(1, len(row) + 1) if width * width >= len(row))
    return [row[start:start + across] for start in range(0, len(row), across)]
