"""The files that a command was given: folders opened, standard input read."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from partwise.errors import InputError

STANDARD_INPUT = Path("-")
_BEGINNINGS = ((b"glTF", "glb"), (b"ply", "ply"), (b"OFF", "off"), (b"solid", "stl"), (b"# .PCD", "pcd"),
               (b"\x93NUMPY", "npy"), (b"PK", "npz"))
_STL_HEADER, _STL_FACE = 84, 50


def expanded(files: Sequence[Path], temporary: Path) -> list[Path]:
    """The files, in place of a folder all meshes and clouds in it, and in place of - what standard input holds.

    temporary : folder for that
    InputError: no file at all, or a folder without any.
    """
    from partwise.mesh import SUFFIXES

    if not files:
        raise InputError("no file to segment; name at least one mesh or point cloud, a folder of them, or - for "
                         "standard input")
    found = []
    for path in files:
        if path == STANDARD_INPUT:
            found.append(_read_standard_input(sys.stdin.buffer, temporary))
        elif path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES and one.is_file())
            if not inside:
                raise InputError(f"{path}: this folder holds no file of a known kind: {', '.join(SUFFIXES)}")
            found += inside
        else:
            found.append(path)
    return found


def _read_standard_input(stream: BinaryIO, folder: Path) -> Path:
    data = stream.read()
    if not data:
        raise InputError("standard input is empty; expected a mesh or point cloud, such as from `cat chair.glb |`")
    path = folder / f"stdin.{kind_of(data)}"
    path.write_bytes(data)
    return path


def kind_of(data: bytes) -> str:
    """The suffix of a file of these contents: by how it begins, else a binary STL by its size, OBJ or rows of numbers.

    """
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if len(data) >= _STL_HEADER and len(data) == _STL_HEADER + _STL_FACE * int.from_bytes(data[80:84], "little"):
        return "stl"
    lines = (line.strip() for line in data[:100_000].splitlines())
    first = next((line for line in lines if line and not line.startswith(b"#")), b"")
    return "xyz" if first[:1] in b"-+.0123456789" and first else "obj"
