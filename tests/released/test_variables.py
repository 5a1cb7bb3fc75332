"""How values lie: each kind of variable, used as the released program describes it, against our own module."""

from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from partwise.config import NetworkConfig
from partwise.nn.blocks import Linear
from partwise.nn.conv import Conv3, Downsample, Upsample
from partwise.nn.network import Network
from partwise.nn.octree import build_octree
from partwise.released.variables import as_ours, stored_shape, variable_names

C_IN, C_OUT, DEPTH = 2, 3, 4


@pytest.fixture(scope="module")
def octree():
    random = np.random.default_rng(0)
    points = torch.from_numpy(random.uniform(-0.9, 0.9, (60, 3)).astype(np.float32))
    normals = torch.nn.functional.normalize(torch.from_numpy(random.normal(size=(60, 3)).astype(np.float32)))
    return build_octree(points, normals, torch.zeros(60, dtype=torch.long), 1, depth=DEPTH, coarsest=2, nempty=True)


@pytest.fixture(scope="module")
def cells():
    """Depth -> the occupied cells of the same cloud in Morton order, x bit highest."""
    random = np.random.default_rng(0)
    points = random.uniform(-0.9, 0.9, (60, 3)).astype(np.float32)
    found = {}
    for depth in (DEPTH - 1, DEPTH):
        occupied = {tuple(row) for row in np.floor((points + 1) / 2 * 2**depth).astype(int).tolist()}

        def morton(cell, depth=depth):
            return [cell[axis] >> bit & 1 for bit in range(depth - 1, -1, -1) for axis in range(3)]

        found[depth] = sorted(occupied, key=morton)
    return found


def stored(name: str, module: nn.Module) -> np.ndarray:
    """A matrix as the released program has it, put into the module."""
    shape = stored_shape(name, module.weight.shape)
    matrix = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    module.weight.data = as_ours(name, matrix, tuple(module.weight.shape))
    return matrix


def features_of(cells, channels: int) -> dict[tuple[int, ...], np.ndarray]:
    random = np.random.default_rng(2)
    return {cell: random.normal(size=channels).astype(np.float32) for cell in cells}


def as_tensor(features) -> torch.Tensor:
    return torch.from_numpy(np.stack(list(features.values())))


def test_convolution_3(octree, cells):
    module = Conv3(C_IN, C_OUT)
    matrix = stored("x/octree_conv/weights", module)
    assert matrix.shape == (C_OUT, C_IN * 27)
    features = features_of(cells[DEPTH], C_IN)
    wanted = np.zeros((len(features), C_OUT))
    for row, cell in enumerate(features):
        for number, offset in enumerate(product((-1, 0, 1), repeat=3)):  # z fastest
            there = features.get(tuple(np.add(cell, offset).tolist()), np.zeros(C_IN))
            for channel in range(C_IN):
                wanted[row] += matrix[:, channel * 27 + number] * there[channel]
    found = module(as_tensor(features), octree.layers[DEPTH])
    np.testing.assert_allclose(found.detach(), wanted, atol=1e-5)


def test_convolution_2(octree, cells):
    module = Downsample(C_IN, C_OUT)
    matrix = stored("x/octree_conv/weights", module)
    assert matrix.shape == (C_OUT, C_IN * 8)
    features = features_of(cells[DEPTH], C_IN)
    wanted = np.zeros((len(cells[DEPTH - 1]), C_OUT))
    for row, parent in enumerate(cells[DEPTH - 1]):
        for number, child in enumerate(product((0, 1), repeat=3)):
            there = features.get(tuple((2 * np.array(parent) + child).tolist()), np.zeros(C_IN))
            for channel in range(C_IN):
                wanted[row] += matrix[:, channel * 8 + number] * there[channel]
    found = module(as_tensor(features), octree.layers[DEPTH], octree.layers[DEPTH - 1])
    np.testing.assert_allclose(found.detach(), wanted, atol=1e-5)


def test_deconvolution(octree, cells):
    module = Upsample(C_IN, C_OUT)
    matrix = stored("x/octree_deconv/weights", module)
    assert matrix.shape == (C_IN, C_OUT * 8)
    features = features_of(cells[DEPTH - 1], C_IN)
    wanted = np.zeros((len(cells[DEPTH]), C_OUT))
    for row, cell in enumerate(cells[DEPTH]):
        x, y, z = (coordinate % 2 for coordinate in cell)
        number = 4 * x + 2 * y + z
        for channel in range(C_OUT):
            wanted[row, channel] = matrix[:, channel * 8 + number] @ features[tuple(c // 2 for c in cell)]
    found = module(as_tensor(features), octree.layers[DEPTH])
    np.testing.assert_allclose(found.detach(), wanted, atol=1e-5)


def test_linear_layer_and_bias():
    module = Linear(C_IN, C_OUT, bias=True)
    matrix = stored("x/conv2d_1x1/weights", module)
    bias = np.arange(C_OUT, dtype=np.float32)[:, None]
    assert stored_shape("x/conv2d_1x1/bias", module.bias.shape) == bias.shape
    module.bias.data = as_ours("x/conv2d_1x1/bias", bias, (C_OUT,))
    features = np.random.default_rng(3).normal(size=(5, C_IN)).astype(np.float32)
    np.testing.assert_allclose(module(torch.from_numpy(features)).detach(), features @ matrix.T + bias.T, rtol=1e-5)


def test_batch_normalisation():
    network = Network(NetworkConfig(depth=3, channels=(4, 8), resblocks=1, head_channels=4), (2, 3, 4))
    state = network.state_dict()
    names = variable_names(state, network.config, (2, 3, 4))
    theirs = {ours.rpartition(".")[2]: name.rpartition("/")[2] for ours, name in names.items()
              if ours.startswith("backbone.encoder.stem.norm")}
    assert theirs == {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean",
                      "running_var": "moving_variance"}
    random = np.random.default_rng(4)
    values = {ours: random.uniform(0.5, 1.5, 4).astype(np.float32) for ours in theirs}
    norm = network.backbone.encoder.stem.norm.eval()
    norm.load_state_dict({ours: torch.from_numpy(value) for ours, value in values.items()}, strict=False)
    features = random.normal(size=(5, 4)).astype(np.float32)
    wanted = ((features - values["running_mean"]) / np.sqrt(values["running_var"] + 1e-3) * values["weight"]
              + values["bias"])
    np.testing.assert_allclose(norm(torch.from_numpy(features)).detach(), wanted, rtol=1e-4, atol=1e-5)


def test_names_of_another_size():
    config = NetworkConfig(depth=5, channels=(4, 8, 8), resblocks=2, head_channels=4)
    network = Network(config, (2, 3, 4))
    names = variable_names(network.state_dict(), config, (2, 3, 4))
    assert names["backbone.semantic_decoder.up.0.operator.weight"] == (
        "seg/ocnn_unet/decoder_seg_d4/deconv_bn_relu/octree_deconv/weights")
    assert names["backbone.encoder.down.1.operator.weight"] == (
        "seg/ocnn_unet/encoder_d3/conv_bn_relu/octree_conv/weights")
    assert names["backbone.offset_decoder.blocks.1.1.expand.norm.bias"] == (
        "seg/ocnn_unet/decoder_offset_d5/resblock_1/1x1x1_b/batch_normalization/beta")
    assert names["semantic_heads.2.logits.bias"] == "seg/level_3/predict_4/conv2/conv2d_1x1/bias"
    assert len(set(names.values())) == len(names)
