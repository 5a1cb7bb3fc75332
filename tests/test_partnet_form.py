"""PartNet's own evaluator agrees: what we write, read strictly by other code, has the scores that we tell."""

import json
from dataclasses import replace

import h5py
import numpy as np
import pytest
import torch

from partwise.checkpoint import Checkpoint, save_checkpoint
from partwise.cli import main
from partwise.config import ModelConfig
from partwise.data.sample import make_sample
from partwise.data.store import Store, StoreWriter
from partwise.export import PartnetWriter
from partwise.nn.network import LevelOutput, Network
from partwise.score import score
from partwise.segmenter import Segmenter
from partwise.shape import Shape
from partwise.taxonomy import load_taxonomy
from tests import partnet_reader
from tests.partnet_reader import LayoutError
from tests.test_export import random_shape
from tests.test_missing_levels import bottle
from tests.test_score import rewrite, write_masks
from tests.training.settings import NETWORK

THRESHOLDS = (0.25, 0.5, 0.75)


def let_networks_nearly_know(store, monkeypatch):
    """Outputs are the truth with errors: whole parts of another class, single points too, votes that scatter."""
    known = {(sample := make_sample(shape)).points.tobytes(): (index, shape, sample)
             for index, shape in enumerate(store)}

    def outputs(points):
        index, shape, sample = known[points.tobytes()]
        rng = np.random.default_rng(index)
        found = []
        for k, level in enumerate(store.taxonomy.levels):
            semantic, instance = shape.semantic[k].astype(int), shape.instance[k].astype(int) + 1
            errors = rng.integers(0, level.n_class, instance.max() + 1)
            semantic = np.where((rng.random(instance.max() + 1) < 0.3)[instance], errors[instance], semantic)
            semantic = np.where(rng.random(len(points)) < 0.1, rng.integers(0, level.n_class, len(points)), semantic)
            sure = rng.uniform(0.2, 6, instance.max() + 1)[instance]  # negative confidences come of it too
            offset = sample.instance_centre[k] - points + rng.normal(0, 0.02, points.shape)
            found.append(LevelOutput(torch.from_numpy(sure[:, None] * np.eye(level.n_class)[semantic]).float(),
                                     torch.from_numpy(offset).float(), torch.from_numpy(offset * 0.9).float()))
        return found

    monkeypatch.setattr(Segmenter, "network_outputs", lambda self, points, normals: list(map(outputs, points)))


def evaluated(model, data, out, *more):
    """What ``partwise evaluate`` says in JSON; the files are in out/partnet."""
    assert main(["evaluate", "--model", str(model), "--data", str(data), "--out", str(out), "--device", "cpu",
                 "--write-partnet", str(out / "partnet"), *more]) == 0
    return json.loads((out / "metrics.json").read_text())


def agree(told, shapes, n_part):
    """Numbers of ``evaluate`` or ``score`` are those of the reader."""
    assert len(told["classes"]) == n_part
    for row, threshold in enumerate(THRESHOLDS):
        ap, mean_ap, shape_mean_ap = partnet_reader.scores(shapes, n_part, threshold)
        pairs = [(mean_ap, told["mean_ap"]), (shape_mean_ap, told["shape_mean_ap"]),
                 *((ap[one["id"]], one["ap"]) for one in told["classes"])]
        for expected, found in pairs:
            assert (expected is None) == (found[row] is None)
            assert expected is None or found[row] == pytest.approx(float(expected), abs=1e-9)


def all_agree(report, out, category, split, n_point):
    """Of evaluate, of score and of the reader, at every level; returns the shapes of each level as the reader has
    them."""
    levels = partnet_reader.read_export(out / "partnet/gt", out / "partnet/pred", category, split, n_point)
    assert sorted(report["levels"]) == sorted(map(str, levels))
    for level, shapes in levels.items():
        n_part = partnet_reader.PARTS[category][level - 1]
        told = report["levels"][str(level)]["partnet"]
        agree(told, shapes, n_part)
        scored = score(out / "partnet/gt", out / "partnet/pred", category, level, split=split).to_dict()
        agree(scored, shapes, n_part)
        for one in told["classes"]:
            assert one["n_truth"] == sum((true["label"][true["valid"]] == one["id"]).sum() for true, _ in shapes)
    return levels


def test_chairs(trained, chair_h5, chair_data, tmp_path, monkeypatch):
    let_networks_nearly_know(Store(chair_data / "Chair/train.h5"), monkeypatch)
    report = evaluated(trained, chair_data, tmp_path, "--split", "train")
    means = [report["levels"][level]["partnet"]["mean_ap"] for level in "123"]
    assert 0.05 < np.min(means) < np.max(means) < 0.95
    levels = all_agree(report, tmp_path, "Chair", "train", 256)
    assert min(found["conf"][found["valid"]].min() for shapes in levels.values() for _, found in shapes) < 0
    for level, shapes in levels.items():
        source = partnet_reader.parts_of(chair_h5 / "Chair/train-00.h5", load_taxonomy("Chair").level(level).paths)
        for (pts, parts, other), (true, _) in zip(source, shapes, strict=True):
            np.testing.assert_array_equal(true["pts"], pts)
            np.testing.assert_array_equal(true["other"], other)
            assert parts == {(int(true["label"][row]), frozenset(np.flatnonzero(true["mask"][row])))
                             for row in np.flatnonzero(true["valid"])}


def only(shape: Shape, class_id: int) -> Shape:
    """The shape with a single part at every level, or with none if the class is other."""
    semantic = np.full_like(shape.semantic, class_id)
    return replace(shape, semantic=semantic, instance=np.full_like(shape.instance, 0 if class_id else -1))


@pytest.mark.parametrize("contents", ["all", "nothing true", "one class"])
def test_bottles(contents, tmp_path, monkeypatch):
    """No level 2; shapes without a part; classes that the truth lacks and the prediction has."""
    shapes = {"all": [*map(bottle, range(4)), only(bottle(4), 0), only(bottle(5), 2)],
              "nothing true": [only(bottle(seed), 0) for seed in range(2)],
              "one class": [only(bottle(seed), 5) for seed in range(3)]}[contents]
    taxonomy = load_taxonomy("Bottle")
    (tmp_path / "data/Bottle").mkdir(parents=True)
    with StoreWriter(tmp_path / "data/Bottle/test.h5", load_taxonomy("Bottle"), "test", 200) as writer:
        writer.append(shapes)
    model = ModelConfig("Bottle", taxonomy.n_class, NETWORK)
    save_checkpoint(tmp_path / "model", Checkpoint(model, Network(NETWORK, taxonomy.n_class), 0))
    let_networks_nearly_know(Store(tmp_path / "data/Bottle/test.h5"), monkeypatch)
    report = evaluated(tmp_path / "model", tmp_path / "data", tmp_path)
    levels = all_agree(report, tmp_path, "Bottle", "test", 200)
    assert sorted(levels) == [1, 3]
    without = sum(not true["valid"].any() for true, _ in levels[1])
    assert without == {"all": 1, "nothing true": 2, "one class": 0}[contents]
    assert (report["levels"]["1"]["partnet"]["mean_ap"][1] is None) == (contents == "nothing true")


def test_valid_masks_without_points(tmp_path):
    """Other systems' files may hold them: they count, and are never found."""
    rng = np.random.default_rng(0)
    point = np.arange(60) // 15
    masks = point == np.arange(5)[:, None]  # the last is empty
    shape = (masks, np.ones(5, bool), rng.random(5), np.array([1, 2, 2, 1, 1]), masks, np.ones(5, bool),
             np.array([1, 2, 3, 1, 1]), np.zeros(60, bool))
    write_masks(tmp_path, "Bag-1", [shape])
    told = score(tmp_path / "gt", tmp_path / "pred", "Bag", 1).to_dict()
    names = ("mask", "valid", "conf", "label")
    found = dict(zip(names, (shape[0], shape[1], shape[2].astype(np.float32), shape[3]), strict=True))
    true = {"mask": shape[4], "valid": shape[5], "label": shape[6], "other": shape[7]}
    agree(told, [(true, found)], 3)
    assert told["classes"][0]["ap"][0] < 1
    assert told["classes"][1]["ap"][0] == 1


@pytest.fixture
def files(tmp_path):
    """Three chairs at level 1, all six classes in each."""
    rng = np.random.default_rng(0)
    with PartnetWriter(tmp_path, load_taxonomy("Chair"), 1) as writer:
        for _ in range(3):
            writer.add(*random_shape(rng, n_instance=6))
    return tmp_path


def read_back(files):
    return partnet_reader.read_task(files / "gt/Chair-1", files / "pred/Chair-1", "test", 120)


def change(values, index, value):
    changed = values.copy()
    changed[index] = value
    return changed


@pytest.mark.parametrize(("name", "spoil", "words"), [
    ("pts", lambda pts: pts.astype(np.float64), "pts is float64"),
    ("pts", lambda pts: change(pts, (1, 2, 0), np.nan), "shape 1: pts"),
    ("gt_mask", lambda mask: mask.astype(np.uint8), "gt_mask is uint8"),
    ("gt_mask", lambda mask: mask[:, :199], r"gt_mask is \(3, 199, 120\)"),
    ("gt_mask", lambda mask: mask[:, :, :119], r"gt_mask is \(3, 200, 119\)"),
    ("gt_mask", lambda mask: change(mask, (2, 0, slice(None)), False), "shape 2: each point"),
    ("gt_mask", lambda mask: change(mask, (0, 0, slice(None)), True), "shape 0: each point"),
    ("gt_mask", lambda mask: change(mask, (0, 199, 0), True), "not valid"),
    ("gt_mask_label", lambda label: label + np.uint8(1), "gt_mask_label up to 5, base 0"),
    ("gt_mask_label", lambda label: label.astype(np.int32), "gt_mask_label is int32"),
    ("gt_mask_label", lambda label: label[:, 0], "gt_mask_label is"),
    ("gt_mask_valid", lambda valid: change(valid, (0, 0), False), "not valid"),
    ("gt_mask_valid", lambda valid: valid.astype(np.uint8), "gt_mask_valid is uint8"),
    ("gt_mask_other", lambda other: ~other, "each point"),
    ("gt_mask_other", lambda other: None, "expected"),
    ("mask", lambda mask: mask.astype(np.float32), "mask is float32"),
    ("mask", lambda mask: mask[:2], "label|mask|conf|valid"),
    ("mask", lambda mask: change(mask, (0, 1), mask[0, 0]), "two instances"),
    ("mask", lambda mask: change(mask, (0, 0, np.flatnonzero(mask[0, 0])[10:]), False), "10 points or fewer"),
    ("valid", lambda valid: change(valid, (0, 0), False), "not valid"),
    ("valid", lambda valid: change(valid, (0, 199), True), "10 points or fewer"),
    ("conf", lambda conf: conf.astype(np.float64), "conf is float64"),
    ("conf", lambda conf: change(conf, (0, 0), np.nan), "shape 0: conf"),
    ("label", lambda label: label + np.uint8(1), "label up to 5, base 0"),
    ("label", lambda label: label.astype(np.int64), "label is int64"),
])
def test_the_reader_refuses(files, name, spoil, words):
    read_back(files)
    path = files / ("gt" if name.startswith(("pts", "gt")) else "pred") / "Chair-1/test-00.h5"
    with h5py.File(path) as file:
        values = file[name][:]
    rewrite(path, **{name: spoil(values)})
    with pytest.raises(LayoutError, match=words):
        read_back(files)


def test_the_reader_refuses_names_of_the_detection_folders(files):
    with h5py.File(files / "gt/Chair-1/test-00.h5", "r+") as file:
        file.move("gt_mask_valid", "gt_valid")
    with pytest.raises(LayoutError, match="gt_valid"):
        read_back(files)


def test_the_reader_refuses_other_files_and_folders(files):
    truth, predictions = files / "gt/Chair-1", files / "pred/Chair-1"
    with pytest.raises(LayoutError, match="Chair-1"):  # levels 2 and 3 are missing
        partnet_reader.read_export(files / "gt", files / "pred", "Chair", "test", 120)
    for folder in (truth, predictions):
        (folder / ".test-00.1.partial.h5").write_bytes(b"")
        with pytest.raises(LayoutError, match="files"):
            read_back(files)
        (folder / ".test-00.1.partial.h5").unlink()
        (folder / "test-00.h5").rename(folder / "test-0.h5")
        with pytest.raises(LayoutError, match="files"):
            read_back(files)
        (folder / "test-0.h5").rename(folder / "test-00.h5")
    read_back(files)
    truth.rename(files / "gt/Bag-2")
    with pytest.raises(LayoutError, match="Bag has no level 2"):
        partnet_reader.read_task(files / "gt/Bag-2", predictions, "test", 120)


def test_the_reader_refuses_files_that_are_not_full(tmp_path):
    rng = np.random.default_rng(0)
    with PartnetWriter(tmp_path, load_taxonomy("Chair"), 1, shapes_per_file=2) as writer:
        for _ in range(3):
            writer.add(*random_shape(rng, n_instance=6))
    with pytest.raises(LayoutError, match="2 shapes"):
        read_back(tmp_path)
