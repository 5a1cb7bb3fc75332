"""Pictures with titles on one sheet, and PNG files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from partwise.errors import InputError
from partwise.files import make_folder, replacing

if TYPE_CHECKING:
    from types import ModuleType

    from PIL.ImageFont import FreeTypeFont

_INK, _FAINT = (40, 42, 46), (110, 114, 120)
_GAP = 0.04
"""Space between pictures, as a share of their width."""


@dataclass(frozen=True)
class _Word:
    """Text whose top is at y and whose middle, or left end, is at x; cut where it is wider than ``room``."""

    text: str
    x: float
    y: float
    size: float
    room: float
    from_left: bool = False


def save_png(path: Path, image: np.ndarray) -> None:
    """Write an image (H, W, 3 or 4) uint8 as PNG, whole or not at all; folders are created.

    InputError: a name that does not end in .png, a folder or disk that cannot be written, Pillow is not installed.
    """
    check_png(path)
    make_folder(path.parent)
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file for the picture")
    try:
        with replacing(path) as temporary:
            _pillow("Image").fromarray(image).save(temporary, format="PNG", optimize=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}); choose another place") from error


def check_png(path: Path) -> None:
    """InputError if pictures cannot be written to such a name, or at all, before the work of drawing them."""
    if path.suffix.lower() != ".png":
        raise InputError(f"{path}: pictures are written as PNG; give the file a name that ends in .png")
    _pillow("Image")


def contact_sheet(rows: Sequence[Sequence[np.ndarray]], titles: Sequence[Sequence[str]] = (),
                  columns: Sequence[str] = (), heading: str = "", group: int = 0) -> np.ndarray:
    """Images in rows on one white sheet.

    rows : images (H, W, 3) uint8 of one size; the last rows may be shorter
    titles : one below each image, in rows as the images; "" for none
    columns : one above each column
    heading : above all
    group : a wider gap after every so many columns; 0 for none

    Titles that are too long for their place are cut and end in "...". Returns (H', W', 3) uint8. InputError: no
    image, images of different sizes, titles for other than the images, Pillow is not installed.
    """
    height, width = _common_size(rows)
    if titles and [len(row) for row in titles] != [len(row) for row in rows]:
        raise InputError(f"there are titles for {[len(row) for row in titles]} images in rows of "
                         f"{[len(row) for row in rows]}")
    gap, text = max(round(_GAP * width), 4), _text_height(width)
    top = gap + (2 * text if heading else 0) + (round(1.5 * text) if columns else 0)
    pitch = height + gap + (round(1.4 * text) if any(any(row) for row in titles) else 0)
    lefts = [gap + place * (width + gap) + (2 * gap * (place // group) if group else 0)
             for place in range(max(len(row) for row in rows))]
    sheet = np.full((top + pitch * len(rows), lefts[-1] + width + gap, 3), 255, np.uint8)
    words = [_Word(heading, gap, 0.6 * gap, 1.35 * text, sheet.shape[1] - 2 * gap, True)]
    words += [_Word(word, left + width / 2, top - 1.35 * text, text, width)
              for word, left in zip(columns, lefts, strict=False)]
    for number, row in enumerate(rows):
        y = top + number * pitch
        for image, left in zip(row, lefts, strict=False):
            sheet[y:y + height, left:left + width] = image
        words += [_Word(word, left + width / 2, y + height, 0.85 * text, width)
                  for word, left in zip(titles[number] if titles else (), lefts, strict=False)]
    return _write(sheet, words)


def _common_size(rows: Sequence[Sequence[np.ndarray]]) -> tuple[int, int]:
    sizes = {image.shape for row in rows for image in row}
    if len(sizes) != 1 or not all(rows):
        raise InputError(f"a sheet needs rows of images of one size, found sizes {sorted(sizes)} in rows of "
                         f"{[len(row) for row in rows]}")
    shape = sizes.pop()
    if len(shape) != 3 or shape[2] != 3:
        raise InputError(f"a sheet needs images (H, W, 3), found {shape}")
    return shape[0], shape[1]


def _text_height(width: int) -> int:
    """Pixels, readable beside pictures of this width."""
    return int(np.clip(width / 14, 11, 26))


def _write(sheet: np.ndarray, words: Sequence[_Word]) -> np.ndarray:
    if not any(word.text for word in words):
        return sheet
    image = _pillow("Image").fromarray(sheet)
    brush = _pillow("ImageDraw").Draw(image)
    for word in words:
        font = _pillow("ImageFont").load_default(round(word.size))
        brush.text((word.x, word.y), _shortened(word.text, font, word.room), font=font,
                   fill=_INK if word.from_left else _FAINT, anchor="la" if word.from_left else "ma")
    return np.asarray(image)


def _shortened(word: str, font: "FreeTypeFont", room: float) -> str:
    """The word, or as much of its beginning as fits with "..." after it."""
    if font.getlength(word) <= room:
        return word
    while word and font.getlength(word + "...") > room:
        word = word[:-1]
    return word + "..."


def _pillow(name: str) -> "ModuleType":
    """A module of Pillow, which only pictures need."""
    from importlib import import_module

    try:
        return import_module(f"PIL.{name}")
    except ImportError as error:
        raise InputError("pictures need Pillow, which is not installed; pip install 'partwise[render]'") from error
