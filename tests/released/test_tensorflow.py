"""TensorFlow itself as the reference, where it is installed: it reads what we write, and we read what it writes."""

import numpy as np
import pytest

from partwise.data.store import Store
from partwise.released.bundle import open_bundle
from partwise.released.export import export_records
from partwise.released.prepare import prepare_records
from partwise.taxonomy import load_taxonomy
from tests.released.files import blob_bytes, cloud, features, write_bundle

tf = pytest.importorskip("tensorflow")


def test_it_reads_our_records(chair_data, tmp_path):
    store = Store(chair_data / "Chair/train.h5")
    path, = export_records([store.path], tmp_path, workers=1)
    spec = {f"label_{level}": tf.io.FixedLenFeature([store.n_point], tf.int64) for level in (1, 2, 3)}
    spec |= {name: tf.io.FixedLenFeature([1], tf.int64) for name in ("points_flag", "shape_index")}
    spec["points_bytes"] = tf.io.FixedLenFeature([], tf.string)
    parsed = [tf.io.parse_single_example(record, spec) for record in tf.data.TFRecordDataset([str(path)])]
    assert len(parsed) == len(store)
    for index, (found, shape) in enumerate(zip(parsed, store, strict=True)):
        labels = shape.instance.astype(np.int64) * 100 + shape.semantic
        for level in (1, 2, 3):
            np.testing.assert_array_equal(found[f"label_{level}"], labels[level - 1])
        assert (found["shape_index"].numpy().item(), found["points_flag"].numpy().item()) == (index, 1)
        assert found["points_bytes"].numpy() == blob_bytes(shape.points, shape.normals, labels[0])


def test_we_read_its_records(tmp_path):
    taxonomy = load_taxonomy("Table")
    shapes = [cloud(taxonomy, seed) for seed in range(3)]
    path = tmp_path / "Table_level123_val_3.tfrecords"
    with tf.io.TFRecordWriter(str(path)) as writer:
        for index, shape in enumerate(shapes):
            made = {name: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value])) if isinstance(value, bytes)
                    else tf.train.Feature(int64_list=tf.train.Int64List(value=value))
                    for name, value in features(shape, 50 + index, 0).items()}
            writer.write(tf.train.Example(features=tf.train.Features(feature=made)).SerializeToString())
    prepare_records([path], tmp_path / "data", workers=1)
    store = Store(tmp_path / "data/Table/val.h5")
    assert store.record_numbers.tolist() == [[50, 0], [51, 0], [52, 0]]
    for found, wanted in zip(store, shapes, strict=True):
        for name in ("points", "normals", "semantic", "instance"):
            assert getattr(found, name).tobytes() == getattr(wanted, name).tobytes()


VARIABLES = {f"seg/level_{k}/conv{i}/weights": np.random.default_rng(10 * k + i).normal(size=(k, i + 1)).astype(
    np.float32) for k in (1, 2, 3) for i in range(40)}


def test_we_read_its_checkpoints(tmp_path):
    names = sorted(VARIABLES)
    shards = [str(tmp_path / f"part{number}") for number in (0, 1)]
    for shard, own in zip(shards, (names[::2], names[1::2]), strict=True):
        tf.raw_ops.SaveV2(prefix=shard, tensor_names=own, shape_and_slices=[""] * len(own),
                          tensors=[VARIABLES[name] for name in own])
    tf.raw_ops.MergeV2Checkpoints(checkpoint_prefixes=shards, destination_prefix=str(tmp_path / "some.ckpt"),
                                  delete_old_dirs=False)
    bundle = open_bundle(tmp_path / "some.ckpt")
    assert len(list(tmp_path.glob("some.ckpt.data-*"))) == 2
    assert sorted(bundle.shapes) == names
    for name, values in VARIABLES.items():
        assert bundle.read(name).tobytes() == values.tobytes()


@pytest.mark.parametrize("snappy", [False, True])
def test_it_reads_the_checkpoints_that_tests_make(tmp_path, snappy):
    write_bundle(tmp_path / "some.ckpt", VARIABLES, shards=3, snappy=snappy)
    reader = tf.train.load_checkpoint(str(tmp_path / "some.ckpt"))
    assert reader.get_variable_to_shape_map() == {name: list(values.shape) for name, values in VARIABLES.items()}
    for name, values in VARIABLES.items():
        np.testing.assert_array_equal(reader.get_tensor(name), values)
