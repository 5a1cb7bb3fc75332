import pytest

from partwise.errors import InputError
from partwise.released.table import read_table
from tests.released.files import table_bytes

ENTRIES = {f"seg/level_{k}/conv{i}/weights".encode(): bytes([k, i]) * (i + 1) for k in range(5) for i in range(9)}
ENTRIES[b""] = b"header"


@pytest.mark.parametrize("snappy", [False, True])
@pytest.mark.parametrize("in_block", [1, 7, 100])
def test_reading(in_block, snappy):
    assert read_table(table_bytes(ENTRIES, in_block, snappy)) == ENTRIES


def test_an_empty_table():
    assert read_table(table_bytes({})) == {}


def outcome(data: bytes) -> object:
    try:
        return read_table(data)
    except InputError as error:
        return str(error)


def test_every_wrong_bit_of_a_block_is_found():
    data = table_bytes({b"some": b"value", b"somewhere": b"else"})
    blocks = len(data) - 48
    found = [outcome(data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1:]) for place in range(blocks)]
    # the first of the two blocks at the end has no use and is not read: 8 bytes, and 5 behind them
    assert sum(one == read_table(data) for one in found) == 13
    assert sum("checksum" in one for one in found if isinstance(one, str)) == blocks - 13


@pytest.mark.parametrize("data", [b"", bytes(47), bytes(100), table_bytes(ENTRIES)[:-1], b"text" * 30])
def test_other_files(data):
    with pytest.raises(InputError, match="not the index of a TensorFlow checkpoint"):
        read_table(data)


def test_what_is_cut_out():
    data = table_bytes(ENTRIES)
    with pytest.raises(InputError, match="damaged"):
        read_table(data[200:])
    with pytest.raises(InputError, match="damaged"):
        read_table(data[-48:])
