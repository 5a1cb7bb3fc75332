"""Files that a mesh's file names: materials, images and buffers, in its own folder and nowhere else."""

import io
import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from trimesh.resolvers import Resolver

from partwise.errors import InputError

LARGEST = 1 << 30
"""Bytes that all files beside one mesh may have together."""
_MOST_PIXELS = 1 << 27


class Beside(Resolver):
    """Reads files by the names that a mesh's file calls them: trimesh's resolver, but one that stays in the folder.

    A file from elsewhere may name whatever it likes, such as ../../secret or /etc/passwd. Only what really lies in the
    folder of the mesh or below it is read, and no more than ``LARGEST`` bytes.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._left = path, LARGEST
        self._complaints: dict[str, None] = {}

    def get(self, name: str) -> bytes:
        """The bytes of a file; InputError, which is kept as a complaint too, where it cannot be had."""
        try:
            return self._read(self._found(name))
        except InputError as error:
            self.complain(str(error))
            raise

    def image(self, data: bytes, name: str) -> Any:
        """Pillow's image of a file's bytes; None, and a complaint, where it cannot be used."""
        if not self.can_read_images(name):
            return None
        from PIL import Image

        try:
            return self.decoded(Image.open(io.BytesIO(data)), name)
        except Exception as error:  # of no format that Pillow knows
            self.complain(f"{name} is no image that can be read ({error})")
            return None

    def decoded(self, image: Any, name: str) -> Any:
        """Pillow's image, which decodes late, once it has; None, and a complaint, where that fails."""
        try:
            if image.width * image.height > _MOST_PIXELS:
                raise ValueError(f"it has {image.width} x {image.height} pixels, the most is {_MOST_PIXELS:,}")
            image.load()
        except Exception as error:  # decoders fail in many ways on damaged images
            self.complain(f"{name} is no image that can be read ({error})")
            return None
        return image

    def can_read_images(self, name: str) -> bool:
        """Whether Pillow is there; a complaint where it is not."""
        there = find_spec("PIL") is not None
        if not there:
            self.complain(f"{name} is an image, which takes Pillow to read: pip install 'partwise[render]'")
        return there

    def complain(self, words: str) -> None:
        """Keep a sentence about what had to be left out."""
        self._complaints[words] = None

    def tell(self) -> None:
        """Log what had to be left out."""
        for words in self._complaints:
            logging.getLogger("partwise").warning("%s: %s; the shape goes without it", self._path, words)

    def _found(self, name: str) -> Path:
        folder = self._path.parent.resolve()
        for spelling in (name, name.replace("\\", "/"), unquote(name)):
            try:
                place = (folder / spelling.strip()).resolve()
                if place.is_relative_to(folder) and place.is_file():
                    return place
            except (OSError, ValueError) as error:  # such as a name that is too long, or with a zero byte in it
                raise InputError(f"names a file '{name[:80]}', which no file can be called ({error})") from error
        inside = (folder / name.replace("\\", "/").strip()).resolve().is_relative_to(folder)
        if inside and name[1:2] != ":":
            raise InputError(f"names a file '{name}', which is not there")
        raise InputError(f"names a file '{name}' outside its own folder, which is not read; put that file beside it")

    def _read(self, place: Path) -> bytes:
        size = place.stat().st_size
        if size > self._left:
            raise InputError(f"names files of more than {LARGEST / 1e6:,.0f} MB together, such as '{place.name}'")
        self._left -= size
        return place.read_bytes()

    def keys(self) -> list[str]:
        """Nothing is listed."""
        return []

    def write(self, name: str, data: bytes) -> None:
        """Nothing is written."""
        raise NotImplementedError

    def namespaced(self, namespace: str) -> "Beside":
        """Folders below are part of the names."""
        raise NotImplementedError
