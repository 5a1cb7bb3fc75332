import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from partwise.checkpoint import Checkpoint, load_checkpoint, load_state, save_checkpoint
from partwise.config import GroupingConfig, ModelConfig, NetworkConfig
from partwise.errors import InputError
from partwise.nn.network import Network
from partwise.taxonomy import load_taxonomy

SMALL = NetworkConfig(depth=3, channels=(4, 8), resblocks=1, head_channels=4, fusion="own")


@pytest.fixture
def saved(tmp_path):
    config = ModelConfig("Mug", load_taxonomy("Mug").n_class, SMALL, GroupingConfig(bandwidth=0.3), n_point=123)
    network = Network(SMALL, config.n_class)
    save_checkpoint(tmp_path / "model", Checkpoint(config, network, 7, {"miou": 0.5}))
    return tmp_path / "model", network, config


def test_round_trip(saved):
    folder, network, config = saved
    found = load_checkpoint(folder, "Mug")
    assert (found.config, found.iteration, found.scores) == (config, 7, {"miou": 0.5})
    assert not found.network.training
    for name, values in network.state_dict().items():
        assert torch.equal(values, found.network.state_dict()[name]), name
    assert sorted(path.name for path in folder.parent.iterdir()) == ["model"]
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "model.safetensors"]


def test_replacing_keeps_a_whole_checkpoint_when_writing_fails(saved, monkeypatch):
    folder, network, config = saved
    monkeypatch.setattr("partwise.checkpoint.save_file", lambda *a: (_ for _ in ()).throw(OSError(28, "No space")))
    with pytest.raises(InputError, match="No space"):
        save_checkpoint(folder, Checkpoint(config, network, 8))
    assert load_checkpoint(folder).iteration == 7
    assert sorted(path.name for path in folder.parent.iterdir()) == ["model"]


def test_a_crash_between_the_two_renames_loses_nothing(saved):
    folder, _, _ = saved
    folder.rename(folder.with_name(".model.previous"))
    assert load_checkpoint(folder).iteration == 7


def test_a_run_folder_gives_its_best_else_its_last(trained):
    assert load_checkpoint(trained).iteration == load_checkpoint(trained / "best").iteration


@pytest.mark.parametrize("kind", ["sgd", "adam"])
def test_optimizer_state_round_trip(saved, kind):
    folder, network, config = saved

    def make(parameters):
        return torch.optim.SGD(parameters, 0.1, momentum=0.9) if kind == "sgd" else torch.optim.Adam(parameters)

    optimizer = make(network.parameters())
    for parameter in network.parameters():
        parameter.grad = torch.randn_like(parameter)
    optimizer.step()
    save_checkpoint(folder, Checkpoint(config, network, 1), optimizer)
    fresh = make(load_checkpoint(folder).network.parameters())
    load_state(folder, fresh)
    for index, entry in optimizer.state_dict()["state"].items():
        for key, value in entry.items():
            assert torch.equal(value, fresh.state_dict()["state"][index][key])


def test_no_optimizer_to_resume_is_named(saved):
    folder, network, _ = saved
    with pytest.raises(InputError, match=r"training\.safetensors: no such file"):
        load_state(folder, torch.optim.Adam(network.parameters()))


def edit(folder, change):
    record = json.loads((folder / "config.json").read_text())
    change(record)
    (folder / "config.json").write_text(json.dumps(record))


@pytest.mark.parametrize(("damage", "message"), [
    (lambda f: shutil.rmtree(f), "no such folder"),
    (lambda f: (f / "config.json").unlink(), "holds no checkpoint"),
    (lambda f: (f / "config.json").write_text("{"), "not valid JSON"),
    (lambda f: (f / "config.json").write_text("[]"), "is not a partwise checkpoint"),
    (lambda f: edit(f, lambda r: r.update(version=99)), "version 99"),
    (lambda f: edit(f, lambda r: r["model"].update(category="Cup")), "nearest"),
    (lambda f: edit(f, lambda r: r["model"].update(n_class=[9, 9, 9])), "9, 9, 9"),
    (lambda f: edit(f, lambda r: r["model"].pop("network")), "describes no model"),
    (lambda f: edit(f, lambda r: r["model"]["network"].update(depth=99)), "depth"),
    (lambda f: edit(f, lambda r: r["model"]["network"].update(head_channels=8)), "of another shape"),
    (lambda f: (f / "model.safetensors").unlink(), "no such file"),
    (lambda f: (f / "model.safetensors").write_bytes((f / "model.safetensors").read_bytes()[:900]), "damaged"),
    (lambda f: (f / "model.safetensors").write_bytes(b"\x80\x04pickle"), "damaged"),
    (lambda f: save_file({"x": torch.zeros(1)}, f / "model.safetensors"), "missing"),
    (lambda f: save_file({k: v * float("nan") for k, v in load_file(f / "model.safetensors").items()
                          if v.is_floating_point()}, f / "model.safetensors"), "missing|NaN"),
])
def test_damage_is_named(saved, damage, message):
    damage(saved[0])
    with pytest.raises(InputError, match=message):
        load_checkpoint(saved[0])


def test_another_category_is_refused(saved):
    with pytest.raises(InputError, match="of category Mug, expected Chair"):
        load_checkpoint(saved[0], "Chair")
