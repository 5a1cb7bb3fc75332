"""Models by name: those that are shipped, and what happens to damaged or unknown ones."""

import dataclasses
import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

import partwise.models
from partwise.checkpoint import load_checkpoint
from partwise.errors import InputError
from partwise.models import ModelCard, file_checksum, load_model, shipped_models
from partwise.taxonomy import load_taxonomy


@pytest.fixture
def card(trained, tmp_path, monkeypatch) -> ModelCard:
    """A very small model in half precision, in place of those that are shipped."""
    folder = tmp_path / "shipped"
    shutil.copytree(trained / "best", folder / "storage-chair")
    weights = folder / "storage-chair/model.safetensors"
    save_file({key: value.half() if value.dim() > 1 else value for key, value in load_file(weights).items()}, weights)
    found = ModelCard("storage-chair", "Chair", "small", 8, "toys", "MIT", "toys", {"1": {"AP50": 0.5, "mIoU": 0.5}},
                      {file.name: file_checksum(file) for file in (folder / "storage-chair").iterdir()})
    (folder / "models.json").write_text(json.dumps([dataclasses.asdict(found)]))
    monkeypatch.setattr(partwise.models, "FOLDER", folder)
    return found


@pytest.mark.parametrize("name", ["storage-chair", "StorageChair", "storage chair"])
def test_by_name_in_any_spelling(card, trained, name):
    found, original = load_model(name), load_checkpoint(trained)
    assert found.config == original.config
    for ours, theirs in zip(found.network.state_dict().values(), original.network.state_dict().values(), strict=True):
        assert ours.dtype == theirs.dtype
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-5)


def test_a_folder_wins(card, trained, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(trained / "last", tmp_path / "storage-chair")
    assert torch.equal(load_model("storage-chair").network.state_dict()["semantic_heads.0.logits.weight"],
                       load_checkpoint(trained / "last").network.state_dict()["semantic_heads.0.logits.weight"])


def test_what_is_not_there_is_named(card):
    with pytest.raises(InputError, match="sofa: no such model nor folder; models that come with partwise: storage-c"):
        load_model("sofa")
    with pytest.raises(InputError, match=r"runs/sofa: no such folder"):
        load_model("runs/sofa")
    with pytest.raises(InputError, match="of category Chair, expected Mug"):
        load_model("storage-chair", "Mug")


@pytest.mark.parametrize("file", ["config.json", "model.safetensors"])
def test_a_changed_file_is_refused(card, file):
    path = card.folder / file
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    with pytest.raises(InputError, match="is not the file that was published"):
        load_model(card.name)
    path.unlink()
    with pytest.raises(InputError, match="is missing"):
        load_model(card.name)


def test_what_is_shipped_is_whole():
    cards = shipped_models()
    assert [one.name for one in cards] == sorted({one.name for one in cards})
    for one in cards:
        one.check()
        checkpoint = load_checkpoint(one.folder, one.category)
        assert set(one.scores) == {str(level) for level in load_taxonomy(one.category).real_levels}
        assert checkpoint.iteration <= one.iterations
        assert sum(path.stat().st_size for path in one.folder.iterdir()) < 5_000_000
        assert {path.name for path in one.folder.iterdir()} == set(one.sha256)
    folders = {path.name for path in partwise.models.FOLDER.iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert folders == {one.name for one in cards}
