"""The store: one HDF5 file a split, from which any shape is read in about a millisecond.

Data sets (S shapes of N points): points, normals (S, N, 3) float32; semantic (S, 3, N) uint8; instance
(S, 3, N) int16; model_id, anno_id (S,) strings; of shapes from the released program's records also record_numbers
(S, 2) int64, their shape_index and points_flag.
Attributes: format, version, category, split, n_class of each level, source; of a taxonomy of one's own also taxonomy,
the tree of its part names as JSON.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import h5py
import numpy as np

from partwise.errors import InputError
from partwise.files import is_plain_name
from partwise.hdf5 import create_hdf5, dataset, open_hdf5, read, undamaged
from partwise.shape import Shape
from partwise.taxonomy import LEVELS, Taxonomy, taxonomy_of

FORMAT = "partwise-store"
VERSION = 1

_ARRAYS = ("points", "normals", "semantic", "instance")
_TEXT = h5py.string_dtype("utf-8")
# Measured on real chairs: coordinates shrink by a fifth at best, so the fastest filter; labels to a sixth.
_FAST: dict[str, Any] = {"compression": "lzf"}
_SMALL: dict[str, Any] = {"compression": "gzip", "compression_opts": 1, "shuffle": True}


@dataclass(frozen=True)
class Block:
    """B consecutive shapes of N points as arrays: Shape's fields with the shapes as first axis.

    points, normals : (B, N, 3) float32
    semantic : (B, 3, N) uint8
    instance : (B, 3, N) int16
    model_id, anno_id : B strings
    record_numbers : (B, 2) int64, or None; see the store's data sets
    """

    points: np.ndarray
    normals: np.ndarray
    semantic: np.ndarray
    instance: np.ndarray
    model_id: Sequence[str]
    anno_id: Sequence[str]
    record_numbers: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.points)


class StoreWriter:
    """Writes a store; the file appears, whole, when the ``with`` block ends without an exception.

    path : file to write or replace.
    taxonomy : what the labels mean; it is recorded.
    split : name such as "train", after which files may be named.
    n_point : points of every shape, at least 1.
    source : description of what the shapes were made from, kept as it is.
    numbered : every shape comes in a block with record_numbers.
    """

    def __init__(self, path: Path, taxonomy: Taxonomy, split: str, n_point: int, source: str = "",
                 numbered: bool = False) -> None:
        self.path: Path = path
        self.taxonomy: Taxonomy = taxonomy
        self.split: str = split
        self.n_point: int = n_point
        self.source: str = source
        self._columns = (*_ARRAYS, "model_id", "anno_id", *(["record_numbers"] if numbered else []))
        if n_point < 1:
            raise InputError(f"{path}: shapes need at least one point, found {n_point}")
        _check_split(path, split)

    def __enter__(self) -> Self:
        self._context = create_hdf5(self.path)
        self._file, self._output = self._context.__enter__()
        self._create_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._context.__exit__(kind, error, trace)

    def _create_all(self) -> None:
        self._file.attrs.update({"format": FORMAT, "version": VERSION, "source": self.source,
                                 "category": self.taxonomy.category, "split": self.split,
                                 "n_class": self.taxonomy.n_class})
        if self.taxonomy.tree is not None:
            self._file.attrs["taxonomy"] = json.dumps(self.taxonomy.tree, ensure_ascii=False)
        vectors, labels = (self.n_point, 3), (len(LEVELS), self.n_point)
        for name, shape, dtype, filters in (
                ("points", vectors, np.float32, _FAST), ("normals", vectors, np.float32, _FAST),
                ("semantic", labels, np.uint8, _SMALL), ("instance", labels, np.int16, _SMALL)):
            self._file.create_dataset(name, (0, *shape), dtype, maxshape=(None, *shape), chunks=(1, *shape),
                                      **filters)
        for name in ("model_id", "anno_id"):
            self._file.create_dataset(name, (0,), _TEXT, maxshape=(None,), chunks=(1024,))
        if "record_numbers" in self._columns:
            self._file.create_dataset("record_numbers", (0, 2), np.int64, maxshape=(None, 2), chunks=(1024, 2))

    def set_source(self, source: str) -> None:
        """Replace the description given at the start."""
        self._file.attrs["source"] = source

    def append(self, shapes: Sequence[Shape]) -> None:
        """Add shapes; InputError for another number of points and whatever Shape.check finds."""
        for shape in shapes:
            if shape.n_point != self.n_point:
                raise InputError(f"{shape}: has {shape.n_point} points, but the shapes of {self.path} have "
                                 f"{self.n_point}")
            shape.check(self.taxonomy)
        if shapes:
            points, normals, semantic, instance = (np.stack([getattr(shape, name) for shape in shapes])
                                                   for name in _ARRAYS)
            self.append_block(Block(points, normals, semantic, instance, [shape.model_id for shape in shapes],
                                    [shape.anno_id for shape in shapes]))

    def append_block(self, block: Block) -> None:
        """Add a block whose values are known to be right; InputError for another number of points."""
        if block.points.shape[1] != self.n_point:
            raise InputError(f"{self.path}: a block has {block.points.shape[1]} points a shape, "
                             f"but this store's shapes have {self.n_point}")
        start = len(self._file["points"])
        for name in self._columns:
            self._file[name].resize(start + len(block), axis=0)
            self._file[name][start:] = getattr(block, name)
        self._output.check(self.path)


@dataclass(frozen=True)
class _Header:
    taxonomy: Taxonomy
    split: str
    source: str
    n_point: int
    model_id: list[str]
    anno_id: list[str]
    record_numbers: np.ndarray | None


class Store:
    """Reads a store.

    path, category, taxonomy, split, source, n_point : as it was written
    model_id, anno_id : S strings, PartNet's names of the shapes
    record_numbers : (S, 2) int64, or None where the shapes are not from the released program's records

    The header is read at once; the file is opened again on first use in each process, so a Store may be
    pickled to, or inherited by, worker processes. Raises InputError for a file that is missing, truncated, no
    store, of another version, of an unknown category, or made with another taxonomy.
    """

    def __init__(self, path: Path) -> None:
        self.path: Path = Path(path)
        with open_hdf5(self.path) as file, undamaged(file):
            header = _read_header(file)
        self.taxonomy: Taxonomy = header.taxonomy
        self.category: str = self.taxonomy.category
        self.split: str = header.split
        self.source: str = header.source
        self.n_point: int = header.n_point
        self.model_id: list[str] = header.model_id
        self.anno_id: list[str] = header.anno_id
        self.record_numbers: np.ndarray | None = header.record_numbers
        self._opened = ExitStack()
        self._file: h5py.File | None = None
        self._process = os.getpid()

    def __len__(self) -> int:
        return len(self.anno_id)

    def __iter__(self) -> Iterator[Shape]:
        return (self.shape(index) for index in range(len(self)))

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_file": None, "_opened": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _opened=ExitStack())

    def shape(self, index: int) -> Shape:
        """The shape at ``index``, from 0; InputError past the end, for damaged bytes and invalid values."""
        semantic, instance = self.labels(index)
        shape = Shape(self._row("points", index), self._row("normals", index), semantic, instance,
                      self.model_id[index], self.anno_id[index])
        try:
            shape.check(self.taxonomy)
        except InputError as error:
            raise InputError(f"{self.path}: {error}; prepare the data again") from error
        return shape

    def labels(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Only the semantic (3, N) uint8 and instance (3, N) int16 of a shape; InputError as for shape."""
        if not 0 <= index < len(self):
            raise InputError(f"{self.path}: has no shape {index}; it holds {len(self)}, counted from 0")
        semantic, instance = self._row("semantic", index), self._row("instance", index)
        for level, classes in zip(self.taxonomy.levels, semantic, strict=True):
            if int(classes.max()) >= level.n_class:
                raise InputError(f"{self.path}: shape {self.anno_id[index]} has class {int(classes.max())} "
                                 f"at level {level.number}, where {self.category} ends at "
                                 f"{level.n_class - 1}; prepare the data again")
        return semantic, instance

    def close(self) -> None:
        """Close the file; it is opened again where needed."""
        self._opened.close()
        self._file = None

    def _row(self, name: str, index: int) -> np.ndarray:
        if self._file is None or self._process != os.getpid():
            # After a fork HDF5 would hand out the parent's open file again unless it is closed here first.
            self.close()
            self._file = self._opened.enter_context(open_hdf5(self.path))
            self._process = os.getpid()
        with undamaged(self._file):
            return read(self._file[name], slice(index, index + 1))[0]


def _check_split(path: str | Path, split: str) -> None:
    """InputError unless files may be named after the split; it must not lead them to another folder."""
    if not is_plain_name(split):
        raise InputError(f"{path}: its split is called '{split}', expected a plain word, such as test; prepare the "
                         "data again, with another split")


def _read_header(file: h5py.File) -> _Header:
    path, attrs = file.filename, file.attrs
    if attrs.get("format") != FORMAT:
        raise InputError(f"{path}: is HDF5 but no store of shapes; make one with 'partwise prepare'")
    if attrs.get("version") != VERSION:
        raise InputError(f"{path}: is a store of version {attrs.get('version')}, expected {VERSION}; "
                         "prepare the data again with this version of partwise")
    missing = [name for name in ("category", "split", "n_class", "source") if name not in attrs]
    if missing:
        raise InputError(f"{path}: lacks the attributes {missing}; prepare the data again")
    try:
        taxonomy = taxonomy_of(str(attrs["category"]), json.loads(attrs.get("taxonomy", "null")))
    except ValueError as error:  # an InputError, or broken JSON
        raise InputError(f"{path}: {error}") from error
    if tuple(attrs["n_class"]) != taxonomy.n_class:
        raise InputError(f"{path}: was made with {tuple(map(int, attrs['n_class']))} classes at the levels "
                         f"of {taxonomy.category}, this version has {taxonomy.n_class}; prepare the data again")
    _check_split(path, str(attrs["split"]))
    count, n_point, _ = dataset(file, "points", (None, None, 3), "f").shape
    dataset(file, "normals", (count, n_point, 3), "f")
    dataset(file, "semantic", (count, len(LEVELS), n_point), "u")
    dataset(file, "instance", (count, len(LEVELS), n_point), "i")
    model_id, anno_id = ([text.decode() for text in read(dataset(file, name, (count,), "O"))]
                         for name in ("model_id", "anno_id"))
    numbers = read(dataset(file, "record_numbers", (count, 2), "i")) if "record_numbers" in file else None
    return _Header(taxonomy, str(attrs["split"]), str(attrs["source"]), n_point, model_id, anno_id, numbers)
