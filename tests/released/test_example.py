from dataclasses import replace

import numpy as np
import pytest

from partwise.errors import InputError
from partwise.released.example import Record, pack_example, split_labels, unpack_example
from partwise.taxonomy import categories, load_taxonomy
from tests.released.files import cloud, example_bytes, features

CHAIR = load_taxonomy("Chair")
ARRAYS = ("points", "normals", "semantic", "instance")


def same(found: Record, wanted: Record) -> None:
    for name in ARRAYS:
        one, other = getattr(found.shape, name), getattr(wanted.shape, name)
        assert one.dtype == other.dtype
        assert one.tobytes() == other.tobytes()
    assert (found.shape.model_id, found.shape.anno_id, found.shape_index, found.points_flag) == (
        wanted.shape.model_id, wanted.shape.anno_id, wanted.shape_index, wanted.points_flag)


@pytest.mark.parametrize("category", categories())
def test_a_record_made_by_hand(category):
    taxonomy = load_taxonomy(category)
    shape = cloud(taxonomy, 0)
    record = unpack_example(example_bytes(features(shape, 2**40, -3)), taxonomy)
    same(record, Record(replace(shape, anno_id=str(2**40)), 2**40, -3))


@pytest.mark.parametrize("names", [("", "17"), ("a5f8", "2364"), ("", ""), ("Stuhl \u00e4", "17")])
def test_round_trip(names):
    record = Record(replace(cloud(CHAIR, 1), model_id=names[0], anno_id=names[1]), 17, 0)
    data = pack_example(record)
    same(unpack_example(data, CHAIR), record)
    assert pack_example(unpack_example(data, CHAIR)) == data


def test_what_is_written_holds_the_features_of_the_released_program():
    shape = replace(cloud(CHAIR, 2), anno_id="5")
    in_order = dict(sorted(features(shape, 5, 1).items()))
    assert pack_example(Record(shape, 5, 1)) == example_bytes(in_order)


def test_labels_by_floor_division():
    labels = np.array([[-100, 1, 205, 3], [-100, 29, 1229, 100 * 32767 + 1], [-100, 38, 1238, 2]])
    semantic, instance = split_labels(labels, CHAIR)
    assert semantic.tolist() == [[0, 1, 5, 3], [0, 29, 29, 1], [0, 38, 38, 2]]
    assert instance.tolist() == [[-1, 0, 2, 0], [-1, 0, 12, 32767], [-1, 0, 12, 0]]


@pytest.mark.parametrize(("level", "label", "message"), [
    (1, 6, "label_1 of point 7 is 6: class 6 and instance 0; at level 1 Chair has classes 1 to 5"),
    (2, 130, "class 30 and instance 1; at level 2 Chair has classes 1 to 29"), (3, 39, "class 39"),
    (1, 0, "class 0 and instance 0"), (2, 300, "class 0 and instance 3"), (3, -99, "class 1 and instance -1"),
    (3, -200, "class 0 and instance -2"), (1, -195, "class 5 and instance -2"), (1, 3276801, "instance 32768")])
def test_labels_that_do_not_fit(level, label, message):
    made = features(cloud(CHAIR, 3))
    made[f"label_{level}"][7] = label
    if level == 1:
        made["points_bytes"] = made["points_bytes"][:-4 * 33] + np.float32(label).tobytes() + made["points_bytes"][
            -4 * 32:]
    with pytest.raises(InputError, match=message):
        unpack_example(example_bytes(made), CHAIR)


def changed(**changes: object) -> bytes:
    made = features(cloud(CHAIR, 4)) | changes
    return example_bytes({name: value for name, value in made.items() if value is not None})


@pytest.mark.parametrize(("data", "message"), [
    (changed(label_2=None), "has the features .* expected .*label_2"),
    (changed(colour=[1]), "has the features .*colour"), (changed(anno_id=b"1"), "has the features .*anno_id"),
    (changed(label_2=[1] * 39), "feature label_2 holds 39 whole numbers, expected 40"),
    (changed(label_2=b"1"), "feature label_2 holds 0 whole numbers"),
    (changed(shape_index=[1, 2]), "feature shape_index holds 2 whole numbers, expected 1"),
    (changed(points_flag=[]), "feature points_flag holds 0 whole numbers, expected 1"),
    (changed(points_bytes=[1]), "feature points_bytes holds 0 texts of bytes"),
    (changed(points_bytes=b"123"), "O-CNN points blob"),
    (changed(model_id=b"\xff", anno_id=b"1"), "feature model_id is no text in UTF-8"),
    (b"\x0a\xff", "is not the protocol buffer Example"), (b"", "has the features")])
def test_other_records(data, message):
    with pytest.raises(InputError, match=message):
        unpack_example(data, CHAIR)


def test_labels_that_disagree():
    made = features(cloud(CHAIR, 5))
    made["label_1"][3] += 100
    with pytest.raises(InputError, match=r"point 3 has label .* in points_bytes, but label_1"):
        unpack_example(example_bytes(made), CHAIR)


def test_points_that_are_not_finite():
    shape = cloud(CHAIR, 6)
    shape.points[2, 1] = np.nan
    with pytest.raises(InputError, match="1 of 40 points are NaN"):
        unpack_example(example_bytes(features(shape)), CHAIR)


def test_a_class_that_a_label_has_no_room_for():
    shape = cloud(CHAIR, 2)
    pack_example(Record(replace(shape, semantic=np.full_like(shape.semantic, 99)), 0, 1))
    shape.semantic[1, 3] = 100
    with pytest.raises(InputError, match=r"has class 100; .* classes up to 99"):
        pack_example(Record(shape, 0, 1))
