"""Reading text: OBJ, OFF and tables of points.

Our own readers for OBJ and OFF keep vertices and faces in the order of the file, whatever groups, materials
and texture coordinates it has, and notice truncated files.
"""

import itertools
import re
import warnings

import numpy as np

from partwise.errors import InputError
from partwise.mesh.geometry import Mesh, PointCloud
from partwise.mesh.polygons import fan

_UNIT = 1e-2
"""How far from 1 the length of columns 4 to 6 may be for them to be normals."""


def read_obj(data: bytes) -> Mesh | PointCloud:
    """An OBJ file's mesh, groups and materials joined; without faces its points, with normals if as many."""
    lines = _decode(data).replace("\\\r\n", " ").replace("\\\n", " ").splitlines()
    rows: dict[str, list[str]] = {"v": [], "vn": [], "f": []}
    defined = []  # vertices above each face: negative indices count back from there
    for line in lines:
        kind, _, rest = line.strip().replace("\t", " ").partition(" ")
        if kind in rows:
            rows[kind].append(rest)
            if kind == "f":
                defined.append(len(rows["v"]))
    if not rows["v"]:
        raise InputError("the OBJ file has no vertices ('v x y z' lines)")
    vertices = _table(rows["v"], 3)
    if not rows["f"]:
        normals = _table(rows["vn"], 3) if len(rows["vn"]) == len(vertices) else None
        return PointCloud(vertices, normals)
    polygons = [[int(corner.partition("/")[0]) for corner in row.partition("#")[0].split()]
                for row in rows["f"]]
    sizes = np.array([len(polygon) for polygon in polygons])
    corners = np.fromiter(itertools.chain.from_iterable(polygons), np.int64)
    corners = np.where(corners < 0, corners + np.repeat(defined, sizes), corners - 1)
    return Mesh(vertices, fan(corners, sizes))


def read_off(data: bytes) -> Mesh | PointCloud:
    """An OFF file's mesh, or its points where it has no faces; colours and normals are left."""
    text = re.sub(r"#[^\n]*", "", _decode(data))
    head = re.match(r"\s*(?:ST)?C?N?OFF\s*(\d+)\s+(\d+)[^\n]*", text)  # "OFF490 518 0" is found in ModelNet
    if head is None:
        raise InputError("this is not a text OFF file: expected 'OFF' and the numbers of vertices and faces")
    n_vertex, n_face = int(head[1]), int(head[2])
    lines = [line for line in text[head.end():].splitlines() if line.strip()]
    if len(lines) < n_vertex + n_face:
        raise InputError(f"the OFF file is truncated: {n_vertex} vertices and {n_face} faces are promised, "
                         f"there are {len(lines)} lines")
    vertices = _table(lines[:n_vertex], 3)
    if not n_face:
        return PointCloud(vertices)
    rows = [[int(number) for number in line.split()[:1 + int(line.split(None, 1)[0])]]
            for line in lines[n_vertex:n_vertex + n_face]]
    if any(len(row) != row[0] + 1 for row in rows):
        raise InputError("the OFF file has a face with fewer corners than it promises; it may be truncated")
    corners = np.fromiter(itertools.chain.from_iterable(row[1:] for row in rows), np.int64)
    return Mesh(vertices, fan(corners, np.array([row[0] for row in rows])))


def read_xyz(data: bytes) -> PointCloud:
    """A table of points, numbers separated by spaces or commas, '#' before comments; see ``from_table``."""
    lines = [line for line in _decode(data).replace(",", " ").splitlines() if line.partition("#")[0].strip()]
    return from_table(_table(lines, None))


def from_table(table: np.ndarray) -> PointCloud:
    """A cloud of a table (N, 3 or more): columns 1 to 3 are points.

    Columns 4 to 6 are normals where each row's length is 1 within 1e-2; otherwise (colours, intensities) they
    are left, as are all further columns.
    """
    if table.ndim != 2 or table.shape[1] < 3:
        raise InputError(f"expected a table with 3 or more columns (x y z ...), found shape {table.shape}")
    normals = None
    if table.shape[1] >= 6:
        columns = table[:, 3:6].astype(np.float64)
        if (np.abs(np.hypot(np.hypot(columns[:, 0], columns[:, 1]), columns[:, 2]) - 1) <= _UNIT).all():
            normals = table[:, 3:6]
    return PointCloud(table[:, :3], normals)


def _decode(data: bytes) -> str:
    """Text in UTF-8, odd characters in names and comments replaced."""
    if b"\0" in data:
        raise InputError("this is a binary file, expected text; its suffix may be wrong")
    return data.decode("utf-8-sig", errors="replace")


def _table(lines: list[str], columns: int | None) -> np.ndarray:
    """Parse lines of numbers to (N, C) float64, the first ``columns`` of each line or all."""
    if not lines:
        raise InputError("the file holds no numbers")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # only comments: an empty table, complained of later
        try:
            return np.loadtxt(lines, ndmin=2, usecols=None if columns is None else range(columns))
        except ValueError as error:
            raise InputError(f"a line is not the expected row of numbers ({error}); the file may be "
                             "truncated or of another format") from error
