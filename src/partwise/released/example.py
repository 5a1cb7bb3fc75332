"""One record of the released program: a ``tf.train.Example`` with a points blob and the labels of three levels.

Features: points_bytes (see ``blob``), label_1, label_2, label_3 (N int64 each, instance * 100 + class; other is -100,
class 0 and instance -1), points_flag and shape_index (1 int64 each). The blob repeats label_1 as float32.

A record has no room for PartNet's names of a shape. Where there are any, we add them as two more features, model_id
and anno_id (bytes, UTF-8), which TensorFlow leaves aside when it reads the others.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from partwise.errors import InputError
from partwise.released.blob import pack_blob, unpack_blob
from partwise.released.messages import Example, parse
from partwise.shape import NO_INSTANCE, Shape
from partwise.taxonomy import LEVELS, OTHER, Taxonomy

_STEP = 100
_LABELS = tuple(f"label_{level}" for level in LEVELS)
_NUMBERS = ("shape_index", "points_flag")
_NAMES = ("model_id", "anno_id")
_MOST_INSTANCES = np.iinfo(np.int16).max


@dataclass(frozen=True)
class Record:
    """A shape with the two numbers of its record. Without PartNet's names, its anno_id is the shape_index."""

    shape: Shape
    shape_index: int
    points_flag: int


def pack_example(record: Record) -> bytes:
    """The bytes of a record; InputError where a class is beyond the 99 that a label has room for."""
    shape = record.shape
    if int(shape.semantic.max(initial=OTHER)) >= _STEP:
        raise InputError(f"{shape}: has class {int(shape.semantic.max())}; the released program's labels, instance * "
                         f"{_STEP} + class, have room for classes up to {_STEP - 1}")
    labels = shape.instance.astype(np.int64) * _STEP + shape.semantic
    example = Example()
    feature = example.features.feature
    feature["points_bytes"].bytes_list.value.append(pack_blob(shape.points, shape.normals, labels[0]))
    for name, label in zip(_LABELS, labels, strict=True):
        feature[name].int64_list.value.extend(label.tolist())
    for name in _NUMBERS:
        feature[name].int64_list.value.append(getattr(record, name))
    if (shape.model_id, shape.anno_id) != ("", str(record.shape_index)):
        for name in _NAMES:
            feature[name].bytes_list.value.append(getattr(shape, name).encode())
    data: bytes = example.SerializeToString(deterministic=True)
    return data


def unpack_example(data: bytes, taxonomy: Taxonomy) -> Record:
    """The record that has these bytes; InputError where it is none of this form or of this category."""
    feature = parse(Example, data).features.feature
    _check_names(sorted(feature))
    points, normals, blob_label = unpack_blob(_bytes(feature, "points_bytes"))
    labels = np.stack([_integers(feature, name, len(points)) for name in _LABELS])
    if (blob_label != labels[0]).any():
        row = int((blob_label != labels[0]).argmax())
        raise InputError(f"point {row} has label {blob_label[row]:g} in points_bytes, but label_1 {labels[0, row]}; "
                         "expected the same")
    shape_index, points_flag = (int(_integers(feature, name, 1)[0]) for name in _NUMBERS)
    names = [_text(feature, name) for name in _NAMES] if "anno_id" in feature else ["", str(shape_index)]
    shape = Shape(points, normals, *split_labels(labels, taxonomy), *names)
    shape.check(taxonomy)
    return Record(shape, shape_index, points_flag)


def split_labels(labels: np.ndarray, taxonomy: Taxonomy) -> tuple[np.ndarray, np.ndarray]:
    """Classes (3, N) uint8 and instances (3, N) int16 of labels (3, N) int64, by floor division and modulo.

    InputError where a class is not of the taxonomy, or where just one of class and instance stands for other.
    """
    instance, semantic = np.divmod(labels, _STEP)
    n_class = np.array(taxonomy.n_class)[:, None]
    wrong = ((semantic >= n_class) | (instance < NO_INSTANCE) | (instance > _MOST_INSTANCES)
             | ((semantic == OTHER) != (instance == NO_INSTANCE)))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise InputError(f"label_{row + 1} of point {column} is {labels[row, column]}: class {semantic[row, column]} "
                         f"and instance {instance[row, column]}; at level {row + 1} {taxonomy.category} has classes 1 "
                         f"to {n_class[row, 0] - 1} with instances 0 to {_MOST_INSTANCES}, and other as {-_STEP}; is "
                         "this another category?")
    return semantic.astype(np.uint8), instance.astype(np.int16)


def _check_names(found: list[str]) -> None:
    wanted = sorted(["points_bytes", *_LABELS, *_NUMBERS])
    if found not in (wanted, sorted([*wanted, *_NAMES])):
        raise InputError(f"has the features {found}, expected {wanted}; this is no record of the released program")


def _bytes(feature: Any, name: str) -> bytes:
    values = feature[name].bytes_list.value
    if len(values) != 1:
        raise InputError(f"feature {name} holds {len(values)} texts of bytes, expected 1")
    value: bytes = values[0]
    return value


def _text(feature: Any, name: str) -> str:
    try:
        return _bytes(feature, name).decode()
    except UnicodeDecodeError as error:
        raise InputError(f"feature {name} is no text in UTF-8 ({error})") from error


def _integers(feature: Any, name: str, count: int) -> np.ndarray:
    values = feature[name].int64_list.value
    if len(values) != count:
        raise InputError(f"feature {name} holds {len(values)} whole numbers, expected {count}")
    return np.array(values, np.int64)
