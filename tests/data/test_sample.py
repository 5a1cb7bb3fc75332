import numpy as np
import pytest

from partwise.config import AugmentationConfig
from partwise.data.sample import augment, make_sample, rotation_matrix, take
from partwise.data.targets import centres
from partwise.shape import Shape


def shape(count=300, seed=0):
    random = np.random.default_rng(seed)
    instance = np.sort(random.integers(-1, 5, (3, count)), axis=1).astype(np.int16)
    semantic = np.where(instance < 0, 0, 1 + instance // 2).astype(np.uint8)
    normals = random.normal(size=(count, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Shape((random.normal(size=(count, 3)) * [1, 2, 3] + 7).astype(np.float32), normals.astype(np.float32),
                 semantic, instance)


def test_samples_fill_the_unit_ball_and_their_centres_follow():
    one = shape()
    sample = make_sample(one)
    assert np.linalg.norm(sample.points, axis=1).max() == pytest.approx(1, abs=1e-6)
    for level in range(3):
        expected = centres(sample.points, one.semantic[level], one.instance[level])
        np.testing.assert_allclose(sample.instance_centre[level], expected[0], atol=1e-6)
        np.testing.assert_allclose(sample.region_centre[level], expected[1], atol=1e-6)


@pytest.mark.parametrize("angles", [(0.3, 0, 0), (0, 0.3, 0), (0, 0, 0.3), (0.1, -0.2, 0.3)])
def test_rotation_is_z_after_x_after_y(angles):
    def about(axis, angle):
        cos, sin = np.cos(angle), np.sin(angle)
        one, other = (axis + 1) % 3, (axis + 2) % 3
        matrix = np.eye(3)
        matrix[one, one] = matrix[other, other] = cos
        matrix[one, other], matrix[other, one] = -sin, sin
        return matrix

    expected = about(2, angles[2]) @ about(0, angles[0]) @ about(1, angles[1])
    np.testing.assert_allclose(rotation_matrix(np.array(angles)), expected, atol=1e-15)


def test_augmentation_against_float64_step_by_step():
    """Rotate, translate, scale, drop, with the same random numbers and plain float64."""
    config = AugmentationConfig(rotate=30, translate=0.2, scale=(1.1, 1.4))
    sample = make_sample(shape())
    found = augment(sample, config, np.random.default_rng(5))
    random = np.random.default_rng(5)
    rotation = rotation_matrix(np.radians(random.integers(-30, 30, 3)))
    shift, scale = random.uniform(-0.2, 0.2, 3), random.uniform(1.1, 1.4)
    points = np.array([(rotation @ p + shift) * scale for p in sample.points.astype(float)])
    kept = np.abs(points).max(1) <= 1
    assert 0 < kept.sum() < len(kept)
    np.testing.assert_allclose(found.points, points[kept], atol=1e-6)
    np.testing.assert_allclose(found.normals, (sample.normals @ rotation.T)[kept], atol=1e-6)
    np.testing.assert_array_equal(found.semantic, sample.semantic[:, kept])
    centre = np.array([[(rotation @ c + shift) * scale for c in level] for level in sample.instance_centre])
    np.testing.assert_allclose(found.instance_centre, centre[:, kept], atol=1e-6)


def test_centres_are_those_before_dropping():
    """A rigid transform commutes with taking centres as long as no point is lost."""
    sample = make_sample(shape())
    small = AugmentationConfig(scale=(0.5, 0.5))
    found = augment(sample, small, np.random.default_rng(0))
    assert len(found.points) == len(sample.points)
    one = shape()
    for level in range(3):
        expected = centres(found.points, one.semantic[level], one.instance[level])
        np.testing.assert_allclose(found.region_centre[level], expected[1], atol=1e-5)


def test_rotations_are_whole_degrees_in_range():
    sample = take(make_sample(shape()), np.arange(50))
    degrees = set()
    for seed in range(60):
        found = augment(sample, AugmentationConfig(rotate=2, translate=0, scale=(0.5, 0.5)),
                        np.random.default_rng(seed))
        rotation = np.linalg.lstsq(sample.points.astype(float), found.points * 2.0, rcond=None)[0].T
        degrees.add(int(np.round(np.degrees(np.arcsin(rotation[2, 1])))))
    assert degrees == {-2, -1, 0, 1}


def test_a_sample_that_would_vanish_stays():
    sample = take(make_sample(shape()), [int(np.abs(make_sample(shape()).points).max(1).argmax())])
    found = augment(sample, AugmentationConfig(scale=(5, 5), rotate=0, translate=0), np.random.default_rng(0))
    assert found is sample


def test_nothing_is_changed_by_an_augmentation_of_nothing():
    sample = make_sample(shape())
    found = augment(sample, AugmentationConfig(0, 0, (1, 1)), np.random.default_rng(0))
    np.testing.assert_allclose(found.points, sample.points, atol=1e-7)
