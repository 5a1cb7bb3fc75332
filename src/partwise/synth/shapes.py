"""One shape of the procedural world: its parts, sampled as PartNet samples, with its record and mesh."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np

from partwise.mesh import Mesh, sample
from partwise.synth.flaws import with_flaws
from partwise.synth.parts import Part, part_tree
from partwise.synth.placing import join
from partwise.taxonomy import SPLITS, load_taxonomy

MakeParts = Callable[[np.random.Generator], list[Part]]
"""A category: from a random generator to the parts of a shape; y is up, the front is +z."""


@dataclass(frozen=True)
class SynthShape:
    """A shape ready to be written.

    model_id, anno_id : its names
    parts : its leaves
    nodes : PartNet's records of its tree nodes, parents first
    arrays : by PartNet's names: pts, nor (N, 3) float32, rgb (N, 3) uint8, opacity (N,) float32, label (N,) int32
    centre, radius : a vertex v of a part lies at (v - centre) / radius beside the points
    colours : (parts, 3) uint8
    """

    model_id: str
    anno_id: str
    parts: list[Part]
    nodes: list[dict[str, Any]]
    arrays: dict[str, np.ndarray]
    centre: np.ndarray
    radius: float
    colours: np.ndarray

    @property
    def record(self) -> dict[str, Any]:
        """Its entry in PartNet's JSON file."""
        return {"model_id": self.model_id, "anno_id": self.anno_id, "ins_seg": self.nodes}

    def placed(self, part: Part) -> Mesh:
        """A part's mesh in the frame of the points."""
        return Mesh((part.mesh.vertices - self.centre) / self.radius, part.mesh.faces)


def make_shape(make_parts: MakeParts, category: str, split: str, index: int, seed: int, n_point: int,
               flaws: bool = False) -> SynthShape:
    """Shape ``index`` of a split; it depends on these arguments and nothing else.

    flaws : about half of the shapes get modelling flaws, as artists' meshes have them

    Points are spread evenly over the surface, centred on their bounding box, and their largest radius is 1.
    """
    place = SPLITS.index(split)
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(crc32(category.encode()), place, index)))
    parts = with_flaws(make_parts(random), random) if flaws else make_parts(random)
    nodes, leaf_ids = part_tree(parts, load_taxonomy(category))
    samples = sample(join(*(part.mesh for part in parts)), n_point, random)
    part_of_face = np.repeat(np.arange(len(parts)), [len(part.mesh.faces) for part in parts])
    part_of_point = part_of_face[samples.face_index]
    colours = _colours(parts, random)
    centre = (samples.points.min(0) + samples.points.max(0)) / 2
    points = samples.points - centre
    radius = float(np.linalg.norm(points, axis=1).max()) or 1.0  # a single point stays at the origin
    arrays = {"pts": (points / radius).astype(np.float32), "nor": samples.normals.astype(np.float32),
              "rgb": colours[part_of_point], "opacity": np.ones(n_point, np.float32),
              "label": np.array(leaf_ids, np.int32)[part_of_point]}
    name = f"synth-{category.lower()}-{split}-{index}"
    return SynthShape(name, f"9{place}{index:06d}", parts, nodes, arrays, centre, radius, colours)


def _colours(parts: list[Part], random: np.random.Generator) -> np.ndarray:
    """(parts, 3) uint8, the same for parts of one path."""
    of_path = {path: random.integers(70, 230, 3) for path in dict.fromkeys(part.path for part in parts)}
    return np.array([of_path[part.path] for part in parts], np.uint8)
