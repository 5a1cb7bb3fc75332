"""Reading PLY: ASCII and binary, either byte order, polygons of any size, points alone.

Our own reader, since the face order must be that of the file, truncated files must be noticed and polygons
of mixed size must be read in binary files too.
"""

import struct
import warnings
from dataclasses import dataclass, field, replace

import numpy as np

from partwise.errors import InputError
from partwise.mesh.appearance import Appearance
from partwise.mesh.geometry import Mesh, PointCloud
from partwise.mesh.polygons import fan

_TYPES = {"char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2",
          "ushort": "u2", "uint16": "u2", "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4",
          "int64": "i8", "uint64": "u8", "float": "f4", "float32": "f4", "double": "f8", "float64": "f8"}
_STRUCT = {"i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "i8": "q", "u8": "Q", "f4": "f",
           "f8": "d"}
_Columns = dict[str, np.ndarray]
_INDEX_NAMES = ("vertex_indices", "vertex_index")
_COLOURS = ("red", "green", "blue", "alpha")


@dataclass(frozen=True)
class _Property:
    name: str
    dtype: str
    size_dtype: str = ""
    """The type of a list's length; empty for a single value."""


@dataclass
class _Element:
    name: str
    count: int
    properties: list[_Property] = field(default_factory=list)


def read_ply(data: bytes) -> Mesh | PointCloud:
    """A PLY file's mesh and its colours, or its points and normals where it has no faces.

    InputError: not PLY, truncated.
    """
    columns = ply_columns(data)
    vertex = columns.get("vertex", {})
    if not {"x", "y", "z"} <= vertex.keys():
        raise InputError("the PLY file has no vertices with x, y and z")
    points = np.stack([vertex[name] for name in "xyz"], 1)
    if "face" in columns:
        return _mesh(points, columns["face"], colours_of(vertex))
    if "tristrips" in columns:
        raise InputError("the PLY file holds triangle strips, which are not supported; export plain faces")
    if not {"nx", "ny", "nz"} <= vertex.keys():
        return PointCloud(points)
    return PointCloud(points, np.stack([vertex[name] for name in ("nx", "ny", "nz")], 1))


def ply_columns(data: bytes) -> dict[str, _Columns]:
    """Values of a PLY file's elements by name and property, colours as uint8; InputError as ``read_ply``."""
    elements, order, body = _header(data)
    declared = {element.name: {entry.name: entry.dtype for entry in element.properties} for element in elements}
    if not order:  # ASCII: turned into binary whose every value is a float64
        body, order = _numbers(body).tobytes(), "<"
        for element in elements:
            element.properties = [_Property(entry.name, "f8", "f8" if entry.size_dtype else "")
                                  for entry in element.properties]
    columns: dict[str, _Columns] = {}
    offset = 0
    for element in elements:
        if element.count and element.properties:
            columns[element.name], offset = _read_element(body, offset, element, order)
    for name, element_columns in columns.items():
        for colour in set(_COLOURS) & element_columns.keys():
            element_columns[colour] = _as_bytes(element_columns[colour], declared[name][colour])
    return columns


def colours_of(columns: _Columns) -> np.ndarray | None:
    """(N, 4) uint8 colours of an element's rows; None where it has none."""
    if not columns.keys() >= set(_COLOURS[:3]):
        return None
    opaque = np.full(len(columns["red"]), 255, np.uint8)
    return np.stack([*(columns[name] for name in _COLOURS[:3]), columns.get("alpha", opaque)], 1)


def _as_bytes(values: np.ndarray, declared: str) -> np.ndarray:
    """Shares of what the declared type can hold, or of 1 if that is a float, as uint8."""
    most = 1 if declared[0] == "f" else np.iinfo(declared).max
    shares = np.clip(np.nan_to_num(values.astype(np.float64)), 0, most) / most
    return np.rint(255 * shares).astype(np.uint8)


def _header(data: bytes) -> tuple[list[_Element], str, bytes]:
    """Elements, byte order ("" for ASCII) and body of the file."""
    head, found, rest = data.partition(b"end_header")
    if not data.startswith(b"ply") or not found:
        raise InputError("this is not a PLY file: it should begin with 'ply' and a header up to 'end_header'")
    body = rest.partition(b"\n")[2]
    orders = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
    order, elements = None, []
    for line in head.decode("latin-1").splitlines():
        match line.split():
            case ["format", name, *_] if name in orders:
                order = orders[name]
            case ["element", name, count] if count.isdigit():
                elements.append(_Element(name, int(count)))
            case ["property", "list", size, kind, name] if elements and {size, kind} <= _TYPES.keys():
                elements[-1].properties.append(_Property(name, _TYPES[kind], _TYPES[size]))
            case ["property", kind, name] if elements and kind in _TYPES:
                elements[-1].properties.append(_Property(name, _TYPES[kind]))
            case ["property" | "element" | "format", *_]:
                raise InputError(f"the PLY header has a line that is not understood: '{line.strip()}'")
    if order is None:
        raise InputError("the PLY header has no 'format' line")
    return elements, order, body


def _numbers(body: bytes) -> np.ndarray:
    """All numbers of an ASCII body, (T,) float64."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # NumPy's way to say: something is not a number
        try:
            return np.fromstring(body.decode("latin-1"), sep=" ")
        except (DeprecationWarning, ValueError) as error:
            raise InputError("the body of the ASCII PLY file holds something that is not a number") from error


def _read_element(body: bytes, offset: int, element: _Element, order: str) -> tuple[_Columns, int]:
    """Columns of an element by name and the offset behind it; a list's lengths are "<name> size"."""
    fields: list[tuple[str, str] | tuple[str, str, tuple[int]]] = []
    for entry in element.properties:
        if entry.size_dtype:
            length = _list_length(body, offset + np.dtype(fields).itemsize, order + entry.size_dtype)
            fields += [(f"{entry.name} size", order + entry.size_dtype),
                       (entry.name, order + entry.dtype, (length,))]
        else:
            fields.append((entry.name, order + entry.dtype))
    dtype = np.dtype(fields)
    lists = [entry.name for entry in element.properties if entry.size_dtype]
    end = offset + element.count * dtype.itemsize
    if end <= len(body):
        table = np.frombuffer(body, dtype, element.count, offset)
        if all((table[f"{name} size"] == table[name].shape[1]).all() for name in lists):
            return {name: table[name] for name in dtype.names or ()}, end
    elif not lists:
        raise InputError(f"the PLY file is truncated: its header promises {element.count} of "
                         f"'{element.name}'")
    return _read_mixed(body, offset, element, order)


def _list_length(body: bytes, offset: int, dtype: str) -> int:
    """Length of the first list, which all others usually share."""
    end = offset + np.dtype(dtype).itemsize
    if end > len(body):
        raise InputError("the PLY file is truncated: it ends before its first face")
    length = int(np.frombuffer(body[offset:end], dtype)[0])
    return length if 0 <= length <= len(body) else 0


def _read_mixed(body: bytes, offset: int, element: _Element, order: str) -> tuple[_Columns, int]:
    """As _read_element, row by row, for lists of different lengths."""
    chunks: dict[str, list[bytes]] = {entry.name: [] for entry in element.properties}
    sizes: dict[str, list[int]] = {entry.name: [] for entry in element.properties if entry.size_dtype}
    plan = [(entry.name, np.dtype(entry.dtype).itemsize,
             struct.Struct(order + _STRUCT[entry.size_dtype]) if entry.size_dtype else None)
            for entry in element.properties]
    for row in range(element.count):
        for name, itemsize, size in plan:
            length, start = 1, offset
            if size is not None:
                length = int(size.unpack_from(body, offset)[0]) if offset + size.size <= len(body) else -1
                start = offset + size.size
                sizes[name].append(length)
            offset = start + length * itemsize
            if length < 0 or offset > len(body):
                raise InputError(f"the PLY file is truncated or damaged: its header promises {element.count} "
                                 f"of '{element.name}', and number {row + 1} cannot be read")
            chunks[name].append(body[start:offset])
    columns = {f"{name} size": np.array(values, np.int64) for name, values in sizes.items()}
    dtypes = {entry.name: order + entry.dtype for entry in element.properties}
    columns |= {name: np.frombuffer(b"".join(parts), dtypes[name]) for name, parts in chunks.items()}
    return columns, offset


def _mesh(points: np.ndarray, columns: _Columns, of_vertices: np.ndarray | None) -> Mesh:
    """The mesh of faces, in their own colours or those of the vertices."""
    name = next((name for name in _INDEX_NAMES if f"{name} size" in columns), None)
    if name is None:
        raise InputError(f"the PLY file's faces have no list of vertex indices; they have {sorted(columns)}")
    sizes = columns[f"{name} size"]
    mesh = Mesh(points, fan(columns[name].ravel(), sizes))
    of_faces = colours_of(columns)
    if of_faces is not None:
        pieces = np.repeat(of_faces, np.maximum(sizes.astype(np.int64) - 2, 0), axis=0)
        return replace(mesh, appearance=Appearance.painted(np.repeat(pieces[:, None], 3, axis=1)))
    return mesh if of_vertices is None else replace(mesh, appearance=Appearance.painted(of_vertices[mesh.faces]))
