import subprocess
import sys

import numpy as np
import pytest
import torch

from partwise.nn.ocnn_adapter import import_ocnn
from partwise.nn.octree import build_octree


def one_shape(points, normals=None, **options):
    points = torch.as_tensor(points, dtype=torch.float64)
    normals = torch.as_tensor(normals, dtype=torch.float64) if normals is not None else torch.eye(3).double()[
        torch.zeros(len(points), dtype=torch.long)]
    index = torch.zeros(len(points), dtype=torch.long)
    return build_octree(points, normals, index, 1, depth=options.pop("depth", 4), **options)


def brute_force_signal(points, normals, depth):
    """Signal by cell coordinates (x, y, z), in loops."""
    cells = {}
    for point, normal in zip(points, normals, strict=True):
        grid = (point + 1) * 2 ** (depth - 1)
        cell = tuple(np.minimum(np.floor(grid), 2**depth - 1).astype(int))
        cells.setdefault(cell, []).append((grid - cell, normal))
    signal = {}
    for cell, members in cells.items():
        total = np.sum([normal for _, normal in members], axis=0)
        length = np.linalg.norm(total)
        normal = members[0][1] if length < 1e-6 else total / length
        mean = np.mean([place for place, _ in members], axis=0)
        signal[cell] = np.append(normal, 2 / np.sqrt(3) * np.dot(mean - 0.5, normal))
    return signal


def morton(cell, depth):
    key = 0
    for bit in range(depth):
        for axis, shift in ((0, 2), (1, 1), (2, 0)):
            key |= ((cell[axis] >> bit) & 1) << (3 * bit + shift)
    return key


def test_signal_against_loops_with_cancelling_normals():
    random = np.random.default_rng(0)
    points = random.uniform(-1, 1, (400, 3))
    normals = random.normal(size=(400, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    points[1] = points[0]
    normals[1] = -normals[0]
    expected = brute_force_signal(points, normals, 4)
    found = one_shape(points, normals, nempty=True).signal.numpy()
    order = sorted(expected, key=lambda cell: morton(cell, 4))
    np.testing.assert_allclose(found, [expected[cell] for cell in order], atol=1e-9)


def test_upper_face_belongs_to_the_last_cell():
    octree = one_shape([[1.0, 1.0, 1.0], [0.99, 0.99, 0.99]], nempty=True)
    assert octree.signal.shape[0] == 1
    assert one_shape([[1.0, -1.0, 1.0]], nempty=True).layers[4].count == 1


def test_float32_upper_face():
    points = torch.tensor([[1.0, 1.0, 1.0], [0.99, 0.99, 0.99]])
    octree = build_octree(points, points, torch.zeros(2, dtype=torch.long), 1, depth=6, nempty=True)
    assert octree.signal.shape[0] == 1
    assert torch.isfinite(octree.signal).all()


def test_interpolation_reproduces_linear_functions_inside():
    axis = (np.arange(16) + 0.5) / 8 - 1
    grid = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1).reshape(-1, 3)
    octree = one_shape(grid, nempty=True)
    order = np.argsort([morton(tuple(np.floor((p + 1) * 8).astype(int)), 4) for p in grid])
    features = torch.from_numpy(grid[order] @ np.array([[1.0], [2], [3]]) + 0.5)
    found = octree.interpolate(features)
    np.testing.assert_allclose(found[:, 0], grid @ [1, 2, 3] + 0.5, atol=1e-9)


def test_interpolation_weights_sum_to_one_over_existing_nodes():
    random = np.random.default_rng(1)
    points = np.concatenate([random.uniform(-1, 1, (50, 3)), [[1, 1, 1], [-1, -1, -1], [1, -1, 0]]])
    for nempty in (False, True):
        octree = one_shape(points, nempty=nempty)
        constant = torch.ones(octree.layers[4].count, 2, dtype=torch.float64)
        assert torch.allclose(octree.interpolate(constant), torch.ones(53, 2, dtype=torch.float64))


def test_neighbours_are_symmetric():
    points = np.random.default_rng(2).uniform(-1, 1, (100, 3))
    table = one_shape(points).layers[4].neighbours
    nodes = torch.arange(len(table))
    assert torch.equal(table[:, 13], nodes)
    for cell in range(27):
        there = table[:, cell]
        exists = there < len(table)
        assert torch.equal(table[there[exists], 26 - cell], nodes[exists])


@pytest.mark.parametrize("bad", [[[1.01, 0, 0]], [[float("nan"), 0, 0]]])
def test_points_outside_the_cube_are_an_error(bad):
    with pytest.raises(ValueError, match="normalise"):
        one_shape(bad)


def test_a_shape_without_points_is_an_error():
    points = torch.zeros(2, 3)
    with pytest.raises(ValueError, match=r"\[1, 0, 1\]"):
        build_octree(points, points, torch.tensor([0, 2]), 3, depth=3)


def test_shapes_in_disorder_are_an_error():
    points = torch.zeros(3, 3)
    with pytest.raises(ValueError, match="sort them"):
        build_octree(points, points, torch.tensor([0, 1, 0]), 2, depth=3)


@pytest.mark.parametrize("nempty", [False, True])
def test_interpolation_is_that_of_ocnn(nempty):
    random = np.random.default_rng(4)
    on_faces = random.choice([-1, -0.5, 0, 0.999], (99, 3))
    points = torch.from_numpy(np.concatenate([random.uniform(-1, 1, (300, 3)), on_faces]))
    index = torch.arange(2).repeat_interleave(torch.tensor([150, 249]))
    octree = build_octree(points, points, index, 2, depth=4, nempty=nempty)
    ocnn = import_ocnn()
    theirs = ocnn.octree.Octree(4, 2, 2)
    theirs.build_octree(ocnn.octree.Points(points, batch_id=index.view(-1, 1), batch_size=2))
    features = torch.from_numpy(random.normal(size=(octree.layers[4].count, 5)))
    # bound_check: without it ocnn takes cells beyond a face for those on the other side of the next
    expected = ocnn.nn.OctreeInterp("linear", nempty, bound_check=True)(features, theirs, 4,
                                                                         torch.cat([points, index.view(-1, 1)], 1))
    np.testing.assert_allclose(octree.interpolate(features), expected, atol=1e-9)


BROKEN = """
import sys, importlib.abc
class Broken(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "torchvision":
            raise {error}("operator torchvision::nms does not exist")
sys.meta_path.insert(0, Broken())
from partwise.nn.ocnn_adapter import import_ocnn
ocnn = import_ocnn()
import_ocnn().octree.Octree(3)
assert "torchvision" not in sys.modules and "torchvision.models" not in sys.modules
try:
    ocnn.models.image2shape.resnet18()
except {error}:
    print("deferred")
"""


@pytest.mark.parametrize("error", ["RuntimeError", "ModuleNotFoundError"])
def test_ocnn_imports_with_a_missing_or_broken_torchvision(error):
    done = subprocess.run([sys.executable, "-c", BROKEN.format(error=error)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "deferred"


def test_a_torchvision_that_is_imported_already_stays():
    code = ("import sys, types; fake = types.ModuleType('torchvision'); models = "
            "models = types.ModuleType('torchvision.models');"
            "models.resnet18 = print; fake.models = models;"
            "sys.modules.update({'torchvision': fake, 'torchvision.models': models});"
            "from partwise.nn.ocnn_adapter import import_ocnn; import_ocnn();"
            "assert sys.modules['torchvision'] is fake")
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
