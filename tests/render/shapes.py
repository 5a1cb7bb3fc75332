"""Solids to draw."""

import numpy as np
import trimesh

from partwise.mesh import Mesh

RED, BLUE = (220, 30, 30), (30, 30, 220)
_QUADS = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])


def cube(centre=(0.0, 0.0, 0.0), size=1.0) -> Mesh:
    corners = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
    faces = np.concatenate([_QUADS[:, [0, 1, 2]], _QUADS[:, [0, 2, 3]]])
    return Mesh(corners * size + np.array(centre), faces)


def seen(image: np.ndarray) -> np.ndarray:
    """(H, W) bool: what is not background."""
    return (image[..., 3] > 0) if image.shape[2] == 4 else (image < 255).any(2)


def box_of(mask: np.ndarray) -> tuple[int, int, int, int]:
    """First and last row, first and last column."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


def write_coloured(path, mesh, colours):
    """A mesh as PLY with (F, 3) colours of its faces."""
    written = trimesh.Trimesh(mesh.vertices, mesh.faces, face_colors=colours, process=False)
    path.write_bytes(written.export(file_type="ply"))
