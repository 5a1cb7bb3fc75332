"""Files that are numbered, and names that lead nowhere else."""

import pytest

from partwise.files import is_plain_name, numbered_files


def test_numbered_files(tmp_path):
    for name in ("test-00.h5", "test-10.h5", "test-9.h5", "test-hard-00.h5", "test-.h5", "test-1.h5.bak", "atest-1.h5",
                 "te+t-1.h5", "val-00.h5", "test-00.json", "test-100.h5"):
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in numbered_files(tmp_path, "test")] == [
        "test-00.h5", "test-9.h5", "test-10.h5", "test-100.h5"]
    assert [path.name for path in numbered_files(tmp_path, "test-hard")] == ["test-hard-00.h5"]
    assert [path.name for path in numbered_files(tmp_path, "te+t")] == ["te+t-1.h5"]
    assert numbered_files(tmp_path, "*") == []


@pytest.mark.parametrize("name", ["test", "val 2", "été", "a.b", "..c"])
def test_plain_names(name):
    assert is_plain_name(name)


@pytest.mark.parametrize("name", ["", ".", "..", "../test", "a/b", "/test", "test/", "a\0b", "a\nb"])
def test_names_that_lead_elsewhere(name):
    assert not is_plain_name(name)
