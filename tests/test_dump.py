"""Clouds of single shapes: what is in them is what was labelled, found and grouped."""

from dataclasses import replace

import numpy as np
import pytest

from partwise.cli import main
from partwise.data.store import Store
from partwise.dump import Dump, Seen
from partwise.errors import InputError
from partwise.evaluate import evaluate
from partwise.grouping import instances
from partwise.grouping.instances import LevelInstances
from partwise.mesh import read_geometry
from partwise.mesh.ply import ply_columns
from partwise.segmenter import Segmenter
from partwise.showcase import part_colours
from partwise.taxonomy import class_colours, load_taxonomy
from tests.test_missing_levels import bottle

CLOUDS = [f"{what}_{side}" for what in ("semantic", "instance", "centre", "vote") for side in ("true", "predicted")]
LABELS = ("true_class", "true_instance", "predicted_class", "predicted_instance")


def vertices(path):
    return ply_columns(path.read_bytes())["vertex"]


def columns(cloud, *names):
    return np.stack([cloud[name] for name in names], 1)


@pytest.fixture
def store(chair_data):
    return Store(chair_data / "Chair/test.h5")


@pytest.fixture
def segmenter(trained):
    """Deals 200 of 256 points into two sets."""
    segmenter = Segmenter.load(trained, device="cpu")
    segmenter.config = replace(segmenter.config, n_point=100)
    return segmenter


def test_shifted_points_are_those_that_mean_shift_saw(segmenter, store, tmp_path, monkeypatch):
    seen, offsets, plain = [], [], instances.level_instances
    monkeypatch.setattr(instances, "group", lambda vote, *rest, group=instances.group: (
        seen.append(vote.copy()) or group(vote, *rest)))
    monkeypatch.setattr("partwise.segmenter.level_instances", lambda points, prediction, *rest: (
        offsets.append(points + prediction.instance_offset) or plain(points, prediction, *rest)))
    evaluate(segmenter, store, 1, dump=Dump(tmp_path, 1))
    folder = tmp_path / f"0000-{store.anno_id[0]}"
    assert len(seen) == len(offsets) == 3
    for what, arrays in (("vote", seen), ("centre", offsets)):
        for number, expected in zip((1, 2, 3), arrays, strict=True):
            cloud = vertices(folder / f"level_{number}_{what}_true.ply")
            assert len(expected) == len(cloud["x"]) == len(set(cloud["point"])) == 200
            found = columns(cloud, *"xyz")
            np.testing.assert_array_equal(found[np.lexsort(found.T)], expected[np.lexsort(expected.T)])
    away = np.linalg.norm(seen[0] - offsets[0], axis=1)
    np.testing.assert_allclose(away, segmenter.grouping.push, atol=1e-5)


def test_points_of_a_cloud_keep_their_places_and_labels(segmenter, store, tmp_path):
    report = evaluate(segmenter, store, dump=Dump(tmp_path, 2))
    assert len(list(tmp_path.iterdir())) == 2
    shown = {one.index: one for one in report.shown}
    for index in (0, 1):
        shape, folder = store.shape(index), tmp_path / f"{index:04d}-{store.anno_id[index]}"
        for row in range(3):
            whole, moved = (vertices(folder / f"level_{row + 1}_{what}_true.ply") for what in ("semantic", "vote"))
            truth = {"true_class": shape.semantic[row], "true_instance": shape.instance[row],
                     "predicted_class": shown[index].predicted_class[row],
                     "predicted_instance": shown[index].predicted_instance[row]}
            np.testing.assert_array_equal(whole["point"], np.arange(256))
            for name, values in truth.items():
                np.testing.assert_array_equal(whole[name], values)
                np.testing.assert_array_equal(moved[name], values[moved["point"]])
            places = columns(whole, *"xyz")
            assert np.linalg.norm(places[moved["point"]], axis=1).max() == pytest.approx(1, abs=1e-5)
            scale = np.ptp(places[:, 1]) / np.ptp(shape.points[:, 1])
            np.testing.assert_allclose(places - places[0], scale * (shape.points - shape.points[0]), atol=1e-5)
            np.testing.assert_array_equal(columns(whole, "nx", "ny", "nz"), shape.normals)


def test_places_belong_to_their_rows(segmenter, store, tmp_path, monkeypatch):
    """Without offsets, shifted points are the points, each in its row."""
    plain = segmenter.network_outputs
    monkeypatch.setattr(segmenter, "network_outputs", lambda *arrays: [
        [replace(level, instance_offset=0 * level.instance_offset, region_offset=0 * level.region_offset)
         for level in shape] for shape in plain(*arrays)])
    evaluate(segmenter, store, 1, dump=Dump(tmp_path, 1))
    folder, = tmp_path.iterdir()
    whole = columns(vertices(folder / "level_2_instance_true.ply"), *"xyz")
    for what in ("centre", "vote"):
        cloud = vertices(folder / f"level_2_{what}_true.ply")
        np.testing.assert_array_equal(columns(cloud, *"xyz"), whole[cloud["point"]])
        assert (np.diff(cloud["point"]) > 0).all()


def test_colours(segmenter, store, tmp_path):
    evaluate(segmenter, store, 1, dump=Dump(tmp_path, 1))
    folder, = tmp_path.iterdir()
    for level in segmenter.taxonomy.levels:
        clouds = {name: vertices(folder / f"level_{level.number}_{name}.ply") for name in CLOUDS}
        colours = {name: columns(cloud, "red", "green", "blue") for name, cloud in clouds.items()}
        labels = [clouds["semantic_true"][name] for name in LABELS]
        rows = clouds["vote_true"]["point"]
        parts = dict(zip(("true", "predicted"), part_colours(*labels), strict=True))
        for side, classes in (("true", labels[0]), ("predicted", labels[2])):
            np.testing.assert_array_equal(colours[f"semantic_{side}"], class_colours(level)[classes])
            np.testing.assert_array_equal(colours[f"instance_{side}"], parts[side])
            for what in ("centre", "vote"):
                np.testing.assert_array_equal(colours[f"{what}_{side}"], parts[side][rows])


def stand_in(shape, places):
    """The truth as what was found, and the points seen at other places."""
    found = [LevelInstances(semantic.astype(int), instance.astype(int), *[np.zeros(0)] * 5)
             for semantic, instance in zip(shape.semantic, shape.instance, strict=True)]
    return found, Seen(np.arange(len(places)), [places] * 3, [places] * 3)


def test_obj_and_missing_levels_and_odd_names(tmp_path):
    """A bottle has no level 2; a name must not lead out of the folder."""
    shape, taxonomy = replace(bottle(0), anno_id="../a b"), load_taxonomy("Bottle")
    levels = [level for level in taxonomy.levels if level.is_real]
    places = np.random.default_rng(0).normal(size=(200, 3)).astype(np.float32)
    Dump(tmp_path / "new", 1, "obj").write(0, shape, *stand_in(shape, places), levels)
    folder, = (tmp_path / "new").iterdir()
    assert folder.name == "0000-.._a_b"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"level_{number}_{name}.obj" for number in (1, 3) for name in CLOUDS)
    path = folder / "level_3_vote_true.obj"
    np.testing.assert_allclose(read_geometry(path).points, places, atol=1e-6)
    rows = [line.split()[1:] for line in path.read_text().splitlines() if line.startswith("v ")]
    colours = np.array(rows, float)[:, 3:]
    np.testing.assert_allclose(255 * colours, part_colours(*[shape.semantic[2], shape.instance[2]] * 2)[0], atol=1e-3)


def test_only_the_first_are_written(tmp_path):
    shape = bottle(0)
    dump = Dump(tmp_path, 2)
    for index in range(4):
        dump.write(index, shape, *stand_in(shape, shape.points), load_taxonomy("Bottle").levels[:1])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0000-0", "0001-0"]
    assert not list(tmp_path.rglob("*partial*"))


def test_a_folder_that_is_taken(segmenter, store, tmp_path):
    """Nothing of anybody's is removed, and nothing is computed in vain."""
    (tmp_path / "mine").write_text("")
    segmenter.prepare = lambda *arguments: pytest.fail("computed in vain")
    with pytest.raises(InputError, match="already there; remove it"):
        evaluate(segmenter, store, dump=Dump(tmp_path, 1))
    with pytest.raises(InputError, match="already there"):
        Dump(tmp_path / "mine", 1).check()
    with pytest.raises(InputError, match="-1 shapes"):
        Dump(tmp_path / "new", -1).check()


def test_the_command(trained, chair_data, tmp_path, capsys):
    arguments = ["evaluate", "--model", str(trained), "--data", str(chair_data), "--out", str(tmp_path / "out"),
                 "--device", "cpu", "--limit", "3", "--dump", "2", "--dump-format", "obj"]
    assert main(arguments) == 0
    assert f"clouds: {tmp_path / 'out/dump'}" in capsys.readouterr().out.replace("\n", "")
    folders = sorted((tmp_path / "out/dump").iterdir())
    assert len(folders) == 2
    assert all(len(list(folder.glob("level_*.obj"))) == 24 for folder in folders)
    assert main(arguments) == 1
    assert "already there" in capsys.readouterr().err
