"""Reading text: OFF, whose truncated files are noticed, and tables of points."""

import itertools
import re
import warnings

import numpy as np

from partwise.errors import InputError
from partwise.mesh.geometry import Mesh, PointCloud
from partwise.mesh.polygons import fan

_UNIT = 1e-2
"""How far from 1 the length of columns 4 to 6 may be for them to be normals."""


def read_off(data: bytes) -> Mesh | PointCloud:
    """An OFF file's mesh, or its points where it has no faces; colours and normals are left."""
    text = re.sub(r"#[^\n]*", "", decoded(data))
    head = re.match(r"\s*(?:ST)?C?N?OFF\s*(\d+)\s+(\d+)[^\n]*", text)  # "OFF490 518 0" is found in ModelNet
    if head is None:
        raise InputError("this is not a text OFF file: expected 'OFF' and the numbers of vertices and faces")
    n_vertex, n_face = int(head[1]), int(head[2])
    lines = [line for line in text[head.end():].splitlines() if line.strip()]
    if len(lines) < n_vertex + n_face:
        raise InputError(f"the OFF file is truncated: {n_vertex} vertices and {n_face} faces are promised, "
                         f"there are {len(lines)} lines")
    vertices = table_of(lines[:n_vertex], range(3))
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
    lines = [line for line in decoded(data).replace(",", " ").splitlines() if line.partition("#")[0].strip()]
    return from_table(table_of(lines))


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


def decoded(data: bytes) -> str:
    """Text in UTF-8, odd characters in names and comments replaced."""
    if b"\0" in data:
        raise InputError("this is a binary file, expected text; its suffix may be wrong")
    return data.decode("utf-8-sig", errors="replace")


def table_of(lines: list[str], columns: range | None = None) -> np.ndarray:
    """Parse lines of numbers to (N, C) float64, some columns of each line or all."""
    if not lines:
        raise InputError("the file holds no numbers")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # only comments: an empty table, complained of later
        try:
            return np.loadtxt(lines, ndmin=2, usecols=columns)
        except ValueError as error:
            raise InputError(f"a line is not the expected row of numbers ({error}); the file may be "
                             "truncated or of another format") from error
