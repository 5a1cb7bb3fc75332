"""Reading PCD, the point cloud format of PCL: ASCII, binary and compressed binary."""

from dataclasses import dataclass

import numpy as np

from partwise.errors import InputError
from partwise.mesh.geometry import PointCloud

_KINDS = {"F": {2: "f2", 4: "f4", 8: "f8"}, "I": {1: "i1", 2: "i2", 4: "i4", 8: "i8"},
          "U": {1: "u1", 2: "u2", 4: "u4", 8: "u8"}}
_AXES = ("x", "y", "z")
_NORMALS = ("normal_x", "normal_y", "normal_z")
_LZF_LARGEST_RATIO = 88
"""Three bytes of LZF make at most 264 bytes."""


@dataclass(frozen=True)
class _Header:
    names: list[str]
    dtypes: list[str]
    counts: list[int]
    n_point: int
    encoding: str

    @property
    def point_size(self) -> int:
        """Bytes of a point."""
        return int(self.offsets[-1])

    @property
    def offsets(self) -> np.ndarray:
        """Byte at which each field of a point starts, and the point's size."""
        sizes = [np.dtype(dtype).itemsize * count
                 for dtype, count in zip(self.dtypes, self.counts, strict=True)]
        return np.cumsum([0, *sizes])


def read_pcd(data: bytes) -> PointCloud:
    """A PCD file's points, float32 or float64 as stored, and its normals.

    Points with a NaN or infinite coordinate mark holes in organised clouds, so they are dropped; InputError
    if none remains. Normals are kept if they are finite at every kept point.
    """
    header, body = _header(data)
    if header.encoding == "ascii":
        columns = _ascii_columns(header, body)
    elif header.encoding == "binary":
        columns = _binary_columns(header, body)
    else:
        columns = _compressed_columns(header, body)
    points = np.stack([columns[name] for name in _AXES], 1)
    kept = np.isfinite(points).all(1)
    if not kept.any():
        raise InputError(f"all {header.n_point} points are NaN or infinite")
    normals = np.stack([columns[name] for name in _NORMALS], 1)[kept] if _NORMALS[0] in columns else None
    return PointCloud(points[kept], normals if normals is not None and np.isfinite(normals).all() else None)


def _header(data: bytes) -> tuple[_Header, bytes]:
    entries: dict[str, list[str]] = {}
    start = 0
    while "DATA" not in entries:
        end = data.find(b"\n", start)
        if end < 0 or start > 65_536:
            raise InputError("this is not a PCD file: its header has no 'DATA' line")
        key, *values = data[start:end].decode("latin-1").partition("#")[0].split() or [""]
        entries[key] = values
        start = end + 1
    try:
        names, sizes = entries["FIELDS"], [int(size) for size in entries["SIZE"]]
        dtypes = ["<" + _KINDS[kind][size] for kind, size in zip(entries["TYPE"], sizes, strict=True)]
        counts = [int(count) for count in entries.get("COUNT", ["1"] * len(names))]
        grid = int(entries["WIDTH"][0]) * int(entries["HEIGHT"][0])
        n_point = int(entries.get("POINTS", [str(grid)])[0])
        header = _Header(names, dtypes, counts, n_point, entries["DATA"][0])
    except (KeyError, IndexError, ValueError) as error:
        raise InputError(f"the PCD header lacks a line or holds a wrong value ({error!r}); expected FIELDS, "
                         "SIZE, TYPE, COUNT, WIDTH, HEIGHT, POINTS and DATA") from error
    _check(header, grid)
    return header, data[start:]


def _check(header: _Header, grid: int) -> None:
    if not len(header.names) == len(header.dtypes) == len(header.counts) or min(header.counts, default=0) < 1:
        raise InputError("the lines FIELDS, SIZE, TYPE and COUNT of the PCD header do not fit one another")
    if header.n_point != grid or grid < 1:
        raise InputError(f"the PCD header says {header.n_point} points, but width x height is {grid}; "
                         "expected the same number, at least 1")
    if not set(_AXES) <= set(header.names):
        raise InputError(f"the PCD file has the fields {header.names}; x, y and z are needed")
    if header.encoding not in ("ascii", "binary", "binary_compressed"):
        raise InputError(f"the PCD data are '{header.encoding}'; expected ascii, binary or binary_compressed")


def _wanted(header: _Header) -> list[tuple[int, str]]:
    """Index and name of the fields to read: positions, and normals if there are all three."""
    wanted = _AXES + (_NORMALS if set(_NORMALS) <= set(header.names) else ())
    return [(header.names.index(name), name) for name in wanted]


def _ascii_columns(header: _Header, body: bytes) -> dict[str, np.ndarray]:
    lines = [line for line in body.decode("latin-1").splitlines() if line.strip()]
    if len(lines) < header.n_point:
        raise InputError(f"the PCD file is truncated: {header.n_point} points are promised, it has "
                         f"{len(lines)}")
    wanted = _wanted(header)
    first = np.cumsum([0, *header.counts])  # a field of several numbers takes several columns
    columns = [int(first[index]) for index, _ in wanted]
    try:
        table = np.loadtxt(lines[:header.n_point], ndmin=2, usecols=columns)
    except ValueError as error:
        raise InputError(f"a line of the PCD file is not the expected row of numbers ({error})") from error
    dtypes = {name: header.dtypes[index] for index, name in wanted}
    return {name: column.astype(dtypes[name] if dtypes[name][1] == "f" else "<f8")
            for (_, name), column in zip(wanted, table.T, strict=True)}


def _binary_columns(header: _Header, body: bytes) -> dict[str, np.ndarray]:
    """Point after point."""
    needed = header.n_point * header.point_size
    if len(body) < needed:
        raise InputError(f"the PCD file is truncated: {header.n_point} points of {header.point_size} bytes "
                         f"need {needed} bytes, it has {len(body)}")
    wanted = _wanted(header)
    layout = np.dtype({"names": [name for _, name in wanted],
                       "formats": [header.dtypes[index] for index, _ in wanted],
                       "offsets": [int(header.offsets[index]) for index, _ in wanted],
                       "itemsize": header.point_size})
    table = np.frombuffer(body, layout, header.n_point)
    return {name: table[name] for _, name in wanted}


def _compressed_columns(header: _Header, body: bytes) -> dict[str, np.ndarray]:
    """Field after field, packed by LZF."""
    if len(body) < 8:
        raise InputError("the PCD file is truncated: it ends before its compressed data")
    packed, unpacked = (int(size) for size in np.frombuffer(body, "<u4", 2))
    needed = header.n_point * header.point_size
    if len(body) - 8 < packed or unpacked != needed or unpacked > packed * _LZF_LARGEST_RATIO:
        raise InputError(f"the PCD file is truncated or damaged: {packed} bytes that unpack to {unpacked} "
                         f"are promised, it has {len(body) - 8}, and its points need {needed}")
    plain = unpack_lzf(body[8:8 + packed], unpacked)
    offsets = header.offsets * header.n_point
    return {name: np.frombuffer(plain, header.dtypes[index], header.n_point * header.counts[index],
                                int(offsets[index]))[::header.counts[index]]
            for index, name in _wanted(header)}


def unpack_lzf(packed: bytes, size: int) -> bytes:
    """Decompress LibLZF data of a known size; InputError where they are damaged.

    A control byte below 32 announces that many literal bytes, less one. Any other is a copy: its upper three
    bits are the length less 2 (7: another byte of length follows), its lower five and the next byte the
    distance back, less 1.
    """
    plain = bytearray()
    position = 0
    try:
        while position < len(packed) and len(plain) <= size:
            control = packed[position]
            position += 1
            if control < 32:
                plain += packed[position:position + control + 1]
                position += control + 1
                continue
            length = control >> 5
            if length == 7:
                length += packed[position]
                position += 1
            start = len(plain) - ((control & 31) << 8) - packed[position] - 1
            position += 1
            _copy_back(plain, start, length + 2)
    except (IndexError, ValueError) as error:
        raise InputError("the compressed data of the PCD file are damaged") from error
    if len(plain) != size:
        raise InputError(f"the compressed data of the PCD file unpack to {len(plain)} bytes, expected {size}")
    return bytes(plain)


def _copy_back(plain: bytearray, start: int, length: int) -> None:
    """Append ``length`` bytes from ``start``; they may overlap what is being written, which repeats them."""
    if start < 0:
        raise ValueError("a copy from before the beginning")
    source = plain[start:start + length]
    plain += (source * (length // len(source) + 1))[:length]
