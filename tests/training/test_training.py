"""Runs of a few steps: the same whether resumed or not, and nothing lost when something goes wrong."""

import dataclasses
import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from partwise.checkpoint import load_checkpoint
from partwise.config import AugmentationConfig, GroupingConfig, LossConfig, OptimizerConfig
from partwise.data.batches import TrainingSamples, collate, training_batches, validation_batches
from partwise.data.store import Store
from partwise.errors import InputError, TrainingError
from partwise.nn.network import Network
from partwise.segmenter import Segmenter
from partwise.training import train
from partwise.training.run_folder import RunFolder
from partwise.training.schedule import learning_rate
from tests.training.settings import settings


def losses(run):
    return [{key: value for key, value in record.items() if key != "seconds_per_step"}
            for record in RunFolder(run).records()]


@pytest.mark.parametrize(("optimizer", "log_every"), [("sgd", 1), ("sgd", 4), ("adam", 1), ("adamw", 1)])
def test_a_resumed_run_has_the_losses_of_an_uninterrupted_one(chair_data, tmp_path, optimizer, log_every):
    options = OptimizerConfig(name=optimizer, learning_rate=0.01, schedule="cosine")
    whole = train(settings(chair_data, tmp_path / "whole", optimizer=options, log_every=log_every))
    part = settings(chair_data, tmp_path / "part", optimizer=options, log_every=log_every)
    with pytest.MonkeyPatch.context() as patch:
        steps = iter(range(100))
        # Ctrl-C in the middle of the sixth step, two steps after the last regular checkpoint
        original = torch.Tensor.backward
        patch.setattr(torch.Tensor, "backward", lambda *a, **k: (
            original(*a, **k), os.kill(os.getpid(), signal.SIGINT) if next(steps) == 5 else None)[0])
        with pytest.raises(KeyboardInterrupt):
            train(part)
    assert load_checkpoint(part.out / "last").iteration == 6
    train(dataclasses.replace(part, resume=True))
    assert losses(part.out) == losses(whole)
    assert len(losses(whole)) == 8 // log_every + 2
    for ours, theirs in zip(load_file(part.out / "last/model.safetensors").items(),
                            load_file(whole / "last/model.safetensors").items(), strict=True):
        assert ours[0] == theirs[0]
        assert torch.equal(ours[1], theirs[1]), ours[0]


def test_a_crash_after_the_last_checkpoint_is_rewound(chair_data, tmp_path):
    whole = train(settings(chair_data, tmp_path / "whole"))
    part = settings(chair_data, tmp_path / "part")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("partwise.training.loop.learning_rate",
                      lambda config, progress: learning_rate(config, progress) if progress < 6 / 8 else 1 / 0)
        with pytest.raises(ZeroDivisionError):
            train(part)
    assert RunFolder(part.out).records()[-1]["iteration"] == 6
    with part.out.joinpath("log.jsonl").open("a") as log:
        log.write('{"iteration": 7, "cut')
    train(dataclasses.replace(part, resume=True))
    assert losses(part.out) == losses(whole)


def test_the_run_folder_tells_everything(trained):
    assert sorted(path.name for path in trained.iterdir()) == ["best", "last", "log.jsonl", "training.json"]
    config = json.loads((trained / "training.json").read_text())
    assert config["category"] == "Chair"
    assert config["network"]["depth"] == 4
    assert config["optimizer"]["learning_rate"] == 0.02
    records = RunFolder(trained).records()
    assert [record["iteration"] for record in records if record["phase"] == "val"] == [4, 8]
    line = records[0]
    parts = [line[f"level_{level}/{kind}"] for level in (1, 2, 3)
             for kind in ("segmentation", "offset", "region_offset")]
    assert line["total"] == pytest.approx(sum(parts), rel=1e-5)
    assert line["weight_penalty"] > 0
    best = load_checkpoint(trained / "best")
    assert best.scores["miou"] == max(record["miou"] for record in records if record["phase"] == "val")
    assert best.config.category == "Chair"
    assert best.config.n_point == 256


def test_losses_fall(chair_data, tmp_path):
    out = train(settings(chair_data, tmp_path / "run", iterations=40, validate_every=40, save_every=40,
                         optimizer=OptimizerConfig(name="adam", learning_rate=0.01, schedule="constant")))
    totals = [record["total"] for record in RunFolder(out).records() if record["phase"] == "train"]
    assert np.mean(totals[-5:]) < 0.6 * np.mean(totals[:5])


def test_a_run_is_never_overwritten(chair_data, trained):
    before = {path: path.read_bytes() for path in sorted(trained.rglob("*")) if path.is_file()}
    with pytest.raises(InputError, match="--resume"):
        train(settings(chair_data, trained))
    with pytest.raises(InputError, match="batch_size was 2, is 3"):
        train(settings(chair_data, trained, batch_size=3, resume=True))
    assert before == {path: path.read_bytes() for path in sorted(trained.rglob("*")) if path.is_file()}


def test_resuming_nothing_is_an_error(chair_data, tmp_path):
    with pytest.raises(InputError, match="no run to resume"):
        train(settings(chair_data, tmp_path / "nothing", resume=True))


def test_a_run_that_was_killed_before_its_first_checkpoint_starts_again(chair_data, trained, tmp_path):
    config = settings(chair_data, tmp_path / "run")
    RunFolder(config.out).open(config)
    RunFolder(config.out).log({"phase": "train", "iteration": 1, "total": 9.9})
    train(dataclasses.replace(config, resume=True))
    assert losses(config.out) == losses(trained)


def test_a_finished_run_resumes_to_nothing_and_can_be_made_longer(chair_data, tmp_path):
    config = settings(chair_data, tmp_path / "run")
    train(config)
    before = losses(config.out)
    train(dataclasses.replace(config, resume=True))
    assert losses(config.out) == before
    train(dataclasses.replace(config, resume=True, iterations=10))
    assert losses(config.out)[-1]["iteration"] == 10


def test_a_loss_that_is_no_number_stops_and_keeps_the_last_checkpoint(chair_data, tmp_path):
    config = settings(chair_data, tmp_path / "run", save_every=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("partwise.training.loop.total_loss", total_that_breaks_at(4))
        with pytest.raises(TrainingError, match=r"nan at iteration 4.*learning"):
            train(config)
    assert load_checkpoint(config.out / "last").iteration == 3


def total_that_breaks_at(step):
    from partwise.nn.losses import total_loss
    calls = iter(range(1, 100))

    def broken(levels, config):
        return total_loss(levels, config) * (float("nan") if next(calls) == step else 1)
    return broken


def test_without_a_validation_split_there_is_no_best(chair_data, tmp_path):
    data = tmp_path / "data/Chair"
    data.mkdir(parents=True)
    (data / "train.h5").symlink_to(chair_data / "Chair/train.h5")
    run = train(settings(tmp_path / "data", tmp_path / "run", iterations=2))
    assert not (run / "best").exists()
    assert load_checkpoint(run).iteration == 2
    with pytest.raises(InputError, match="no validation shapes, from which confidences"):
        train(settings(tmp_path / "data", tmp_path / "other", grouping=GroupingConfig(confidence="learned")))


@pytest.mark.parametrize(("changes", "message"), [
    ({"iterations": 0}, "iterations is 0"),
    ({"batch_size": 3, "devices": 2}, "choose a multiple"),
])
def test_impossible_settings(chair_data, tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        train(settings(chair_data, tmp_path / "run", **changes))
    assert not (tmp_path / "run").exists()


def test_unknown_category_and_missing_data(chair_data, tmp_path):
    base = settings(chair_data, tmp_path / "run")
    with pytest.raises(InputError, match=r"nearest: .*Chair"):
        train(dataclasses.replace(base, category="Chairs"))
    with pytest.raises(InputError, match="partwise prepare"):
        train(dataclasses.replace(base, category="Lamp"))
    assert not base.out.exists()


def test_bfloat16_trains(chair_data, tmp_path):
    run = train(settings(chair_data, tmp_path / "run", precision="bfloat16", iterations=2))
    assert load_checkpoint(run).network.backbone.encoder.stem.operator.weight.dtype == torch.float32
    assert all(np.isfinite(record["total"]) for record in RunFolder(run).records())


def test_bfloat16_keeps_positions_and_losses_in_single_precision(chair_data, tmp_path, monkeypatch):
    seen = set()
    build = Network.build_octree
    monkeypatch.setattr(Network, "build_octree", lambda *args: (seen.add(args[1].dtype), build(*args))[1])
    run = train(settings(chair_data, tmp_path / "half", precision="bfloat16", iterations=1))
    full = train(settings(chair_data, tmp_path / "full", iterations=1))
    assert seen == {torch.float32}
    half, full = next(iter(RunFolder(run).records())), next(iter(RunFolder(full).records()))
    assert half["total"] != full["total"]
    assert half["total"] == pytest.approx(full["total"], rel=0.02)


def test_tensorboard(chair_data, tmp_path):
    pytest.importorskip("tensorboard")
    run = train(settings(chair_data, tmp_path / "run", tensorboard=True, iterations=2))
    assert list((run / "tensorboard").glob("events.*"))


@pytest.mark.parametrize("name", ["step", "poly", "constant"])
def test_schedules(name):
    config = OptimizerConfig(learning_rate=0.1, schedule=name)
    rates = [learning_rate(config, progress) for progress in (0, 0.49, 0.5, 0.74, 0.75, 0.99)]
    expected = {"step": [0.1, 0.1, 0.01, 0.01, 0.001, 0.001], "constant": [0.1] * 6,
                "poly": [0.1 * (1 - p) ** 0.9 for p in (0, 0.49, 0.5, 0.74, 0.75, 0.99)]}
    assert rates == pytest.approx(expected[name])


def test_an_epoch_takes_every_shape_once_and_workers_change_nothing(chair_data):
    samples = TrainingSamples(Store(chair_data / "Chair/train.h5"), 10_000, AugmentationConfig(), seed=3)
    plain = list(training_batches(samples, 0, 6, 2))
    loaded = list(training_batches(samples, 0, 6, 2, workers=2))
    for one, other in zip(plain, loaded, strict=True):
        assert torch.equal(one.points, other.points)
    raw = TrainingSamples(samples.store, 10_000, None, seed=3)
    seen = [raw[position].points.sum() for position in range(12)]
    assert len(set(seen)) == 12
    assert [raw[position].points.sum() for position in range(12, 24)] != seen


def test_points_are_drawn_anew_each_time_and_kept_in_validation(chair_data):
    store = Store(chair_data / "Chair/train.h5")
    samples = TrainingSamples(store, 100, None, seed=3)
    first, again, epoch_later = samples[0], samples[0], samples[len(store)]
    assert first.points.shape == (100, 3)
    np.testing.assert_array_equal(first.points, again.points)
    assert not np.array_equal(first.points, epoch_later.points)
    one, two = (list(validation_batches(store, 100, 1)) for _ in range(2))
    for before, after in zip(one, two, strict=True):
        assert len(before.points) == 100
        assert torch.equal(before.points, after.points)


def test_fewer_points_reach_the_model(chair_data, tmp_path):
    run = train(settings(chair_data, tmp_path / "run", iterations=2, n_point=64))
    assert load_checkpoint(run).config.n_point == 64
    run = train(settings(chair_data, tmp_path / "more", iterations=1, n_point=10_000))
    assert load_checkpoint(run).config.n_point == 256  # all that the store has


def test_confidences_are_learnt_on_the_validation_split(chair_data, tmp_path):
    grouping = GroupingConfig(bandwidth=0.3, min_points=3, confidence="learned")
    run = train(settings(chair_data, tmp_path / "run", grouping=grouping))
    checkpoint = load_checkpoint(run)
    assert np.shape(checkpoint.config.iou_fit) == (3, 5)
    assert Segmenter(checkpoint, "cpu").grouping == grouping
    with pytest.raises(InputError, match="has learnt no confidences"):
        Segmenter(load_checkpoint(run / "last"), "cpu")


def test_processes_share_a_batch(chair_data):
    samples = TrainingSamples(Store(chair_data / "Chair/train.h5"), 10_000, AugmentationConfig(), seed=3)
    whole = next(iter(training_batches(samples, 2, 3, 4)))
    shares = [next(iter(training_batches(samples, 2, 3, 4, rank=rank, world_size=2))) for rank in (0, 1)]
    assert torch.equal(whole.points, torch.cat([share.points for share in shares]))


def test_validation_batches_hold_all_shapes(chair_data):
    batches = list(validation_batches(Store(chair_data / "Chair/val.h5"), 10_000, 3))
    assert [batch.batch_size for batch in batches] == [3, 1]
    assert collate.__doc__


@pytest.mark.slow
def test_two_processes_train_together(chair_data, tmp_path):
    command = [sys.executable, "-m", "partwise", "train", "--data", str(chair_data), "--category", "Chair", "--preset",
               "small", "--out", str(tmp_path / "run"), "--device", "cpu", "--devices", "2", "--iterations", "4",
               "--batch-size", "4", "--log-every", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert load_checkpoint(tmp_path / "run").iteration == 4
    assert [r["iteration"] for r in RunFolder(tmp_path / "run").records() if r["phase"] == "train"] == [1, 2, 3, 4]


def test_loss_weights_reach_the_total(chair_data, tmp_path):
    run = train(settings(chair_data, tmp_path / "run", iterations=1,
                         loss=LossConfig(segmentation=0, region_offset=0, levels=(0, 0, 2))))
    line = RunFolder(run).records()[0]
    assert line["total"] == pytest.approx(2 * line["level_3/offset"], rel=1e-5)
