"""Reading PartNet's ``ins_seg_h5``: pairs of an HDF5 file of point clouds and a JSON file of their parts."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from partwise.data.parts import Part, PartClasses, label_points, part_classes, unit_normals
from partwise.data.store import Block
from partwise.errors import InputError
from partwise.files import numbered_files, read_json
from partwise.hdf5 import dataset, open_hdf5, read
from partwise.taxonomy import LEVELS, SPLITS, Taxonomy, categories

_BLOCK = 64


def find_categories(source: Path) -> tuple[list[str], list[str]]:
    """Names of the folders in ``source`` that are benchmark categories, and of those that are not.

    Raises InputError where ``source`` is no folder, is itself the folder of a category, or has none.
    """
    if not source.is_dir():
        raise InputError(f"{source}: no such folder; expected PartNet's ins_seg_h5, with a folder a category")
    if any(numbered_files(source, split) for split in SPLITS):
        here = source.resolve()
        raise InputError(f"{source}: is the folder of one category; give the folder that holds it, "
                         f"{here.parent}, and choose with --category {here.name}")
    folders = sorted(path.name for path in source.iterdir()
                     if path.is_dir() and not path.name.startswith("."))
    known = [name for name in folders if name in categories()]
    if not known:
        hint = f"; give {source / 'ins_seg_h5'}" if "ins_seg_h5" in folders else ""
        raise InputError(f"{source}: holds no folder named after a PartNet category, such as Chair, but "
                         f"{folders[:5] or 'none'}; expected PartNet's ins_seg_h5{hint}")
    return known, [name for name in folders if name not in known]


def n_point_of(path: Path) -> int:
    """Number of points a shape in one file."""
    with open_hdf5(path) as file:
        return int(dataset(file, "pts", (None, None, 3), "f").shape[1])


def n_shape_of(path: Path) -> int:
    """Number of shapes in one file, for planning; 0 where it cannot be read (read_partnet will tell)."""
    try:
        with open_hdf5(path) as file:
            return int(dataset(file, "pts", (None, None, 3), "f").shape[0])
    except InputError:
        return 0


def read_partnet(path: Path, taxonomy: Taxonomy) -> Iterator[Block]:
    """Yield the labelled shapes of ``path`` and the JSON file beside it, in order, about 64 at a time.

    Uses the data sets pts and nor (B, N, 3) float and label (B, N) int; others may be absent. Normals are
    brought to unit length, points stay as they are (PartNet's are centred and have radius 1).
    Raises InputError, naming the file and the record, for whatever is missing, damaged, malformed or not
    finite, for records and shapes that differ in number, and for parts that are not in the category's tree.
    """
    records = _read_records(path.with_suffix(".json"))
    classes = part_classes(taxonomy)
    with open_hdf5(path) as file:
        pts = dataset(file, "pts", (None, None, 3), "f")
        count, n_point, _ = pts.shape
        nor = dataset(file, "nor", (count, n_point, 3), "f")
        label = dataset(file, "label", (count, n_point), "iu")
        if len(records) != count:
            raise InputError(f"{path}: has {count} shapes, but {path.with_suffix('.json').name} has "
                             f"{len(records)} records; one of the two is incomplete, download both again")
        step = _rows_a_read(pts, nor, label)
        for start in range(0, count, step):
            rows = slice(start, min(start + step, count))
            points, normals = read(pts, rows).astype(np.float32), read(nor, rows).astype(np.float32)
            _check_finite(path, start, {"pts": points, "nor": normals})
            yield _label_block(path, start, points, normals, read(label, rows), records[rows], classes)


def _rows_a_read(*found: h5py.Dataset) -> int:
    # A chunk usually spans several shapes: reading part of one would decompress the rest for nothing.
    rows = max(1 if data.chunks is None else int(data.chunks[0]) for data in found)
    return rows * max(1, round(_BLOCK / rows))


def _check_finite(path: Path, start: int, arrays: Mapping[str, np.ndarray]) -> None:
    for name, array in arrays.items():
        bad = ~np.isfinite(array).all(axis=(1, 2))
        if bad.any():
            raise InputError(f"{path}: data set '{name}' has NaN or infinite values in shape "
                             f"{start + int(bad.argmax())} (counted from 0); download the file again")


def _label_block(path: Path, start: int, points: np.ndarray, normals: np.ndarray, label: np.ndarray,
                 records: list[Any], classes: PartClasses) -> Block:
    semantic = np.empty((len(points), len(LEVELS), points.shape[1]), np.uint8)
    instance = np.empty(semantic.shape, np.int16)
    json_path = path.with_suffix(".json")
    for row, record in enumerate(records):
        try:
            semantic[row], instance[row] = label_points(label[row], _parts(record), classes)
        except InputError as error:
            raise InputError(f"{json_path}: record {start + row} (counted from 0): {error}") from error
    return Block(points, unit_normals(normals), semantic, instance,
                 [str(record.get("model_id", "")) for record in records],
                 [str(record["anno_id"]) for record in records])


def _read_records(path: Path) -> list[Any]:
    if not path.is_file():
        raise InputError(f"{path}: no such file; PartNet has a JSON file of parts beside each HDF5 file")
    records = read_json(path)
    if not isinstance(records, list):
        raise InputError(f"{path}: expected a list of records, found {type(records).__name__}")
    return records


def _parts(record: Any) -> list[Part]:
    """The parts of a record; InputError (without a file name) where it is malformed."""
    if not isinstance(record, dict) or "anno_id" not in record or not isinstance(record.get("ins_seg"), list):
        raise InputError("expected an object with 'anno_id' and a list 'ins_seg'")
    for entry in record["ins_seg"]:
        if not _is_entry(entry):
            raise InputError("expected entries of 'ins_seg' with a text 'part_name' and a list of integers "
                             f"'leaf_id_list', found {str(entry)[:200]}")
    return [Part(entry["part_name"], entry["leaf_id_list"]) for entry in record["ins_seg"]]


def _is_entry(entry: Any) -> bool:
    return (isinstance(entry, dict) and isinstance(entry.get("part_name"), str)
            and isinstance(entry.get("leaf_id_list"), list)
            and all(type(leaf) is int for leaf in entry["leaf_id_list"]))
