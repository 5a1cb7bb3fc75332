"""Small files in PartNet's forms, written for tests."""

import json
from pathlib import Path

import h5py
import numpy as np

from partwise.taxonomy import load_taxonomy

CHAIR_PARTS = [  # every node of a chair's tree after merging, parents first; leaf 11 is in the root alone
    ("chair", [3, 5, 7, 8, 11]),
    ("chair/chair_back", [3]),
    ("chair/chair_back/back_surface", [3]),
    ("chair/chair_back/back_surface/back_single_surface", [3]),
    ("chair/chair_seat", [5]),
    ("chair/chair_seat/seat_surface", [5]),
    ("chair/chair_seat/seat_surface/seat_single_surface", [5]),
    ("chair/chair_base", [7, 8]),
    ("chair/chair_base/regular_leg_base", [7, 8]),
    ("chair/chair_base/regular_leg_base/leg", [7]),
    ("chair/chair_base/regular_leg_base/leg", [8]),
]

CHAIR_LABELS = {  # leaf id -> class name and instance id at levels 1, 2, 3
    3: (("chair_back", 0), ("chair_back/back_surface", 0),
        ("chair_back/back_surface/back_single_surface", 0)),
    5: (("chair_seat", 1), ("chair_seat/seat_surface", 1),
        ("chair_seat/seat_surface/seat_single_surface", 1)),
    7: (("chair_base", 2), ("chair_base/regular_leg_base/leg", 2), ("chair_base/regular_leg_base/leg", 2)),
    8: (("chair_base", 2), ("chair_base/regular_leg_base/leg", 3), ("chair_base/regular_leg_base/leg", 3)),
    11: (("other", -1), ("other", -1), ("other", -1)),
}


def chair_entries() -> list[dict]:
    """ins_seg of the chair."""
    return [{"part_name": path, "leaf_id_list": leaves} for path, leaves in CHAIR_PARTS]


def expected_labels(leaf: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Semantic and instance (3, N) of the chair, looked up point by point."""
    names = [load_taxonomy("Chair").level(level).names for level in (1, 2, 3)]
    rows = [CHAIR_LABELS[int(number)] for number in leaf]
    semantic = [[names[level].index(row[level][0]) for row in rows] for level in range(3)]
    instance = [[row[level][1] for row in rows] for level in range(3)]
    return np.array(semantic), np.array(instance)


def chair_arrays(count: int, n_point: int, seed: int) -> dict[str, np.ndarray]:
    """pts, nor, label of chairs; label 11 is a leaf that no part lists."""
    random = np.random.default_rng(seed)
    normals = random.normal(size=(count, n_point, 3))
    return {"pts": random.uniform(-0.5, 0.5, (count, n_point, 3)).astype(np.float32),
            "nor": (normals / np.linalg.norm(normals, axis=2, keepdims=True)).astype(np.float32),
            "label": random.choice([3, 5, 7, 8, 11], (count, n_point)).astype(np.int32)}


def write_pair(path: Path, count: int = 3, n_point: int = 40, seed: int = 0, first_id: int = 100, *,
               records: object = None, **changes: np.ndarray | None) -> dict[str, np.ndarray]:
    """Write ``path`` and its JSON file; a change replaces a data set, or removes it if None."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {name: value for name, value in {**chair_arrays(count, n_point, seed), **changes}.items()
              if value is not None}
    with h5py.File(path, "w") as file:
        for name, value in arrays.items():
            file.create_dataset(name, data=value, compression="gzip", compression_opts=4)
    if records is None:
        records = [{"model_id": f"model{first_id + index}", "anno_id": str(first_id + index),
                    "ins_seg": chair_entries()} for index in range(count)]
    path.with_suffix(".json").write_text(json.dumps(records))
    return arrays


def chair_tree() -> list[dict]:
    """result.json of the chair, with names that PartNet's merging changes, and leaf 11 that it leaves out."""
    def leaf(name: str, number: int) -> dict:
        return {"name": name, "id": number, "text": name, "objs": [f"original-{number}"]}

    def node(name: str, number: int, *children: dict) -> dict:
        return {"name": name, "id": number, "text": name, "children": list(children)}

    return [node("chair", 1,
                 node("chair_back", 2, node("back_surface", 12, leaf("back_hard_surface", 3))),
                 node("chair_seat", 4, node("seat_surface", 14, leaf("seat_soft_surface", 5))),
                 node("chair_base", 6, node("regular_leg_base", 16, leaf("leg", 7), leaf("leg", 8))),
                 leaf("unknown_thing", 11))]


def write_annotation(folder: Path, n_point: int = 40, seed: int = 0, category: str = "Chair",
                     tree: object = None) -> dict[str, np.ndarray]:
    """Write an annotation folder; its name is the anno id. Returns the arrays as chair_arrays."""
    samples = folder / "point_sample"
    samples.mkdir(parents=True)
    arrays = {name: value[0] for name, value in chair_arrays(1, n_point, seed).items()}
    meta = {"model_id": f"model{folder.name}", "anno_id": folder.name, "model_cat": category, "version": "1"}
    (folder / "meta.json").write_text(json.dumps(meta))
    (folder / "result.json").write_text(json.dumps(chair_tree() if tree is None else tree))
    colours = np.tile([200, 200, 200, 1.0], (n_point, 1))
    np.savetxt(samples / "sample-points-all-pts-nor-rgba-10000.txt",
               np.hstack([arrays["pts"] + [0.5, 0, 0.1], arrays["nor"], colours]), fmt="%.6f")
    np.savetxt(samples / "sample-points-all-label-10000.txt", arrays["label"], fmt="%d")
    return arrays


def write_random_category(folder: Path, category: str, counts: dict[str, int], n_point: int = 128) -> None:
    """Write ``folder/<category>/<split>-00.h5`` and .json: shapes of random parts of the category's own tree.

    A part is a ball of points; every ancestor of a part is a node of the tree too; leaf 0 is other, in the root alone.
    """
    random = np.random.default_rng(list(category.encode()))
    tree = set(load_taxonomy(category).merging.values())
    for split, count in counts.items():
        shapes = [_random_shape(random, category, tree, n_point) for _ in range(count)]
        points, labels, entries = (list(of) for of in zip(*shapes, strict=True))
        records = [{"model_id": f"model{index}", "anno_id": f"{split}{index}", "ins_seg": one}
                   for index, one in enumerate(entries)]
        pts = np.stack(points)
        normals = (pts / np.linalg.norm(pts, axis=2, keepdims=True)).astype(np.float32)
        write_pair(folder / category / f"{split}-00.h5", count, n_point, records=records, pts=pts, nor=normals,
                   label=np.stack(labels))


def _random_shape(random: np.random.Generator, category: str, tree: set[str],
                  n_point: int) -> tuple[np.ndarray, np.ndarray, list[dict]]:
    finest = load_taxonomy(category).level(3).paths
    paths = random.choice(finest, min(3, len(finest)), replace=False)
    label = np.sort(random.integers(0, len(paths) + 1, n_point))
    centres = random.uniform(-0.6, 0.6, (len(paths) + 1, 3))
    points = centres[label] + random.uniform(-0.2, 0.2, (n_point, 3))
    leaves: dict[str, list[int]] = {}
    for leaf, path in enumerate(paths, 1):
        elements = path.split("/")
        for length in range(1, len(elements) + 1):
            leaves.setdefault("/".join(elements[:length]), []).append(leaf)
    entries = [{"part_name": path, "leaf_id_list": ids} for path, ids in leaves.items() if path in tree]
    return points.astype(np.float32), label.astype(np.int32), entries
