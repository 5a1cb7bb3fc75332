"""Segmentations in the words of another taxonomy, and without any."""

import numpy as np
import pytest
import trimesh

from partwise.app.corrections import reclass, split_connected
from partwise.errors import InputError
from partwise.mesh import PointCloud, as_geometry
from partwise.result.files import write_segmentation
from partwise.result.translate import translated, unknown_classes, unnamed
from partwise.taxonomy import own_taxonomy
from tests.app.laws import check_laws, labels


def classes(found, level):
    return sorted(part.class_name for part in found.level(level).parts)


def own_labels(found, level, class_name):
    """Which points and faces are of a class, part by part, as sets to compare."""
    ids = [part.id for part in found.level(level).parts if part.class_name == class_name]
    return {tuple(np.flatnonzero(labels(found.level(level)) == id)) for id in ids}


def test_parts_keep_their_extent_under_other_names(chair, chair_cloud, office):
    for one in (chair, chair_cloud):
        found = translated(one, office)
        check_laws(found)
        assert found.category == "OfficeChair"
        assert [level.level for level in found.levels] == [1, 2]
        assert own_labels(found, 2, "support/leg") == own_labels(one, 3, "chair_base/regular_leg_base/leg")
        assert own_labels(found, 1, "support") == own_labels(one, 1, "chair_base")
        assert own_labels(found, 2, "sitting/seat") == own_labels(one, 1, "chair_seat")


def test_what_lies_in_one_part_becomes_one_without_a_name_of_its_own(chair, office):
    found = translated(chair, office)
    sitting, = own_labels(found, 1, "sitting")  # seat and back, of which PartNet has no common part
    seat, = own_labels(chair, 1, "chair_seat")
    back, = own_labels(chair, 1, "chair_back")
    assert sitting == tuple(sorted(seat + back))


def test_what_has_no_name_is_other_cut_as_it_was(chair, office):
    found = translated(chair, office)
    assert classes(found, 1) == ["other", "other", "sitting", "support"]
    assert own_labels(found, 1, "other") == own_labels(chair, 1, "chair_arm")
    assert unknown_classes(chair, office) == ["chair/chair_arm/arm_horizontal_bar"]


def test_a_part_of_the_finest_level_may_be_one_of_the_coarsest(chair):
    legs = own_taxonomy("Legs", {"leg": {}}, {"chair/chair_base/regular_leg_base/leg": "leg"})
    found = translated(chair, legs)
    check_laws(found)
    assert own_labels(found, 1, "leg") == own_labels(chair, 3, "chair_base/regular_leg_base/leg")


def test_the_same_taxonomy_changes_nothing(chair, office):
    assert translated(chair, chair.taxonomy) is chair
    found = translated(chair, office)
    assert translated(found, own_taxonomy("OfficeChair", office.tree)) is found
    assert unknown_classes(found, office) == []


def test_a_part_that_was_added_or_renamed_leaves_the_others(chair, office):
    found = translated(chair, office)
    newer = own_taxonomy("OfficeChair", {"support": {"bein": {}}, "arm": {}, "sitting": {"seat": {}, "back": {}}},
                         {"OfficeChair/support/leg": "support/bein"})
    again = translated(found, newer)
    check_laws(again)
    for level, before, after in ((1, "support", "support"), (2, "support/leg", "support/bein"),
                                 (2, "sitting/back", "sitting/back"), (1, "other", "other")):
        assert own_labels(again, level, after) == own_labels(found, level, before)


def test_what_a_network_found_stays_a_tree(found_in_cloud, office):
    found = translated(found_in_cloud, office)
    check_laws(found)
    confidences = [part.confidence for level in found.levels for part in level.parts]
    assert min(confidences) >= 0
    assert max(confidences) <= 1
    assert len(set(confidences)) > 2


def test_nothing_is_named_yet(chair, office):
    for geometry in (chair.mesh, PointCloud(chair.points)):
        found = unnamed(geometry, office, 500, up="z")
        check_laws(found)
        assert [classes(found, level) for level in (1, 2)] == [["other"], ["other"]]
        assert found.up == "z"
    assert len(unnamed(chair.mesh, office, 500).points) == 500
    with pytest.raises(InputError, match="choose the axis"):
        unnamed(chair.mesh, office, 500, up="guess")
    with pytest.raises(InputError, match="scale the shape down"):
        unnamed(PointCloud([[0, 0, 0], [0, 1e38, 0]]), office, 500)


def test_files_of_names_that_are_nearly_the_same(tmp_path):
    """Such as Leg and leg, which some file systems do not tell apart, and leg-1 beside two legs."""
    boxes = [trimesh.creation.box(transform=trimesh.transformations.translation_matrix((3 * place, 0, 0)))
             for place in range(5)]
    taxonomy = own_taxonomy("Stool", {"leg": {}, "Leg": {}, "leg-1": {}, "seat": {}})
    found = split_connected(unnamed(as_geometry(trimesh.util.concatenate(boxes)), taxonomy, 500), 1, 0)
    for part, name in zip(found.level(1).parts, ["leg", "leg", "Leg", "leg-1", "seat"], strict=True):
        found = reclass(found, 1, part.id, name)
    names = write_segmentation(tmp_path, found)["tree"][0]["objs"]
    assert names == ["leg-2", "leg-3", "Leg-4", "leg-1", "seat"]
    assert sorted(path.stem for path in (tmp_path / "parts").iterdir()) == sorted(names)
