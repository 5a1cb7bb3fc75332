import numpy as np
import pytest

from partwise.errors import InputError
from partwise.released.bundle import open_bundle
from tests.released.files import field, masked, table_bytes, varint, write_bundle

RANDOM = np.random.default_rng(0)
VARIABLES = {f"part_{index}/{name}": RANDOM.normal(size=shape).astype(np.float32) for index in range(12)
             for name, shape in (("weights", (3, 4)), ("bias", (3, 1)), ("scalar", ()), ("none", (0, 2)))}


@pytest.fixture
def prefix(tmp_path):
    write_bundle(tmp_path / "model/iter000007.ckpt", VARIABLES, shards=3)
    return tmp_path / "model/iter000007.ckpt"


@pytest.mark.parametrize("snappy", [False, True])
@pytest.mark.parametrize("shards", [1, 3])
def test_reading(tmp_path, shards, snappy):
    write_bundle(tmp_path / "some.ckpt", VARIABLES, shards, snappy)
    bundle = open_bundle(tmp_path / "some.ckpt")
    assert bundle.shapes == {name: values.shape for name, values in VARIABLES.items()}
    for name, values in VARIABLES.items():
        found = bundle.read(name)
        assert (found.dtype, found.shape) == (np.float32, values.shape)
        assert found.tobytes() == values.tobytes()


def test_a_folder(prefix, tmp_path):
    state = prefix.parent / "checkpoint"
    assert open_bundle(prefix.parent).prefix == prefix
    state.write_text('model_checkpoint_path: "/home/someone/log/model/iter000007.ckpt"\n'
                     'all_model_checkpoint_timestamps: 1.5\nlast_preserved_timestamp: 2.5\n')
    assert open_bundle(prefix.parent).prefix == prefix  # it was moved here
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "model/iter000007.ckpt"')
    assert open_bundle(tmp_path).prefix == prefix


@pytest.mark.parametrize(("text", "message"), [
    ("", "names no checkpoint"), ("hello", "is not TensorFlow's list"),
    ('model_checkpoint_path: "gone.ckpt"', r"gone.ckpt.index: cannot be read")])
def test_folders_that_name_no_checkpoint(tmp_path, text, message):
    (tmp_path / "checkpoint").write_text(text)
    with pytest.raises(InputError, match=message):
        open_bundle(tmp_path)


def test_what_is_not_there(tmp_path):
    with pytest.raises(InputError, match=r"checkpoint: cannot be read .* name a folder that holds it, or the prefix"):
        open_bundle(tmp_path)
    with pytest.raises(InputError, match=r"some.ckpt.index: cannot be read .* expected the prefix"):
        open_bundle(tmp_path / "some.ckpt")


def test_damaged_files(prefix):
    bundle, name = open_bundle(prefix), "part_0/bias"
    path = next(path for path in prefix.parent.glob("*.data-*") if VARIABLES[name].tobytes() in path.read_bytes())
    whole = path.read_bytes()
    path.write_bytes(whole.replace(VARIABLES[name].tobytes(), bytes(12)))
    with pytest.raises(InputError, match=rf"{path.name}: variable part_0/bias has checksum .* expected"):
        bundle.read(name)
    path.write_bytes(whole[:2])
    with pytest.raises(InputError, match="the file ends after"):
        bundle.read(name)
    path.unlink()
    with pytest.raises(InputError, match="part_0/bias cannot be read"):
        bundle.read(name)
    index = prefix.with_name(f"{prefix.name}.index")
    index.write_bytes(index.read_bytes()[:100] + b"\xff" + index.read_bytes()[101:])
    with pytest.raises(InputError, match=r"ckpt.index: has a damaged block"):
        open_bundle(prefix)


def test_other_types(tmp_path):
    write_bundle(tmp_path / "some.ckpt", {"step": np.array(5), "wide": np.zeros(3)})
    bundle = open_bundle(tmp_path / "some.ckpt")
    for name, number in (("step", 9), ("wide", 2)):
        with pytest.raises(InputError, match=rf"variable {name} has type {number}.* expected float32"):
            bundle.read(name)


@pytest.mark.parametrize(("shape", "offset", "size", "message"), [
    ((3,), 0, 12, None), ((-3, -1), 0, 12, "has type 1"), ((3,), -12, 12, "has type 1"),
    ((2**40,), 0, 2**42, "the file ends after 12"), ((3,), 2**40, 12, "the file ends after 0")])
def test_odd_places_and_sizes(tmp_path, shape, offset, size, message):
    """No more is read or reserved than the file holds."""
    values = np.arange(3, dtype=np.float32).tobytes()
    sides = b"".join(field(2, field(1, side)) for side in shape)
    entry = (field(1, 1) + field(2, sides) + field(4, offset) + field(5, size) + varint(6 << 3 | 5)
             + masked(values).to_bytes(4, "little"))
    (tmp_path / "a.index").write_bytes(table_bytes({b"": field(1, 1), b"v": entry}))
    (tmp_path / "a.data-00000-of-00001").write_bytes(values)
    bundle = open_bundle(tmp_path / "a")
    if message is None:
        assert bundle.read("v").tolist() == [0, 1, 2]
        return
    with pytest.raises(InputError, match=message):
        bundle.read("v")


def test_the_golden_network(shared):
    bundle = open_bundle(shared / "golden/network_tf1")
    assert len(bundle.shapes) == 782
    assert bundle.read("seg/level_1/predict_6/conv0/conv2d_1x1/weights").shape == (128, 64)
