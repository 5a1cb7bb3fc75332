"""Real furniture with known parts, read from development data that is not part of partwise (PartNet's terms forbid it).

* 19 chairs of PartNet with four coarse classes and fine parts
* PartNet's raw annotations of a chair and four cabinets: all three levels, and the meshes
* IKEA furniture as GLB files whose nodes are real parts; ``ikea_parts.json`` says which class of PartNet's level 1
  each node is. Shapes in which one piece is two of PartNet's parts are left out, and listed there with the reason.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from scipy.spatial import cKDTree

from partwise.data.annotations import LABELS, POINTS, TREE, read_annotation, read_meta
from partwise.data.store import Store
from partwise.mesh import Mesh, read_geometry, sample
from partwise.shape import Shape
from partwise.taxonomy import load_taxonomy

DEV_CLASSES = np.array([0, 2, 5, 4, 3])  # ids of dev.npz (1 back, 2 seat, 3 base, 4 arm) -> the taxonomy's
CABINETS = ("45940", "40147", "41083", "45780")
IKEA_PARTS = Path(__file__).with_name("ikea_parts.json")
N_POINT = 10_000
TOUCHING = 0.002  # surfaces of PartNet's parts are this close where they touch; its shapes have radius 1

# Rows of the matrix that turns a shape so that its front, which PartNet has at +z, comes there.
TURNS = {"+z": ((1, 0, 0), (0, 1, 0), (0, 0, 1)), "-z": ((-1, 0, 0), (0, 1, 0), (0, 0, -1)),
         "+x": ((0, 0, -1), (0, 1, 0), (1, 0, 0)), "-x": ((0, 0, 1), (0, 1, 0), (-1, 0, 0))}


@dataclass(frozen=True)
class RealShape:
    """A shape with as much truth as there is.

    points, normals : (N, 3) float
    semantic : (N,) int64 level-1 class
    instance : (N,) int64 fine part, whatever its class; -1 for none
    coarse_instance : (N,) int64 level-1 instance, -1 for other; None where not known
    fine_semantic : (N,) int64 level-3 class, and then ``instance`` is PartNet's at level 3; None where not known
    mesh, face : the mesh in the units of the points, and the (N,) int64 face that each point lies on; None without
    """

    name: str
    category: str
    points: np.ndarray
    normals: np.ndarray
    semantic: np.ndarray
    instance: np.ndarray
    coarse_instance: np.ndarray | None = None
    fine_semantic: np.ndarray | None = None
    mesh: Mesh | None = None
    face: np.ndarray | None = None


@dataclass(frozen=True)
class RealSet:
    """Shapes of one category from one source; ``read`` takes the folder of data and skips what is not there."""

    title: str
    category: str
    read: Callable[[Path], Iterator[RealShape]]


def partnet_chairs(data: Path) -> Iterator[RealShape]:
    path = data / "partnet_chairs" / "dev.npz"
    if path.is_file():
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        for index, name in enumerate(arrays["anno_id"]):
            yield RealShape(str(name), "Chair", arrays["points"][index], arrays["normals"][index],
                            DEV_CLASSES[arrays["semantic"][index]], arrays["instance"][index].astype(np.int64))


def annotated(data: Path, names: tuple[str, ...]) -> Iterator[RealShape]:
    """Shapes of PartNet's raw annotation folders."""
    for name in names:
        folder = data / "partnet" / "data_v0" / name
        if folder.is_dir():
            mesh, face = annotated_mesh(folder) or (None, None)
            yield with_all_levels(read_annotation(folder), read_meta(folder).category, mesh, face)


def synthetic(store: Path) -> tuple[str, Iterator[RealShape]]:
    """The category of a store, and its shapes."""
    shapes = Store(store)
    return shapes.category, (with_all_levels(shape, shapes.category) for shape in shapes)


def with_all_levels(shape: Shape, category: str, mesh: Mesh | None = None,
                    face: np.ndarray | None = None) -> RealShape:
    semantic, instance = shape.semantic.astype(np.int64), shape.instance.astype(np.int64)
    return RealShape(shape.anno_id, category, shape.points, shape.normals, semantic[0], instance[2], instance[0],
                     semantic[2], mesh, face)


def annotated_mesh(folder: Path) -> tuple[Mesh, np.ndarray] | None:
    """The parts of an annotation as one mesh, scaled as its points are, and the (N,) face under each point.

    None where the annotation came without meshes.
    """
    objects = next((path for path in (folder / "textured_objs", folder / "objs") if path.is_dir()), None)
    if objects is None:
        return None
    points = np.loadtxt(folder / POINTS, usecols=range(3))
    leaf = np.loadtxt(folder / LABELS, dtype=np.int64)
    leaves = _leaves(json.loads((folder / TREE).read_text())[0])
    pieces = [(node["id"], read_geometry(objects / f"{name}.obj")) for node in leaves for name in node["objs"]]
    mesh, owner = joined([(number, piece) for number, piece in pieces if isinstance(piece, Mesh)])
    face = nearest_faces(mesh, owner, points, leaf)
    centre = (points.min(0) + points.max(0)) / 2
    radius = np.linalg.norm(points - centre, axis=1).max()
    return Mesh((mesh.vertices - centre) / radius, mesh.faces), face


def _leaves(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "children" not in node:
        yield node
    for child in node.get("children", ()):
        yield from _leaves(child)


def joined(pieces: list[tuple[int, Mesh]]) -> tuple[Mesh, np.ndarray]:
    """Meshes with a number each as one mesh, and the (F,) int64 number of each face."""
    start = np.cumsum([0, *(len(mesh.vertices) for _, mesh in pieces)])
    whole = Mesh(np.concatenate([mesh.vertices for _, mesh in pieces]),
                 np.concatenate([mesh.faces + first for (_, mesh), first in zip(pieces, start, strict=False)]))
    return whole, np.repeat([number for number, _ in pieces], [len(mesh.faces) for _, mesh in pieces])


def nearest_faces(mesh: Mesh, owner: np.ndarray, points: np.ndarray, leaf: np.ndarray) -> np.ndarray:
    """(N,) int64 the face that each point lies on, of its own part where parts touch.

    owner : (F,) int64 part of each face; leaf : (N,) int64 part of each point
    """
    samples = sample(mesh, 40 * len(points), seed=0)
    tried = samples.face_index[cKDTree(samples.points).query(points, k=16)[1]]  # (N, 16)
    corners = mesh.vertices[mesh.faces[tried.ravel()]]
    on_face = trimesh.triangles.closest_point(corners, np.repeat(points, 16, axis=0)).reshape(*tried.shape, 3)
    distance = np.linalg.norm(on_face - points[:, None], axis=2)
    foreign = owner[tried] != leaf[:, None]
    best = (distance + TOUCHING * foreign).argmin(1)
    return tried[np.arange(len(points)), best]


def ikea(data: Path, category: str) -> Iterator[RealShape]:
    for name, entry in json.loads(IKEA_PARTS.read_text())["shapes"].items():
        path = data / "ikea_furniture" / f"{name}.glb"
        if entry["category"] == category and path.is_file():
            yield _ikea_shape(path, entry)


def _ikea_shape(path: Path, entry: dict[str, Any]) -> RealShape:
    """One GLB file, turned so that its front is at +z, sampled; a fine part is a node."""
    turn = np.array(TURNS[entry.get("front", "+z")], float)
    nodes = ikea_nodes(path)
    mesh, part = joined([(number, Mesh(piece.vertices @ turn.T, piece.faces))
                         for number, piece in enumerate(nodes.values())])
    class_of = {name: number for number, name in enumerate(load_taxonomy(entry["category"]).level(1).names)}
    classes = np.array([class_of[class_of_node(node, entry["parts"])] for node in nodes])
    samples = sample(mesh, N_POINT, seed=0)
    instance = part[samples.face_index]
    return RealShape(path.stem, entry["category"], samples.points, samples.normals, classes[instance], instance,
                     mesh=mesh, face=samples.face_index)


def ikea_nodes(path: Path) -> dict[str, Mesh]:
    """The nodes of a GLB file by name, in world coordinates."""
    scene = trimesh.load(path, force="scene", process=False)
    nodes = {}
    for name in sorted(scene.graph.nodes_geometry):
        transform, geometry = scene.graph[name]
        placed = scene.geometry[geometry].copy().apply_transform(transform)
        nodes[name] = Mesh(placed.vertices, placed.faces)
    return nodes


def class_of_node(node: str, parts: dict[str, str]) -> str:
    """Class of a node such as shelf_3: that of shelf_3 where the table names it, else that of shelf."""
    return parts[node] if node in parts else parts[node.rpartition("_")[0]]


SETS = (
    RealSet("19 PartNet chairs", "Chair", partnet_chairs),
    RealSet("PartNet chair 179", "Chair", partial(annotated, names=("179",))),
    RealSet("PartNet storage furniture", "StorageFurniture", partial(annotated, names=CABINETS)),
    RealSet("IKEA chairs", "Chair", partial(ikea, category="Chair")),
    RealSet("IKEA tables", "Table", partial(ikea, category="Table")),
    RealSet("IKEA storage furniture", "StorageFurniture", partial(ikea, category="StorageFurniture")),
)
