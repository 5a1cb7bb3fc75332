"""Faces cut where labels meet."""

import numpy as np
import pytest
import trimesh
from trimesh.visual import TextureVisuals

from partwise.mesh import Mesh, sample
from partwise.mesh.appearance import appearance_of
from partwise.mesh.splitting import barycentric, split_faces


@pytest.fixture(scope="module")
def board():
    """A box of twelve large triangles with samples that have another label on either side of a slanted plane."""
    box = trimesh.creation.box((4.0, 1.0, 0.2))
    box.visual = TextureVisuals(uv=box.vertices[:, :2])
    mesh = Mesh(box.vertices, box.faces, appearance_of(box))
    samples = sample(mesh, 4000, 0)
    labels = (samples.points @ [1, 0.3, 0] > 0.21).astype(int)
    return mesh, samples, labels, split_faces(mesh, samples, labels, 0.1)


def areas(mesh):
    return trimesh.Trimesh(mesh.vertices, mesh.faces, process=False).area_faces


def test_the_surface_stays_and_pieces_lie_in_their_source(board):
    mesh, _, _, found = board
    np.testing.assert_allclose(np.bincount(found.source_face, areas(found.mesh)), areas(mesh))
    whole = np.bincount(found.source_face) == 1
    assert 0 < whole.sum() < 12
    np.testing.assert_array_equal(found.mesh.faces[whole[found.source_face]], mesh.faces[whole])
    np.testing.assert_array_equal(found.mesh.vertices[:len(mesh.vertices)], mesh.vertices)
    normals = [trimesh.Trimesh(one.vertices, one.faces, process=False).face_normals for one in (mesh, found.mesh)]
    np.testing.assert_allclose(normals[1], normals[0][found.source_face], atol=1e-9)
    assert len(np.unique(found.mesh.vertices, axis=0)) == len(found.mesh.vertices)


def test_samples_lie_on_their_pieces_and_labels_are_apart(board):
    _, samples, labels, found = board
    corners = found.mesh.vertices[found.mesh.faces[found.face_index]]
    weights = barycentric(corners, samples.points)
    np.testing.assert_allclose(np.einsum("nc,ncd->nd", weights, corners), samples.points, atol=1e-9)
    share = np.bincount(found.face_index, labels) / np.maximum(np.bincount(found.face_index), 1)
    assert np.minimum(share, 1 - share)[found.face_index].mean() < 0.03
    before = np.bincount(samples.face_index, labels) / np.bincount(samples.face_index)
    assert np.minimum(before, 1 - before)[samples.face_index].mean() > 0.2
    assert len(found.mesh.faces) < 1500


def test_texture_coordinates_are_those_of_the_place(board):
    _, _, _, found = board
    np.testing.assert_allclose(found.mesh.appearance.uv, found.mesh.vertices[found.mesh.faces][:, :, :2], atol=1e-9)


def test_nothing_to_cut():
    box = trimesh.creation.box()
    mesh = Mesh(box.vertices, box.faces)
    samples = sample(mesh, 500, 0)
    found = split_faces(mesh, samples, np.zeros(500, int), 0.1)
    assert found.mesh is mesh
    np.testing.assert_array_equal(found.source_face, np.arange(12))
    lone = np.zeros(500, int)
    lone[7] = 1  # one sample of another label is no part
    assert split_faces(mesh, samples, lone, 0.1).mesh is mesh
    assert len(split_faces(mesh, samples, np.arange(500) % 2, 10.0).mesh.faces) == 12  # all too small to be cut
