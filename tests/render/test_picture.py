"""Facts about pictures."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partwise import InputError
from partwise.mesh import Mesh, PointCloud
from partwise.render import ColouredMesh, ColouredPoints, View, draw
from partwise.render.picture import expose
from partwise.render.scene import ball_radius
from tests.render.shapes import BLUE, RED, box_of, cube, seen

LEVEL = View(azimuth=0, elevation=0)


def test_an_empty_scene_is_background():
    assert (draw([], 32) == 255).all()
    assert draw([], 32).shape == (32, 32, 3)
    assert (draw([], 32, transparent=True)[..., 3] == 0).all()


def test_what_is_in_front_hides_what_is_behind():
    front, behind = ColouredMesh(cube((0, 0, 2)), RED), ColouredMesh(cube((0, 0, -2)), BLUE)
    for items in ([front, behind], [behind, front]):
        pixels = draw(items, 64, LEVEL)
        assert (pixels[seen(pixels)][:, 0] > pixels[seen(pixels)][:, 2]).all()
    from_behind = draw([front, behind], 64, View(180, 0))
    assert (from_behind[seen(from_behind)][:, 2] > from_behind[seen(from_behind)][:, 0]).all()


def test_points_and_meshes_hide_each_other():
    points = PointCloud(np.random.default_rng(0).uniform(-0.4, 0.4, (300, 3)))
    inside = draw([ColouredMesh(cube(), RED), ColouredPoints(points, BLUE)], 48)
    assert np.array_equal(inside, draw([ColouredMesh(cube(), RED)], 48))
    before = PointCloud(points.points + np.array([0, 0, 2]))
    outside = draw([ColouredMesh(cube(), RED), ColouredPoints(before, BLUE)], 48, LEVEL)
    assert np.array_equal(outside, draw([ColouredPoints(before, BLUE), ColouredMesh(cube(), RED)], 48, LEVEL))
    middle = outside[20:28, 20:28].reshape(-1, 3).astype(int)
    assert (middle[:, 2] > middle[:, 0]).any()


@pytest.mark.parametrize("view", [LEVEL, View(), View(-100, -50), View(20, 90), View(0, 0, 90)])
@pytest.mark.parametrize("offset", [0.0, 1e4])
def test_the_silhouette_is_centred_and_framed(view, offset):
    mesh = Mesh(cube().vertices * [1, 2, 0.5] + offset, cube().faces)
    top, bottom, left, right = box_of(seen(draw([ColouredMesh(mesh)], 100, view)))
    assert abs(top + bottom - 99) <= 1
    assert abs(left + right - 99) <= 1
    assert abs(max(bottom - top, right - left) + 1 - 88) <= 1


def test_points_are_framed_with_their_balls():
    cloud = ColouredPoints(PointCloud(np.array([[0, 0, 0], [1, 0, 0.0]])), radius=0.5)
    top, bottom, left, right = box_of(seen(draw([cloud], 100, LEVEL)))
    assert (left, right) == (6, 93)
    assert abs((bottom - top) - (right - left) / 2) <= 2


def test_the_same_picture_again():
    cloud = ColouredPoints(PointCloud(np.random.default_rng(0).normal(size=(500, 3))))
    first = draw([ColouredMesh(cube()), cloud], 64)
    assert np.array_equal(first, draw([ColouredMesh(cube()), cloud], 64))
    assert len(np.unique(first)) > 20


@given(st.floats(1e-6, 1e6), st.tuples(*[st.floats(-1e3, 1e3)] * 3))
@settings(max_examples=10, deadline=None)
def test_size_and_place_do_not_matter(scale, offset):
    moved = Mesh((cube().vertices + np.array(offset)) * scale, cube().faces)
    one, other = draw([ColouredMesh(cube())], 32), draw([ColouredMesh(moved)], 32)
    assert (np.abs(one.astype(int) - other) > 8).mean() < 0.02


def test_a_mirrored_shape_from_the_mirrored_side_has_the_mirrored_silhouette():
    tetrahedron = np.array([[0, 0, 0], [1, 0, 0], [0.2, 2, 0], [0, 0.3, 1.5]])
    faces = np.array([[0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3]])
    one = seen(draw([ColouredMesh(Mesh(tetrahedron, faces))], 80, View(30, 20)))
    other = seen(draw([ColouredMesh(Mesh(tetrahedron * [-1, 1, 1], faces))], 80, View(-30, 20)))
    assert not np.array_equal(one, one[:, ::-1])
    assert (one != other[:, ::-1]).mean() < 0.002


def test_views_look_from_where_they_say():
    marks = [ColouredMesh(cube(place, 0.2), colour) for place, colour in
             (((1, 0, 0), (255, 0, 0)), ((0, 1, 0), (0, 255, 0)), ((0, 0, 1), (0, 0, 255)))]

    def middle_of(channel, view):
        image = draw(marks, 90, view).astype(int)
        rows, columns = np.nonzero((image[..., channel] > image[..., (channel + 1) % 3] + 40)
                                   & (image[..., channel] > image[..., (channel + 2) % 3] + 40))
        return rows.mean(), columns.mean()

    assert middle_of(0, LEVEL)[1] > middle_of(2, LEVEL)[1] + 30  # x to the right
    assert middle_of(1, LEVEL)[0] < middle_of(2, LEVEL)[0] - 30  # y up
    assert middle_of(2, View(90, 0))[1] < middle_of(0, View(90, 0))[1] - 30  # from the right, the front is left
    assert middle_of(2, View(0, 80))[0] > middle_of(0, View(0, 80))[0] + 30  # from above, the front is below


def test_a_transparent_background():
    solid, glass = draw([ColouredMesh(cube(), RED)], 60), draw([ColouredMesh(cube(), RED)], 60, transparent=True)
    assert glass.shape == (60, 60, 4)
    assert glass[0, 0, 3] == 0
    assert glass[30, 30, 3] == 255
    assert ((glass[..., 3] > 0) & (glass[..., 3] < 255)).any()  # smooth edges
    share = glass[..., 3:] / 255
    assert np.abs(glass[..., :3] * share + 255 * (1 - share) - solid).max() <= 1


def test_light_comes_from_above_and_shadows_fall():
    def brightness(items, rows):
        return draw(items, 60, View(0, 60))[rows, 28:32].mean()

    bare = brightness([ColouredMesh(cube())], slice(25, 30))
    side = brightness([ColouredMesh(cube())], slice(45, 50))
    assert bare > side + 30
    floor, roof = Mesh(cube().vertices * [4, 0.1, 4], cube().faces), cube((0, 0.6, 0))
    upper = np.flatnonzero((floor.vertices[floor.faces][..., 1] > 0).all(1))
    assert len(upper) == 2
    bare, covered = (expose([ColouredMesh(floor), *above], 60, View(0, 20)) for above in ([], [ColouredMesh(roof)]))
    open_sky = bare.light[np.isin(bare.ids, upper)]
    assert open_sky.min() > 0.9  # nothing shades itself
    assert covered.light[np.isin(covered.ids, upper)].min() < 0.6


def test_the_winding_does_not_matter():
    turned = Mesh(cube().vertices, cube().faces[:, ::-1])
    assert np.array_equal(draw([ColouredMesh(cube())], 40), draw([ColouredMesh(turned)], 40))


def test_one_point():
    for point in ([0.0, 0, 0], [1e6, -3, 2]):
        image = draw([ColouredPoints(PointCloud(np.array([point])), RED)], 50)
        top, bottom, left, right = box_of(seen(image))
        assert 40 <= bottom - top <= 50
        assert abs((bottom - top) - (right - left)) <= 1
        assert image[25, 25, 0] > image[25, 25, 2]


def test_equal_points():
    assert seen(draw([ColouredPoints(PointCloud(np.ones((20, 3))))], 50)).any()


@pytest.mark.parametrize("vertices", [np.zeros((3, 3)), np.eye(3)[[0, 0, 1]], np.arange(9.0).reshape(3, 3)])
def test_a_mesh_without_area_is_almost_nothing(vertices):
    image = draw([ColouredMesh(Mesh(vertices, np.array([[0, 1, 2]])))], 40)
    assert seen(image).mean() < 0.1


@pytest.mark.parametrize("factor", [1e-200, 1e200])
def test_extreme_units(factor):
    huge = Mesh(cube().vertices * factor, cube().faces)
    assert np.array_equal(seen(draw([ColouredMesh(huge)], 40)), seen(draw([ColouredMesh(cube())], 40)))
    points = ColouredPoints(PointCloud(cube().vertices * factor), radius=0.2 * factor)
    assert seen(draw([points], 40)).any()


def test_vertices_that_no_face_uses_do_not_matter():
    more = Mesh(np.concatenate([cube().vertices, [[1e300, -1e300, 7]]]), cube().faces)
    assert np.array_equal(draw([ColouredMesh(more)], 40), draw([ColouredMesh(cube())], 40))


def test_curved_surfaces_are_smooth_and_edges_sharp():
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    ring = np.stack([np.cos(angle), np.zeros(24), np.sin(angle)], 1)
    index, following = np.arange(24), np.roll(np.arange(24), -1)
    faces = np.concatenate([np.stack([index, index + 24, following], 1),
                            np.stack([following, index + 24, following + 24], 1)])
    tube = ColouredMesh(Mesh(np.concatenate([ring, ring + np.array([0, 2, 0])]), faces))
    row = draw([tube], 200, LEVEL)[100, :, 0].astype(int)
    across = row[row < 255][4:-4]
    assert np.ptp(across) > 30
    assert np.abs(np.diff(across)).max() < 6  # 24 flat sides would show as steps
    light = expose([ColouredMesh(cube())], 100)
    assert len(np.unique(np.round(light.light[light.ids >= 0], 1))) >= 3


def test_many_triangles_take_seconds_at_most():
    grid = np.stack(np.meshgrid(np.linspace(0, 1, 101), np.linspace(0, 1, 101)), -1).reshape(-1, 2)
    height = 0.1 * np.sin(9 * grid).prod(1)
    corner = (np.arange(100)[:, None] * 101 + np.arange(100)).ravel()
    faces = np.concatenate([np.stack([corner, corner + 1, corner + 102], 1),
                            np.stack([corner, corner + 102, corner + 101], 1)])
    start = time.perf_counter()
    image = draw([ColouredMesh(Mesh(np.stack([grid[:, 0], height, grid[:, 1]], 1), faces))], 600, View(35, 50))
    assert time.perf_counter() - start < 15
    assert seen(image).mean() > 0.2


@pytest.mark.parametrize("size", [15, 2049, -1])
def test_impossible_sizes(size):
    with pytest.raises(InputError, match="16 to 2048"):
        draw([], size)


@pytest.mark.parametrize(("arguments", "what"), [
    ({"elevation": 91}, "elevation"), ({"azimuth": float("nan")}, "azimuth"),
    ({"elevation": float("nan")}, "elevation"), ({"field_of_view": 0}, "field of view")])
def test_impossible_views(arguments, what):
    with pytest.raises(InputError, match=what):
        View(**arguments)


@pytest.mark.parametrize("colours", [np.zeros((11, 3), np.uint8), np.zeros((12, 3)), (1, 2, 256), (0.5, 0.5, 0.5), ()])
def test_impossible_colours(colours):
    with pytest.raises(InputError, match="colours"):
        ColouredMesh(cube(), colours)


def test_impossible_radii():
    with pytest.raises(InputError, match="radius"):
        ColouredPoints(PointCloud(np.zeros((1, 3))), radius=0.0)


def test_balls_are_as_large_as_the_points_are_sparse():
    points = np.stack(np.meshgrid(np.arange(40.0), np.arange(40.0), [0.0]), -1).reshape(-1, 3)
    assert ball_radius(points) == pytest.approx(0.65)
    assert ball_radius(points * 3) == pytest.approx(1.95)
    assert ball_radius(points[:1]) == 1
