"""Beds: every class occurs, labels are legal, and beds are built as beds are."""

import numpy as np
import pytest

from partwise.synth.categories.bed import bed
from partwise.synth.parts import part_tree
from partwise.taxonomy import load_taxonomy

from .shape_checks import boxes

COUNT = 200
TAXONOMY = load_taxonomy("Bed")


@pytest.fixture(scope="module")
def beds():
    return [bed(np.random.default_rng([5, number])) for number in range(COUNT)]


def ending(parts, *names):
    return [part for part in parts if part.path.rsplit("/", 1)[-1] in names and not part.is_other]


def test_beds_stand_on_the_ground(beds):
    for parts in beds:
        low = boxes(parts)[0][:, 1].min()
        assert -0.1 < low < 0.01  # castors may reach below the legs
        carriers = [*ending(parts, "leg", "bed_post", "surface_base", "headboard"), *(p for p in parts if p.is_other)]
        assert boxes(carriers)[0][:, 1].min() < low + 0.01
    legs = [part.mesh.vertices[:, 1].min() for parts in beds for part in ending(parts, "leg", "bed_post")]
    assert len(legs) > 200
    assert np.abs(legs).max() < 0.15


def test_every_place_to_sleep_has_a_mattress_below_its_pillows(beds):
    for parts in beds:
        nodes, _ = part_tree(parts, TAXONOMY)
        places = [node["leaf_id_list"] for node in nodes if node["part_name"] == "bed/bed_unit"]
        mattresses = ending(parts, "mattress")
        assert 1 <= len(places) <= len(mattresses)
        for pillow in ending(parts, "pillow"):
            bottom = pillow.mesh.vertices[:, 1].min()
            assert any(part.mesh.vertices[:, 1].min() < bottom < part.mesh.vertices[:, 1].max() + 0.1
                       for part in mattresses)


def test_the_head_is_at_the_back(beds):
    for parts in beds:
        boards = ending(parts, "headboard")
        if boards:
            middle = ending(parts, "mattress")[0].mesh.vertices[:, 2].mean()
            assert min(board.mesh.vertices[:, 2].mean() for board in boards) < middle - 0.4


def test_a_ladder_has_two_rails_and_at_least_three_rungs_between_them(beds):
    ladders = 0
    for parts in beds:
        rails, rungs = ending(parts, "ladder_vertical_bar"), ending(parts, "rung")
        assert len(rails) in (0, 2)
        assert (len(rungs) >= 3) == (len(rails) == 2)
        ladders += bool(rails)
        if rails:
            low, high = boxes(rails)
            inner, outer = boxes(rungs)
            assert (inner >= low.min(0) - 0.05).all()
            assert (outer <= high.max(0) + 0.05).all()
    assert ladders > 0.1 * COUNT


def test_bunk_beds_have_places_above_each_other(beds):
    stacked = 0
    for parts in beds:
        nodes, _ = part_tree(parts, TAXONOMY)
        units = sum(node["part_name"] == "bed/bed_unit" for node in nodes)
        levels = [part.mesh.vertices[:, 1].min() for part in ending(parts, "mattress")]
        stacked += units > 1
        assert units == 1 or np.ptp(levels) > 0.2
    assert stacked > 0.1 * COUNT
