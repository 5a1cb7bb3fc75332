"""Put trained models into the package: `python tools/ship_weights.py RUN... --data DIR --trained-on TEXT`.

RUN is the folder of a training run of partwise on procedural shapes; DIR holds the stores of partwise-bench: on the val
split confidences are learnt, and the test split gives the scores of the model's card. A category's model replaces the
one that is there.
"""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

import tyro
from safetensors.torch import load_file, save_file
from tyro.conf import Positional

from partwise.checkpoint import load_checkpoint, save_checkpoint
from partwise.config import PRESETS
from partwise.data.store import Store
from partwise.evaluate import evaluate
from partwise.files import write_json
from partwise.models import FOLDER, ModelCard, file_checksum, shipped_models
from partwise.nn.memory import keep_freed_memory
from partwise.segmenter import Segmenter
from partwise.synth.benchmark import NAME, bench_category
from partwise.training.confidence import with_iou_fit

FILES = ("config.json", "model.safetensors")


@dataclass(frozen=True)
class Settings:
    """Put trained models into the package."""

    runs: Positional[tuple[Path, ...]]
    """Folders of training runs."""
    data: Path
    """Folder of stores; holds <category>/val.h5 and <category>/test.h5."""
    trained_on: str
    """The training shapes in a few words, and how to make them again; {category} stands for the run's category."""
    preset: str = "small"
    """Preset that the runs were made with."""


def ship(run: Path, settings: Settings) -> ModelCard:
    """Write one model's files and return its card."""
    checkpoint = load_checkpoint(run)
    category = checkpoint.config.category
    stores, name = settings.data / category, category.lower()
    checkpoint = with_iou_fit(checkpoint, Store(stores / "val.h5"))
    folder = FOLDER / name
    save_checkpoint(folder, checkpoint)
    # statistics of batch normalisation are few, and some too small for half precision
    tensors = {key: value.half() if value.dim() > 1 else value for key, value in load_file(folder / FILES[1]).items()}
    save_file(tensors, folder / FILES[1])
    (folder / FILES[1]).chmod(0o644)  # safetensors writes for the owner alone
    report = evaluate(Segmenter.load(folder), Store(stores / "test.h5"))
    scores = {str(one.level.number): {"AP50": round(float(one.instances["partnet"].mean_ap[1]), 4),
                                      "mIoU": round(one.semantic["ignore_other"].miou_v2, 4)}
              for one in report.levels}
    tested_on = f"{NAME}, {bench_category(category).counts['test']} shapes"
    trained_on = settings.trained_on.format(category=category)
    return ModelCard(name, category, settings.preset, checkpoint.iteration, trained_on, "MIT", tested_on, scores,
                     {file: file_checksum(folder / file) for file in FILES})


def main(settings: Settings) -> None:
    if settings.preset not in PRESETS:
        raise SystemExit(f"unknown preset {settings.preset}; choose from {', '.join(PRESETS)}")
    keep_freed_memory()
    for run in settings.runs:
        card = ship(run, settings)
        cards = {one.name: one for one in shipped_models()} | {card.name: card}
        write_json(FOLDER / "models.json", [dataclasses.asdict(cards[name]) for name in sorted(cards)])
        print(json.dumps(dataclasses.asdict(card), indent=2))


if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
