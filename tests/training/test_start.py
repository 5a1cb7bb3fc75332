"""Where runs begin: which settings, and which weights of a trained model."""

import dataclasses
import json

import numpy as np
import pytest
import torch

from partwise.checkpoint import Checkpoint, load_checkpoint
from partwise.cli import main
from partwise.config import LossConfig, ModelConfig, NetworkConfig
from partwise.data.store import Store, StoreWriter
from partwise.errors import InputError
from partwise.nn.network import Network
from partwise.released.weights import convert
from partwise.shape import Shape
from partwise.taxonomy import load_taxonomy, own_taxonomy, read_taxonomy
from partwise.training import train
from partwise.training.run_folder import RunFolder
from partwise.training.start import class_sources, first_network, inherit, start_of
from tests.released.files import write_bundle
from tests.released.test_weights import small_variables
from tests.training.settings import NETWORK, settings

TEXT = """{category: OfficeChair, parts: [chair_seat, rest: [leg, wheel]], from: {
  chair/chair_back: rest, chair/chair_base: rest,
  chair/chair_base/regular_leg_base/leg: rest/leg, chair/chair_base/star_leg_base/star_leg_set/leg: rest/leg}}"""


@pytest.fixture
def yaml(tmp_path):
    (tmp_path / "my.yaml").write_text(TEXT)
    return tmp_path / "my.yaml"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("yaml")
    (folder / "my.yaml").write_text(TEXT)
    return read_taxonomy(folder / "my.yaml")


@pytest.fixture(scope="module")
def office_data(office, tmp_path_factory):
    """Four shapes with the seat, a leg and a wheel drawn by chance."""
    folder = tmp_path_factory.mktemp("office")
    random = np.random.default_rng(0)
    (folder / "OfficeChair").mkdir()
    for split in ("train", "val"):
        with StoreWriter(folder / f"OfficeChair/{split}.h5", office, split, 200) as writer:
            for number in range(2):
                points = random.normal(size=(200, 3)).astype(np.float32)
                fine = random.integers(1, 4, 200)
                semantic = np.stack([np.minimum(fine, 2), fine, fine]).astype(np.uint8)
                writer.append([Shape(points, points / np.linalg.norm(points, axis=1, keepdims=True), semantic,
                                     semantic.astype(np.int16) - 1, "", f"{split}-{number}")])
    return folder


@pytest.fixture(scope="module")
def chair_checkpoint():
    torch.manual_seed(0)
    taxonomy = load_taxonomy("Chair")
    return Checkpoint(ModelConfig("Chair", taxonomy.n_class, NETWORK), Network(NETWORK, taxonomy.n_class))


def test_classes_keep_their_rows_and_all_else_is_kept(chair_checkpoint, office):
    network = Network(NETWORK, office.n_class)
    fresh = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    old = chair_checkpoint.network.state_dict()
    told = inherit(network, office, chair_checkpoint)
    now = network.state_dict()
    heads = {name for name in now if ".logits." in name}
    assert len(heads) == 6
    for name in now.keys() - heads:
        assert torch.equal(now[name], old[name])
    chair = load_taxonomy("Chair").levels
    one, three = ([level.class_of[f"chair/{path}"] for path in paths] for level, paths in (
        (chair[0], ["chair_back", "chair_base"]),
        (chair[2], ["chair_base/regular_leg_base/leg", "chair_base/star_leg_base/star_leg_set/leg"])))
    for part in ("weight", "bias"):
        rows, before = now[f"semantic_heads.0.logits.{part}"], old[f"semantic_heads.0.logits.{part}"]
        assert torch.equal(rows[0], before[0])
        assert torch.equal(rows[1], before[chair[0].class_of["chair/chair_seat"]])
        torch.testing.assert_close(rows[2], before[one].mean(0))
        rows, before = now[f"semantic_heads.2.logits.{part}"], old[f"semantic_heads.2.logits.{part}"]
        torch.testing.assert_close(rows[2], before[three].mean(0))
        assert torch.equal(rows[3], fresh[f"semantic_heads.2.logits.{part}"][3])
    assert told == ["level 1: known chair_seat, rest", "level 2: known chair_seat, rest/leg; new rest/wheel"]


def test_the_same_taxonomy_keeps_everything(chair_checkpoint):
    chair = load_taxonomy("Chair")
    network = Network(NETWORK, chair.n_class)
    told = inherit(network, chair, chair_checkpoint)
    for name, tensor in chair_checkpoint.network.state_dict().items():
        assert torch.equal(network.state_dict()[name], tensor)
    assert len(told) == 3
    assert all("new" not in line for line in told)


def test_a_part_that_holds_a_class_gives_it_its_name(office):
    level, chair = office.levels[0], load_taxonomy("Chair").levels[1]
    found = class_sources(level, chair, office)
    legs = [number for number, path in enumerate(chair.paths, 1) if path.startswith(("chair/chair_ba",))]
    assert found[level.class_of["OfficeChair/rest"]] == legs


def test_training_on_from_a_model_with_parts_of_ones_own(office_data, yaml, trained, tmp_path, capsys):
    out = tmp_path / "run"
    config = settings(office_data, out, category="", finetune=str(trained), taxonomy=yaml, network=NetworkConfig(),
                      iterations=4)
    train(config)
    assert "starting from" in capsys.readouterr().err
    assert json.loads((out / "training.json").read_text())["category"] == "OfficeChair"
    found = load_checkpoint(out)
    for name, tensor in load_checkpoint(trained).network.state_dict().items():
        same = torch.equal(found.network.state_dict()[name], tensor)
        assert same if "running" in name else not same or "num_batches" in name or ".logits." in name, name
    assert found.config.network == NETWORK
    assert found.config.n_point == 200
    assert found.config.taxonomy == read_taxonomy(yaml).tree
    further = train(settings(office_data, tmp_path / "further", category="", finetune=str(out), iterations=4))
    assert load_checkpoint(further).config.taxonomy == found.config.taxonomy
    train(dataclasses.replace(config, resume=True, iterations=6))
    steps = [record["iteration"] for record in RunFolder(out).records() if record["phase"] == "train"]
    assert steps == [1, 2, 3, 4, 5, 6]


def test_the_first_network_is_the_models(office_data, yaml, trained, tmp_path):
    begin = start_of(settings(office_data, tmp_path, category="", finetune=str(trained), taxonomy=yaml))
    network, _ = first_network(begin, begin.taxonomy)
    assert torch.equal(network.state_dict()["offset_heads.2.offsets.bias"],
                       load_checkpoint(trained).network.state_dict()["offset_heads.2.offsets.bias"])
    assert network.training
    assert not any(module.training for module in network.modules() if isinstance(module, torch.nn.BatchNorm1d))


def test_from_scratch_the_store_says_what_the_parts_are(office_data, tmp_path, office):
    out = train(settings(office_data, tmp_path / "run", category="OfficeChair", iterations=2,
                         loss=LossConfig(other="classify")))
    assert load_checkpoint(out).config.taxonomy == office.tree


def test_from_a_network_of_the_released_program(chair_data, tmp_path):
    write_bundle(tmp_path / "model/iter000100.ckpt", small_variables("Chair"), shards=1)
    convert(tmp_path / "model", "Chair", tmp_path / "converted")
    assert main(["train", "--finetune", str(tmp_path / "converted"), "--data", str(chair_data), "--out",
                 str(tmp_path / "run"), "--iterations", "2", "--batch-size", "2", "--device", "cpu"]) == 0
    before, after = (load_checkpoint(tmp_path / name) for name in ("converted", "run"))
    assert after.config.category == "Chair"
    assert after.config.network == before.config.network
    assert after.config.n_point == Store(chair_data / "Chair/train.h5").n_point
    record = json.loads((tmp_path / "run/training.json").read_text())
    assert (record["optimizer"]["name"], record["grouping"]["tree"]) == ("adam", True)
    changes = [float((after.network.state_dict()[name] - tensor).abs().max())
               for name, tensor in before.network.state_dict().items() if name.endswith("weight")]
    assert 0 < max(changes) < 0.01  # two steps of Adam away


@pytest.mark.parametrize(("changes", "message"), [
    ({"category": ""}, "no category: add --category"),
    ({"category": "", "finetune": "boat"}, "boat: no such model nor folder"),
    ({"category": "", "finetune": "chair", "network": dataclasses.replace(NETWORK, resblocks=3)},
     "--network: chair brings the settings"),
    ({"category": "", "finetune": "table", "network": NetworkConfig()}, r"Table/train.h5: no training shapes; make"),
    ({"category": "Ship"}, "no training shapes, and category 'Ship' is not one"),
])
def test_beginnings_that_cannot_be(office_data, tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        train(settings(office_data, tmp_path / "run", **changes))
    assert not (tmp_path / "run").exists()


def test_taxonomies_that_do_not_fit(office_data, yaml, tmp_path, office):
    with pytest.raises(InputError, match=r"--category Chair: .*my.yaml is of OfficeChair"):
        train(settings(office_data, tmp_path / "run", taxonomy=yaml))
    yaml.write_text("{category: OfficeChair, parts: [seat]}")
    with pytest.raises(InputError, match=r"train.h5: was prepared with other parts than .*my.yaml lists now"):
        train(settings(office_data, tmp_path / "run", category="", taxonomy=yaml))
    other = own_taxonomy("OfficeChair", {"seat": {}})
    folder = tmp_path / "data/OfficeChair"
    folder.mkdir(parents=True)
    (folder / "train.h5").write_bytes((office_data / "OfficeChair/train.h5").read_bytes())
    with StoreWriter(folder / "val.h5", other, "val", 200) as writer:
        labels = np.ones((3, 200), np.uint8)
        points = np.random.default_rng(0).normal(size=(200, 3)).astype(np.float32)
        writer.append([Shape(points, points, labels, labels.astype(np.int16))])
    with pytest.raises(InputError, match=r"val.h5: was prepared with other parts than .*train.h5"):
        train(settings(tmp_path / "data", tmp_path / "run", category="OfficeChair"))
