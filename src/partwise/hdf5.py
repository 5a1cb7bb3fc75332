"""HDF5 files: every complaint names the file, the data set and what was expected."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from partwise.errors import InputError
from partwise.files import replacing


@contextmanager
def open_hdf5(path: Path) -> Iterator[h5py.File]:
    """Open an HDF5 file for reading; InputError if it is missing, truncated or of another kind."""
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise InputError(f"{path}: is not a readable HDF5 file, or is truncated ({error})") from error
    with file:
        yield file


@contextmanager
def undamaged(file: h5py.File) -> Iterator[None]:
    """InputError in place of the many exceptions by which h5py says that a file's structure is damaged."""
    try:
        yield
    except InputError:
        raise
    except (OSError, RuntimeError, LookupError, TypeError, ValueError, MemoryError) as error:
        raise InputError(f"{file.filename}: is damaged ({error}); download or write the file again") from error


def dataset(file: h5py.File, name: str, shape: tuple[int | None, ...], kind: str) -> h5py.Dataset:
    """Return the data set ``name`` after checking it.

    shape : expected shape, None for any size.
    kind : letters of the accepted NumPy kinds, such as "f" or "iu".
    """
    with undamaged(file):
        if name not in file or not isinstance(file[name], h5py.Dataset):
            raise InputError(f"{file.filename}: has no data set '{name}'; it has {sorted(map(str, file))}")
        found = file[name]
        dtype, sizes = found.dtype, found.shape
    # HDF5 has data sets without a shape
    fits = sizes is not None and len(sizes) == len(shape) and all(
        want in (None, have) for want, have in zip(shape, sizes, strict=True))
    if not fits:
        wanted = "(" + ", ".join("any" if size is None else str(size) for size in shape) + ")"
        raise InputError(f"{file.filename}: data set '{name}' has shape {sizes}, expected {wanted}")
    if dtype.kind not in kind or (dtype.kind == "O" and h5py.check_string_dtype(dtype) is None):
        names = {"f": "float", "i": "int", "u": "unsigned int", "b": "bool", "O": "text"}
        wanted = " or ".join(names[letter] for letter in kind)
        raise InputError(f"{file.filename}: data set '{name}' is {dtype}, expected {wanted}")
    return found


def read(found: h5py.Dataset, rows: slice = slice(None)) -> np.ndarray:
    """Read rows of a checked data set; InputError where its bytes are damaged."""
    try:
        return found[rows]
    except (OSError, RuntimeError, ValueError, MemoryError) as error:
        raise InputError(f"{found.file.filename}: data set '{found.name.lstrip('/')}' is damaged "
                         f"({error}); download or write the file again") from error


@contextmanager
def create_hdf5(path: Path) -> Iterator[tuple[h5py.File, "Output"]]:
    """Yield a new HDF5 file and what it writes to; it replaces ``path`` when the block ends without an exception.

    Raises InputError where it cannot be opened or written, such as on a full disk.
    """
    with replacing(path) as temporary:
        try:
            output = Output(temporary)
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror}); choose another folder, or change its "
                             "permissions") from error
        with output, h5py.File(output, "w") as file:
            yield file, output
        output.check(path)


class Output(io.FileIO):
    """A new file for h5py to write to that remembers a failed write, such as on a full disk.

    HDF5 itself loses some of these failures and can crash the process after others. Call ``check`` from time
    to time and after closing it, for a network disk may report a failure no earlier.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, "w+")
        self.failure: OSError | None = None

    def write(self, data: Any) -> int:
        """Write all of ``data``; after a failure, nothing."""
        rest = memoryview(data).cast("B")
        while rest and self.failure is None:
            try:
                rest = rest[super().write(rest):]
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes

    def truncate(self, size: int | None = None) -> int:
        try:
            return super().truncate(size)
        except OSError as error:
            self.failure = self.failure or error
            return size or 0

    def close(self) -> None:
        try:
            super().close()
        except OSError as error:
            self.failure = self.failure or error

    def check(self, path: Path) -> None:
        """Raise InputError, in the name of ``path``, if a write has failed."""
        if self.failure is not None:
            raise InputError(f"{path}: cannot be written ({self.failure.strerror}); make room on the disk or "
                             "choose another folder") from self.failure
