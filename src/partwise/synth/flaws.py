"""Flaws of real artists' meshes: gaps, faces inside, open sheets, missing and flipped faces, bent shapes."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.parts import Part
from partwise.synth.placing import finer, join, warp

FLAWED = 0.5
"""Share of shapes that get flaws at all."""

CHANCES = {
    "shifted": 0.15, "shrunk": 0.12, "stretched": 0.15, "tilted": 0.12,
    "inner_copy": 0.12, "open_sheet": 0.15, "without_end": 0.15, "with_holes": 0.12,
    "split": 0.12, "coarsened": 0.08, "repeated": 0.08, "inside_out": 0.25, "patchily_flipped": 0.06,
    "warped": 0.4, "scaled": 0.5,
}
"""How likely a flawed shape has each flaw; the names are those of the functions."""

_MOST_FACES = 3_000
"""Parts above it are not subdivided."""

_GRID = 2.0**-20
"""Metres. Vertices are rounded to it before each flaw, and what flaws compare to ``_DIGITS`` decimals: no choice may
hang on the last bits of a float, which differ between processors and versions of NumPy, or a seed would not fix the
shapes."""
_DIGITS = 9

OnMesh = Callable[[Mesh, np.random.Generator, float], Mesh]
"""A flaw of a part: its mesh, a generator, and the size of the whole shape."""


def _random_direction(random: np.random.Generator) -> np.ndarray:
    direction = random.normal(size=3)
    found: np.ndarray = direction / max(float(np.linalg.norm(direction)), 1e-12)
    return found


def _crosses(mesh: Mesh) -> np.ndarray:
    """(F, 3) normals as long as twice the face's area."""
    corners = mesh.vertices[mesh.faces]
    return np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])


def _facing(mesh: Mesh, direction: np.ndarray) -> np.ndarray:
    """(F,) cosines between the faces' normals and a unit vector."""
    crosses = _crosses(mesh)
    lengths = np.maximum(np.linalg.norm(crosses, axis=1), 1e-30)
    return np.round(crosses @ direction / lengths, _DIGITS)


def _snapped(mesh: Mesh) -> Mesh:
    return warp(mesh, lambda points: np.round(points / _GRID) * _GRID)


def _kept(mesh: Mesh, keep: np.ndarray) -> Mesh:
    """The mesh with the faces (F,) bool, or as it is if that would leave less than a fifth of its area."""
    area = np.linalg.norm(_crosses(mesh), axis=1)
    return Mesh(mesh.vertices, mesh.faces[keep]) if area[keep].sum() > 0.2 * area.sum() > 0 else mesh


def _used(mesh: Mesh) -> np.ndarray:
    return mesh.vertices[mesh.faces.ravel()]


def _middle(mesh: Mesh) -> np.ndarray:
    used = _used(mesh)
    middle: np.ndarray = (used.min(0) + used.max(0)) / 2
    return middle


def shifted(mesh: Mesh, random: np.random.Generator, size: float) -> Mesh:
    """Moved by one to ten thousandths of the shape: a gap here, an overlap there."""
    return warp(mesh, lambda points: points + _random_direction(random) * size * random.uniform(0.001, 0.01))


def shrunk(mesh: Mesh, random: np.random.Generator, size: float) -> Mesh:
    """Smaller by one to three per cent about its middle."""
    middle, factor = _middle(mesh), random.uniform(0.97, 0.99)
    return warp(mesh, lambda points: middle + (points - middle) * factor)


def stretched(mesh: Mesh, random: np.random.Generator, size: float) -> Mesh:
    """Longer along its longest side, so that it reaches into its neighbours."""
    middle, factors = _middle(mesh), np.ones(3)
    extent = np.ptp(_used(mesh), axis=0)
    longest = int(extent.argmax())
    factors[longest] += min(random.uniform(0.01, 0.06), 0.03 * size / max(float(extent[longest]), 1e-12))
    return warp(mesh, lambda points: middle + (points - middle) * factors)


def tilted(mesh: Mesh, random: np.random.Generator, size: float) -> Mesh:
    """Turned about its middle by a degree or two, less where its ends would move far."""
    middle, axis = _middle(mesh), _random_direction(random)
    extent = max(float(np.ptp(_used(mesh), axis=0).max()), 1e-12)
    angle = min(np.radians(random.uniform(0.5, 3)), 0.03 * size / extent)

    def function(points: np.ndarray) -> np.ndarray:  # Rodrigues' formula
        arm = points - middle
        along = (arm @ axis)[:, None] * axis * (1 - np.cos(angle))
        return middle + arm * np.cos(angle) + np.cross(axis, arm) * np.sin(angle) + along

    return warp(mesh, function)


def inner_copy(mesh: Mesh, random: np.random.Generator, size: float) -> Mesh:
    """With a second, smaller surface inside, as in walls that were given a thickness."""
    middle, factor = _middle(mesh), random.uniform(0.85, 0.98)
    inner = warp(mesh, lambda points: middle + (points - middle) * factor)
    if random.random() < 0.5:
        inner = Mesh(inner.vertices, inner.faces[:, ::-1])
    return join(mesh, inner)


def open_sheet(mesh: Mesh, random: np.random.Generator, size: float) -> Mesh:
    """A thin closed piece becomes the sheet of one of its sides."""
    centred = _used(mesh) - _used(mesh).mean(0)
    spread, axes = np.linalg.eigh(centred.T @ centred)
    if spread[0] > 0.03 * spread[1]:
        return mesh
    across = axes[:, 0] * np.sign(axes[np.abs(np.round(axes[:, 0], _DIGITS)).argmax(), 0])  # eigh leaves the sign open
    return _kept(mesh, _facing(mesh, across * random.choice([-1, 1])) > 0.1)


def without_end(mesh: Mesh, random: np.random.Generator, size: float) -> Mesh:
    """Without the faces at one of its ends, most often the underside."""
    axis = int(random.choice(3, p=[0.2, 0.6, 0.2]))
    side = -1 if random.random() < (0.8 if axis == 1 else 0.5) else 1
    height = np.round(side * mesh.vertices[mesh.faces].mean(1)[:, axis], _DIGITS)
    at_end = height > height.max() - 0.03 * max(float(np.ptp(height)), 1e-12)
    return _kept(mesh, ~(at_end & (_facing(mesh, side * np.eye(3)[axis]) > 0.9)))


def with_holes(mesh: Mesh, random: np.random.Generator, size: float) -> Mesh:
    """A few faces are missing."""
    return _kept(mesh, random.random(len(mesh.faces)) > random.uniform(0.01, 0.08))


def split(mesh: Mesh, random: np.random.Generator, size: float) -> Mesh:
    """Much finer triangles than its neighbours; the surface stays."""
    longest = size * random.uniform(0.03, 0.08)
    area = float(np.linalg.norm(_crosses(mesh), axis=1).sum()) / 2
    if len(mesh.faces) > _MOST_FACES or area == 0:
        return mesh
    return finer(mesh, max(longest, (8 * area / _MOST_FACES) ** 0.5))


def coarsened(mesh: Mesh, random: np.random.Generator, size: float) -> Mesh:
    """Vertices snapped to a coarse grid, as after a careless reduction; faces without area go."""
    step = random.uniform(0.004, 0.015) * size
    step = min(step, 0.2 * float(np.ptp(_used(mesh), axis=0).min()))
    if step <= 0:
        return mesh
    coarse = warp(mesh, lambda points: np.round(points / step) * step)
    return _kept(coarse, np.linalg.norm(_crosses(coarse), axis=1) > 1e-12 * size ** 2)


def repeated(mesh: Mesh, random: np.random.Generator, size: float) -> Mesh:
    """Some or all faces are there twice."""
    twice = random.random(len(mesh.faces)) < random.choice([0.1, 0.5, 1.0])
    return Mesh(mesh.vertices, np.concatenate([mesh.faces, mesh.faces[twice]]))


def inside_out(mesh: Mesh, random: np.random.Generator, size: float) -> Mesh:
    """All faces look inwards."""
    return Mesh(mesh.vertices, mesh.faces[:, ::-1])


def patchily_flipped(mesh: Mesh, random: np.random.Generator, size: float) -> Mesh:
    """The faces on one side of a plane look inwards."""
    centres = np.round(mesh.vertices[mesh.faces].mean(1) @ _random_direction(random), _DIGITS)
    flip = centres > np.quantile(centres, random.uniform(0.3, 0.95))
    return Mesh(mesh.vertices, np.where(flip[:, None], mesh.faces[:, ::-1], mesh.faces))


def _on_some(parts: list[Part], flaw: OnMesh, random: np.random.Generator, size: float) -> list[Part]:
    """One part is touched, or about a third, or all."""
    share = random.choice([0.0, 0.35, 1.0], p=[0.5, 0.3, 0.2])
    touched = random.random(len(parts)) < share
    touched[int(random.integers(len(parts)))] = True
    return [replace(part, mesh=_snapped(flaw(part.mesh, random, size))) if touch else part
            for part, touch in zip(parts, touched, strict=True)]


def warped(parts: list[Part], random: np.random.Generator, size: float) -> list[Part]:
    """The whole shape, bent smoothly by a few per cent of its size."""
    waves = random.normal(size=(3, 3)) * 2 / size
    phases = random.uniform(0, 2 * np.pi, 3)
    ways = random.normal(size=(3, 3)) * size * random.uniform(0.003, 0.012)
    return [replace(part, mesh=warp(part.mesh, lambda points: points + np.sin(points @ waves + phases) @ ways))
            for part in parts]


def scaled(parts: list[Part], random: np.random.Generator, size: float) -> list[Part]:
    """The whole shape, stretched along the axes by some per cent."""
    factors = np.exp(np.clip(random.normal(size=3) * 0.07, -0.2, 0.2))
    return [replace(part, mesh=warp(part.mesh, lambda points: points * factors)) for part in parts]


_OF_PARTS: tuple[OnMesh, ...] = (shifted, shrunk, stretched, tilted, open_sheet, without_end, inner_copy, with_holes,
                                 split, coarsened, repeated, inside_out, patchily_flipped)
_OF_SHAPES = (warped, scaled)


def size_of(parts: list[Part]) -> float:
    """Longest side of the bounding box."""
    points = np.concatenate([_used(part.mesh) for part in parts])
    return float(np.ptp(points, axis=0).max())


def with_flaws(parts: list[Part], random: np.random.Generator) -> list[Part]:
    """The parts, about half of the time with some flaws of real models; paths, nodes and order stay.

    Every part keeps at least a fifth of its area with each flaw that removes faces, so none vanishes. The same
    generator state gives the same meshes.
    """
    if not parts or random.random() >= FLAWED:
        return list(parts)
    parts = [replace(part, mesh=_snapped(part.mesh)) for part in parts]
    size = size_of(parts)
    for flaw in _OF_PARTS:
        if random.random() < CHANCES[flaw.__name__]:
            parts = _on_some(parts, flaw, random, size)
    for whole in _OF_SHAPES:
        if random.random() < CHANCES[whole.__name__]:
            parts = whole(parts, random, size)
    return parts
