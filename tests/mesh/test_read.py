import json

import numpy as np
import pytest
import trimesh

from partwise.errors import InputError
from partwise.mesh import Mesh, PointCloud, read_geometry, sample
from partwise.mesh.read import SUFFIXES

SPHERE = trimesh.creation.icosphere(2)
CLOUD = np.random.default_rng(0).normal(size=(20, 3))
UNIT = CLOUD / np.linalg.norm(CLOUD, axis=1, keepdims=True)


def write(path, content):
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def triangles(geometry) -> np.ndarray:
    return geometry.vertices[geometry.faces]


class TestMeshFormats:
    @pytest.mark.parametrize("suffix", ["ply", "obj", "off", "glb", "stl"])
    def test_round_trip(self, tmp_path, suffix):
        path = tmp_path / f"sphere.{suffix.upper()}"
        SPHERE.export(path, file_type=suffix)
        mesh = read_geometry(path)
        assert isinstance(mesh, Mesh)
        np.testing.assert_allclose(triangles(mesh), SPHERE.triangles, atol=1e-6)  # in the order of the file

    @pytest.mark.parametrize("suffix", ["ply", "obj", "off"])
    def test_indices_are_those_of_the_file(self, tmp_path, suffix):
        vertices = np.concatenate([CLOUD, CLOUD])  # repeated and unused vertices
        faces = np.random.default_rng(1).integers(5, 40, (30, 3))
        trimesh.Trimesh(vertices, faces, process=False).export(tmp_path / f"a.{suffix}")
        mesh = read_geometry(tmp_path / f"a.{suffix}")
        np.testing.assert_array_equal(mesh.faces, faces)
        np.testing.assert_allclose(mesh.vertices, vertices, atol=1e-6)

    def test_stl_ascii(self, tmp_path):
        path = write(tmp_path / "a.stl", trimesh.exchange.stl.export_stl_ascii(SPHERE))
        np.testing.assert_allclose(triangles(read_geometry(path)), SPHERE.triangles, atol=1e-6)

    def test_gltf_with_a_buffer_beside_it(self, tmp_path):
        for name, data in trimesh.exchange.gltf.export_gltf(trimesh.Scene(SPHERE)).items():
            write(tmp_path / name, data)
        mesh = read_geometry(tmp_path / "model.gltf")
        np.testing.assert_allclose(triangles(mesh), SPHERE.triangles, atol=1e-6)


class TestScenes:
    def test_nested_transforms(self, tmp_path):
        """A quarter turn about z after a shift, below a shift; a mirrored copy; computed by hand."""
        corner = trimesh.Trimesh([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]], process=False)
        scene = trimesh.Scene()
        shift, turn, mirror = np.eye(4), np.eye(4), np.diag([1.0, 1, -1, 1])
        shift[:3, 3] = (10, 0, 0)
        turn[:3, :3] = [[0, -1, 0], [1, 0, 0], [0, 0, 1]]
        turn[:3, 3] = (0, 5, 0)
        mirror[:3, 3] = (0, 0, 3)
        scene.graph.update("outer", "world", matrix=shift)
        scene.graph.update("inner", "outer", matrix=turn)
        scene.add_geometry(corner, node_name="turned", geom_name="corner", parent_node_name="inner")
        scene.graph.update("mirrored", "world", matrix=mirror, geometry="corner")  # a second use of the mesh
        scene.export(tmp_path / "a.glb")
        mesh = read_geometry(tmp_path / "a.glb")
        by_height = triangles(mesh)[np.argsort(triangles(mesh)[:, 0, 2])]
        np.testing.assert_allclose(by_height[0], [[10, 5, 0], [10, 6, 0], [9, 5, 0]], atol=1e-6)
        np.testing.assert_allclose(by_height[1], [[0, 1, 3], [1, 0, 3], [0, 0, 3]], atol=1e-6)
        normals = sample(Mesh(mesh.vertices, mesh.faces), 50, 0)
        mirrored = normals.points[:, 2] > 2
        assert mirrored.any()
        np.testing.assert_allclose(normals.normals[mirrored][:, 2], -1)  # outside stays outside

    def test_points_alone_and_beside_faces(self, tmp_path):
        moved = trimesh.transformations.translation_matrix((1, 2, 3))
        scene = trimesh.Scene()
        scene.add_geometry(trimesh.PointCloud(CLOUD), transform=moved)
        scene.export(tmp_path / "points.glb")
        cloud = read_geometry(tmp_path / "points.glb")
        assert isinstance(cloud, PointCloud)
        np.testing.assert_allclose(cloud.points, CLOUD + np.array([1, 2, 3]), atol=1e-6)
        scene.add_geometry(SPHERE)
        scene.export(tmp_path / "both.glb")
        assert len(read_geometry(tmp_path / "both.glb").faces) == len(SPHERE.faces)

    def test_compressed_positions_are_refused(self, tmp_path):
        tree = {"asset": {"version": "2.0"}, "extensionsRequired": ["KHR_draco_mesh_compression"],
                "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}], "scenes": [{"nodes": [0]}],
                "accessors": [{"count": 3, "componentType": 5126, "type": "VEC3"}], "nodes": [{"mesh": 0}]}
        path = write(tmp_path / "a.gltf", json.dumps(tree))
        with pytest.raises(InputError, match=r"KHR_draco_mesh_compression, .*export it again"):
            read_geometry(path)

    def test_ikea(self, shared):
        paths = sorted((shared / "data" / "ikea_furniture").glob("*.glb"))
        assert len(paths) == 58
        for path in paths[::20]:
            mesh = read_geometry(path)
            reference = trimesh.load(path, force="mesh", process=False)
            assert len(mesh.faces) == len(reference.faces)
            found, expected = triangles(mesh).reshape(-1, 9), reference.triangles.reshape(-1, 9)
            np.testing.assert_allclose(np.sort(found, 0), np.sort(expected, 0), atol=1e-6)


class TestTables:
    @pytest.mark.parametrize("separator", [" ", ",", ", ", "\t"])
    def test_xyz(self, tmp_path, separator):
        rows = "\n".join(separator.join(map(str, row)) for row in np.hstack([CLOUD, UNIT, CLOUD]).tolist())
        cloud = read_geometry(write(tmp_path / "a.xyz", f"# x y z\n\n{rows}  # last\n"))
        np.testing.assert_allclose(cloud.points, CLOUD)
        np.testing.assert_allclose(cloud.normals, UNIT)

    @pytest.mark.parametrize("extra", [255 * np.ones((20, 3)), 0.97 * UNIT, CLOUD[:, :1], 0 * UNIT])
    def test_other_columns_are_left(self, tmp_path, extra):
        np.savetxt(tmp_path / "a.txt", np.hstack([CLOUD, extra]))
        cloud = read_geometry(tmp_path / "a.txt")
        np.testing.assert_allclose(cloud.points, CLOUD)
        assert cloud.normals is None

    @pytest.mark.parametrize(("text", "message"), [
        ("1 2\n", "3 or more columns"), ("# only\n", "no numbers"), ("1 2 3\n4 5\n", "row of numbers"),
        ("1 2 3\n4 5 x\n", "row of numbers"), ("1 2 nan\n", "1 have NaN"),
        ("1 2 3\n4 inf 6", "1 have infinite"), ("\n \n", "no numbers")])
    def test_xyz_ugly(self, tmp_path, text, message):
        with pytest.raises(InputError, match=message):
            read_geometry(write(tmp_path / "a.xyz", text))

    def test_npy(self, tmp_path):
        np.save(tmp_path / "a.npy", np.hstack([CLOUD, UNIT]).astype(np.float32))
        cloud = read_geometry(tmp_path / "a.npy")
        assert cloud.points.dtype == cloud.normals.dtype == np.float32
        np.testing.assert_allclose(cloud.normals, UNIT, atol=1e-6)
        np.save(tmp_path / "b.npy", np.arange(6).reshape(2, 3))
        np.testing.assert_array_equal(read_geometry(tmp_path / "b.npy").points, [[0, 1, 2], [3, 4, 5]])

    @pytest.mark.parametrize("array", [
        np.zeros((4, 4)), np.zeros(3), np.array([[{}, 1, 2]], object), np.array([["a", "b", "c"]]),
        np.zeros((0, 3)), np.full((1, 3), np.nan)])
    def test_npy_ugly(self, tmp_path, array):
        np.save(tmp_path / "a.npy", array, allow_pickle=True)
        with pytest.raises(InputError, match=r"a\.npy"):
            read_geometry(tmp_path / "a.npy")

    def test_npy_whose_header_promises_too_much(self, tmp_path):
        np.save(tmp_path / "a.npy", np.zeros((10, 3)))
        data = (tmp_path / "a.npy").read_bytes()
        write(tmp_path / "a.npy", data.replace(b"(10, 3), }" + b" " * 9, b"(9999999999, 3), } "))
        assert (tmp_path / "a.npy").read_bytes() != data
        with pytest.raises(InputError, match="cannot be read as NPY"):
            read_geometry(tmp_path / "a.npy")

    def test_npz(self, tmp_path):
        np.savez(tmp_path / "a.npz", points=CLOUD, normals=3 * UNIT)
        np.testing.assert_allclose(read_geometry(tmp_path / "a.npz").normals, UNIT)
        np.savez(tmp_path / "b.npz", vertices=SPHERE.vertices, faces=SPHERE.faces)
        np.testing.assert_array_equal(triangles(read_geometry(tmp_path / "b.npz")), SPHERE.triangles)
        np.savez(tmp_path / "c.npz", xyz=CLOUD)
        with pytest.raises(InputError, match=r"found \['xyz'\]"):
            read_geometry(tmp_path / "c.npz")


class TestAnyFile:
    def test_place(self, tmp_path):
        with pytest.raises(InputError, match="no such file"):
            read_geometry(tmp_path / "none.ply")
        with pytest.raises(InputError, match="is a folder"):
            read_geometry(tmp_path)
        with pytest.raises(InputError, match=r"unknown suffix '\.doc'; known are \.ply, "):
            read_geometry(write(tmp_path / "a.doc", "x"))

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_empty_and_foreign(self, tmp_path, suffix):
        path = tmp_path / f"a{suffix}"
        with pytest.raises(InputError, match="0 bytes"):
            read_geometry(write(path, b""))
        for content in ("hello, this is no mesh at all\n" * 5, "x", np.random.default_rng(0).bytes(3000)):
            with pytest.raises(InputError, match=path.name) as caught:
                read_geometry(write(path, content))
            assert caught.value.__cause__ is not None

    @pytest.mark.parametrize("suffix", ["ply", "off", "glb", "stl"])
    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
    def test_truncated(self, tmp_path, suffix, share):
        data = SPHERE.export(file_type=suffix)
        data = data.encode() if isinstance(data, str) else data
        with pytest.raises(InputError):
            read_geometry(write(tmp_path / f"a.{suffix}", data[:int(share * len(data))]))

    def test_empty_scene(self, tmp_path):
        tree = {"asset": {"version": "2.0"}, "scenes": [{"nodes": [0]}], "nodes": [{"name": "nothing"}]}
        with pytest.raises(InputError, match="scene is empty"):
            read_geometry(write(tmp_path / "a.gltf", json.dumps(tree)))
        with pytest.raises(InputError, match="scene is empty"):
            read_geometry(write(tmp_path / "a.stl", "solid nothing\nendsolid nothing\n"))

    def test_damaged_bytes_never_escape(self, tmp_path):
        """Whatever is flipped in a file, the result is geometry or an InputError."""
        rng = np.random.default_rng(0)
        outcomes = set()
        for suffix in ("ply", "glb", "stl", "obj", "off"):
            data = SPHERE.export(file_type=suffix)
            original = np.frombuffer(data.encode() if isinstance(data, str) else data, np.uint8)
            for _ in range(15):
                damaged = original.copy()
                damaged[rng.integers(0, min(600, len(damaged)), 8)] = rng.integers(0, 256, 8)
                try:
                    read_geometry(write(tmp_path / f"a.{suffix}", damaged.tobytes()))
                    outcomes.add("geometry")
                except InputError:
                    outcomes.add("error")
        assert outcomes == {"geometry", "error"}


def test_many_nodes_of_one_mesh_and_nodes_of_one_name(tmp_path):
    brick, scene = trimesh.creation.box(), trimesh.Scene()
    for place in range(1000):
        scene.add_geometry(brick, transform=trimesh.transformations.translation_matrix([2 * place, 0, 0]))
    data = scene.export(file_type="glb")
    end = 20 + int.from_bytes(data[12:16], "little")
    header = json.loads(data[20:end])
    header["meshes"] = header["meshes"][:1]
    for node in header["nodes"]:
        node["name"] = "../Stühle/☃"
        if "mesh" in node:
            node["mesh"] = 0
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    total = 20 + len(text) + len(data) - end
    path = tmp_path / "☃ <b>.glb"
    path.write_bytes(data[:8] + total.to_bytes(4, "little") + len(text).to_bytes(4, "little") + data[16:20] + text
                     + data[end:])
    mesh = read_geometry(path)
    assert len(mesh.faces) == 12_000
    np.testing.assert_allclose(np.ptp(mesh.vertices, axis=0), [1999, 1, 1])
