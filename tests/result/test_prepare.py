"""From results to stores."""

import shutil
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial import cKDTree

from partwise.cli import main
from partwise.data.store import Store
from partwise.errors import InputError
from partwise.normalisation import enclosing_ball
from partwise.orientation import upright
from partwise.result.files import write_segmentation
from partwise.result.prepare import prepare_results
from partwise.result.shape import labelled_shape
from partwise.result.translate import translated, unnamed
from partwise.taxonomy import load_taxonomy, own_taxonomy


def prepared(source, out, *arguments):
    return main(["prepare", "results", str(source), "--out", str(out), "--points", "400", "--workers", "1", *arguments])


@pytest.fixture
def results(chair, chair_cloud, tmp_path):
    """Five results: three meshes, a cloud, and a zip."""
    folder = tmp_path / "results"
    for name in ("a", "b", "deeper/c"):
        write_segmentation(folder / name, chair, f"{name[-1]}.glb")
    write_segmentation(folder / "cloud", chair_cloud, "cloud.ply")
    write_segmentation(tmp_path / "zipped", chair, "zipped.glb")
    with zipfile.ZipFile(folder / "zipped.zip", "w") as archive:
        for path in sorted(path for path in (tmp_path / "zipped").rglob("*") if path.is_file()):
            archive.write(path, path.relative_to(tmp_path / "zipped"))
    return folder


@pytest.fixture
def yaml(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text("{category: OfficeChair, parts: [seat, rest: [leg]], "
                    "from: {chair/chair_seat: seat, chair/chair_base/regular_leg_base/leg: rest/leg}}")
    return path


def test_labels_are_those_of_the_surface(chair, chair_cloud):
    for one in (chair, chair_cloud):
        shape = labelled_shape(one, 10_000, np.random.default_rng(0))
        shape.check(load_taxonomy("Chair"))
        assert np.linalg.norm(shape.points, axis=1).max() == pytest.approx(1, abs=1e-5)
        np.testing.assert_allclose(np.linalg.norm(shape.normals, axis=1), 1, atol=1e-5)
        places = enclosing_ball(chair.points).normalise(chair.points)  # of samples, so all but the same ball
        nearest = cKDTree(shape.points).query(places)[1]
        for row, level in enumerate(chair.levels):
            assert (shape.semantic[row][nearest] == level.semantic).mean() > 0.97
            pairs = np.unique(np.stack([shape.instance[row], shape.semantic[row]]), axis=1)
            assert pairs.shape[1] == len(level.parts)


def test_up_is_turned(chair):
    rotation = upright("z")
    turned = replace(chair, points=chair.points @ rotation, normals=chair.normals @ rotation, up="z",
                     mesh=replace(chair.mesh, vertices=chair.mesh.vertices @ rotation))
    assert np.ptp(turned.points, axis=0).argmax() == 2
    one, other = (labelled_shape(each, 300, np.random.default_rng(0)) for each in (chair, turned))
    np.testing.assert_allclose(one.points, other.points, atol=1e-5)
    np.testing.assert_allclose(one.normals, other.normals, atol=1e-5)


def test_small_clouds_are_filled_and_large_ones_thinned(chair_cloud, office):
    few = labelled_shape(replace(chair_cloud), len(chair_cloud.points) + 7, np.random.default_rng(0))
    assert len(np.unique(few.points, axis=0)) == len(np.unique(chair_cloud.points, axis=0))
    many = labelled_shape(chair_cloud, 500, np.random.default_rng(0))
    assert len(np.unique(many.points, axis=0)) == 500


def test_what_is_other_and_levels_that_are_not_there(chair, office):
    shape = labelled_shape(translated(chair, office), 2000, np.random.default_rng(0))
    shape.check(office)
    np.testing.assert_array_equal(shape.semantic[1], shape.semantic[2])
    arms = shape.semantic[0] == 0
    assert 0.05 < arms.mean() < 0.4
    assert (shape.instance[0][arms] == -1).all()
    with pytest.raises(InputError, match="no part of it has a name"):
        labelled_shape(unnamed(chair.mesh, office, 100), 100, np.random.default_rng(0))


def test_results_become_stores(results, yaml, tmp_path, capsys):
    assert prepared(results, tmp_path / "data", "--taxonomy", str(yaml)) == 0
    told = capsys.readouterr()
    assert "train.h5: 4 shapes" in told.out
    assert "OfficeChair has no name for chair/chair_arm" in told.err
    stores = [Store(tmp_path / f"data/OfficeChair/{split}.h5") for split in ("train", "val")]
    names = [name for store in stores for name in store.anno_id]
    assert sorted(names) == ["a", "b", "cloud", "deeper/c", "zipped"]
    assert sorted(stores[0].model_id + stores[1].model_id) == ["a.glb", "b.glb", "c.glb", "cloud.ply", "zipped.glb"]
    for store in stores:
        assert store.taxonomy.levels[1].names == ("other", "seat", "rest/leg")
        for shape in store:
            assert [len(np.unique(row)) - 1 for row in shape.instance] == [2, 5, 5]  # a seat, and four legs in one rest
    assert prepared(results, tmp_path / "data", "--taxonomy", str(yaml)) == 0
    assert capsys.readouterr().out.count("finished before") == 2
    assert prepared(results, tmp_path / "data", "--taxonomy", str(yaml), "--seed", "1") == 0
    assert "finished before" not in capsys.readouterr().out


def test_without_a_taxonomy_it_is_that_of_the_results(results, tmp_path, chair, office):
    write_segmentation(results / "office", translated(chair, office))
    assert prepared(results, tmp_path / "data") == 0
    assert len(Store(tmp_path / "data/Chair/train.h5")) == 4
    assert Store(tmp_path / "data/OfficeChair/train.h5").taxonomy.agrees_with(office)


def test_a_single_result_is_for_training(results, tmp_path):
    for name in ("a", "zipped.zip"):
        found = prepare_results(results / name, tmp_path / name, n_point=50, workers=1)
        assert [(one.split, one.n_shape) for one in found] == [("train", 1)]
        assert Store(found[0].path).anno_id == [name.partition(".")[0]]


def test_the_same_shapes_whatever_stands_beside_them(results, tmp_path):
    prepare_results(results, tmp_path / "one", shares={"train": 1}, n_point=100, workers=1)
    shutil.rmtree(results / "b")
    prepare_results(results, tmp_path / "two", shares={"train": 1}, n_point=100, workers=1)
    one, two = (Store(tmp_path / name / "Chair/train.h5") for name in ("one", "two"))
    for index, name in enumerate(two.anno_id):
        np.testing.assert_array_equal(two.shape(index).points, one.shape(one.anno_id.index(name)).points)


def test_a_zip_that_unpacks_to_too_much_is_refused(results, tmp_path, monkeypatch):
    monkeypatch.setattr("partwise.result.sources.LARGEST", 1000)
    with pytest.raises(InputError, match=r"zipped.zip: unpacks to more"):
        prepare_results(results / "zipped.zip", tmp_path / "data", n_point=50, workers=1)


def test_bad_results_are_named_and_the_others_written(results, tmp_path, capsys):
    (results / "a/points.ply").unlink()
    (results / "notes.zip").write_text("hello")
    (results / "deeper/c/result.json").write_text("{}")
    shutil.copytree(results / "b", results / "zipped")
    assert prepared(results, tmp_path / "data", "--split", "train=1") == 1
    told = capsys.readouterr().err
    for words in ("a/points.ply: cannot be read", "notes.zip: is no zip", "c/result.json: is no result",
                  "zipped.zip: is called as", "4 inputs could not be used", "everything else is written"):
        assert words in told
    assert sorted(Store(tmp_path / "data/Chair/train.h5").anno_id) == ["b", "cloud", "zipped"]


@pytest.mark.parametrize(("arguments", "message"), [
    (["--split", "train"], "--split train: expected each split once"),
    (["--split", "train=0.5", "train=0.5"], "expected each split once"),
    (["--split", "../train=1"], "expected each split once"),
    (["--split", "train=0.9", "val=0.9"], "add up to 1"),
    (["--points", "0"], "points: found 0"),
    (["--taxonomy", "none.yaml"], "none.yaml: no such file"),
])
def test_options_that_cannot_be(results, tmp_path, capsys, arguments, message):
    assert prepared(results, tmp_path / "data", *arguments) == 1
    assert message in capsys.readouterr().err


def test_folders_without_results(tmp_path, capsys):
    assert prepared(tmp_path / "none", tmp_path / "data") == 1
    assert "none: no such folder" in capsys.readouterr().err
    assert prepared(tmp_path, tmp_path / "data") == 1
    assert "holds no results" in capsys.readouterr().err
    (tmp_path / "zip.zip").write_text("")
    assert prepared(tmp_path, tmp_path / "data") == 1
    assert "none of its 1 results can be used, the first:" in capsys.readouterr().err


def test_results_of_one_category_with_other_parts(results, tmp_path, chair, office, capsys):
    newer = own_taxonomy("OfficeChair", {**office.tree, "arm": {}}, {"chair/chair_arm": "arm"})
    write_segmentation(results / "x", translated(chair, office))
    write_segmentation(results / "y", translated(chair, newer))
    assert prepared(results, tmp_path / "data") == 1
    assert "y: has other parts than" in capsys.readouterr().err
    assert Store(tmp_path / "data/OfficeChair/train.h5").anno_id == ["x"]
    (tmp_path / "both.yaml").write_text("{category: OfficeChair, parts: [arm, sitting, support]}")
    assert prepared(results, tmp_path / "both", "--taxonomy", str(tmp_path / "both.yaml"), "--split", "train=1") == 1
    found = Store(tmp_path / "both/OfficeChair/train.h5")
    assert sorted(found.anno_id) == ["x", "y"]
    assert [len(np.unique(shape.semantic[0])) for shape in found] == [3, 2]
