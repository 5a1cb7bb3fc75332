"""The code on docs/export.md runs and does what the page says."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from partwise.models import load_model
from tests.grouping.test_instances import same_partition
from tests.nn.test_fusion import Fused, shapes
from tests.onnx.test_octree import ball
from tests.onnx.test_write import assert_same, expected

PAGE = Path(__file__).parents[2] / "docs/export.md"


def run(beginning: str, **names: object) -> dict:
    """The names that the page's block of code with this line leaves."""
    block, = (one for one in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S) if beginning in one)
    exec(block, names)
    return names


def test_fusion():
    names = run("fused = fuse(")
    assert names["fused"].shape == (5000, 64)
    assert names["both"].shape == (5000, 128)


def test_export_of_a_network_with_fusion(tmp_path, monkeypatch):
    pytest.importorskip("onnxscript")
    monkeypatch.chdir(tmp_path)
    points, batch_index = shapes(50, 2)
    run("torch.onnx.export(", torch=torch, network=Fused(2), points=points, batch_index=batch_index)
    assert (tmp_path / "network.onnx").stat().st_size > 1000


def test_running_a_network(chair_onnx, monkeypatch):
    monkeypatch.chdir(chair_onnx.parent)
    points, normals = ball(500)
    names = run("InferenceSession(", points=3 * points + 1, normals=normals)
    assert_same(names["outputs"], expected(load_model("chair").network, names["tables"]["points"], normals))
    assert names["label"].shape == (500,)


def test_grouping_is_that_of_the_released_system(golden):
    case = np.load(golden / "inference.npz")
    found = run("def parts(")["parts"](case["points"], np.log(case["probability"]), case["instance_offset"],
                                       case["region_offset"], 0.1, 0.05)
    assert same_partition(found, case["instance"])
