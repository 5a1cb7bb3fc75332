"""What each part of the method is worth: trains and tests named variants with the same data, steps and seeds.

Run: python -m benchmarks.ablation --data DIR --out DIR

DIR of data holds stores of partwise-bench (`partwise synth --benchmark`, then `partwise prepare partnet`). Everything
made is kept in the output folder, so that a call that was interrupted, given again, goes on; the tables are made of
what is there. Variants that differ in grouping alone share their training.
"""

import dataclasses
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import tyro

from partwise.checkpoint import load_checkpoint
from partwise.config import (
    PRESETS,
    AugmentationConfig,
    Device,
    GroupingConfig,
    LossConfig,
    NetworkConfig,
    OptimizerConfig,
    TrainConfig,
)
from partwise.data.store import Store
from partwise.evaluate import evaluate
from partwise.files import read_json, replacing, write_json
from partwise.metrics.plain import plain
from partwise.nn.memory import keep_freed_memory
from partwise.segmenter import Segmenter
from partwise.training import train
from partwise.training.confidence import with_iou_fit


@dataclass(frozen=True)
class Variant:
    """A change of the base.

    learning : settings of TrainConfig by dotted name; variants with the same ones share a run
    grouping : settings of GroupingConfig
    """

    name: str
    learning: Mapping[str, Any] = field(default_factory=dict)
    grouping: Mapping[str, Any] = field(default_factory=dict)


BASE = "paper"
PUBLISHED = (
    Variant(BASE),
    Variant("fusion of the own level alone", {"network.fusion": "own"}),
    Variant("no fusion", {"network.fusion": "none"}),
    Variant("no region centres", {"network.region_centres": False}),
    Variant("no stop-gradient", {"network.stop_gradient": False}),
)
"""The published method, and the same without each of its parts."""

CANDIDATES = (
    Variant("other is predicted", {"loss.other": "classify"}),
    Variant("AdamW, cosine", {"optimizer.name": "adamw", "optimizer.schedule": "cosine",
                              "optimizer.weight_decay": 0.05}),
    Variant("balance 0.5", {"loss.balance": 0.5}),
    Variant("offsets count 5", {"loss.offset": 5.0, "loss.region_offset": 5.0}),
    Variant("mirror", {"augmentation.mirror": True}),
    Variant("stretch 0.1", {"augmentation.stretch": 0.1}),
    Variant("bandwidth 0.1", grouping={"bandwidth": 0.1}),
    Variant("no push", grouping={"push": 0.0}),
    Variant("learned confidence", grouping={"confidence": "learned"}),
    Variant("tree", grouping={"tree": True}),
)
"""What might beat it, one at a time."""


def differences(part: Any, base: Any, prefix: str = "") -> dict[str, Any]:
    """Settings of one part of a configuration that differ from those of another, by name."""
    values = {one.name: getattr(part, one.name) for one in dataclasses.fields(part)}
    return {prefix + name: value for name, value in values.items() if value != getattr(base, name)}


_SMALL = PRESETS["small"]
_KEPT = {**differences(_SMALL["loss"], LossConfig(), "loss."),
         **differences(_SMALL["augmentation"], AugmentationConfig(), "augmentation.")}
_GROUPING = differences(_SMALL["grouping"], GroupingConfig())
TOGETHER = (
    Variant("all of preset small", _KEPT, _GROUPING),
    Variant("all of preset default", _KEPT | differences(NetworkConfig(), _SMALL["network"], "network."), _GROUPING),
)
"""What has been kept of them; preset default has the same with the published network."""


@dataclass(frozen=True)
class Settings:
    """Train and test variants of the method."""

    data: Path
    """Folder of stores, <category>/<split>.h5."""
    out: Path
    """Folder for runs, results.json and tables.md."""
    categories: tuple[str, ...] = ("Chair", "StorageFurniture")
    """Categories to train."""
    seeds: tuple[int, ...] = (0, 1)
    """Seeds of weights, order and augmentation; the outermost loop, so that each seed gives whole tables."""
    variants: tuple[str, ...] = ()
    """Names of the variants to run; all if not given. The last, of the published size, takes several times as long."""
    iterations: int = 500
    """Training steps."""
    n_point: int = 2_500
    """Points of a shape."""
    split: str = "test"
    """Split to measure on; learned confidences are fitted on val."""
    limit: int | None = None
    """Shapes to measure, from the start; all if not given."""
    device: Device = "auto"
    """Where to train and to test."""


def base(settings: Settings, category: str, seed: int, out: Path) -> TrainConfig:
    """The published method with the network of preset small, an optimizer that suits few steps, and a bandwidth that
    suits votes that miss their centres by 0.1 after few steps."""
    return TrainConfig(data=settings.data, category=category, out=out, seed=seed, iterations=settings.iterations,
                       n_point=settings.n_point, validate_every=settings.iterations, save_every=250,
                       network=PRESETS["small"]["network"],
                       precision="bfloat16", optimizer=OptimizerConfig("adam", 0.003, "poly"),
                       grouping=GroupingConfig(bandwidth=0.2), device=settings.device)


def changed(config: TrainConfig, changes: Mapping[str, Any]) -> TrainConfig:
    """The configuration with settings by dotted name replaced."""
    for name, value in changes.items():
        part, _, inner = name.rpartition(".")
        config = dataclasses.replace(config, **{part: dataclasses.replace(getattr(config, part), **{inner: value})}
                                     if part else {inner: value})
    return config


def measure(settings: Settings, variant: Variant, category: str, seed: int) -> dict[str, Any]:
    """Scores of one variant, from the output folder or by training and testing it."""
    slug = "-".join(f"{name}={value}" for name, value in variant.learning.items()) or BASE
    run = settings.out / category / slug / f"seed-{seed}"
    result = run / f"{settings.split}-{variant.name.replace(' ', '-')}.json"
    if result.exists():
        found: dict[str, Any] = read_json(result)
        return found
    config = changed(base(settings, category, seed, run), variant.learning)
    last = run / "last"
    if not last.exists() or load_checkpoint(last).iteration < config.iterations:
        train(dataclasses.replace(config, resume=(run / "training.json").exists()))
    checkpoint = load_checkpoint(last)
    grouping = dataclasses.replace(config.grouping, **variant.grouping)
    if grouping.confidence == "learned":
        checkpoint = with_iou_fit(checkpoint, Store(settings.data / category / "val.h5"), settings.device)
    segmenter = Segmenter(checkpoint, settings.device, settings.n_point, grouping)
    report = evaluate(segmenter, Store(settings.data / category / f"{settings.split}.h5"), settings.limit)
    write_json(result, report.to_dict())
    return report.to_dict()


def columns(report: Mapping[str, Any]) -> dict[str, float]:
    """The figures of a table's row, in percent; NaN for one that is not defined."""
    figures: dict[str, Any] = {}
    for number, level in report["levels"].items():
        figures |= {f"L{number} mAP50": level["partnet"]["mean_ap"][1],
                    f"L{number} released": level["released"]["mean_ap"][1],
                    f"L{number} shape": level["partnet"]["shape_mean_ap"][1],
                    f"L{number} mIoU": level["semantic"]["ignore_other"]["miou_v2"]}
    percent = {name: np.nan if value is None else 100 * value
               for name, value in (figures | report["consistency"]).items()}
    return {"mAP50": float(np.mean([value for name, value in percent.items() if name.endswith("mAP50")])), **percent}


def table(rows: Mapping[str, list[dict[str, float]]]) -> list[str]:
    """Lines of a Markdown table: mean over seeds, and half of the range where there are several."""
    names = list(next(iter(rows.values()))[0])
    lines = ["| variant | seeds | " + " | ".join(names) + " |", "|---" * (len(names) + 2) + "|"]
    for variant, seeds in rows.items():
        values = np.array([[one[name] for name in names] for one in seeds])
        mean, spread = values.mean(0), np.ptp(values, axis=0) / 2
        cells = [f"{m:.1f}" + (f" ± {s:.1f}" if len(seeds) > 1 else "") for m, s in zip(mean, spread, strict=True)]
        lines.append(f"| {variant} | {len(seeds)} | " + " | ".join(cells) + " |")
    return lines


def main(settings: Settings) -> None:
    keep_freed_memory()
    known = {variant.name: variant for variant in (*PUBLISHED, *CANDIDATES, *TOGETHER)}
    unknown = [name for name in settings.variants if name not in known]
    if unknown:
        sys.exit(f"unknown variants {unknown}; choose from {list(known)}")
    chosen = [known[name] for name in settings.variants] or list(known.values())
    results: dict[str, dict[str, list[dict[str, float]]]] = {category: {} for category in settings.categories}
    for seed in settings.seeds:
        for category in settings.categories:
            for variant in chosen:
                found = columns(measure(settings, variant, category, seed))
                results[category].setdefault(variant.name, []).append(found)
                _write(settings.out, results)
                print(f"{category} seed {seed} {variant.name}: mAP50 {found['mAP50']:.1f}", flush=True)


def _write(out: Path, results: Mapping[str, Mapping[str, list[dict[str, float]]]]) -> None:
    lines = [line for category, rows in results.items() if rows for line in ("", f"## {category}", "", *table(rows))]
    with replacing(out / "tables.md") as temporary:
        temporary.write_text("\n".join(lines[1:]) + "\n", encoding="utf-8")
    write_json(out / "results.json", {category: {variant: [dict(zip(row, plain(row.values()), strict=True))
                                                           for row in seeds] for variant, seeds in rows.items()}
                                      for category, rows in results.items()})


if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
