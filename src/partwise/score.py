"""Scores any system's prediction files against PartNet's truth files, under PartNet's instance protocol."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from partwise.errors import InputError
from partwise.files import numbered_files
from partwise.hdf5 import dataset, open_hdf5, read
from partwise.metrics.comparison import Comparison, compare_masks
from partwise.metrics.instances import THRESHOLDS, InstanceMetric, InstanceScores
from partwise.taxonomy import LEVELS, Taxonomy, categories, load_taxonomy

_NUMBER = "biuf"
_BLOCK_BYTES = 128 * 2**20
"""Most bytes of masks of one file in memory, or one shape where that is more."""


@dataclass(frozen=True)
class ScoreReport:
    """The scores of one category and level.

    names : (n_class,) name of each class by id, the first is other
    scores : see InstanceScores; column 0, other, is never scored
    """

    category: str
    level: int
    names: tuple[str, ...]
    scores: InstanceScores

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values for JSON; a number that is not defined is None."""
        return {"category": self.category, "level": self.level, "protocol": "partnet",
                **self.scores.to_dict(self.names)}


@dataclass(frozen=True)
class _Files:
    """One pair of open files, checked: B shapes of N points, with T true and P predicted masks a shape."""

    truth: h5py.Dataset
    true_valid: np.ndarray
    true_class: np.ndarray
    other: h5py.Dataset
    masks: h5py.Dataset
    valid: np.ndarray
    confidence: np.ndarray
    predicted_class: np.ndarray


def score(truth: Path, predictions: Path, category: str | Taxonomy, level: int,
          thresholds: Sequence[float] = THRESHOLDS, split: str = "test") -> ScoreReport:
    """Score prediction files by PartNet's instance protocol.

    The files ``<split>-NN.h5`` of the two folders are paired by name and read in numeric order, a few shapes
    at a time. Numbers of points and of masks are free; masks may overlap. Masks and flags may have any number
    type if they are 0 or 1, labels if they are whole. Labels and confidences of rows that are not valid do
    not matter.

    truth : folder with gt_mask (B, T, N), gt_mask_label (B, T) 0-based, gt_mask_valid (B, T) and
        gt_mask_other (B, N); or a folder that holds it as ``<category>-<level>``
    predictions : likewise, with mask (B, P, N), valid (B, P), conf (B, P) and label (B, P) 0-based
    category : PartNet's name of one, or a taxonomy of one's own
    Raises InputError where PartNet lacks the category, or the category the level, a folder or file is missing, left
    over or damaged, shapes disagree, a label is not of this level or a confidence is not finite.
    """
    taxonomy = category if isinstance(category, Taxonomy) else load_taxonomy(category)
    names = taxonomy.real_level(level).names
    metric = InstanceMetric(len(names), thresholds)
    for truth_path, prediction_path in _pairs(truth, predictions, taxonomy.category, level, split):
        with open_hdf5(truth_path) as truth_file, open_hdf5(prediction_path) as prediction_file:
            for comparison in _comparisons(_checked(truth_file, prediction_file, len(names))):
                metric.add(comparison)
    return ScoreReport(taxonomy.category, level, names, metric.result())


def _pairs(truth: Path, predictions: Path, category: str, level: int, split: str) -> list[tuple[Path, Path]]:
    task = f"{category}-{level}"
    truth, predictions = _folder(truth, category, task), _folder(predictions, category, task)
    true_paths = numbered_files(truth, split)
    true_names, names = ({path.name for path in paths} for paths in (true_paths, numbered_files(predictions, split)))
    if not true_names:
        found = sorted(path.name for path in truth.iterdir())
        raise InputError(f"{truth}: has no files {split}-NN.h5 and no folder {task}; it has {found[:8]}")
    missing = sorted(true_names - names)
    if missing:
        raise InputError(f"{predictions / missing[0]}: no such file, but {truth} has one of this name "
                         f"({len(missing)} of {len(true_names)} are missing)")
    extra = sorted(names - true_names)
    if extra:
        raise InputError(f"{predictions / extra[0]}: {truth} has no file of this name ({len(extra)} such); "
                         "remove it, or add the truth")
    return [(path, predictions / path.name) for path in true_paths]


def _folder(path: Path, category: str, task: str) -> Path:
    """The folder with the files of a task, such as Chair-1, given it or its parent."""
    if not path.is_dir():
        raise InputError(f"{path}: no such folder")
    if (path / task).is_dir():
        return path / task
    name = path.absolute().name
    if name != task and name in {f"{known}-{level}" for known in (*categories(), category) for level in LEVELS}:
        raise InputError(f"{path}: holds {name} by its name, but {task} is to be scored")
    return path


def _checked(truth: h5py.File, predictions: h5py.File, n_class: int) -> _Files:
    masks = dataset(truth, "gt_mask", (None, None, None), _NUMBER)
    n_shape, n_true, n_point = masks.shape
    predicted = dataset(predictions, "mask", (n_shape, None, n_point), _NUMBER)
    table, true_table = (n_shape, predicted.shape[1]), (n_shape, n_true)
    true_valid = _flags(truth, "gt_mask_valid", true_table)
    valid = _flags(predictions, "valid", table)
    confidence = read(dataset(predictions, "conf", table, _NUMBER)).astype(np.float64)
    bad = valid & ~np.isfinite(confidence)
    if bad.any():
        shape, row = np.argwhere(bad)[0]
        raise InputError(f"{predictions.filename}: 'conf' of shape {shape}, mask {row} is "
                         f"{confidence[shape, row]}; confidences of valid masks must be finite")
    return _Files(
        truth=masks, true_valid=true_valid, true_class=_classes(truth, "gt_mask_label", true_valid, n_class),
        other=dataset(truth, "gt_mask_other", (n_shape, n_point), _NUMBER),
        masks=predicted, valid=valid, confidence=confidence,
        predicted_class=_classes(predictions, "label", valid, n_class))


def _flags(file: h5py.File, name: str, shape: tuple[int, int]) -> np.ndarray:
    found = dataset(file, name, shape, _NUMBER)
    return _as_bool(found, read(found))


def _as_bool(found: h5py.Dataset, values: np.ndarray) -> np.ndarray:
    """Values of a data set as flags; InputError where one is neither 0 nor 1."""
    if values.dtype != bool and not ((values == 0) | (values == 1)).all():
        raise InputError(f"{found.file.filename}: data set '{found.name.lstrip('/')}' has values other than "
                         f"0 and 1 (up to {values.max()}); write masks and flags as bool")
    return values.astype(bool, copy=False)


def _classes(file: h5py.File, name: str, valid: np.ndarray, n_class: int) -> np.ndarray:
    """(B, K) class ids from labels that start at 0; 0 where not valid."""
    labels = read(dataset(file, name, valid.shape, _NUMBER)).astype(np.float64)
    bad = valid & ~((labels >= 0) & (labels < n_class - 1) & (labels == np.floor(labels)))
    if bad.any():
        shape, row = np.argwhere(bad)[0]
        raise InputError(f"{file.filename}: '{name}' of shape {shape}, mask {row} is {labels[shape, row]:g}, "
                         f"expected 0 ... {n_class - 2}: labels are class ids - 1, without other; check the "
                         "category and level too")
    return np.where(valid, labels + 1, 0).astype(np.int64)


def _comparisons(files: _Files) -> Iterator[Comparison]:
    rows = zip(_rows(files.truth), _rows(files.other), _rows(files.masks), strict=True)
    for shape, (truth, other, masks) in enumerate(rows):
        yield compare_masks(masks, files.valid[shape], files.confidence[shape], files.predicted_class[shape],
                            truth, files.true_valid[shape], files.true_class[shape], other)


def _rows(found: h5py.Dataset) -> Iterator[np.ndarray]:
    """Shapes one by one as bool. Chunks of several shapes are unpacked once, as far as memory allows."""
    row_bytes = max(1, found.dtype.itemsize * math.prod(found.shape[1:]))
    step = max(1, min(found.chunks[0] if found.chunks else 1, _BLOCK_BYTES // row_bytes))
    for start in range(0, found.shape[0], step):
        yield from _as_bool(found, read(found, slice(start, start + step)))
