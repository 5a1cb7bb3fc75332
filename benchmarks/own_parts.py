"""What fine-tuning on a few shapes with parts of one's own is worth: against no training, and training from scratch.

The shapes are procedural chairs whose true parts stand in for corrections by hand, and the taxonomy is that of
docs/your-own-parts.md. Prints accuracy, mIoU and AP50 on shapes that were not trained on, and the time
on one thread.

    OMP_NUM_THREADS=1 python -m benchmarks.own_parts --shapes 20 --iterations 150 --out own_parts
"""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro

from partwise.checkpoint import Checkpoint, save_checkpoint
from partwise.cli import main
from partwise.config import PRESETS, ModelConfig, TrainConfig
from partwise.data.store import Store
from partwise.evaluate import AT_HALF
from partwise.result.files import write_segmentation
from partwise.result.labels import Labels
from partwise.result.segmentation import Segmentation
from partwise.shape import NO_INSTANCE, Shape
from partwise.taxonomy import Taxonomy, read_taxonomy
from partwise.training.start import first_network, start_of

TAXONOMY = Path(__file__).parents[1] / "examples/office_chair.yaml"


@dataclass(frozen=True)
class Settings:
    """What to measure."""

    out: Path
    """Folder for everything; what is there is used again."""
    shapes: int = 20
    """Shapes that were corrected, of which a fifth is for validation."""
    test: int = 50
    """Shapes to measure on."""
    iterations: int = 150
    """Training steps."""
    seed: int = 5
    """Of the procedural world."""


def corrected(shape: Shape, taxonomy: Taxonomy) -> Segmentation:
    """The result that perfect corrections would leave."""
    rows = [level.number - 1 for level in taxonomy.levels if level.is_real]
    ids = np.where(shape.instance == NO_INSTANCE, shape.instance.max() + 1, shape.instance).astype(np.int64)[rows]
    classes = [np.zeros(own.max() + 1, np.int64) for own in ids]
    for row, own, known in zip(rows, ids, classes, strict=True):
        known[own] = shape.semantic[row]
    labels = Labels([taxonomy.levels[row] for row in rows], ids, classes, [np.ones(len(known)) for known in classes])
    return labels.segmentation(Segmentation(taxonomy, shape.points, shape.normals, None, None, (), True))


def run(*words: object) -> None:
    """A command of partwise; stops where it fails."""
    if main([str(word) for word in words]):
        sys.exit(1)


def prepare(settings: Settings) -> None:
    """Stores of the corrected shapes, and of those to measure on."""
    world = settings.out / "world"
    run("synth", "--category", "Chair", "--split", f"train={settings.shapes}", f"test={settings.test}", "--seed",
        settings.seed, "--out", world, "--workers", 1)
    run("prepare", "partnet", world, "--category", "Chair", "--out", settings.out / "chairs", "--workers", 1)
    for split, shares in (("train", ("train=0.8", "val=0.2")), ("test", ("test=1",))):
        store = Store(settings.out / f"chairs/Chair/{split}.h5")
        for shape in store:
            folder = settings.out / "results" / split / shape.anno_id
            if not (folder / "result.json").exists():
                write_segmentation(folder, corrected(shape, store.taxonomy), shape.anno_id)
        run("prepare", "results", settings.out / "results" / split, "--taxonomy", TAXONOMY, "--split", *shares, "--out",
            settings.out / "data", "--workers", 1)


def untrained(settings: Settings) -> Path:
    """The model that fine-tuning begins with, before its first step."""
    config = TrainConfig(settings.out / "data", "", settings.out, finetune="chair", taxonomy=TAXONOMY,
                         **{**PRESETS["finetune"], "iterations": 1})
    taxonomy, begin = read_taxonomy(TAXONOMY), start_of(config)
    model = ModelConfig(taxonomy.category, taxonomy.n_class, begin.config.network, begin.config.grouping,
                        begin.config.n_point or 0, taxonomy=taxonomy.tree)
    folder = settings.out / "runs/before"
    save_checkpoint(folder, Checkpoint(model, first_network(begin, taxonomy)[0]))
    return folder


def train(settings: Settings, name: str, *options: str) -> tuple[Path, float]:
    """A run and the seconds of processor time that it took, so that other work on the machine does not count."""
    folder, data = settings.out / "runs" / name, settings.out / "data"
    begun = time.process_time()
    if not folder.exists():
        run("train", *options, "--taxonomy", TAXONOMY, "--data", data, "--out", folder, "--device", "cpu",
            "--iterations", settings.iterations, "--validate-every", 50)
    return folder, time.process_time() - begun


def measure(settings: Settings, name: str, folder: Path, seconds: float) -> None:
    """Print a line a level."""
    out = settings.out / "scores" / name
    run("evaluate", "--model", folder, "--data", settings.out / "data", "--out", out, "--device", "cpu")
    scores = json.loads((out / "metrics.json").read_text())
    for number, level in scores["levels"].items():
        semantic, ap50 = level["semantic"]["ignore_other"], level["partnet"]["mean_ap"][AT_HALF]
        print(f"{name:10} {seconds:6.0f} s  level {number}: AP50 {100 * ap50:.1f}, "
              f"mIoU {100 * semantic['miou_v2']:.1f}, accuracy {100 * semantic['accuracy']:.1f}", flush=True)


if __name__ == "__main__":
    settings = tyro.cli(Settings, description=__doc__)
    prepare(settings)
    runs = [("before", untrained(settings), 0.0),
            ("finetuned", *train(settings, "finetuned", "--finetune", "chair")),
            ("scratch", *train(settings, "scratch", "--preset", "small", "--grouping.confidence", "entropy"))]
    for one in runs:
        measure(settings, *one)
