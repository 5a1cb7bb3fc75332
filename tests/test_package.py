"""The package as a whole: what it exports and that imports run downwards only."""

import ast
from pathlib import Path

import pytest

import partwise

SOURCE = Path(partwise.__file__).parent
LAYERS = [["errors"], ["files"], ["hdf5", "progress", "overlap", "config"], ["taxonomy"],
          ["shape", "normalisation", "orientation", "means"],
          ["metrics"], ["nn"], ["grouping"], ["mesh"], ["data", "render"], ["checkpoint", "export", "synth"],
           ["score", "result", "models", "showcase", "released", "onnx"], ["viewer"], ["segmenter", "dump"],
           ["recognition", "training", "evaluate"], ["report", "app"], ["suite"], ["cli"]]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def test_what_people_import():
    assert {getattr(partwise, name).__name__ for name in partwise.__all__} == set(partwise.__all__)
    assert issubclass(partwise.InputError, ValueError)
    with pytest.raises(AttributeError, match="nothing"):
        _ = partwise.nothing


def imports():
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if parts[0] in ("__init__", "__main__"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("partwise."):
                yield "/".join(parts), parts[0], node.module.split(".")[1]


def test_imports_run_downwards():
    found = list(imports())
    assert len(found) > 100
    upwards = [(path, there) for path, here, there in found if here != there and RANK[there] >= RANK[here]]
    assert upwards == []


def test_one_file_alone_knows_ocnn():
    knowing = [path.name for path in SOURCE.rglob("*.py") if any(
        (isinstance(node, ast.Import) and any(name.name.split(".")[0] == "ocnn" for name in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "ocnn")
        for node in ast.walk(ast.parse(path.read_text())))]
    assert knowing == ["ocnn_adapter.py"]


def test_fusion_needs_torch_and_the_product_alone():
    for name, allowed in (("product", {"torch"}), ("fusion", {"torch", "partwise.nn.product"})):
        tree = ast.parse((SOURCE / f"nn/{name}.py").read_text())
        modules = {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
        modules |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert {module for module in modules if module.split(".")[0] in ("torch", "partwise")} <= {
            "torch", "torch.nn.functional", "torch.nn.grad", *allowed}
