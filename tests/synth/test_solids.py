"""Every solid is closed, looks outwards and has the size and volume that it should have."""

import numpy as np
import pytest
import trimesh

from partwise.synth import solids
from partwise.synth.placing import bend, finer, join, mirror, move, stretch, taper, turn

CASES = {
    "box": (solids.box((1, 2, 3)), (1, 2, 3), 6),
    "bevelled box": (solids.box((1, 2, 3), 0.1), (1, 2, 3), 5.8),
    "rounded box": (solids.rounded_box((1, 2, 3), 0.2), (1, 2, 3), 5.6),
    "rounded to the limit": (solids.rounded_box((1, 1, 1), 9, 8), (1, 1, 1), 0.5),
    "cylinder": (solids.cylinder(0.5, 2, 64), (1, 2, 1), np.pi / 2),
    "cone": (solids.cone(0.5, 0.0, 3, 64), (1, 3, 1), np.pi / 4),
    "ball": (solids.ball(0.5, 64), (1, 1, 1), np.pi / 6),
    "cushion": (solids.cushion((2, 1, 2), 1.0, 64), (2, 1, 2), 2 * np.pi / 3),
    "square cushion": (solids.cushion((2, 1, 2), 0.1, 64), (2, 1, 2), 3.8),
    "prism": (solids.prism(solids.circle(64), 2), (2, 2, 2), 2 * np.pi),
    "bevelled prism": (solids.prism(solids.circle(64), 2, 0.05), (2, 2, 2), 6.1),
    "rod": (solids.rod((0, 0, 0), (0, 2, 0), 0.5, sides=64), (1, 2, 1), np.pi / 2),
    "beam": (solids.beam((0, 0, 0), (0, 2, 0), 0.4, 0.6), (0.4, 2, 0.6), 0.48),
    "lying beam": (solids.beam((0, 0, 0), (2, 0, 0), 0.4, 0.6, up=(0, 1, 0)), (2, 0.6, 0.4), 0.48),
    "torus": (solids.torus(1, 0.1, 64), (2.2, 0.19, 2.2), 2 * np.pi**2 * 0.01 * 0.94),
    "sheet": (solids.sheet(np.stack(np.meshgrid(np.linspace(0, 2, 5), [0.0], np.linspace(0, 1, 4), indexing="ij"),
                                    -1)[:, 0], 0.1), (2, 0.1, 1), 0.2),
    "vessel": (solids.lathe(np.array([[0, 0], [1, 0], [1, 2], [0.9, 2], [0.9, 0.1], [0, 0.1]]), 64), (2, 2, 2),
               np.pi * (2 - 0.81 * 1.9)),
}


def as_trimesh(mesh):
    merged = trimesh.Trimesh(mesh.vertices, mesh.faces, process=True)
    merged.update_faces(merged.nondegenerate_faces())  # a ring of radius 0 is a point
    return merged


@pytest.mark.parametrize("name", CASES)
def test_solids(name):
    mesh, size, volume = CASES[name]
    np.testing.assert_allclose(np.ptp(mesh.vertices, axis=0), size, rtol=0.01)
    merged = as_trimesh(mesh)
    assert merged.is_watertight
    assert merged.volume == pytest.approx(volume, rel=0.05)


@pytest.mark.parametrize("change", [
    lambda m: move(m, (1, 2, 3)), lambda m: turn(m, "x", 30), lambda m: mirror(m, "z"), lambda m: finer(m, 0.3),
    lambda m: bend(finer(m, 0.2), "y", "x", 60), lambda m: join(m, move(m, (5, 0, 0)))])
def test_placing_keeps_volume(change):
    beam = solids.beam((0, -1, 0), (0, 1, 0), 0.3, 0.2)
    copies = 2 if len(change(beam).vertices) == 2 * len(beam.vertices) else 1
    assert as_trimesh(change(beam)).volume == pytest.approx(0.12 * copies, rel=0.03)


def test_turns_and_bends_go_the_way_they_say():
    np.testing.assert_allclose(turn(solids.box((1, 1, 1)), "y", 90, (2, 0, 0)).vertices.mean(0), [2, 0, 2], atol=0.01)
    rod = bend(finer(solids.rod((0, 0, 0), (0, 1, 0), 0.01), 0.05), "y", "z", 90)
    tip = rod.vertices[np.linalg.norm(rod.vertices, axis=1).argmax()]
    np.testing.assert_allclose(tip, [0, 2 / np.pi, 2 / np.pi], atol=0.03)


def test_stretch_and_taper():
    assert as_trimesh(stretch(solids.box((1, 1, 1)), (1, 2, 3))).volume == pytest.approx(6)
    assert as_trimesh(taper(solids.box((1, 1, 1)), "y", 1, 0.5)).volume == pytest.approx(7 / 12)


def test_smooth_curves_pass_through_their_points():
    points = np.array([[0, 0, 0], [1, 1, 0], [2, 0, 1]])
    curve = solids.smooth(points, 201)
    for point in points:
        assert np.linalg.norm(curve - point, axis=1).min() < 0.02


def test_finer_cuts_long_edges_alone():
    small = move(solids.box((0.1, 0.1, 0.1)), (3, 0, 0))
    cut = finer(join(solids.box((1.0, 0.2, 0.1)), small), 0.3)
    corners = cut.vertices[cut.faces]
    assert np.linalg.norm(corners - np.roll(corners, 1, 1), axis=2).max() <= 0.3
    doubled = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    assert doubled.sum() / 2 == pytest.approx(2 * (0.2 + 0.1 + 0.02) + 0.06)
    assert (corners[:, :, 0] > 2).all(1).sum() == len(small.faces)
    assert len(cut.vertices) == len(np.unique(cut.vertices, axis=0))
