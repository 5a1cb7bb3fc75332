"""Shapes of many categories in one folder: PartNet's files, stores, or both."""

import pytest

from partwise.data.prepare import prepare_partnet
from partwise.data.store import Store
from partwise.errors import InputError
from partwise.suite.data import find_data
from tests.data.partnet_files import write_random_category

COUNTS = {"train": 3, "val": 1, "test": 2}


@pytest.fixture
def mixture(tmp_path):
    """Bag and Hat as PartNet's files, Bottle as stores, and a Door whose store is damaged."""
    for category in ("Bag", "Hat", "Bottle"):
        write_random_category(tmp_path / ("h5" if category == "Bottle" else "data"), category, COUNTS)
    prepare_partnet(tmp_path / "h5", tmp_path / "data", workers=1)
    (tmp_path / "data/Door").mkdir()
    (tmp_path / "data/Door/test.h5").write_text("no HDF5")
    (tmp_path / "data/notes").mkdir()
    return tmp_path / "data"


def test_each_category_has_its_form(mixture):
    found = find_data(mixture)
    assert {name: one.prepared for name, one in found.items()} == {
        "Bag": False, "Bottle": True, "Door": True, "Hat": False}
    assert found["Bag"].counts == found["Bottle"].counts == COUNTS
    assert found["Door"].counts == {"test": 0}


def test_stores_are_used_as_they_are_and_files_are_prepared(mixture, tmp_path):
    found = find_data(mixture)
    assert found["Bottle"].stores(tmp_path / "stores", None) == mixture
    assert not (tmp_path / "stores").exists()
    assert found["Bag"].stores(tmp_path / "stores", ("test",)) == tmp_path / "stores"
    assert [path.name for path in (tmp_path / "stores/Bag").iterdir()] == ["test.h5"]
    assert len(Store(tmp_path / "stores/Bag/test.h5")) == 2


def test_a_folder_with_both_forms_counts_as_partnets(mixture):
    prepare_partnet(mixture, mixture, ["Bag"], workers=1)
    assert not find_data(mixture)["Bag"].prepared


def test_a_folder_without_categories_is_an_error(mixture, tmp_path):
    with pytest.raises(InputError, match="no folder named after a PartNet category"):
        find_data(mixture / "notes")
    with pytest.raises(InputError, match="no such folder"):
        find_data(tmp_path / "nowhere")
    with pytest.raises(InputError, match="folder of one category"):
        find_data(mixture / "Bag")
