"""Our convolutions against ocnn's own modules: outputs and gradients, all nodes and non-empty ones."""

import numpy as np
import pytest
import torch

from partwise.nn.conv import Conv3, Downsample, Upsample
from partwise.nn.ocnn_adapter import import_ocnn
from partwise.nn.octree import build_octree

DEPTH = 5


def batch(sizes=(300, 200), seed=0):
    random = np.random.default_rng(seed)
    points = random.normal(size=(sum(sizes), 3))
    points /= 1.2 * np.linalg.norm(points, axis=1, keepdims=True)
    points = torch.from_numpy(points.astype(np.float32))
    return points, torch.from_numpy(np.repeat(np.arange(len(sizes)), sizes))


def both_octrees(nempty):
    points, index = batch()
    ours = build_octree(points, points, index, 2, depth=DEPTH, nempty=nempty)
    ocnn = import_ocnn()
    theirs = ocnn.octree.Octree(DEPTH, 2, 2)
    theirs.build_octree(ocnn.octree.Points(points, batch_id=index.view(-1, 1), batch_size=2))
    theirs.construct_all_neigh()
    return ours, theirs


def as_theirs(weight):
    """(C_out, K, C_in) as ocnn's (K, C_in, C_out)."""
    return weight.permute(1, 2, 0)


def check(run_ours, run_theirs, count, our_weight, their_weight, as_theirs=as_theirs):
    their_weight.data.copy_(as_theirs(our_weight.data))
    features = torch.randn(count, 6)
    results = []
    for run, weight in ((run_ours, our_weight), (run_theirs, their_weight)):
        data = features.clone().requires_grad_()
        out = run(data)
        mix = torch.linspace(-1, 1, out.numel()).view_as(out)
        results.append([out.detach(), *torch.autograd.grad((out * mix).sum(), [data, weight])])
    results[0][2] = as_theirs(results[0][2])
    with torch.no_grad():
        results.append([run_ours(features), *results[1][1:]])
    for found in (results[0], results[2]):
        for one, other in zip(found, results[1], strict=True):
            assert one.shape == other.shape
            assert torch.allclose(one, other, rtol=1e-4, atol=1e-4 * float(other.abs().max()))


@pytest.mark.parametrize("nempty", [False, True])
@pytest.mark.parametrize("depth", [2, 3, 5])
def test_conv3(nempty, depth):
    torch.manual_seed(0)
    ours, theirs = both_octrees(nempty)
    conv, reference = Conv3(6, 10), import_ocnn().nn.OctreeConv(6, 10, [3], 1, nempty)
    layer = ours.layers[depth]
    check(lambda data: conv(data, layer), lambda data: reference(data, theirs, depth), layer.count, conv.weight,
          reference.weights)


@pytest.mark.parametrize("nempty", [False, True])
@pytest.mark.parametrize("depth", [3, 5])
def test_downsample(nempty, depth):
    torch.manual_seed(0)
    ours, theirs = both_octrees(nempty)
    conv, reference = Downsample(6, 10), import_ocnn().nn.OctreeConv(6, 10, [2], 2, nempty)
    fine, coarse = ours.layers[depth], ours.layers[depth - 1]
    check(lambda data: conv(data, fine, coarse), lambda data: reference(data, theirs, depth), fine.count, conv.weight,
          reference.weights)


@pytest.mark.parametrize("nempty", [False, True])
@pytest.mark.parametrize("depth", [3, 5])
def test_upsample(nempty, depth):
    torch.manual_seed(0)
    ours, theirs = both_octrees(nempty)
    conv, reference = Upsample(6, 10), import_ocnn().nn.OctreeDeconv(6, 10, [2], 2, nempty)
    fine, coarse = ours.layers[depth], ours.layers[depth - 1]
    check(lambda data: conv(data, fine), lambda data: reference(data, theirs, depth - 1), coarse.count, conv.weight,
          reference.weights, as_theirs=lambda weight: weight)  # theirs are (8, C_out, C_in) too


@pytest.mark.parametrize("slope", [None, 0.1])
def test_bias_and_activation_in_every_operator(slope):
    """With and without gradients, and against the operator without them: what folding relies on."""
    torch.manual_seed(0)
    ours, _ = both_octrees(False)
    fine, coarse = ours.layers[DEPTH], ours.layers[DEPTH - 1]
    for conv, inputs in ((Conv3(32, 8), (fine,)), (Downsample(32, 8), (fine, coarse)), (Upsample(32, 8), (fine,))):
        features = torch.randn(coarse.count if isinstance(conv, Upsample) else fine.count, 32)
        plain = conv(features, *inputs).detach()
        conv.bias = torch.nn.Parameter(torch.randn(8))
        expected = plain + conv.bias.detach()
        if slope is not None:
            expected = torch.nn.functional.leaky_relu(expected, slope)
        assert torch.allclose(conv(features, *inputs, slope=slope), expected, atol=1e-5)
        with torch.no_grad():
            assert torch.allclose(conv(features, *inputs, slope=slope), expected, atol=1e-5)


def test_blocks_do_not_change_the_answer(monkeypatch):
    torch.manual_seed(0)
    ours, _ = both_octrees(False)
    conv, layer = Conv3(4, 4), ours.layers[DEPTH]
    features = torch.randn(layer.count, 4)
    whole = conv(features, layer)
    monkeypatch.setattr("partwise.nn.conv._BLOCK_VALUES", {"cpu": 77 * 27 * 4})
    assert torch.allclose(conv(features, layer), whole, atol=1e-6)
