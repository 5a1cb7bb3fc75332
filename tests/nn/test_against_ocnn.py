"""The whole network against the same network of ocnn's own modules: outputs to 1e-4, gradients to 1e-3."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from benchmarks.ocnn_network import OcnnNetwork, as_theirs, build_octree, their_name

from partwise.config import NetworkConfig
from partwise.nn.blocks import folded
from partwise.nn.network import Network

pytestmark = pytest.mark.filterwarnings("ignore:Sparse invariant checks")  # ocnn's interpolation

N_CLASS = (6, 30, 39)
SMALL = NetworkConfig(depth=5, channels=(16, 32, 32, 32), resblocks=2, head_channels=32)


def cloud(sizes, seed=0):
    """Noisy spheres: a surface in the octree, as real shapes have."""
    random = np.random.default_rng(seed)
    normals = random.normal(size=(sum(sizes), 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    points = normals * random.uniform(0.5, 0.6, (sum(sizes), 1))
    index = np.repeat(np.arange(len(sizes)), sizes)
    return (*(torch.from_numpy(array.astype(np.float32)) for array in (points, normals)), torch.from_numpy(index))


def both(config):
    torch.manual_seed(0)
    network = Network(config, N_CLASS)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.6, 1.4)
    return network, OcnnNetwork(config, N_CLASS).load(network)


def outputs_of_ours(network, points, normals, index, count):
    found = network(network.build_octree(points, normals, index, count), points)
    return [(one.logits, torch.cat([one.instance_offset, one.region_offset], 1)) for one in found]


def flat(outputs):
    return [tensor for level in outputs for tensor in level]


def close(found, expected, tolerance):
    assert float((found - expected).abs().max()) <= tolerance * float(expected.abs().max())


@pytest.mark.parametrize("config", [SMALL, replace(SMALL, nempty=True), NetworkConfig(),
                                    replace(NetworkConfig(), nempty=True)])
def test_outputs(config):
    network, theirs = both(config)
    network.eval()
    theirs.eval()
    shapes = cloud([700, 300])
    with torch.no_grad():
        expected = flat(theirs(build_octree(*shapes, 2, config.depth), shapes[0], shapes[2], 2))
        for ours in (network, folded(network, torch.device("cpu"))):
            for found, true in zip(flat(outputs_of_ours(ours, *shapes, 2)), expected, strict=True):
                close(found, true, 1e-4)


def gradients(network, shapes, dtype):
    """Gradient of each parameter by ocnn's name and layout, in float64."""
    network = network.to(dtype)
    points, normals, index = shapes[0].to(dtype), shapes[1].to(dtype), shapes[2]
    if isinstance(network, Network):
        outputs = outputs_of_ours(network, points, normals, index, 3)
    else:
        outputs = network(build_octree(points, normals, index, 3, network.config.depth), points, index, 3)
    torch.manual_seed(1)
    network.zero_grad()
    sum((out * torch.randn(out.shape).to(dtype)).sum() for out in flat(outputs)).backward()
    if isinstance(network, Network):
        return {their_name(name): as_theirs(name, one.grad).double() for name, one in network.named_parameters()}
    return {name: one.grad.double() for name, one in network.named_parameters()}


def distance(found, exact):
    """Of all gradients together, relative."""
    return float((sum((found[name] - exact[name]).square().sum() for name in exact)
                  / sum(one.square().sum() for one in exact.values())).sqrt())


@pytest.mark.parametrize("config", [SMALL, replace(SMALL, nempty=True),
                                    pytest.param(NetworkConfig(), marks=pytest.mark.slow)])
def test_training_gradients_and_statistics(config):
    network, theirs = both(config)
    shapes = cloud([1500, 900, 600])
    exact, expected = gradients(network, shapes, torch.float64), gradients(theirs, shapes, torch.float64)
    assert exact.keys() == expected.keys()
    for name, gradient in exact.items():
        assert float((gradient - expected[name]).norm()) <= 1e-6 * float(expected[name].norm()), name
    their_state = theirs.state_dict()
    for name, value in network.state_dict().items():
        if "running" in name:
            close(value, their_state[their_name(name)], 1e-6)
    # rounding flips activations near 0, differently in any order of additions: ours are about as far off as ocnn's
    assert distance(gradients(network, shapes, torch.float32), exact) <= 1e-3 + 4 * distance(
        gradients(theirs, shapes, torch.float32), exact)
