"""The tables in NumPy are those of the octree that the network is trained with."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from partwise.nn.octree import build_octree
from partwise.onnx.octree import octree_tables


def ball(count, seed=0):
    """Points on noisy spheres, some on the faces and at a corner of the cube, two with opposite normals."""
    random = np.random.default_rng(seed)
    normals = random.normal(size=(count, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    points = normals * random.uniform(0.5, 1, (count, 1))
    if count > 4:
        points[:5] = [[1, 1, 1], [-1, -1, -1], [1, -1, 0], [0.3, 0.3, 0.3], [0.3, 0.3, 0.3]]
        normals[3] = -normals[4]
    return points.astype(np.float32), normals.astype(np.float32)


@pytest.mark.parametrize("nempty", [False, True])
@pytest.mark.parametrize(("depth", "coarsest"), [(2, 2), (5, 3), (6, 2), (8, 4)])
@pytest.mark.parametrize("count", [1, 2, 50, 1500])
def test_against_the_octree_of_torch(count, depth, coarsest, nempty):
    points, normals = ball(count)
    found = octree_tables(points, normals, depth, coarsest, nempty)
    octree = build_octree(torch.from_numpy(points), torch.from_numpy(normals), torch.zeros(count, dtype=torch.long), 1,
                          depth=depth, coarsest=coarsest, nempty=nempty)
    expected = {"points": torch.from_numpy(points), "signal": octree.signal, "corner_rows": octree.corner_rows,
                "corner_weights": octree.corner_weights}
    for at, layer in octree.layers.items():
        own = {"neighbours": layer.neighbours, "parents": layer.parents, "slots": layer.slots}
        expected |= {f"{name}_{at}": table for name, table in own.items() if table is not None}
    assert found.keys() == expected.keys()
    for name, table in expected.items():
        assert found[name].dtype == table.numpy().dtype, name
        np.testing.assert_allclose(found[name], table.numpy(), atol=2e-5 if table.is_floating_point() else 0,
                                   err_msg=name)


@pytest.mark.parametrize(("points", "normals", "message"), [
    (np.zeros((0, 3)), np.zeros((0, 3)), "N >= 1"),
    (np.zeros((4, 3)), np.zeros((3, 3)), r"\(4, 3\) and \(3, 3\)"),
    (np.full((1, 3), 1.1), np.zeros((1, 3)), "normalise"),
    (np.full((1, 3), np.nan), np.zeros((1, 3)), "normalise"),
])
def test_what_cannot_be_used(points, normals, message):
    with pytest.raises(ValueError, match=message):
        octree_tables(points, normals, 4)


def test_needs_numpy_alone():
    code = ("import sys, partwise.onnx.octree, partwise.normalisation\n"
            "sys.exit(str({'torch', 'ocnn', 'scipy', 'sklearn', 'onnx'} & set(sys.modules) or ''))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.strip() == ""
