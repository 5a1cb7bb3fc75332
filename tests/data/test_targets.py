import numpy as np

from partwise.data.targets import centres


def brute_force(points, semantic, instance):
    instance_centre, region_centre, size = np.zeros((len(points), 3)), np.zeros((len(points), 3)), np.zeros(len(points))
    for point in range(len(points)):
        own = (semantic == semantic[point]) & (instance == instance[point])
        instance_centre[point] = points[own].mean(0)
        members = {i: points[(semantic == semantic[point]) & (instance == i)].mean(0)
                   for i in set(instance[semantic == semantic[point]])}
        region_centre[point] = np.mean(list(members.values()), axis=0)
        size[point] = own.sum()
    return instance_centre, region_centre, size


def test_agrees_with_the_released_system(golden):
    case = np.load(golden / "losses.npz")
    for shape in range(3):
        own = case["batch_index"] == shape
        found = centres(case["points"][own], case["semantic"][own], case["instance"][own])
        np.testing.assert_allclose(found[0], case["instance_centre"][own], atol=1e-5)
        np.testing.assert_allclose(found[1], case["region_centre"][own], atol=1e-5)


def test_against_loops_with_gaps_in_the_ids():
    random = np.random.default_rng(0)
    instance = random.choice([-1, 0, 3, 7, 8], 200)
    semantic = np.array([{-1: 0, 0: 1, 3: 2, 7: 2, 8: 2}[i] for i in instance])
    points = random.normal(size=(200, 3))
    for found, expected in zip(centres(points, semantic, instance), brute_force(points, semantic, instance),
                               strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_region_centre_does_not_weigh_by_points():
    points = np.array([[0, 0, 0], [0, 0, 0], [0, 0, 0], [1, 0, 0]], float)
    _, region, size = centres(points, np.ones(4, int), np.array([0, 0, 0, 1]))
    np.testing.assert_allclose(region, [[0.5, 0, 0]] * 4)
    np.testing.assert_array_equal(size, [3, 3, 3, 1])


def test_one_point_and_none():
    one = centres(np.array([[1.0, 2, 3]]), np.array([2]), np.array([0]))
    np.testing.assert_array_equal(one[0], [[1, 2, 3]])
    np.testing.assert_array_equal(one[1], [[1, 2, 3]])
    assert centres(np.empty((0, 3)), np.empty(0, int), np.empty(0, int))[0].shape == (0, 3)
