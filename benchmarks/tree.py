"""What it costs to make levels agree: the models that come with partwise, grouped level by level and as a tree.

Run: python -m benchmarks.tree --data DIR [--models NAME ...] [--json FILE]

DIR holds <category>/test.h5, which is measured, and <category>/val.h5, on which the confidences are learnt anew for
each way of grouping. Prints mAP50 under PartNet's protocol at each level, and the shares of parts that lie in one part
of the next coarser level.
"""

import dataclasses
import sys
from pathlib import Path
from typing import Any

import tyro

from partwise.config import GroupingConfig
from partwise.data.store import Store
from partwise.evaluate import evaluate
from partwise.files import write_json
from partwise.models import load_model, shipped_models
from partwise.nn.memory import keep_freed_memory
from partwise.segmenter import Segmenter
from partwise.taxonomy import load_taxonomy
from partwise.training.confidence import with_iou_fit

WAYS = {"each level alone": {"tree": False, "absorb": False, "connectivity": False},
        "tree": {"tree": True, "absorb": True}}


@dataclasses.dataclass(frozen=True)
class Settings:
    """Measure models with and without agreement of levels."""

    data: Path
    """Folder of stores, <category>/test.h5 and <category>/val.h5."""
    models: tuple[str, ...] = ()
    """Names of models; all of categories with several levels if not given."""
    limit: int | None = None
    """Shapes to measure of each category, from the start; all if not given."""
    json: Path | None = None
    """File for all numbers."""


def measure(name: str, changes: dict[str, bool], settings: Settings) -> dict[str, Any]:
    """Scores of a model under its grouping with changes."""
    checkpoint = load_model(name)
    folder = settings.data / checkpoint.config.category
    grouping: GroupingConfig = dataclasses.replace(checkpoint.config.grouping, **changes)
    config = dataclasses.replace(checkpoint.config, grouping=grouping)
    checkpoint = with_iou_fit(dataclasses.replace(checkpoint, config=config), Store(folder / "val.h5"),
                              limit=settings.limit)
    report = evaluate(Segmenter(checkpoint), Store(folder / "test.h5"), settings.limit).to_dict()
    return {"mAP50": {number: level["partnet"]["mean_ap"][1] for number, level in report["levels"].items()},
            "consistency": report["consistency"]}


def main(settings: Settings) -> None:
    keep_freed_memory()
    several = [card.name for card in shipped_models() if len(load_taxonomy(card.category).real_levels) > 1]
    results: dict[str, dict[str, Any]] = {}
    for name in settings.models or several:
        if not (settings.data / load_model(name).config.category / "test.h5").exists():
            print(f"{name}: skipped, {settings.data} has no test shapes of it", file=sys.stderr)
            continue
        results[name] = {}
        for way, changes in WAYS.items():
            found = results[name][way] = measure(name, changes, settings)
            scores = " / ".join(f"{100 * value:.1f}" for value in found["mAP50"].values())
            shares = ", ".join(f"{which} {100 * value:.1f} %" for which, value in found["consistency"].items())
            print(f"{name}, {way}: mAP50 {scores}; {shares}", flush=True)
    if settings.json:
        write_json(settings.json, results)


if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
