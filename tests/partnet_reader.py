"""A strict reader of PartNet's instance files and scores, written from the description of its formats alone.

It shares no code with the package: names, types, bases and rules are spelt out here again. Truth is
``<Category>-<level>/<split>-NN.h5`` in one folder, predictions have files of the same names in another.
"""

import json
import re

import h5py
import numpy as np

from tests.metrics import brute_force

PARTS = {
    "Bag": (3, 0, 0), "Bed": (3, 9, 14), "Bottle": (5, 0, 8), "Bowl": (3, 0, 0), "Chair": (5, 29, 38),
    "Clock": (5, 0, 10), "Dishwasher": (2, 4, 6), "Display": (2, 0, 3), "Door": (2, 3, 4), "Earphone": (5, 0, 9),
    "Faucet": (7, 0, 11), "Hat": (5, 0, 0), "Keyboard": (2, 0, 0), "Knife": (4, 0, 9), "Lamp": (17, 27, 40),
    "Laptop": (2, 0, 0), "Microwave": (2, 4, 5), "Mug": (3, 0, 0), "Refrigerator": (2, 5, 6), "Scissors": (2, 0, 0),
    "StorageFurniture": (6, 18, 23), "Table": (10, 41, 50), "TrashCan": (4, 0, 10), "Vase": (3, 0, 5)}
"""Parts at levels 1, 2, 3 without other; 0 where the category lacks the level."""

MASKS = 200
SHAPES_A_FILE = 1024
SMALLEST = 10
"""A predicted instance of this many points or fewer does not count."""


class LayoutError(Exception):
    """A file or folder is not as PartNet's are."""


def demand(right, message):
    if not right:
        raise LayoutError(message)


def read_export(truth, predictions, category, split, n_point):
    """{level: shapes} of all levels of a category; a shape is a pair of dictionaries, true and predicted masks."""
    levels = [level for level, count in enumerate(PARTS[category], 1) if count]
    for folder in (truth, predictions):
        found = sorted(path.name for path in folder.iterdir())
        demand(found == [f"{category}-{level}" for level in levels], f"{folder}: has {found}")
    return {level: read_task(truth / f"{category}-{level}", predictions / f"{category}-{level}", split, n_point)
            for level in levels}


def read_task(truth, predictions, split, n_point):
    """The shapes of one category and level, whose name the folder of the truth has."""
    category, level = re.fullmatch(r"([A-Za-z]+)-([123])", truth.name).groups()
    n_part = PARTS[category][int(level) - 1]
    demand(n_part > 0, f"{truth}: {category} has no level {level}")
    names = [f"{split}-{number:02d}.h5" for number in range(len(list(truth.iterdir())))]
    for folder in (truth, predictions):
        found = sorted(path.name for path in folder.iterdir())
        demand(found == names != [], f"{folder}: files {found}, expected {names}")
    shapes = []
    for name in names:
        true = read_truth(truth / name, n_part, n_point)
        found = read_predictions(predictions / name, n_part, n_point)
        demand(len(true) == len(found), f"{name}: {len(true)} true shapes, {len(found)} predicted")
        demand(1 <= len(true) <= SHAPES_A_FILE and (name == names[-1] or len(true) == SHAPES_A_FILE),
               f"{name}: {len(true)} shapes")
        shapes += zip(true, found, strict=True)
    return shapes


def read_truth(path, n_part, n_point):
    """[{pts, mask, label, valid, other}] of a truth file; label is the class id, from 1."""
    arrays = read_arrays(path, {
        "pts": ("float32", (n_point, 3)), "gt_mask": ("bool", (MASKS, n_point)), "gt_mask_label": ("uint8", (MASKS,)),
        "gt_mask_valid": ("bool", (MASKS,)), "gt_mask_other": ("bool", (n_point,))})
    shapes = []
    for index, (pts, mask, label, valid, other) in enumerate(zip(*arrays, strict=True)):
        where = f"{path}, shape {index}"
        demand(np.isfinite(pts).all(), f"{where}: pts")
        demand((label[valid] < n_part).all(), f"{where}: gt_mask_label up to {label[valid].max(initial=0)}, base 0")
        demand(not mask[~valid].any(), f"{where}: points in masks that are not valid")
        demand((mask[valid].sum(0) + other == 1).all(), f"{where}: each point is of one instance or other")
        shapes.append({"pts": pts, "mask": mask, "label": label.astype(int) + 1, "valid": valid, "other": other})
    return shapes


def read_predictions(path, n_part, n_point):
    """[{mask, label, valid, conf}] of a file of predictions made from point labels; label is the class id, from 1."""
    with h5py.File(path) as file:
        count = file["mask"].shape[1] if "mask" in file and file["mask"].ndim == 3 else MASKS
    arrays = read_arrays(path, {"mask": ("bool", (count, n_point)), "valid": ("bool", (count,)),
                                "conf": ("float32", (count,)), "label": ("uint8", (count,))})
    shapes = []
    for index, (mask, valid, conf, label) in enumerate(zip(*arrays, strict=True)):
        where = f"{path}, shape {index}"
        demand((label[valid] < n_part).all(), f"{where}: label up to {label[valid].max(initial=0)}, base 0")
        demand(np.isfinite(conf[valid]).all(), f"{where}: conf")
        demand(not mask[~valid].any(), f"{where}: points in masks that are not valid")
        demand((mask.sum(0) <= 1).all(), f"{where}: a point is of two instances")
        demand((mask[valid].sum(1) > SMALLEST).all(), f"{where}: a valid instance has {SMALLEST} points or fewer")
        shapes.append({"mask": mask, "label": label.astype(int) + 1, "valid": valid, "conf": conf})
    return shapes


def read_arrays(path, layout):
    """The arrays of a file that holds exactly these, {name: (type, shape behind the axis of shapes)}."""
    with h5py.File(path) as file:
        demand(set(file) == set(layout), f"{path}: has {sorted(file)}, expected {sorted(layout)}")
        n_shape = len(file[next(iter(layout))])
        for name, (dtype, shape) in layout.items():
            found = file[name]
            demand(str(found.dtype) == dtype, f"{path}: {name} is {found.dtype}, expected {dtype}")
            demand(found.shape == (n_shape, *shape), f"{path}: {name} is {found.shape}, expected {(n_shape, *shape)}")
        return [file[name][:] for name in layout]


def scores(shapes, n_part, threshold):
    """(AP by class id or None, mAP or None, shape mAP or None) as exact fractions, by PartNet's protocol."""
    parts = [brute_force.from_masks(found["mask"], found["valid"], found["conf"], found["label"], true["mask"],
                                    true["valid"], true["label"], true["other"]) for true, found in shapes]
    return brute_force.evaluate(parts, n_part + 1, threshold)


def parts_of(path, class_list):
    """[(pts, {(class id, points)}, other)] of a file of ins_seg_h5, for the part paths of one level in their order."""
    with h5py.File(path) as file:
        points, leaf = file["pts"][:], file["label"][:]
    shapes = []
    for row, record in enumerate(json.loads(path.with_suffix(".json").read_text())):
        owner = np.full(len(leaf[row]), -1)
        entries = [entry for entry in record["ins_seg"] if entry["part_name"] in class_list]
        for number, entry in enumerate(entries):
            owner[np.isin(leaf[row], entry["leaf_id_list"])] = number  # of two listed nodes the later wins
        masks = {(class_list.index(entries[number]["part_name"]) + 1, frozenset(np.flatnonzero(owner == number)))
                 for number in set(owner.tolist()) - {-1}}
        shapes.append((points[row], masks, owner == -1))
    return shapes
