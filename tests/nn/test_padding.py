"""Padding changes nothing but rows that nobody reads."""

import dataclasses

import pytest
import torch

import partwise.nn.network
from partwise.nn.blocks import folded
from partwise.nn.network import Network
from partwise.nn.padding import padded, recurring_size
from tests.nn.test_network import TINY, cloud, run


@pytest.mark.parametrize("nempty", [False, True])
@pytest.mark.parametrize("sizes", [[1], [2, 300], [700, 40, 90]])
def test_outputs_are_those_without(nempty, sizes, monkeypatch):
    torch.manual_seed(0)
    network = folded(Network(dataclasses.replace(TINY, nempty=nempty), (3, 4, 5)), torch.device("cpu"))
    arguments = (*cloud(sizes), len(sizes))
    found = run(network, *arguments)
    octree = network.build_octree(*arguments)
    for layer in octree.layers.values():
        assert layer.count == recurring_size(layer.count - 1)
        assert int(layer.neighbours.max()) <= layer.count
    monkeypatch.setattr(partwise.nn.network, "padded", lambda octree: octree)
    plain = network.build_octree(*arguments)
    assert all(plain.layers[depth].count < layer.count for depth, layer in octree.layers.items())
    for one, other in zip(found, run(network, *arguments), strict=True):
        torch.testing.assert_close(one.logits, other.logits, rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(one.instance_offset, other.instance_offset, rtol=1e-5, atol=1e-6)


def test_training_sees_no_padding():
    network = Network(TINY, (3, 4, 5)).train()
    points, normals, index = cloud([50])
    octree = network.build_octree(points, normals, index, 1)
    assert padded(octree).layers[4].count > octree.layers[4].count


def test_sizes_recur_eight_an_octave_and_are_always_larger():
    sizes = [recurring_size(count) for count in range(1, 5000)]
    assert all(count < size <= max(count * 1.25, count + 8) for count, size in enumerate(sizes, 1))
    assert len({size for size in sizes if 2048 < size <= 4096}) == 8
    assert all(size % 8 == 0 for size in sizes)
