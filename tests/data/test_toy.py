import json
from collections import Counter

import h5py
import numpy as np
import pytest
import trimesh

from partwise.cli.toy import Toy
from partwise.data.partnet import read_partnet
from partwise.data.toy import TOY_CATEGORIES, ToyPart, part_tree, toy_shape, write_toy
from partwise.errors import InputError
from partwise.taxonomy import load_taxonomy

COUNTS = {"train": 30, "val": 0, "test": 4}
LAYOUT = {"pts": ((3,), "float32"), "nor": ((3,), "float32"), "rgb": ((3,), "uint8"),
          "opacity": ((), "float32"), "label": ((), "int32")}


@pytest.fixture(scope="module", params=TOY_CATEGORIES)
def world(request, tmp_path_factory):
    """Category, folder of its files, arrays and records of the training shapes."""
    out = tmp_path_factory.mktemp("toy")
    write_toy(out, request.param, COUNTS, n_point=512, meshes=out / "meshes")
    folder = out / request.param
    with h5py.File(folder / "train-00.h5") as file:
        arrays = {name: file[name][:] for name in file}
    return request.param, folder, arrays, json.loads((folder / "train-00.json").read_text())


def test_layout(world):
    _, folder, _, records = world
    names = {path.name for path in folder.iterdir()}
    assert names == {"train-00.h5", "train-00.json", "test-00.h5", "test-00.json"}
    with h5py.File(folder / "train-00.h5") as file:
        assert set(file) == set(LAYOUT)
        for name, (shape, dtype) in LAYOUT.items():
            assert file[name].shape == (30, 512, *shape)
            assert file[name].dtype == dtype
            assert (file[name].compression, file[name].compression_opts) == ("gzip", 4)
    assert len(records) == 30
    assert all(set(record) == {"model_id", "anno_id", "ins_seg"} for record in records)
    assert len({record["anno_id"] for record in records}) == 30


def test_geometry(world):
    arrays = world[2]
    points = arrays["pts"].astype(np.float64)
    np.testing.assert_allclose(np.linalg.norm(points, axis=2).max(1), 1, atol=1e-6)
    np.testing.assert_allclose((points.max(1) + points.min(1)) / 2, 0, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(arrays["nor"], axis=2), 1, atol=1e-5)
    assert (arrays["opacity"] == 1).all()
    assert len(np.unique(points[:, 0, 0])) == 30  # no two shapes alike


def test_tree(world):
    category, _, arrays, records = world
    taxonomy = load_taxonomy(category)
    known = set(taxonomy.merging.values())
    for record, label in zip(records, arrays["label"], strict=True):
        nodes = record["ins_seg"]
        leaves = {node["leaf_id_list"][0] for node in nodes
                  if len(node["leaf_id_list"]) == 1 and node["part_name"] in taxonomy.level(3).class_of}
        assert {node["part_name"] for node in nodes} <= known
        assert nodes[0]["part_name"] == category.lower()
        assert set(nodes[0]["leaf_id_list"]) == leaves
        assert set(label) <= leaves
        for level in taxonomy.levels:  # a leaf is in exactly one part of each level
            listed = Counter(leaf for node in nodes if node["part_name"] in level.class_of
                             for leaf in node["leaf_id_list"])
            assert listed == Counter(leaves)
        names = Counter(node["part_name"] for node in nodes)
        for prefix in {name.rpartition("/")[0] for name in names} - {""}:
            assert names[prefix] == (2 if prefix == "chair/chair_arm" else 1)


def test_variety():
    expected = {
        "Chair": {"chair_head", "chair_back", "chair_arm", "chair_base", "chair_seat"},
        "Table": {"regular_table/tabletop", "regular_table/table_base"}}
    for category, coarse in expected.items():
        taxonomy = load_taxonomy(category)
        shapes = [toy_shape(category, np.random.default_rng(seed)) for seed in range(200)]
        paths = Counter(path for parts in shapes for path in {part.path for part in parts})
        first = taxonomy.level(1)
        assert {first.names[first.class_of["/".join(path.split("/")[:2 + (category == "Table")])]]
                for path in paths} == coarse
        assert set(paths) <= set(taxonomy.level(3).paths)
        assert min(paths.values()) >= 5  # every path occurs in at least 5 of 200 shapes
        legs = [sum(part.path.endswith("regular_leg_base/leg") for part in parts) for parts in shapes]
        assert set(legs) == {0, 4}
    chairs = [toy_shape("Chair", np.random.default_rng(seed)) for seed in range(300)]
    assert {sum("surface_vertical" in part.path for part in parts) for parts in chairs} == {0, 2, 3, 4, 5, 6}


def test_parts_stand_on_the_floor_and_are_closed():
    for category in TOY_CATEGORIES:
        for seed in range(20):
            parts = toy_shape(category, np.random.default_rng(seed))
            assert all(part.mesh.is_watertight and part.mesh.volume > 0 for part in parts)
            assert abs(min(part.mesh.bounds[0, 1] for part in parts)) < 0.04


def test_same_seed_same_files_whatever_else_is_written(tmp_path):
    first = write_toy(tmp_path / "a", "Chair", {"train": 3, "test": 2}, 64, seed=5)
    again = write_toy(tmp_path / "b", "Chair", {"test": 3, "train": 3}, 64, seed=5)
    other = write_toy(tmp_path / "c", "Chair", {"train": 3}, 64, seed=6)
    assert first[0].read_bytes() == again[1].read_bytes()
    assert first[0].with_suffix(".json").read_bytes() == again[1].with_suffix(".json").read_bytes()
    with h5py.File(first[1]) as two, h5py.File(again[0]) as three, h5py.File(other[0]) as changed:
        for name in two:
            np.testing.assert_array_equal(two[name][:], three[name][:2])
        with h5py.File(first[0]) as train:
            assert not np.array_equal(train["pts"][:], changed["pts"][:])
            assert not np.array_equal(train["pts"][:2], two["pts"][:])


def test_files_hold_at_most_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("partwise.data.toy.SHAPES_PER_FILE", 2)
    written = write_toy(tmp_path, "Table", {"train": 5}, 16)
    assert [path.name for path in written] == ["train-00.h5", "train-01.h5", "train-02.h5"]
    records = [json.loads(path.with_suffix(".json").read_text()) for path in written]
    ids = [[record["model_id"] for record in file] for file in records]
    assert ids == [[f"toy-table-train-{index}" for index in file] for file in ((0, 1), (2, 3), (4,))]


def test_meshes_fit_the_points(world):
    category, folder, _, _ = world
    paths = sorted((folder.parent / "meshes").iterdir())
    assert [path.name for path in paths] == [f"toy-{category.lower()}-test-{i}.glb" for i in range(4)]
    with h5py.File(folder / "test-00.h5") as file:
        points = file["pts"][2]
    records = json.loads((folder / "test-00.json").read_text())
    scene = trimesh.load(paths[2])
    leaves = [node["part_name"].rpartition("/")[2] for node in records[2]["ins_seg"]
              if node["part_name"] in load_taxonomy(category).level(3).class_of]
    nodes = scene.graph.nodes_geometry
    assert Counter(name.rpartition("_")[0] for name in nodes) == Counter(leaves)
    mesh = trimesh.load(paths[2], force="mesh")
    distance = trimesh.proximity.closest_point_naive(mesh, points[:100])[1]
    assert distance.max() < 1e-5


def test_parts_outside_the_tree_are_refused():
    part = ToyPart("chair/chair_wing", trimesh.creation.box())
    with pytest.raises(InputError, match="'chair/chair_wing' is not in the part tree of Chair"):
        part_tree([part], load_taxonomy("Chair"))


def test_branches():
    box = trimesh.creation.box()
    paths = [("chair/chair_arm/arm_horizontal_bar", 0), ("chair/chair_arm/arm_connector", 0),
             ("chair/chair_arm/arm_horizontal_bar", 1), ("chair/chair_seat", 0)]
    parts = [ToyPart(path, box, branch) for path, branch in paths]
    nodes, leaf_ids = part_tree(parts, load_taxonomy("Chair"))
    assert [(node["part_name"], node["leaf_id_list"]) for node in nodes] == [
        ("chair", [2, 3, 5, 6]), ("chair/chair_arm", [2, 3]), ("chair/chair_arm/arm_horizontal_bar", [2]),
        ("chair/chair_arm/arm_connector", [3]), ("chair/chair_arm", [5]),
        ("chair/chair_arm/arm_horizontal_bar", [5]), ("chair/chair_seat", [6])]
    assert leaf_ids == [2, 3, 5, 6]


@pytest.mark.parametrize(("change", "message"), [
    ({"category": "Lamp"}, "Chair or Table"), ({"counts": {"holdout": 1}}, "holdout"),
    ({"counts": {"train": -1}}, "-1"), ({"n_point": 0}, "at least 1"), ({"seed": -1}, "seed -1")])
def test_requests_refused(tmp_path, change, message):
    request = {"out": tmp_path, "category": "Chair", "counts": {"train": 1}, "n_point": 8, "seed": 0} | change
    with pytest.raises(InputError, match=message):
        write_toy(**request)
    assert not list(tmp_path.iterdir())


def test_files_that_are_there_are_not_touched(tmp_path):
    (tmp_path / "Chair").mkdir()
    real = tmp_path / "Chair" / "val-03.h5"
    real.write_bytes(b"real")
    with pytest.raises(InputError, match=r"already holds val-03\.h5"):
        write_toy(tmp_path, "Chair", {"train": 1}, 8)
    assert real.read_bytes() == b"real"


def test_one_point(tmp_path):
    [path] = write_toy(tmp_path, "Table", {"train": 1}, 1)
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["pts"][:], np.zeros((1, 1, 3)))


def test_command(tmp_path, capsys):
    glb = tmp_path / "glb"
    Toy(out=tmp_path / "toy", category="Table", train=2, val=1, test=1, points=32, meshes=glb).run()
    text = capsys.readouterr().out
    assert "4 toy shapes of 32 points in 3 files" in text
    assert str(tmp_path / "toy" / "Table" / "train-00.h5") in text
    assert [path.name for path in glb.iterdir()] == ["toy-table-test-0.glb"]


def test_through_the_reader_of_partnet(world):
    """Every point has a part at every level; instances are the leaves, or what the tree joins."""
    category, folder, _, records = world
    blocks = list(read_partnet(folder / "train-00.h5", load_taxonomy(category)))
    semantic = np.concatenate([block.semantic for block in blocks])
    instance = np.concatenate([block.instance for block in blocks])
    assert semantic.shape == (30, 3, 512)
    assert semantic.min() > 0
    assert set(np.unique(semantic[:, 0])) == ({1, 2, 3, 4, 5} if category == "Chair" else {9, 10})
    level = load_taxonomy(category).level(3)
    for record, fine, label in zip(records, instance[:, 2], folder_labels(folder), strict=True):
        n_leaf = sum(node["part_name"] in level.class_of for node in record["ins_seg"])
        assert len(set(zip(fine, label, strict=True))) == len(set(label)) == len(set(fine)) <= n_leaf


def folder_labels(folder):
    with h5py.File(folder / "train-00.h5") as file:
        return file["label"][:]
