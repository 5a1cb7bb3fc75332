import numpy as np
import pytest
import torch

from partwise.nn.fusion import fuse


def brute_force(features: np.ndarray, probability: np.ndarray, batch_index: np.ndarray) -> np.ndarray:
    out = np.zeros_like(features)
    for shape in np.unique(batch_index):
        points = np.flatnonzero(batch_index == shape)
        for label in range(probability.shape[1]):
            weight = sum(probability[p, label] for p in points)
            if weight == 0:
                continue
            part = sum(probability[p, label] * features[p] for p in points) / weight
            for point in points:
                out[point] += probability[point, label] * part
    return out


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("batch_size", [1, 3])
def test_against_a_loop_in_any_order_of_points(dtype, batch_size):
    random = np.random.default_rng(0)
    features, probability = random.normal(size=(30, 5)), random.dirichlet(np.ones(4), 30)
    probability[:, 2] = 0  # nobody has this class
    index = random.integers(0, batch_size, 30)
    index[:batch_size] = np.arange(batch_size)
    expected = brute_force(features, probability, index)
    found = fuse(torch.from_numpy(features).to(dtype), torch.from_numpy(probability).to(dtype),
                 torch.from_numpy(index), batch_size)
    assert found.dtype == dtype
    np.testing.assert_allclose(found.numpy(), expected, atol=1e-5 if dtype == torch.float32 else 1e-12)


def test_a_shape_without_points_is_allowed():
    features = torch.ones(2, 3)
    found = fuse(features, torch.tensor([[1.0, 0], [0, 1]]), torch.tensor([2, 0]), 3)
    assert torch.equal(found, features)


def test_certain_points_get_the_mean_of_their_class():
    features = torch.tensor([[0.0], [2.0], [10.0]])
    probability = torch.tensor([[1.0, 0], [1, 0], [0, 1]])
    found = fuse(features, probability, torch.zeros(3, dtype=torch.long), 1)
    assert found.flatten().tolist() == [1, 1, 10]


def test_sums_stay_float32_under_autocast():
    features, probability = torch.rand(4000, 8), torch.rand(4000, 5)
    index = torch.zeros(4000, dtype=torch.long)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = fuse(features, probability, index, 1)
    assert found.dtype == torch.float32
    assert torch.equal(found, fuse(features, probability, index, 1))


def test_gradients():
    index = torch.tensor([0, 1, 0, 1, 1])
    inputs = (torch.rand(5, 3, dtype=torch.float64, requires_grad=True),
              torch.rand(5, 2, dtype=torch.float64, requires_grad=True))
    assert torch.autograd.gradcheck(lambda f, p: fuse(f, p, index, 2), inputs)
