import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from partwise.nn.fusion import fuse


class Fused(torch.nn.Module):
    """A network of one layer with fusion in it, for a fixed number of shapes."""

    def __init__(self, batch_size: int) -> None:
        super().__init__()
        self.layer, self.batch_size = torch.nn.Linear(3, 12), batch_size

    def forward(self, points: torch.Tensor, batch_index: torch.Tensor) -> torch.Tensor:
        features, logits = self.layer(points).split([8, 4], 1)
        return fuse(features, logits.softmax(1), batch_index, self.batch_size)


def exported(batch_size: int, gradients: bool = False) -> tuple[Fused, torch.export.ExportedProgram]:
    torch.manual_seed(0)
    network = Fused(batch_size)
    rows = {0: torch.export.Dim.DYNAMIC}
    # of so many points the network itself would take oneDNN's products
    with torch.set_grad_enabled(gradients):
        return network, torch.export.export(network, (torch.rand(5_000, 3), torch.arange(5_000) % batch_size),
                                            dynamic_shapes=(rows, rows))


def shapes(count: int, batch_size: int) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.rand(count, 3), torch.randint(batch_size, (count,))


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


@pytest.mark.parametrize("batch_size", [1, 3])
@pytest.mark.parametrize("gradients", [False, True])
def test_exported_for_any_number_of_points(batch_size, gradients):
    network, program = exported(batch_size, gradients)
    assert not [node for node in program.graph.nodes if "mkldnn" in str(node.target)]
    with torch.no_grad():
        for count in (2, 31, 20_000):
            inputs = shapes(count, batch_size)
            torch.testing.assert_close(program.module()(*inputs), network(*inputs), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("batch_size", [1, 3])
def test_the_same_in_onnx_runtime(batch_size, tmp_path):
    runtime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    network, program = exported(batch_size)
    torch.onnx.export(program, dynamo=True, verbose=False).save(tmp_path / "fused.onnx")
    session = runtime.InferenceSession(tmp_path / "fused.onnx")
    names = [one.name for one in session.get_inputs()]
    for count in (1, 2, 31, 20_000):
        inputs = shapes(count, batch_size)
        found = session.run(None, dict(zip(names, (tensor.numpy() for tensor in inputs), strict=True)))[0]
        with torch.no_grad():
            np.testing.assert_allclose(found, network(*inputs).numpy(), atol=1e-5)


def test_the_example_trains_and_exports():
    program = Path(__file__).parents[2] / "examples/fusion_in_pointnet.py"
    done = subprocess.run([sys.executable, str(program), "2"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == ["without fusion", "with fusion"]
    assert float(lines[2].split()[-1]) < 1e-5
