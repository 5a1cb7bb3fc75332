"""PartNet's file forms as written, read back with plain h5py."""

import os
import re
import resource
import signal
import tracemalloc

import h5py
import numpy as np
import pytest

from partwise.errors import InputError
from partwise.export import PartnetWriter
from partwise.taxonomy import load_taxonomy
from tests.data.test_store import exit_status_of_child

GT_TYPES = {"pts": "float32", "gt_mask": "bool", "gt_mask_label": "uint8", "gt_mask_valid": "bool",
            "gt_mask_other": "bool"}
PRED_TYPES = {"mask": "bool", "valid": "bool", "conf": "float32", "label": "uint8"}


def random_shape(rng, n_point=120, n_class=6, n_instance=5):
    """Arguments of ``add``."""
    part, guess = rng.integers(0, n_instance, (2, n_point))
    semantic, predicted = part % n_class, guess % n_class
    return (rng.random((n_point, 3)), semantic, np.where(semantic == 0, -1, part), predicted,
            np.where(predicted == 0, -1, guess), 2 * rng.random(n_point))


def read(path):
    with h5py.File(path) as file:
        return {name: file[name][:] for name in file}


def test_layout_and_content(tmp_path):
    rng = np.random.default_rng(0)
    shapes = [random_shape(rng) for _ in range(3)]
    with PartnetWriter(tmp_path / "out", load_taxonomy("Chair"), 1) as writer:
        for shape in shapes:
            writer.add(*shape)
        assert writer.n_shape == 3
        assert not list((tmp_path / "out").rglob("test-*"))  # nothing has its name before the end
    paths = [path for path in tmp_path.rglob("*") if path.is_file()]
    files = sorted(path.relative_to(tmp_path / "out").as_posix() for path in paths)
    assert files == ["gt/Chair-1/test-00.h5", "pred/Chair-1/test-00.h5"]
    truth, predictions = read(tmp_path / "out" / files[0]), read(tmp_path / "out" / files[1])
    assert {name: str(array.dtype) for name, array in truth.items()} == GT_TYPES
    assert {name: str(array.dtype) for name, array in predictions.items()} == PRED_TYPES
    assert truth["gt_mask"].shape == predictions["mask"].shape == (3, 200, 120)
    assert truth["gt_mask_label"].shape == predictions["label"].shape == (3, 200)
    for row, (points, semantic, instance, predicted, predicted_instance, entropy) in enumerate(shapes):
        np.testing.assert_array_equal(truth["pts"][row], points.astype(np.float32))
        np.testing.assert_array_equal(truth["gt_mask_other"][row], semantic == 0)
        check_masks(truth["gt_mask"][row], truth["gt_mask_valid"][row], truth["gt_mask_label"][row],
                    semantic, instance, 0)
        masks, valid = predictions["mask"][row], predictions["valid"][row]
        check_masks(masks, valid, predictions["label"][row], predicted, predicted_instance, 10)
        expected = [np.float32(1 - entropy[mask].mean()) for mask in masks[valid]]
        np.testing.assert_allclose(predictions["conf"][row][valid], expected, rtol=1e-6)


def check_masks(masks, valid, labels, semantic, instance, min_points):
    pairs = {(c, i) for c, i in zip(semantic.tolist(), instance.tolist(), strict=True) if c}
    expected = {(c - 1, ((semantic == c) & (instance == i)).tobytes()) for c, i in pairs
                if ((semantic == c) & (instance == i)).sum() > min_points}
    assert expected
    assert {(int(c), mask.tobytes()) for c, mask in zip(labels[valid], masks[valid], strict=True)} == expected
    assert valid.sum() == len(expected)
    assert not masks[~valid].any()


def test_negative_confidence_is_kept(tmp_path):
    ones = np.ones(20, int)
    with PartnetWriter(tmp_path, load_taxonomy("Bag"), 1) as writer:
        writer.add(np.zeros((20, 3)), ones, ones, ones, ones, np.full(20, 1.75))
    predictions = read(tmp_path / "pred" / "Bag-1" / "test-00.h5")
    assert predictions["conf"][0, 0] == -0.75
    assert predictions["valid"].sum() == 1


def test_size_filter_is_strict(tmp_path):
    ones = np.ones(21, int)
    with PartnetWriter(tmp_path, load_taxonomy("Bag"), 1) as writer:
        writer.add(np.zeros((21, 3)), ones, ones, ones, np.repeat([1, 2], [10, 11]), np.zeros(21))
    predictions = read(tmp_path / "pred" / "Bag-1" / "test-00.h5")
    assert predictions["mask"][0].sum(1)[:2].tolist() == [11, 0]


def test_mask_axis_grows(tmp_path):
    """A shape in the middle has more instances than PartNet's 200; the rows around it keep their places."""
    zeros, ones = np.zeros(300, int), np.ones(300, int)
    many = np.arange(300)
    with PartnetWriter(tmp_path, load_taxonomy("Bag"), 1, min_points=0) as writer:
        for instance in (zeros, many, zeros):
            writer.add(np.zeros((300, 3)), ones, instance, ones, instance, np.zeros(300))
    truth = read(tmp_path / "gt" / "Bag-1" / "test-00.h5")
    predictions = read(tmp_path / "pred" / "Bag-1" / "test-00.h5")
    sides = (truth["gt_mask"], truth["gt_mask_valid"]), (predictions["mask"], predictions["valid"])
    for masks, valid in sides:
        assert masks.shape == (3, 300, 300)
        assert valid.sum(1).tolist() == [1, 300, 1]
        np.testing.assert_array_equal(masks[1], np.eye(300, dtype=bool))
        assert masks.sum((1, 2)).tolist() == [300, 300, 300]
    assert predictions["label"].shape == predictions["conf"].shape == (3, 300)


def test_nothing_predicted_and_nothing_true(tmp_path):
    zeros, none = np.zeros(20, int), np.full(20, -1)
    with PartnetWriter(tmp_path, load_taxonomy("Bag"), 1) as writer:
        writer.add(np.zeros((20, 3)), zeros, none, zeros, none, np.zeros(20))
    truth = read(tmp_path / "gt" / "Bag-1" / "test-00.h5")
    assert truth["gt_mask_other"].all()
    assert not truth["gt_mask_valid"].any()
    assert not read(tmp_path / "pred" / "Bag-1" / "test-00.h5")["valid"].any()


def test_several_files(tmp_path):
    rng = np.random.default_rng(1)
    shapes = [random_shape(rng, 30) for _ in range(7)]
    with PartnetWriter(tmp_path, load_taxonomy("Chair"), 3, split="val", shapes_per_file=3) as writer:
        for shape in shapes:
            writer.add(*shape)
    for side in ("gt", "pred"):
        names = sorted(path.name for path in (tmp_path / side / "Chair-3").iterdir())
        assert names == ["val-00.h5", "val-01.h5", "val-02.h5"]
    points = [read(tmp_path / "gt" / "Chair-3" / f"val-0{number}.h5")["pts"] for number in range(3)]
    assert [len(part) for part in points] == [3, 3, 1]
    np.testing.assert_array_equal(np.concatenate(points), np.float32([shape[0] for shape in shapes]))


@pytest.mark.parametrize("n_shape", [0, 1, 4])
def test_after_an_exception_nothing_is_left(tmp_path, n_shape):
    rng = np.random.default_rng(2)
    (tmp_path / "out").mkdir()

    def fail():
        with PartnetWriter(tmp_path / "out", load_taxonomy("Chair"), 1, shapes_per_file=3) as writer:
            for _ in range(n_shape):
                writer.add(*random_shape(rng))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert list(tmp_path.rglob("*")) == [tmp_path / "out"]


def test_failure_at_the_end_leaves_nothing(tmp_path, monkeypatch):
    """Such as a full disk while the last file is closed."""
    def full_disk(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr("partwise.export._padded", full_disk)
    writer = PartnetWriter(tmp_path, load_taxonomy("Chair"), 1)
    writer.__enter__()
    writer.add(*random_shape(np.random.default_rng(3)))
    with pytest.raises(OSError, match="No space"):
        writer.__exit__(None, None, None)
    assert list(tmp_path.rglob("*")) == []


def test_a_full_disk_is_told_at_once(tmp_path):
    """And not when all shapes have been segmented."""
    rng = np.random.default_rng(0)

    def write_too_much():
        with PartnetWriter(tmp_path, load_taxonomy("Chair"), 1) as writer:
            for _ in range(20):
                writer.add(*random_shape(rng, 10_000))
            os._exit(1)

    def with_little_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        with pytest.raises(InputError, match=r"test-00.h5: cannot be written .*make room"):
            write_too_much()
        return 0

    assert exit_status_of_child(with_little_room) == 0
    assert list(tmp_path.iterdir()) == []


def test_without_shapes_nothing_is_written(tmp_path):
    with PartnetWriter(tmp_path / "out", load_taxonomy("Chair"), 1):
        pass
    assert list(tmp_path.rglob("*")) == []


def test_existing_files_are_kept_unless_overwritten(tmp_path):
    rng = np.random.default_rng(4)
    with PartnetWriter(tmp_path, load_taxonomy("Chair"), 1, shapes_per_file=1) as writer:
        for _ in range(2):
            writer.add(*random_shape(rng))
    others = [tmp_path / "gt" / "Chair-1" / name for name in ("val-00.h5", "test-hard-00.h5")]
    for other_split in others:
        other_split.write_bytes(b"mine")
    with pytest.raises(InputError, match=r"gt/Chair-1/test-00\.h5.*already there"):
        PartnetWriter(tmp_path, load_taxonomy("Chair"), 1).__enter__()
    shape = random_shape(rng)
    with PartnetWriter(tmp_path, load_taxonomy("Chair"), 1, overwrite=True) as writer:
        writer.add(*shape)
    np.testing.assert_array_equal(read(tmp_path / "gt" / "Chair-1" / "test-00.h5")["pts"][0],
                                  shape[0].astype(np.float32))
    # A second file of the earlier export would be scored as if it belonged to this one.
    assert sorted(path.name for path in tmp_path.rglob("*.h5")) == [
        "test-00.h5", "test-00.h5", "test-hard-00.h5", "val-00.h5"]
    assert [other_split.read_bytes() for other_split in others] == [b"mine"] * 2


def test_overwriting_that_fails_keeps_the_old(tmp_path):
    rng = np.random.default_rng(5)
    with PartnetWriter(tmp_path, load_taxonomy("Chair"), 1) as writer:
        writer.add(*random_shape(rng))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.h5")}

    def fail():
        with PartnetWriter(tmp_path, load_taxonomy("Chair"), 1, overwrite=True) as writer:
            writer.add(*random_shape(rng))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_refused_shape_leaves_the_file_whole(tmp_path):
    """The caller may skip a bad shape and go on."""
    rng = np.random.default_rng(6)
    good = random_shape(rng)
    bad = {
        r"class ids must be in 0 \.\.\. 5, found 5 \.\.\. 6": (good[0], good[1] % 2 + 5, *good[2:]),
        "expected 120 as before": random_shape(rng, 119),
        "NaN or infinite": (*good[:5], np.full(120, np.nan)),
        r"labels and entropy \(N,\)": (*good[:5], good[5][:-1]),
    }
    with PartnetWriter(tmp_path, load_taxonomy("Chair"), 1) as writer:
        with pytest.raises(InputError, match="at least 1"):
            writer.add(*random_shape(rng, 0))
        writer.add(*good)
        for words, shape in bad.items():
            with pytest.raises(InputError) as caught:
                writer.add(*shape)
            assert re.search(words, str(caught.value))
        writer.add(*good)
    truth = read(tmp_path / "gt" / "Chair-1" / "test-00.h5")
    assert [len(array) for array in truth.values()] == [2] * 5


@pytest.mark.parametrize(("category", "level", "words"), [
    ("Chiar", 1, "nearest: Chair"), ("Bag", 2, "choose from: 1"), ("Chair", 4, "choose from: 1, 2, 3")])
def test_unknown_task(tmp_path, category, level, words):
    with pytest.raises(InputError, match=words):
        PartnetWriter(tmp_path, load_taxonomy(category), level)


def test_a_split_does_not_lead_out_of_the_folder(tmp_path):
    with pytest.raises(InputError, match=r"split '\.\./\.\./mine' cannot begin the name of a file"):
        PartnetWriter(tmp_path, load_taxonomy("Chair"), 1, "../../mine")


def test_memory_does_not_grow_with_shapes(tmp_path):
    """40 shapes of 200 x 10,000 masks are 160 MB on both sides; a shape's are 4 MB."""
    rng = np.random.default_rng(7)
    part = rng.integers(0, 30, 10_000)
    shape = (rng.random((10_000, 3)), part % 6, part, part % 6, part, rng.random(10_000))
    tracemalloc.start()
    try:
        with PartnetWriter(tmp_path, load_taxonomy("Chair"), 1) as writer:
            for _ in range(40):
                writer.add(*shape)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12e6
