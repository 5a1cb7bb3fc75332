"""Storage furniture: drawers and doors are nodes of their own, with handles where they belong."""

import numpy as np
import pytest

from partwise.synth.categories.storage_furniture import FAMILIES, storage_furniture
from partwise.synth.categories.storage_furniture.paths import AT
from tests.synth.shape_checks import check_meshes, loose_parts


def shapes(family, count=12):
    return [family(np.random.default_rng([3, number])) for number in range(count)]


def pieces(parts, path):
    """The parts of each node of a path, by the node's token."""
    found = {}
    for part in parts:
        token = dict(part.nodes).get(path)
        if token is not None:
            found.setdefault(token, []).append(part)
    return list(found.values())


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_every_family_is_sound(family):
    for parts in shapes(family):
        check_meshes("StorageFurniture", parts)
        lowest = min(part.mesh.vertices[:, 1].min() for part in parts)
        assert lowest == pytest.approx(0, abs=0.06)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_hardly_a_shape_has_loose_parts(family):
    assert sum(bool(loose_parts(parts)) for parts in shapes(family, 25)) <= 1


def test_drawers_and_doors_are_nodes_of_their_own():
    """A front each, handles within its height, and all boxes whole."""
    drawers = doors = 0
    for parts in shapes(storage_furniture, 150):
        assert not [part.path for part in parts if part.path.startswith((AT.drawer, AT.door)) and not part.nodes]
        for path, front_path, handle_path in ((AT.drawer, AT.drawer_front, AT.drawer_handle),
                                              (AT.door, AT.door_surface, AT.door_handle)):
            for piece in pieces(parts, path):
                (front,) = [part for part in piece if part.path == front_path]
                low, high = front.mesh.vertices[:, 1].min(), front.mesh.vertices[:, 1].max()
                for grip in (part for part in piece if part.path == handle_path):
                    assert grip.mesh.vertices[:, 1].min() > low - 0.03
                    assert grip.mesh.vertices[:, 1].max() < high + 0.03
                assert sum(part.path == AT.drawer_side for part in piece) in (0, 2)
                drawers, doors = drawers + (path == AT.drawer), doors + (path == AT.door)
    assert drawers > 100
    assert doors > 100
