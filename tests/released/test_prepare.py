"""Records to stores and back: every bit, and every complaint."""

import numpy as np
import pytest

from partwise.data.store import Store, StoreWriter
from partwise.errors import InputError
from partwise.released.export import export_records
from partwise.released.messages import Example, parse
from partwise.released.prepare import prepare_records
from partwise.released.tfrecord import read_records
from partwise.taxonomy import load_taxonomy
from tests.released.files import cloud, example_bytes, features, record_bytes

NAME = "Chair_level123_train_40.tfrecords"


def write_records(path, count=40, category="Chair", n_point=None, **changes):
    """Records made by hand, with numbers that are no places; returns their features."""
    taxonomy = load_taxonomy(category)
    made = [features(cloud(taxonomy, seed, n_point or 40), 1000 - 7 * seed, seed % 2) | changes
            for seed in range(count)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(record_bytes(example_bytes(one)) for one in made))
    return made


def values(path):
    """Every value of every record, by feature, read from a file."""
    return [{name: list(feature.bytes_list.value) + list(feature.int64_list.value)
             for name, feature in parse(Example, data).features.feature.items()} for data in read_records(path)]


def test_record_to_store_to_record(tmp_path):
    made = write_records(tmp_path / NAME)
    result, = prepare_records([tmp_path / NAME], tmp_path / "data", workers=1)
    assert (result.category, result.split, result.n_shape) == ("Chair", "train", 40)
    store = Store(tmp_path / "data/Chair/train.h5")
    assert store.anno_id[:2] == ["1000", "993"]
    assert store.record_numbers.tolist() == [[1000 - 7 * seed, seed % 2] for seed in range(40)]
    wanted = cloud(load_taxonomy("Chair"), 39)
    np.testing.assert_array_equal(store.shape(39).instance, wanted.instance)
    path, = export_records([tmp_path / "data"], tmp_path / "back", workers=1)
    assert path == tmp_path / "back" / NAME
    assert values(path) == values(tmp_path / NAME)
    assert values(path)[3]["label_2"] == made[3]["label_2"]
    assert values(path)[3]["points_bytes"] == [made[3]["points_bytes"]]


def test_store_to_record_to_store(chair_data, tmp_path):
    paths = export_records([chair_data], tmp_path / "records", workers=2)
    assert sorted(path.name for path in paths) == [f"Chair_level123_{split}.tfrecords" for split in
                                                   ("test_4", "train_12", "val_4")]
    prepare_records(paths, tmp_path / "data", workers=2)
    for split in ("train", "val", "test"):
        wanted, found = (Store(folder / f"Chair/{split}.h5") for folder in (chair_data, tmp_path / "data"))
        assert (found.category, found.split, found.n_point, len(found)) == (
            wanted.category, wanted.split, wanted.n_point, len(wanted))
        assert (found.model_id, found.anno_id) == (wanted.model_id, wanted.anno_id)
        assert found.record_numbers.tolist() == [[index, 1] for index in range(len(wanted))]
        for one, other in zip(found, wanted, strict=True):
            for name in ("points", "normals", "semantic", "instance"):
                assert getattr(one, name).tobytes() == getattr(other, name).tobytes()
    again = export_records([tmp_path / "data"], tmp_path / "again", workers=1)
    for path in again:
        assert path.read_bytes() == (tmp_path / "records" / path.name).read_bytes()


def test_a_finished_file_is_skipped(tmp_path):
    write_records(tmp_path / NAME)

    def unchanged(**options):
        return prepare_records([tmp_path / NAME], tmp_path / "data", workers=1, **options)[0].unchanged

    assert [unchanged(), unchanged(), unchanged(overwrite=True)] == [False, True, False]
    write_records(tmp_path / NAME, points_flag=[5])
    assert not unchanged()
    assert Store(tmp_path / "data/Chair/train.h5").record_numbers[0].tolist() == [1000, 5]


def test_options_instead_of_the_name(tmp_path):
    path = tmp_path / "my.records"
    write_records(path, 3, "Mug")
    with pytest.raises(InputError, match=r"my.records: its name does not tell .* give --category and --split"):
        prepare_records([path], tmp_path / "data", "Mug", workers=1)
    result, = prepare_records([path], tmp_path / "data", "Mug", "mine", workers=1)
    assert (result.path, result.n_shape) == (tmp_path / "data/Mug/mine.h5", 3)
    with pytest.raises(InputError, match="holds 3 records, expected 4"):
        prepare_records([path], tmp_path / "other", "Mug", "mine", 4, workers=1)
    assert not list((tmp_path / "other").rglob("*.h5"))


def test_a_file_with_fewer_records_than_its_name_says(tmp_path):
    write_records(tmp_path / NAME, 39)
    with pytest.raises(InputError, match=r"train_40.tfrecords: holds 39 records, expected 40; .*--count"):
        prepare_records([tmp_path / NAME], tmp_path / "data", workers=1)
    assert prepare_records([tmp_path / NAME], tmp_path / "data", count=39, workers=1)[0].n_shape == 39


def test_a_bad_file_does_not_keep_the_others_from_being_written(tmp_path):
    good, bad = tmp_path / "Chair_level123_test_3.tfrecords", tmp_path / "Chair_level123_val_3.tfrecords"
    write_records(good, 3)
    write_records(bad, 3)
    bad.write_bytes(bad.read_bytes()[:-30])
    with pytest.raises(InputError, match=r"val_3.tfrecords: record 2 \(counted from 0\).*everything else is written"):
        prepare_records([bad, good], tmp_path / "data", workers=1)
    assert [path.name for path in (tmp_path / "data/Chair").iterdir()] == ["test.h5"]


def test_complaints_name_file_and_record(tmp_path):
    path = tmp_path / "Mug_level123_val_3.tfrecords"
    write_records(path, 3, "Chair")
    with pytest.raises(InputError, match=r"val_3.tfrecords: record 0 .*Mug has classes 1 to 3.*another category"):
        prepare_records([path], tmp_path / "data", workers=1)
    first = record_bytes(example_bytes(features(cloud(load_taxonomy("Mug"), 0))))
    other = record_bytes(example_bytes(features(cloud(load_taxonomy("Mug"), 0, 30))))
    path.write_bytes(first + first + other)
    with pytest.raises(InputError, match=r"record 2 .* has 30 points, but the records before have 40"):
        prepare_records([path], tmp_path / "data", workers=1)


@pytest.mark.parametrize(("name", "message"), [
    ("Chair_level123_val_0.tfrecords", "holds no records"), ("Stuhl_level123_val_1.tfrecords", "'Stuhl' is not one"),
    ("chair.tfrecords", "its name does not tell")])
def test_files_that_cannot_be_used(tmp_path, name, message):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(InputError, match=message):
        prepare_records([tmp_path / name], tmp_path / "data", workers=1)


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        prepare_records([tmp_path / NAME], tmp_path / "data", workers=1)
    with pytest.raises(InputError, match="no TFRecord files given"):
        prepare_records([], tmp_path / "data", workers=1)


def test_two_files_of_one_split(tmp_path):
    for folder in ("a", "b"):
        write_records(tmp_path / folder / "Chair_level123_val_2.tfrecords", 2)
    with pytest.raises(InputError, match="are both val shapes of Chair"):
        prepare_records([tmp_path / folder / "Chair_level123_val_2.tfrecords" for folder in "ab"], tmp_path / "data")


def test_exporting_twice(chair_data, tmp_path):
    store = chair_data / "Chair/val.h5"
    export_records([store], tmp_path, workers=1)
    with pytest.raises(InputError, match=r"val_4.tfrecords: is already there"):
        export_records([store], tmp_path, workers=1)
    export_records([store], tmp_path, workers=1, overwrite=True)
    with pytest.raises(InputError, match="another store would be written"):
        export_records([store, store], tmp_path / "other", workers=1)
    with pytest.raises(InputError, match="no stores given"):
        export_records([], tmp_path, workers=1)


def test_an_empty_store_becomes_an_empty_file(tmp_path):
    with StoreWriter(tmp_path / "val.h5", load_taxonomy("Chair"), "val", 40):
        pass
    path, = export_records([tmp_path / "val.h5"], tmp_path, workers=1)
    assert (path.name, path.read_bytes()) == ("Chair_level123_val_0.tfrecords", b"")
