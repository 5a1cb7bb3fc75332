"""Run the network without torch: NumPy and ONNX Runtime are all that this program imports.

    partwise export onnx chair --out chair.onnx      # once, where partwise is installed with torch
    python examples/onnx_without_torch.py chair.onnx [points.npy]

``points.npy`` holds an array (N, 6) of points and their normals, upright with y up and the front to +z. Without it, a
chair of eight boxes is made. Prints the classes that the network sees at each level of detail. ``partwise.onnx.octree``
and ``partwise.normalisation`` import NumPy alone: put ``src`` on the path, or install partwise without its
requirements (``pip install --no-deps partwise``).
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

from partwise.normalisation import enclosing_ball
from partwise.onnx.octree import octree_tables

LEGS = [((x, 0.0, z), (x + 0.05, 0.42, z + 0.05)) for x in (-0.25, 0.2) for z in (-0.25, 0.2)]
BARS = [((x, 0.5, -0.25), (x + 0.1, 0.92, -0.21)) for x in (-0.2, 0.1)]
BOXES = [*LEGS, *BARS, ((-0.25, 0.42, -0.25), (0.25, 0.5, 0.25)), ((-0.25, 0.92, -0.25), (0.25, 1.0, -0.2))]


def chair(n_point: int) -> np.ndarray:
    """(n_point, 6) points and normals on the faces of the boxes, evenly."""
    random = np.random.default_rng(0)
    low, high = np.array(BOXES).transpose(1, 0, 2)  # (8, 3) each
    size = high - low
    area = np.stack([size[:, 1] * size[:, 2], size[:, 0] * size[:, 2], size[:, 0] * size[:, 1]], 1)  # (8, 3) by axis
    box, axis = np.divmod(random.choice(area.size, n_point, p=(area / area.sum()).ravel()), 3)
    side = random.integers(0, 2, n_point)
    place = random.random((n_point, 3))
    place[np.arange(n_point), axis] = side
    normals = np.zeros((n_point, 3))
    normals[np.arange(n_point), axis] = 2 * side - 1
    return np.concatenate([low[box] + place * size[box], normals], 1)


def main(model: Path, cloud: Path | None) -> None:
    session = onnxruntime.InferenceSession(model)
    about = session.get_modelmeta().custom_metadata_map
    n_point = int(about["n_point"])
    rows = chair(n_point) if cloud is None else np.load(cloud)
    if len(rows) > n_point:  # as many as in training: the network has never seen denser shapes
        rows = np.random.default_rng(0).choice(rows, n_point, replace=False)
    points = enclosing_ball(rows[:, :3]).normalise(rows[:, :3])
    tables = octree_tables(points, rows[:, 3:], int(about["depth"]), int(about["coarsest"]),
                           json.loads(about["nempty"]))
    outputs = dict(zip([one.name for one in session.get_outputs()], session.run(None, tables), strict=True))

    print(f"{about['category']}, {len(points):,} points; torch imported: {'torch' in sys.modules}")
    names = json.loads(about["class_names"])
    for level in json.loads(about["real_levels"]):
        label = outputs[f"logits_{level}"].argmax(1)
        print(f"level {level}")
        for one, count in zip(*np.unique(label, return_counts=True), strict=True):
            print(f"{count:>7} points {names[level - 1][one]}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else None)
