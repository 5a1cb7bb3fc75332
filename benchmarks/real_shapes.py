"""How a chair model does on real chairs that it was never trained on.

Run: python benchmarks/real_shapes.py --model RUN [--data DIR] [--store FILE] [--json FILE] [--pictures DIR]

DIR holds development data that is not part of partwise (PartNet's terms forbid it): 19 chairs of PartNet with four
coarse classes and fine instances, one annotated chair, and IKEA chairs as GLB files whose nodes are real parts. What
is not there is skipped. FILE may be a store of synthetic chairs, to compare with. Figures: level-1 mIoU (IoU of each
class over all points of all shapes, then the mean over the classes that occur) and class-agnostic AP50 of the level-3
instances under PartNet's protocol.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import trimesh
import tyro

from partwise import Segmenter
from partwise.data.annotations import read_annotation
from partwise.data.store import Store
from partwise.mesh import Mesh, PointCloud, sample
from partwise.metrics import InstanceMetric, compare
from partwise.render import ColouredPoints, contact_sheet, draw, save_png
from partwise.taxonomy import OTHER, class_colours, instance_colours, load_taxonomy

NAMES = ("other", "head", "back", "arm", "base", "seat")  # Chair's level-1 classes by id
DEV_CLASSES = np.array([0, 2, 5, 4, 3])  # ids of dev.npz (1 back, 2 seat, 3 base, 4 arm) -> the taxonomy's

# IKEA chairs whose parts agree with PartNet's coarse classes: node name without its number -> class. In the others
# one piece is leg and back post at once.
IKEA = {
    "bench_bjursta_0210": {"leg": 4, "top": 5},
    "chair_agam_0005": {"back": 2, "seat": 5, "leg": 4, "centerpole": 4, "frontpole": 4, "sidepole": 4},
    "chair_agne_0007": {"leg1": 4, "leg2": 4, "seat": 5},
    "chair_agne_0010": {"circle": 4, "leg": 4, "top": 5},
}


@dataclass(frozen=True)
class Settings:
    """Measure a chair model on real chairs."""

    model: Path
    """Checkpoint, or folder of a training run."""
    data: Path = Path("../shared/data")
    """Folder of development data; what is missing is skipped."""
    store: Path | None = None
    """Store of synthetic chairs, such as data/Chair/val.h5: what the model does at home, beside what it does abroad."""
    json: Path | None = None
    """File for all numbers."""
    pictures: Path | None = None
    """Folder for pictures of the worst shapes, a sheet for each set (needs partwise[render])."""
    worst: int = 5
    """How many of the worst shapes to name and to draw."""


@dataclass(frozen=True)
class RealShape:
    """points, normals : (N, 3); semantic : (N,) level-1 class; instance : (N,) fine instance, or None."""

    name: str
    points: np.ndarray
    normals: np.ndarray
    semantic: np.ndarray
    instance: np.ndarray | None


@dataclass(frozen=True)
class Prediction:
    """semantic : (N,) level-1 class; instance : (N,) level-3 instance, -1 for other; entropy : (N,) of the instance"""

    shape: RealShape
    semantic: np.ndarray
    instance: np.ndarray
    entropy: np.ndarray

    @cached_property
    def confusion(self) -> np.ndarray:
        """(n_class, n_class) points by true and predicted class."""
        pairs = self.shape.semantic * len(NAMES) + self.semantic
        return np.bincount(pairs, minlength=len(NAMES)**2).reshape(len(NAMES), len(NAMES))

    @property
    def miou(self) -> float:
        return _mean_iou(self.confusion)


def partnet_chairs(data: Path) -> Iterator[RealShape]:
    path = data / "partnet_chairs" / "dev.npz"
    if path.is_file():
        arrays = np.load(path, allow_pickle=False)
        for index, name in enumerate(arrays["anno_id"]):
            yield RealShape(str(name), arrays["points"][index], arrays["normals"][index],
                            DEV_CLASSES[arrays["semantic"][index]], arrays["instance"][index])


def annotated_chair(data: Path) -> Iterator[RealShape]:
    folder = data / "partnet" / "data_v0" / "179"
    if folder.is_dir():
        shape = read_annotation(folder)
        yield RealShape("179", shape.points, shape.normals, shape.semantic[0].astype(int), shape.instance[2])


def ikea_chairs(data: Path) -> Iterator[RealShape]:
    for name, classes in IKEA.items():
        path = data / "ikea_furniture" / f"{name}.glb"
        if not path.is_file():
            continue
        scene = trimesh.load(path, force="scene")
        pieces = [(node, *scene.graph[node]) for node in sorted(scene.graph.nodes_geometry)]
        meshes = [scene.geometry[geometry].copy().apply_transform(matrix) for _, matrix, geometry in pieces]
        labels = [classes[node.rpartition("_")[0]] for node, _, _ in pieces]
        owner = np.repeat(np.arange(len(meshes)), [len(mesh.faces) for mesh in meshes])
        joined = trimesh.util.concatenate(meshes)
        samples = sample(Mesh(joined.vertices, joined.faces), 10_000, seed=0)
        part = owner[samples.face_index]
        yield RealShape(name, samples.points, samples.normals, np.array(labels)[part], part)


def synthetic_chairs(store: Path | None) -> Iterator[RealShape]:
    if store is not None:
        for shape in Store(store):
            instance = np.where(shape.semantic[2] == OTHER, -1, shape.instance[2])
            yield RealShape(shape.anno_id, shape.points, shape.normals, shape.semantic[0].astype(int), instance)


def predict(segmenter: Segmenter, shape: RealShape) -> Prediction:
    """What a user gets for the shape's points."""
    found = segmenter(PointCloud(shape.points, shape.normals))
    coarse, fine = found.level(1), found.level(3)
    confidence = np.zeros(1 + max(part.id for part in fine.parts))
    confidence[[part.id for part in fine.parts]] = [part.confidence for part in fine.parts]
    return Prediction(shape, coarse.semantic, np.where(fine.semantic == OTHER, -1, fine.instance),
                      1 - confidence[fine.instance])


def measure(predictions: list[Prediction]) -> dict:
    """Figures over all shapes, and mIoU of each."""
    metric = InstanceMetric(2)
    for one in predictions:
        if one.shape.instance is not None:
            metric.add(compare("partnet", (one.shape.instance >= 0).astype(int), one.shape.instance,
                               (one.instance >= 0).astype(int), one.instance, one.entropy))
    total = sum(one.confusion for one in predictions)
    return {"n_shape": len(predictions), "miou": _mean_iou(total), "iou": {
        NAMES[label]: float(value) for label, value in enumerate(_iou(total)) if value == value},
        "class_agnostic_ap50": float(metric.result().mean_ap[1]),
        "miou_of_shape": {one.shape.name: one.miou for one in predictions}}


def draw_all(predictions: list[Prediction], size: int = 260) -> np.ndarray:
    """A sheet, a row each: classes and fine instances, the truth beside the prediction."""
    classes = class_colours(load_taxonomy("Chair").level(1))
    rows, titles = [], []
    for one in predictions:
        instance = np.full(len(one.instance), -1) if one.shape.instance is None else one.shape.instance
        colours = (classes[one.shape.semantic], classes[one.semantic],
                   *(instance_colours(found >= 0, found) for found in (instance, one.instance)))
        rows.append([draw([ColouredPoints(PointCloud(one.shape.points, one.shape.normals), colour)], size)
                     for colour in colours])
        titles.append([f"{one.shape.name}: mIoU {100 * one.miou:.0f} %", "", "", ""])
    return contact_sheet(rows, titles, ["true classes", "predicted", "true parts", "predicted"])


def _iou(confusion: np.ndarray) -> np.ndarray:
    """Of the classes in the truth but other; NaN elsewhere."""
    shared = np.diag(confusion).astype(float)
    union = confusion.sum(0) + confusion.sum(1) - shared
    present = (confusion.sum(1) > 0) & (np.arange(len(confusion)) > 0)
    return np.where(present, shared / np.maximum(union, 1), np.nan)


def _mean_iou(confusion: np.ndarray) -> float:
    return float(np.nanmean(_iou(confusion)))


def main(settings: Settings) -> None:
    segmenter = Segmenter.load(settings.model, "Chair")
    sources = {"19 PartNet chairs": partnet_chairs(settings.data), "PartNet chair 179": annotated_chair(settings.data),
               "IKEA chairs": ikea_chairs(settings.data), "synthetic chairs": synthetic_chairs(settings.store)}
    results = {}
    for title, source in sources.items():
        predictions = [predict(segmenter, shape) for shape in source]
        if not predictions:
            print(f"{title}: skipped, not found", file=sys.stderr)
            continue
        found = results[title] = measure(predictions)
        classes = ", ".join(f"{name} {100 * value:.1f}" for name, value in found["iou"].items())
        print(f"{title}: level-1 mIoU {100 * found['miou']:.1f} % ({classes}); class-agnostic AP50 "
              f"{100 * found['class_agnostic_ap50']:.1f} %")
        worst = sorted(predictions, key=lambda one: one.miou)[:settings.worst]
        print("  worst: " + ", ".join(f"{one.shape.name} {100 * one.miou:.0f}" for one in worst))
        if settings.pictures:
            save_png(settings.pictures / f"{title.replace(' ', '-')}.png", draw_all(worst))
    if settings.json:
        settings.json.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
