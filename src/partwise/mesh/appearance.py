"""How the faces of a mesh look: materials, texture coordinates and colours, a row a face."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import trimesh
from trimesh.visual import ColorVisuals, TextureVisuals
from trimesh.visual.material import Material, PBRMaterial

NO_MATERIAL = -1


@dataclass(frozen=True)
class Appearance:
    """Of every face; what a file does not give is absent.

    materials : trimesh's, each once
    material : (F,) int64 index into ``materials``, or NO_MATERIAL
    uv : (F, 3, 2) float64 texture coordinates of the corners, 0 where there are none
    colours : (F, 3, 4) uint8 of the corners, where ``coloured``
    coloured : (F,) bool
    """

    materials: tuple[Material, ...]
    material: np.ndarray
    uv: np.ndarray
    colours: np.ndarray
    coloured: np.ndarray

    def take(self, faces: np.ndarray) -> "Appearance":
        """Of some of the faces, in the order of their (n,) indices."""
        return Appearance(self.materials, self.material[faces], self.uv[faces], self.colours[faces],
                          self.coloured[faces])

    @staticmethod
    def joined(several: Sequence["Appearance"]) -> "Appearance":
        """Of the faces of several meshes, one after the other."""
        materials = list({id(one): one for each in several for one in each.materials}.values())
        places = {id(one): place for place, one in enumerate(materials)}
        numbers = [np.array([*(places[id(one)] for one in each.materials), NO_MATERIAL])[each.material]
                   for each in several]
        return Appearance(tuple(materials), np.concatenate(numbers), *(
            np.concatenate([getattr(each, name) for each in several]) for name in ("uv", "colours", "coloured")))


def appearance_of(mesh: trimesh.Trimesh, order: slice = slice(None)) -> Appearance:
    """Of trimesh's mesh, face by face, the corners of each in some order."""
    count, visual = len(mesh.faces), mesh.visual
    plain = Appearance((), np.full(count, NO_MATERIAL), np.zeros((count, 3, 2)), np.zeros((count, 3, 4), np.uint8),
                       np.zeros(count, bool))
    if isinstance(visual, TextureVisuals) and visual.material is not None:
        given = visual.uv is not None and len(visual.uv) == len(mesh.vertices)
        uv = np.asarray(visual.uv, np.float64)[mesh.faces[:, order]] if given else plain.uv
        return Appearance((visual.material,), np.zeros(count, np.int64), uv, plain.colours, plain.coloured)
    if isinstance(visual, ColorVisuals) and visual.kind is not None:
        of_corners = (visual.vertex_colors[mesh.faces[:, order]] if visual.kind == "vertex"
                      else np.repeat(visual.face_colors[:, None], 3, axis=1))
        return Appearance((), plain.material, plain.uv, np.asarray(of_corners, np.uint8), np.ones(count, bool))
    return plain


def as_trimesh(vertices: np.ndarray, faces: np.ndarray, appearance: Appearance | None = None,
               colour: Sequence[int] = ()) -> list[trimesh.Trimesh]:
    """Faces as trimesh's meshes, one for each material, and one for the faces that have none.

    vertices : (V, 3), of which those that no face uses are left out
    faces : (F, 3) int
    appearance : of the faces
    colour : red, green and blue, 0 to 255, of what has neither material nor colours
    """
    if appearance is None:
        return [_plain(vertices, faces, colour)]
    plain = (appearance.material == NO_MATERIAL) & ~appearance.coloured
    painted = (appearance.material == NO_MATERIAL) & appearance.coloured
    found = [_plain(vertices, faces[plain], colour)] if plain.any() else []
    if painted.any():
        mesh, colours = _mesh(vertices, faces[painted], appearance.colours[painted])
        mesh.visual = ColorVisuals(mesh, vertex_colors=colours.astype(np.uint8))
        found.append(mesh)
    for number in np.unique(appearance.material[appearance.material != NO_MATERIAL]):
        rows = np.flatnonzero(appearance.material == number)
        mesh, uv = _mesh(vertices, faces[rows], appearance.uv[rows])
        mesh.visual = TextureVisuals(uv=uv, material=appearance.materials[number])
        found.append(mesh)
    return found


def _plain(vertices: np.ndarray, faces: np.ndarray, colour: Sequence[int]) -> trimesh.Trimesh:
    mesh, _ = _mesh(vertices, faces, np.zeros((len(faces), 3, 0)))
    if len(colour):
        mesh.visual = TextureVisuals(material=PBRMaterial(
            baseColorFactor=[*map(int, colour), 255], metallicFactor=0.0, roughnessFactor=0.8, doubleSided=True))
    return mesh


def _mesh(vertices: np.ndarray, faces: np.ndarray, of_corners: np.ndarray) -> tuple[trimesh.Trimesh, np.ndarray]:
    """A mesh whose corners share a vertex where they lie at one and look the same, and (V, D) how vertices look."""
    flat = of_corners.reshape(faces.size, -1)
    keys = np.column_stack([faces.reshape(-1), flat])
    _, first, place = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    mesh = trimesh.Trimesh(vertices[faces.reshape(-1)[first]], place.reshape(-1, 3), process=False)
    return mesh, flat[first]
