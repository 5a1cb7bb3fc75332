"""Folders and standard input in place of files."""

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import trimesh

from partwise.cli.inputs import expanded, kind_of
from partwise.errors import InputError
from partwise.mesh import read_geometry


def test_a_folder_is_its_meshes(tmp_path):
    for name in ("b.glb", "a.ply", "deep/c.OBJ", "notes.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = expanded([tmp_path, tmp_path / "none.stl"], tmp_path)
    assert [path.name for path in found] == ["a.ply", "b.glb", "c.OBJ", "none.stl"]


def test_nothing_at_all(tmp_path):
    with pytest.raises(InputError, match="no file"):
        expanded([], tmp_path)
    with pytest.raises(InputError, match="holds no file of a known kind"):
        expanded([tmp_path], tmp_path)


@pytest.mark.parametrize("kind", ["glb", "ply", "stl", "obj", "off", "xyz"])
def test_standard_input_is_known_by_how_it_begins(kind, tmp_path, monkeypatch):
    box = trimesh.creation.box()
    text = "# x y z\n" + "\n".join(" ".join(map(str, row)) for row in box.vertices)
    data = text.encode() if kind == "xyz" else box.export(file_type=kind)
    data = data.encode() if isinstance(data, str) else data
    assert kind_of(data) == kind
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    path, = expanded([Path("-")], tmp_path)
    geometry = read_geometry(path)
    places = geometry.points if kind == "xyz" else geometry.vertices[geometry.faces].reshape(-1, 3)
    np.testing.assert_allclose(np.abs(places), 0.5)


def test_empty_standard_input(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"")))
    with pytest.raises(InputError, match="standard input is empty"):
        expanded([Path("-")], tmp_path)
