"""KD-trees of many groups of points, searched by compiled code exactly as scikit-learn searches one.

Clusters hang on comparisons of distances, and in regular data many distances are exactly the radius. To decide those
as scikit-learn does, the trees are scikit-learn's own, a ball is gathered node by node in its order, and the points of
a ball are added up in that order and in their own precision: every mean is the same to the last bit. Among few points
scikit-learn grows no tree but expands the squares of all distances, which rounds differently; such a tree is flat here.
Of float64 points it is searched as scikit-learn does it on processors with AVX2, whatever the processor: elsewhere its
BLAS rounds otherwise, and a point at just the radius may fall on the other side.

All compiled code lets go of Python's lock and starts no threads of its own, so any number of Python threads may call
it at once: of Numba's own threads, one kind ends the process when two callers meet, another after a fork.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numba.extending import intrinsic
from sklearn.neighbors import KDTree

FLAT_BALL, FLAT_NEAREST = 12, 4
"""Trees of fewer points are flat: in scikit-learn's search of a ball, and in its search for the nearest point."""
_LEAF = 30
_DEPTH = 64  # of a tree: far more than memory has points for


class Forest(NamedTuple):
    """N points of T groups, and the M nodes of their trees.

    Trees are binary and complete: below the tree's node i are its nodes 2i + 1 and 2i + 2, unless i is a leaf.

    points : (N, 3) float32 or float64, group after group, each in the order of its leaves
    row : (N,) int64 where each point was before
    root : (T + 1,) int64 first node of each tree, and M
    span : (M, 2) int64 first point of each node, and the one after its last
    box : (M, 2, 3) float64 lower and upper corner of each node's points
    flat : (T,) bool, a tree of one node that is searched by expanded squares
    """

    points: np.ndarray
    row: np.ndarray
    root: np.ndarray
    span: np.ndarray
    box: np.ndarray
    flat: np.ndarray


def plant(points: np.ndarray, start: np.ndarray, flat_below: int) -> Forest:
    """A tree for each group.

    points : (N, 3) float32 or float64, group after group
    start : (T + 1,) int64 where each group starts, and N; no group is empty
    """
    size = np.diff(start)
    # scikit-learn splits nothing smaller: such trees, of which there may be very many, need none of its work
    large = np.flatnonzero(size > 2 * _LEAF)
    trees = [KDTree(points[start[tree]:start[tree + 1]], _LEAF).get_arrays() for tree in large]
    n_node = np.ones(len(size), np.int64)
    n_node[large] = [len(nodes) for _, _, nodes, _ in trees]
    root = np.concatenate([[0], np.cumsum(n_node)])
    row = np.arange(len(points))
    span, box = np.empty((root[-1], 2), np.int64), np.empty((root[-1], 2, 3))
    span[root[:-1]] = np.stack([start[:-1], start[1:]], 1)
    box[root[:-1], 0] = np.minimum.reduceat(points, start[:-1])
    box[root[:-1], 1] = np.maximum.reduceat(points, start[:-1])
    for tree, (_, order, nodes, corners) in zip(large, trees, strict=True):
        own = slice(root[tree], root[tree + 1])
        row[start[tree]:start[tree + 1]] = start[tree] + order
        span[own] = start[tree] + np.stack([nodes["idx_start"], nodes["idx_end"]], 1)
        box[own] = np.swapaxes(corners, 0, 1)
    return Forest(points[row], row, root, span, box, size < flat_below)


def compiled(function: Callable) -> Any:
    """The function compiled by Numba, which keeps the machine code for the next process where it finds a place."""
    try:
        return njit(function, nogil=True, cache=True)
    except RuntimeError:  # neither beside the source nor in the user's cache
        return njit(function, nogil=True)


@intrinsic
def _multiply_add(context: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c, rounded once: what BLAS computes, and the compiler never does on its own."""
    return c(a, b, c), lambda target, builder, signature, values: builder.fma(*values)


@compiled
def _at(points: np.ndarray, row: int) -> tuple[float, float, float]:
    return np.float64(points[row, 0]), np.float64(points[row, 1]), np.float64(points[row, 2])


@compiled
def _square(x: float, y: float, z: float, points: np.ndarray, row: int, flat: bool) -> float:
    """Squared distance from (x, y, z) to a point."""
    px, py, pz = _at(points, row)
    if flat:
        product = _multiply_add(z, pz, _multiply_add(y, py, x * px))
        return (x * x + y * y + z * z) - 2 * product + (px * px + py * py + pz * pz)
    dx, dy, dz = x - px, y - py, z - pz
    return dx * dx + dy * dy + dz * dz


@compiled
def _limit(forest: Forest, tree: int, radius: float) -> float:
    """Greatest squared distance inside the radius; a flat tree squares it in the precision of the points."""
    rounded = forest.points.dtype.type(radius)
    return np.float64(rounded * rounded) if forest.flat[tree] else radius * radius


@compiled
def _gap(box: np.ndarray, node: int, x: float, y: float, z: float) -> float:
    """Square of the least distance to the box of a node; 0 inside."""
    square = 0.0
    for axis, value in enumerate((x, y, z)):
        gap = max(box[node, 0, axis] - value, 0.0) + max(value - box[node, 1, axis], 0.0)
        square += gap * gap
    return square


@compiled
def _reach(box: np.ndarray, node: int, x: float, y: float, z: float) -> float:
    """Square of the greatest distance to the box of a node."""
    square = 0.0
    for axis, value in enumerate((x, y, z)):
        reach = max(abs(box[node, 0, axis] - value), abs(value - box[node, 1, axis]))
        square += reach * reach
    return square


@compiled
def _cover(forest: Forest, tree: int, x: float, y: float, z: float, radius: float, parts: np.ndarray) -> int:
    """Find the nodes that hold a ball, from left to right, and return their number.

    parts : (M, 3) int64, out: first point, the one after the last, and 1 if all of them are inside the ball
    """
    root, flat = forest.root[tree], forest.flat[tree]
    n_node = forest.root[tree + 1] - root
    count = node = 0
    while True:
        if flat or math.sqrt(_gap(forest.box, root + node, x, y, z)) <= radius:
            inside = not flat and math.sqrt(_reach(forest.box, root + node, x, y, z)) <= radius
            if not inside and 2 * node + 1 < n_node:
                node = 2 * node + 1
                continue
            parts[count, 0], parts[count, 1] = forest.span[root + node, 0], forest.span[root + node, 1]
            parts[count, 2] = inside
            count += 1
        while node > 0 and node % 2 == 0:  # up from every right child
            node = (node - 1) // 2
        if node == 0:
            return count
        node += 1


@compiled
def _add_up(forest: Forest, tree: int, x: float, y: float, z: float, radius: float,
            parts: np.ndarray) -> tuple[int, float, float, float]:
    """Number of points in a ball, and the sums of their coordinates in the precision of the points."""
    points, flat, limit = forest.points, forest.flat[tree], _limit(forest, tree, radius)
    sum_x = sum_y = sum_z = zero = points.dtype.type(0)
    count = 0
    for part in range(_cover(forest, tree, x, y, z, radius, parts)):
        first, last, inside = parts[part]
        if inside:
            for row in range(first, last):
                sum_x += points[row, 0]
                sum_y += points[row, 1]
                sum_z += points[row, 2]
            count += last - first
            continue
        for row in range(first, last):
            take = _square(x, y, z, points, row, flat) <= limit
            sum_x += points[row, 0] if take else zero  # to add zeros is faster than to branch at random
            sum_y += points[row, 1] if take else zero
            sum_z += points[row, 2] if take else zero
            count += take
    return count, sum_x, sum_y, sum_z


@compiled
def climb(forest: Forest, place: np.ndarray, tree: np.ndarray, radius: float, max_step: int,
          count: np.ndarray) -> None:
    """Move each place to the mean of the points within the radius, until a step is under a thousandth of that.

    place : (S, 3) like the points, in and out
    tree : (S,) int64, whose points a place sees
    count : (S,) int64, out: points within the radius at the last step; a place that sees none stays where it is
    """
    kind = forest.points.dtype.type
    stop = kind(1e-3 * radius)
    parts = np.empty((len(forest.span), 3), np.int64)
    for index in range(len(place)):
        for _ in range(max_step + 1):
            found, sum_x, sum_y, sum_z = _add_up(forest, tree[index], *_at(place, index), radius, parts)
            count[index] = found
            if found == 0:
                break
            x, y, z = kind(sum_x / found), kind(sum_y / found), kind(sum_z / found)
            dx, dy, dz = x - place[index, 0], y - place[index, 1], z - place[index, 2]
            place[index, 0], place[index, 1], place[index, 2] = x, y, z
            if math.sqrt(dx * dx + dy * dy + dz * dz) <= stop:
                break


@compiled
def thin(forest: Forest, points: np.ndarray, tree: np.ndarray, radius: float) -> np.ndarray:
    """(N,) bool: what is left when each point, if itself is left at its turn, removes all others within the radius.

    points : (N, 3) as they were planted; tree : (N,) int64 of each
    """
    keep = np.ones(len(points), np.bool_)
    parts = np.empty((len(forest.span), 3), np.int64)
    for index in range(len(points)):
        if not keep[index]:
            continue
        x, y, z = _at(points, index)
        flat, limit = forest.flat[tree[index]], _limit(forest, tree[index], radius)
        for part in range(_cover(forest, tree[index], x, y, z, radius, parts)):
            for other in range(parts[part, 0], parts[part, 1]):
                if parts[part, 2] or _square(x, y, z, forest.points, other, flat) <= limit:
                    keep[forest.row[other]] = False
        keep[index] = True
    return keep


@compiled
def nearest(forest: Forest, points: np.ndarray, tree: np.ndarray, found: np.ndarray) -> None:
    """For each point, the row of the planted point that is nearest; of several, the one that the search meets first.

    points : (N, 3) like the planted; tree : (N,) int64, where to search; found : (N,) int64, out
    """
    todo, least = np.empty(_DEPTH, np.int64), np.empty(_DEPTH)  # nodes to search, and the squares of their distances
    for index in range(len(points)):
        x, y, z = _at(points, index)
        root, flat = forest.root[tree[index]], forest.flat[tree[index]]
        first_leaf = (forest.root[tree[index] + 1] - root) // 2
        best, winner = np.inf, forest.span[root, 0]
        todo[0], least[0], count = 0, 0.0, 1
        while count:
            count -= 1
            node = todo[count]
            if least[count] > best:
                continue
            if node < first_leaf:
                soon, late = 2 * node + 1, 2 * node + 2
                to_soon, to_late = _gap(forest.box, root + soon, x, y, z), _gap(forest.box, root + late, x, y, z)
                if to_late < to_soon:
                    soon, late, to_soon, to_late = late, soon, to_late, to_soon
                todo[count], least[count] = late, to_late
                todo[count + 1], least[count + 1] = soon, to_soon
                count += 2
                continue
            for row in range(forest.span[root + node, 0], forest.span[root + node, 1]):
                square = max(_square(x, y, z, forest.points, row, flat), 0.0)
                if square < best:
                    best, winner = square, row
        found[index] = forest.row[winner]
