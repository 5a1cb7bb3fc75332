"""Which faces touch, against trimesh."""

import numpy as np
import trimesh

from partwise.mesh import Mesh
from partwise.mesh.edges import shared_edges


def test_connected_faces_against_trimesh_with_seams_and_soup():
    boxes = [trimesh.creation.box((1, 1, 1)), trimesh.creation.icosphere(1, 0.4)]
    boxes[1].apply_translation([3, 0, 0])
    joined = trimesh.util.concatenate(boxes)
    expected = np.repeat([0, 1], [len(one.faces) for one in boxes])
    soup = joined.vertices[joined.faces].reshape(-1, 3)  # each face with vertices of its own
    far = np.concatenate([soup, [[1e9, 0, 0]]])  # that no face uses
    for vertices, faces in ((joined.vertices, joined.faces), (soup, np.arange(len(soup)).reshape(-1, 3)),
                            (far, np.arange(len(soup)).reshape(-1, 3))):
        piece = Mesh(vertices, faces).pieces
        assert len(set(zip(piece.tolist(), expected.tolist(), strict=True))) == 2 == len(set(piece.tolist()))


def test_connected_faces_of_one_face_and_of_a_point():
    assert Mesh(np.eye(3), [[0, 1, 2]]).pieces.tolist() == [0]
    assert Mesh(np.ones((3, 3)), [[0, 1, 2], [2, 1, 0]]).pieces.tolist() == [0, 0]


def test_shared_edges_against_trimesh():
    ball = trimesh.creation.icosphere(2)
    soup = Mesh(ball.vertices[ball.faces].reshape(-1, 3), np.arange(3 * len(ball.faces)).reshape(-1, 3))
    for mesh in (Mesh(ball.vertices, ball.faces), soup):
        edges = shared_edges(mesh, np.arange(len(mesh.faces)))
        found = {tuple(sorted(pair)) for pair in edges.faces.tolist()}
        assert found == {tuple(sorted(pair)) for pair in ball.face_adjacency.tolist()}
        assert len(edges.faces) == len(ball.face_adjacency)
        np.testing.assert_allclose(edges.length.sum(), np.linalg.norm(
            np.diff(ball.vertices[ball.face_adjacency_edges], axis=1), axis=2).sum())


def test_three_faces_at_an_edge_and_one_without_area():
    vertices = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, -1, 0]])
    assert len(shared_edges(Mesh(vertices, [[0, 1, 2], [1, 0, 3], [0, 1, 4]]), np.arange(3)).faces) == 2
    assert len(shared_edges(Mesh(vertices, [[0, 1, 0]]), np.arange(1)).faces) == 0
