"""A trained (very small) model on meshes and clouds, ordinary and ugly."""


import numpy as np
import pytest
import torch
import trimesh

from partwise.errors import InputError
from partwise.mesh import Mesh, PointCloud, read_geometry
from partwise.orientation import upright
from partwise.segmenter import Segmenter


@pytest.fixture(scope="module")
def segmenter(trained):
    return Segmenter.load(trained, device="cpu")


def check(found, n_point):
    """What holds of every segmentation."""
    assert [level.level for level in found.levels] == [1, 2, 3]
    for level in found.levels:
        assert level.semantic.shape == level.instance.shape == (n_point,)
        assert [part.id for part in level.parts] == sorted({part.id for part in level.parts})
        total = 0
        for part in level.parts:
            own = level.instance == part.id
            assert own.sum() == part.n_point
            total += part.n_point
            assert (level.semantic[own] == part.class_id).all()
            if part.n_point:
                np.testing.assert_array_equal(part.box, [found.points[own].min(0), found.points[own].max(0)])
        assert total == n_point
        if found.mesh is not None:
            assert level.face_instance.shape == (len(found.mesh.faces),)
            assert sum(part.n_face for part in level.parts) == len(found.mesh.faces)


def test_a_mesh(segmenter, chair_h5):
    path = next(chair_h5.parent.joinpath("meshes").glob("*.glb"))
    found = segmenter(path)
    check(found, segmenter.n_point)
    np.testing.assert_array_equal(found.source_face, np.arange(len(found.mesh.faces)))
    split = segmenter(path, split=True)
    check(split, segmenter.n_point)
    assert len(split.mesh.faces) > len(found.mesh.faces)
    np.testing.assert_array_equal(np.unique(split.source_face), np.arange(len(found.mesh.faces)))


def test_the_same_seed_gives_the_same_answer(segmenter, chair_h5):
    mesh = read_geometry(next(chair_h5.parent.joinpath("meshes").glob("*.glb")))
    one, same, other = segmenter(mesh, 1), segmenter(mesh, 1), segmenter(mesh, 2)
    np.testing.assert_array_equal(one.points, same.points)
    np.testing.assert_array_equal(one.level(3).instance, same.level(3).instance)
    assert not np.array_equal(one.points, other.points)


def test_position_and_size_do_not_matter(segmenter):
    random = np.random.default_rng(0)
    points = random.uniform(-1, 1, (200, 3))
    normals = random.normal(size=(200, 3))
    near = segmenter(PointCloud(points, normals))
    far = segmenter(PointCloud(points * 1000 + [5e3, 0, -2e3], normals))
    np.testing.assert_array_equal(near.level(1).semantic, far.level(1).semantic)


def test_what_people_hold_in_their_hands(segmenter):
    box = trimesh.creation.box()
    check(segmenter(box), segmenter.n_point)
    check(segmenter(trimesh.Scene([box])), segmenter.n_point)
    random = np.random.default_rng(0)
    check(segmenter(random.random((60, 3))), 60)
    check(segmenter(random.random((60, 6))), 60)
    check(segmenter(trimesh.PointCloud(random.random((60, 3)))), 60)
    with pytest.raises(InputError, match=r"an array of shape \(60, 2\)"):
        segmenter(random.random((60, 2)))
    with pytest.raises(InputError, match="dict"):
        segmenter({})


@pytest.mark.parametrize("points", [[[1, 2, 3]], [[0, 0, 0], [1, 1, 1]], [[5, 5, 5]] * 40,
                                    [[i, 0, 0] for i in range(30)]],
                         ids=["one point", "two points", "all equal", "on a line"])
def test_degenerate_clouds(segmenter, points):
    check(segmenter(np.array(points, float)), len(points))


def test_a_cloud_larger_than_asked_for_gets_a_label_everywhere(trained):
    segmenter = Segmenter.load(trained, device="cpu", n_point=300)
    random = np.random.default_rng(0)
    points = random.uniform(-1, 1, (5000, 3))
    found = segmenter(points)
    check(found, 5000)
    chosen = segmenter.prepare(points).chosen
    assert 300 - segmenter.config.n_point < len(chosen) <= 300
    for index in random.integers(0, 5000, 50):
        nearest = chosen[np.linalg.norm(points[chosen] - points[index], axis=1).argmin()]
        assert found.level(1).instance[index] == found.level(1).instance[nearest]


def test_the_network_sees_sets_of_the_size_of_training(segmenter):
    size = segmenter.config.n_point
    points = np.random.default_rng(0).uniform(-1, 1, (3 * size + 1, 3))
    prepared = segmenter.prepare(points)
    assert prepared.n_set == 3
    assert len(np.unique(prepared.chosen)) == len(prepared.chosen) == 3 * size
    np.testing.assert_array_equal(prepared.nearest[prepared.chosen], np.arange(3 * size))
    outputs = segmenter.outputs([prepared])[0]
    for number in range(3):
        own = slice(number * size, (number + 1) * size)
        alone = segmenter.network_outputs([prepared.normalised[own]], [prepared.directions[own]])[0]
        for one, other in zip(outputs, alone, strict=True):
            assert torch.allclose(one.logits[own], other.logits, atol=1e-5)
            assert torch.allclose(one.region_offset[own], other.region_offset, atol=1e-5)


@pytest.mark.slow
def test_a_million_points(segmenter):
    check(segmenter(np.random.default_rng(0).uniform(-1, 1, (1_000_000, 3))), 1_000_000)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_coordinates_that_are_no_numbers(segmenter, bad):
    points = np.zeros((20, 3))
    points[3, 1] = bad
    with pytest.raises(InputError, match=r"of 20 points.* 1 have"):
        segmenter(points)


def test_meshes_without_surface(segmenter):
    with pytest.raises(InputError, match="area"):
        segmenter(Mesh(np.zeros((3, 3)), np.array([[0, 1, 2]])))
    with pytest.raises(InputError):
        segmenter(Mesh(np.zeros((0, 3)), np.zeros((0, 3), int)))


def test_unknown_level_and_device(segmenter, trained):
    found = segmenter(np.random.default_rng(0).random((30, 3)))
    with pytest.raises(KeyError, match="not 4"):
        found.level(4)
    if not torch.cuda.is_available():
        with pytest.raises(InputError, match="not available"):
            Segmenter.load(trained, device="cuda")
    with pytest.raises(InputError, match="n_point is 0"):
        Segmenter.load(trained, device="cpu", n_point=0)


def test_a_shape_gets_the_same_in_any_batch(segmenter):
    random = np.random.default_rng(0)
    shapes = [segmenter.prepare(random.normal(size=(count, 3))) for count in (300, 5, 700)]
    together = segmenter.outputs(shapes)
    for shape, outputs in zip(shapes, together, strict=True):
        for one, alone in zip(outputs, segmenter.outputs([shape])[0], strict=True):
            assert one.logits.shape[0] == len(shape.chosen)
            assert torch.allclose(one.logits, alone.logits, atol=1e-5)
            assert torch.allclose(one.instance_offset, alone.instance_offset, atol=1e-5)
            assert torch.allclose(one.region_offset, alone.region_offset, atol=1e-5)


@pytest.mark.parametrize("up", ["z", "-x", "guess"])
def test_a_shape_lying_down_has_the_parts_of_one_that_stands(segmenter, chair_h5, up):
    """For a guess it is only asked that turning the input does not matter: the model here knows next to nothing."""
    mesh = read_geometry(next(chair_h5.parent.joinpath("meshes").glob("*.glb")))
    cloud = segmenter(mesh)
    rotation = upright("z" if up == "guess" else up)
    lying = PointCloud(cloud.points @ rotation, cloud.normals @ rotation)
    standing = segmenter(PointCloud(cloud.points, cloud.normals), up="guess" if up == "guess" else "y")
    found = segmenter(lying, up=up)
    for one, other in zip(found.levels, standing.levels, strict=True):
        assert (one.semantic == other.semantic).mean() > 0.99  # a point may lie on a cell's border
    np.testing.assert_array_equal(found.points, lying.points)
    assert found.up == up or (up == "guess" and found.to_dict()["up"] in {"x", "-x", "y", "-y", "z", "-z"})


@pytest.mark.parametrize("scale", [1e38, 1e300])
def test_coordinates_that_no_file_holds(segmenter, scale):
    with pytest.raises(InputError, match="scale the shape down"):
        segmenter(scale * np.random.default_rng(0).normal(size=(300, 3)))
