"""Truth and predictions in PartNet's own file forms, as PartNet's evaluator and ``partwise score`` read."""

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType

import h5py
import numpy as np

from partwise.errors import InputError
from partwise.files import is_plain_name, make_folder, numbered_files
from partwise.hdf5 import Output, create_hdf5
from partwise.metrics.numbering import number_instances, predicted_instances
from partwise.taxonomy import Taxonomy

SHAPES_PER_FILE = 1024
_MASKS = 200
"""Least length of the mask axis: that of PartNet's files."""
_MASKS_PER_CHUNK = 20
_NAMES = (("gt_mask", "gt_mask_valid"), ("mask", "valid"))
_GZIP = {"compression": "gzip", "compression_opts": 4}


class PartnetWriter:
    """Streams the shapes of one category and level into PartNet's truth and prediction files.

    ``<out>/gt/<category>-<level>/<split>-00.h5`` holds, for B shapes of N points,
        pts (B, N, 3) float32, gt_mask (B, K, N) bool, gt_mask_label (B, K) uint8, gt_mask_valid (B, K) bool,
        gt_mask_other (B, N) bool;
    ``<out>/pred/<category>-<level>/<split>-00.h5``
        mask (B, K, N) bool, valid (B, K) bool, conf (B, K) float32, label (B, K) uint8.
    Labels are class id - 1, since PartNet's masks have no other. K is 200, or the most instances of any shape
    of the file where that is more. Instances come first and are valid; the rows after them are empty.

    Use it as a context manager. Masks go to disk shape by shape, under temporary names; the files get theirs
    when the context ends, and after an exception nothing is left. Without shapes no file is written.

    out : folder, created where needed
    taxonomy, level : of the labels; InputError where the taxonomy lacks the level
    split : first part of the file names; InputError where it cannot be
    min_points : a predicted instance of this many points or fewer is left out
    shapes_per_file : 1024 in PartNet
    overwrite : replace files of this split; otherwise they are an InputError
    """

    def __init__(self, out: Path, taxonomy: Taxonomy, level: int, split: str = "test", min_points: int = 10,
                 shapes_per_file: int = SHAPES_PER_FILE, overwrite: bool = False) -> None:
        self._n_class = taxonomy.real_level(level).n_class
        if not is_plain_name(split):
            raise InputError(f"split '{split}' cannot begin the name of a file; choose a plain word, such as test")
        self.folders = tuple(out / side / f"{taxonomy.category}-{level}" for side in ("gt", "pred"))
        self.split = split
        self.min_points = min_points
        self._shapes_per_file = shapes_per_file
        self._overwrite = overwrite
        self._files: list[tuple[_MaskFile, _MaskFile]] = []
        self._created: list[Path] = []
        self._n_point = -1
        self._stack = ExitStack()

    def __enter__(self) -> "PartnetWriter":
        existing = self._existing()
        if existing and not self._overwrite:
            raise InputError(f"{', '.join(map(str, existing))}: already there; choose another folder, or ask "
                             "to overwrite")
        return self

    @property
    def n_shape(self) -> int:
        """Shapes added so far."""
        return sum(truth.n_shape for truth, _ in self._files)

    def add(self, points: np.ndarray, semantic: np.ndarray, instance: np.ndarray,
            predicted_semantic: np.ndarray, predicted_instance: np.ndarray, entropy: np.ndarray) -> None:
        """Append one shape.

        The pair (class, id) is an instance; class 0 or a negative id is other. A predicted instance is
        written if it has more than ``min_points`` points; its confidence is 1 - mean entropy over them.

        points : (N, 3) float, the same N for all shapes
        semantic, instance, predicted_semantic, predicted_instance : (N,) int
        entropy : (N,) float, natural logarithm
        Raises InputError where shapes disagree, a class is not of this level or an entropy is not finite, and where
        the disk is full.
        """
        self._check(points, semantic, instance, predicted_semantic, predicted_instance, entropy)
        true_index, true_class = number_instances(semantic, instance)
        predicted = predicted_instances(predicted_semantic, predicted_instance, entropy, self.min_points)
        self._n_point = len(points)
        truth_file, prediction_file = self._current()
        truth_file.add(true_index, {"gt_mask_label": true_class - 1},
                       {"pts": points.astype(np.float32), "gt_mask_other": true_index < 0})
        prediction_file.add(predicted.index,
                            {"label": predicted.classes - 1, "conf": predicted.confidence}, {})

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if error is not None:
            self._discard(error)
            return
        try:
            self._publish()
        except BaseException as failure:
            self._discard(failure)
            raise

    def _publish(self) -> None:
        """Close the last file, rename all, and remove those of an earlier, longer export."""
        self._finish_last()
        stale = set(self._existing()) if self._files else set()
        self._stack.close()
        for path in stale - {file.path for pair in self._files for file in pair}:
            path.unlink()

    def _discard(self, error: BaseException) -> None:
        with suppress(Exception):  # a file that cannot be closed; what matters is the first error
            self._stack.__exit__(type(error), error, None)
        for folder in reversed(self._created):
            with suppress(OSError):  # not empty: it holds something else
                folder.rmdir()

    def _existing(self) -> list[Path]:
        return [path for folder in self.folders if folder.is_dir() for path in numbered_files(folder, self.split)]

    def _check(self, points: np.ndarray, *labels: np.ndarray) -> None:
        shapes = [array.shape for array in (points, *labels)]
        count = len(points)
        if shapes != [(count, 3)] + [(count,)] * len(labels):
            raise InputError(f"points must be (N, 3), labels and entropy (N,), found {shapes}")
        if count == 0 or self._n_point not in (-1, count):
            wanted = "at least 1" if self._n_point == -1 else f"{self._n_point} as before"
            raise InputError(f"shape {self.n_shape} has {count} points, expected {wanted}; "
                             "one file holds shapes of one size")
        for semantic in (labels[0], labels[2]):
            if count and not 0 <= semantic.min() <= semantic.max() < self._n_class:
                raise InputError(f"class ids must be in 0 ... {self._n_class - 1}, "
                                 f"found {semantic.min()} ... {semantic.max()}")

    def _current(self) -> tuple["_MaskFile", "_MaskFile"]:
        """The files that take the next shape."""
        if not self._files or self._files[-1][0].n_shape == self._shapes_per_file:
            self._finish_last()
            self._open_next()
        return self._files[-1]

    def _open_next(self) -> None:
        name = f"{self.split}-{len(self._files):02d}.h5"
        files = []
        for folder, (mask_name, valid_name) in zip(self.folders, _NAMES, strict=True):
            self._created += [parent for parent in (*reversed(folder.parents), folder) if not parent.exists()]
            make_folder(folder)
            file, output = self._stack.enter_context(create_hdf5(folder / name))
            files.append(_MaskFile(folder / name, file, output, mask_name, valid_name, self._n_point))
        self._files.append((files[0], files[1]))

    def _finish_last(self) -> None:
        for file in self._files[-1] if self._files else ():
            file.finish()


class _MaskFile:
    """One file with masks: they are written as they come, what is small is kept until the file is full."""

    def __init__(self, path: Path, file: h5py.File, output: Output, mask_name: str, valid_name: str,
                 n_point: int) -> None:
        self.path = path
        self.n_shape = 0
        self._file, self._output = file, output
        self._valid_name = valid_name
        # A chunk holds masks of one shape, so that shapes are read one by one without unpacking others.
        self._masks = file.create_dataset(
            mask_name, (0, _MASKS, n_point), bool, maxshape=(None, None, n_point),
            chunks=(1, _MASKS_PER_CHUNK, n_point), **_GZIP)
        self._rows: list[dict[str, np.ndarray]] = []

    def add(self, index: np.ndarray, per_mask: dict[str, np.ndarray],
            per_point: dict[str, np.ndarray]) -> None:
        """Append a shape: the instance each point belongs to or -1, arrays (K,) and arrays (N, ...)."""
        count = int(index.max(initial=-1)) + 1
        self._masks.resize((self.n_shape + 1, max(self._masks.shape[1], count), self._masks.shape[2]))
        if count:
            self._masks[self.n_shape, :count] = index == np.arange(count)[:, None]
        for name, values in per_point.items():
            self._append(name, values)
        self._rows.append({**per_mask, self._valid_name: np.ones(count, bool)})
        self.n_shape += 1
        self._output.check(self.path)

    def _append(self, name: str, values: np.ndarray) -> None:
        if name not in self._file:
            self._file.create_dataset(name, (0, *values.shape), values.dtype,
                                      maxshape=(None, *values.shape), chunks=(1, *values.shape), **_GZIP)
        self._file[name].resize(self.n_shape + 1, axis=0)
        self._file[name][self.n_shape] = values

    def finish(self) -> None:
        """Write the arrays (B, K) and close the file."""
        dtypes = {"conf": np.float32, self._valid_name: np.bool_}
        for name in self._rows[0]:
            rows = [row[name] for row in self._rows]
            table = _padded(rows, self._masks.shape[1], dtypes.get(name, np.uint8))
            self._file.create_dataset(name, data=table, **_GZIP)
        self._file.close()


def _padded(rows: Sequence[np.ndarray], width: int, dtype: type[np.generic]) -> np.ndarray:
    """Rows of different lengths as (B, width), zeros after their ends."""
    table = np.zeros((len(rows), width), dtype)
    for row, values in zip(table, rows, strict=True):
        row[:len(values)] = values
    return table
