"""Learned confidences: a fit of the IoU of predicted instances on a split that was not trained on."""

import dataclasses

import numpy as np

from partwise.checkpoint import Checkpoint
from partwise.config import Device
from partwise.data.store import Store
from partwise.grouping.confidence import fit_iou, instance_features
from partwise.grouping.instances import LevelInstances
from partwise.mesh import PointCloud
from partwise.metrics import compare
from partwise.segmenter import Segmenter, level_prediction
from partwise.taxonomy import LEVELS, OTHER


def with_iou_fit(checkpoint: Checkpoint, store: Store, device: Device = "auto",
                 limit: int | None = None) -> Checkpoint:
    """The checkpoint with confidences learnt on the shapes of a store, at most ``limit`` of them."""
    entropy = dataclasses.replace(checkpoint.config.grouping, confidence="entropy")
    segmenter = Segmenter(checkpoint, device, grouping=entropy)
    features: list[list[np.ndarray]] = [[] for _ in LEVELS]
    ious: list[list[np.ndarray]] = [[] for _ in LEVELS]
    for index in range(len(store) if limit is None else min(limit, len(store))):
        shape = store.shape(index)
        prepared = segmenter.prepare(PointCloud(shape.points, shape.normals))
        seen = shape.take(prepared.chosen)
        outputs = segmenter.outputs([prepared])[0]
        for row, (output, found) in enumerate(zip(outputs, segmenter.group(prepared.normalised, outputs), strict=True)):
            listed = found.instance_class != OTHER
            features[row].append(instance_features(prepared.normalised, level_prediction(output), found)[listed])
            ious[row].append(best_iou(seen.semantic[row], seen.instance[row], found))
    fit = tuple(fit_iou(np.concatenate(x), np.concatenate(y)) for x, y in zip(features, ious, strict=True))
    config = dataclasses.replace(checkpoint.config, iou_fit=fit)
    return dataclasses.replace(checkpoint, config=config)


def best_iou(semantic: np.ndarray, instance: np.ndarray, found: LevelInstances) -> np.ndarray:
    """IoU of each predicted instance with the true one of its class that it covers best; 0 without one.

    In the order of their ids, without those of class other. Under PartNet's protocol, but for instances of any size.

    semantic, instance : (N,) true labels
    """
    pairs = compare("partnet", semantic, instance, found.semantic, found.instance, found.uncertainty, min_points=0)
    same = pairs.predicted_class[:, None] == pairs.true_class
    return np.max(np.where(same, pairs.iou, 0), axis=1, initial=0.0)
