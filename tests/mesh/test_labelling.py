"""Labels of faces from labels of samples."""

import numpy as np
import pytest
import trimesh

from partwise.errors import InputError
from partwise.mesh import Mesh, face_labels, sample
from partwise.mesh.edges import shared_edges

TRIANGLE = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]])


def grid(side):
    """A flat square of 2 (side - 1)^2 triangles."""
    index = np.arange(side * side).reshape(side, side)
    vertices = np.column_stack([np.indices((side, side)).reshape(2, -1).T, np.zeros(side * side)])
    lower = np.stack([index[:-1, :-1], index[1:, :-1], index[:-1, 1:]], -1).reshape(-1, 3)
    upper = np.stack([index[1:, 1:], index[:-1, 1:], index[1:, :-1]], -1).reshape(-1, 3)
    return Mesh(vertices, np.concatenate([lower, upper]))


def border_length(mesh, labels):
    edges = shared_edges(mesh, np.arange(len(mesh.faces)))
    return edges.length[labels[edges.faces[:, 0]] != labels[edges.faces[:, 1]]].sum()


def test_faces_whose_samples_agree_have_their_label():
    mesh = Mesh(*(getattr(trimesh.creation.icosphere(3), name) for name in ("vertices", "faces")))
    samples = sample(mesh, 4000, 0)
    labels = np.where(samples.points[:, 0] > 0, 7, -3).astype(np.int16)
    found = face_labels(mesh, samples.face_index, samples.points, labels)
    assert found.dtype == np.int16
    middle = mesh.vertices[mesh.faces].mean(1)[:, 0]
    clear = np.abs(middle) > 0.15
    np.testing.assert_array_equal(found[clear], np.where(middle > 0, 7, -3)[clear])


def test_a_wrong_sample_here_and_there_is_outvoted_and_borders_are_short():
    mesh = grid(60)
    samples = sample(mesh, 6000, 0)
    truth = (samples.points[:, 0] > 30).astype(int)
    random = np.random.default_rng(1)
    noisy = np.where(random.random(6000) < 0.15, 1 - truth, truth)
    found = face_labels(mesh, samples.face_index, samples.points, noisy)
    middle = mesh.vertices[mesh.faces].mean(1)[:, 0]
    assert (found == (middle > 30)).mean() > 0.99
    assert border_length(mesh, found) < 1.7 * 59  # triangles have no straight border


def test_a_piece_is_not_labelled_by_its_neighbour():
    """Two boards a hair apart, one with a single sample."""
    top, bottom = TRIANGLE + [0, 0, 1e-3], TRIANGLE
    mesh = Mesh(np.concatenate([bottom, top]), [[0, 1, 2], [3, 4, 5]])
    points = np.concatenate([np.tile(bottom.mean(0), (50, 1)), [[0.9, 0.05, 1e-3]]])
    found = face_labels(mesh, np.array([0] * 50 + [1]), points, np.array([4] * 50 + [9]))
    np.testing.assert_array_equal(found, [4, 9])


def test_a_piece_without_samples_takes_what_is_nearest():
    mesh = Mesh(np.concatenate([TRIANGLE, TRIANGLE + [5, 0, 0], TRIANGLE + [4, 0, 0]]), np.arange(9).reshape(3, 3))
    points = mesh.vertices[mesh.faces[:2]].mean(1)
    np.testing.assert_array_equal(face_labels(mesh, np.array([0, 1]), points, np.array([1, 2])), [1, 2, 2])


def test_no_sample():
    with pytest.raises(InputError, match="without a single sample"):
        face_labels(Mesh(TRIANGLE, [[0, 1, 2]]), np.zeros(0, int), np.zeros((0, 3)), np.zeros(0, int))


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_units_and_place_do_not_matter(scale):
    mesh = grid(12)
    samples = sample(mesh, 300, 0)
    labels = (samples.points.sum(1) > 11).astype(int)
    far = Mesh(mesh.vertices * scale + 3 * scale, mesh.faces)
    np.testing.assert_array_equal(face_labels(mesh, samples.face_index, samples.points, labels),
                                  face_labels(far, samples.face_index, samples.points * scale + 3 * scale, labels))


def test_a_million_faces():
    mesh = grid(708)
    samples = sample(mesh, 100_000, 0)
    labels = (samples.points[:, 0] > 354).astype(np.uint8)
    found = face_labels(mesh, samples.face_index, samples.points, labels)
    middle = mesh.vertices[mesh.faces].mean(1)[:, 0]
    clear = np.abs(middle - 354) > 20
    assert len(found) > 999_000
    np.testing.assert_array_equal(found[clear], (middle > 354)[clear])
