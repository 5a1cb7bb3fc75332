"""Reading OBJ files, with the materials beside them.

Our own reader, since vertices and faces must be in the order of the file, whatever groups, materials and texture
coordinates it has. trimesh's gathers the faces of each material, gives a vertex at a seam of texture coordinates twice,
counts negative indices from the end of the file instead of from where the face stands, and reads one library alone.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from partwise.errors import InputError
from partwise.mesh.appearance import NO_MATERIAL, Appearance
from partwise.mesh.beside import Beside
from partwise.mesh.geometry import Mesh, PointCloud
from partwise.mesh.mtl import materials_of
from partwise.mesh.polygons import fan
from partwise.mesh.text import decoded, table_of


@dataclass
class _Lines:
    """What follows the first word of each line.

    defined : vertices and texture coordinates above each face: negative indices count back from there
    names : of materials, each once
    material : of each face, its place among ``names``
    libraries : names of files of materials
    """

    v: list[str] = field(default_factory=list)
    vt: list[str] = field(default_factory=list)
    vn: list[str] = field(default_factory=list)
    f: list[str] = field(default_factory=list)
    defined: list[tuple[int, int]] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    material: list[int] = field(default_factory=list)
    libraries: list[str] = field(default_factory=list)


def read_obj(path: Path) -> Mesh | PointCloud:
    """An OBJ file's mesh, groups and objects joined; without faces its points, with normals if as many.

    Materials and their images are read where they lie beside the file, and colours that follow the coordinates of all
    vertices. What cannot be read is said, and left out.
    """
    lines = _lines(decoded(path.read_bytes()))
    if not lines.v:
        raise InputError("the OBJ file has no vertices ('v x y z' lines)")
    vertices = table_of(lines.v, range(3))
    if not lines.f:
        normals = table_of(lines.vn, range(3)) if len(lines.vn) == len(vertices) else None
        return PointCloud(vertices, normals)
    sizes = np.array([len(row.split()) for row in lines.f])
    corners = " ".join(lines.f).split()
    vertex_count, uv_count = np.repeat(np.array(lines.defined), sizes, axis=0).T
    corner = fan(np.arange(len(corners)), sizes)  # (F, 3) places among the corners of all polygons
    faces = _indices([int(one.partition("/")[0]) for one in corners], vertex_count)[corner]
    look = _materials(path, lines, np.repeat(np.array(lines.material), sizes)[corner[:, 0]])
    if look is not None and lines.vt:
        numbers = [int(one.split("/")[1] or 0) if "/" in one else 0 for one in corners]
        look = replace(look, uv=_texture_coordinates(lines.vt, _indices(numbers, uv_count)[corner]))
    return Mesh(vertices, faces, look or _colours(lines.v, faces))


def _lines(text: str) -> _Lines:
    found = _Lines()
    tables = {"v": found.v, "vt": found.vt, "vn": found.vn, "f": found.f}
    material = NO_MATERIAL
    for line in text.replace("\\\r\n", " ").replace("\\\n", " ").splitlines():
        kind, _, rest = line.strip().replace("\t", " ").partition(" ")
        if kind in tables:
            tables[kind].append(rest.partition("#")[0])
            if kind == "f":
                found.defined.append((len(found.v), len(found.vt)))
                found.material.append(material)
        elif kind == "usemtl":
            material = found.names.setdefault(rest.strip(), len(found.names))
        elif kind == "mtllib":
            found.libraries.append(rest.strip())
    return found


def _indices(numbers: list[int], defined: np.ndarray) -> np.ndarray:
    """Places from 0 of what a file counts from 1, or from the end of what is defined; -1 for 0, which is nothing."""
    given = np.array(numbers, np.int64)
    return np.where(given < 0, given + defined, given - 1)


def _materials(path: Path, lines: _Lines, number: np.ndarray) -> Appearance | None:
    """Materials of faces by (F,) places among the names; None where the file has none that can be read."""
    if not lines.names or not lines.libraries:
        return None
    beside = Beside(path)
    known = materials_of(beside, lines.libraries, lines.names)
    beside.tell()
    if not known:
        return None
    places = {name: place for place, name in enumerate(known)}
    table = np.array([*(places.get(name, NO_MATERIAL) for name in lines.names), NO_MATERIAL], np.int32)
    return Appearance(tuple(known.values()), table[number], np.zeros(len(number), bool))


def _texture_coordinates(rows: list[str], index: np.ndarray) -> np.ndarray:
    """(F, 3, 2) at indices (F, 3); 0 where there are none."""
    table = np.concatenate([table_of(rows, range(2)).astype(np.float32), np.zeros((1, 2), np.float32)])
    given = (index >= 0) & (index < len(rows))
    found: np.ndarray = table[np.where(given, index, len(rows))]
    return found


def _colours(rows: list[str], faces: np.ndarray) -> Appearance | None:
    """Colours, from 0 to 1, behind the coordinates of all vertices; None where they are not there."""
    if any(len(row.split()) < 6 for row in rows):
        return None
    shares = table_of(rows, range(3, 6))
    if not (shares >= 0).all() or not (shares <= 1).all():
        return None
    colours = np.column_stack([np.rint(255 * shares), np.full(len(rows), 255)]).astype(np.uint8)
    return Appearance.painted(colours[faces])
