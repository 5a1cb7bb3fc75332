"""What people hold in their hands, as a Mesh or PointCloud."""

from pathlib import Path
from typing import Any

import numpy as np
import trimesh

from partwise.errors import InputError
from partwise.mesh.appearance import appearance_of
from partwise.mesh.geometry import Mesh, PointCloud, with_unit_normals
from partwise.mesh.read import read_geometry
from partwise.mesh.scene import join_scene


def as_geometry(thing: Any) -> Mesh | PointCloud:
    """A Mesh or PointCloud from one, from trimesh's Trimesh, PointCloud or Scene, an array, or a file's path.

    An array is (N, 3) points or (N, 6) points and normals. Normals are brought to unit length, and left out if a
    single one has no direction. InputError for anything else.
    """
    geometry = read_geometry(Path(thing)) if isinstance(thing, str | Path) else _in_memory(thing)
    return geometry if isinstance(geometry, Mesh) else with_unit_normals(geometry)


def _in_memory(thing: Any) -> Mesh | PointCloud:
    if isinstance(thing, Mesh | PointCloud):
        return thing
    if isinstance(thing, trimesh.Trimesh):
        return Mesh(thing.vertices, thing.faces, appearance_of(thing))
    if isinstance(thing, trimesh.PointCloud):
        return PointCloud(np.asarray(thing.vertices))
    if isinstance(thing, trimesh.Scene):
        return join_scene(thing)
    if isinstance(thing, np.ndarray) and thing.ndim == 2 and thing.shape[1] in (3, 6):
        return PointCloud(thing[:, :3], thing[:, 3:] if thing.shape[1] == 6 else None)
    found = f"an array of shape {thing.shape}" if isinstance(thing, np.ndarray) else type(thing).__name__
    raise InputError(f"cannot segment {found}; expected a mesh, a point cloud, an array (N, 3) or (N, 6), "
                     "or a path")
