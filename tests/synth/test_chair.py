"""Chairs: every class occurs, labels are legal, and chairs are built as chairs are."""

from collections import Counter

import numpy as np
import pytest

from partwise.synth.categories.chair import chair
from partwise.synth.categories.chair.families import FAMILIES, bar_stool, dining, office, rocking
from partwise.synth.categories.chair.paths import _path
from partwise.synth.categories.chair.shapes import evenly, grown, hoop, outline, panel, ribbon
from partwise.synth.parts import Part, part_tree
from partwise.taxonomy import load_taxonomy

from .shape_checks import area, check_meshes, corners, volume

COUNT = 260
TAXONOMY = load_taxonomy("Chair")


@pytest.fixture(scope="module")
def chairs():
    return [chair(np.random.default_rng([5, number])) for number in range(COUNT)]


def below(parts, name):
    return [part for part in parts if name in part.path and not part.is_other]


def test_instance_counts_span_what_partnet_spans(chairs):
    counts = [sum(not part.is_other for part in parts) for parts in chairs]
    assert min(counts) <= 4
    assert 8 <= np.median(counts) <= 16
    assert 30 <= max(counts) <= 50


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_each_family_makes_chairs(family):
    for seed in range(8):
        parts = family(np.random.default_rng([seed, 1]))
        check_meshes("Chair", parts)
        low, high = corners(parts)
        assert abs(low[1]) < 0.035  # they stand on the ground
        assert 0.34 < high[1] - low[1] < 1.75
        assert below(parts, "chair_seat/")


def test_faces_are_modest(chairs):
    assert np.median([sum(len(part.mesh.faces) for part in parts) for parts in chairs]) < 4_000


def test_the_back_is_behind_and_above_the_seat(chairs):
    for parts in chairs:
        rest, seat = below(parts, "chair_back/"), below(parts, "chair/chair_seat/")
        if rest:
            assert corners(rest)[1][1] > corners(seat)[1][1]
            assert np.mean(corners(rest), 0)[2] < np.mean(corners(seat), 0)[2]


def test_most_chairs_are_mirror_images_of_themselves(chairs):
    even = [abs(low[0] + high[0]) < 0.02 * (high[0] - low[0]) for low, high in map(corners, chairs)]
    assert 0.8 < np.mean(even) < 1


def test_every_arm_is_a_node_of_its_own(chairs):
    counts = Counter()
    for parts in chairs:
        nodes, _ = part_tree(parts, TAXONOMY)
        found = [node for node in nodes if node["part_name"] == "chair/chair_arm"]
        counts[len(found)] += 1
        taken = [leaf for node in found for leaf in node["leaf_id_list"]]
        assert len(taken) == len(set(taken))
    assert set(counts) <= {0, 1, 2}
    assert counts[2] > 0.25 * COUNT
    assert counts[1] < 0.06 * COUNT  # a writing table, a chaise


def test_every_caster_is_a_node_of_its_own():
    found = 0
    for seed in range(12):
        nodes, _ = part_tree(office(np.random.default_rng(seed)), TAXONOMY)
        casters = [node["leaf_id_list"] for node in nodes if node["part_name"].endswith("/caster")]
        legs = [node for node in nodes if node["part_name"].endswith("star_leg_set/leg")]
        assert len(casters) in (0, len(legs))
        assert all(1 <= len(leaves) <= 3 for leaves in casters)
        assert sum(node["part_name"].endswith("/star_leg_set") for node in nodes) == 1
        found += len(casters) > 0
    assert found >= 6


def test_legs_of_plain_chairs_come_in_fours_and_reach_from_the_ground_to_the_seat():
    for make in (dining, bar_stool):
        for seed in range(20):
            parts = make(np.random.default_rng(seed))
            legs = below(parts, "regular_leg_base/leg")
            if not legs or (make is bar_stool and len(legs) != 4):
                continue
            assert len(legs) == 4
            seat_low, seat_high = corners(below(parts, "chair_seat/"))
            for leg in legs:
                low, high = corners([leg])
                assert low[1] < 0.2 * seat_high[1]
                assert seat_low[1] - 0.01 < high[1] < seat_high[1] + 0.02


def test_rocking_chairs_stand_on_two_rockers():
    for seed in range(5):
        parts = rocking(np.random.default_rng(seed))
        rockers = below(parts, "/rocker")
        assert len(rockers) == 2
        assert corners(rockers)[0][1] <= min(corners([part])[0][1] for part in below(parts, "/leg")) + 1e-6


def test_a_wrong_path_fails_at_once():
    from partwise.errors import InputError

    with pytest.raises(InputError, match="chair_tail"):
        _path("chair_tail")


def test_panels_and_hoops_have_the_volume_of_their_outline():
    points = outline(0.4, 0.5)
    assert volume(Part("", panel(points, 0.02, 0.0))) == pytest.approx(0.4 * 0.5 * 0.02, rel=1e-6)
    frame = volume(Part("", hoop(points, 0.05, 0.02)))
    assert frame == pytest.approx((0.4 * 0.5 - 0.3 * 0.4) * 0.02, rel=0.03)


def test_growing_an_outline_moves_its_sides():
    low, high = grown(outline(1.0, 2.0, 0.2, 0.2), 0.1).min(0), grown(outline(1.0, 2.0, 0.2, 0.2), 0.1).max(0)
    assert np.allclose(low, [-0.6, -0.1], atol=0.01)
    assert np.allclose(high, [0.6, 2.1], atol=0.01)


def test_a_ribbon_has_its_width_length_and_thickness():
    line = evenly(np.array([[0.5, 0.0], [-0.5, 0.0]]), 9)
    mesh = ribbon(line, 0.3, 0.02)
    assert np.allclose(np.ptp(mesh.vertices, axis=0), [0.6, 0.02, 1.0])


def test_chairs_stand_on_something_and_have_a_seat_and_mostly_a_back(chairs):
    have_back = 0
    for parts in chairs:
        coarse = Counter(part.path.split("/")[1] for part in parts if "/" in part.path)
        assert coarse["chair_seat"]
        have_back += coarse["chair_back"] > 0
        low = min((part.mesh.vertices[:, 1].min(), part.path) for part in parts)
        assert low[1].split("/")[1] != "chair_head", low
    assert have_back >= 0.9 * COUNT


def test_backs_are_behind_seats(chairs):
    def middle(parts, name):
        own = [part for part in parts if part.path.startswith(f"chair/{name}/")]
        weight = np.array([area(part) for part in own])
        return weight @ np.array([part.mesh.vertices[:, 2].mean() for part in own]) / weight.sum() if own else None

    for parts in chairs:
        back, seat = middle(parts, "chair_back"), middle(parts, "chair_seat")
        if back is not None and seat is not None:
            assert back < seat
