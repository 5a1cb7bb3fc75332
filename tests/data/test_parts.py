import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partwise.data.parts import Part, label_points, part_classes, unit_normals
from partwise.errors import InputError
from partwise.taxonomy import load_taxonomy
from tests.data.partnet_files import CHAIR_PARTS, expected_labels

CHAIR = load_taxonomy("Chair")
PATHS = sorted(set(CHAIR.merging.values()))


def brute_force(leaf, parts, taxonomy):
    """The rule in words: point by point, part by part."""
    semantic, instance = np.zeros((3, len(leaf)), int), np.full((3, len(leaf)), -1)
    for level in (1, 2, 3):
        paths = taxonomy.level(level).paths
        kept = [part for part in parts if part.path in paths]
        for point, node in enumerate(leaf):
            for number, part in enumerate(kept):
                if node in part.leaves:
                    semantic[level - 1, point] = paths.index(part.path) + 1
                    instance[level - 1, point] = number
    return semantic, instance


def test_a_chair_has_the_expected_labels():
    leaf = np.array([3, 5, 7, 8, 11, 8, 3], np.int32)
    semantic, instance = label_points(leaf, [Part(*part) for part in CHAIR_PARTS], part_classes(CHAIR))
    assert (semantic.dtype, instance.dtype) == (np.uint8, np.int16)
    expected = expected_labels(leaf)
    np.testing.assert_array_equal(semantic, expected[0])
    np.testing.assert_array_equal(instance, expected[1])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(Part, st.sampled_from(PATHS), st.lists(st.integers(0, 12), max_size=4)),
                max_size=25),
       st.lists(st.integers(0, 15), max_size=20))
def test_equals_brute_force(parts, leaf):
    found = label_points(np.array(leaf, np.int64), parts, part_classes(CHAIR))
    for got, want in zip(found, brute_force(leaf, parts, CHAIR), strict=True):
        np.testing.assert_array_equal(got, want)


def test_later_part_wins_and_empty_parts_leave_gaps():
    leg = "chair/chair_base/regular_leg_base/leg"
    parts = [Part(leg, [1, 2]), Part(leg, []), Part(leg, [2])]
    semantic, instance = label_points(np.array([1, 2, 3]), parts, part_classes(CHAIR))
    assert instance[2].tolist() == [0, 2, -1]
    assert (semantic[2] > 0).tolist() == [True, True, False]


def test_a_missing_level_repeats_the_coarser_one():
    can = load_taxonomy("TrashCan")
    assert can.real_levels == (1, 3)
    coarse, fine = can.level(1).paths, can.level(3).paths
    only_coarse, only_fine = (next(path for path in here if path not in there)
                              for here, there in ((coarse, fine), (fine, coarse)))
    semantic, _ = label_points(np.array([4]), [Part(only_coarse, [4]), Part(only_fine, [4])],
                               part_classes(can))
    assert semantic[:, 0].tolist() == [coarse.index(only_coarse) + 1] * 2 + [fine.index(only_fine) + 1]


def test_other_integer_types_and_huge_leaf_ids_of_points():
    for kind in (np.int8, np.uint8, np.int16, np.uint32, np.int64, np.uint64):
        for leaves in ([3], [3, 300]):
            parts = [Part("chair/chair_back", leaves)]
            instance = label_points(np.array([3, 9], kind), parts, part_classes(CHAIR))[1]
            assert instance[0].tolist() == [0, -1]
    huge = np.array([2**31 - 1, 3], np.int32)
    assert label_points(huge, [Part("chair/chair_back", [3])], part_classes(CHAIR))[1][0].tolist() == [-1, 0]


@pytest.mark.parametrize(("leaf", "parts", "named"), [
    ([1], [Part("chair/jetpack", [1])], "chair/jetpack"),
    ([-1], [], "-1"),
    ([1], [Part("chair", [-2])], "leaf id"),
    ([1], [Part("chair", [2**40])], "leaf id"),
    ([1], [Part("chair", [1])] * 40_000, "40000 parts"),
])
def test_errors(leaf, parts, named):
    with pytest.raises(InputError, match=named):
        label_points(np.array(leaf), parts, part_classes(CHAIR))


def test_unit_normals():
    normals = np.array([[[3, 0, 4], [0, 0, 0], [0, 1e-3, 0]]], np.float32)
    np.testing.assert_allclose(unit_normals(normals), [[[0.6, 0, 0.8], [0, 0, 0], [0, 1, 0]]], rtol=1e-6)
    assert unit_normals(normals).dtype == np.float32
    assert unit_normals(np.zeros((0, 3), np.float32)).shape == (0, 3)
