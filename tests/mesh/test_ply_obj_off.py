import numpy as np
import pytest
import trimesh

from partwise.errors import InputError
from partwise.mesh import read_geometry

CLOUD = np.random.default_rng(0).normal(size=(20, 3))
UNIT = CLOUD / np.linalg.norm(CLOUD, axis=1, keepdims=True)


def write(path, content):
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


class TestPly:
    @pytest.mark.parametrize("encoding", ["ascii", "binary"])
    def test_cloud_keeps_normals(self, tmp_path, encoding):
        reference = trimesh.PointCloud(CLOUD)
        path = write(tmp_path / "a.ply", reference.export(file_type="ply", encoding=encoding))
        np.testing.assert_allclose(read_geometry(path).points, CLOUD, atol=1e-6)
        assert read_geometry(path).normals is None
        rows = "\n".join(" ".join(map(str, row)) for row in np.hstack([CLOUD, 5 * UNIT]).tolist())
        names = "".join(f"property double {name}\n" for name in ("x", "y", "z", "nx", "ny", "nz"))
        head = "ply\nformat ascii 1.0\ncomment x\nelement vertex 20\n"
        path = write(tmp_path / "b.ply", f"{head}{names}end_header\n{rows}")
        np.testing.assert_allclose(read_geometry(path).normals, UNIT)  # made unit length

    def test_zero_normals_are_no_normals(self, tmp_path):
        names = "".join(f"property float {name}\n" for name in ("x", "y", "z", "nx", "ny", "nz"))
        path = write(tmp_path / "a.ply", "ply\nformat ascii 1.0\nelement vertex 2\n" + names
                     + "end_header\n0 0 0 1 0 0\n1 1 1 0 0 0\n")
        assert read_geometry(path).normals is None

    @pytest.mark.parametrize("order", ["<", ">"])
    def test_polygons_of_mixed_size(self, tmp_path, order):
        name = {"<": "little", ">": "big"}[order]
        header = (f"ply\nformat binary_{name}_endian 1.0\nelement camera 1\nproperty float view\n"
                  "element vertex 5\nproperty double x\nproperty double y\nproperty double z\n"
                  "element face 4\nproperty uchar material\nproperty list uchar int vertex_index\n"
                  "property list uchar float texcoord\nend_header\n")
        body = np.float32(1).astype(f"{order}f4").tobytes() + CLOUD[:5].astype(f"{order}f8").tobytes()
        polygons = [[0, 1, 2, 3], [4, 2, 1], [3, 4], [0, 1, 2, 3, 4]]
        for polygon in polygons:
            body += bytes([9, len(polygon)]) + np.array(polygon, f"{order}i4").tobytes()
            body += bytes([2]) + np.zeros(2, f"{order}f4").tobytes()
        path = write(tmp_path / "a.ply", header.encode() + body)
        mesh = read_geometry(path)
        expected = [[0, 1, 2], [0, 2, 3], [4, 2, 1], [0, 1, 2], [0, 2, 3], [0, 3, 4]]
        np.testing.assert_array_equal(mesh.faces, expected)
        np.testing.assert_array_equal(mesh.vertices, CLOUD[:5])
        for cut in (1, 9, 30, 90):
            write(path, header.encode() + body[:-cut])
            with pytest.raises(InputError, match="truncated"):
                read_geometry(path)

    def test_ascii_mixed_and_windows_line_ends(self, tmp_path):
        text = ("ply\nformat ascii 1.0\nelement vertex 4\n"
                "property float x\nproperty float y\nproperty float z\n"
                "element face 2\nproperty list uchar int vertex_indices\nend_header\n"
                "0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n3 0 2 3\n")
        mesh = read_geometry(write(tmp_path / "a.ply", text.replace("\n", "\r\n")))
        np.testing.assert_array_equal(mesh.faces, [[0, 1, 2], [0, 2, 3], [0, 2, 3]])

    @pytest.mark.parametrize(("body", "message"), [
        ("0 0 0\n1 0 0\n", "truncated"), ("0 0 0\n1 0 zero\n1 1 1", "not a number"),
        ("0 0 0\n1 0 nan\n0 inf 0\n", "1 have NaN and 1 have infinite"), ("", "truncated")])
    def test_ascii_ugly(self, tmp_path, body, message):
        header = "ply\nformat ascii 1.0\nelement vertex 3\n" + "".join(f"property float {a}\n" for a in "xyz")
        with pytest.raises(InputError, match=message):
            read_geometry(write(tmp_path / "a.ply", header + "end_header\n" + body))

    @pytest.mark.parametrize(("header", "message"), [
        ("element vertex 1000000000000\nproperty float x\nproperty float y\nproperty float z\n", "truncated"),
        ("element vertex -1\nproperty float x\n", "not understood: 'element vertex -1'"),
        ("property float x\n", "not understood"),
        ("element vertex 1\nproperty quaternion x\n", "not understood"),
        ("element vertex 1\nproperty uchar x\n", "no vertices with x, y and z"),
        ("element vertex 0\n", "no vertices"),
    ])
    def test_header_ugly(self, tmp_path, header, message):
        text = "ply\nformat binary_little_endian 1.0\n" + header + "end_header\n\0\0\0"
        with pytest.raises(InputError, match=message):
            read_geometry(write(tmp_path / "a.ply", text))

    @pytest.mark.parametrize("text", ["ply\nformat ascii 1.0\n", "ply\nend_header\n", "PK", "ply"])
    def test_not_ply(self, tmp_path, text):
        with pytest.raises(InputError, match="PLY"):
            read_geometry(write(tmp_path / "a.ply", text))


class TestObj:
    def test_groups_materials_and_all_forms_of_faces(self, tmp_path):
        text = ("# comment\nmtllib none.mtl\no one\nv 0 0 0\nv 1 0 0 1 0 0\nv 1 1 0\n\tv 0 1 0\n"
                "vt 0 0\nvn 0 0 1\nusemtl b\nf 1/1/1 2/1/1 3/1/1 4/1/1\ng two\nusemtl a\nf -4 -3 -2 # back\n"
                "v 5 5 5\nv 6 6 6\nf -3//1 -2//1 -1//1\nl 1 2\nf 1 \\\n 2 4\n")
        mesh = read_geometry(write(tmp_path / "a.obj", text))
        np.testing.assert_array_equal(mesh.faces, [[0, 1, 2], [0, 2, 3], [0, 1, 2], [3, 4, 5], [0, 1, 3]])
        assert len(mesh.vertices) == 6

    def test_points_alone(self, tmp_path):
        text = "".join("vn {} {} {}\nv {} {} {}\n".format(*row) for row in np.hstack([UNIT, CLOUD]).tolist())
        cloud = read_geometry(write(tmp_path / "a.obj", text))
        np.testing.assert_allclose(cloud.points, CLOUD)
        np.testing.assert_allclose(cloud.normals, UNIT)

    @pytest.mark.parametrize(("text", "message"), [
        ("o nothing\n", "no vertices"), ("v 0 0\n", "row of numbers"), ("v 0 0 0\nf 1 2 3\n", "do not exist"),
        ("v 0 0 0\nf 0 1 1\n", "do not exist"), ("v 0 0 0\nf 1 1 -2\n", "do not exist"),
        ("v 0 0 0\nf a b c\n", "cannot be read as OBJ"), ("v 0 0 0\nf 1 1\n", "no faces"),
        ("v nan 0 0\nf 1 1 1\n", "NaN"), ("glTF\0\0", "binary")])
    def test_ugly(self, tmp_path, text, message):
        with pytest.raises(InputError, match=message):
            read_geometry(write(tmp_path / "a.obj", text))


class TestOff:
    def test_head_without_line_end_and_colours(self, tmp_path):
        text = "COFF4 2 0 # counts\n0 0 0 255 0 0 255\n1 0 0\n1 1 0\n\n0 1 0\n4 0 1 2 3 0.5 0.5\n3 0 1 2\n"
        mesh = read_geometry(write(tmp_path / "a.off", text))
        np.testing.assert_array_equal(mesh.faces, [[0, 1, 2], [0, 2, 3], [0, 1, 2]])

    def test_points_alone(self, tmp_path):
        cloud = read_geometry(write(tmp_path / "a.off", "OFF\n2 0 0\n0 0 0\n1 2 3\n"))
        np.testing.assert_array_equal(cloud.points, [[0, 0, 0], [1, 2, 3]])

    @pytest.mark.parametrize(("text", "message"), [
        ("OFF BINARY\n", "not a text OFF"), ("OFF\n3 1 0\n0 0 0\n1 1 1\n", "truncated"),
        ("OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1\n", "fewer corners"), ("OFF\n0 0 0\n", "no numbers"),
        ("OFF\n99999999999 99999999999 0\n", "truncated"), ("OFF\n1 1 0\n0 0 0\n3 0 0 x\n", "OFF")])
    def test_ugly(self, tmp_path, text, message):
        with pytest.raises(InputError, match=message):
            read_geometry(write(tmp_path / "a.off", text))
