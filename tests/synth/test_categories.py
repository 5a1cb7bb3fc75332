"""What holds for every category: its classes occur, labels are legal, shapes are sound, vary and hang together."""

from typing import NamedTuple

import numpy as np
import pytest

from partwise.synth.categories import CATEGORIES, category_function
from partwise.taxonomy import load_taxonomy

from .shape_checks import check_meshes, check_repeatable, class_shares, loose_parts

COUNT = 300


class Law(NamedTuple):
    """Of the shapes of a category.

    other : share with leaves that have no name (a screw has one, though it is no class)
    fewest, most : parts that some shape has at most, and at least
    apart : largest share with parts that touch nothing; a footrest stands by itself and does not count
    """

    other: tuple[float, float]
    fewest: int
    most: int
    apart: float = 0.0


LAWS = {
    "Chair": Law((0.05, 0.25), 4, 35, 0.01), "Table": Law((0.03, 0.5), 4, 30, 0.02),
    "StorageFurniture": Law((0.03, 0.5), 8, 60, 0.01), "Lamp": Law((0.1, 0.45), 3, 25), "Bed": Law((0.1, 0.5), 4, 50),
    "Bottle": Law((0.05, 0.25), 1, 4), "Mug": Law((0.04, 0.25), 1, 3), "Scissors": Law((0.01, 0.1), 4, 6),
}


@pytest.fixture(scope="module", params=CATEGORIES)
def made(request):
    """A category and shapes of it."""
    make = category_function(request.param)
    return request.param, [make(np.random.default_rng([5, number])) for number in range(COUNT)]


def test_every_category_has_its_law():
    assert set(LAWS) == set(CATEGORIES)


def test_classes_occur(made):
    """Every coarse class, nine of ten middle ones and most fine ones in a hundredth of the shapes or more."""
    name, shapes = made
    shares, taxonomy = class_shares(name, shapes), load_taxonomy(name)
    for level, least in ((1, 1.0), (2, 0.9), (3, 0.85)):
        assert len(shares[level]) == len(taxonomy.level(level).paths)
        common = np.mean([share >= 0.01 for share in shares[level].values()])
        assert common >= least, {taxonomy.level(level).names[k]: v for k, v in shares[level].items() if v < 0.01}


def test_some_leaves_are_other(made):
    name, shapes = made
    low, high = LAWS[name].other
    assert low < np.mean([any(part.is_other for part in parts) for parts in shapes]) < high


def test_part_counts_span_a_wide_range(made):
    name, shapes = made
    counts = [len(parts) for parts in shapes]
    assert min(counts) <= LAWS[name].fewest
    assert max(counts) >= LAWS[name].most


def test_shapes_are_sound_and_hang_together(made):
    name, shapes = made
    apart = []
    for parts in shapes:
        check_meshes(name, parts)
        apart += [loose_parts([part for part in parts if "footrest" not in part.path])]
    assert sum(map(bool, apart)) <= LAWS[name].apart * COUNT, [paths for paths in apart if paths]


@pytest.mark.parametrize("name", CATEGORIES)
def test_the_same_seed_gives_the_same_shape(name):
    check_repeatable(category_function(name))
