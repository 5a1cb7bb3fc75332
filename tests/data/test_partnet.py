import json

import h5py
import numpy as np
import pytest

from partwise.data.partnet import find_categories, n_point_of, n_shape_of, read_partnet
from partwise.errors import InputError
from partwise.taxonomy import load_taxonomy
from tests.data.partnet_files import chair_entries, expected_labels, write_pair

CHAIR = load_taxonomy("Chair")


def read(path):
    return list(read_partnet(path, CHAIR))


def record(**changes):
    return {"model_id": "m", "anno_id": "1", "ins_seg": chair_entries(), **changes}


def test_reads_points_labels_and_names(tmp_path):
    arrays = write_pair(tmp_path / "train-00.h5", count=3, n_point=40)
    [block] = read(tmp_path / "train-00.h5")
    np.testing.assert_array_equal(block.points, arrays["pts"])
    np.testing.assert_allclose(block.normals, arrays["nor"], atol=1e-6)
    assert [array.dtype for array in (block.points, block.normals, block.semantic, block.instance)] == [
        np.float32, np.float32, np.uint8, np.int16]
    for row in range(3):
        semantic, instance = expected_labels(arrays["label"][row])
        np.testing.assert_array_equal(block.semantic[row], semantic)
        np.testing.assert_array_equal(block.instance[row], instance)
    assert (list(block.model_id), list(block.anno_id)) == (
        ["model100", "model101", "model102"], ["100", "101", "102"])


def test_blocks_join_to_the_whole_whatever_the_chunks(tmp_path):
    arrays = write_pair(tmp_path / "train-00.h5", count=150, n_point=7)
    for chunk in (None, 1, 10, 150):
        with h5py.File(tmp_path / "train-00.h5", "w") as file:
            for name, array in arrays.items():
                file.create_dataset(name, data=array, chunks=chunk and (chunk, *array.shape[1:]))
        blocks = read(tmp_path / "train-00.h5")
        np.testing.assert_array_equal(np.concatenate([block.points for block in blocks]), arrays["pts"])
        assert [name for block in blocks for name in block.anno_id] == [str(100 + row) for row in range(150)]
        assert max(map(len, blocks)) <= max(64, chunk or 0)


def test_no_shapes(tmp_path):
    write_pair(tmp_path / "train-00.h5", count=0)
    assert read(tmp_path / "train-00.h5") == []
    assert (n_point_of(tmp_path / "train-00.h5"), n_shape_of(tmp_path / "train-00.h5")) == (40, 0)


def test_normals_get_unit_length(tmp_path):
    normals = np.full((1, 2, 3), 2.0, np.float64)
    write_pair(tmp_path / "train-00.h5", count=1, n_point=2, nor=normals)
    np.testing.assert_allclose(read(tmp_path / "train-00.h5")[0].normals, 3**-0.5, rtol=1e-6)


@pytest.mark.parametrize(("changes", "named"), [
    ({"pts": None}, "no data set 'pts'"),
    ({"nor": None}, "no data set 'nor'"),
    ({"label": None}, "no data set 'label'"),
    ({"pts": np.zeros((3, 40, 2), np.float32)}, "'pts' has shape"),
    ({"nor": np.zeros((3, 39, 3), np.float32)}, "'nor' has shape"),
    ({"label": np.zeros((3, 40), np.float32)}, "'label' is float32"),
    ({"label": np.full((3, 40), -3)}, r"record 0 .*-3"),
    ({"pts": np.stack([np.full((40, 3), value) for value in (0, np.nan, 0)])}, "'pts' has NaN .* shape 1"),
    ({"nor": np.full((3, 40, 3), np.inf)}, "'nor' has NaN"),
    ({"records": [record()] * 2}, "3 shapes, but train-00.json has 2"),
    ({"records": {"a": 1}}, "list of records"),
    ({"records": [record(), record(), 5]}, "record 2 .*'ins_seg'"),
    ({"records": [record(), {"anno_id": "1"}, record()]}, "record 1 .*'ins_seg'"),
    ({"records": [record(ins_seg=[{"part_name": "chair"}])] * 3}, "record 0 .*leaf_id_list"),
    ({"records": [record(ins_seg=[{"part_name": "chair", "leaf_id_list": ["1"]}])] * 3}, "record 0 .*leaf"),
    ({"records": [record(ins_seg=[{"part_name": 7, "leaf_id_list": [1]}])] * 3}, "record 0 .*part_name"),
    ({"records": [record(ins_seg=[7])] * 3}, "record 0 .*part_name"),
    ({"records": [record(ins_seg=[{"part_name": "chair/jetpack", "leaf_id_list": [1]}])] * 3},
     "record 0 .*chair/jetpack"),
])
def test_errors_name_the_file_and_the_fault(tmp_path, changes, named):
    write_pair(tmp_path / "train-00.h5", **changes)
    with pytest.raises(InputError, match=f"train-00.*{named}"):
        read(tmp_path / "train-00.h5")


def test_missing_json(tmp_path):
    write_pair(tmp_path / "train-00.h5")
    (tmp_path / "train-00.json").unlink()
    with pytest.raises(InputError, match=r"train-00.json: no such file"):
        read(tmp_path / "train-00.h5")


def test_truncated_json(tmp_path):
    write_pair(tmp_path / "train-00.h5")
    path = tmp_path / "train-00.json"
    path.write_text(path.read_text()[:50])
    with pytest.raises(InputError, match=r"train-00.json: .*truncated"):
        read(tmp_path / "train-00.h5")


def test_truncated_and_damaged_hdf5(tmp_path):
    path = tmp_path / "train-00.h5"
    write_pair(path, count=20, n_point=500)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"train-00.h5: .*truncated"):
        read(path)
    with h5py.File(tmp_path / "whole.h5", "w") as file:
        file["x"] = 1
    path.write_bytes(whole)
    with h5py.File(path) as file:
        start = file["pts"].id.get_chunk_info(0).byte_offset
    path.write_bytes(whole[:start] + b"\0" * 500 + whole[start + 500:])
    with pytest.raises(InputError, match=r"train-00.h5: data set 'pts' is damaged"):
        read(path)


def test_finds_categories(tmp_path):
    for name in ("Chair", "Table", "Spaceship", ".cache"):
        (tmp_path / name).mkdir()
    assert find_categories(tmp_path) == (["Chair", "Table"], ["Spaceship"])


def test_the_wrong_folder_is_explained(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        find_categories(tmp_path / "absent")
    with pytest.raises(InputError, match=r"'none'|none;"):
        find_categories(tmp_path)
    write_pair(tmp_path / "ins_seg_h5" / "Chair" / "val-00.h5", count=1)
    with pytest.raises(InputError, match=r"folder of one category.*--category Chair"):
        find_categories(tmp_path / "ins_seg_h5" / "Chair")
    with pytest.raises(InputError, match=r"give .*ins_seg_h5"):
        find_categories(tmp_path)


def test_anno_ids_may_be_numbers(tmp_path):
    write_pair(tmp_path / "train-00.h5", count=1, records=json.loads(json.dumps([record(anno_id=17)])))
    assert list(read(tmp_path / "train-00.h5")[0].anno_id) == ["17"]
