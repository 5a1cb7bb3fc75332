"""Reading a mesh or point cloud from any of the supported formats."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from partwise.errors import InputError
from partwise.mesh.geometry import Mesh, PointCloud, with_unit_normals
from partwise.mesh.obj import read_obj
from partwise.mesh.pcd import read_pcd
from partwise.mesh.ply import read_ply
from partwise.mesh.scene import read_scene
from partwise.mesh.text import from_table, read_off, read_xyz


def read_geometry(path: Path) -> Mesh | PointCloud:
    """Read a mesh, or a point cloud where the file holds no faces; the format follows from the suffix.

    * .ply, .obj, .off: vertices and faces in the order of the file, unused vertices kept; polygons are cut
      into triangles around their first corner, and those with fewer than three corners left out.
    * .glb, .gltf, .stl: all meshes of the scene in world coordinates, joined; nothing is merged or reordered
      within a mesh. Lines are left out, and points too where there are faces.
    * Materials, texture coordinates and colours of GLB, glTF, OBJ and PLY are kept. Materials, images and buffers in
      files of their own are read from the folder of the file alone; what of them cannot be read is logged as a
      warning, but a missing buffer is an error.
    * .pcd: ascii, binary, binary_compressed. Points that are NaN are holes of an organised cloud and dropped.
    * .xyz, .txt: rows of numbers separated by spaces or commas, '#' before comments. .npy: (N, 3) or (N, 6).
      Columns 4 to 6 are normals if they all have length 1 within 1e-2, otherwise they are left.
    * .npz: arrays ``points`` and perhaps ``normals``, or ``vertices`` and ``faces``.

    Normals of a point cloud have unit length; if a single one has no direction, all are left, as if the file
    had none. InputError names the file: missing, empty, a folder, of an unknown suffix or another format than
    its suffix says, truncated, without geometry, NaN or infinite coordinates, face indices out of range.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if path.is_dir():
        raise InputError(f"{path}: is a folder, expected a mesh or point cloud file")
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    if suffix not in _READERS:
        raise InputError(f"{path}: unknown suffix '{path.suffix}'; known are {', '.join(SUFFIXES)}")
    if not path.stat().st_size:
        raise InputError(f"{path}: the file is empty (0 bytes)")
    try:
        geometry = _READERS[suffix](path)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    except Exception as error:  # parsers fail in many ways on damaged files, and none is a bug of the caller
        raise InputError(f"{path}: cannot be read as {suffix[1:].upper()} ({type(error).__name__}: {error}); "
                         "the file may be truncated or of another format") from error
    return geometry if isinstance(geometry, Mesh) else with_unit_normals(geometry)


def _read_bytes(parse: Callable[[bytes], Mesh | PointCloud]) -> Callable[[Path], Mesh | PointCloud]:
    return lambda path: parse(path.read_bytes())


def _read_npy(path: Path) -> PointCloud:
    # mapped, so that the size in the header is compared with the file before memory is taken
    table = np.load(path, mmap_mode="r", allow_pickle=False)
    if table.ndim != 2 or table.shape[1] not in (3, 6) or table.dtype.kind not in "fiu":
        raise InputError(f"holds {table.dtype} of shape {table.shape}, expected numbers, (N, 3) or (N, 6)")
    return from_table(np.array(table, np.float32 if table.dtype == np.float32 else np.float64))


def _read_npz(path: Path) -> Mesh | PointCloud:
    with np.load(path, allow_pickle=False) as arrays:
        if "points" in arrays:
            return PointCloud(arrays["points"], arrays.get("normals"))
        if "vertices" in arrays and "faces" in arrays:
            return Mesh(arrays["vertices"], arrays["faces"])
        raise InputError("expected arrays 'points' (and perhaps 'normals') or 'vertices' and 'faces', found "
                         f"{arrays.files}")


_READERS: dict[str, Callable[[Path], Mesh | PointCloud]] = {
    ".ply": _read_bytes(read_ply), ".obj": read_obj, ".off": _read_bytes(read_off),
    ".glb": read_scene, ".gltf": read_scene, ".stl": read_scene, ".pcd": _read_bytes(read_pcd),
    ".xyz": _read_bytes(read_xyz), ".txt": _read_bytes(read_xyz), ".npy": _read_npy, ".npz": _read_npz,
}
SUFFIXES = tuple(_READERS)
"""Suffixes that ``read_geometry`` knows."""
