"""Materials, texture coordinates and colours survive reading, cutting and writing."""

import io

import numpy as np
import trimesh
from PIL import Image
from trimesh.visual import ColorVisuals, TextureVisuals
from trimesh.visual.material import PBRMaterial

from partwise.mesh import read_geometry
from partwise.mesh.appearance import NO_MATERIAL, Appearance, appearance_of, as_trimesh


def textured(seed, shift=0.0):
    random = np.random.default_rng(seed)
    box = trimesh.creation.box()
    box.apply_translation([shift, 0, 0])
    image = Image.fromarray(random.integers(0, 255, (4, 4, 3)).astype(np.uint8))
    box.visual = TextureVisuals(uv=random.random((len(box.vertices), 2)).astype(np.float32),
                                material=PBRMaterial(name=f"wood {seed}", baseColorTexture=image))
    return box


def painted():
    ball = trimesh.creation.icosphere(1)
    ball.visual = ColorVisuals(ball, vertex_colors=np.random.default_rng(5).integers(0, 255, (len(ball.vertices), 4)))
    return ball


def corners(meshes):
    """Place, and texture coordinates or colour, of each corner of each face of each material, in a fixed order."""
    rows = []
    for mesh in meshes:
        look = (mesh.visual.uv[:, :2] if isinstance(mesh.visual, TextureVisuals) and mesh.visual.uv is not None
                else np.zeros((len(mesh.vertices), 2)))
        rows.append(np.column_stack([mesh.vertices, look])[mesh.faces].reshape(-1, 15))
    return np.sort(np.round(np.concatenate(rows), 5), axis=0)


def test_a_scene_of_materials_and_colours_through_a_file(tmp_path):
    scene = trimesh.Scene([textured(0), textured(1, 3.0), painted(), trimesh.creation.cylinder(0.2, 1)])
    path = tmp_path / "scene.glb"
    path.write_bytes(scene.export(file_type="glb"))
    mesh = read_geometry(path)
    look = mesh.appearance
    assert sorted(one.name for one in look.materials if one.name) == ["wood 0", "wood 1"]
    assert look.coloured.sum() == len(painted().faces)
    assert len(look.material) == len(mesh.faces)
    back = as_trimesh(mesh.vertices, mesh.faces, look)
    np.testing.assert_allclose(corners(back), corners(scene.geometry.values()), atol=1e-4)
    images = [one.visual.material.baseColorTexture for one in back
              if isinstance(one.visual, TextureVisuals) and one.visual.material.name == "wood 1"]
    assert np.array_equal(np.array(images[0]), np.array(textured(1).visual.material.baseColorTexture))


def test_some_of_the_faces():
    box = textured(0)
    look = appearance_of(box).take(np.array([3, 1]))
    found, = as_trimesh(box.vertices, np.asarray(box.faces)[[3, 1]], look)
    np.testing.assert_allclose(found.triangles, box.triangles[[3, 1]])
    np.testing.assert_allclose(found.visual.uv[found.faces], box.visual.uv[box.faces[[3, 1]]])
    assert len(found.vertices) < 7


def test_a_mesh_of_no_appearance_takes_the_colour():
    box = trimesh.creation.box()
    assert (appearance_of(box).material == NO_MATERIAL).all()
    found, = as_trimesh(box.vertices, np.asarray(box.faces), None, (10, 20, 30))
    read = trimesh.load(io.BytesIO(trimesh.Scene([found]).export(file_type="glb")), file_type="glb", force="mesh")
    assert read.visual.material.baseColorFactor.tolist() == [10, 20, 30, 255]


def test_texture_coordinates_that_do_not_fit_are_left():
    box = textured(0)
    box.visual.uv = box.visual.uv[:3]
    assert appearance_of(box).uv is None


def test_one_colour_a_face():
    box = trimesh.creation.box()
    image = Image.fromarray(np.array([[[200, 0, 0], [0, 200, 0]]], np.uint8))  # red to the left, green to the right
    box.visual = TextureVisuals(uv=np.tile([[0.0, 0.5]], (8, 1)), material=PBRMaterial(baseColorTexture=image))
    green = trimesh.creation.box()
    green.visual = TextureVisuals(material=PBRMaterial(baseColorFactor=[0, 100, 0, 255]))
    look = Appearance.joined([appearance_of(one) for one in (box, green, trimesh.creation.box(), painted())])
    colours = look.face_colours((1, 2, 3))
    assert np.unique(colours[:12], axis=0).tolist() == [[200, 0, 0]]
    assert np.unique(colours[12:24], axis=0).tolist() == [[0, 100, 0]]
    assert np.unique(colours[24:36], axis=0).tolist() == [[1, 2, 3]]
    means = painted().visual.vertex_colors[painted().faces, :3].mean(1)
    np.testing.assert_array_equal(colours[36:], np.rint(means))


def test_of_faces_of_which_nothing_is_known_nothing_is_kept():
    look = Appearance.joined([appearance_of(trimesh.creation.box()), appearance_of(trimesh.creation.box())])
    assert look.uv is None
    assert look.colours is None
    assert look.take(np.array([0, 3])).uv is None
