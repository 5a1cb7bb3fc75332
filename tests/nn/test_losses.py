import numpy as np
import pytest
import torch

from partwise.config import LossConfig
from partwise.nn.losses import LevelLoss, LevelTarget, level_loss, named_losses, total_loss, weight_penalty
from partwise.nn.network import LevelOutput


def load(golden):
    case = {name: torch.from_numpy(values) for name, values in np.load(golden / "losses.npz").items()}
    output = LevelOutput(case["logits"], case["instance_offset"], case["region_offset"])
    target = LevelTarget(case["semantic"].long(), case["instance_centre"], case["region_centre"])
    return case, output, target


@pytest.mark.parametrize(("other", "suffix"), [("learn", "_all"), ("ignore", "_ignore_other")])
def test_agrees_with_the_released_system(golden, other, suffix):
    case, output, target = load(golden)
    found = level_loss(output, target, case["points"], case["batch_index"].long(), 3, other)
    names = {"segmentation": "segmentation_loss", "offset": "offset_loss", "region_offset": "region_offset_loss",
             "accuracy": "accuracy"}
    for ours, theirs in names.items():
        assert float(getattr(found, ours)) == pytest.approx(float(case[theirs + suffix]), rel=1e-5), ours


def test_a_shape_of_other_alone_contributes_nothing_and_counts():
    points = torch.zeros(4, 3)
    output = LevelOutput(torch.tensor([[0.0, 5], [0, 5], [0, 5], [0, 5]]), torch.ones(4, 3), torch.ones(4, 3))
    target = LevelTarget(torch.tensor([1, 1, 0, 0]), points, points)
    index = torch.tensor([0, 0, 1, 1])
    found = level_loss(output, target, points, index, 2, "ignore")
    assert float(found.offset) == pytest.approx(0.5)
    assert float(found.accuracy) == pytest.approx(0.5)
    nothing = level_loss(output, target, points, index, 2, "learn")
    assert float(nothing.offset) == pytest.approx(1)


def test_without_region_centres_their_loss_is_zero(golden):
    case, output, target = load(golden)
    found = level_loss(LevelOutput(output.logits, output.instance_offset, None), target, case["points"],
                       case["batch_index"].long(), 3, "ignore")
    assert float(found.region_offset) == 0


def test_total_weighs_levels_and_kinds():
    def loss(value: float) -> LevelLoss:
        return LevelLoss(*(torch.tensor(value * kind) for kind in (1.0, 10.0, 100.0, 0.5)))

    config = LossConfig(segmentation=2, offset=3, region_offset=5, levels=(1, 0, 4))
    total = total_loss([loss(1), loss(2), loss(3)], config)
    assert float(total) == pytest.approx((2 + 30 + 500) * (1 + 0 + 12))
    assert float(named_losses([loss(1), loss(2), loss(3)])["level_3/offset"]) == 30


def test_weight_penalty_has_the_gradient_of_weight_decay():
    torch.manual_seed(0)
    plain, decayed = torch.nn.BatchNorm1d(3), torch.nn.BatchNorm1d(3)
    for norm in (plain, decayed):
        torch.nn.init.constant_(norm.weight, 2.0)
    assert float(weight_penalty(plain)) == pytest.approx(0.5 * 3 * 4)
    torch.optim.SGD(plain.parameters(), lr=0.1)
    (1e-2 * sum(0.5 * p.square().sum() for p in plain.parameters())).backward()
    torch.optim.SGD(plain.parameters(), lr=0.1).step()
    for p in decayed.parameters():
        p.grad = torch.zeros_like(p)
    torch.optim.SGD(decayed.parameters(), lr=0.1, weight_decay=1e-2).step()
    assert torch.allclose(plain.weight, decayed.weight)
