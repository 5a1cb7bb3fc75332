import json

import numpy as np
import pytest

from partwise.data.annotations import LABELS, POINTS, find_annotations, read_annotation, read_meta, read_parts
from partwise.errors import InputError
from partwise.taxonomy import load_taxonomy
from tests.data.partnet_files import CHAIR_PARTS, chair_tree, expected_labels, write_annotation

CHAIR = load_taxonomy("Chair")

# classes, instances with a point and percentage of points that are not other, at levels 1, 2 and 3
REAL = {
    "179": ((4, 5, 100), (7, 13, 89.49), (9, 32, 89.49)),
    "45940": ((5, 6, 100), (13, 22, 100), (14, 27, 100)),
    "40147": ((5, 5, 100), (13, 23, 99.92), (14, 27, 99.92)),
    "41083": ((5, 7, 100), (13, 31, 100), (14, 36, 100)),
    "45780": ((3, 4, 100), (8, 17, 99.82), (9, 22, 99.82)),
    "7619": ((2, 116, 100), None, None),
    "3763": ((2, 2, 95.23), None, (3, 3, 100)),
}


def test_reads_labels_and_normalises(tmp_path):
    arrays = write_annotation(tmp_path / "17")
    shape = read_annotation(tmp_path / "17")
    semantic, instance = expected_labels(arrays["label"])
    np.testing.assert_array_equal(shape.semantic, semantic)
    np.testing.assert_array_equal(shape.instance, instance)
    np.testing.assert_allclose(shape.points.min(0) + shape.points.max(0), 0, atol=1e-6)
    assert np.linalg.norm(shape.points, axis=1).max() == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(shape.normals, arrays["nor"], atol=2e-6)
    # The shape is the same but for position and size: distances between points keep their proportions.
    before, after = (np.linalg.norm(points - points[0], axis=1)[1:]
                     for points in (arrays["pts"], shape.points))
    np.testing.assert_allclose(after / before, after[0] / before[0], rtol=1e-4)
    assert (shape.model_id, shape.anno_id) == ("model17", "17")
    shape.check(CHAIR)


def test_parts_come_parents_first_with_merged_names(tmp_path):
    write_annotation(tmp_path / "17")
    parts, leaves = read_parts(tmp_path / "17", CHAIR.merging)
    assert [(part.path, list(part.leaves)) for part in parts] == CHAIR_PARTS
    assert leaves == [3, 5, 7, 8, 11]


@pytest.mark.parametrize("anno_id", REAL)
def test_real_shapes(shared, anno_id):
    folder = shared / "data" / "partnet" / "data_v0" / anno_id
    shape, taxonomy = read_annotation(folder), load_taxonomy(read_meta(folder).category)
    shape.check(taxonomy)
    for level, expected in enumerate(REAL[anno_id], 1):
        semantic, instance = shape.semantic[level - 1], shape.instance[level - 1]
        if expected is None:
            assert not taxonomy.level(level).is_real
            np.testing.assert_array_equal(semantic, shape.semantic[0])
            np.testing.assert_array_equal(instance, shape.instance[0])
            continue
        classes, instances = set(semantic.tolist()) - {0}, set(instance.tolist()) - {-1}
        assert (len(classes), len(instances)) == expected[:2]
        assert round(100 * float((semantic > 0).mean()), 2) == expected[2]


def test_a_real_category_outside_the_benchmark(shared):
    with pytest.raises(InputError, match=r"47645.*'Box' is not one of PartNet's 24 .*nearest: \w+"):
        read_annotation(shared / "data" / "partnet" / "data_v0" / "47645")


@pytest.mark.parametrize("name", ["meta.json", "result.json", POINTS, LABELS])
def test_a_missing_file_is_named(tmp_path, name):
    write_annotation(tmp_path / "17")
    (tmp_path / "17" / name).unlink()
    with pytest.raises(InputError, match=f"{name}: no such file"):
        read_annotation(tmp_path / "17")


@pytest.mark.parametrize(("name", "text", "named"), [
    ("meta.json", "{}", "model_cat"),
    ("meta.json", "[", "valid JSON"),
    ("meta.json", '{"model_cat": "chair"}', "'chair' is not .*nearest: Chair"),
    ("result.json", "{}", "one root"),
    ("result.json", "[]", "one root"),
    ("result.json", '[{"name": "chair", "id": "1"}]', "integer 'id'"),
    ("result.json", '[{"name": "chair", "id": 1, "children": 3}]', "'children'"),
    ("result.json", '[{"name": "chair", "id": 1, "children": [3]}]', "found 3"),
    ("result.json", '[{"name": "chair", "id": 1, "children": [{"name": "leaf", "id": 3}]}]', "no leaves of"),
    (POINTS, "", "is empty"),
    (POINTS, "1 2 3\n", "6 or more numbers"),
    (POINTS, "1 2 3 4 5 x 7 8 9 1\n", "6 or more numbers"),
    (POINTS, "1 2 3 4 5 nan 7 8 9 1\n" * 40, "NaN"),
    (POINTS, "1 2 3 1 0 0 7 8 9 1\n" * 40, "all points are the same"),
    (POINTS, "1 2 3 1 0 0 7 8 9 1\n0 0 0 1 0 0 7 8 9 1\n", "40 labels, but .* 2 points"),
    (LABELS, "", "is empty"),
    (LABELS, "1.5\n" * 40, "1 or more numbers"),
    (LABELS, "3\n" * 39 + "99\n", "1 points have leaf ids, such as 99"),
    (LABELS, "3\n" * 39 + "2\n", "1 points have leaf ids, such as 2"),
])
def test_malformed_files(tmp_path, name, text, named):
    write_annotation(tmp_path / "17")
    (tmp_path / "17" / name).write_text(text)
    with pytest.raises(InputError, match=named):
        read_annotation(tmp_path / "17")


def test_zero_normals_stay_and_one_point_is_refused(tmp_path):
    write_annotation(tmp_path / "17", n_point=2)
    (tmp_path / "17" / POINTS).write_text("0 0 0 0 0 0 1 1 1 1\n2 0 0 0 3 0 1 1 1 1\n")
    shape = read_annotation(tmp_path / "17")
    np.testing.assert_array_equal(shape.points, [[-1, 0, 0], [1, 0, 0]])
    np.testing.assert_array_equal(shape.normals, [[0, 0, 0], [0, 1, 0]])


def test_finds_annotations_in_numeric_order(tmp_path):
    for name in ("1000", "9", "20"):
        write_annotation(tmp_path / name, n_point=3)
    (tmp_path / "15").mkdir()
    (tmp_path / "notes.txt").touch()
    found, failures = find_annotations(tmp_path)
    assert [folder.name for folder, _ in found] == ["9", "20", "1000"]
    assert [meta.category for _, meta in found] == ["Chair"] * 3
    assert len(failures) == 1
    assert "15/meta.json" in failures[0]


def test_the_wrong_folder_is_explained(tmp_path):
    write_annotation(tmp_path / "data_v0" / "9", n_point=3)
    for folder, named in ((tmp_path / "absent", "no such folder"),
                          (tmp_path / "data_v0" / "9", "give the folder"),
                          (tmp_path, "holds no annotations.*data_v0/meta.json"),
                          (tmp_path / "data_v0" / "9" / "point_sample", "holds no annotations")):
        with pytest.raises(InputError, match=named):
            find_annotations(folder)


def test_a_deep_and_wide_tree(tmp_path):
    node = {"name": "x", "id": 5}
    for depth in range(300):
        node = {"name": "x", "id": 1000 + depth, "children": [node]}
    tree = [{**chair_tree()[0], "children": [*chair_tree()[0]["children"], node]}]
    write_annotation(tmp_path / "17", tree=json.loads(json.dumps(tree)))
    assert read_annotation(tmp_path / "17").n_point == 40
