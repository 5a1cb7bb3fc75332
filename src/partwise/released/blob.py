"""O-CNN's "points" blob of one cloud with normals and labels, as the released program's records hold it.

88 bytes of header: magic (16 bytes), number of points N, content flags, channels [8] and byte offsets [8] of the
properties points, normals, features, labels (int32, little-endian; what has no property is 0). Then float32 arrays:
points (N, 3), normals (N, 3), labels (N,).
"""

import struct

import numpy as np

from partwise.errors import InputError

_MAGIC = b"_POINTS_1.0_"
_HEADER = struct.Struct("<16s2i8i8i")
_FLAGS = 1 | 2 | 8  # points, normals, labels
_CHANNELS = (3, 3, 0, 1)
_FLOATS = sum(_CHANNELS)
_MOST_POINTS = (2**31 - 1 - _HEADER.size) // (4 * _FLOATS)
"""Offsets behind more of them would not fit into the header."""


def pack_blob(points: np.ndarray, normals: np.ndarray, label: np.ndarray) -> bytes:
    """The blob of points and normals (N, 3) and of labels (N,), all as float32."""
    arrays = (np.ascontiguousarray(array, "<f4").tobytes() for array in (points, normals, label))
    return b"".join([_header(len(points)), *arrays])


def unpack_blob(blob: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points (N, 3), normals (N, 3) and labels (N,), read-only float32; InputError for any other layout."""
    if len(blob) < _HEADER.size or not blob.startswith(_MAGIC):
        raise InputError(f"points_bytes starts with {blob[:12]!r} and has {len(blob)} bytes, expected {_MAGIC!r} and a "
                         f"header of {_HEADER.size} bytes: an O-CNN points blob")
    _, count, *fields = _HEADER.unpack_from(blob)
    wanted = _header(min(max(count, 1), _MOST_POINTS))
    if blob[:_HEADER.size] != wanted:
        raise InputError(f"points_bytes has {count} points and flags, channels and offsets {fields}, expected at least "
                         f"1 point and {list(_HEADER.unpack(wanted)[2:])}: points, normals and labels, without "
                         "features")
    wanted_size = _HEADER.size + 4 * _FLOATS * count
    if len(blob) != wanted_size:
        raise InputError(f"points_bytes has {len(blob)} bytes, expected {wanted_size} for its {count} points")
    values = np.frombuffer(blob, "<f4", offset=_HEADER.size)
    points, normals, label = np.split(values, [3 * count, 6 * count])
    return points.reshape(-1, 3), normals.reshape(-1, 3), label


def _header(count: int) -> bytes:
    ends = _HEADER.size + 4 * count * np.cumsum((0, *_CHANNELS))
    unused = (0,) * (8 - len(_CHANNELS))
    return _HEADER.pack(_MAGIC, count, _FLAGS, *_CHANNELS, *unused, *ends.tolist(), *unused[:-1])
