import multiprocessing
import os
import pickle
import resource
import signal
import time
from dataclasses import replace

import h5py
import numpy as np
import pytest

from partwise.data.store import Block, Store, StoreWriter
from partwise.errors import InputError
from partwise.shape import Shape
from partwise.taxonomy import load_taxonomy

ARRAYS = ("points", "normals", "semantic", "instance")


def make_shape(seed: int, n_point: int = 30) -> Shape:
    random = np.random.default_rng(seed)
    semantic = random.integers(0, 6, (3, n_point)).astype(np.uint8)
    instance = np.where(semantic > 0, semantic.astype(np.int16) * 3 + 1, -1).astype(np.int16)
    points, normals = random.normal(size=(2, n_point, 3)).astype(np.float32)
    return Shape(points, normals, semantic, instance, f"model é {seed}", str(seed))


def write(path, shapes, n_point=30, split="train"):
    with StoreWriter(path, load_taxonomy("Chair"), split, n_point, "from a test") as writer:
        writer.append(shapes)
    return path


def assert_same(found: Shape, wanted: Shape) -> None:
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))
        assert getattr(found, name).dtype == getattr(wanted, name).dtype
    assert (found.model_id, found.anno_id) == (wanted.model_id, wanted.anno_id)


def exit_status_of_child(function) -> int:
    """Run a function in a forked process: its exit status is the function's result, 99 after an exception."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            status = int(function())
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1]


def test_round_trip(tmp_path):
    shapes = [make_shape(seed) for seed in range(7)]
    with StoreWriter(tmp_path / "train.h5", load_taxonomy("Chair"), "train", 30, "from a test") as writer:
        writer.append(shapes[:2])
        writer.append([])
        rest = shapes[2:]
        writer.append_block(Block(*(np.stack([getattr(shape, name) for shape in rest]) for name in ARRAYS),
                                  [shape.model_id for shape in rest], [shape.anno_id for shape in rest]))
    store = Store(tmp_path / "train.h5")
    assert (store.category, store.split, store.source, store.n_point, len(store)) == (
        "Chair", "train", "from a test", 30, 7)
    for index in (6, 0, 3):
        assert_same(store.shape(index), shapes[index])
    assert store.shape(np.int64(2)).anno_id == "2"
    for found, wanted in zip(store, shapes, strict=True):
        assert_same(found, wanted)
    np.testing.assert_array_equal(store.labels(4)[1], shapes[4].instance)


def test_numbers_of_records(tmp_path):
    assert Store(write(tmp_path / "plain.h5", [make_shape(0)])).record_numbers is None
    numbers = np.array([[7, 1], [-3, 2**40]])
    shapes = [make_shape(seed) for seed in range(2)]
    block = Block(*(np.stack([getattr(shape, name) for shape in shapes]) for name in ARRAYS), ["", ""], ["7", "-3"],
                  numbers)
    with StoreWriter(tmp_path / "train.h5", load_taxonomy("Chair"), "train", 30, numbered=True) as writer:
        writer.append_block(block)
    assert Store(tmp_path / "train.h5").record_numbers.tolist() == numbers.tolist()
    with h5py.File(tmp_path / "train.h5", "r+") as file:
        file["record_numbers"].resize(1, axis=0)
    with pytest.raises(InputError, match=r"'record_numbers' has shape \(1, 2\), expected \(2, 2\)"):
        Store(tmp_path / "train.h5")


def test_one_point_a_shape(tmp_path):
    shape = make_shape(0, n_point=1)
    assert_same(Store(write(tmp_path / "a.h5", [shape], n_point=1)).shape(0), shape)


def test_empty_store(tmp_path):
    store = Store(write(tmp_path / "a.h5", []))
    assert (len(store), list(store), store.n_point) == (0, [], 30)
    with pytest.raises(InputError, match="no shape 0"):
        store.shape(0)


def test_no_points_are_refused(tmp_path):
    with pytest.raises(InputError, match="at least one point"):
        StoreWriter(tmp_path / "a.h5", load_taxonomy("Chair"), "train", 0)


def test_index_out_of_range(tmp_path):
    store = Store(write(tmp_path / "a.h5", [make_shape(0)]))
    for index in (1, -1):
        with pytest.raises(InputError, match=f"a.h5: has no shape {index}; it holds 1"):
            store.shape(index)


def test_reopens_after_close(tmp_path):
    store = Store(write(tmp_path / "a.h5", [make_shape(0)]))
    for _ in range(2):
        assert store.shape(0).anno_id == "0"
        store.close()


def _sum_of(store, index):
    return float(store.shape(index).points.sum(dtype=np.float64))


def test_pickled_and_forked(tmp_path):
    store = Store(write(tmp_path / "a.h5", [make_shape(seed) for seed in range(4)]))
    wanted = [_sum_of(store, index) for index in range(4)]  # opens the file before pickling and forking
    copy = pickle.loads(pickle.dumps(store))
    assert [_sum_of(copy, index) for index in range(4)] == wanted
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.starmap(_sum_of, [(store, index) for index in range(4)]) == wanted
    # the inherited object itself, not a pickled one
    assert exit_status_of_child(lambda: [_sum_of(store, index) for index in range(4)] != wanted) == 0
    assert _sum_of(store, 3) == wanted[3]


@pytest.mark.parametrize("exception", [RuntimeError, KeyboardInterrupt])
def test_nothing_is_left_after_an_exception(tmp_path, exception):
    def fail():
        with StoreWriter(tmp_path / "a.h5", load_taxonomy("Chair"), "train", 30) as writer:
            writer.append([make_shape(0)])
            raise exception

    with pytest.raises(exception):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_an_exception_keeps_the_old_file(tmp_path):
    write(tmp_path / "a.h5", [make_shape(0)])
    with pytest.raises(InputError, match=r"29 points, but the shapes of .*a.h5 have 30"):
        write(tmp_path / "a.h5", [make_shape(1), make_shape(2, n_point=29)])
    assert Store(tmp_path / "a.h5").anno_id == ["0"]
    assert len(list(tmp_path.iterdir())) == 1


def test_killed_writer_leaves_no_store(tmp_path):
    def write_and_die():
        with StoreWriter(tmp_path / "a.h5", load_taxonomy("Chair"), "train", 30) as writer:
            writer.append([make_shape(0)])
            os.kill(os.getpid(), signal.SIGKILL)

    assert exit_status_of_child(write_and_die) == signal.SIGKILL
    assert not (tmp_path / "a.h5").exists()
    assert Store(write(tmp_path / "a.h5", [make_shape(1)])).anno_id == ["1"]


def test_a_full_disk_is_explained(tmp_path):
    def write_too_much():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        with pytest.raises(InputError, match=r"a.h5: cannot be written"):
            write(tmp_path / "a.h5", [make_shape(seed, 10_000) for seed in range(3)], n_point=10_000)
        return 0

    assert exit_status_of_child(write_too_much) == 0
    assert list(tmp_path.iterdir()) == []


def test_appended_shapes_are_checked(tmp_path):
    shape = make_shape(0)
    bad = shape.points.copy()
    bad[4] = np.nan
    for wrong, named in ((replace(shape, points=bad), "NaN"),
                         (replace(shape, semantic=shape.semantic + 90), "class id")):
        with pytest.raises(InputError, match=named):
            write(tmp_path / "a.h5", [wrong])


def test_block_of_another_size(tmp_path):
    shape = make_shape(0, 29)
    block = Block(*(getattr(shape, name)[None] for name in ARRAYS), ["m"], ["1"])
    opened = StoreWriter(tmp_path / "a.h5", load_taxonomy("Chair"), "train", 30)
    with pytest.raises(InputError, match="29 points"), opened as writer:
        writer.append_block(block)


def test_unknown_category():
    with pytest.raises(InputError, match=r"'Chairs' is not .*nearest: Chair"):
        StoreWriter("a.h5", load_taxonomy("Chairs"), "train", 3)


def test_missing_foreign_and_truncated_files(tmp_path):
    with pytest.raises(InputError, match=r"a.h5: no such file"):
        Store(tmp_path / "a.h5")
    (tmp_path / "text.h5").write_text("hello")
    with pytest.raises(InputError, match=r"text.h5: is not a readable HDF5"):
        Store(tmp_path / "text.h5")
    with h5py.File(tmp_path / "foreign.h5", "w") as file:
        file["pts"] = np.zeros((2, 3))
    with pytest.raises(InputError, match=r"foreign.h5: is HDF5 but no store"):
        Store(tmp_path / "foreign.h5")
    path = write(tmp_path / "a.h5", [make_shape(0)])
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"a.h5: .*truncated"):
        Store(path)


@pytest.mark.parametrize(("name", "value", "named"), [
    ("version", 2, "version 2, expected 1"),
    ("category", "Chairs", "a.h5: category 'Chairs'.*nearest: Chair"),
    ("category", "Table", r"made with \(6, 30, 39\) classes"),
    ("n_class", (6, 30, 40), r"made with \(6, 30, 40\) classes .*\(6, 30, 39\)"),
    ("split", None, r"lacks the attributes \['split'\]"),
])
def test_wrong_headers(tmp_path, name, value, named):
    path = write(tmp_path / "a.h5", [make_shape(0)])
    with h5py.File(path, "a") as file:
        if value is None:
            del file.attrs[name]
        else:
            file.attrs[name] = value
    with pytest.raises(InputError, match=named):
        Store(path)


@pytest.mark.parametrize("name", [*ARRAYS, "model_id", "anno_id"])
def test_missing_data_sets(tmp_path, name):
    path = write(tmp_path / "a.h5", [make_shape(0)])
    with h5py.File(path, "a") as file:
        del file[name]
    with pytest.raises(InputError, match=f"no data set '{name}'"):
        Store(path)
    with h5py.File(path, "a") as file:
        file[name] = np.zeros((2, 5), np.float64)
    with pytest.raises(InputError, match=f"'{name}' has shape"):
        Store(path)


def test_wrong_values_are_found_when_a_shape_is_read(tmp_path):
    path = write(tmp_path / "a.h5", [make_shape(0), make_shape(1)])
    with h5py.File(path, "a") as file:
        file["semantic"][1, 2, 5] = 200
    store = Store(path)
    store.shape(0)
    for read in (store.shape, store.labels):
        with pytest.raises(InputError, match=r"a.h5: shape 1 has class 200 at level 3"):
            read(1)
    store.close()
    with h5py.File(path, "a") as file:
        file["normals"][0, 0, 0] = np.inf
    with pytest.raises(InputError, match=r"a.h5: shape 0: 1 of 30 normals are NaN"):
        Store(path).shape(0)


def test_damaged_bytes(tmp_path):
    path = write(tmp_path / "a.h5", [make_shape(0, 3000)], n_point=3000)
    with h5py.File(path) as file:
        start = file["instance"].id.get_chunk_info(0).byte_offset
    data = bytearray(path.read_bytes())
    data[start:start + 200] = bytes(200)
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a.h5: data set 'instance' is damaged"):
        Store(path).shape(0)


def test_a_shape_is_read_in_milliseconds(tmp_path):
    write(tmp_path / "a.h5", [make_shape(seed, 10_000) for seed in range(20)], n_point=10_000)
    store = Store(tmp_path / "a.h5")
    times = []
    for index in np.random.default_rng(0).permutation(20):
        start = time.perf_counter()
        store.shape(int(index))
        times.append(time.perf_counter() - start)
    assert np.median(times) < 0.02  # 1 to 2 ms in practice; one chunk of many shapes would take far longer
    with h5py.File(tmp_path / "a.h5") as file:
        assert {file[name].chunks[0] for name in ARRAYS} == {1}


def test_a_split_that_leads_to_another_folder(tmp_path):
    """Files are named after it, by export and evaluate."""
    with pytest.raises(InputError, match="expected a plain word"):
        StoreWriter(tmp_path / "a.h5", load_taxonomy("Chair"), "../../mine", 5)
    with StoreWriter(tmp_path / "a.h5", load_taxonomy("Chair"), "test", 5):
        pass
    with h5py.File(tmp_path / "a.h5", "r+") as file:
        file.attrs["split"] = "../../mine"
    with pytest.raises(InputError, match=r"a.h5: its split is called '../../mine'"):
        Store(tmp_path / "a.h5")
