"""Our products against float64, with gradients and without, on both sides of the sizes where the path changes."""

import pytest
import torch
import torch.nn.functional as F

from partwise.nn.product import product, transposed_product

SIZES = [(0, 4, 3), (1, 5, 2), (7, 300, 6), (64, 40, 8), (500, 64, 16), (3000, 515, 128)]


@pytest.mark.parametrize(("rows", "channels", "outputs"), SIZES)
@pytest.mark.parametrize("slope", [None, 0.0, 0.1])
@pytest.mark.parametrize("with_skip", [False, True])
def test_product(rows, channels, outputs, slope, with_skip):
    torch.manual_seed(0)
    inputs = [torch.randn(rows, channels), torch.randn(outputs, channels) / channels**0.5, torch.randn(outputs)]
    inputs += [torch.randn(rows, outputs)] if with_skip else []
    exact = [one.double().requires_grad_() for one in inputs]
    expected = exact[0] @ exact[1].T + exact[2]
    if with_skip:
        expected = expected + exact[3]
    if slope is not None:
        expected = F.leaky_relu(expected, slope)
    mix = torch.randn(rows, outputs)
    (expected * mix.double()).sum().backward()

    def run(tensors):
        return product(*tensors[:3], slope, *tensors[3:])

    with torch.no_grad():
        assert torch.allclose(run(inputs).double(), expected, atol=1e-5)
    leaves = [one.requires_grad_() for one in inputs]
    out = run(leaves)
    assert torch.allclose(out.double(), expected, atol=1e-5)
    (out * mix).sum().backward()
    for leaf, true in zip(leaves, exact, strict=True):
        assert torch.allclose(leaf.grad.double(), true.grad, rtol=1e-4, atol=1e-4 * max(1, rows**0.5))


@pytest.mark.parametrize(("rows", "left", "right"), [(0, 3, 4), (5, 2, 3), (4000, 39, 128), (3000, 128, 16)])
def test_transposed_product(rows, left, right):
    torch.manual_seed(0)
    inputs = [torch.randn(rows, left), torch.randn(rows, right)]
    exact = [one.double().requires_grad_() for one in inputs]
    expected = exact[0].T @ exact[1]
    mix = torch.randn(left, right)
    (expected * mix.double()).sum().backward()
    leaves = [one.requires_grad_() for one in inputs]
    out = transposed_product(*leaves)
    assert torch.allclose(out.double(), expected, atol=1e-3)
    (out * mix).sum().backward()
    for leaf, true in zip(leaves, exact, strict=True):
        assert torch.allclose(leaf.grad.double(), true.grad, atol=1e-3)


def test_rows_that_are_not_contiguous():
    torch.manual_seed(0)
    wide, weight = torch.randn(2000, 96), torch.randn(8, 32)
    expected = wide[:, 32:64].double() @ weight.double().T
    for rows in (wide[:, 32:64], wide.T.contiguous().T[:, 32:64]):
        with torch.no_grad():
            assert torch.allclose(product(rows, weight).double(), expected, atol=1e-4)
        assert torch.allclose(product(rows, weight.clone().requires_grad_()).double(), expected, atol=1e-4)


def test_double_precision_stays_exact():
    rows, weight = torch.randn(3000, 32, dtype=torch.float64), torch.randn(8, 32, dtype=torch.float64)
    assert torch.equal(product(rows, weight), F.linear(rows, weight))
    assert transposed_product(rows, rows).dtype == torch.float64


def test_autocast_decides_the_type():
    rows, weight = torch.randn(3000, 32), torch.randn(8, 32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert product(rows, weight).dtype == torch.bfloat16


@pytest.mark.parametrize("gradients", [False, True])
def test_without_onednn_the_answer_is_the_same(monkeypatch, gradients):
    torch.manual_seed(0)
    rows, weight, skip = torch.randn(3000, 32), torch.randn(8, 32), torch.randn(3000, 8)
    with torch.set_grad_enabled(gradients):
        fast = product(rows, weight, None, 0.1, skip)
        monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
        assert torch.allclose(product(rows, weight, None, 0.1, skip), fast, atol=1e-4)
