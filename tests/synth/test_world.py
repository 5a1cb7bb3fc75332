"""The world as files: PartNet's layout, the same bytes for a seed, restarts, meshes, and what it refuses."""

import json
from collections import Counter

import h5py
import numpy as np
import pytest
import trimesh

from partwise.data.partnet import read_partnet
from partwise.errors import InputError
from partwise.mesh import read_geometry
from partwise.synth import world
from partwise.synth.parts import Part, again, both_sides, one, part_path, part_tree
from partwise.synth.placing import move
from partwise.synth.shapes import make_shape
from partwise.synth.solids import box
from partwise.synth.world import write_world
from partwise.taxonomy import load_taxonomy


def plain_chair(random):
    width, depth = random.uniform(0.4, 0.6, 2)
    arm = one("chair/chair_arm", [
        Part("chair/chair_arm/arm_horizontal_bar", block((0.04, 0.03, depth), width / 2, 0.65, 0)),
        Part("chair/chair_arm/arm_near_vertical_bar", block((0.04, 0.2, 0.04), width / 2, 0.55, 0))])
    return [Part("chair/chair_seat/seat_surface/seat_single_surface", block((width, 0.05, depth), 0, 0.42, 0)),
            Part("chair/chair_back/back_surface/back_single_surface", block((width, 0.5, 0.04), 0, 0.7, -depth / 2)),
            *legs("chair/chair_base/regular_leg_base/leg", width, depth), *both_sides(arm)]


def plain_table(random):
    width, depth = random.uniform(0.8, 1.2, 2)
    return [Part("table/regular_table/tabletop/tabletop_surface/board", block((width, 0.05, depth), 0, 0.42, 0)),
            *legs("table/regular_table/table_base/regular_leg_base/leg", width, depth)]


def legs(path, width, depth):
    return [Part(path, block((0.05, 0.4, 0.05), x * width / 2.2, 0.2, z * depth / 2.2))
            for x in (-1, 1) for z in (-1, 1)]


def block(size, *centre):
    return move(box(size), centre)


MAKERS = {"Chair": plain_chair, "Table": plain_table}
LAYOUT = {"pts": ((3,), "float32"), "nor": ((3,), "float32"), "rgb": ((3,), "uint8"),
          "opacity": ((), "float32"), "label": ((), "int32")}


@pytest.fixture(scope="module", params=MAKERS)
def files(request, tmp_path_factory):
    """Category, folder of its files, arrays and records of the training shapes."""
    out = tmp_path_factory.mktemp("world")
    write_world(out, request.param, MAKERS[request.param], {"train": 30, "val": 0, "test": 4}, 512,
                meshes={"test": out / "meshes"}, workers=1)
    folder = out / request.param
    with h5py.File(folder / "train-00.h5") as file:
        arrays = {name: file[name][:] for name in file}
    return request.param, folder, arrays, json.loads((folder / "train-00.json").read_text())


def test_layout(files):
    _, folder, _, records = files
    assert {path.name for path in folder.iterdir()} == {"train-00.h5", "train-00.json", "test-00.h5", "test-00.json"}
    with h5py.File(folder / "train-00.h5") as file:
        assert set(file) == set(LAYOUT)
        for name, (shape, dtype) in LAYOUT.items():
            assert file[name].shape == (30, 512, *shape)
            assert file[name].dtype == dtype
            assert (file[name].compression, file[name].compression_opts) == ("gzip", 4)
    assert all(set(record) == {"model_id", "anno_id", "ins_seg"} for record in records)
    assert len({record["anno_id"] for record in records}) == len(records) == 30


def test_geometry(files):
    arrays = files[2]
    points = arrays["pts"].astype(np.float64)
    np.testing.assert_allclose(np.linalg.norm(points, axis=2).max(1), 1, atol=1e-6)
    np.testing.assert_allclose((points.max(1) + points.min(1)) / 2, 0, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(arrays["nor"], axis=2), 1, atol=1e-5)
    assert len(np.unique(points[:, 0, 0])) == 30  # no two shapes alike


def test_tree(files):
    category, _, arrays, records = files
    taxonomy = load_taxonomy(category)
    for record, label in zip(records, arrays["label"], strict=True):
        nodes = record["ins_seg"]
        assert nodes[0]["part_name"] == category.lower()
        leaves = set(nodes[0]["leaf_id_list"])
        assert set(label) <= leaves
        for level in taxonomy.levels:  # a leaf is in exactly one part of each level
            listed = Counter(leaf for node in nodes if node["part_name"] in level.class_of
                             for leaf in node["leaf_id_list"])
            assert listed == Counter(leaves)
        names = Counter(node["part_name"] for node in nodes)
        for prefix in {name.rpartition("/")[0] for name in names} - {""}:
            assert names[prefix] == (2 if prefix == "chair/chair_arm" else 1)


def test_the_reader_reads_them(files):
    category, folder, _, _ = files
    blocks = list(read_partnet(folder / "train-00.h5", load_taxonomy(category)))
    assert sum(map(len, blocks)) == 30
    assert all((block.semantic > 0).all() for block in blocks)


def test_meshes_are_the_part_tree(files):
    category, folder, _, _ = files
    paths = sorted((folder.parent / "meshes").glob("*.glb"))
    assert len(paths) == 4
    for index, path in enumerate(paths):
        shape = make_shape(MAKERS[category], category, "test", index, 0, 512)
        scene = trimesh.load(path)
        graph = scene.graph.transforms
        named = {}
        for node in scene.graph.nodes_geometry:
            chain, at = [node], node
            while graph.parents[at] != scene.graph.base_frame:
                at = graph.parents[at]
                chain.append(at)
            named[node] = "/".join(name.rpartition("_")[0] for name in chain[::-1])
        expected = Counter(part.path for part in shape.parts)
        found = Counter(name[name.index(category.lower() + "/"):] if category.lower() + "/" in name else name
                        for name in named.values())
        assert found == expected
        mesh = read_geometry(path)
        points = shape.arrays["pts"]
        assert mesh.vertices.min(0) == pytest.approx(points.min(0), abs=0.1)
        assert len(mesh.faces) == sum(len(part.mesh.faces) for part in shape.parts)


def test_the_same_seed_gives_the_same_bytes_with_any_number_of_workers(tmp_path, monkeypatch):
    monkeypatch.setattr(world, "SHAPES_PER_FILE", 4)
    counts = {"train": 9, "test": 2}
    first = write_world(tmp_path / "a", "Chair", plain_chair, counts, 64, seed=5, workers=1)
    again_ = write_world(tmp_path / "b", "Chair", plain_chair, dict(reversed(counts.items())), 64, seed=5, workers=2)
    other = write_world(tmp_path / "c", "Chair", plain_chair, counts, 64, seed=6, workers=1)
    assert [path.name for path in first] == ["train-00.h5", "train-01.h5", "train-02.h5", "test-00.h5"]
    for path in first:
        twin = next(one for one in again_ if one.name == path.name)
        assert path.read_bytes() == twin.read_bytes()
        assert path.with_suffix(".json").read_bytes() == twin.with_suffix(".json").read_bytes()
    assert first[0].read_bytes() != other[0].read_bytes()


def test_an_interrupted_world_is_continued(tmp_path, monkeypatch):
    monkeypatch.setattr(world, "SHAPES_PER_FILE", 3)
    whole = write_world(tmp_path / "whole", "Chair", plain_chair, {"train": 7}, 64, workers=1)
    real, made = world.make_shape, []

    def stops(*arguments):
        made.append(arguments[3])
        if len(made) == 5:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(world, "make_shape", stops)
    with pytest.raises(KeyboardInterrupt):
        write_world(tmp_path / "part", "Chair", plain_chair, {"train": 7}, 64, workers=1)
    assert sorted(path.name for path in (tmp_path / "part/Chair").iterdir()) == ["train-00.h5", "train-00.json"]
    made.extend(range(100))  # from here on it does not stop
    monkeypatch.setattr(world, "make_shape", lambda *arguments: made.append(arguments[3]) or real(*arguments))
    made.clear()
    part = write_world(tmp_path / "part", "Chair", plain_chair, {"train": 7}, 64, workers=1)
    assert made == [3, 4, 5, 6]
    assert [path.read_bytes() for path in part] == [path.read_bytes() for path in whole]


@pytest.mark.parametrize(("changes", "message"), [
    ({"counts": {"train": 0}}, "at least 1"), ({"counts": {"train": -3, "test": 5}}, "at least 1"),
    ({"counts": {"training": 3}}, "unknown splits"), ({"n_point": 0}, "0 points"), ({"seed": -1}, "seed -1")])
def test_impossible_worlds(tmp_path, changes, message):
    arguments = {"counts": {"train": 1}, "n_point": 16, "seed": 0, **changes}
    with pytest.raises(InputError, match=message):
        write_world(tmp_path / "out", "Chair", plain_chair, **arguments)
    assert not (tmp_path / "out").exists()


def test_a_file_without_its_json_is_not_ours(tmp_path):
    written = write_world(tmp_path, "Chair", plain_chair, {"train": 2}, 16, workers=1)
    written[0].with_suffix(".json").unlink()
    before = written[0].read_bytes()
    with pytest.raises(InputError, match=r"train-00\.h5: is in the way"):
        write_world(tmp_path, "Chair", plain_chair, {"train": 2}, 16, workers=1)
    assert written[0].read_bytes() == before


def test_files_in_the_way_are_kept(tmp_path):
    written = write_world(tmp_path, "Chair", plain_chair, {"train": 2}, 16, workers=1)
    before = written[0].read_bytes()
    for changes in ({"seed": 1}, {"n_point": 17}, {"counts": {"train": 3}}, {"counts": {"test": 2}}):
        with pytest.raises(InputError, match="in the way"):
            write_world(tmp_path, "Chair", plain_chair, **{"counts": {"train": 2}, "n_point": 16, "seed": 0, **changes})
    written[0].write_bytes(b"no HDF5")
    with pytest.raises(InputError, match="not a readable HDF5"):
        write_world(tmp_path, "Chair", plain_chair, {"train": 2}, 16)
    written[0].write_bytes(before)
    assert write_world(tmp_path, "Chair", plain_chair, {"train": 2}, 16) == written


def test_nodes_are_shared_unless_set_apart():
    bar, post = "chair/chair_arm/arm_horizontal_bar", "chair/chair_arm/arm_near_vertical_bar"
    arm = one("chair/chair_arm", [Part(bar, box((1, 1, 1))), Part(post, box((1, 1, 1)))])
    wheel = "chair/chair_base/star_leg_base/star_leg_set/caster/wheel"
    wheels = [Part(wheel, box((1, 1, 1))), Part(wheel, box((1, 1, 1)))]
    other = Part("chair/chair_arm", box((1, 1, 1)), is_other=True)
    loose = one("chair/chair_arm", [other, Part(bar, box((1, 1, 1)))])
    nodes, leaves = part_tree([*both_sides(arm), *wheels, *loose], load_taxonomy("Chair"))
    names = Counter(node["part_name"] for node in nodes)
    assert names["chair"] == names["chair/chair_base"] == 1
    assert names["chair/chair_arm"] == 3
    assert names[bar] == 3
    assert names[wheel] == 2
    assert names["chair/chair_base/star_leg_base/star_leg_set/caster"] == 1
    assert len(set(leaves)) == 8
    third = [node for node in nodes if node["part_name"] == "chair/chair_arm"][2]
    assert third["leaf_id_list"] == leaves[6:]
    assert [node for node in nodes if leaves[6] in node["leaf_id_list"]][-1] == third  # other has no record


def test_copies_keep_what_is_shared():
    pair = one("chair/chair_arm", [Part("chair/chair_arm/arm_sofa_style", box((1, 1, 1)))] * 2)
    copies = again(pair)
    assert copies[0].nodes == copies[1].nodes != pair[0].nodes


def test_a_path_outside_the_tree_is_an_error():
    assert part_path("Chair", "chair/chair_back") == "chair/chair_back"
    with pytest.raises(InputError, match="'chair/wing'"):
        part_path("Chair", "chair/wing")
    with pytest.raises(InputError, match="'chair/wing'"):
        part_tree([Part("chair/wing", box((1, 1, 1)))], load_taxonomy("Chair"))
