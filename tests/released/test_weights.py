"""Whole checkpoints, from the released program's form to ours."""

import dataclasses

import numpy as np
import pytest
import torch

from partwise.checkpoint import load_checkpoint
from partwise.config import GroupingConfig, NetworkConfig
from partwise.errors import InputError
from partwise.nn.network import Network
from partwise.released.bundle import open_bundle
from partwise.released.variables import variable_names
from partwise.released.weights import convert
from partwise.taxonomy import load_taxonomy
from tests.nn.tensorflow_weights import draw_all
from tests.released.files import write_bundle

SMALL = NetworkConfig(depth=4, channels=(8, 16, 16), resblocks=2, head_channels=8)
CHAIR = (6, 30, 39)
STEM = "seg/ocnn_unet/encoder_d4/conv_bn_relu/octree_conv/weights"


def small_variables(category: str = "Mug") -> dict[str, np.ndarray]:
    n_class = load_taxonomy(category).n_class
    return draw_all(Network(SMALL, n_class).state_dict(), SMALL, n_class, seed=3)


def with_training_state(variables, adam: bool) -> dict[str, np.ndarray]:
    """What a real checkpoint holds beside the network: the step, slots of trained variables, Adam's powers."""
    slots = ["Adam", "Adam_1"] if adam else ["Momentum"]
    extra = {f"{name}/{slot}": np.ones_like(values) for name, values in variables.items() for slot in slots
             if "moving" not in name}
    if adam:
        extra |= {f"optimizer/beta{number}_power": np.float32(0.5).reshape(()) for number in (1, 2)}
    return variables | extra | {"optimizer/learning_rate/Variable": np.array(1234, np.int64)}


def check_golden_outputs(network: Network, io) -> None:
    points, normals = torch.from_numpy(io["points"]), torch.from_numpy(io["normals"])
    octree = network.build_octree(points, normals, torch.from_numpy(io["batch_index"]).long(), 2)
    with torch.no_grad():
        semantic, offset = network.backbone(octree)
        outputs = network(octree, points)
    pairs = [(semantic, io["semantic_feature"]), (offset, io["offset_feature"])]
    for level, output in enumerate(outputs, 1):
        offsets = torch.cat([output.instance_offset, output.region_offset], 1)
        pairs += [(output.logits, io[f"logits_{level}"]), (offsets, io[f"offset_{level}"])]
    for found, wanted in pairs:
        assert np.abs(found.numpy() - wanted).max() < 1e-5 * np.abs(wanted).max()


@pytest.mark.parametrize("training", [False, True])
def test_the_published_network(golden, tmp_path, training):
    variables = draw_all(Network(NetworkConfig(), CHAIR).state_dict(), NetworkConfig(), CHAIR, seed=5)
    assert len(variables) == 782
    held = with_training_state(variables, adam=False) if training else variables
    write_bundle(tmp_path / "log/model/iter000100.ckpt", held, shards=2)
    found = convert(tmp_path / "log/model", "Chair", tmp_path / "chair")
    assert (found.used, len(found.ignored)) == (782, len(held) - 782)
    checkpoint = load_checkpoint(tmp_path / "chair", "Chair")
    assert checkpoint.iteration == 100
    assert checkpoint.config.network == NetworkConfig()
    assert checkpoint.config.grouping == GroupingConfig()
    check_golden_outputs(checkpoint.network, np.load(golden / "network_io.npz"))


def test_the_released_network(shared, tmp_path):
    found = convert(shared / "golden/network_tf1", "Chair", tmp_path / "chair")
    assert (found.used, found.ignored) == (782, [])
    check_golden_outputs(load_checkpoint(tmp_path / "chair").network, np.load(shared / "golden/network_tf1/io.npz"))


@pytest.mark.parametrize("adam", [False, True])
def test_the_released_network_with_the_state_of_training(shared, tmp_path, adam):
    bundle = open_bundle(shared / "golden/network_tf1")
    held = with_training_state({name: bundle.read(name) for name in bundle.shapes}, adam)
    write_bundle(tmp_path / "model/iter100000.ckpt", held)
    found = convert(tmp_path / "model/iter100000.ckpt", "Chair", tmp_path / "chair")
    assert (found.used, found.used + len(found.ignored)) == (782, len(held))
    assert found.checkpoint.iteration == 100_000
    check_golden_outputs(load_checkpoint(tmp_path / "chair").network, np.load(shared / "golden/network_tf1/io.npz"))


def test_the_released_heads(shared, tmp_path):
    """They come without a backbone: its variables are drawn, the heads' are read from the checkpoint."""
    bundle, io = open_bundle(shared / "golden/heads_tf1"), np.load(shared / "golden/heads_tf1/io.npz")
    state = Network(NetworkConfig(), CHAIR).state_dict()
    names = variable_names(state, NetworkConfig(), CHAIR)
    assert set(bundle.shapes) == {theirs for ours, theirs in names.items() if "_heads." in ours}
    variables = draw_all(state, NetworkConfig(), CHAIR, seed=0) | {name: bundle.read(name) for name in bundle.shapes}
    write_bundle(tmp_path / "some.ckpt", variables)
    network = convert(tmp_path, "Chair", tmp_path / "chair").checkpoint.network
    arrays = (torch.from_numpy(io[name]) for name in ("semantic_feature", "offset_feature", "xyz"))
    with torch.no_grad():
        outputs = network.heads(*arrays, np.bincount(io["batch_index"]).tolist())
    for level, output in enumerate(outputs, 1):
        offsets = torch.cat([output.instance_offset, output.region_offset], 1)
        for found, wanted in ((output.logits, io[f"logits_{level}"]), (offsets, io[f"offset_{level}"])):
            assert np.abs(found.numpy() - wanted).max() < 1e-5 * np.abs(wanted).max()


def test_the_size_is_read_from_the_shapes(tmp_path):
    write_bundle(tmp_path / "some.ckpt", small_variables())
    found = convert(tmp_path / "some.ckpt", "Mug", tmp_path / "mug", predicts_other=True).checkpoint
    assert found.config.network == SMALL
    assert (found.iteration, found.config.predicts_other) == (0, True)
    stem = small_variables()[STEM].reshape(8, 4, 27).transpose(0, 2, 1)
    np.testing.assert_array_equal(load_checkpoint(tmp_path / "mug").network.backbone.encoder.stem.operator.weight
                                  .detach(), stem)


def test_every_variable_is_used(tmp_path):
    """Changing any one of them changes the model, in one place."""
    variables = small_variables()
    write_bundle(tmp_path / "a.ckpt", variables)
    before = convert(tmp_path / "a.ckpt", "Mug", tmp_path / "a").checkpoint.network.state_dict()
    other = {name: values + np.float32(1) for name, values in variables.items()}
    write_bundle(tmp_path / "b.ckpt", other)
    after = convert(tmp_path / "b.ckpt", "Mug", tmp_path / "b").checkpoint.network.state_dict()
    for name, values in before.items():
        if not name.endswith("num_batches_tracked"):
            assert torch.equal(after[name], values + 1), name


@pytest.mark.parametrize(("change", "message"), [
    ({STEM.replace("weights", "extra"): np.zeros((2, 5), np.float32)},
     r"left over: seg/ocnn_unet/encoder_d4/conv_bn_relu/octree_conv/extra \(2, 5\)"),
    ({"global_step": np.array(3)}, r"left over: global_step \(\)"),
    ({f"{STEM}/Momentum/Momentum": np.zeros(1, np.float32)}, "left over: .*Momentum/Momentum"),
    ({STEM.replace("d4", "d3"): None}, r"encoder at depths \[2, 4\] .* expected depths without a gap"),
    ({STEM.replace("octree_conv/weights", "batch_normalization/beta"): None},
     r"missing: seg/ocnn_unet/encoder_d4/conv_bn_relu/batch_normalization/beta \(8,\)$"),
    ({"seg/level_2/predict_offset/conv1/conv2d_1x1/weights": np.zeros((8, 9), np.float32)},
     r"of another shape: seg/level_2/predict_offset/conv1/conv2d_1x1/weights \(8, 9\), expected \(8, 8\)"),
    ({STEM: np.zeros((9, 108), np.float32)}, r"some.ckpt: network: channels \(9, 16, 16\) must be"),
    ({STEM: np.full((8, 108), np.nan, np.float32)}, "octree_conv/weights holds NaN"),
    ({STEM: np.zeros((8, 108))}, "octree_conv/weights has type 2")])
def test_what_does_not_fit(tmp_path, change, message):
    variables = {name: values for name, values in (small_variables() | change).items() if values is not None}
    write_bundle(tmp_path / "some.ckpt", variables)
    with pytest.raises(InputError, match=message):
        convert(tmp_path / "some.ckpt", "Mug", tmp_path / "mug")
    assert not (tmp_path / "mug").exists()


def test_another_category(tmp_path):
    write_bundle(tmp_path / "some.ckpt", small_variables("Bottle"))
    with pytest.raises(InputError, match=r"heads predict \[\[6\], \[6\], \[9\]\] .*Mug has \[4, 4, 4\] .*of Bottle"):
        convert(tmp_path / "some.ckpt", "Mug", tmp_path / "mug")


def test_another_network(tmp_path):
    write_bundle(tmp_path / "some.ckpt", {"resnet/weights": np.zeros(3, np.float32)})
    with pytest.raises(InputError, match=r"heads predict \[\[\], \[\], \[\]\] .*no network of the released program"):
        convert(tmp_path / "some.ckpt", "Mug", tmp_path / "mug")


def test_the_heads_alone_are_no_network(tmp_path):
    heads = {name: values for name, values in small_variables().items() if "ocnn_unet" not in name}
    write_bundle(tmp_path / "some.ckpt", heads)
    with pytest.raises(InputError, match=r"at depths \[\].* It holds seg/level_1/predict_4/conv0.* and \d+ more"):
        convert(tmp_path / "some.ckpt", "Mug", tmp_path / "mug")


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    write_bundle(tmp_path / "some.ckpt", small_variables())
    with pytest.raises(InputError, match="is already there"):
        convert(tmp_path / "some.ckpt", "Mug", tmp_path)
    assert (tmp_path / "some.ckpt.index").is_file()
    (tmp_path / "empty").mkdir()
    assert dataclasses.asdict(convert(tmp_path / "some.ckpt", "Mug", tmp_path / "empty").checkpoint.config)
    assert load_checkpoint(tmp_path / "empty").config.category == "Mug"
