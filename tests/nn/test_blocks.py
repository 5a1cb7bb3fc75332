"""Folding and packing leave the answers as they are; the whole network is tested against ocnn's beside this."""

import pytest
import torch

from partwise.config import NetworkConfig
from partwise.nn.blocks import Block, Linear, folded
from partwise.nn.network import Network
from partwise.nn.product import packed, product

CPU = torch.device("cpu")


def trained_block(in_channels: int, out_channels: int, slope: float) -> Block:
    block = Block(Linear(in_channels, out_channels), out_channels, slope)
    torch.nn.init.normal_(block.norm.weight)
    torch.nn.init.normal_(block.norm.bias)
    block.norm.running_mean.normal_()
    block.norm.running_var.uniform_(0.1, 2)
    return block.eval()


@pytest.mark.parametrize("rows", [1, 40, 3000])
@pytest.mark.parametrize("with_skip", [False, True])
def test_a_folded_block_gives_the_same(rows, with_skip):
    torch.manual_seed(0)
    block = trained_block(40, 24, 0.1)
    features = torch.randn(rows, 40)
    skip = {"skip": torch.randn(rows, 24)} if with_skip else {}
    expected = block(features, **skip)
    short = folded(block, CPU)
    assert short.norm is None
    with torch.no_grad():
        assert torch.allclose(short(features, **skip), expected, atol=1e-5)
        short.fold()  # there is nothing left to fold
        assert torch.allclose(short(features, **skip), expected, atol=1e-5)


def test_folding_leaves_the_network_alone():
    torch.manual_seed(0)
    network = Network(NetworkConfig(depth=4, channels=(8, 16, 16), resblocks=1, head_channels=16), (3, 4, 5))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    short = folded(network, CPU)
    assert network.training
    assert not short.training
    assert not any(weight.requires_grad for weight in short.parameters())
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


@pytest.mark.parametrize("rows", [1, 7, 5000])
def test_packed_weights_give_the_same(rows):
    torch.manual_seed(0)
    weight, bias, features = torch.randn(12, 33), torch.randn(12), torch.randn(rows, 33)
    skip = torch.randn(rows, 12)
    with torch.no_grad():
        for slope in (None, 0.0, 0.1):
            for more in ((), (skip,)):
                expected = product(features.double(), weight.double(), bias.double(), slope,
                                   *(one.double() for one in more))
                found = product(features, packed(weight), bias, slope, *more)
                assert torch.allclose(found.double(), expected, atol=1e-5)


def test_only_single_precision_is_packed():
    weight = torch.randn(3, 4, dtype=torch.float64)
    assert packed(weight) is weight
