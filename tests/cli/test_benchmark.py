"""``partwise benchmark`` as a shell would call it: what it does, does again, does not do again, and says."""

import csv
import json
import os
import signal
import subprocess
import sys
import time

import pytest
import torch

from partwise.cli import main
from partwise.data.prepare import prepare_partnet
from partwise.taxonomy import categories, load_taxonomy
from partwise.training.run_folder import RunFolder
from tests.data.partnet_files import write_random_category
from tests.report.parsed import Page

TRAINING = ["--preset", "small", "--network.depth", "3", "--network.channels", "8", "8", "--iterations", "4",
            "--batch-size", "2", "--validate-every", "2", "--save-every", "2", "--log-every", "1", "--device", "cpu"]
CATEGORIES = ("Bag", "Bottle", "Hat")
COUNTS = {"train": 4, "val": 2, "test": 3}


@pytest.fixture(scope="module")
def mixture(tmp_path_factory):
    """Bag and Hat in PartNet's form, Bottle as stores."""
    folder = tmp_path_factory.mktemp("mixture")
    for category in CATEGORIES:
        write_random_category(folder / ("h5" if category == "Bottle" else "data"), category, COUNTS)
    prepare_partnet(folder / "h5", folder / "data", workers=1)
    return folder / "data"


@pytest.fixture(scope="module")
def done(mixture, tmp_path_factory):
    """The folder of a whole benchmark."""
    out = tmp_path_factory.mktemp("done") / "runs"
    assert main(command(mixture, out, "--train", *TRAINING)) == 0
    return out


def command(data, out, *options):
    return ["benchmark", "--data", str(data), "--out", str(out), *options]


def table_of(out):
    """The JSON table's AP50 under PartNet's protocol."""
    tables = json.loads((out / "table.json").read_text())["tables"]
    return next(one for one in tables if (one["metric"], one["protocol"]) == ("AP50", "partnet"))


def stamps(out):
    return {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file() and path.parent != out}


def losses(run):
    return [{key: value for key, value in record.items() if key != "seconds_per_step"}
            for record in RunFolder(run).records()]


def copy_of_data(mixture, folder, names=CATEGORIES):
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(mixture / name)
    return folder


def test_everything_lies_where_the_single_commands_put_it(mixture, done, tmp_path):
    assert sorted(path.name for path in done.iterdir()) == [
        *CATEGORIES, "stores", "table.csv", "table.html", "table.json", "table.tex"]
    assert sorted(path.name for path in (done / "stores").iterdir()) == ["Bag", "Hat"]
    assert main(["prepare", "partnet", str(mixture), "--category", "Bag", "--out", str(tmp_path / "data"),
                 "--workers", "1"]) == 0
    assert main(["train", "--data", str(tmp_path / "data"), "--category", "Bag", "--out", str(tmp_path / "bag"),
                 *TRAINING]) == 0
    assert main(["evaluate", "--model", str(tmp_path / "bag"), "--data", str(tmp_path / "data"), "--out",
                 str(tmp_path / "bag/test"), "--device", "cpu", "--json"]) == 0
    assert losses(tmp_path / "bag") == losses(done / "Bag")
    ours, theirs = (json.loads((run / "test/metrics.json").read_text()) for run in (done / "Bag", tmp_path / "bag"))
    assert {**ours, "model": ""} == {**theirs, "model": ""}
    assert main(["train", "--data", str(tmp_path / "data"), "--category", "Bag", "--out", str(done / "Bag"),
                 *TRAINING, "--resume"]) == 0
    assert main(["report", str(done / "Bag"), "--out", str(tmp_path / "report.html")]) == 0


def test_the_table_is_that_of_the_evaluations(done):
    table = table_of(done)
    for category in CATEGORIES:
        levels = json.loads((done / category / "test/metrics.json").read_text())["levels"]
        assert {level: row[category] for level, row in table["rows"].items() if category in row
                and level != "average"} == {level: one["partnet"]["mean_ap"][1] for level, one in levels.items()}
    assert (table["n_category"], table["n_task"]) == (3, 4)
    with (done / "table.csv").open() as file:
        assert next(csv.reader(file))[3:] == [*CATEGORIES, "average"]
    assert "Results of all categories" in Page((done / "table.html").read_text()).texts
    assert (done / "table.tex").read_text().count(r"\begin{tabular}") == 2


def test_what_is_done_is_not_done_again(mixture, done, capsys):
    before = stamps(done)
    assert main(command(mixture, done, "--train", *TRAINING, "--json")) == 0
    assert stamps(done) == before
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((done / "table.json").read_text())
    # the runs that are there are what is tested without --train too, and the table needs no data
    assert main(command(mixture, done)) == 0
    assert main(["benchmark", "--out", str(done)]) == 0
    assert stamps(done) == before


def test_an_evaluation_is_redone_where_it_is_cut_off_or_of_something_else(mixture, done, capsys):
    metrics = done / "Bag/test/metrics.json"
    whole = json.loads(metrics.read_text())
    metrics.write_text(metrics.read_text()[:1000])
    assert main(command(mixture, done)) == 0
    assert json.loads(metrics.read_text()) == whole
    before = stamps(done / "Hat")
    assert main(command(mixture, done, "--categories", "Bag", "--limit", "2")) == 0
    assert json.loads(metrics.read_text())["n_shape"] == 2
    assert stamps(done / "Hat") == before
    assert main(command(mixture, done)) == 0
    assert json.loads(metrics.read_text()) == whole


def test_a_training_that_was_interrupted_goes_on(mixture, done, tmp_path, capsys):
    steps = iter(range(100))
    original = torch.Tensor.backward
    with pytest.MonkeyPatch.context() as patch:  # Ctrl-C in the third step of Bottle, the second category
        patch.setattr(torch.Tensor, "backward", lambda *a, **k: (
            original(*a, **k), os.kill(os.getpid(), signal.SIGINT) if next(steps) == 6 else None)[0])
        assert main(command(mixture, tmp_path / "runs", "--train", *TRAINING)) == 130
    assert "the same command goes on" in capsys.readouterr().err
    assert (tmp_path / "runs/Bag/test/metrics.json").exists()
    assert not (tmp_path / "runs/Bottle/test").exists()
    assert not (tmp_path / "runs/Hat").exists()
    assert losses(tmp_path / "runs/Bottle") != losses(done / "Bottle")
    assert main(command(mixture, tmp_path / "runs")) == 1
    assert "Bottle: " in capsys.readouterr().out
    before = stamps(tmp_path / "runs/Bag")
    assert main(command(mixture, tmp_path / "runs", "--train", *TRAINING)) == 0
    assert stamps(tmp_path / "runs/Bag") == before
    assert losses(tmp_path / "runs/Bottle") == losses(done / "Bottle")
    assert table_of(tmp_path / "runs") == table_of(done)


def test_a_category_that_fails_is_named_and_the_others_go_on(mixture, done, tmp_path, capsys):
    data = copy_of_data(mixture, tmp_path / "data", ["Bottle", "Hat"])
    write_random_category(data, "Bag", COUNTS)
    (data / "Bag/train-00.json").write_text("[")
    out = tmp_path / "runs"
    assert main(command(data, out, "--train", *TRAINING)) == 1
    printed = capsys.readouterr()
    assert printed.err.splitlines()[-1].startswith("partwise: 1 of 3 categories failed: Bag;")
    assert f"{data / 'Bag/train-00.json'}: is not valid JSON" in printed.err
    assert str(data / "Bag/train-00.json") in printed.out
    table = table_of(out)
    assert list(table["rows"]["1"]) == ["Bottle", "Hat", "average"]
    assert any(note.startswith("Bag: ") for note in json.loads((out / "table.json").read_text())["notes"])
    (data / "Bag").rename(tmp_path / "broken")
    (data / "Bag").symlink_to(mixture / "Bag")
    before = stamps(out / "Hat")
    assert main(command(data, out, "--train", *TRAINING)) == 0
    assert stamps(out / "Hat") == before
    assert table_of(out) == table_of(done)


def test_shares_add_up(mixture, done, tmp_path, capsys):
    out = tmp_path / "runs"
    assert main(command(mixture, out, "--train", *TRAINING, "--shard", "1/2")) == 0
    first = set(table_of(out)["rows"]["1"]) - {"average"}
    assert 0 < len(first) < 3
    assert f"No result yet: {', '.join(sorted(set(CATEGORIES) - first))}." in capsys.readouterr().out
    assert main(command(mixture, out, "--train", *TRAINING, "--shard", "2/2")) == 0
    assert table_of(out) == table_of(done)


def test_models_from_elsewhere(mixture, done, tmp_path, capsys):
    out = tmp_path / "runs"
    assert main(command(mixture, out, "--models", str(done), "--device", "cpu")) == 0
    assert table_of(out) == table_of(done)
    assert not (out / "Bag/training.json").exists()
    assert main(command(mixture, out, "--models", "shipped", "--categories", "Bag", "Bottle", "--device", "cpu")) == 1
    printed = capsys.readouterr()
    assert "no model of Bag comes with partwise" in " ".join(printed.out.split())
    assert json.loads((out / "Bottle/test/metrics.json").read_text())["model"] == "bottle"


def test_the_terminal_shows_what_is_asked_for(done, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "26")
    assert main(["benchmark", "--out", str(done), "--metric", "shape-AP75", "accuracy", "--protocol", "released",
                 "--categories", "Bottle", "Bag"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.endswith(", %")] == [
        "shape-AP75, the released program's protocol, %", "accuracy, points of other left out, %"]
    assert [line.split() for line in lines if "level " in line and "a" not in line.split()][:2] == [
        ["level", "Bag", "Bottle"], ["level", "average"]]
    assert "PE (Zhang and Wonka," in " ".join(lines).replace("  ", " ")


@pytest.mark.parametrize(("options", "message"), [
    (["--categories", "Bags"], "nearest: Bag"), (["--categories", "Chair"], "Chair: is neither in"),
    (["--shard", "3/2"], "--shard 3/2"), (["--train", "--models", "x"], "--train and --models"),
    (["--preset", "paper"], "do nothing without --train"), (["--iterations", "5"], "do nothing without --train"),
    (["--train", "--iterations", "0"], "iterations is 0"), ([], "Bag, Bottle, Hat"),
])
def test_what_cannot_be_done_is_said_before_anything_is(mixture, tmp_path, capsys, options, message):
    status = main(command(mixture, tmp_path / "runs", *options))
    printed = capsys.readouterr()
    assert status == 1
    assert message in printed.err
    assert options == [] or not (tmp_path / "runs").exists()


def test_without_data_there_must_be_results(tmp_path, capsys):
    assert main(["benchmark", "--out", str(tmp_path)]) == 1
    assert "holds no results on test yet" in capsys.readouterr().err
    assert main(["benchmark", "--out", str(tmp_path), "--train"]) == 1
    assert "need --data" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_other_settings_than_those_of_a_run_that_is_there_are_an_error(mixture, done, capsys):
    assert main(command(mixture, done, "--categories", "Bag", "--train", *TRAINING, "--seed", "1")) == 1
    assert "seed was 0, is 1" in " ".join(capsys.readouterr().out.split())
    assert main(command(mixture, done)) == 0


@pytest.mark.slow
def test_all_24_categories_killed_and_shared(tmp_path):
    """Every category of PartNet, small and random, in PartNet's layout: killed, gone on with, shared, one table."""
    for category in categories():
        write_random_category(tmp_path / "h5", category, COUNTS)
    arguments = [sys.executable, "-m", "partwise", *command(tmp_path / "h5", tmp_path / "runs", "--train", *TRAINING)]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    while not (tmp_path / "runs/Chair").exists() and process.poll() is None:
        time.sleep(0.05)
    process.kill()
    process.wait()
    kept = stamps(tmp_path / "runs/Bag")
    assert len(list((tmp_path / "runs").iterdir())) < 10
    for number in (1, 2, 3):
        assert subprocess.run([*arguments, "--shard", f"{number}/3"], stdout=subprocess.DEVNULL).returncode == 0
    assert stamps(tmp_path / "runs/Bag") == kept
    table = table_of(tmp_path / "runs")
    assert (table["n_category"], table["n_task"]) == (24, 50)
    for level in ("1", "2", "3"):
        assert [name for name in table["rows"][level] if name != "average"] == [
            name for name in categories() if int(level) in load_taxonomy(name).real_levels]
