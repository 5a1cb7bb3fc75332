"""Polygons of mesh files cut into triangles."""

import numpy as np


def fan(corners: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Cut polygons into triangles around their first corner; triangles stay what they are, in their order.

    corners : (sum of sizes,) int, the vertex indices of all polygons, one after the other
    sizes : (P,) int, corners of each polygon; those with fewer than 3 (points, lines) are left out

    Returns (F, 3) int64. Exact for convex polygons.
    """
    sizes = np.asarray(sizes, np.int64)
    pieces = np.maximum(sizes - 2, 0)
    first = np.repeat(np.cumsum(sizes) - sizes, pieces)  # (F,) where the triangle's polygon starts
    step = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    return np.asarray(corners, np.int64)[np.stack([first, first + step + 1, first + step + 2], 1)]
