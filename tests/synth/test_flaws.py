import inspect
from dataclasses import replace

import numpy as np
import pytest

from partwise.mesh import Mesh
from partwise.synth import flaws
from partwise.synth.categories.chair.families import dining
from partwise.synth.flaws import CHANCES, FLAWED, with_flaws
from partwise.synth.parts import Part
from partwise.synth.placing import move
from partwise.synth.solids import ball, box, cylinder

from .shape_checks import area, volume

PARTS = [Part("a", box((1.0, 0.05, 1.0)), (("a", 1),)), Part("b", move(cylinder(0.05, 1.0), (0, -0.5, 0))),
         Part("c", move(ball(0.2), (0, 0.2, 0)), is_other=True), Part("d", move(box((0.5, 0.4, 0.3)), (0, 0.5, 0)))]


def _make(seed):
    return with_flaws(PARTS, np.random.default_rng(seed))


def _same(one, two):
    return one.vertices.shape == two.vertices.shape and one.faces.shape == two.faces.shape and np.array_equal(
        one.vertices, two.vertices) and np.array_equal(one.faces, two.faces)


def test_about_half_of_the_shapes_have_flaws_and_labels_stay():
    """Besides the shapes that the first draw leaves alone, some draw no single flaw."""
    untouched, count = 0, 1000
    for seed in range(count):
        found = _make(seed)
        assert [(part.path, part.nodes, part.is_other) for part in found] == [
            (part.path, part.nodes, part.is_other) for part in PARTS]
        untouched += all(_same(part.mesh, before.mesh) for part, before in zip(found, PARTS, strict=True))
    expected = 1 - FLAWED + FLAWED * np.prod([1 - chance for chance in CHANCES.values()])
    assert untouched / count == pytest.approx(expected, abs=3 * (expected * (1 - expected) / count) ** 0.5)


def test_no_part_vanishes_or_flies_away():
    for seed in range(200):
        for part, before in zip(_make(seed), PARTS, strict=True):
            assert area(part) > 0.03 * area(before)
            used = part.mesh.vertices[part.mesh.faces].reshape(-1, 3)
            assert np.isfinite(used).all()
            assert np.abs(used.mean(0) - before.mesh.vertices.mean(0)).max() < 0.4


def test_the_input_is_left_alone():
    copies = [(part.mesh.vertices.copy(), part.mesh.faces.copy()) for part in PARTS]
    for seed in range(50):
        _make(seed)
    assert all(np.array_equal(part.mesh.vertices, vertices) and np.array_equal(part.mesh.faces, faces)
               for part, (vertices, faces) in zip(PARTS, copies, strict=True))


def test_the_last_bits_of_the_input_change_no_face():
    """They differ between processors and versions of NumPy."""
    noise = np.random.default_rng(0)
    for seed in range(60):
        parts = dining(np.random.default_rng(seed))
        shaken = [replace(part, mesh=Mesh(part.mesh.vertices * noise.normal(1, 2e-16, part.mesh.vertices.shape),
                                          part.mesh.faces)) for part in parts]
        for one, two in zip(*(with_flaws(own, np.random.default_rng(seed)) for own in (parts, shaken)), strict=True):
            assert np.array_equal(one.mesh.faces, two.mesh.faces)
            assert np.allclose(one.mesh.vertices, two.mesh.vertices, rtol=0, atol=1e-12)


def test_a_seed_gives_the_same_flaws():
    for seed in range(40):
        assert all(_same(one.mesh, two.mesh) for one, two in zip(_make(seed), _make(seed), strict=True))


def test_chances_name_the_flaws_and_no_parts_are_no_trouble():
    names = {flaw.__name__ for flaw in (*flaws._OF_PARTS, *flaws._OF_SHAPES)}
    assert set(CHANCES) == names
    assert all(inspect.isfunction(getattr(flaws, name)) for name in CHANCES)
    assert with_flaws([], np.random.default_rng(0)) == []


@pytest.mark.parametrize("flaw", flaws._OF_PARTS, ids=lambda flaw: flaw.__name__)
def test_each_flaw_on_hard_meshes(flaw):
    """A lone triangle, a flat square with a useless vertex, and a face without area stay meshes with an area."""
    triangle = Mesh(np.eye(3), np.array([[0, 1, 2]]))
    square = Mesh(np.array([[0, 0, 0], [1, 0, 0], [1, 0, 1], [0, 0, 1.0], [9, 9, 9]]), np.array([[0, 1, 2], [0, 2, 3]]))
    partly = Mesh(np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 0.0]]), np.array([[0, 1, 2], [0, 3, 0]]))
    for mesh in (triangle, square, partly, PARTS[0].mesh):
        for seed in range(5):
            found = flaw(mesh, np.random.default_rng(seed), 1.0)
            assert area(Part("x", found)) > 0.15 * area(Part("x", mesh))


def test_what_single_flaws_do():
    random, size = np.random.default_rng(1), 1.0
    block, plate = PARTS[3].mesh, PARTS[0].mesh
    assert volume(Part("x", flaws.inside_out(block, random, size))) == pytest.approx(-0.06)
    offset = flaws.shifted(block, random, size).vertices - block.vertices
    assert 0.001 <= np.linalg.norm(offset, axis=1).max() <= 0.01
    assert np.ptp(offset, axis=0).max() < 1e-12
    assert 0.96 ** 3 < volume(Part("x", flaws.shrunk(block, random, size))) / 0.06 < 0.99 ** 3 + 1e-9
    assert volume(Part("x", flaws.tilted(block, random, size))) == pytest.approx(0.06)
    assert area(Part("x", flaws.open_sheet(plate, random, size))) == pytest.approx(1.0)
    assert _same(flaws.open_sheet(block, random, size), block)
    assert area(Part("x", flaws.split(block, random, size))) == pytest.approx(area(PARTS[3]))
    assert len(flaws.split(block, random, size).faces) > 5 * len(block.faces)
    assert len(flaws.inner_copy(block, random, size).faces) == 2 * len(block.faces)


def test_warps_are_smooth_and_small():
    for seed in range(20):
        for whole, limit in ((flaws.warped, 0.12), (flaws.scaled, 0.25)):
            found = whole(PARTS, np.random.default_rng(seed), 1.3)
            for part, before in zip(found, PARTS, strict=True):
                moved = np.linalg.norm(part.mesh.vertices - before.mesh.vertices, axis=1)
                assert 0 < moved.max() < limit * 1.3
