"""What holds for the shapes of any category: legal paths, sound meshes, parts that touch, classes that occur."""

from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np

from partwise.data.parts import part_classes
from partwise.synth.parts import Part, part_tree
from partwise.taxonomy import load_taxonomy


def class_shares(category: str, shapes: Iterable[list[Part]]) -> dict[int, dict[int, float]]:
    """Share of shapes in which each class occurs, by level; counted on the shapes' own part trees."""
    taxonomy = load_taxonomy(category)
    classes, counts, total = part_classes(taxonomy), Counter(), 0
    for parts in shapes:
        total += 1
        nodes, _ = part_tree(parts, taxonomy)
        found = {(level, class_id) for node in nodes
                 for level, class_id in zip((1, 2, 3), classes[node["part_name"]], strict=True) if class_id}
        counts.update(found)
    known = {(level, class_id) for ids in classes.values() for level, class_id in zip((1, 2, 3), ids, strict=True)
             if class_id}
    shares: dict[int, dict[int, float]] = {}
    for level, class_id in sorted(known):
        shares.setdefault(level, {})[class_id] = counts[level, class_id] / total
    return shares


def volume(part: Part) -> float:
    """Signed volume: that of a closed mesh is positive if its faces look outwards."""
    corners = part.mesh.vertices[part.mesh.faces]
    return float(np.einsum("ij,ij", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))) / 6


def area(part: Part) -> float:
    corners = part.mesh.vertices[part.mesh.faces]
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return float(np.linalg.norm(crosses, axis=1).sum()) / 2


def check_meshes(category: str, parts: list[Part]) -> None:
    """Legal, with an area, faces outwards."""
    taxonomy = load_taxonomy(category)
    nodes, leaves = part_tree(parts, taxonomy)
    assert len(set(leaves)) == len(parts)
    assert sum(len(node["leaf_id_list"]) for node in nodes if node["leaf_id_list"] == leaves) >= 1
    for part in parts:
        assert area(part) > 0
        assert volume(part) > 0, part.path


def loose_parts(parts: list[Part]) -> list[str]:
    """Paths of parts that no chain of boxes, each within a hundredth of the shape, joins to the first."""
    low = np.array([part.mesh.vertices[part.mesh.faces].min((0, 1)) for part in parts])
    high = np.array([part.mesh.vertices[part.mesh.faces].max((0, 1)) for part in parts])
    margin = 0.01 * float((high.max(0) - low.min(0)).max())
    near = (low[:, None] <= high[None] + margin).all(2) & (low[None] <= high[:, None] + margin).all(2)
    reached = near[0]
    for _ in parts:
        reached = near[reached].any(0)
    return [part.path for part, there in zip(parts, reached, strict=True) if not there]


def check_repeatable(make: Callable[[np.random.Generator], list[Part]]) -> None:
    """The same seed gives the same shape; another seed another."""
    one, two, other = (make(np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert [part.path for part in one] == [part.path for part in two]
    for first, second in zip(one, two, strict=True):
        assert np.array_equal(first.mesh.vertices, second.mesh.vertices)
        assert np.array_equal(first.mesh.faces, second.mesh.faces)
    assert one[0].mesh.vertices.shape != other[0].mesh.vertices.shape or not np.array_equal(
        one[0].mesh.vertices, other[0].mesh.vertices)


def boxes(parts: list[Part]) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper corners (parts, 3) of each part's box."""
    return (np.array([part.mesh.vertices.min(0) for part in parts]),
            np.array([part.mesh.vertices.max(0) for part in parts]))


def corners(parts: list[Part]) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper corner (3,) of the box about all parts."""
    low, high = boxes(parts)
    return low.min(0), high.max(0)
