import numpy as np
import pytest

from partwise.errors import InputError
from partwise.mesh import read_geometry
from partwise.mesh.pcd import unpack_lzf

LAYOUTS = {
    "plain": [("x", "<f4"), ("y", "<f4"), ("z", "<f4")],
    "double": [("x", "<f8"), ("y", "<f8"), ("z", "<f8")],
    "mixed": [("label", "<u4"), ("normal_z", "<f4"), ("z", "<f4"), ("flag", "|u1"), ("_", "<f4", (3,)),
              ("x", "<f4"), ("normal_x", "<f4"), ("_", "|i1", (2,)), ("y", "<f4"),
              ("normal_y", "<f4"), ("time", "<f8")],
}
POINTS = np.round(np.random.default_rng(0).normal(size=(30, 3)), 3)
UNIT = POINTS / np.linalg.norm(POINTS, axis=1, keepdims=True)


def columns(layout, points):
    """Values of each field, (30,) or (30, count)."""
    known = dict(zip(("x", "y", "z"), points.T, strict=True))
    known |= dict(zip(("normal_x", "normal_y", "normal_z"), UNIT.T, strict=True))
    for name, dtype, *shape in layout:
        yield known.get(name, np.ones((30, *(shape[0] if shape else ())))).astype(dtype)


def literals(data: bytes) -> bytes:
    """LZF without any copy."""
    pieces = [data[start:start + 32] for start in range(0, len(data), 32)]
    return b"".join(bytes([len(piece) - 1]) + piece for piece in pieces)


def pcd(layout, encoding, points=POINTS) -> bytes:
    kinds = {"f": "F", "i": "I", "u": "U"}
    values = list(columns(layout, points))
    rows = [np.concatenate([column[i].ravel().astype(float) for column in values]) for i in range(30)]
    fields = {"FIELDS": [name for name, *_ in layout], "SIZE": [column.dtype.itemsize for column in values],
              "TYPE": [kinds[column.dtype.kind] for column in values],
              "COUNT": [column[0].size for column in values], "WIDTH": [30], "HEIGHT": [1],
              "VIEWPOINT": [0, 0, 0, 1, 0, 0, 0], "POINTS": [30], "DATA": [encoding]}
    lines = ["# .PCD v.7", "VERSION .7",
             *(f"{key} {' '.join(map(str, row))}" for key, row in fields.items()), ""]
    if encoding == "ascii":
        body = "\n".join(" ".join(f"{number:.9g}" for number in row) for row in rows).encode() + b"\n"
    elif encoding == "binary":
        body = b"".join(column[i].tobytes() for i in range(30) for column in values)
    else:
        plain = b"".join(column.tobytes() for column in values)
        packed = literals(plain)
        body = np.array([len(packed), len(plain)], "<u4").tobytes() + packed
    return "\n".join(lines).encode() + body


@pytest.fixture
def read(tmp_path):
    def from_bytes(data):
        (tmp_path / "a.pcd").write_bytes(data)
        return read_geometry(tmp_path / "a.pcd")
    return from_bytes


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("encoding", ["ascii", "binary", "binary_compressed"])
def test_round_trip(read, layout, encoding):
    cloud = read(pcd(LAYOUTS[layout], encoding))
    assert cloud.points.dtype == (np.float64 if layout == "double" else np.float32)
    np.testing.assert_allclose(cloud.points, POINTS, atol=1e-6)
    if layout == "mixed":
        np.testing.assert_allclose(cloud.normals, UNIT, atol=1e-6)
    else:
        assert cloud.normals is None


@pytest.mark.parametrize("encoding", ["ascii", "binary", "binary_compressed"])
def test_nan_points_are_holes(read, encoding):
    holed = POINTS.copy()
    holed[[3, 7], 1] = np.nan
    holed[9] = np.inf
    cloud = read(pcd(LAYOUTS["plain"], encoding, holed))
    np.testing.assert_allclose(cloud.points, holed[np.isfinite(holed).all(1)], atol=1e-6)
    assert len(cloud.points) == 27
    with pytest.raises(InputError, match="all 30 points are NaN"):
        read(pcd(LAYOUTS["plain"], encoding, np.full((30, 3), np.nan)))


def test_integer_points_and_header_without_count(read):
    head = "FIELDS x y z\nSIZE 2 1 4\nTYPE I U I\nWIDTH 2\nHEIGHT 1\nDATA ascii\n"
    cloud = read((head + "-5 200 7\n1 2 3\n").encode())
    np.testing.assert_array_equal(cloud.points, [[-5, 200, 7], [1, 2, 3]])


@pytest.mark.parametrize("encoding", ["ascii", "binary", "binary_compressed"])
def test_truncated(read, encoding):
    data = pcd(LAYOUTS["mixed"], encoding)
    for cut in (90, 400, len(data) - data.index(b"DATA") - 20):
        with pytest.raises(InputError, match="PCD file"):
            read(data[:-cut])


@pytest.mark.parametrize("encoding", ["ascii", "binary", "binary_compressed"])
def test_a_header_that_promises_too_much(read, encoding):
    data = pcd(LAYOUTS["plain"], encoding)
    with pytest.raises(InputError, match="truncated"):
        read(data.replace(b"WIDTH 30", b"WIDTH 9000000000000").replace(b"POINTS 30", b"POINTS 9000000000000"))
    with pytest.raises(InputError, match="truncated"):
        read(data.replace(b"COUNT 1 1 1", b"COUNT 1 1 9999999999") if encoding != "ascii" else data[:-200])


@pytest.mark.parametrize(("old", "new", "message"), [
    (b"FIELDS x y z", b"FIELDS x y w", "x, y and z are needed"),
    (b"SIZE 4 4 4", b"SIZE 4 4 3", "lacks a line or holds a wrong value"),
    (b"SIZE 4 4 4", b"SIZE 4 4", "lacks a line or holds a wrong value"),
    (b"COUNT 1 1 1", b"COUNT 1 1 0", "do not fit one another"),
    (b"COUNT 1 1 1", b"COUNT 1 1", "do not fit one another"),
    (b"WIDTH 30", b"WIDTH 15", "width x height is 15"),
    (b"WIDTH 30", b"WIDTH many", "wrong value"),
    (b"DATA binary", b"DATA zip", "'zip'; expected ascii, binary"),
    (b"DATA binary", b"DATA", "wrong value"),
    (b"DATA binary", b"", "no 'DATA' line"),
])
def test_ugly_headers(read, old, new, message):
    data = pcd(LAYOUTS["plain"], "binary")
    assert old in data
    with pytest.raises(InputError, match=message):
        read(data.replace(old, new))


def test_lzf_of_the_reference_library(golden):
    with np.load(golden / "lzf.npz") as arrays:  # packed by LibLZF: literals and copies of all kinds
        packed, plain = arrays["packed"].tobytes(), arrays["plain"].tobytes()
    assert len(packed) < len(plain)
    assert unpack_lzf(packed, len(plain)) == plain
    for size in (0, len(plain) - 1, len(plain) + 1):
        with pytest.raises(InputError, match=f"expected {size}"):
            unpack_lzf(packed, size)


@pytest.mark.parametrize("packed", [b"\xff", b"\xff\xff\xff", b"\x20\x05", b"\x00a\x20", b"\x1fabc"])
def test_damaged_lzf(packed):
    with pytest.raises(InputError, match="compressed data"):
        unpack_lzf(packed, 100)
