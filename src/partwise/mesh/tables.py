"""Files as named columns: what a PLY file says of its vertices, and the arrays of an .npz file."""

from pathlib import Path

import numpy as np

from partwise.errors import InputError
from partwise.mesh.ply import ply_columns


def vertex_columns(path: Path, *names: str) -> dict[str, np.ndarray]:
    """Properties of a PLY file's vertices; InputError where it cannot be read or lacks these or a place."""
    try:
        columns = ply_columns(path.read_bytes()).get("vertex", {})
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    missing = [name for name in ("x", "y", "z", *names) if name not in columns]
    if missing:
        raise InputError(f"{path}: its vertices have no {' and no '.join(missing)}")
    return columns


def npz_arrays(path: Path, *names: str) -> list[np.ndarray]:
    """Arrays of an .npz file; InputError where they cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            missing = [name for name in names if name not in arrays]
            if missing:
                raise InputError(f"{path}: has no {' and no '.join(missing)}; it holds {', '.join(arrays.files)}")
            return [arrays[name] for name in names]
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    except Exception as error:  # a damaged archive fails in many ways
        raise InputError(f"{path}: is not an .npz file of labels ({error}); it may be truncated") from error
