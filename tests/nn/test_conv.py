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


def check(run_ours, run_theirs, count, channels, our_weight, their_weight):
    features = torch.randn(count, channels)
    results = []
    for run, weight in ((run_ours, our_weight), (run_theirs, their_weight)):
        data = features.clone().requires_grad_()
        out = run(data)
        mix = torch.linspace(-1, 1, out.numel()).view_as(out)
        gradients = torch.autograd.grad((out * mix).sum(), [data, weight])
        results.append((out.detach(), *gradients))
    for one, other in zip(*results, strict=True):
        assert one.shape == other.shape
        assert torch.allclose(one, other, rtol=1e-4, atol=1e-4 * float(other.abs().max()))


@pytest.mark.parametrize("nempty", [False, True])
@pytest.mark.parametrize("depth", [2, 3, 5])
def test_conv3(nempty, depth):
    torch.manual_seed(0)
    ours, theirs = both_octrees(nempty)
    conv, reference = Conv3(6, 10), import_ocnn().nn.OctreeConv(6, 10, [3], 1, nempty)
    reference.weights.data.copy_(conv.weight.data)
    layer = ours.layers[depth]
    check(lambda data: conv(data, layer), lambda data: reference(data, theirs, depth), layer.count, 6,
          conv.weight, reference.weights)


@pytest.mark.parametrize("nempty", [False, True])
@pytest.mark.parametrize("depth", [3, 5])
def test_downsample(nempty, depth):
    torch.manual_seed(0)
    ours, theirs = both_octrees(nempty)
    conv, reference = Downsample(6, 10), import_ocnn().nn.OctreeConv(6, 10, [2], 2, nempty)
    reference.weights.data.copy_(conv.weight.data)
    fine, coarse = ours.layers[depth], ours.layers[depth - 1]
    check(lambda data: conv(data, fine, coarse), lambda data: reference(data, theirs, depth), fine.count, 6,
          conv.weight, reference.weights)


@pytest.mark.parametrize("nempty", [False, True])
@pytest.mark.parametrize("depth", [3, 5])
def test_upsample(nempty, depth):
    torch.manual_seed(0)
    ours, theirs = both_octrees(nempty)
    conv, reference = Upsample(6, 10), import_ocnn().nn.OctreeDeconv(6, 10, [2], 2, nempty)
    reference.weights = torch.nn.Parameter(conv.weight.data.transpose(1, 2).contiguous())
    fine = ours.layers[depth]

    def run_theirs(data):
        return reference(data, theirs, depth - 1)

    features = torch.randn(ours.layers[depth - 1].count, 6)
    data = [features.clone().requires_grad_() for _ in range(2)]
    one, other = conv(data[0], fine), run_theirs(data[1])
    assert torch.allclose(one, other, atol=1e-5)
    mix = torch.linspace(-1, 1, one.numel()).view_as(one)
    ours_g = torch.autograd.grad((one * mix).sum(), [data[0], conv.weight])
    theirs_g = torch.autograd.grad((other * mix).sum(), [data[1], reference.weights])
    assert torch.allclose(ours_g[0], theirs_g[0], atol=1e-4)
    assert torch.allclose(ours_g[1], theirs_g[1].transpose(1, 2), rtol=1e-4, atol=1e-3)


def test_blocks_do_not_change_the_answer(monkeypatch):
    torch.manual_seed(0)
    ours, _ = both_octrees(False)
    conv, layer = Conv3(4, 4), ours.layers[DEPTH]
    features = torch.randn(layer.count, 4)
    whole = conv(features, layer)
    monkeypatch.setattr("partwise.nn.conv._BLOCK", {"cpu": 77})
    assert torch.allclose(conv(features, layer), whole, atol=1e-6)
