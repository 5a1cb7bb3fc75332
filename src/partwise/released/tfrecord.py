"""TFRecord files: records of bytes, each between checksums of its length and of its data.

A record is its length (8 bytes), the masked CRC-32C of these 8 bytes (4), the data, and the data's masked CRC-32C (4),
all little-endian.
"""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from partwise.errors import InputError
from partwise.files import replacing
from partwise.released.checksum import masked_crc32c

_HEADER, _FOOTER = struct.Struct("<QI"), struct.Struct("<I")


def read_records(path: Path) -> Iterator[bytes]:
    """The records of a file, one in memory at a time.

    InputError, naming the record (counted from 0), where the file is missing, ends within a record, is of another
    kind, or where a checksum is wrong.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    with file:
        size, index = os.fstat(file.fileno()).st_size, 0
        while file.tell() < size:
            yield _read_record(file, size, f"{path}: record {index} (counted from 0)")
            index += 1


def _read_record(file: BinaryIO, size: int, where: str) -> bytes:
    start = file.tell()
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size:
        raise InputError(f"{where}: the file ends after {len(header)} bytes of the record's {_HEADER.size} of length "
                         "and checksum; it is truncated, copy it again")
    length, crc = _HEADER.unpack(header)
    if masked_crc32c(header[:8]) != crc:
        raise InputError(f"{where}: the checksum of its length, at byte {start}, is wrong; expected an uncompressed "
                         "TFRecord file, this is another kind of file or is damaged")
    left = size - start - _HEADER.size
    if left < length + _FOOTER.size:
        raise InputError(f"{where}: should have {length} bytes of data and {_FOOTER.size} of checksum, but the file "
                         f"ends after {left}; it is truncated, copy it again")
    data = file.read(length)
    found, (wanted,) = masked_crc32c(data), _FOOTER.unpack(file.read(_FOOTER.size))
    if found != wanted:
        raise InputError(f"{where}: the checksum of its data is {found:08x}, expected {wanted:08x}; the file is "
                         "damaged, copy it again")
    return data


class RecordWriter:
    """Writes records to an open file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: bytes) -> None:
        """Append one record."""
        length = struct.pack("<Q", len(data))
        self._file.write(length + _FOOTER.pack(masked_crc32c(length)))
        self._file.write(data)
        self._file.write(_FOOTER.pack(masked_crc32c(data)))


@contextmanager
def create_records(path: Path) -> Iterator[RecordWriter]:
    """Yield the writer of a new file; it replaces ``path`` when the block ends without an exception.

    Raises InputError where it cannot be written, such as on a full disk.
    """
    try:
        with replacing(path) as temporary, temporary.open("wb") as file:
            yield RecordWriter(file)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); make room on the disk or choose another "
                         "folder") from error
