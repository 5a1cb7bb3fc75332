"""Corrections by hand: what changes, what stays, and that a tree remains a tree."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partwise.app.corrections import merge, reclass, split, split_connected
from partwise.errors import InputError
from partwise.result.files import write_segmentation
from partwise.taxonomy import load_taxonomy
from tests.app.laws import check_laws, labels

SEAT, BACK, BASE, ARM_1, ARM_2 = range(5)  # level 1 of the chair of boxes
LEGS = [2, 3, 4, 5]  # its levels 2 and 3


def classes(found, level):
    return sorted(part.class_name for part in found.level(level).parts)


def same_partition(one, other):
    """Whether two arrays of ids divide alike."""
    pairs = np.unique(np.stack([one, other]), axis=1).shape[1]
    return pairs == len(np.unique(one)) == len(np.unique(other))


def test_the_chairs_obey_the_laws(chair, chair_cloud, found, found_in_cloud):
    for one in (chair, chair_cloud, found, found_in_cloud):
        check_laws(one)


def test_merging_two_legs_merges_them_wherever_they_are_listed(chair, chair_cloud):
    for one in (chair, chair_cloud):
        merged = merge(one, 3, LEGS[:2])
        check_laws(merged)
        for level in (2, 3):
            assert len(merged.level(level).parts) == len(one.level(level).parts) - 1
            np.testing.assert_array_equal(np.isin(labels(one.level(level)), LEGS[:2]),
                                          np.isin(labels(merged.level(level)), LEGS[:2]))
        assert classes(merged, 1) == classes(one, 1)
        np.testing.assert_array_equal(labels(merge(one, 2, LEGS[:2]).level(3)), labels(merged.level(3)))


def test_what_is_merged_into_another_part_joins_what_lies_below_it(chair):
    merged = merge(chair, 1, [SEAT, ARM_1])
    check_laws(merged)
    target = max((SEAT, ARM_1), key=lambda id: chair.level(1).parts[id].n_point)
    assert [part.id for part in merged.level(1).parts] == sorted({BACK, BASE, ARM_2, target})
    own = labels(merged.level(1)) == target
    for level in (2, 3):
        assert len(np.unique(labels(merged.level(level))[own])) == 1


def test_a_merged_part_has_the_mean_confidence(chair):
    legs = [part for part in chair.level(3).parts if part.id in LEGS]
    own = next(part for part in merge(chair, 3, LEGS).level(3).parts if part.id in LEGS)
    total = sum(part.n_point for part in legs)
    assert own.n_point == total
    assert own.confidence == pytest.approx(sum(part.confidence * part.n_point for part in legs) / total)


def test_splitting_what_was_merged_gives_the_parts_back(chair, chair_cloud):
    for one in (chair, chair_cloud):
        again = split_connected(merge(one, 3, LEGS), 3, max(LEGS, key=lambda id: one.level(3).parts[id].n_point))
        check_laws(again)
        for level in (2, 3):
            assert same_partition(labels(again.level(level)), labels(one.level(level)))
            assert classes(again, level) == classes(one, level)


def test_splitting_a_coarse_part_keeps_the_finer_ones(chair):
    divided = split_connected(chair, 1, BASE)
    check_laws(divided)
    assert classes(divided, 1).count("chair_base") == 4
    for level in (2, 3):
        np.testing.assert_array_equal(labels(divided.level(level)), labels(chair.level(level)))


def test_splitting_cuts_what_lies_below(chair):
    right = chair.points[chair.level(1).instance == SEAT][:, 0] > 0
    divided = split(chair, 1, SEAT, right.astype(int))
    check_laws(divided)
    for level in (1, 2, 3):
        assert len(divided.level(level).parts) == len(chair.level(level).parts) + 1
    faces = divided.level(1).face_instance
    seats = [part.id for part in divided.level(1).parts if part.class_name == "chair_seat"]
    middle = chair.mesh.vertices[chair.mesh.faces].mean(1)[:, 0]
    assert {len(np.unique(np.sign(middle[faces == id].round(6)))) for id in seats} == {1}


def test_a_leg_that_is_an_arm_moves_to_the_nearest_arm(chair):
    row = load_taxonomy("Chair").level(2).names
    assert "chair_arm/arm_horizontal_bar" in row
    changed = reclass(chair, 2, LEGS[0], "chair_arm/arm_horizontal_bar")
    check_laws(changed)
    own = changed.level(2).instance == LEGS[0]
    arms = np.unique(changed.level(1).instance[own])
    assert len(arms) == 1
    assert arms[0] in (ARM_1, ARM_2)
    middles = {id: chair.points[chair.level(1).instance == id].mean(0) for id in (ARM_1, ARM_2)}
    leg = chair.points[chair.level(2).instance == LEGS[0]].mean(0)
    assert arms[0] == min(middles, key=lambda id: np.linalg.norm(middles[id] - leg))
    assert classes(changed, 3).count("chair_arm/arm_horizontal_bar") == 3  # listed at both: so it is there too


def test_reclassing_to_what_the_shape_has_not_makes_a_new_part_above(chair):
    changed = reclass(chair, 2, 1, "chair_head/headrest")
    check_laws(changed)
    assert classes(changed, 1).count("chair_head") == 1
    assert "chair_back" not in classes(changed, 1)
    assert reclass(chair, 1, SEAT, "chair_seat") is chair


def test_other_takes_what_lies_below_with_it(chair):
    changed = reclass(chair, 1, SEAT, "other")
    check_laws(changed)
    assert [classes(changed, level).count("other") for level in (1, 2, 3)] == [1, 1, 1]


def test_a_result_is_written_like_any_other(chair, tmp_path):
    changed = reclass(split_connected(merge(chair, 1, [SEAT, BACK]), 2, 0), 1, ARM_1, "other")
    names = write_segmentation(tmp_path, changed)["tree"][0]["objs"]
    assert {"parts.glb", "result.json", "faces.npz", "points.ply"} < {path.name for path in tmp_path.iterdir()}
    assert sorted(f"{name}.glb" for name in names) == sorted(path.name for path in (tmp_path / "parts").iterdir())


def test_what_is_other_becomes_part_of_what_it_is_merged_into_at_every_level(chair):
    without = reclass(chair, 1, SEAT, "other")
    other = next(part.id for part in without.level(2).parts if part.class_name == "other")
    changed = merge(without, 2, [other, LEGS[0]])
    check_laws(changed)
    for level in (1, 2, 3):
        assert "other" not in classes(changed, level)


@pytest.mark.parametrize(("change", "message"), [
    (lambda one: merge(one, 1, [SEAT]), "at least two"),
    (lambda one: merge(one, 1, [SEAT, SEAT]), "at least two"),
    (lambda one: merge(one, 1, [SEAT, 77]), "no part 77"),
    (lambda one: merge(one, 4, [SEAT, BACK]), "no level 4"),
    (lambda one: reclass(one, 1, SEAT, "sofa"), "no class 'sofa'"),
    (lambda one: split_connected(one, 1, SEAT), "single connected piece"),
    (lambda one: split(one, 1, SEAT, np.zeros(3)), "expected"),
    (lambda one: split(one, 1, SEAT, np.zeros(one.level(1).parts[SEAT].n_point)), "single piece"),
])
def test_what_cannot_be_done_is_said(chair, change, message):
    with pytest.raises(InputError, match=message):
        change(chair)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), which=st.sampled_from(["chair", "chair_cloud", "found", "found_in_cloud"]))
def test_any_corrections_leave_a_tree(data, which, request):
    found = request.getfixturevalue(which)
    for _ in range(5):
        level = data.draw(st.sampled_from(found.levels))
        part = data.draw(st.sampled_from(level.parts))
        kind = data.draw(st.sampled_from(["merge", "reclass", "connected", "half"]))
        try:
            if kind == "merge":
                found = merge(found, level.level, [part.id, data.draw(st.sampled_from(level.parts)).id])
            elif kind == "reclass":
                names = load_taxonomy(found.category).level(level.level).names
                found = reclass(found, level.level, part.id, data.draw(st.sampled_from(names)))
            elif kind == "connected":
                found = split_connected(found, level.level, part.id)
            else:
                own = found.points[level.instance == part.id]
                found = split(found, level.level, part.id, (own[:, 0] > np.median(own[:, 0])).astype(int)
                              if len(own) else np.zeros(0, int))
        except InputError:
            continue
        check_laws(found)
