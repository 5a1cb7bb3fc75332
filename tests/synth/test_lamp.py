"""Lamps: every class occurs, labels are legal, and lamps are built as lamps are."""

import numpy as np
import pytest

from partwise.synth.categories.lamp import lamp
from partwise.synth.parts import part_tree
from partwise.taxonomy import load_taxonomy

from .shape_checks import boxes

COUNT = 240
TAXONOMY = load_taxonomy("Lamp")
SUBTYPES = ("lamp/table_or_floor_lamp", "lamp/wall_lamp", "lamp/street_lamp", "lamp/ceiling_lamp/pendant_lamp",
            "lamp/ceiling_lamp/chandelier")


@pytest.fixture(scope="module")
def lamps():
    return [lamp(np.random.default_rng([5, number])) for number in range(COUNT)]


def below(parts, *names):
    return [part for part in parts if any(name in part.path for name in names)]


def test_each_lamp_is_of_one_subtype(lamps):
    for parts in lamps:
        assert any(all(part.path.startswith(subtype) for part in parts) for subtype in SUBTYPES)
    for subtype in SUBTYPES:
        assert any(parts[0].path.startswith(subtype) for parts in lamps)


def test_standing_lamps_stand_on_their_base(lamps):
    for parts in lamps:
        if not parts[0].path.startswith(SUBTYPES[0]) and not parts[0].path.startswith("lamp/street"):
            continue
        carriers = below(parts, "/lamp_base", "/street_lamp_base", "/lamp_post", "/lamp_body")
        low, high = boxes(parts)
        if carriers:
            assert boxes(carriers)[0][:, 1].min() < low[:, 1].min() + 0.01 * (high - low).max()


def test_ceiling_lamps_hang_from_their_base(lamps):
    hanging = [parts for parts in lamps if "ceiling_lamp" in parts[0].path and below(parts, "/lamp_base")]
    assert len(hanging) > 20
    for parts in hanging:
        tops = boxes(parts)[1][:, 1]
        assert boxes(below(parts, "/lamp_base"))[1][:, 1].max() > tops.max() - 0.02 * np.ptp(tops)


def test_every_unit_has_a_head(lamps):
    for parts in lamps:
        nodes, _ = part_tree(parts, TAXONOMY)
        units = [set(node["leaf_id_list"]) for node in nodes if node["part_name"].endswith("lamp_unit")]
        heads = [set(node["leaf_id_list"]) for node in nodes if node["part_name"].endswith("lamp_head")]
        assert len(units) == len(heads) > 0
        assert all(sum(head <= unit for head in heads) == 1 for unit in units)


def test_each_jointed_arm_is_a_node_with_one_or_two_bars(lamps):
    sizes = []
    for parts in lamps:
        nodes, _ = part_tree(parts, TAXONOMY)
        arms = [node for node in nodes if node["part_name"].endswith("lamp_body_jointed/lamp_arm")]
        sizes += [len(arm["leaf_id_list"]) for arm in arms]
    assert set(sizes) == {1, 2}
