"""What to draw, from files: geometry in its own colours or in those of parts."""

from pathlib import Path

import numpy as np
import trimesh

from partwise.errors import InputError
from partwise.mesh import Mesh, PointCloud, read_geometry
from partwise.render.scene import PLAIN, ColouredMesh, ColouredPoints, Item
from partwise.taxonomy import instance_colours


def read_item(path: Path, labels: Path | None = None, level: int = 1) -> Item:
    """A file's mesh or point cloud, ready to draw.

    labels : the labels.npz that ``partwise segment`` wrote for this file, to colour its parts; if None, a PLY file is
        drawn in the colours of its faces or vertices, and what has none in grey
    level : of the parts

    InputError: see ``read_geometry``; labels that cannot be read, lack this level or belong to another file.
    """
    geometry = read_geometry(path)
    colours = own_colours(path, geometry) if labels is None else _part_colours(labels, level, geometry, path)
    return ColouredMesh(geometry, colours) if isinstance(geometry, Mesh) else ColouredPoints(geometry, colours)


def own_colours(path: Path, geometry: Mesh | PointCloud) -> np.ndarray:
    """(F or N, 3) uint8 colours that a PLY file gives its faces or points, a face's being the mean of its corners'.

    Grey for other formats, without colours, and where polygons of a coloured mesh were cut into triangles.
    """
    count = len(geometry.faces) if isinstance(geometry, Mesh) else len(geometry.points)
    plain = np.broadcast_to(np.array(PLAIN, np.uint8), (count, 3))
    if path.suffix.lower() != ".ply":
        return plain
    with path.open("rb") as file:
        read = trimesh.load(file, file_type="ply", process=False)
    if isinstance(geometry, Mesh) and isinstance(read, trimesh.Trimesh):
        if read.visual.kind == "vertex" and len(read.vertices) == len(geometry.vertices):
            corners = read.visual.vertex_colors[geometry.faces, :3]  # (F, 3 corners, 3)
            return np.rint(corners.mean(1)).astype(np.uint8)
        same = np.array_equal(read.faces, geometry.faces)
        return read.visual.face_colors[:, :3] if read.visual.kind == "face" and same else plain
    coloured = isinstance(read, trimesh.PointCloud) and len(read.colors) == count
    return np.asarray(read.colors)[:, :3] if coloured else plain


def _part_colours(labels: Path, level: int, geometry: Mesh | PointCloud, path: Path) -> np.ndarray:
    """(F or N, 3) uint8 colours of the parts of a level; other is grey."""
    if level not in (1, 2, 3):
        raise InputError(f"the level is {level}, expected 1, 2 or 3")
    prefix, what, count = ("face_level", "faces", len(geometry.faces)) if isinstance(geometry, Mesh) else (
        "level", "points", len(geometry.points))
    classes, instances = _read_labels(labels, f"{prefix}_{level}_class", f"{prefix}_{level}_instance")
    if classes.shape != (count,) or instances.shape != (count,):
        raise InputError(f"{labels}: holds labels of shape {instances.shape} and classes of shape {classes.shape} for "
                         f"the {count} {what} of {path}; give the labels.npz that was made from this file")
    return instance_colours(classes, instances)


def _read_labels(path: Path, *names: str) -> list[np.ndarray]:
    """Integer arrays of an .npz file."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            missing = [name for name in names if name not in arrays]
            if missing:
                raise InputError(f"{path}: has no {' and no '.join(missing)}; it holds {', '.join(arrays.files)}")
            found = [arrays[name] for name in names]
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    except Exception as error:  # a damaged archive fails in many ways
        raise InputError(f"{path}: is not an .npz file of labels ({error}); it may be truncated") from error
    if any(array.dtype.kind not in "iu" for array in found):
        raise InputError(f"{path}: holds labels of type {[str(array.dtype) for array in found]}, expected integers")
    return found
