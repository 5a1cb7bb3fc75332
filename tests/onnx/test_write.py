"""An exported network computes what the network computes, whatever the shape."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from partwise import __version__
from partwise.checkpoint import Checkpoint
from partwise.cli import main
from partwise.config import ModelConfig
from partwise.errors import InputError
from partwise.models import load_model, shipped_model
from partwise.nn.blocks import folded
from partwise.nn.network import Network
from partwise.onnx.network import TableNetwork
from partwise.onnx.octree import octree_tables
from partwise.onnx.write import metadata, write_onnx
from partwise.taxonomy import load_taxonomy
from tests.nn.test_network import TINY
from tests.onnx.test_octree import ball

ROOT = Path(__file__).parents[2]
CHAIR = load_taxonomy("Chair")
SIZES = (1, 2, 300, 2_000)


def tables_of(config, count):
    points, normals = ball(count, seed=count)
    return octree_tables(points, normals, config.depth, config.depth - len(config.channels) + 1, config.nempty), normals


def expected(network, points, normals):
    """Outputs by name of the network that partwise itself runs."""
    fast = folded(network, torch.device("cpu"))
    points, normals = torch.from_numpy(points), torch.from_numpy(normals)
    with torch.inference_mode():
        levels = fast(fast.build_octree(points, normals, torch.zeros(len(points), dtype=torch.long), 1), points)
    return {f"{name}_{number}": tensor.numpy() for number, level in enumerate(levels, 1)
            for name, tensor in vars(level).items() if tensor is not None}


def assert_same(found, wanted):
    assert found.keys() == wanted.keys()
    for name, array in wanted.items():
        np.testing.assert_allclose(found[name], array, rtol=0, atol=1e-4 * max(1, np.abs(array).max()), err_msg=name)


def run(path, tables):
    session = pytest.importorskip("onnxruntime").InferenceSession(path)
    return dict(zip([one.name for one in session.get_outputs()], session.run(None, tables), strict=True))


@pytest.mark.parametrize("changes", [{}, {"nempty": True}, {"fusion": "own"}, {"region_centres": False}])
@pytest.mark.parametrize("count", SIZES)
def test_tables_hold_all_that_the_network_needs(changes, count):
    torch.manual_seed(0)
    config = replace(TINY, **changes)
    network = Network(config, CHAIR.n_class).eval()
    tables, normals = tables_of(config, count)
    with torch.inference_mode():
        found = TableNetwork(network)({name: torch.from_numpy(table) for name, table in tables.items()})
    assert_same({name: tensor.numpy() for name, tensor in found.items()}, expected(network, tables["points"], normals))


@pytest.mark.parametrize("count", SIZES)
def test_the_shipped_chair(chair_onnx, count):
    network = load_model("chair").network
    tables, normals = tables_of(network.config, count)
    assert_same(run(chair_onnx, tables), expected(network, tables["points"], normals))


def test_all_nodes_and_no_region_centres(tmp_path):
    pytest.importorskip("onnxscript")
    torch.manual_seed(0)
    config = replace(TINY, depth=3, channels=(8, 16), region_centres=False)
    network = Network(config, CHAIR.n_class).eval()
    write_onnx(tmp_path / "tiny.onnx", Checkpoint(ModelConfig("Chair", CHAIR.n_class, config), network))
    for count in SIZES:
        tables, normals = tables_of(config, count)
        assert_same(run(tmp_path / "tiny.onnx", tables), expected(network, tables["points"], normals))
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.onnx"]


def test_the_file_says_what_it_is(chair_onnx):
    session = pytest.importorskip("onnxruntime").InferenceSession(chair_onnx)
    about = session.get_modelmeta().custom_metadata_map
    assert about == metadata(load_model("chair").config, shipped_model("chair").licence)
    assert (about["category"], about["licence"], about["partwise_version"]) == ("Chair", "MIT", __version__)
    assert [tuple(names) for names in json.loads(about["class_names"])] == [level.names for level in CHAIR.levels]
    shapes = {one.name: (one.shape, one.type) for one in session.get_inputs()}
    assert shapes["signal"] == (["nodes_6", 4], "tensor(float)")
    assert shapes["neighbours_6"] == (["nodes_6", 27], "tensor(int32)")
    assert shapes["slots_3"] == (["nodes_3"], "tensor(int64)")
    assert {one.name: one.shape for one in session.get_outputs()}["logits_3"] == ["n_point", CHAIR.n_class[2]]


def test_the_file_tells_nothing_of_the_machine(chair_onnx):
    data = chair_onnx.read_bytes()
    assert str(ROOT).encode() not in data
    assert b"site-packages" not in data


def test_the_example_needs_no_torch(chair_onnx, tmp_path):
    program = ROOT / "examples/onnx_without_torch.py"
    points, normals = ball(3_000)
    np.save(tmp_path / "points.npy", np.concatenate([5 * points + 7, normals], 1))
    for cloud in ([], [str(tmp_path / "points.npy")]):
        arguments = [str(program), str(chair_onnx), *cloud]
        code = (f"import runpy, sys; sys.modules['torch'] = None; sys.argv = {arguments}\n"
                f"runpy.run_path({str(program)!r}, run_name='__main__')")
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "Chair, 2,500 points" in done.stdout
        assert done.stdout.count("\nlevel") == 3
    own = subprocess.run([sys.executable, str(program), str(chair_onnx)], capture_output=True, text=True).stdout
    assert "chair_base/regular_leg_base/leg" in own
    assert "torch imported: False" in own


def test_without_the_exporter(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "onnxscript", None)  # as where it is not installed
    network = Network(TINY, CHAIR.n_class)
    with pytest.raises(InputError, match=r"partwise\[onnx\]"):
        write_onnx(tmp_path / "tiny.onnx", Checkpoint(ModelConfig("Chair", CHAIR.n_class, TINY), network))
    assert list(tmp_path.iterdir()) == []
    assert main(["export", "onnx", "nobody", "--out", str(tmp_path / "x.onnx")]) == 1
    assert "nobody: no such model" in capsys.readouterr().err


def test_the_licence_of_ones_own_weights():
    assert metadata(load_model("chair").config, "CC BY 4.0")["licence"] == "CC BY 4.0"
    assert "licence" not in metadata(load_model("chair").config)
    assert shipped_model("Chair").name == "chair"
    assert shipped_model("nobody") is None
