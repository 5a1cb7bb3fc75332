"""The files of a result, read by other programs' readers."""

import dataclasses
import json

import numpy as np
import pytest
import trimesh

from partwise.config import GroupingConfig
from partwise.errors import InputError
from partwise.mesh import Mesh, read_geometry
from partwise.mesh.appearance import appearance_of
from partwise.mesh.ply import ply_columns
from partwise.result.document import of_input_faces
from partwise.result.files import write_segmentation
from partwise.segmenter import Segmenter


@pytest.fixture(scope="module")
def segmenter(trained):
    return Segmenter.load(trained, device="cpu", grouping=GroupingConfig(bandwidth=0.3, tree=True))


@pytest.fixture(scope="module")
def found(segmenter, chair_h5):
    return segmenter(next(chair_h5.parent.joinpath("meshes").glob("*.glb")), split=True)


@pytest.fixture
def cloud(segmenter):
    return segmenter(np.random.default_rng(0).uniform(-1, 1, (300, 3)))


def leaves_of(node):
    return [leaf for child in node["children"] for leaf in leaves_of(child)] if "children" in node else [node]


@pytest.mark.parametrize("part_format", ["glb", "obj", "ply", "stl"])
def test_parts_are_the_mesh(found, tmp_path, part_format):
    record = write_segmentation(tmp_path, found, "chair.glb", "mine", part_format)
    assert {path.name for path in tmp_path.iterdir()} == {"parts.glb", "parts", "points.ply", "faces.npz",
                                                          "result.json"}
    assert record == json.loads((tmp_path / "result.json").read_text())
    assert record["source"] == "chair.glb"
    names = record["tree"][0]["objs"]
    assert sorted(names) == sorted(path.stem for path in (tmp_path / "parts").iterdir())
    corners = found.mesh.vertices[found.mesh.faces]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1).sum() / 2
    pieces = [trimesh.load(path, force="mesh", process=False) for path in (tmp_path / "parts").iterdir()]
    assert sum(piece.area for piece in pieces) == pytest.approx(area, rel=1e-4)
    assert sum(len(piece.faces) for piece in pieces) == len(found.mesh.faces)


def test_nothing_is_left_of_an_earlier_result(found, cloud, tmp_path, monkeypatch):
    write_segmentation(tmp_path, found)
    write_segmentation(tmp_path, cloud)
    assert {path.name for path in tmp_path.iterdir()} == {"parts.glb", "parts", "points.ply", "result.json"}
    monkeypatch.setattr("partwise.result.files._write_points", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_segmentation(tmp_path, found)
    assert not (tmp_path / "result.json").exists()


def test_the_scene_is_nested_as_the_tree(found, tmp_path):
    write_segmentation(tmp_path, found)
    scene = trimesh.load(tmp_path / "parts.glb", force="scene", process=False)
    edges = {child: parent for parent, child in scene.graph.transforms.edge_data}

    def check(node, names):
        for child in node.get("children", []):
            held = set(child["objs"])
            if "children" in child and held:
                holders = [name for name in edges if name.split("-")[0] == child["name"]]
                assert any(held <= set(below(name)) for name in holders)
            check(child, names)

    def below(name):
        mine = [child for child, parent in edges.items() if parent == name]
        return [name, *(deeper for child in mine for deeper in below(child))]

    check(json.loads((tmp_path / "result.json").read_text())["tree"][0], edges)
    assert sum(len(one.faces) for one in scene.geometry.values()) == len(found.mesh.faces)
    assert sum(len(one.faces) for one in found.to_trimesh().geometry.values()) == len(found.mesh.faces)


def test_points_and_faces_have_the_labels(found, tmp_path):
    write_segmentation(tmp_path, found)
    columns = ply_columns((tmp_path / "points.ply").read_bytes())["vertex"]
    arrays = np.load(tmp_path / "faces.npz", allow_pickle=False)
    np.testing.assert_array_equal(arrays["source_face"], found.source_face)
    for level in found.levels:
        for name, points, faces in (("class", level.semantic, level.face_semantic),
                                    ("instance", level.instance, level.face_instance)):
            np.testing.assert_array_equal(columns[f"level_{level.level}_{name}"], points)
            np.testing.assert_array_equal(arrays[f"level_{level.level}_{name}"], faces)
            of_input = arrays[f"input_level_{level.level}_{name}"]
            assert len(of_input) == found.source_face.max() + 1
            whole = np.bincount(found.source_face)[found.source_face] == 1
            np.testing.assert_array_equal(of_input[found.source_face[whole]], faces[whole])


def test_face_indices_in_the_record_are_those_of_the_arrays(found, tmp_path):
    write_segmentation(tmp_path, found)
    record = json.loads((tmp_path / "result.json").read_text())
    arrays = np.load(tmp_path / "faces.npz", allow_pickle=False)
    own = [[face for start, stop in leaf["faces"] for face in range(start, stop)]
           for leaf in leaves_of(record["tree"][0])]
    assert sorted(face for faces in own for face in faces) == list(range(record["n_face"]))
    finest = arrays[f"input_level_{record['levels'][-1]['level']}_instance"]
    assert len(finest) == record["n_face"]
    assert all(len(set(finest[faces])) <= 1 for faces in own)


def test_a_face_that_was_split_is_what_most_of_its_area_is(found):
    assert len(found.mesh.faces) > found.source_face[-1] + 1  # some were
    values = np.random.default_rng(0).integers(3, 9, len(found.mesh.faces))
    corners = found.mesh.vertices[found.mesh.faces]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    for face, of_input in enumerate(of_input_faces(found, values)):
        own = found.source_face == face
        shares = np.bincount(values[own], area[own])
        assert shares[of_input] >= (1 - 1e-9) * shares.max()


def test_materials_go_into_the_parts(segmenter, tmp_path):
    box = trimesh.creation.box()
    oak = trimesh.visual.material.PBRMaterial(name="oak", baseColorFactor=[9, 8, 7, 255])
    box.visual = trimesh.visual.TextureVisuals(uv=box.vertices[:, :2], material=oak)
    write_segmentation(tmp_path, segmenter(Mesh(box.vertices, box.faces, appearance_of(box))))
    for path in [tmp_path / "parts.glb", *(tmp_path / "parts").iterdir()]:
        assert {one.name for one in read_geometry(path).appearance.materials} == {"oak"}


def test_a_cloud_and_what_goes_of_an_earlier_result(segmenter, cloud, tmp_path):
    write_segmentation(tmp_path, cloud)
    (tmp_path / "parts/ghost.glb").write_text("")
    write_segmentation(tmp_path, cloud)
    assert {path.name for path in tmp_path.iterdir()} == {"parts.glb", "parts", "points.ply", "result.json"}
    assert not (tmp_path / "parts/ghost.glb").exists()
    points = [trimesh.load(path, force="scene") for path in (tmp_path / "parts").iterdir()]
    assert sum(len(one.vertices) for scene in points for one in scene.geometry.values()) == 300
    with pytest.raises(InputError, match="cannot be written as STL"):
        write_segmentation(tmp_path, cloud, part_format="stl")


def test_a_shape_far_from_the_zero_point_keeps_its_form(segmenter, tmp_path):
    """Coordinates on a map, of which 32 bits would keep half a metre."""
    ball = trimesh.creation.icosphere(2, 0.5)
    far = np.array([500_000.25, 5_400_000.5, 120.0])
    found = segmenter(Mesh(ball.vertices + far, ball.faces))
    write_segmentation(tmp_path, found)
    pieces = [read_geometry(path) for path in (tmp_path / "parts").iterdir()]
    for vertices in (read_geometry(tmp_path / "parts.glb").vertices, np.concatenate([one.vertices for one in pieces])):
        distance = np.linalg.norm(vertices - far, axis=1)
        np.testing.assert_allclose(distance, 0.5, atol=1e-6)
    np.testing.assert_allclose(found.to_trimesh().bounds.mean(0), far, atol=1e-6)


def test_what_is_other_everywhere_is_in_the_scene_too(found, tmp_path):
    levels = [dataclasses.replace(level, semantic=0 * level.semantic, face_semantic=0 * level.face_semantic,
                                  instance=0 * level.instance, face_instance=0 * level.face_instance,
                                  parts=(dataclasses.replace(level.parts[0], id=0, class_id=0, class_name="other",
                                                             parent=None),)) for level in found.levels]
    nothing = dataclasses.replace(found, levels=tuple(levels))
    record = write_segmentation(tmp_path, nothing)
    assert record["tree"][0]["objs"] == ["other_leaf"]
    assert len(read_geometry(tmp_path / "parts.glb").faces) == len(found.mesh.faces)
