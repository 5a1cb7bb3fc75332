import numpy as np
import pytest

from partwise.errors import InputError
from partwise.released.snappy import decompress, read_varint
from tests.released.files import snappy_bytes, varint


@pytest.mark.parametrize("number", [0, 1, 127, 128, 300, 2**32, 2**63])
def test_varint(number):
    assert read_varint(b"x" + varint(number) + b"x", 1) == (number, 1 + len(varint(number)))


@pytest.mark.parametrize("size", [0, 1, 60, 61, 1000])
def test_literals(size):
    data = np.random.default_rng(size).bytes(size)
    assert decompress(snappy_bytes(data)) == data


@pytest.mark.parametrize(("elements", "contents"), [
    # by the format's description: literal of 4, then copies with offsets of 11, 16 and 32 bits
    ([b"\x0cabcd", b"\x01\x04"], b"abcdabcd"),  # copy 4 from 4 back
    ([b"\x0cabcd", b"\x1d\x01"], b"abcd" + b"d" * 11),  # copy 11 from 1 back: runs into what it writes
    ([b"\x0cabcd", b"\x16\x03\x00"], b"abcdbcdbcd"),  # copy 6 from 3 back, 16 bits
    ([b"\x0cabcd", b"\xfe\x02\x00"], b"abcd" + b"cd" * 32),  # copy 64 from 2 back
    ([b"\x0cabcd", b"\x07\x02\x00\x00\x00"], b"abcdcd"),  # copy 2 from 2 back, 32 bits
    ([b"\xf0\x3c" + bytes(61)], bytes(61)), ([b"\xf4\x2c\x01" + bytes(301)], bytes(301)),  # longer literals
    ([b"\xf0\xff" + bytes(256), b"\x00a", b"\x21\x01"], bytes(256) + b"a" + bytes(4))])  # copy 4 from 257 back
def test_elements(elements, contents):
    assert decompress(varint(len(contents)) + b"".join(elements)) == contents


@pytest.mark.parametrize("data", [
    b"", b"\x05\x0cabcd", b"\x03\x0cabcd", b"\x08\x0cabcd\x01", b"\x08\x0cabcd\x01\x05", b"\x08\x0cabcd\x01\x00",
    b"\x04\x0cabc", b"\x80", b"\x80" * 1_000_000])
def test_damaged_blocks(data):
    with pytest.raises(InputError, match="Snappy block"):
        decompress(data)
