"""HDF5 files that are damaged or odd end in one sentence, whatever h5py makes of them."""

import h5py
import numpy as np
import pytest

from partwise.data.store import Store, StoreWriter
from partwise.errors import InputError
from partwise.export import PartnetWriter
from partwise.hdf5 import dataset, open_hdf5, read
from partwise.score import score
from partwise.taxonomy import load_taxonomy
from tests.test_export import random_shape
from tests.test_missing_levels import bottle


def spoilt(whole: bytes, random: np.random.Generator) -> bytes:
    """A few bytes of the file's structure, which lies at its start, are others.

    In a file with texts these are the names of its data sets: HDF5 reserves as many gigabytes as the wrong length of a
    text says.
    """
    data, texts = bytearray(whole), whole.find(b"GCOL")
    start, end = (0, 6000) if texts < 0 else (whole.index(b"TREE"), texts)
    for place in random.integers(start, end, random.integers(1, 6)):
        data[place] = random.integers(0, 256)
    return bytes(data)


def outcomes(path, use):
    """How often damaged copies of a file could be used, and how often not; any other exception is raised."""
    whole, found = path.read_bytes(), {"used": 0, "refused": 0}
    for seed in range(150):
        path.write_bytes(spoilt(whole, np.random.default_rng(seed)))
        try:
            use()
            found["used"] += 1
        except InputError:
            found["refused"] += 1
    return found


def test_damaged_stores(tmp_path):
    path = tmp_path / "test.h5"
    with StoreWriter(path, load_taxonomy("Bottle"), "test", 200) as writer:
        writer.append([bottle(seed) for seed in range(2)])

    def use():
        store = Store(path)
        try:
            list(store)
        finally:
            store.close()

    found = outcomes(path, use)
    assert min(found.values()) > 20


@pytest.mark.parametrize("side", ["gt", "pred"])
def test_damaged_files_of_partnet(tmp_path, side):
    rng = np.random.default_rng(0)
    with PartnetWriter(tmp_path, load_taxonomy("Chair"), 1) as writer:
        writer.add(*random_shape(rng))
    found = outcomes(tmp_path / side / "Chair-1/test-00.h5",
                     lambda: score(tmp_path / "gt", tmp_path / "pred", "Chair", 1))
    assert min(found.values()) > 20


def test_data_sets_without_a_shape_or_text(tmp_path):
    path = tmp_path / "odd.h5"
    with h5py.File(path, "w") as file:
        file["empty"] = h5py.Empty("f4")
        file["single"] = 5.0
        file["group/inside"] = 1
        file.create_dataset("references", (2,), h5py.ref_dtype)
        file["names"] = ["é", "b"]
    with open_hdf5(path) as file:
        for name, message in (("empty", "has shape None"), ("single", r"has shape \(\)"), ("group", "no data set"),
                              ("none", r"no data set 'none'; it has \['empty'")):
            with pytest.raises(InputError, match=message):
                dataset(file, name, (2,), "f")
        with pytest.raises(InputError, match="expected text"):
            dataset(file, "references", (2,), "O")
        assert [text.decode() for text in read(dataset(file, "names", (2,), "O"))] == ["é", "b"]
