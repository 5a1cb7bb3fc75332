"""How the faces of a mesh look: materials, texture coordinates and colours, a row a face."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import trimesh
from trimesh.visual import ColorVisuals, TextureVisuals
from trimesh.visual.material import Material, PBRMaterial

NO_MATERIAL = -1


@dataclass(frozen=True)
class Appearance:
    """Of every face; what a file does not give is absent.

    materials : trimesh's, each once
    material : (F,) int32 index into ``materials``, or NO_MATERIAL
    coloured : (F,) bool, whether a face has ``colours``
    uv : (F, 3, 2) float32 texture coordinates of the corners, 0 where there are none; None where no face has any
    colours : (F, 3, 4) uint8 of the corners; None where no face has any
    """

    materials: tuple[Material, ...]
    material: np.ndarray
    coloured: np.ndarray
    uv: np.ndarray | None = None
    colours: np.ndarray | None = None

    @classmethod
    def plain(cls, count: int) -> "Appearance":
        """Of faces of which nothing is known."""
        return cls((), np.full(count, NO_MATERIAL, np.int32), np.zeros(count, bool))

    @classmethod
    def painted(cls, colours: np.ndarray) -> "Appearance":
        """Of faces with (F, 3, 4) uint8 colours at their corners."""
        return cls((), np.full(len(colours), NO_MATERIAL, np.int32), np.ones(len(colours), bool), None, colours)

    def take(self, faces: np.ndarray) -> "Appearance":
        """Of some of the faces, in the order of their (n,) indices."""
        return Appearance(self.materials, self.material[faces], self.coloured[faces],
                          None if self.uv is None else self.uv[faces],
                          None if self.colours is None else self.colours[faces])

    def cut(self, source: np.ndarray, weights: np.ndarray) -> "Appearance":
        """Of pieces of the faces: (n,) the face that each is of, (n, 3, 3) its corners' weights of that face's."""
        whole = self.take(source)
        uv = None if whole.uv is None else np.einsum("fcw,fwd->fcd", weights, whole.uv).astype(np.float32)
        colours = None if whole.colours is None else (
            np.rint(np.einsum("fcw,fwd->fcd", weights, whole.colours)).astype(np.uint8))
        return replace(whole, uv=uv, colours=colours)

    @staticmethod
    def joined(several: Sequence["Appearance"]) -> "Appearance":
        """Of the faces of several meshes, one after the other."""
        materials = list({id(one): one for each in several for one in each.materials}.values())
        places = {id(one): place for place, one in enumerate(materials)}
        numbers = [np.array([*(places[id(one)] for one in each.materials), NO_MATERIAL], np.int32)[each.material]
                   for each in several]
        sizes = [len(each.material) for each in several]
        coloured = np.concatenate([each.coloured for each in several])
        return Appearance(tuple(materials), np.concatenate(numbers), coloured,
                          _stacked([each.uv for each in several], sizes, (3, 2), np.float32),
                          _stacked([each.colours for each in several], sizes, (3, 4), np.uint8))

    def face_colours(self, plain: Sequence[int]) -> np.ndarray:
        """(F, 3) uint8: a single colour for each face, that of its material or texture in its middle.

        plain : of faces of which nothing is known
        """
        found = np.tile(np.array(plain, np.uint8), (len(self.material), 1))
        if self.colours is not None:
            found[self.coloured] = np.rint(self.colours[self.coloured, :, :3].mean(1))
        for number, rows in _by_number(self.material):
            if number != NO_MATERIAL:
                middles = None if self.uv is None else self.uv[rows].mean(1)
                found[rows] = _material_colours(self.materials[number], middles)
        return found


def _stacked(arrays: Sequence[np.ndarray | None], sizes: Sequence[int], shape: tuple[int, ...],
             dtype: type) -> np.ndarray | None:
    """Arrays one after the other, zeros in place of those that are None; None where all are."""
    if all(array is None for array in arrays):
        return None
    return np.concatenate([np.zeros((size, *shape), dtype) if array is None else array
                           for array, size in zip(arrays, sizes, strict=True)])


def _by_number(numbers: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Each number that occurs, and the rows where it does, in order."""
    order = np.argsort(numbers, kind="stable")
    values, starts = np.unique(numbers[order], return_index=True)
    return zip(values.tolist(), np.split(order, starts[1:]), strict=True)


def _material_colours(material: Material, uv: np.ndarray | None) -> np.ndarray:
    """(n, 3) or (3,) colours of a material at (n, 2) texture coordinates."""
    colours = None if uv is None else material.to_color(uv)
    if colours is None:
        colours = material.main_color
    return np.array((255, 255, 255) if colours is None else np.asarray(colours)[..., :3], np.uint8)


def appearance_of(mesh: trimesh.Trimesh, order: slice = slice(None)) -> Appearance:
    """Of trimesh's mesh, face by face, the corners of each in some order."""
    count, visual = len(mesh.faces), mesh.visual
    if isinstance(visual, TextureVisuals) and visual.material is not None:
        given = visual.uv is not None and len(visual.uv) == len(mesh.vertices)
        uv = np.asarray(visual.uv, np.float32)[mesh.faces[:, order]] if given else None
        return Appearance((visual.material,), np.zeros(count, np.int32), np.zeros(count, bool), uv)
    if isinstance(visual, ColorVisuals) and visual.kind is not None:
        of_corners = (visual.vertex_colors[mesh.faces[:, order]] if visual.kind == "vertex"
                      else np.repeat(visual.face_colors[:, None], 3, axis=1))
        return Appearance.painted(np.asarray(of_corners, np.uint8))
    return Appearance.plain(count)


def as_trimesh(vertices: np.ndarray, faces: np.ndarray, appearance: Appearance | None = None,
               colour: Sequence[int] = ()) -> list[trimesh.Trimesh]:
    """Faces as trimesh's meshes, one for each material, and one for the faces that have none.

    vertices : (V, 3), of which those that no face uses are left out
    faces : (F, 3) int
    appearance : of the faces
    colour : red, green and blue, 0 to 255, of what has neither material nor colours
    """
    look = Appearance.plain(len(faces)) if appearance is None else appearance
    bare = look.material == NO_MATERIAL
    plain, painted = bare & ~look.coloured, bare & look.coloured
    found = [_plain(vertices, faces[plain], colour)] if plain.any() else []
    if look.colours is not None and painted.any():
        mesh, colours = _mesh(vertices, faces[painted], look.colours[painted])
        mesh.visual = ColorVisuals(mesh, vertex_colors=colours)
        found.append(mesh)
    for number, rows in _by_number(look.material):
        if number != NO_MATERIAL:
            mesh, uv = _mesh(vertices, faces[rows], None if look.uv is None else look.uv[rows])
            mesh.visual = TextureVisuals(uv=uv, material=look.materials[number])
            found.append(mesh)
    return found


def _plain(vertices: np.ndarray, faces: np.ndarray, colour: Sequence[int]) -> trimesh.Trimesh:
    mesh, _ = _mesh(vertices, faces, None)
    if len(colour):
        mesh.visual = TextureVisuals(material=PBRMaterial(
            baseColorFactor=[*map(int, colour), 255], metallicFactor=0.0, roughnessFactor=0.8, doubleSided=True))
    return mesh


def _mesh(vertices: np.ndarray, faces: np.ndarray,
          of_corners: np.ndarray | None) -> tuple[trimesh.Trimesh, np.ndarray | None]:
    """A mesh whose corners share a vertex where they lie at one and look the same, and (V, D) how vertices look."""
    if of_corners is None:
        used, place = np.unique(faces, return_inverse=True)
        return trimesh.Trimesh(vertices[used], place.reshape(-1, 3), process=False), None
    flat = of_corners.reshape(faces.size, -1)
    keys = np.column_stack([faces.reshape(-1), flat])
    _, first, place = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    mesh = trimesh.Trimesh(vertices[faces.reshape(-1)[first]], place.reshape(-1, 3), process=False)
    return mesh, flat[first]
