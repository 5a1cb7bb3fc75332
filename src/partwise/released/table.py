"""Sorted tables of keys and values, LevelDB's format, as the index of a TensorFlow checkpoint is one.

The last 48 bytes hold the places of two blocks and a magic number; the second block's values are the places of the
blocks with the entries. A block is entries, each sharing a prefix of its key with the one before, restart points, and
behind it one byte that says how it is compressed and a checksum.
"""

import struct
from collections.abc import Iterator

from partwise.errors import InputError
from partwise.released.checksum import masked_crc32c
from partwise.released.snappy import decompress, read_varint

_MAGIC = 0xDB4775248B80FB57
_FOOTER = 48
_TRAILER = 5
_PLAIN, _SNAPPY = 0, 1


def read_table(data: bytes) -> dict[bytes, bytes]:
    """All entries of a table; InputError where it is of another kind or damaged."""
    if len(data) < _FOOTER or struct.unpack("<Q", data[-8:])[0] != _MAGIC:
        raise InputError("is not the index of a TensorFlow checkpoint, or is truncated; copy it again")
    try:
        _, place = _handle(data, len(data) - _FOOTER)
        index, _ = _handle(data, place)
        handles = [_handle(value, 0)[0] for _, value in _entries(_block(data, *index))]
        return dict(entry for handle in handles for entry in _entries(_block(data, *handle)))
    except (IndexError, struct.error) as error:
        raise InputError("is a damaged index; copy it again") from error


def _handle(data: bytes, place: int) -> tuple[tuple[int, int], int]:
    """Offset and size of a block, and the place behind them."""
    offset, place = read_varint(data, place)
    size, place = read_varint(data, place)
    return (offset, size), place


def _block(data: bytes, offset: int, size: int) -> bytes:
    contents, trailer = data[offset:offset + size], data[offset + size:offset + size + _TRAILER]
    kind, crc = struct.unpack("<BI", trailer)
    found = masked_crc32c(contents + trailer[:1])
    if found != crc:
        raise InputError(f"has a damaged block at byte {offset}: its checksum is {found:08x}, expected {crc:08x}; copy "
                         "it again")
    if kind not in (_PLAIN, _SNAPPY):
        raise InputError(f"has a block of compression {kind}, expected {_PLAIN} (none) or {_SNAPPY} (Snappy)")
    return decompress(contents) if kind == _SNAPPY else contents


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    restarts = struct.unpack("<I", block[-4:])[0]
    end = len(block) - 4 * (restarts + 1)
    place, key = 0, b""
    while place < end:
        shared, place = read_varint(block, place)
        own, place = read_varint(block, place)
        length, place = read_varint(block, place)
        key = key[:shared] + block[place:place + own]
        place += own
        yield key, block[place:place + length]
        place += length
