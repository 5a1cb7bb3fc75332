"""Files that are either whole or absent: everything is written beside its place and then renamed."""

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from partwise.errors import InputError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path in the folder of ``path``; on success it replaces ``path``, else it is removed.

    The temporary name keeps the suffix, since some writers choose the format by it.
    """
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.partial{path.suffix}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def remove_stale(path: Path, age: float = 600.0) -> None:
    """Remove what killed runs left of ``path``: its temporary files not written to for ``age`` seconds."""
    for partial in path.parent.glob(f".{path.stem}.*.partial{path.suffix}"):
        with suppress(OSError):
            if time.time() - partial.stat().st_mtime > age:
                partial.unlink()


def make_folder(path: Path) -> Path:
    """Create ``path`` and its parents; raise InputError where that is impossible or it is not writable."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be created as a folder ({error.strerror}); "
                         "choose another output folder") from error
    if not os.access(path, os.W_OK):
        raise InputError(f"{path}: this folder is not writable; choose another or change its permissions")
    return path


def write_json(path: Path, value: Any, indent: int | None = 2) -> None:
    """Write ``value`` as JSON; numbers that are not finite are an error, not invalid JSON.

    indent : None writes a single line, for what is long and read by programs alone
    """
    text = json.dumps(value, indent=indent, allow_nan=False, ensure_ascii=False)
    with replacing(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> Any:
    """Read a JSON file; raise InputError where it is missing or not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise InputError(f"{path}: is not valid JSON ({error}); it may be truncated") from error


def numbered_files(folder: Path, name: str) -> list[Path]:
    """The files ``<name>-NN.h5`` of a folder in numeric order; ``<name>-hard-00.h5`` is not one of them."""
    pattern = re.compile(re.escape(name) + r"-\d+\.h5")
    return sorted((path for path in folder.iterdir() if pattern.fullmatch(path.name)), key=numeric_order)


def is_plain_name(name: str) -> bool:
    """Whether this can be part of a file's name, and does not lead to another folder."""
    return name not in ("", ".", "..") and name == Path(name).name and name.isprintable()


def numeric_order(path: Path) -> tuple[list[int], str]:
    """Sort key that puts ``train-10`` after ``train-9``, however many digits the numbers have."""
    return [int(digits) for digits in re.findall(r"\d+", path.stem)], path.name
