"""The commands as a shell would call them: exit status, files, JSON, help."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from partwise.cli import main
from partwise.cli.options import grouping_with
from partwise.cli.segment import result_folders
from partwise.cli.train import train_defaults
from partwise.errors import InputError
from partwise.mesh import read_geometry
from partwise.models import load_model


def test_the_whole_way(tmp_path, capsys):
    def run(*arguments):
        status = main([str(argument) for argument in arguments])
        return status, capsys.readouterr()

    tiny = ["--network.depth", 3, "--network.channels", 8, 8, "--iterations", 3, "--batch-size", 2, "--device", "cpu"]
    assert run("synth", "--category", "Chair", "--out", tmp_path / "h5", "--split", "train=4", "val=2", "test=2",
               "--points", 128, "--meshes", tmp_path / "meshes", "--workers", 1)[0] == 0
    assert run("prepare", "partnet", tmp_path / "h5", "--out", tmp_path / "data", "--workers", 1)[0] == 0
    assert run("inspect", tmp_path / "data")[0] == 0
    train = ["train", "--preset", "small", "--data", tmp_path / "data", "--category", "Chair", "--out",
             tmp_path / "run", *tiny]
    assert run(*train)[0] == 0
    status, printed = run(*train)
    assert status == 1
    assert "--resume" in printed.err
    assert run(*train, "--resume")[0] == 0
    status, printed = run("evaluate", "--model", tmp_path / "run", "--data", tmp_path / "data", "--out",
                          tmp_path / "evaluation", "--write-partnet", tmp_path / "partnet", "--json")
    assert status == 0
    assert json.loads(printed.out) == json.loads((tmp_path / "evaluation/metrics.json").read_text())
    status, printed = run("evaluate", "--model", tmp_path / "run", "--data", tmp_path / "data", "--out",
                          tmp_path / "evaluation")
    assert "PartNet's protocol" in printed.out
    assert "parts of level 3 that lie in one part of level 2: " in printed.out
    status, printed = run("score", tmp_path / "partnet/gt", tmp_path / "partnet/pred", "--category", "Chair",
                          "--level", 3, "--json")
    assert status == 0
    assert json.loads(printed.out)["n_shape"] == 2
    meshes = sorted((tmp_path / "meshes").glob("*.glb"))[:2]
    broken = tmp_path / "broken.glb"
    broken.write_text("this is text")
    status, printed = run("segment", meshes[0], broken, meshes[1], "--model", tmp_path / "run", "--out",
                          tmp_path / "segmented", "--json", "--device", "cpu")
    assert status == 1
    assert "broken.glb" in printed.err
    assert [one["category"] for one in json.loads(printed.out)] == ["Chair", "Chair"]
    assert all((tmp_path / "segmented" / mesh.stem / "result.json").is_file() for mesh in meshes)


@pytest.mark.parametrize("command", [[], ["synth"], ["prepare"], ["prepare", "partnet"], ["prepare", "annotations"],
                                     ["prepare", "tfrecord"], ["prepare", "results"], ["export"], ["convert"],
                                     ["inspect"], ["train"], ["evaluate"], ["score"], ["segment"], ["models"],
                                     ["benchmark"], ["report"], ["compare"], ["export", "onnx"],
                                     ["export", "tfrecord"]])
def test_help_teaches(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([*command, "--help"])
    assert stopped.value.code == 0
    assert len(capsys.readouterr().out) > 300


def test_help_shows_the_preset(capsys):
    for preset, blocks in (("paper", "3"), ("small", "2")):
        with pytest.raises(SystemExit):
            main(["train", "--preset", preset, "--help"])
        rest = capsys.readouterr().out.split("--network.resblocks")[1].split("--network.bottleneck")[0]
        assert f"default: {blocks}" in rest


@pytest.mark.parametrize(("words", "preset", "iterations"), [
    ("--finetune chair", "finetune", 150), ("--finetune=chair", "finetune", 150),
    ("--finetune chair --preset paper", "paper", 100_000), ("", "default", 100_000)])
def test_naming_a_model_to_start_from_is_naming_a_preset(words, preset, iterations):
    defaults = train_defaults(["train", *words.split()])
    assert (defaults.preset, defaults.iterations) == (preset, iterations)


def test_a_wrong_command_line_is_status_2(capsys):
    for arguments in ([], ["trian"], ["train", "--preset", "papr"], ["segment", "x.glb", "--up", "north"]):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2


@pytest.mark.parametrize(("arguments", "message"), [
    (["train", "--data", "nowhere", "--category", "Chiar", "--out", "run"], "nearest: Chair"),
    (["train", "--data", "nowhere", "--category", "Chair", "--out", "run"], "partwise prepare"),
    (["train", "--data", "nowhere", "--out", "run"], "no category"),
    (["train", "--data", "nowhere", "--finetune", "boat", "--out", "run"], "boat: no such model"),
    (["train", "--data", "nowhere", "--finetune", "chair", "--out", "run"], "no training shapes"),
    (["train", "--data", "nowhere", "--finetune", "chair", "--taxonomy", "my.yaml", "--out", "run"],
     "my.yaml: no such file"),
    (["prepare", "results", "nowhere", "--out", "out"], "nowhere: no such folder"),
    (["evaluate", "--model", "nowhere", "--data", "nowhere", "--out", "out"], "no such model nor folder"),
    (["segment", "chair.glb", "--model", "no/where", "--out", "out"], "no such folder"),
    (["report", "nowhere"], "nowhere: no such folder"), (["report", "."], "holds neither a training run"),
    (["compare", "."], "holds neither"), (["compare", "nowhere", "."], "no such folder"),
])
def test_unusable_input_is_status_1_and_one_line(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("partwise: ")
    assert message in printed.err
    assert printed.out == ""
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_cannot_be_written(trained, chair_data, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["evaluate", "--model", str(trained), "--data", str(chair_data), "--out", str(tmp_path / "file")]) == 1
    assert "cannot be created as a folder" in capsys.readouterr().err
    assert main(["segment", "x.glb", "--model", str(trained), "--out", str(tmp_path / "out"), "--bandwidth", "-1"]) == 1
    assert "--bandwidth is -1" in capsys.readouterr().err


def test_grouping_as_the_command_says(trained):
    """Whatever is not given stays as the model has it."""
    config = load_model(trained).config
    for given, expected in (((None, None), (0.1, 0.05)), ((0.2, None), (0.2, 0.05)), ((None, 0.0), (0.1, 0.0)),
                            ((0.3, 0.1), (0.3, 0.1))):
        found = grouping_with(config, *given)
        assert (found.bandwidth, found.push) == expected
        assert replace(found, bandwidth=0.1, push=0.05) == config.grouping
    for wrong in (-0.1, float("nan"), float("inf")):
        with pytest.raises(InputError, match="--push is"):
            grouping_with(config, None, wrong)


def test_the_push_moves_votes(trained, chair_data, tmp_path):
    moved = []
    for push in ("0", "0.2"):
        assert main(["evaluate", "--model", str(trained), "--data", str(chair_data), "--out", str(tmp_path / push),
                     "--device", "cpu", "--limit", "1", "--dump", "1", "--push", push]) == 0
        folder, = (tmp_path / push / "dump").iterdir()
        vote, centre = (read_geometry(folder / f"level_1_{what}_true.ply").points for what in ("vote", "centre"))
        moved.append(np.linalg.norm(vote - centre, axis=1))
    np.testing.assert_allclose(moved[0], 0, atol=1e-7)
    np.testing.assert_allclose(moved[1], 0.2, atol=1e-5)


def test_names_of_result_folders(tmp_path):
    from pathlib import Path
    files = tuple(map(Path, ("a/chair.glb", "b/chair.obj", "b/chair.glb", "table.ply")))
    names = [folder.name for folder in result_folders(files, tmp_path)]
    assert names == ["chair-glb", "chair-obj", "chair-glb-2", "table"]


def test_help_needs_no_torch():
    code = ("import sys\nfrom partwise.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
            "assert not {'torch', 'ocnn', 'scipy', 'sklearn', 'h5py', 'trimesh'} & set(sys.modules)")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
