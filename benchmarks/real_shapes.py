"""How models do on real furniture that they were never trained on.

Run: python -m benchmarks.real_shapes [--models DIR] [--data DIR] [--store FILE] [--json FILE] [--pictures DIR]

DIR of models holds a checkpoint or a training run's folder for each category, DIR/Chair, DIR/Table and
DIR/StorageFurniture; without it the models that come with partwise are measured. A category without one is skipped.
``real_furniture.py`` says which shapes there are. FILE may be a store of synthetic shapes of one category, to compare
with. ``--meshes`` measures the shapes that are meshes as such: connected pieces are then evidence.

Figures of each set, and of chairs and all furniture together:

* level-1 mIoU: IoU of each class over all points of all shapes, then the mean over the classes in the truth. Over
  several sets and categories, points are pooled by category, and the mean is over all classes of all categories.
* class-agnostic AP50: predicted level-3 instances against fine parts, under PartNet's protocol with one class
* level-1 and level-3 mAP50 under PartNet's protocol, where such instances are known
"""

import json
import logging
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import tyro

from benchmarks.real_furniture import SETS, RealShape, synthetic
from partwise import Segmenter
from partwise.mesh import PointCloud
from partwise.metrics import InstanceMetric, compare
from partwise.models import shipped_models
from partwise.render import ColouredPoints, contact_sheet, draw, save_png
from partwise.result.parts import LevelSegmentation
from partwise.taxonomy import OTHER, class_colours, instance_colours, load_taxonomy

SYNTHETIC = "synthetic shapes"
AT_HALF = (0.5,)


@dataclass(frozen=True)
class Settings:
    """Measure models on real furniture."""

    models: Path | None = None
    """Folder with a checkpoint, or folder of a training run, for each category; the models that come with partwise if
    not given."""
    data: Path = Path("../shared/data")
    """Folder of development data; what is missing is skipped."""
    meshes: bool = False
    """Give the models meshes, not points; shapes of which there is none are left out."""
    store: Path | None = None
    """Store of synthetic shapes, such as data/Chair/val.h5: what a model does at home, beside what it does abroad."""
    json: Path | None = None
    """File for all numbers."""
    pictures: Path | None = None
    """Folder for pictures of the worst and the best shapes, a sheet for each set (needs partwise[render])."""
    worst: int = 5
    """How many of the worst shapes to name and to draw."""
    best: int = 0
    """How many of the best shapes to draw below them."""


@dataclass(frozen=True)
class Labels:
    """semantic : (N,) int64 class; instance : (N,) int64; entropy : (N,) float of the point's instance"""

    semantic: np.ndarray
    instance: np.ndarray
    entropy: np.ndarray

    @classmethod
    def of(cls, found: LevelSegmentation, face: np.ndarray | None) -> "Labels":
        """Of the points, or if the (N,) face of each point is given, of these faces."""
        semantic, instance = found.semantic, found.instance
        if face is not None and found.face_semantic is not None and found.face_instance is not None:
            semantic, instance = found.face_semantic[face], found.face_instance[face]
        confidence = np.zeros(1 + max(part.id for part in found.parts))
        confidence[[part.id for part in found.parts]] = [part.confidence for part in found.parts]
        return cls(semantic, instance, 1 - confidence[instance])


@dataclass(frozen=True)
class Prediction:
    """What was found at levels 1 and 3 in a shape, in the order of its points."""

    shape: RealShape
    coarse: Labels
    fine: Labels

    @cached_property
    def confusion(self) -> np.ndarray:
        """(n_class, n_class) points by true and predicted level-1 class."""
        count = load_taxonomy(self.shape.category).level(1).n_class
        pairs = self.shape.semantic * count + self.coarse.semantic
        return np.bincount(pairs, minlength=count ** 2).reshape(count, count)

    @property
    def fine_instance(self) -> np.ndarray:
        """(N,) level-3 instance, -1 for other."""
        return np.where(self.fine.semantic == OTHER, -1, self.fine.instance)

    @property
    def miou(self) -> float:
        return float(np.nanmean(class_iou(self.confusion)))


def predict(segmenter: Segmenter, shape: RealShape, as_mesh: bool = False) -> Prediction:
    """What a user gets for the shape's points, or at these points for its mesh."""
    geometry, face = (shape.mesh, shape.face) if as_mesh else (PointCloud(shape.points, shape.normals), None)
    found = segmenter(geometry)
    return Prediction(shape, Labels.of(found.level(1), face), Labels.of(found.level(3), face))


def class_iou(confusion: np.ndarray) -> np.ndarray:
    """(n_class,) IoU of the classes in the truth but other, from (n_class, n_class) points; NaN elsewhere."""
    shared = np.diag(confusion).astype(float)
    union = confusion.sum(0) + confusion.sum(1) - shared
    present = (confusion.sum(1) > 0) & (np.arange(len(confusion)) != OTHER)
    return np.where(present, shared / np.maximum(union, 1), np.nan)


def iou_by_name(predictions: list[Prediction]) -> dict[str, float]:
    """IoU of each level-1 class in the truth, of points pooled by category."""
    found: dict[str, float] = {}
    for category in dict.fromkeys(one.shape.category for one in predictions):
        iou = class_iou(np.sum([one.confusion for one in predictions if one.shape.category == category], axis=0))
        names = load_taxonomy(category).level(1).names
        found |= {name: float(value) for name, value in zip(names, iou, strict=True) if not np.isnan(value)}
    return found


def class_agnostic_ap50(predictions: Iterable[Prediction]) -> float:
    """AP50 of the level-3 instances of all shapes together, as if they all had one class."""
    metric = InstanceMetric(2, AT_HALF)
    for one in predictions:
        truth, found = one.shape.instance, one.fine_instance
        metric.add(compare("partnet", (truth >= 0).astype(int), truth, (found >= 0).astype(int), found,
                           one.fine.entropy))
    return float(metric.result().mean_ap[0])


def level_map50(predictions: list[Prediction], level: int) -> float | None:
    """mAP50 of level 1 or 3 over shapes of one category; None where a shape's instances are not known."""
    metric = InstanceMetric(load_taxonomy(predictions[0].shape.category).level(level).n_class, AT_HALF)
    for one in predictions:
        shape = one.shape
        semantic, instance, found = ((shape.semantic, shape.coarse_instance, one.coarse) if level == 1 else
                                     (shape.fine_semantic, shape.instance, one.fine))
        if semantic is None or instance is None:
            return None
        metric.add(compare("partnet", semantic, instance, found.semantic, found.instance, found.entropy))
    return float(metric.result().mean_ap[0])


def measure(predictions: list[Prediction]) -> dict:
    """Figures over shapes of any categories."""
    iou = iou_by_name(predictions)
    return {"n_shape": len(predictions), "miou": float(np.mean(list(iou.values()))), "iou": iou,
            "class_agnostic_ap50": class_agnostic_ap50(predictions)}


def measure_set(predictions: list[Prediction]) -> dict:
    """The same of one set, with what can be said of one category alone, and the mIoU of each shape."""
    return {**measure(predictions), "level_1_map50": level_map50(predictions, 1),
            "level_3_map50": level_map50(predictions, 3),
            "miou_of_shape": {one.shape.name: one.miou for one in predictions}}


def totals(predictions: list[Prediction]) -> dict[str, dict]:
    """Chairs, and all furniture."""
    chairs = [one for one in predictions if one.shape.category == "Chair"]
    together = ", ".join(dict.fromkeys(one.shape.category for one in predictions))
    groups = {"all real chairs": chairs, f"all real furniture ({together})": predictions}
    return {title: measure(group) for title, group in groups.items() if group}


def sentence(title: str, found: dict) -> str:
    """The figures in a line; the name of a class without what it is part of."""
    classes = ", ".join(f"{name.rpartition('/')[2]} {100 * value:.1f}" for name, value in found["iou"].items())
    levels = "".join(f"; level-{level} mAP50 {100 * found[f'level_{level}_map50']:.1f} %" for level in (1, 3)
                     if found.get(f"level_{level}_map50") is not None)
    count = f"{found['n_shape']} shape{'s' if found['n_shape'] > 1 else ''}"
    return (f"{title} ({count}): level-1 mIoU {100 * found['miou']:.1f} % ({classes}); "
            f"class-agnostic AP50 {100 * found['class_agnostic_ap50']:.1f} %{levels}")


def draw_all(predictions: list[Prediction], size: int = 260) -> np.ndarray:
    """A sheet, a row each: classes and fine instances, the truth beside the prediction."""
    rows, titles = [], []
    for one in predictions:
        classes = class_colours(load_taxonomy(one.shape.category).level(1))
        colours = (classes[one.shape.semantic], classes[one.coarse.semantic],
                   *(instance_colours(found >= 0, found) for found in (one.shape.instance, one.fine_instance)))
        rows.append([draw([ColouredPoints(PointCloud(one.shape.points, one.shape.normals), colour)], size)
                     for colour in colours])
        titles.append([f"{one.shape.name}: mIoU {100 * one.miou:.0f} %", "", "", ""])
    return contact_sheet(rows, titles, ["true classes", "predicted", "true parts", "predicted"])


def segmenters(models: Path | None, categories: Iterable[str]) -> dict[str, Segmenter]:
    """A model by category; says which have none."""
    shipped = {card.category: card.folder for card in shipped_models()}
    found = {}
    for category in categories:
        folder = shipped.get(category) if models is None else models / category
        if folder is not None and folder.is_dir():
            found[category] = Segmenter.load(folder, category)
        else:
            print(f"{category}: skipped, there is no model {folder or 'of it that comes with partwise'}",
                  file=sys.stderr)
    if not found:
        sys.exit(f"{models}: holds no folder of a model; expected one or more of {', '.join(categories)}")
    return found


def sources(settings: Settings) -> Iterator[tuple[str, str, Iterator[RealShape]]]:
    """Title, category and shapes of every set, the synthetic one last."""
    for one in SETS:
        yield one.title, one.category, one.read(settings.data)
    if settings.store is not None:
        yield SYNTHETIC, *synthetic(settings.store)


def main(settings: Settings) -> dict:
    """Measure, print and draw; figures by set, and in total over the real sets."""
    # PartNet's pieces name hundreds of materials, which do not come with them
    logging.getLogger("partwise").setLevel(logging.ERROR)
    wanted = list(sources(settings))
    models = segmenters(settings.models, dict.fromkeys(category for _, category, _ in wanted))
    sets, real = {}, []
    for title, category, shapes in wanted:
        if category not in models:
            continue
        predictions = [predict(models[category], shape, settings.meshes) for shape in shapes
                       if shape.mesh is not None or not settings.meshes]
        if not predictions:
            print(f"{title}: skipped, not found", file=sys.stderr)
            continue
        real += [] if title == SYNTHETIC else predictions
        found = sets[title] = measure_set(predictions)
        print(sentence(title, found))
        ranked = sorted(predictions, key=lambda one: one.miou)
        worst = ranked[:settings.worst]
        best = [one for place, one in enumerate(ranked) if place >= max(len(worst), len(ranked) - settings.best)]
        print("  worst: " + ", ".join(f"{one.shape.name} {100 * one.miou:.0f}" for one in worst))
        if settings.pictures:
            save_png(settings.pictures / f"{title.replace(' ', '-')}.png", draw_all(worst + best))
    results = {"sets": sets, "totals": totals(real)}
    for title, found in results["totals"].items():
        print(sentence(title, found))
    if settings.json:
        settings.json.write_text(json.dumps(results, indent=2))
    return results


if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
