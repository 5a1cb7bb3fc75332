import pytest

from partwise.errors import InputError
from partwise.released.tfrecord import create_records, read_records
from tests.released.files import record_bytes

RECORDS = [b"first", b"", bytes(range(256)) * 3]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "some.tfrecords"
    path.write_bytes(b"".join(map(record_bytes, RECORDS)))
    return path


def test_reading(path):
    assert list(read_records(path)) == RECORDS


def test_writing(path, tmp_path):
    with create_records(tmp_path / "made.tfrecords") as writer:
        for record in RECORDS:
            writer.write(record)
    assert (tmp_path / "made.tfrecords").read_bytes() == path.read_bytes()


def test_nothing_is_left_of_a_file_that_was_not_finished(tmp_path):
    def write():
        with create_records(tmp_path / "made.tfrecords") as writer:
            writer.write(b"one")
            raise KeyError

    with pytest.raises(KeyError):
        write()
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_has_no_records(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    assert list(read_records(tmp_path / "a")) == []


def test_every_place_where_a_file_can_end(path, tmp_path):
    whole = path.read_bytes()
    ends = [0]
    for record in RECORDS:
        ends.append(ends[-1] + 16 + len(record))
    cut = tmp_path / "cut"
    for size in range(len(whole)):
        cut.write_bytes(whole[:size])
        if size in ends:
            assert list(read_records(cut)) == RECORDS[:ends.index(size)]
        else:
            index = sum(end <= size for end in ends[1:])
            with pytest.raises(InputError, match=rf"cut: record {index} \(counted from 0\).*truncated"):
                list(read_records(cut))


def test_every_wrong_bit_is_found(path, tmp_path):
    whole = path.read_bytes()
    damaged = tmp_path / "damaged"
    for place in range(len(whole)):
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1:])
        with pytest.raises(InputError, match=r"record \d .*checksum of its (data|length)"):
            list(read_records(damaged))


def test_records_before_a_damaged_one_are_read(path):
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    records = read_records(path)
    assert [next(records), next(records)] == RECORDS[:2]
    with pytest.raises(InputError, match=r"record 2 .*checksum of its data is .* expected"):
        next(records)


@pytest.mark.parametrize("contents", [b"\x1f\x8b\x08" + bytes(50), b"\x89HDF\r\n\x1a\n" + bytes(50), b"text " * 10])
def test_other_kinds_of_files(tmp_path, contents):
    (tmp_path / "a").write_bytes(contents)
    with pytest.raises(InputError, match=r"record 0 .*another kind of file"):
        list(read_records(tmp_path / "a"))


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match="a: cannot be read"):
        list(read_records(tmp_path / "a"))
