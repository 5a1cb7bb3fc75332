"""Toy world: random chairs and tables with true part labels, written in PartNet's ``ins_seg_h5`` layout.

PartNet must be requested from its owners; these shapes stand in for it wherever the real files would be read.
"""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import trimesh

from partwise.data.toy_shapes import TOY_CATEGORIES, ToyPart, toy_shape
from partwise.errors import InputError
from partwise.files import make_folder, replacing
from partwise.hdf5 import create_hdf5
from partwise.mesh.geometry import Mesh, sample
from partwise.taxonomy import SPLITS, Taxonomy, load_taxonomy

__all__ = ["SHAPES_PER_FILE", "TOY_CATEGORIES", "ToyPart", "part_tree", "toy_shape", "write_toy"]

SHAPES_PER_FILE = 1024
"""PartNet's limit."""


def write_toy(out: Path, category: str, counts: dict[str, int], n_point: int = 10_000, seed: int = 0,
              meshes: Path | None = None, mesh_splits: tuple[str, ...] = ("test",)) -> list[Path]:
    """Write ``<out>/<category>/<split>-NN.h5`` with the ``.json`` beside it; return the HDF5 files.

    counts : number of shapes of each split
    n_point : points a shape; they are centred on their bounding box, the largest radius is 1
    seed : shape i of a split depends on the seed, the split and i, but on no other shape
    meshes : folder for the shapes of ``mesh_splits`` as GLB files, ``<model_id>.glb``, in the frame of the
        points, one named node a part; None for no meshes

    InputError: unknown category or split, negative numbers, or files that would be mixed with these.
    """
    folder = out / category
    _check(folder, category, counts, n_point, seed)
    make_folder(folder)
    written = []
    for split, count in counts.items():
        mesh_folder = make_folder(meshes) if meshes is not None and split in mesh_splits else None
        for number, first in enumerate(range(0, count, SHAPES_PER_FILE)):
            path = folder / f"{split}-{number:02d}.h5"
            indices = range(first, min(first + SHAPES_PER_FILE, count))
            shapes = [_make(category, split, index, n_point, seed) for index in indices]
            _write_file(path, shapes, mesh_folder)
            written.append(path)
    return written


def _check(folder: Path, category: str, counts: dict[str, int], n_point: int, seed: int) -> None:
    if category not in TOY_CATEGORIES:
        raise InputError(f"there are no toy shapes of category '{category}'; choose "
                         f"{' or '.join(TOY_CATEGORIES)}")
    unknown = sorted(set(counts) - set(SPLITS))
    if unknown:
        raise InputError(f"unknown splits {unknown}; expected some of {', '.join(SPLITS)}")
    if n_point < 1 or seed < 0 or min(counts.values(), default=0) < 0:
        raise InputError(f"points must be at least 1, seed and numbers of shapes at least 0; found {n_point} "
                         f"points, seed {seed}, shapes {counts}")
    present = sorted(path.name for split in SPLITS for path in folder.glob(f"{split}-*.h5"))
    if present:
        raise InputError(f"{folder}: already holds {present[0]}, perhaps real data; choose another folder or "
                         "remove these files")


@dataclass(frozen=True)
class _ToyShape:
    """A shape ready to be written.

    record : its entry in the ``.json`` file
    arrays : data set name -> (n_point, ...)
    parts, colours : its parts and their (parts, 3) uint8 colours
    centre, radius : a vertex v of a part lies at (v - centre) / radius beside the points
    """

    record: dict[str, Any]
    arrays: dict[str, np.ndarray]
    parts: list[ToyPart]
    colours: np.ndarray
    centre: np.ndarray
    radius: float


def _make(category: str, split: str, index: int, n_point: int, seed: int) -> _ToyShape:
    place = SPLITS.index(split)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(place, index)))
    parts = toy_shape(category, rng)
    nodes, leaf_ids = part_tree(parts, load_taxonomy(category))
    samples = sample(_joined(parts), n_point, rng)
    part_of_face = np.repeat(np.arange(len(parts)), [len(part.mesh.faces) for part in parts])
    part_of_point = part_of_face[samples.face_index]
    colours = _colours(parts, rng)
    centre = (samples.points.min(0) + samples.points.max(0)) / 2
    points = samples.points - centre
    radius = float(np.linalg.norm(points, axis=1).max()) or 1.0  # a single point stays at the origin
    arrays = {"pts": (points / radius).astype(np.float32), "nor": samples.normals.astype(np.float32),
              "rgb": colours[part_of_point], "opacity": np.ones(n_point, np.float32),
              "label": np.array(leaf_ids, np.int32)[part_of_point]}
    record = {"model_id": f"toy-{category.lower()}-{split}-{index}", "anno_id": f"9{place}{index:05d}",
              "ins_seg": nodes}
    return _ToyShape(record, arrays, parts, colours, centre, radius)


def part_tree(parts: list[ToyPart], taxonomy: Taxonomy) -> tuple[list[dict[str, Any]], list[int]]:
    """Tree nodes as PartNet's records ``{part_name, leaf_id_list}``, parents first, and each part's leaf id.

    Parts of one branch share the nodes of their common ancestors; each part is a leaf of its own. A node's id
    is its place in the list. InputError: a path that is not in the taxonomy's tree.
    """
    known = set(taxonomy.merging.values())
    members: dict[tuple[str, int, int], list[int]] = {}  # (path, branch, part if it is a leaf) -> parts below
    for index, part in enumerate(parts):
        if part.path not in known:
            raise InputError(f"part '{part.path}' is not in the part tree of {taxonomy.category}")
        elements = part.path.split("/")
        members.setdefault((elements[0], 0, -1), []).append(index)
        for length in range(2, len(elements)):
            members.setdefault(("/".join(elements[:length]), part.branch, -1), []).append(index)
        members[part.path, part.branch, index] = [index]
    leaf_ids = {leaf: node for node, (_, _, leaf) in enumerate(members) if leaf >= 0}
    nodes = [{"part_name": name, "leaf_id_list": [leaf_ids[index] for index in below]}
             for (name, _, _), below in members.items()]
    return nodes, [leaf_ids[index] for index in range(len(parts))]


def _joined(parts: list[ToyPart]) -> Mesh:
    starts = np.cumsum([0, *(len(part.mesh.vertices) for part in parts)])[:-1]
    return Mesh(np.concatenate([part.mesh.vertices for part in parts]),
                np.concatenate([part.mesh.faces + start for part, start in zip(parts, starts, strict=True)]))


def _colours(parts: list[ToyPart], rng: np.random.Generator) -> np.ndarray:
    """(parts, 3) uint8, the same for parts of one path."""
    of_path = {path: rng.integers(70, 230, 3) for path in dict.fromkeys(part.path for part in parts)}
    return np.array([of_path[part.path] for part in parts], np.uint8)


def _write_file(path: Path, shapes: list[_ToyShape], mesh_folder: Path | None) -> None:
    with replacing(path.with_suffix(".json")) as temporary:
        temporary.write_text(json.dumps([shape.record for shape in shapes]), encoding="utf-8")
    with create_hdf5(path) as (file, _):
        for name in shapes[0].arrays:
            file.create_dataset(name, data=np.stack([shape.arrays[name] for shape in shapes]),
                                compression="gzip", compression_opts=4)
    if mesh_folder is None:
        return
    for shape in shapes:
        with replacing(mesh_folder / f"{shape.record['model_id']}.glb") as temporary:
            temporary.write_bytes(_glb(shape))


def _glb(shape: _ToyShape) -> bytes:
    scene = trimesh.Scene()
    copies: Counter[str] = Counter()
    for part, colour in zip(shape.parts, shape.colours, strict=True):
        name = part.path.rpartition("/")[2]
        copies[name] += 1
        vertices = (part.mesh.vertices - shape.centre) / shape.radius
        mesh = trimesh.Trimesh(vertices, part.mesh.faces, process=False, metadata={"part_path": part.path})
        mesh.visual.vertex_colors = np.tile(colour, (len(vertices), 1))
        scene.add_geometry(mesh, node_name=f"{name}_{copies[name]}", geom_name=f"{name}_{copies[name]}")
    data: bytes = scene.export(file_type="glb")
    return data
