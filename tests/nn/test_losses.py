import numpy as np
import pytest
import torch

from partwise.config import LossConfig
from partwise.nn.losses import LevelLoss, LevelTarget, level_loss, named_losses, total_loss, weight_penalty
from partwise.nn.network import LevelOutput


def load(golden):
    case = {name: torch.from_numpy(values) for name, values in np.load(golden / "losses.npz").items()}
    output = LevelOutput(case["logits"], case["instance_offset"], case["region_offset"])
    target = LevelTarget(case["semantic"].long(), case["instance_centre"], case["region_centre"],
                         torch.ones(len(case["points"])))
    return case, output, target


@pytest.mark.parametrize(("other", "suffix"), [("learn", "_all"), ("ignore", "_ignore_other")])
def test_agrees_with_the_released_system(golden, other, suffix):
    case, output, target = load(golden)
    found = level_loss(output, target, case["points"], case["batch_index"].long(), 3, LossConfig(other=other))
    names = {"segmentation": "segmentation_loss", "offset": "offset_loss", "region_offset": "region_offset_loss",
             "accuracy": "accuracy"}
    for ours, theirs in names.items():
        assert float(getattr(found, ours)) == pytest.approx(float(case[theirs + suffix]), rel=1e-5), ours


def test_a_shape_of_other_alone_contributes_nothing_and_counts():
    points = torch.zeros(4, 3)
    output = LevelOutput(torch.tensor([[0.0, 5], [0, 5], [0, 5], [0, 5]]), torch.ones(4, 3), torch.ones(4, 3))
    target = LevelTarget(torch.tensor([1, 1, 0, 0]), points, points, torch.full((4,), 2.0))
    index = torch.tensor([0, 0, 1, 1])
    found = level_loss(output, target, points, index, 2, LossConfig())
    assert float(found.offset) == pytest.approx(0.5)
    assert float(found.accuracy) == pytest.approx(0.5)
    everything = level_loss(output, target, points, index, 2, LossConfig(other="learn"))
    assert float(everything.offset) == pytest.approx(1)


def test_other_may_be_a_class_without_a_centre():
    """Two points, one of them other; the network is sure of class 1 and far off both centres."""
    points, index = torch.zeros(2, 3), torch.zeros(2, dtype=torch.long)
    output = LevelOutput(torch.tensor([[0.0, 9], [0, 9]]), torch.tensor([[1.0, 1, 1], [5, 5, 5]]), None)
    target = LevelTarget(torch.tensor([1, 0]), points, points, torch.ones(2))
    ignored, classified, learnt = (level_loss(output, target, points, index, 1, LossConfig(other=other))
                                   for other in ("ignore", "classify", "learn"))
    assert [float(one.offset) for one in (ignored, classified, learnt)] == [1, 1, 3]
    assert float(ignored.segmentation) < 0.001
    assert float(classified.segmentation) == float(learnt.segmentation) == pytest.approx(4.5, abs=0.001)


def test_balance_by_hand():
    logits = torch.tensor([[0.0, 0, 0], [0, 2, 0], [1, 0, 3]])
    semantic, size = torch.tensor([1, 1, 2]), torch.tensor([2.0, 2, 1])
    target = LevelTarget(semantic, torch.zeros(3, 3), torch.zeros(3, 3), size)
    output = LevelOutput(logits, torch.zeros(3, 3), None)
    found = level_loss(output, target, torch.zeros(3, 3), torch.zeros(3, dtype=torch.long), 1,
                       LossConfig(balance=1.0))
    each = -logits.log_softmax(1)[torch.arange(3), semantic]
    assert float(found.segmentation) == pytest.approx(float((each[0] / 2 + each[1] / 2 + each[2]) / 2), rel=1e-5)
    assert float(found.accuracy) == pytest.approx(2 / 3)  # of points, whatever they weigh


def test_without_region_centres_their_loss_is_zero(golden):
    case, output, target = load(golden)
    found = level_loss(LevelOutput(output.logits, output.instance_offset, None), target, case["points"],
                       case["batch_index"].long(), 3, LossConfig())
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
