"""The commands for files of the released program, as a shell would call them."""

import json

from partwise.cli import main
from partwise.data.store import Store
from tests.released.files import write_bundle
from tests.released.test_weights import SMALL, small_variables, with_training_state


def run(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    return status, capsys.readouterr()


def test_records_both_ways(chair_data, tmp_path, capsys):
    status, printed = run(capsys, "export", "tfrecord", chair_data / "Chair/val.h5", chair_data / "Chair/test.h5",
                          "--out", tmp_path / "records", "--workers", 1)
    files = [tmp_path / f"records/Chair_level123_{name}_4.tfrecords" for name in ("val", "test")]
    assert (status, printed.out.splitlines()) == (0, [str(path) for path in files])
    status, printed = run(capsys, "prepare", "tfrecord", *files, "--out", tmp_path / "data", "--workers", 1)
    assert (status, printed.out.splitlines()) == (
        0, [f"{tmp_path}/data/Chair/{split}.h5: 4 shapes" for split in ("test", "val")])
    status, printed = run(capsys, "prepare", "tfrecord", files[0], "--out", tmp_path / "data", "--split", "mine",
                          "--category", "Chair", "--count", 5)
    assert status == 1
    assert "holds 4 records, expected 5" in printed.err


def test_a_converted_checkpoint_is_a_model(tmp_path, capsys):
    write_bundle(tmp_path / "model/iter000020.ckpt", with_training_state(small_variables("Chair"), adam=True))
    arguments = ["convert", tmp_path / "model", "--category", "Chair"]
    status, printed = run(capsys, *arguments, "--out", tmp_path / "chair")
    assert status == 0
    assert "Chair, 20 iterations" in printed.out
    assert "depth 4 and 8, 16, 16 channels" in printed.out
    status, printed = run(capsys, *arguments, "--out", tmp_path / "other", "--json", "--predicts-other")
    found = json.loads(printed.out)
    assert (found["iteration"], found["variables"]) == (20, len(small_variables("Chair")))
    assert found["network"]["channels"] == list(SMALL.channels)
    assert "optimizer/learning_rate/Variable" in found["ignored"]
    status, printed = run(capsys, *arguments, "--out", tmp_path / "chair")
    assert status == 1
    assert "is already there" in printed.err


def test_moving_over(chair_data, tmp_path, capsys):
    """Data and weights of the released program, evaluated: what the page on moving over promises."""
    run(capsys, "export", "tfrecord", chair_data / "Chair/test.h5", "--out", tmp_path / "theirs", "--workers", 1)
    write_bundle(tmp_path / "model/iter000020.ckpt", small_variables("Chair"))
    assert run(capsys, "prepare", "tfrecord", tmp_path / "theirs/Chair_level123_test_4.tfrecords", "--out",
               tmp_path / "data", "--workers", 1)[0] == 0
    assert run(capsys, "convert", tmp_path / "model", "--category", "Chair", "--out", tmp_path / "chair")[0] == 0
    status, printed = run(capsys, "evaluate", "--model", tmp_path / "chair", "--data", tmp_path / "data", "--out",
                          tmp_path / "test", "--device", "cpu", "--json")
    assert status == 0
    found = json.loads(printed.out)
    assert found["n_shape"] == len(Store(tmp_path / "data/Chair/test.h5")) == 4
    assert set(found["levels"]) == {"1", "2", "3"}
