"""Where results are: folders, and zips as the page gives them away; and which of them is for training."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from partwise.errors import InputError
from partwise.result.read import FILES, RECORD

LARGEST = 4_000_000_000
"""Bytes that are unpacked of one zip; a mesh of millions of faces has a tenth."""


def find_results(source: Path) -> list[Path]:
    """Folders with a ``result.json``, and zips, in a folder at any depth; the source itself if it is one."""
    if source.is_file() or (source / RECORD).is_file():
        return [source]
    if not source.is_dir():
        raise InputError(f"{source}: no such folder; expected one of results, as `partwise segment` writes them")
    found = [path.parent for path in source.rglob(RECORD)] + [path for path in source.rglob("*.zip") if path.is_file()]
    if not found:
        raise InputError(f"{source}: holds no results, which are folders with a {RECORD} or zips from `partwise view`")
    return sorted(found)


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """A result as a folder: itself, or what is read of a zip."""
    if path.is_dir():
        yield path
        return
    with TemporaryDirectory() as temporary:
        try:
            with zipfile.ZipFile(path) as archive:
                wanted = [one for one in archive.infolist() if one.filename in FILES]
                if sum(one.file_size for one in wanted) > LARGEST:
                    raise InputError(f"{path}: unpacks to more than {LARGEST / 1e9:.0f} GB, the most for one result")
                for one in wanted:
                    archive.extract(one, temporary)
        except (OSError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
            raise InputError(f"{path}: is no zip of a result ({error}); expected one that `partwise view` gave "
                             "away") from error
        try:
            yield Path(temporary)
        except InputError as error:
            raise InputError(str(error).replace(temporary, str(path))) from error


def divided(paths: Sequence[Path], shares: Mapping[str, float], source: Path, seed: int) -> dict[str, list[Path]]:
    """The results of each split that gets any; who gets where changes little when results are added."""
    if not shares or min(shares.values()) < 0 or not 0 < sum(shares.values()) <= 1 + 1e-9:
        raise InputError(f"split: found {dict(shares)}, expected shares that add up to 1, such as train=0.8 val=0.2")
    drawn = sorted(paths, key=lambda path: hashlib.sha256(f"{seed} {name_of(path, source)}".encode()).digest())
    found, start, share = dict[str, list[Path]](), 0, 0.0
    for split, own in shares.items():
        share += own
        end = max(round(share * len(paths)), 0 if found else 1)
        if end > start:
            found[split] = sorted(drawn[start:end])
        start = end
    return found


def name_of(path: Path, source: Path) -> str:
    """What a shape is called: the place of its result in the source."""
    whole = Path(path.name) if path == source else path.relative_to(source)
    return (whole if path.is_dir() else whole.with_suffix("")).as_posix()


def files_of(paths: Sequence[Path]) -> list[Path]:
    """All files that are read of results."""
    return [one for path in paths for one in ([path / name for name in FILES] if path.is_dir() else [path])]
