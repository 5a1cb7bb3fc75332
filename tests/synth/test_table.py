"""Tables: what every table has, and that it stands on its legs."""

import numpy as np
import pytest
from scipy.spatial import Delaunay

from partwise.synth.categories.table import FAMILIES, desks, games, legged, table
from tests.synth.shape_checks import check_meshes, corners, loose_parts


def shapes(family, count=12):
    return [family(np.random.default_rng([3, number])) for number in range(count)]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_every_family_is_sound_and_stands_on_its_base(family):
    for parts in shapes(family):
        check_meshes("Table", parts)
        base, rest = ([part for part in parts if ("table_base" in part.path) is below] for below in (True, False))
        assert base
        assert corners(base)[0][1] == pytest.approx(corners(parts)[0][1], abs=1e-9)
        assert corners(base)[0][1] == pytest.approx(0, abs=0.06)
        assert corners(rest)[1][1] > 0.2


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_hardly_a_table_has_loose_parts(family):
    assert sum(bool(loose_parts(parts)) for parts in shapes(family, 25)) <= 1


def test_the_top_is_above_what_carries_it():
    for parts in shapes(table, 100):
        tops = [part for part in parts if "/tabletop/" in part.path and not part.is_other]
        columns = [part for part in parts if part.path.endswith(("central_support", "/leg", "pedestal"))]
        if columns:
            assert corners(columns)[1][1] < corners(tops)[1][1] + 0.005


@pytest.mark.parametrize("family", [legged.legs_table, legged.sled, desks.shelf_table, desks.drawer_table],
                         ids=lambda family: family.__name__)
def test_legs_end_below_the_top(family):
    """Even below rounded and oval tops, where a corner of the bounding box is not below the top."""
    for parts in shapes(family, 40):
        tops = [part.mesh.vertices for part in parts if "/tabletop/" in part.path]
        hull = Delaunay(np.concatenate(tops)[:, [0, 2]])
        for leg in (part.mesh.vertices for part in parts if part.path.endswith("base/leg")):
            end = leg[leg[:, 1] > leg[:, 1].max() - 1e-6].mean(0)
            assert hull.find_simplex(end[[0, 2]]) >= 0


def test_a_pool_table_has_its_own_parts():
    for parts in shapes(games.pool_table):
        assert all(part.path.startswith("table/game_table/pool_table") for part in parts)
