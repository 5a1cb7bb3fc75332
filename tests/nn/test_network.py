"""The whole network against the released system's outputs, and laws that it must obey."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from partwise.config import NetworkConfig
from partwise.nn.network import LevelOutput, Network
from partwise.released.variables import variable_names
from tests.nn.tensorflow_weights import as_state, draw_all

CHAIR = (6, 30, 39)
TINY = NetworkConfig(depth=4, channels=(8, 16, 16), resblocks=1, head_channels=16)


def relative(found: torch.Tensor, expected: np.ndarray) -> float:
    return float(np.abs(found.numpy() - expected).max() / np.abs(expected).max())


def cloud(sizes: list[int], seed: int = 0, dtype: torch.dtype = torch.float32) -> tuple[torch.Tensor, ...]:
    random = np.random.default_rng(seed)
    points = random.uniform(-0.9, 0.9, (sum(sizes), 3))
    normals = random.normal(size=(sum(sizes), 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    batch_index = torch.from_numpy(np.repeat(np.arange(len(sizes)), sizes))
    return torch.from_numpy(points).to(dtype), torch.from_numpy(normals).to(dtype), batch_index


def run(network: Network, points: torch.Tensor, normals: torch.Tensor, batch_index: torch.Tensor,
        size: int) -> list[LevelOutput]:
    with torch.no_grad():
        return network(network.build_octree(points, normals, batch_index, size), points)


def drawn_network(golden) -> tuple[Network, dict[str, np.ndarray]]:
    io = dict(np.load(golden / "network_io.npz"))
    network = Network(NetworkConfig(), CHAIR)
    state = network.state_dict()
    variables = draw_all(state, network.config, CHAIR, seed=5)
    missing = network.load_state_dict(as_state(variables, state, network.config, CHAIR), strict=False)
    assert not missing.unexpected_keys
    assert all(key.endswith("num_batches_tracked") for key in missing.missing_keys)
    return network.eval(), io


def test_variables_are_those_of_the_released_system(shared):
    listed = json.loads((shared / "golden/network_tf1/variables.json").read_text())
    theirs = variable_names(Network(NetworkConfig(), CHAIR).state_dict(), NetworkConfig(), CHAIR)
    assert sorted(theirs.values()) == sorted(name for name, _ in listed["variables"])
    assert len(theirs) == 782


def test_network_agrees_with_the_released_system(golden):
    network, io = drawn_network(golden)
    points, normals = torch.from_numpy(io["points"]), torch.from_numpy(io["normals"])
    octree = network.build_octree(points, normals, torch.from_numpy(io["batch_index"]).long(), 2)
    assert relative(octree.signal[:len(io["octree_signal"])], io["octree_signal"]) < 1e-5
    with torch.no_grad():
        semantic, offset = network.backbone(octree)
        outputs = network.heads(semantic, offset, points, octree.sizes)
    assert relative(semantic, io["semantic_feature"]) < 1e-5
    assert relative(offset, io["offset_feature"]) < 1e-5
    for level, output in enumerate(outputs, 1):
        assert relative(output.logits, io[f"logits_{level}"]) < 1e-5
        offsets = torch.cat([output.instance_offset, output.region_offset], 1)
        assert relative(offsets, io[f"offset_{level}"]) < 1e-5


def test_number_of_parameters():
    network = Network(NetworkConfig(), CHAIR)
    assert round(sum(p.numel() for p in network.parameters()) / 1e6, 3) == 8.086
    assert round(sum(p.numel() for p in network.backbone.parameters()) / 1e6, 2) == 7.58


@pytest.mark.parametrize("nempty", [False, True])
def test_permuting_points_permutes_the_output(nempty):
    torch.manual_seed(0)
    network = Network(replace(TINY, nempty=nempty), (3, 4, 5)).eval()
    points, normals, index = cloud([200, 150])
    random = np.random.default_rng(1)
    order = torch.from_numpy(np.concatenate([random.permutation(200), 200 + random.permutation(150)]))
    plain = run(network, points, normals, index, 2)
    permuted = run(network, points[order], normals[order], index[order], 2)
    for one, other in zip(plain, permuted, strict=True):
        assert torch.allclose(one.logits[order], other.logits, atol=1e-5)
        assert torch.allclose(one.instance_offset[order], other.instance_offset, atol=1e-5)


@pytest.mark.parametrize("nempty", [False, True])
@pytest.mark.parametrize("fusion", ["none", "own", "cross"])
def test_a_batch_gives_what_its_shapes_give_alone(nempty, fusion):
    torch.manual_seed(0)
    network = Network(replace(TINY, nempty=nempty, fusion=fusion), (3, 4, 5)).eval()
    points, normals, index = cloud([200, 1, 90])
    together = run(network, points, normals, index, 3)
    for shape in range(3):
        own = index == shape
        alone = run(network, points[own], normals[own], torch.zeros(int(own.sum()), dtype=torch.long), 1)
        for one, other in zip(together, alone, strict=True):
            assert torch.allclose(one.logits[own], other.logits, atol=1e-5)
            assert torch.allclose(one.region_offset[own], other.region_offset, atol=1e-5)


@pytest.mark.parametrize(("switch", "mixed"), [({"fusion": "none"}, 8 + 3), ({"fusion": "own"}, 16 + 3),
                                               ({"fusion": "cross"}, 32 + 3)])
def test_ablations_have_their_channels(switch, mixed):
    config = replace(TINY, head_channels=8, **switch)
    head = Network(config, (3, 4, 5)).offset_heads[1]
    assert head.mix.operator.weight.shape[1] == mixed
    assert head.sources == {"none": [], "own": [2], "cross": [2, 1, 3]}[switch["fusion"]]


def test_without_region_centres_there_are_three_outputs():
    network = Network(replace(TINY, region_centres=False), (3, 4, 5)).eval()
    outputs = run(network, *cloud([50]), 1)
    assert len(network.offset_heads[0].offsets.weight) == 3
    assert all(output.region_offset is None and output.instance_offset.shape == (50, 3) for output in outputs)


@pytest.mark.parametrize("stop", [True, False])
def test_stop_gradient_keeps_offsets_out_of_the_semantic_branch(stop):
    network = Network(replace(TINY, stop_gradient=stop), (3, 4, 5))
    points, normals, index = cloud([80])
    outputs = network(network.build_octree(points, normals, index, 1), points)
    sum(output.instance_offset.square().sum() for output in outputs).backward()
    gradients = [p.grad for p in network.backbone.semantic_decoder.parameters()]
    reached = any(g is not None and bool(g.abs().sum() > 0) for g in gradients)
    assert reached is not stop


@pytest.mark.parametrize("nempty", [False, True])
def test_gradients_against_finite_differences(nempty):
    torch.manual_seed(0)
    config = NetworkConfig(depth=3, channels=(4, 8), resblocks=1, head_channels=4, nempty=nempty, stop_gradient=False)
    network = Network(config, (2, 3, 3)).double()
    points, normals, index = cloud([24, 16], dtype=torch.float64)
    octree = network.build_octree(points, normals, index, 2)
    mix = torch.from_numpy(np.random.default_rng(3).normal(size=(40, 6)))

    def value() -> torch.Tensor:
        return sum(((out.logits.square().sum(1) * mix[:, 0]).sum()
                    + (torch.cat([out.instance_offset, out.region_offset], 1) * mix).sum())
                   for out in network(octree, points))

    network.zero_grad()
    value().backward()
    random = np.random.default_rng(4)
    for name, parameter in network.named_parameters():
        flat, gradient = parameter.data.view(-1), parameter.grad.view(-1)
        at = int(random.integers(len(flat)))
        was, step = float(flat[at]), 1e-6
        with torch.no_grad():
            flat[at] = was + step
            up = float(value())
            flat[at] = was - step
            down = float(value())
            flat[at] = was
        assert (up - down) / (2 * step) == pytest.approx(float(gradient[at]), rel=2e-4, abs=1e-5), name


def test_autocast_keeps_interpolation_and_outputs_in_float32():
    network = Network(TINY, (3, 4, 5))
    points, normals, index = cloud([120, 60])
    octree = network.build_octree(points, normals, index, 2)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        features = network.backbone(octree)
        outputs = network(octree, points)
    assert all(feature.dtype == torch.float32 for feature in features)
    assert all(out.logits.dtype == out.instance_offset.dtype == torch.float32 for out in outputs)
    sum(out.logits.sum() for out in outputs).backward()
    assert all(torch.isfinite(p.grad).all() for p in network.parameters() if p.grad is not None)
