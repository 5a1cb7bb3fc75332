import json
import os
import time

import numpy as np
import pytest

from partwise.data import prepare
from partwise.data.prepare import prepare_annotations, prepare_partnet
from partwise.data.store import Store
from partwise.errors import InputError
from tests.data.partnet_files import expected_labels, write_annotation, write_pair


@pytest.fixture
def source(tmp_path):
    """Two categories; Chair/train has three files whose numbers sort differently as text."""
    folder = tmp_path / "ins_seg_h5"
    for number, first in ((10, 30), (9, 20), (2, 10)):
        write_pair(folder / "Chair" / f"train-{number}.h5", count=3, seed=number, first_id=first)
    write_pair(folder / "Chair" / "val-00.h5", count=2, seed=1)
    write_pair(folder / "Bowl" / "test-00.h5", count=2, seed=2,
               records=[{"anno_id": "1", "ins_seg": []}, {"anno_id": "2", "ins_seg": []}])
    return folder


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("workers", [1, 2])
def test_partnet(source, tmp_path, workers):
    results = prepare_partnet(source, tmp_path / "out", workers=workers)
    assert [(result.category, result.split, result.n_shape, result.unchanged) for result in results] == [
        ("Bowl", "test", 2, False), ("Chair", "train", 9, False), ("Chair", "val", 2, False)]
    assert files_in(tmp_path / "out") == ["Bowl/test.h5", "Chair/train.h5", "Chair/val.h5"]
    store = Store(tmp_path / "out" / "Chair" / "train.h5")
    assert store.anno_id == [str(first + row) for first in (10, 20, 30) for row in range(3)]
    arrays = write_pair(tmp_path / "again" / "train-9.h5", count=3, seed=9, first_id=20)
    shape = store.shape(4)
    np.testing.assert_array_equal(shape.points, arrays["pts"][1])
    semantic, instance = expected_labels(arrays["label"][1])
    np.testing.assert_array_equal(shape.semantic, semantic)
    np.testing.assert_array_equal(shape.instance, instance)
    assert not Store(tmp_path / "out" / "Bowl" / "test.h5").shape(0).semantic.any()


def test_chosen_categories_and_splits(source, tmp_path):
    prepare_partnet(source, tmp_path / "out", ["Chair", "Chair"], ["val"], workers=1)
    assert files_in(tmp_path / "out") == ["Chair/val.h5"]


def test_absent_splits(source, tmp_path, capsys):
    prepare_partnet(source, tmp_path / "out", ["Chair"], workers=1)
    assert "Chair: has no test-NN.h5 files" in capsys.readouterr().err
    with pytest.raises(InputError, match=r"Chair: has no files like test-00.h5"):
        prepare_partnet(source, tmp_path / "out", ["Chair"], ["test"], workers=1)


def test_folders_that_are_no_category(source, tmp_path, capsys):
    (source / "Spaceship").mkdir()
    prepare_partnet(source, tmp_path / "out", workers=1)
    assert "Spaceship: skipped" in capsys.readouterr().err
    (source / "Mug").mkdir()
    with pytest.raises(InputError, match=r"Mug: has no files like train-00.h5 with train-00.json"):
        prepare_partnet(source, tmp_path / "out", workers=1)
    with pytest.raises(InputError, match="no folder Table, only Bowl, Chair"):
        prepare_partnet(source, tmp_path / "out", ["Table"], workers=1)
    with pytest.raises(InputError, match=r"'Chairs' is not .*nearest: Chair"):
        prepare_partnet(source, tmp_path / "out", ["Chairs"], workers=1)


def test_fewer_shapes_than_in_partnet_are_told(source, tmp_path, capsys):
    prepare_partnet(source, tmp_path / "out", ["Chair"], ["train"], workers=1)
    assert "the train files hold 9 shapes, PartNet's list has 4489" in capsys.readouterr().err


def test_finished_splits_are_skipped_until_their_files_change(source, tmp_path):
    def unchanged(**options):
        return {f"{result.category}/{result.split}": result.unchanged
                for result in prepare_partnet(source, tmp_path / "out", workers=1, **options)}

    every = {"Bowl/test": False, "Chair/train": False, "Chair/val": False}
    assert unchanged() == every
    assert unchanged() == dict.fromkeys(every, True)
    assert unchanged(overwrite=True) == every
    records = source / "Chair" / "val-00.json"
    os.utime(records, ns=(0, 0))
    assert unchanged() == {"Bowl/test": True, "Chair/train": True, "Chair/val": False}
    write_pair(source / "Chair" / "train-11.h5", count=1)
    assert unchanged() == {"Bowl/test": True, "Chair/train": False, "Chair/val": True}
    assert len(Store(tmp_path / "out" / "Chair" / "train.h5")) == 10
    (tmp_path / "out" / "Bowl" / "test.h5").write_bytes(b"damaged")
    assert unchanged() == {"Bowl/test": False, "Chair/train": True, "Chair/val": True}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_bad_file_does_not_stop_the_others(source, tmp_path, workers, capsys):
    write_pair(source / "Chair" / "train-9.h5", label=None)
    with pytest.raises(InputError, match=r"train-9.h5: has no data set 'label'.*everything else is written"):
        prepare_partnet(source, tmp_path / "out", workers=workers)
    assert files_in(tmp_path / "out") == ["Bowl/test.h5", "Chair/val.h5"]
    (source / "Chair" / "val-00.h5").write_bytes(b"no HDF5")
    with pytest.raises(InputError, match="2 inputs could not be used"):
        prepare_partnet(source, tmp_path / "out", workers=workers)
    told = capsys.readouterr().err
    assert "failed: " in told
    assert "train-9.h5: has no data set" in told
    assert "val-00.h5: is not a readable HDF5" in told


def test_shapes_of_different_size(source, tmp_path):
    write_pair(source / "Chair" / "train-10.h5", count=1, n_point=41)
    with pytest.raises(InputError, match=r"train-10.h5: has 41 points a shape, but train-2.h5 .* has 40"):
        prepare_partnet(source, tmp_path / "out", ["Chair"], workers=1)


def test_a_split_without_shapes(source, tmp_path):
    write_pair(source / "Chair" / "test-00.h5", count=0)
    results = prepare_partnet(source, tmp_path / "out", ["Chair"], ["test"], workers=1)
    assert [result.n_shape for result in results] == [0]
    assert len(Store(results[0].path)) == 0


@pytest.mark.parametrize("exception", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_run_leaves_nothing_half_done_and_goes_on(source, tmp_path, monkeypatch, exception):
    original = prepare.read_partnet

    def interrupted(path, taxonomy):
        yield from original(path, taxonomy)
        if path.name == "val-00.h5":
            raise exception

    with monkeypatch.context() as patch:
        patch.setattr(prepare, "read_partnet", interrupted)
        with pytest.raises(exception):
            prepare_partnet(source, tmp_path / "out", ["Chair"], workers=1)
    assert files_in(tmp_path / "out") == ["Chair/train.h5"]
    results = prepare_partnet(source, tmp_path / "out", ["Chair"], workers=1)
    assert {result.split: result.unchanged for result in results} == {"train": True, "val": False}


def test_what_killed_runs_left_is_removed_when_old(source, tmp_path):
    folder = tmp_path / "out" / "Chair"
    folder.mkdir(parents=True)
    old, new = folder / ".val.123.partial.h5", folder / ".val.124.partial.h5"
    for path in (old, new):
        path.touch()
    os.utime(old, (time.time() - 3600,) * 2)
    prepare_partnet(source, tmp_path / "out", ["Chair"], ["val"], workers=1)
    assert (old.exists(), new.exists()) == (False, True)


def test_output_must_be_a_folder(source, tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(InputError, match="out: cannot be created"):
        prepare_partnet(source, tmp_path / "out", ["Chair"], workers=1)


@pytest.fixture
def annotations(tmp_path):
    folder = tmp_path / "data_v0"
    for number in (1000, 9, 20, 30):
        write_annotation(folder / str(number), seed=number)
    return folder


@pytest.fixture
def splits(tmp_path):
    folder = tmp_path / "splits"
    folder.mkdir()
    (folder / "Chair.train.json").write_text(json.dumps([{"anno_id": "1000"}, {"anno_id": "20"}]))
    (folder / "Chair.test.json").write_text(json.dumps([{"anno_id": "9"}]))
    return folder


@pytest.mark.parametrize("workers", [1, 2])
def test_annotations(annotations, splits, tmp_path, workers):
    results = prepare_annotations(annotations, tmp_path / "out", splits_folder=splits, workers=workers)
    ids = {result.split: Store(result.path).anno_id for result in results}
    assert ids == {"train": ["20", "1000"], "test": ["9"], "unlisted": ["30"]}
    again = prepare_annotations(annotations, tmp_path / "out", splits_folder=splits, workers=workers)
    assert all(result.unchanged for result in again)


def test_changed_lists_and_folders_are_noticed(annotations, splits, tmp_path):
    prepare_annotations(annotations, tmp_path / "out", splits_folder=splits, workers=1)
    (splits / "Chair.test.json").write_text(json.dumps([{"anno_id": "9"}, {"anno_id": "30"}]))
    os.utime(annotations / "20" / "result.json", ns=(0, 0))
    results = prepare_annotations(annotations, tmp_path / "out", splits_folder=splits, workers=1)
    assert {result.split: (result.n_shape, result.unchanged) for result in results} == {
        "train": (2, False), "test": (2, False)}


def test_partnets_own_splits(annotations, tmp_path):
    write_annotation(annotations / "37602")  # in PartNet's list of validation chairs
    results = prepare_annotations(annotations, tmp_path / "out", workers=1)
    assert {result.split: Store(result.path).anno_id for result in results}["val"] == ["37602"]


def test_one_bad_folder_does_not_stop_the_others(annotations, splits, tmp_path, capsys):
    (annotations / "20" / "result.json").write_text("[")
    (annotations / "30" / "meta.json").unlink()
    with pytest.raises(InputError, match="2 inputs could not be used"):
        prepare_annotations(annotations, tmp_path / "out", splits_folder=splits, workers=1)
    told = capsys.readouterr().err
    assert "20/result.json: is not valid JSON" in told
    assert "30/meta.json: no such file" in told
    assert Store(tmp_path / "out" / "Chair" / "train.h5").anno_id == ["1000"]
    with pytest.raises(InputError, match="2 inputs could not be used"):  # not taken for finished
        prepare_annotations(annotations, tmp_path / "out", splits_folder=splits, workers=1)
    (annotations / "20" / "result.json").write_text((annotations / "9" / "result.json").read_text())
    with pytest.raises(InputError, match=r"30/meta.json.*everything else is written"):
        prepare_annotations(annotations, tmp_path / "out", splits_folder=splits, workers=1)
    assert Store(tmp_path / "out" / "Chair" / "train.h5").anno_id == ["20", "1000"]


def test_all_folders_of_a_split_bad(annotations, splits, tmp_path):
    (annotations / "9" / "result.json").write_text("[")
    with pytest.raises(InputError, match=r"9/result.json"):
        prepare_annotations(annotations, tmp_path / "out", splits_folder=splits, workers=1)
    assert files_in(tmp_path / "out") == ["Chair/train.h5", "Chair/unlisted.h5"]


def test_annotations_of_different_size(annotations, splits, tmp_path):
    write_annotation(annotations / "31", n_point=41)
    with pytest.raises(InputError, match=r"/31: has 41 points, but .*/30 .* has 40"):
        prepare_annotations(annotations, tmp_path / "out", splits_folder=splits, workers=1)
    assert Store(tmp_path / "out" / "Chair" / "unlisted.h5").anno_id == ["30"]


def test_other_categories_are_skipped_unless_asked_for(annotations, tmp_path, capsys):
    write_annotation(annotations / "47645", category="Box")
    write_annotation(annotations / "50", category="Bowl", tree=[{"name": "bowl", "id": 1, "children": [
        {"name": "x", "id": number} for number in (3, 5, 7, 8, 11)]}])
    results = prepare_annotations(annotations, tmp_path / "out", workers=1)
    assert [(result.category, result.n_shape) for result in results] == [("Bowl", 1), ("Chair", 4)]
    told = capsys.readouterr().err
    assert "skipped 1 of category 'Box', which is not in PartNet's benchmark: 47645" in told
    with pytest.raises(InputError, match="category 'Box' is not"):
        prepare_annotations(annotations, tmp_path / "out", ["Box"], workers=1)
    with pytest.raises(InputError, match="none of its 6 annotations is of category Mug"):
        prepare_annotations(annotations, tmp_path / "out", ["Mug"], workers=1)
    prepare_annotations(annotations, tmp_path / "only", ["Bowl"], workers=1)
    assert files_in(tmp_path / "only") == ["Bowl/unlisted.h5"]
    assert "Box" not in capsys.readouterr().err


def test_the_splits_folder_must_exist(annotations, tmp_path):
    with pytest.raises(InputError, match="absent: no such folder"):
        prepare_annotations(annotations, tmp_path / "out", splits_folder=tmp_path / "absent", workers=1)
