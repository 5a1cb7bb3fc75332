"""Exported networks; what needs them skips where onnx is not installed."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def chair_onnx(tmp_path_factory) -> Path:
    """The chair model, exported by the command."""
    for name in ("onnx", "onnxscript", "onnxruntime"):
        pytest.importorskip(name)
    from partwise.cli import main

    path = tmp_path_factory.mktemp("onnx") / "new/chair.onnx"
    assert main(["export", "onnx", "chair", "--out", str(path)]) == 0
    return path
