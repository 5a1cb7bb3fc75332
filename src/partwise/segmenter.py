"""The class people use: a mesh or point cloud in, its parts at three levels out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.spatial import cKDTree

from partwise.checkpoint import Checkpoint
from partwise.config import N_POINT, Device, GroupingConfig, ModelConfig, Up
from partwise.errors import InputError
from partwise.grouping.confidence import expected_iou, instance_features
from partwise.grouping.instances import LevelInstances, LevelPrediction, level_instances
from partwise.grouping.tree import tree_instances
from partwise.mesh import Mesh, Samples, as_geometry, check_size, normals_of, sample
from partwise.models import load_model
from partwise.nn.blocks import folded
from partwise.nn.device import choose_device
from partwise.nn.network import LevelOutput, Network
from partwise.normalisation import enclosing_ball
from partwise.orientation import all_rotations, up_axis, upright
from partwise.result.assembly import label_surface, level_segmentation
from partwise.result.segmentation import Segmentation
from partwise.shape import drawn_rows
from partwise.taxonomy import Taxonomy, taxonomy_of


@dataclass(frozen=True)
class Prepared:
    """A shape ready for the network.

    points, normals : (N, 3) of the result, in the units of the input: a cloud's own points, or samples of a mesh
    mesh, samples : the input and its samples, if it was a mesh
    n_set : number of sets in which the network sees points, each by itself
    chosen : (M,) rows of the points that the network sees, set after set, all of one size
    nearest : (N,) the place among ``chosen`` of the one nearest to each point
    piece : (M,) connected piece of the mesh that each chosen point was sampled on; None for a point cloud
    rotation : (3, 3) for column vectors, turns the input upright
    normalised, directions : (M, 3) the chosen points in the unit ball, and their normals, both upright
    """

    points: np.ndarray
    normals: np.ndarray
    mesh: Mesh | None
    samples: Samples | None
    n_set: int
    chosen: np.ndarray
    nearest: np.ndarray
    piece: np.ndarray | None
    rotation: np.ndarray
    normalised: np.ndarray
    directions: np.ndarray


class Segmenter:
    """A trained model of one category, ready to use.

        segmenter = Segmenter.load("chair")
        found = segmenter("chair.glb")
        names = [part.class_name for part in found.level(1).parts]

    A call does ``prepare``, ``outputs`` and ``finish`` one after the other; ``overlap`` does them for many shapes
    at the same time.

    n_point : meshes are sampled to this many points, and larger clouds are thinned to them; 10,000, or if it is more
        the number of training, if not given. The network sees them in sets of as many as in training, so that the
        density is the same, and the votes of all sets are grouped together. What is left over, less than a set, and
        the points and faces beyond get their labels from their nearest neighbours.
    batch_size : sets that keep the device busy: one on a CPU, eight on a GPU
    """

    def __init__(self, checkpoint: Checkpoint, device: Device = "auto", n_point: int | None = None,
                 grouping: GroupingConfig | None = None) -> None:
        self.config: ModelConfig = checkpoint.config
        self.taxonomy: Taxonomy = taxonomy_of(self.config.category, self.config.taxonomy)
        self.device: torch.device = choose_device(device)
        self.network: Network = folded(checkpoint.network, self.device)
        self.n_point: int = max(N_POINT, self.config.n_point) if n_point is None else n_point
        self.grouping: GroupingConfig = grouping or self.config.grouping
        self.batch_size: int = batch_size_on(self.device)
        self.grouping.check()
        self.iou_fit: tuple[tuple[float, ...], ...] = self.config.iou_fit or ()
        if self.n_point < 1:
            raise InputError(f"n_point is {self.n_point}, expected at least 1")
        if self.grouping.confidence == "learned" and not self.iou_fit:
            raise InputError("this model has learnt no confidences; choose confidence 'entropy', or train with a val "
                             "split and --grouping.confidence learned")

    @classmethod
    def load(cls, model: str | Path, category: str | None = None, device: Device = "auto",
             n_point: int | None = None, grouping: GroupingConfig | None = None) -> "Segmenter":
        """Load a model that comes with partwise by its name, a checkpoint, or the best one of a training run.

        See ``load_model`` for the errors; `partwise models` lists the names.
        """
        return cls(load_model(model, category), device, n_point, grouping)

    def __call__(self, geometry: Any, seed: int = 0, up: Up = "y", split: bool = False) -> Segmentation:
        """Segment one shape.

        geometry : Mesh or PointCloud of partwise; trimesh's Trimesh, PointCloud or Scene; an array (N, 3) of points
            or (N, 6) of points and normals; or the path of a file
        seed : of sampling a mesh or thinning a cloud; the same seed gives the same answer
        up : the axis of the input that points up; "guess" takes the position, of all that turn axes to axes, in
            which the network is surest
        split : cut the faces of a mesh that span several parts, so that parts end where they should; else each face is
            of one part
        """
        prepared = self.prepare(geometry, seed, up)
        return self.finish(prepared, self.outputs([prepared])[0], split)

    def prepare(self, geometry: Any, seed: int = 0, up: Up = "y") -> Prepared:
        """Read, sample or thin, turn upright and normalise one shape; the arguments are those of a call."""
        geometry = as_geometry(geometry)
        mesh, samples, piece = None, None, None
        if isinstance(geometry, Mesh):
            mesh, samples = geometry, sample(geometry, self.n_point, seed)
            points, normals = samples.points, samples.normals
        else:
            points, normals = geometry.points, normals_of(geometry)
        check_size(points)
        count = min(len(points), self.n_point)
        size = min(self.config.n_point, count)
        n_set = count // size
        chosen, nearest = _dealt(points, n_set, size, seed)
        if mesh is not None and samples is not None and self.grouping.connectivity:
            piece = mesh.pieces[samples.face_index[chosen]]
        normalised, directions = _normalised(points[chosen]), normals[chosen]
        rotation = self._surest(normalised[:size], directions[:size]) if up == "guess" else upright(up)
        return Prepared(points, normals, mesh, samples, n_set, chosen, nearest, piece, rotation,
                        _turned(normalised, rotation), _turned(directions, rotation))

    def _surest(self, points: np.ndarray, normals: np.ndarray) -> np.ndarray:
        """The rotation after which the instances of the points have the greatest mean confidence, over all levels."""
        def confidence(rotation: np.ndarray) -> float:
            turned = _turned(points, rotation)
            found = self.group(turned, self.network_outputs([turned], [_turned(normals, rotation)])[0])
            return -sum(float(level.uncertainty.mean()) for level in found)

        best: np.ndarray = max(all_rotations(), key=confidence)
        return best

    def outputs(self, shapes: Sequence[Prepared]) -> list[list[LevelOutput]]:
        """What the network says of the points of each shape that it sees, at levels 1, 2, 3."""
        sets = [pair for shape in shapes for pair in zip(np.split(shape.normalised, shape.n_set),
                                                         np.split(shape.directions, shape.n_set), strict=True)]
        batches = (sets[start:start + self.batch_size] for start in range(0, len(sets), self.batch_size))
        found = iter([outputs for batch in batches for outputs in self.network_outputs(*zip(*batch, strict=True))])
        return [[LevelOutput.joined(level) for level in zip(*islice(found, shape.n_set), strict=True)]
                for shape in shapes]

    @torch.inference_mode()
    def network_outputs(self, points: Sequence[np.ndarray], normals: Sequence[np.ndarray]) -> list[list[LevelOutput]]:
        """The same, for arrays (N, 3) of normalised points and of their normals, a pair a shape."""
        sizes = [len(one) for one in points]
        cloud, directions = (torch.from_numpy(np.concatenate(arrays)).to(self.device, torch.float32)
                             for arrays in (points, normals))
        index = torch.from_numpy(np.repeat(np.arange(len(sizes)), sizes)).to(self.device)
        levels: list[LevelOutput] = self.network(self.network.build_octree(cloud, directions, index, len(sizes)), cloud)
        return [list(shape) for shape in zip(*(level.split(sizes) for level in levels), strict=True)]

    def finish(self, prepared: Prepared, outputs: list[LevelOutput], split: bool = False) -> Segmentation:
        """Group one shape's outputs into instances, and label all its points and faces; ``split`` is that of a call."""
        grouped = self.group(prepared.normalised, outputs, prepared.piece)
        found = [(level, one) for level, one in zip(self.taxonomy.levels, grouped, strict=True) if level.is_real]
        instances = np.stack([one.instance[prepared.nearest] for _, one in found])
        surface = None
        if prepared.mesh is not None and prepared.samples is not None:
            surface = label_surface(prepared.mesh, prepared.samples, instances, self.grouping.tree, split)
        levels = [level_segmentation(level, one, prepared.points, instances[row],
                                     None if surface is None else surface.instance[row])
                  for row, (level, one) in enumerate(found)]
        return Segmentation(self.taxonomy, prepared.points, prepared.normals,
                            None if surface is None else surface.mesh,
                            None if surface is None else surface.source_face, tuple(levels),
                            self.grouping.tree, up_axis(prepared.rotation))

    def instances(self, points: np.ndarray, normals: np.ndarray) -> list[LevelInstances]:
        """Instances of levels 1, 2, 3 for exactly these points.

        points : (N, 3), any position and size
        normals : (N, 3) unit vectors, whose sign does not matter
        """
        normalised = _normalised(points)
        return self.group(normalised, self.network_outputs([normalised], [normals])[0])

    def group(self, points: np.ndarray, outputs: list[LevelOutput],
              piece: np.ndarray | None = None) -> list[LevelInstances]:
        """Instances of levels 1, 2, 3 from the network's outputs for (N, 3) normalised points.

        piece : as in ``Prepared``
        """
        predictions = [level_prediction(output) for output in outputs]
        device = self.device.type
        if self.grouping.tree:
            found = tree_instances(points, predictions, self.taxonomy, self.config.predicts_other, self.grouping,
                                   device, piece)
        else:
            found = [level_instances(points, one, self.grouping, device) for one in predictions]
        if self.grouping.confidence == "entropy":
            return found
        return [instances.with_confidence(expected_iou(instance_features(points, prediction, instances), fit))
                for prediction, instances, fit in zip(predictions, found, self.iou_fit, strict=True)]


def batch_size_on(device: torch.device) -> int:
    """Sets that keep a device busy."""
    return 1 if device.type == "cpu" else 8


def level_prediction(output: LevelOutput) -> LevelPrediction:
    """What the network says of one shape at one level, as arrays; InputError where it is not finite."""
    tensors = (output.logits, output.instance_offset, output.region_offset)
    if not all(bool(one.isfinite().all()) for one in tensors if one is not None):
        raise InputError("what the network says of this shape is NaN or infinite; the model is damaged or its training "
                         "failed: take an earlier checkpoint or another model")
    return LevelPrediction(_numpy(output.logits.softmax(1)), _numpy(output.instance_offset),
                           None if output.region_offset is None else _numpy(output.region_offset))


def _numpy(tensor: torch.Tensor) -> np.ndarray:
    array: np.ndarray = tensor.detach().cpu().numpy()
    return array


def _normalised(points: np.ndarray) -> np.ndarray:
    return enclosing_ball(points).normalise(points)


def _turned(vectors: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """(N, 3) vectors after a rotation; as they were, to the bit, after none."""
    if np.array_equal(rotation, np.eye(3)):
        return vectors
    turned: np.ndarray = (vectors @ rotation.T).astype(vectors.dtype)
    return turned


def _dealt(points: np.ndarray, n_set: int, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of ``n_set`` times ``size`` points, set after set, each in order, and the place of the nearest of them to
    every point."""
    random = np.random.default_rng(seed)
    rows = drawn_rows(len(points), n_set * size, random)
    chosen = np.sort(random.permutation(rows).reshape(n_set, size), axis=1).reshape(-1)
    if len(chosen) == len(points):
        return chosen, np.argsort(chosen)
    return chosen, cKDTree(points[chosen]).query(points)[1]
