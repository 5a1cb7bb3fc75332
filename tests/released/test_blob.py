import struct

import numpy as np
import pytest

from partwise.errors import InputError
from partwise.released.blob import pack_blob, unpack_blob
from tests.released.files import blob_bytes


def arrays(count: int) -> tuple[np.ndarray, ...]:
    random = np.random.default_rng(count)
    shapes = [(count, 3), (count, 3), (count,)]
    # any bits that are no NaN, denormal numbers and negative zeros too
    return tuple(random.integers(0, 0x7F800000, shape, np.uint32).view(np.float32) * random.choice([-1, 1], shape)
                 .astype(np.float32) for shape in shapes)


@pytest.mark.parametrize("count", [1, 2, 10_000])
def test_both_ways(count):
    wanted = arrays(count)
    blob = blob_bytes(*wanted)
    assert pack_blob(*wanted) == blob
    for found, array in zip(unpack_blob(blob), wanted, strict=True):
        assert found.shape == array.shape
        assert found.tobytes() == array.tobytes()


def test_the_header_of_ten_thousand_points():
    header = pack_blob(*arrays(10_000))[:88]
    assert header[:16] == b"_POINTS_1.0_\0\0\0\0"
    assert struct.unpack("<18i", header[16:]) == (10_000, 11, 3, 3, 0, 1, 0, 0, 0, 0,
                                                  88, 120_088, 240_088, 240_088, 280_088, 0, 0, 0)


@pytest.mark.parametrize(("place", "value", "message"), [
    (16, 3, "3 points .*offsets"), (16, 0, "0 points"), (16, -1, "-1 points"), (20, 15, r"\[15, 3, 3"),
    (24, 4, r"\[11, 4"), (32, 1, r"\[11, 3, 3, 1"), (56, 92, "92"), (84, 1, "expected at least 1 point"),
    (16, 2**31 - 1, "2147483647 points")])
def test_other_layouts(place, value, message):
    blob = bytearray(blob_bytes(*arrays(4)))
    struct.pack_into("<i", blob, place, value)
    with pytest.raises(InputError, match=message):
        unpack_blob(bytes(blob))


@pytest.mark.parametrize(("change", "message"), [
    (lambda blob: blob[:-4], "has 196 bytes, expected 200 for its 4 points"),
    (lambda blob: blob + b"\0", "has 201 bytes"),
    (lambda blob: blob[:80], "has 80 bytes, expected"), (lambda blob: b"", "has 0 bytes"),
    (lambda blob: b"_POINTS_2.0_" + blob[12:], "starts with b'_POINTS_2.0_'")])
def test_other_sizes_and_kinds(change, message):
    with pytest.raises(InputError, match=message):
        unpack_blob(change(blob_bytes(*arrays(4))))
