"""Scoring of files: against label arrays, published numbers and brute force; every complaint about a file."""

import json
import shutil

import h5py
import numpy as np
import pytest
import tyro

import partwise.score
from partwise.cli.score import Score
from partwise.errors import InputError
from partwise.export import PartnetWriter
from partwise.metrics import InstanceMetric, compare
from partwise.score import score
from partwise.taxonomy import load_taxonomy
from tests.metrics import brute_force
from tests.metrics.test_instances import random_masks
from tests.test_export import random_shape

INPUTS = ("semantic", "instance", "pred_semantic", "pred_instance", "entropy")


def write(path, **arrays):
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file.create_dataset(name, data=array)


def write_masks(root, task, shapes, number=0):
    """Shapes as made by random_masks, padded to one number of masks a file, written with plain h5py."""
    n_predicted, n_true = (max(len(shape[row]) for shape in shapes) + 1 for row in (0, 4))

    def padded(column, count):
        first = shapes[0][column]
        table = np.zeros((len(shapes), count, *first.shape[1:]), first.dtype)
        for row, shape in zip(table, shapes, strict=True):
            row[:len(shape[column])] = shape[column]
        return table

    write(root / "gt" / task / f"test-{number:02d}.h5", gt_mask=padded(4, n_true),
          gt_mask_valid=padded(5, n_true),
          gt_mask_label=np.maximum(padded(6, n_true) - 1, 0).astype(np.uint8),
          gt_mask_other=np.array([shape[7] for shape in shapes]))
    write(root / "pred" / task / f"test-{number:02d}.h5", mask=padded(0, n_predicted),
          valid=padded(1, n_predicted), conf=padded(2, n_predicted).astype(np.float32),
          label=np.maximum(padded(3, n_predicted) - 1, 0).astype(np.uint8))


def assert_same(found, expected):
    for name in ("ap", "mean_ap", "shape_mean_ap", "n_truth", "n_predicted", "n_shape", "thresholds"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


def test_round_trip_is_exact(tmp_path):
    """Labels -> files -> scores equals labels -> scores, to the last bit, over several files."""
    rng = np.random.default_rng(0)
    metric = InstanceMetric(6)
    with PartnetWriter(tmp_path, load_taxonomy("Chair"), 1, shapes_per_file=4) as writer:
        for _ in range(45):
            points, semantic, instance, *_ = random_shape(rng, 200, n_instance=8)
            wrong = rng.random(200) < 0.3
            predicted = np.where(wrong, rng.integers(0, 6, 200), semantic)
            shape = (semantic, instance, predicted, np.where(predicted == 0, -1, instance + 5 * wrong + 1),
                     rng.choice([0.25, 0.5, 3.0], 8)[instance])
            writer.add(points, *shape)
            metric.add(compare("partnet", *shape))
    expected = metric.result()
    assert 0.1 < expected.mean_ap[0] < 1
    report = score(tmp_path / "gt", tmp_path / "pred", "Chair", 1)
    assert_same(report.scores, expected)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_golden(golden, tmp_path, number):
    cases = np.load(golden / f"metrics_{number}.npz", allow_pickle=False)
    category, level = {6: ("Chair", 1), 9: ("Bottle", 3)}[int(cases["n_class"])]
    with PartnetWriter(tmp_path, load_taxonomy(category), level) as writer:
        for labels in zip(*(cases[name] for name in INPUTS), strict=True):
            writer.add(np.zeros((len(labels[0]), 3)), *labels)
    scores = score(tmp_path / "gt", tmp_path / "pred", category, level).scores
    for row, per_cent in enumerate((25, 50, 75)):
        assert scores.mean_ap[row] == pytest.approx(cases[f"partnet_map_{per_cent}"], abs=1e-6)
        assert scores.shape_mean_ap[row] == pytest.approx(cases[f"partnet_shape_map_{per_cent}"], abs=1e-6)


def test_overlapping_masks_equal_brute_force(tmp_path):
    rng = np.random.default_rng(1)
    files = [[random_masks(rng) for _ in range(count)] for count in (5, 1, 7)]
    for number, shapes in enumerate(files):
        write_masks(tmp_path, "Bag-1", shapes, number)
    scores = score(tmp_path / "gt", tmp_path / "pred", "Bag", 1, (0.3, 0.5)).scores
    shapes = [brute_force.from_masks(*shape) for shapes in files for shape in shapes]
    for row, threshold in enumerate(("0.3", "0.5")):
        ap, mean_ap, shape_mean_ap = brute_force.evaluate(shapes, 4, threshold)
        assert None not in ap[1:]
        np.testing.assert_allclose(scores.ap[row, 1:], np.array(ap[1:], float), atol=1e-12)
        assert scores.mean_ap[row] == pytest.approx(float(mean_ap))
        assert scores.shape_mean_ap[row] == pytest.approx(float(shape_mean_ap))


def test_files_are_read_in_numeric_order(tmp_path, monkeypatch):
    """Order decides between equal confidences, so test-9 comes before test-10."""
    for number in range(9, 12):
        write_masks(tmp_path, "Bag-1", [random_masks(np.random.default_rng(number))], number)
    for side in ("gt", "pred"):
        (tmp_path / side / "Bag-1" / "test-09.h5").rename(tmp_path / side / "Bag-1" / "test-9.h5")
    opened = []
    plain = partwise.score.open_hdf5
    monkeypatch.setattr(partwise.score, "open_hdf5", lambda path: opened.append(path.name) or plain(path))
    score(tmp_path / "gt", tmp_path / "pred", "Bag", 1)
    assert opened[::2] == opened[1::2] == ["test-9.h5", "test-10.h5", "test-11.h5"]


@pytest.fixture
def files(tmp_path):
    """Two files of three shapes each, Bag-1."""
    rng = np.random.default_rng(2)
    for number in range(2):
        write_masks(tmp_path, "Bag-1", [random_masks(rng) for _ in range(3)], number)
    return tmp_path


def rewrite(path, **arrays):
    """Replace data sets of a file; None removes one."""
    with h5py.File(path, "r+") as file:
        for name, array in arrays.items():
            del file[name]
            if array is not None:
                file[name] = array


def content(path, name):
    with h5py.File(path) as file:
        return file[name][:]


def test_folder_or_its_parent(files):
    expected = score(files / "gt", files / "pred", "Bag", 1).scores
    assert_same(score(files / "gt" / "Bag-1", files / "pred" / "Bag-1", "Bag", 1).scores, expected)
    (files / "pred" / "Bag-1").rename(files / "my system")
    assert_same(score(files / "gt", files / "my system", "Bag", 1).scores, expected)


@pytest.mark.parametrize(("name", "dtype"), [
    ("mask", np.uint8), ("mask", np.float32), ("gt_mask", np.float32), ("gt_mask_other", np.float64),
    ("valid", np.int64), ("valid", np.float64),
    ("conf", np.float64), ("label", np.int32), ("label", np.float32)])
def test_number_types_of_other_systems(files, name, dtype):
    expected = score(files / "gt", files / "pred", "Bag", 1).scores
    path = files / ("gt" if name.startswith("gt") else "pred") / "Bag-1" / "test-00.h5"
    rewrite(path, **{name: content(path, name).astype(dtype)})
    assert_same(score(files / "gt", files / "pred", "Bag", 1).scores, expected)


def test_rows_that_are_not_valid_do_not_matter(files):
    path = files / "pred" / "Bag-1" / "test-00.h5"
    expected = score(files / "gt", files / "pred", "Bag", 1).scores
    valid, label, conf = (content(path, name) for name in ("valid", "label", "conf"))
    assert not valid.all()
    rewrite(path, label=np.where(valid, label, 255).astype(np.uint8), conf=np.where(valid, conf, np.nan))
    assert_same(score(files / "gt", files / "pred", "Bag", 1).scores, expected)


@pytest.mark.parametrize("chunks", [None, (1, 2, 60), (3, 1, 7)])
@pytest.mark.parametrize("block", [1, 300, 10**8])
def test_chunks_and_blocks_do_not_matter(files, monkeypatch, chunks, block):
    expected = score(files / "gt", files / "pred", "Bag", 1).scores
    path = files / "pred" / "Bag-1" / "test-00.h5"
    mask = content(path, "mask")
    with h5py.File(path, "r+") as file:
        del file["mask"]
        file.create_dataset("mask", data=mask, chunks=chunks)
    monkeypatch.setattr(partwise.score, "_BLOCK_BYTES", block)
    assert_same(score(files / "gt", files / "pred", "Bag", 1).scores, expected)


def test_no_shapes_and_no_masks(tmp_path):
    write(tmp_path / "gt" / "Bag-1" / "test-00.h5", gt_mask=np.zeros((0, 200, 50), bool),
          gt_mask_valid=np.zeros((0, 200), bool), gt_mask_label=np.zeros((0, 200), np.uint8),
          gt_mask_other=np.zeros((0, 50), bool))
    write(tmp_path / "pred" / "Bag-1" / "test-00.h5", mask=np.zeros((0, 0, 50), bool),
          valid=np.zeros((0, 0), bool), conf=np.zeros((0, 0), np.float32), label=np.zeros((0, 0), np.uint8))
    report = score(tmp_path / "gt", tmp_path / "pred", "Bag", 1)
    assert report.scores.n_shape == 0
    assert report.to_dict()["mean_ap"] == [None, None, None]


def test_files_of_other_splits_are_left(files):
    """test-hard is another split, although its files' names begin with test too."""
    expected = score(files / "gt", files / "pred", "Bag", 1).scores
    (files / "gt" / "Bag-1" / "test-hard-00.h5").write_bytes(b"")
    assert_same(score(files / "gt", files / "pred", "Bag", 1).scores, expected)


def complaint(files, category="Bag", level=1, **options):
    with pytest.raises(InputError) as caught:
        score(files / "gt", files / "pred", category, level, **options)
    return str(caught.value)


def test_complaints_about_folders(files):
    assert "nearest: Bag" in complaint(files, category="Bagg")
    assert "choose from: 1" in complaint(files, level=2)
    assert "val-NN.h5" in complaint(files, split="val")
    extra = files / "pred" / "Bag-1" / "test-02.h5"
    extra.write_bytes(b"")
    assert f"{extra}: " in complaint(files)
    extra.unlink()
    (files / "pred" / "Bag-1" / "test-01.h5").unlink()
    message = complaint(files)
    assert f"{files / 'pred' / 'Bag-1' / 'test-01.h5'}: no such file" in message
    assert "1 of 2 are missing" in message
    with pytest.raises(InputError, match="Bag-1 by its name, but Chair-2"):
        score(files / "gt" / "Bag-1", files / "pred", "Chair", 2)
    shutil.rmtree(files / "pred")
    assert f"{files / 'pred'}: no such folder" in complaint(files)


@pytest.mark.parametrize(("name", "change", "words"), [
    ("mask", lambda mask: None, "no data set 'mask'"),
    ("mask", lambda mask: mask[:2], r"'mask' has shape (2"),
    ("mask", lambda mask: mask[:, :, :-1], "expected (3, any, 60)"),
    ("mask", lambda mask: mask.astype(np.uint8) * 255, "other than 0 and 1 (up to 255)"),
    ("mask", lambda mask: mask * 0.7, "other than 0 and 1"),
    ("valid", lambda valid: valid[:, :-1], "'valid' has shape"),
    ("valid", lambda valid: valid.astype(np.uint8) + 1, "'valid' has values other"),
    ("conf", lambda conf: np.full_like(conf, np.nan), "is nan; confidences"),
    ("conf", lambda conf: np.full_like(conf, -np.inf), "is -inf; confidences"),
    ("label", lambda label: np.full_like(label, 3), "is 3, expected 0 ... 2"),
    ("label", lambda label: np.full(label.shape, -1), "is -1, expected 0 ... 2"),
    ("label", lambda label: label + 0.5, "5, expected 0 ... 2"),
    ("label", lambda label: np.array([[b"leg"] * label.shape[1]] * 3), "expected bool or int"),
])
def test_complaints_about_predictions(files, name, change, words):
    path = files / "pred" / "Bag-1" / "test-01.h5"
    rewrite(path, **{name: change(content(path, name))})
    message = complaint(files)
    assert message.startswith(str(path))
    assert words in message


def test_complaints_about_truth(files):
    path = files / "gt" / "Bag-1" / "test-00.h5"
    label = content(path, "gt_mask_label")
    rewrite(path, gt_mask_label=label + 3)
    assert f"{path}: 'gt_mask_label' of shape 0" in complaint(files)
    rewrite(path, gt_mask_label=label, gt_mask_other=None)
    assert "no data set 'gt_mask_other'" in complaint(files)


@pytest.mark.parametrize("side", ["gt", "pred"])
def test_damaged_file(files, side):
    path = files / side / "Bag-1" / "test-01.h5"
    whole = path.read_bytes()
    path.write_bytes(whole[:len(whole) // 2])
    message = complaint(files)
    assert message.startswith(str(path))
    assert "truncated" in message
    path.write_bytes(b"not HDF5 at all")
    assert complaint(files).startswith(str(path))


def test_damaged_chunk(files):
    path = files / "pred" / "Bag-1" / "test-01.h5"
    masks = np.random.default_rng(0).random(content(path, "mask").shape) < 0.5
    with h5py.File(path, "r+") as file:
        del file["mask"]
        found = file.create_dataset("mask", data=masks, compression="gzip", chunks=masks.shape)
        chunk = found.id.get_chunk_info(0)
    with path.open("r+b") as raw:
        raw.seek(chunk.byte_offset + 20)
        raw.write(b"\xff" * 40)
    assert "'mask' is damaged" in complaint(files)


def test_command_prints_json(files, capsys):
    tyro.cli(Score, args=[str(files / "gt"), str(files / "pred"), "--category", "Bag", "--level", "1",
                          "--json"]).run()
    printed = json.loads(capsys.readouterr().out)
    scores = score(files / "gt", files / "pred", "Bag", 1).scores
    assert printed == score(files / "gt", files / "pred", "Bag", 1).to_dict()
    assert printed["thresholds"] == [0.25, 0.5, 0.75]
    assert printed["mean_ap"] == scores.mean_ap.tolist()
    assert [row["id"] for row in printed["classes"]] == [1, 2, 3]
    assert [row["n_truth"] for row in printed["classes"]] == scores.n_truth[1:].tolist()
    assert sum(row["n_truth"] for row in printed["classes"]) > 0


def test_json_has_null_where_not_defined(tmp_path):
    ones = np.ones(20, int)
    with PartnetWriter(tmp_path, load_taxonomy("Bag"), 1) as writer:
        writer.add(np.zeros((20, 3)), ones, ones, ones, ones, np.zeros(20))
    report = score(tmp_path / "gt", tmp_path / "pred", "Bag", 1).to_dict()
    assert [row["ap"] for row in report["classes"]] == [[1.0] * 3, [None] * 3, [None] * 3]
    json.dumps(report, allow_nan=False)


def test_command_prints_a_table(files, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    Score(files / "gt", files / "pred", 1, "Bag", thresholds=(0.5,)).run()
    printed = capsys.readouterr().out
    scores = score(files / "gt", files / "pred", "Bag", 1, (0.5,)).scores
    assert "AP50" in printed
    assert f"{100 * scores.mean_ap[0]:.1f}" in printed
    assert f"{100 * scores.shape_mean_ap[0]:.1f}" in printed
    for name in ("bag_body", "handle", "shoulder_strap"):
        assert name in printed


def test_help_says_what_it_does(capsys):
    with pytest.raises(SystemExit):
        tyro.cli(Score, args=["--help"])
    printed = capsys.readouterr().out
    assert "PartNet's instance protocol" in printed
    assert "--category" in printed
