"""Random changes of a training sample: those of the published method, and others that scans and meshes call for."""

from dataclasses import replace

import numpy as np

from partwise.config import AugmentationConfig
from partwise.data.sample import Sample, take
from partwise.mesh import estimate_normals

_FEWEST = 16  # points that losses leave at least, or all of a smaller sample


def augment(sample: Sample, config: AugmentationConfig, random: np.random.Generator) -> Sample:
    """Rotate, translate, scale, and drop what leaves the unit cube, as the released system does; then degrade.

    Centres are those of the whole shape, moved by the same transform; normals turn only, and with a stretch stay
    perpendicular to the surface. Where no point would stay in the cube, the sample is returned as it was.
    """
    moved = _transform(sample, config, random)
    kept = np.abs(moved.points).max(1) <= 1
    if not kept.any():
        return sample
    moved = moved if kept.all() else take(moved, kept)
    return _new_normals(_jitter(_lose_points(moved, config, random), config, random), config, random)


def _transform(sample: Sample, config: AugmentationConfig, random: np.random.Generator) -> Sample:
    linear = rotation_matrix(np.radians(_whole_degrees(config.rotate, random)))
    shift = random.uniform(-config.translate, config.translate, 3)
    scale = random.uniform(*config.scale)
    if config.turn > 0 or config.stretch > 0:
        angle = np.radians(random.uniform(-config.turn, config.turn))
        stretch = random.uniform(1 - config.stretch, 1 + config.stretch, 3)
        linear = linear @ np.diag(stretch) @ rotation_matrix(np.array([0.0, angle, 0.0]))
    if config.mirror and random.random() < 0.5:
        linear = linear @ np.diag([-1.0, 1.0, 1.0])

    def move(positions: np.ndarray) -> np.ndarray:
        return ((positions @ linear.T + shift) * scale).astype(np.float32)

    normals = sample.normals @ np.linalg.inv(linear)  # of a rotation the inverse is the transpose
    if config.stretch > 0:
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return replace(sample, points=move(sample.points), normals=normals.astype(np.float32),
                   instance_centre=move(sample.instance_centre), region_centre=move(sample.region_centre))


def _lose_points(sample: Sample, config: AugmentationConfig, random: np.random.Generator) -> Sample:
    """Uneven density and missing patches."""
    count = len(sample.points)
    kept = np.ones(count, bool)
    if config.uneven > 0:
        along = sample.points @ _direction(random)
        rank = np.argsort(np.argsort(along)) / count
        kept &= random.random(count) >= random.uniform(0, config.uneven) * rank
    if config.missing > 0:
        patches = int(random.integers(1, 5))
        for share in random.uniform(0, config.missing, patches) / patches:
            distance = np.linalg.norm(sample.points - sample.points[random.integers(count)], axis=1)
            kept[np.argsort(distance)[:int(share * count)]] = False
    return sample if kept.all() or kept.sum() < min(_FEWEST, count) else take(sample, kept)


def _jitter(sample: Sample, config: AugmentationConfig, random: np.random.Generator) -> Sample:
    if config.jitter <= 0:
        return sample
    noise = random.normal(0, random.uniform(0, config.jitter), sample.points.shape)
    return replace(sample, points=(sample.points + noise).clip(-1, 1).astype(np.float32))


def _new_normals(sample: Sample, config: AugmentationConfig, random: np.random.Generator) -> Sample:
    if config.estimated_normals > 0 and random.random() < config.estimated_normals:
        return replace(sample, normals=estimate_normals(sample.points).astype(np.float32))
    if config.flipped_normals > 0 and random.random() < config.flipped_normals:
        signs = random.choice([-1.0, 1.0], (len(sample.points), 1))
        return replace(sample, normals=(sample.normals * signs).astype(np.float32))
    return sample


def _direction(random: np.random.Generator) -> np.ndarray:
    vector = random.normal(size=3)
    direction: np.ndarray = vector / np.linalg.norm(vector)
    return direction


def rotation_matrix(angles: np.ndarray) -> np.ndarray:
    """(3, 3) Rz Rx Ry for angles about x, y, z in radians; acts on column vectors."""
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles), np.sin(angles)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    rotation: np.ndarray = about_z @ about_x @ about_y
    return rotation


def _whole_degrees(limit: int, random: np.random.Generator) -> np.ndarray:
    return random.integers(-limit, limit, 3) if limit > 0 else np.zeros(3)
