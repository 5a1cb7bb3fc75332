from dataclasses import replace

import numpy as np
import pytest

from partwise.config import AugmentationConfig
from partwise.data.augmentation import augment, rotation_matrix
from partwise.data.sample import make_sample, take
from partwise.data.targets import centres
from partwise.errors import InputError
from partwise.mesh import estimate_normals
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


PLAIN = {"rotate": 0, "translate": 0, "scale": (0.6, 0.6)}


def test_a_turn_is_about_the_up_axis():
    sample = make_sample(shape())
    found = augment(sample, AugmentationConfig(**PLAIN, turn=180), np.random.default_rng(0))
    np.testing.assert_allclose(found.points[:, 1], 0.6 * sample.points[:, 1], atol=1e-6)
    np.testing.assert_allclose(found.normals[:, 1], sample.normals[:, 1], atol=1e-6)
    assert np.abs(found.points[:, 0] - 0.6 * sample.points[:, 0]).max() > 0.1


def test_normals_stay_perpendicular_under_a_stretch():
    random = np.random.default_rng(1)
    plane = random.uniform(-1, 1, (400, 2)) @ np.array([[1.0, 0.3, 0], [0, 0.5, 1]])
    normal = np.cross([1.0, 0.3, 0], [0, 0.5, 1])
    one = replace(shape(400), points=plane.astype(np.float32),
                  normals=np.tile(normal / np.linalg.norm(normal), (400, 1)).astype(np.float32))
    found = augment(make_sample(one), AugmentationConfig(**PLAIN, stretch=0.4, turn=90), np.random.default_rng(2))
    edges = found.points[1:] - found.points[:1]
    assert np.abs(edges @ found.normals[0]).max() < 1e-5
    np.testing.assert_allclose(np.linalg.norm(found.normals, axis=1), 1, atol=1e-6)
    for level in range(3):  # centres move with the points
        expected = centres(found.points, one.semantic[level], one.instance[level])
        np.testing.assert_allclose(found.instance_centre[level], expected[0], atol=1e-5)


def test_noise_and_losses_stay_within_their_bounds():
    sample = make_sample(shape(4000))
    noisy = augment(sample, AugmentationConfig(**PLAIN, jitter=0.01), np.random.default_rng(0))
    assert 1e-4 < np.std(noisy.points - 0.6 * sample.points) < 0.01
    np.testing.assert_array_equal(augment(sample, AugmentationConfig(**PLAIN), np.random.default_rng(0)).semantic,
                                  noisy.semantic)
    for changes in ({"missing": 0.5}, {"uneven": 0.8}):
        counts = [len(augment(sample, AugmentationConfig(**PLAIN, **changes), np.random.default_rng(seed)).points)
                  for seed in range(20)]
        assert min(counts) >= 0.5 * 4000
        assert len(set(counts)) > 10


def test_uneven_density_is_uneven():
    sample = make_sample(shape(4000))
    shifts = []
    for seed in range(10):
        found = augment(sample, AugmentationConfig(**PLAIN, uneven=1.0), np.random.default_rng(seed))
        shifts.append(np.linalg.norm(found.points.mean(0) / 0.6 - sample.points.mean(0)))
    assert max(shifts) > 0.06
    even = augment(sample, AugmentationConfig(**PLAIN, missing=1e-9, uneven=0), np.random.default_rng(0))
    assert np.linalg.norm(even.points.mean(0) / 0.6 - sample.points.mean(0)) < 1e-6


def test_normals_flipped_and_estimated():
    sample = make_sample(shape())
    flipped = augment(sample, AugmentationConfig(**PLAIN, flipped_normals=1), np.random.default_rng(0))
    signs = (flipped.normals * sample.normals).sum(1)
    np.testing.assert_allclose(np.abs(signs), 1, atol=1e-6)
    assert 0.3 < (signs < 0).mean() < 0.7
    estimated = augment(sample, AugmentationConfig(**PLAIN, estimated_normals=1), np.random.default_rng(0))
    np.testing.assert_allclose(np.linalg.norm(estimated.normals, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(estimated.normals, estimate_normals(estimated.points), atol=1e-6)


def test_a_tiny_sample_is_never_lost():
    sample = take(make_sample(shape()), np.arange(3))
    for seed in range(20):
        found = augment(sample, AugmentationConfig(**PLAIN, missing=1, uneven=1), np.random.default_rng(seed))
        assert len(found.points) == 3


@pytest.mark.parametrize("changes", [{"stretch": 1.0}, {"missing": 1.5}, {"jitter": -1}, {"scale": (1.2, 0.8)}])
def test_impossible_augmentations(changes):
    with pytest.raises(InputError, match="augmentation"):
        AugmentationConfig(**changes).check()


def test_the_published_augmentation_is_the_default():
    config = AugmentationConfig()
    assert (config.turn, config.stretch, config.jitter, config.uneven, config.missing, config.flipped_normals,
            config.estimated_normals) == (0,) * 7
