"""Writing point clouds, coloured and labelled, as binary PLY."""

from pathlib import Path

import numpy as np

from partwise.files import replacing

_PLY_TYPES = {"<f4": "float", "<f8": "double", "<i4": "int", "|u1": "uchar"}


def write_ply(path: Path, points: np.ndarray, normals: np.ndarray | None, colours: np.ndarray,
              attributes: dict[str, np.ndarray] | None = None) -> None:
    """Write a point cloud with vertex properties x y z, nx ny nz, red green blue and the named attributes.

    points : (N, 3), written as float32, or as float64 where they are float64
    normals : (N, 3) or None to leave them out; written as float32
    colours : (N, 3) uint8
    attributes : name -> (N,) integers, written as int32, e.g. ``level_1_class``

    ValueError: an array of another length or shape, a name with a space or taken, a number beyond int32.
    """
    points = np.asarray(points)
    columns = _columns("xyz", points, "<f8" if points.dtype == np.float64 else "<f4", len(points))
    if normals is not None:
        columns |= _columns(("nx", "ny", "nz"), normals, "<f4", len(points))
    columns |= _columns(("red", "green", "blue"), colours, "|u1", len(points))
    for name, values in (attributes or {}).items():
        if name in columns or name.split() != [name]:
            raise ValueError(f"'{name}' cannot name a PLY property: taken, empty or with a space")
        columns[name] = _int32(name, np.asarray(values), len(points))
    table = np.empty(len(points), [(name, column.dtype.str) for name, column in columns.items()])
    for name, column in columns.items():
        table[name] = column
    properties = [f"property {_PLY_TYPES[column.dtype.str]} {name}" for name, column in columns.items()]
    lines = ["ply", "format binary_little_endian 1.0", f"element vertex {len(points)}", *properties, "end_header", ""]
    with replacing(path) as temporary:
        temporary.write_bytes("\n".join(lines).encode("ascii") + table.tobytes())


def _columns(names: str | tuple[str, ...], values: np.ndarray, dtype: str,
             count: int) -> dict[str, np.ndarray]:
    values = np.asarray(values)
    if values.shape != (count, 3):
        raise ValueError(f"{', '.join(names)} have shape {values.shape}, expected {(count, 3)}")
    if dtype == "|u1" and values.dtype != np.uint8:
        raise ValueError(f"colours are {values.dtype}, expected uint8")
    return dict(zip(names, values.astype(dtype).T, strict=True))


def _int32(name: str, values: np.ndarray, count: int) -> np.ndarray:
    if values.shape != (count,) or values.dtype.kind not in "biu":
        raise ValueError(f"attribute '{name}' is {values.dtype} of shape {values.shape}, expected "
                         f"{(count,)} integers")
    if count and (values.max() > np.iinfo(np.int32).max or values.min() < np.iinfo(np.int32).min):
        raise ValueError(f"attribute '{name}' has numbers beyond 32 bits, which PLY cannot hold")
    return values.astype("<i4")
