"""Materials, images and colours of OBJ and PLY files, and what such a file may not read."""

import numpy as np
import pytest
import trimesh
from PIL import Image

from partwise.errors import InputError
from partwise.mesh import beside, read_geometry
from partwise.mesh.appearance import NO_MATERIAL, as_trimesh

SQUARES = """mtllib own.mtl
v 0 0 0
v 1 0 0
v 1 1 0
v 0 1 0
vt 0 0
vt 1 0
vt 1 1
vt 0 1
f 1 2 3
usemtl wood
f 1/1 2/2/7 3/3 4/4
usemtl paint
f -4/-4 -3/-3 -2/-2
usemtl unknown
f 1 2 4
"""
MATERIALS = """newmtl wood
Kd 0 0 0
map_Kd textures\\oak board.png
newmtl never used
map_Kd never.png
newmtl paint # not a comment
newmtl paint
Kd 1 0.5 0
d 0.25
Ns 96
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with a textured OBJ, in one that holds an image that it must not read."""
    inside = tmp_path / "inside"
    (inside / "textures").mkdir(parents=True)
    (inside / "own.obj").write_text(SQUARES)
    (inside / "own.mtl").write_text(MATERIALS)
    image = Image.fromarray(np.arange(48, dtype=np.uint8).reshape(4, 4, 3))
    for path in (inside / "textures/oak board.png", tmp_path / "secret.png"):
        image.save(path)
    return inside


def materials(folder, text):
    (folder / "own.mtl").write_text(text)
    return {one.name: one for one in read_geometry(folder / "own.obj").appearance.materials}


def test_materials_images_and_texture_coordinates_of_each_face(folder, caplog):
    look = read_geometry(folder / "own.obj").appearance
    wood, paint = look.materials
    assert (wood.name, paint.name) == ("wood", "paint")
    assert look.material.tolist() == [NO_MATERIAL, 0, 0, 1, NO_MATERIAL]
    np.testing.assert_array_equal(look.uv[1:4], [[[0, 0], [1, 0], [1, 1]], [[0, 0], [1, 1], [0, 1]],
                                                 [[0, 0], [1, 0], [1, 1]]])
    assert wood.baseColorTexture.size == (4, 4)
    assert wood.baseColorFactor.tolist() == [255] * 4
    assert paint.baseColorFactor.tolist() == [255, 128, 0, 64]
    assert (paint.alphaMode, wood.alphaMode) == ("BLEND", "OPAQUE")
    assert paint.roughnessFactor < wood.roughnessFactor == 1
    assert caplog.messages == []


def test_they_survive_a_glb(folder, tmp_path):
    mesh = read_geometry(folder / "own.obj")
    path = tmp_path / "again.glb"
    path.write_bytes(trimesh.Scene(as_trimesh(mesh.vertices, mesh.faces, mesh.appearance)).export(file_type="glb"))
    again = read_geometry(path).appearance
    wood = next(number for number, one in enumerate(again.materials) if one.name == "wood")
    np.testing.assert_allclose(np.unique(again.uv[again.material == wood].reshape(-1, 2), axis=0),
                               [[0, 0], [0, 1], [1, 0], [1, 1]], atol=1e-6)
    assert np.array_equal(np.array(again.materials[wood].baseColorTexture.convert("RGB")),
                          np.array(Image.open(folder / "textures/oak board.png")))


@pytest.mark.parametrize("name", ["../secret.png", "{parent}/secret.png", "textures/../../secret.png",
                                  "..\\secret.png", "link.png", "%2e%2e/secret.png"])
def test_nothing_outside_of_the_folder_is_read(folder, name, caplog):
    (folder / "link.png").symlink_to(folder.parent / "secret.png")
    found = materials(folder, f"newmtl wood\nmap_Kd {name.format(parent=folder.parent)}\n")
    assert found["wood"].baseColorTexture is None
    message, = caplog.messages
    assert message.startswith(f"{folder / 'own.obj'}: names a file '")
    assert "outside its own folder" in message or name.startswith("%")


@pytest.mark.parametrize("name", ["../other.mtl", "/etc/passwd", "C:\\wood.mtl", "x" * 5000, "gone.mtl", "textures"])
def test_nor_materials(folder, name, caplog):
    (folder.parent / "other.mtl").write_text(MATERIALS)
    (folder / "own.obj").write_text(SQUARES.replace("own.mtl", name))
    assert read_geometry(folder / "own.obj").appearance is None
    message, = caplog.messages
    assert ("outside its own folder" in message) == (name[:1] in "./C")


@pytest.mark.parametrize(("damage", "words"), [(lambda data: data[:44], "no image that can be read"),
                                               (lambda data: b"text", "no image that can be read")])
def test_a_damaged_image_is_left_out(folder, damage, words, caplog):
    path = folder / "textures/oak board.png"
    path.write_bytes(damage(path.read_bytes()))
    assert materials(folder, MATERIALS)["wood"].baseColorTexture is None
    assert words in caplog.messages[0]


def test_files_that_are_too_large_together_are_left_out(folder, monkeypatch, caplog):
    monkeypatch.setattr(beside, "LARGEST", len(MATERIALS) + 10)
    assert materials(folder, MATERIALS)["wood"].baseColorTexture is None
    assert "oak board.png" in caplog.messages[0]


def test_images_of_too_many_pixels_are_left_out(folder, monkeypatch, caplog):
    monkeypatch.setattr(beside, "_MOST_PIXELS", 15)
    assert materials(folder, MATERIALS)["wood"].baseColorTexture is None
    assert "4 x 4 pixels" in caplog.messages[0]


@pytest.mark.parametrize("text", ["Kd 1 1 1\n", "newmtl wood\nKd nan 0 0\nd x\nNs inf\nTr\nmap_Kd\n", "\0\xff"])
def test_odd_material_files(folder, text):
    (folder / "own.mtl").write_text(text, encoding="latin-1")
    look = read_geometry(folder / "own.obj").appearance
    assert look is None or look.materials[0].baseColorFactor.tolist() == [204, 204, 204, 255]


def test_colours_behind_the_coordinates_of_an_obj(tmp_path):
    path = tmp_path / "a.obj"
    path.write_text("v 0 0 0 1 0 0\nv 1 0 0 0 1 0\nv 0 1 0 0 0 0.5\nf 1 2 3\n")
    assert read_geometry(path).appearance.colours[0].tolist() == [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 128, 255]]


@pytest.mark.parametrize("encoding", ["ascii", "binary"])
@pytest.mark.parametrize("kind", ["vertex", "face"])
def test_colours_of_a_ply(tmp_path, kind, encoding):
    box = trimesh.creation.box()
    count = len(box.vertices if kind == "vertex" else box.faces)
    colours = np.random.default_rng(0).integers(0, 255, (count, 4)).astype(np.uint8)
    box.visual = trimesh.visual.ColorVisuals(box, **{f"{kind}_colors": colours})
    path = tmp_path / "box.ply"
    path.write_bytes(box.export(file_type="ply", encoding=encoding))
    look = read_geometry(path).appearance
    expected = colours[box.faces] if kind == "vertex" else np.repeat(colours[:, None], 3, axis=1)
    assert look.coloured.all()
    np.testing.assert_array_equal(look.colours, expected)


def test_colours_of_polygons_go_to_all_their_triangles(tmp_path):
    path = tmp_path / "a.ply"
    path.write_text("ply\nformat ascii 1.0\nelement vertex 5\nproperty float x\nproperty float y\nproperty float z\n"
                    "element face 3\nproperty list uchar int vertex_indices\nproperty float red\n"
                    "property float green\nproperty ushort blue\nend_header\n"
                    "0 0 0\n1 0 0\n1 1 0\n0 1 0\n2 2 0\n4 0 1 2 3 1 0.5 65535\n2 0 1 0 0 0\n3 2 3 4 0 0 257\n")
    look = read_geometry(path).appearance
    assert look.colours[:, 0].tolist() == [[255, 128, 255, 255]] * 2 + [[0, 0, 1, 255]]


class TestGltf:
    """Buffers and images in files of their own."""

    @pytest.fixture
    def scene(self, folder):
        box = trimesh.creation.box()
        image = Image.open(folder / "textures/oak board.png")
        material = trimesh.visual.material.PBRMaterial(baseColorTexture=image)
        box.visual = trimesh.visual.TextureVisuals(uv=box.vertices[:, :2] + 0.5, material=material)
        for name, data in trimesh.Scene([box]).export(file_type="gltf").items():
            (folder / name).write_bytes(data)
        return folder / "model.gltf"

    def test_beside_it(self, scene, caplog):
        found = read_geometry(scene)
        assert len(found.faces) == 12
        assert found.appearance.materials[0].baseColorTexture.size == (4, 4)
        assert caplog.messages == []

    @pytest.mark.parametrize("where", ["../", "{parent}/"])
    def test_a_buffer_elsewhere_is_refused(self, scene, where):
        buffer = next(scene.parent.glob("gltf_buffer_0*"))
        buffer.rename(scene.parent.parent / buffer.name)
        place = where.format(parent=scene.parent.parent)
        scene.write_text(scene.read_text().replace(buffer.name, place + buffer.name))
        with pytest.raises(InputError, match="outside its own folder"):
            read_geometry(scene)

    def test_a_damaged_texture_is_left_out(self, scene, caplog):
        box = trimesh.creation.box()
        noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8))
        material = trimesh.visual.material.PBRMaterial(name="oak", baseColorTexture=noise)
        box.visual = trimesh.visual.TextureVisuals(uv=box.vertices[:, :2], material=material)
        data = bytearray(trimesh.Scene([box]).export(file_type="glb"))
        start = data.index(b"IDAT") + 1000
        data[start:start + 1000] = bytes(1000)
        path = scene.with_suffix(".glb")
        path.write_bytes(data)
        look = read_geometry(path).appearance
        assert look.materials[0].baseColorTexture is None
        assert "the baseColorTexture of material 'oak' is no image that can be read" in caplog.messages[0]
