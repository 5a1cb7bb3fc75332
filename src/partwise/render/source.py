"""What to draw: files in their own colours, and results in those of their parts."""

from pathlib import Path

import numpy as np

from partwise.errors import InputError
from partwise.files import read_json
from partwise.mesh import Mesh, PointCloud, read_geometry
from partwise.mesh.ply import colours_of
from partwise.mesh.tables import npz_arrays, vertex_columns
from partwise.render.scene import PLAIN, ColouredMesh, ColouredPoints, Item
from partwise.taxonomy import instance_colours


def read_item(path: Path) -> Item:
    """A file's mesh or point cloud, ready to draw, in its own colours and grey where it has none.

    A face has a single colour, that of its material or texture in its middle; of point clouds PLY alone tells colours.
    InputError: see ``read_geometry``.
    """
    geometry = read_geometry(path)
    if isinstance(geometry, Mesh):
        look = geometry.appearance
        return ColouredMesh(geometry, PLAIN if look is None else look.face_colours(PLAIN))
    colours = colours_of(vertex_columns(path)) if path.suffix.lower() == ".ply" else None
    return ColouredPoints(geometry, PLAIN if colours is None else colours[:, :3])


def result_levels(folder: Path) -> list[int]:
    """The levels of a result that ``partwise segment`` wrote; InputError where the folder holds none."""
    record = read_json(folder / "result.json")
    if not isinstance(record, dict) or record.get("format") != "partwise-segmentation":
        raise InputError(f"{folder / 'result.json'}: is no result of `partwise segment`")
    return [level["level"] for level in record["levels"]]


def result_items(folder: Path, level: int, explode: float = 0.0) -> list[Item]:
    """The parts of a result at a level, each in its colour; other is grey.

    explode : how far parts move away from the middle, in shares of their distance from it

    InputError: files that are missing or damaged, or lack this level.
    """
    if (folder / "faces.npz").exists():
        arrays = npz_arrays(folder / "faces.npz", "vertices", "faces", *_names(level))
        vertices, faces, semantic, instance = arrays
        corners = vertices[faces]
        middles, owner = _part_middles(corners.mean(1), instance)
        moved = corners + explode * (middles - middles.mean(0))[owner][:, None]
        whole = Mesh(moved.reshape(-1, 3), np.arange(faces.size).reshape(-1, 3))
        return [ColouredMesh(whole if explode else Mesh(vertices, faces), instance_colours(semantic, instance))]
    columns = vertex_columns(folder / "points.ply", *_names(level))
    places = np.stack([columns[axis] for axis in "xyz"], 1)
    semantic, instance = (columns[name] for name in _names(level))
    middles, owner = _part_middles(places, instance)
    return [ColouredPoints(PointCloud(places + explode * (middles - middles.mean(0))[owner]),
                           instance_colours(semantic, instance))]


def _names(level: int) -> tuple[str, str]:
    return f"level_{level}_class", f"level_{level}_instance"


def _part_middles(places: np.ndarray, instance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(P, 3) middle of each part's box, and (N,) which part each of the (N, 3) places is of."""
    owner = np.unique(instance, return_inverse=True)[1].reshape(-1)
    low, high = np.full((owner.max() + 1, 3), np.inf), np.full((owner.max() + 1, 3), -np.inf)
    np.minimum.at(low, owner, places)
    np.maximum.at(high, owner, places)
    return (low + high) / 2, owner
