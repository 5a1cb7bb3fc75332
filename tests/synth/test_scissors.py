import numpy as np
import pytest

from partwise.synth.categories.scissors import BLADE, HALF, HANDLE, SCREW, scissors
from partwise.synth.parts import part_tree
from partwise.taxonomy import load_taxonomy


@pytest.fixture(scope="module")
def shapes():
    return [scissors(np.random.default_rng([13, index])) for index in range(150)]


def test_there_are_two_sets_of_a_blade_and_a_handle(shapes):
    taxonomy = load_taxonomy("Scissors")
    screws = 0
    for parts in shapes:
        nodes, leaves = part_tree(parts, taxonomy)
        sets = [node["leaf_id_list"] for node in nodes if node["part_name"] == HALF]
        path_of = dict(zip(leaves, [part.path for part in parts], strict=True))
        assert [[path_of[leaf] for leaf in members] for members in sets] == [[BLADE, HANDLE], [BLADE, HANDLE]]
        screws += any(part.path == SCREW for part in parts)
    assert 0.6 < screws / len(shapes) < 0.95


def _middle(part):
    used = part.mesh.vertices[part.mesh.faces]
    return (used.min((0, 1)) + used.max((0, 1))) / 2


def test_blades_are_on_the_other_side_of_the_screw_than_handles(shapes):
    """The screw is at the origin in every pose."""
    for parts in shapes:
        blade = sum(_middle(part) for part in parts if part.path == BLADE)
        grip = sum(_middle(part) for part in parts if part.path == HANDLE)
        assert blade @ grip < 0


def test_some_are_closed_and_some_wide_open(shapes):
    angles = []
    for parts in shapes:
        tips = []
        for part in parts:
            if part.path == BLADE:
                used = part.mesh.vertices
                grip = _middle(next(other for other in parts if other.path == HANDLE))
                far = used[np.argmax(-(used @ grip) / np.linalg.norm(grip) + np.linalg.norm(used, axis=1))]
                tips.append(far / np.linalg.norm(far))
        angles.append(np.degrees(np.arccos(np.clip(tips[0] @ tips[1], -1, 1))))
    assert np.mean(np.array(angles) < 8) > 0.1
    assert np.mean(np.array(angles) > 30) > 0.1
