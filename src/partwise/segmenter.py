"""The class people use: a mesh or point cloud in, its parts at three levels out."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.spatial import cKDTree

from partwise.checkpoint import Checkpoint, load_checkpoint
from partwise.config import Device, GroupingConfig
from partwise.errors import InputError
from partwise.grouping.instances import LevelInstances, level_instances
from partwise.mesh import Mesh, PointCloud, as_geometry, estimate_normals, face_labels, sample
from partwise.nn.device import choose_device
from partwise.nn.network import LevelOutput
from partwise.normalisation import enclosing_ball
from partwise.segmentation import LevelSegmentation, Part, Segmentation
from partwise.taxonomy import Level, load_taxonomy


def group_outputs(outputs: list[LevelOutput], points: np.ndarray, config: GroupingConfig) -> list[LevelInstances]:
    """Instances of levels 1, 2, 3 of one shape from the network's outputs for its (N, 3) normalised points."""
    return [level_instances(points, _numpy(output.logits.softmax(1)), _numpy(output.instance_offset),
                            None if output.region_offset is None else _numpy(output.region_offset), config)
            for output in outputs]


def _numpy(tensor: torch.Tensor) -> np.ndarray:
    array: np.ndarray = tensor.detach().cpu().numpy()
    return array


class Segmenter:
    """A trained model of one category, ready to use.

    >>> segmenter = Segmenter.load("runs/chair")         # doctest: +SKIP
    >>> found = segmenter(trimesh.load("chair.glb"))     # doctest: +SKIP
    >>> [part.class_name for part in found.level(1).parts]  # doctest: +SKIP

    n_point : meshes are sampled to this many points, and larger clouds are thinned to them, so that the density
        is that of training; every point and face gets its label from its nearest neighbours among them.
    """

    def __init__(self, checkpoint: Checkpoint, device: Device = "auto", n_point: int | None = None,
                 grouping: GroupingConfig | None = None) -> None:
        self.config = checkpoint.config
        self.taxonomy = load_taxonomy(self.config.category)
        self.device = choose_device(device)
        self.network = checkpoint.network.to(self.device).eval()
        self.n_point = self.config.n_point if n_point is None else n_point
        self.grouping = grouping or self.config.grouping
        if self.n_point < 1:
            raise InputError(f"n_point is {self.n_point}, expected at least 1")

    @classmethod
    def load(cls, folder: str | Path, category: str | None = None, device: Device = "auto",
             n_point: int | None = None, grouping: GroupingConfig | None = None) -> "Segmenter":
        """Load a checkpoint or the best one of a training run; see ``load_checkpoint`` for the errors."""
        return cls(load_checkpoint(Path(folder), category), device, n_point, grouping)

    def __call__(self, geometry: Any, seed: int = 0) -> Segmentation:
        """Segment one shape.

        geometry : Mesh or PointCloud of partwise; trimesh's Trimesh, PointCloud or Scene; an array (N, 3) of points
            or (N, 6) of points and normals; or the path of a file
        seed : of sampling a mesh or thinning a cloud; the same seed gives the same answer
        """
        geometry = as_geometry(geometry)
        if isinstance(geometry, Mesh):
            return self._segment_mesh(geometry, seed)
        return self._segment_cloud(geometry, seed)

    def _segment_mesh(self, mesh: Mesh, seed: int) -> Segmentation:
        samples = sample(mesh, self.n_point, seed)
        found = self.instances(samples.points, samples.normals)
        levels = []
        for level, one in self._real(found):
            of_faces = face_labels(mesh, samples.face_index, samples.points, one.instance)
            levels.append(_level_segmentation(level, one, samples.points, one.instance, of_faces))
        return Segmentation(self.config.category, samples.points, samples.normals, mesh, tuple(levels))

    def _segment_cloud(self, cloud: PointCloud, seed: int) -> Segmentation:
        points = cloud.points
        normals = estimate_normals(points) if cloud.normals is None else cloud.normals
        chosen, nearest = _thin(points, self.n_point, seed)
        found = self.instances(points[chosen], normals[chosen])
        levels = [_level_segmentation(level, one, points, one.instance[nearest], None)
                  for level, one in self._real(found)]
        return Segmentation(self.config.category, points, normals, None, tuple(levels))

    def _real(self, found: list[LevelInstances]) -> list[tuple[Level, LevelInstances]]:
        return [(level, one) for level, one in zip(self.taxonomy.levels, found, strict=True) if level.is_real]

    def instances(self, points: np.ndarray, normals: np.ndarray) -> list[LevelInstances]:
        """Instances of levels 1, 2, 3 for exactly these points.

        points : (N, 3), any position and size
        normals : (N, 3) unit vectors, whose sign does not matter
        """
        normalised = enclosing_ball(points).normalise(points)
        return group_outputs(self.outputs(normalised, normals), normalised, self.grouping)

    @torch.no_grad()
    def outputs(self, points: np.ndarray, normals: np.ndarray) -> list[LevelOutput]:
        """What the network says of one shape's (N, 3) normalised points."""
        cloud = torch.from_numpy(points).to(self.device, torch.float32)
        directions = torch.from_numpy(np.ascontiguousarray(normals)).to(self.device, torch.float32)
        index = torch.zeros(len(cloud), dtype=torch.long, device=self.device)
        outputs: list[LevelOutput] = self.network(self.network.build_octree(cloud, directions, index, 1), cloud)
        return outputs


def _thin(points: np.ndarray, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of at most ``count`` points, and for every point the nearest of them."""
    if len(points) <= count:
        everything = np.arange(len(points))
        return everything, everything
    chosen = np.sort(np.random.default_rng(seed).choice(len(points), count, replace=False))
    return chosen, cKDTree(points[chosen]).query(points)[1]


def _level_segmentation(level: Level, found: LevelInstances, points: np.ndarray, instance: np.ndarray,
                        face_instance: np.ndarray | None) -> LevelSegmentation:
    face_semantic = None if face_instance is None else found.instance_class[face_instance]
    carried = np.unique(instance if face_instance is None else np.concatenate([instance, face_instance]))
    parts = []
    for number in carried.tolist():
        own = points[instance == number]
        class_id = int(found.instance_class[number])
        n_face = None if face_instance is None else int((face_instance == number).sum())
        parts.append(Part(number, class_id, level.names[class_id], float(found.confidence[number]), len(own), n_face,
                          np.stack([own.min(0), own.max(0)])))
    return LevelSegmentation(level.number, found.instance_class[instance], instance, face_semantic, face_instance,
                             tuple(parts))
