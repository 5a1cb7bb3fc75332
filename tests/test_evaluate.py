"""Evaluation of a trained model, and of a stand-in that answers with the truth."""

import json

import numpy as np
import pytest
import torch

from partwise.data.sample import make_sample
from partwise.data.store import Store
from partwise.errors import InputError
from partwise.evaluate import evaluate
from partwise.metrics.comparison import compare
from partwise.metrics.instances import InstanceMetric
from partwise.nn.network import LevelOutput
from partwise.score import score
from partwise.segmenter import Segmenter
from partwise.showcase import Showcase
from partwise.taxonomy import load_taxonomy


@pytest.fixture
def store(chair_data):
    return Store(chair_data / "Chair/test.h5")


@pytest.fixture
def segmenter(trained):
    return Segmenter.load(trained, device="cpu")


def make_perfect(segmenter, store, monkeypatch):
    """Let the network's outputs be the truth."""
    samples = {shape.anno_id: make_sample(shape) for shape in store}

    def outputs(points):
        sample = next(one for one in samples.values() if np.array_equal(one.points, points))
        return [LevelOutput(torch.eye(level.n_class)[torch.from_numpy(sample.semantic[k])] * 30.0,
                            torch.from_numpy(sample.instance_centre[k] - points),
                            torch.from_numpy(sample.region_centre[k] - points))
                for k, level in enumerate(segmenter.taxonomy.levels)]

    monkeypatch.setattr(segmenter, "network_outputs", lambda points, normals: list(map(outputs, points)))


def test_the_truth_scores_full_marks(segmenter, store, monkeypatch):
    make_perfect(segmenter, store, monkeypatch)
    report = evaluate(segmenter, store)
    # at level 1 a chair's parts are far apart; close bars at level 3 may share a mode of mean shift
    for scores in report.levels[0].instances.values():
        np.testing.assert_allclose(scores.mean_ap, 1)
        np.testing.assert_allclose(scores.shape_mean_ap, 1)
    for level in report.levels:
        assert level.semantic["all"].miou_v1 == level.semantic["all"].accuracy == 1
        assert level.losses["all"]["offset"] == pytest.approx(0, abs=1e-6)
        assert level.losses["all"]["region_offset"] == pytest.approx(0, abs=1e-6)


def test_numbers_are_those_of_the_parts(segmenter, store, tmp_path):
    """The report, the files in PartNet's form and a hand-made loop agree."""
    report = evaluate(segmenter, store, write_partnet=tmp_path)
    for level in report.levels:
        metric = InstanceMetric(level.level.n_class)
        number = level.level.number
        for shape in store:
            found = segmenter.instances(shape.points, shape.normals)[number - 1]
            metric.add(compare("partnet", shape.semantic[number - 1], shape.instance[number - 1], found.semantic,
                               found.instance, found.uncertainty))
        np.testing.assert_array_equal(level.instances["partnet"].ap, metric.result().ap)
        scored = score(tmp_path / "gt", tmp_path / "pred", "Chair", number).scores
        np.testing.assert_allclose(scored.ap, metric.result().ap, atol=1e-12)
        np.testing.assert_allclose(scored.shape_mean_ap, metric.result().shape_mean_ap, atol=1e-12)


def test_the_report_is_plain_json(segmenter, store):
    report = json.loads(json.dumps(evaluate(segmenter, store, limit=2).to_dict(), allow_nan=False))
    assert report["n_shape"] == 2
    assert set(report["levels"]) == {"1", "2", "3"}
    level = report["levels"]["2"]
    assert set(level) == {"partnet", "released", "semantic", "losses"}
    assert len(level["partnet"]["mean_ap"]) == 3
    assert set(level["semantic"]["all"]) == {"accuracy", "miou_v1", "miou_v2", "miou_v3", "iou_per_class"}
    assert set(level["losses"]["ignore_other"]) == {"segmentation", "offset", "region_offset"}


def test_details_agree_with_the_scores(segmenter, store):
    """Curves integrate to AP, shapes' scores average to those of the set, confusions are counted point by point."""
    report = evaluate(segmenter, store)
    details = json.loads(json.dumps(report.details(), allow_nan=False))
    assert [shape["name"] for shape in details["shapes"]] == list(store.anno_id)
    found = [segmenter.instances(shape.points, shape.normals) for shape in store]
    for level in report.levels:
        row, one = level.level.number - 1, details["levels"][str(level.level.number)]
        scores = level.instances["partnet"]
        for curve, ap in zip(one["precision"], scores.ap[1], strict=True):
            assert (curve is None) == np.isnan(ap)
            assert curve is None or np.mean(curve) == pytest.approx(ap, abs=1e-6)
            assert curve is None or len(curve) == 101
        shapes = [shape["levels"][str(level.level.number)] for shape in details["shapes"]]
        np.testing.assert_allclose(np.mean([shape["ap"] for shape in shapes], axis=0), scores.shape_mean_ap, atol=1e-6)
        assert np.mean([shape["miou"] for shape in shapes]) == pytest.approx(
            level.semantic["ignore_other"].miou_v1, abs=1e-6)
        expected = np.zeros((level.level.n_class,) * 2, int)
        for shape, levels in zip(store, found, strict=True):
            np.add.at(expected, (shape.semantic[row], levels[row].semantic), 1)
        assert one["confusion"] == expected.tolist()
        assert one["classes"] == list(level.level.names)


def test_the_best_and_the_worst_shapes_are_kept(segmenter, store, monkeypatch):
    monkeypatch.setattr("partwise.evaluate.Showcase", lambda: Showcase(1))
    report = evaluate(segmenter, store)
    ap = np.mean([level.instances["partnet"].shape_ap[:, 1] for level in report.levels], axis=0)
    assert [one.score for one in report.shown] == pytest.approx([ap.min(), ap.max()])
    for one in report.shown:
        shape = store.shape(one.index)
        assert one.name == shape.anno_id
        np.testing.assert_array_equal(one.points, shape.points)
        np.testing.assert_array_equal(one.true_class, shape.semantic)
        found = segmenter.instances(shape.points, shape.normals)
        np.testing.assert_array_equal(one.predicted_instance, [level.instance for level in found])


def test_a_model_of_another_category_and_an_empty_split(segmenter, store, monkeypatch):
    with pytest.raises(InputError, match="no shape to evaluate"):
        evaluate(segmenter, store, limit=0)
    monkeypatch.setattr(store, "taxonomy", load_taxonomy("Table"))
    with pytest.raises(InputError, match="shapes of Table, the model is of Chair"):
        evaluate(segmenter, store)


def test_zero_predicted_parts_have_numbers(segmenter, store, monkeypatch):
    """A network that says "other" everywhere."""
    def other(points):
        zero = torch.zeros(len(points), 3)
        return [LevelOutput(torch.tensor([5.0] + [0.0] * (level.n_class - 1)).expand(len(points), -1), zero, zero)
                for level in segmenter.taxonomy.levels]

    monkeypatch.setattr(segmenter, "network_outputs", lambda points, normals: list(map(other, points)))
    report = evaluate(segmenter, store)
    for level in report.levels:
        assert level.instances["partnet"].mean_ap.tolist() == [0, 0, 0]
        assert level.semantic["all"].accuracy == 0


@pytest.mark.parametrize("name", ["logits", "instance_offset", "region_offset"])
def test_outputs_that_are_not_finite_name_the_shape(segmenter, store, monkeypatch, name):
    """Such as of a network whose training failed; NaN among logits would pass for a class."""
    plain = segmenter.network_outputs

    @torch.inference_mode()
    def outputs(*arrays):
        shapes = plain(*arrays)
        getattr(shapes[0][1], name)[5, 0] = torch.nan if name == "logits" else torch.inf
        return shapes

    monkeypatch.setattr(segmenter, "network_outputs", outputs)
    with pytest.raises(InputError, match=rf"test.h5: shape {store.anno_id[0]}: what the network says .* NaN"):
        evaluate(segmenter, store)
    with pytest.raises(InputError, match="take an earlier checkpoint"):
        segmenter(store.shape(0).points)
