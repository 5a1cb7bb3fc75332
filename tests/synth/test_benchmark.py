"""partwise-bench: the same labels for everyone, and a word where they are not."""

import hashlib
import shutil
from pathlib import Path

import h5py
import pytest

from partwise.cli import main
from partwise.errors import InputError
from partwise.synth import benchmark
from partwise.synth.benchmark import BenchCategory, bench_categories, bench_category, label_checksum, write_benchmark
from partwise.synth.categories import CATEGORIES, category_function
from partwise.synth.world import write_world


def test_every_category_of_the_world_is_in_it():
    assert set(bench_categories()) == set(CATEGORIES)
    for bench in bench_categories().values():
        assert set(bench.counts) == set(bench.labels) == {"train", "val", "test"}
        assert all(len(digits) == 64 and int(digits, 16) for digits in bench.labels.values())
    checksums = [digits for bench in bench_categories().values() for digits in bench.labels.values()]
    assert len(set(checksums)) == len(checksums)
    with pytest.raises(InputError, match="no category 'Vase'; choose from Chair"):
        bench_category("Vase")


@pytest.fixture(scope="module")
def mugs(tmp_path_factory):
    """Two files of few mugs."""
    out = tmp_path_factory.mktemp("mugs")
    return out, write_world(out, "Mug", category_function("Mug"), {"train": 3, "val": 2}, 64, workers=1)


def test_the_checksum_by_hand(mugs):
    _, files = mugs
    digest = hashlib.sha256()
    for path in files:  # train-00.h5 comes before val-00.h5
        with h5py.File(path) as file:
            for label in file["label"][:].flat:
                digest.update(int(label).to_bytes(4, "little", signed=True))
        digest.update(path.with_suffix(".json").read_bytes())
    assert label_checksum(reversed(files)) == digest.hexdigest()


def test_labels_and_trees_change_the_checksum_but_points_do_not(mugs, tmp_path):
    _, files = mugs
    before = label_checksum(files)
    copies = [Path(shutil.copy(file, tmp_path)) for path in files for file in (path, path.with_suffix(".json"))]
    files = [path for path in copies if path.suffix == ".h5"]
    with h5py.File(files[0], "r+") as file:
        file["pts"][0, 0] += 1e-7
    assert label_checksum(files) == before
    with h5py.File(files[0], "r+") as file:
        file["label"][2, 5] += 1
    changed = label_checksum(files)
    assert changed != before
    tree = files[1].with_suffix(".json")
    tree.write_text(tree.read_text().replace("handle", "hand"))
    assert label_checksum(files) not in (before, changed)


@pytest.mark.parametrize("category", [
    "Scissors", *(pytest.param(name, marks=pytest.mark.slow) for name in CATEGORIES if name != "Scissors")])
def test_labels_are_as_published(tmp_path, category):
    files = write_benchmark(tmp_path, category, splits=("val",))
    assert [path.name for path in files] == ["val-00.h5"]


def test_other_labels_are_an_error(tmp_path, monkeypatch):
    few = BenchCategory(5, {"train": 2, "val": 1}, {"train": "0" * 64, "val": "1" * 64})
    monkeypatch.setattr(benchmark, "bench_categories", lambda: {"Mug": few})
    with pytest.raises(InputError, match=r"labels of train, val are not those of partwise-bench v1.*expected 0000"):
        write_benchmark(tmp_path, "Mug", workers=1)


def test_the_command_writes_and_checks(tmp_path, monkeypatch, capsys):
    counts = {"train": 2, "val": 1}
    monkeypatch.setattr(benchmark, "N_POINT", 64)
    files = write_world(tmp_path / "a", "Mug", category_function("Mug"), counts, 64, seed=5, workers=1, flaws=True)
    few = BenchCategory(5, counts, {split: label_checksum([file]) for split, file in zip(counts, files, strict=True)})
    monkeypatch.setattr(benchmark, "bench_categories", lambda: {"Mug": few})
    assert main(["synth", "--category", "Mug", "--benchmark", "--workers", "1", "--out", str(tmp_path / "b")]) == 0
    assert "the labels are as they should be" in capsys.readouterr().out
    assert [file.read_bytes() for file in files] == [
        (tmp_path / "b" / file.relative_to(tmp_path / "a")).read_bytes() for file in files]


@pytest.mark.parametrize("options", [["--seed", "3"], ["--split", "train=5"], ["--no-flaws"], ["--points", "100"]])
def test_what_the_benchmark_fixes_cannot_be_given(tmp_path, capsys, options):
    command = ["synth", "--category", "Mug", "--benchmark", "--out", str(tmp_path / "bench"), *options]
    assert main(command) == 1
    assert "partwise-bench v1 fixes them" in capsys.readouterr().err
    assert not (tmp_path / "bench").exists()
