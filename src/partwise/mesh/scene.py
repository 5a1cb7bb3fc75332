"""Scenes of trimesh, which reads GLB, glTF and STL for us, joined into one mesh or point cloud."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from trimesh.visual.material import PBRMaterial

from partwise.errors import InputError
from partwise.mesh.appearance import Appearance, appearance_of
from partwise.mesh.beside import Beside
from partwise.mesh.geometry import Mesh, PointCloud

_UNSUPPORTED = {"KHR_draco_mesh_compression", "EXT_meshopt_compression", "KHR_mesh_quantization"}
_TEXTURES = ("baseColorTexture", "emissiveTexture", "metallicRoughnessTexture", "normalTexture", "occlusionTexture")


def read_scene(path: Path) -> Mesh | PointCloud:
    """Read a .glb, .gltf or .stl file; see ``join_scene``."""
    file_type = path.suffix.lower()[1:]
    beside = Beside(path)
    if file_type != "stl":
        header = _gltf_header(path)
        _check_gltf(header)
        if header.get("images"):
            beside.can_read_images("its texture")
    with path.open("rb") as file:
        scene = trimesh.load(file, file_type=file_type, resolver=beside, force="scene", process=False)
    _decode_images(scene, beside)
    beside.tell()
    return join_scene(scene)


def _decode_images(scene: trimesh.Scene, beside: Beside) -> None:
    """Decode the images of all materials, and leave out those that are damaged: else writing fails much later."""
    materials = {id(one): one for geometry in scene.geometry.values()
                 if isinstance(one := getattr(getattr(geometry, "visual", None), "material", None), PBRMaterial)}
    known: dict[int, Any] = {}
    for material in materials.values():
        for name in _TEXTURES:
            image = getattr(material, name)
            if image is not None:
                if id(image) not in known:
                    known[id(image)] = beside.decoded(image, f"the {name} of material '{material.name}'")
                setattr(material, name, known[id(image)])


def join_scene(scene: trimesh.Scene) -> Mesh | PointCloud:
    """The meshes of all nodes in world coordinates as one; the points of all nodes where there are no faces.

    Materials, texture coordinates and colours are kept. Nothing is merged or reordered within a mesh. Lines are left
    out. InputError: neither faces nor points.
    """
    vertices, faces, appearances, points = [], [], [], []
    n_vertex = 0
    for node in scene.graph.nodes_geometry:
        transform, name = scene.graph[node]
        geometry = scene.geometry[name]
        linear, shift = transform[:3, :3], transform[:3, 3]
        if isinstance(geometry, trimesh.Trimesh) and len(geometry.faces):
            # a mirroring transform turns faces inside out
            order = slice(None, None, -1 if np.linalg.det(linear) < 0 else 1)
            vertices.append(np.asarray(geometry.vertices, np.float64) @ linear.T + shift)
            faces.append(np.asarray(geometry.faces, np.int64)[:, order] + n_vertex)
            appearances.append(appearance_of(geometry, order))
            n_vertex += len(vertices[-1])
        elif isinstance(geometry, trimesh.PointCloud):
            points.append(np.asarray(geometry.vertices, np.float64) @ linear.T + shift)
    if faces:
        return Mesh(np.concatenate(vertices), np.concatenate(faces), Appearance.joined(appearances))
    if points:
        return PointCloud(np.concatenate(points))
    raise InputError("the scene is empty: it holds neither faces nor points")


def _gltf_header(path: Path) -> dict[str, Any]:
    """The JSON part of a glTF or GLB file."""
    data = path.read_bytes()
    if path.suffix.lower() == ".glb":
        if data[:4] != b"glTF" or len(data) < 20:
            raise InputError("this is not a GLB file: it should begin with 'glTF'")
        data = data[20:20 + int.from_bytes(data[12:16], "little")]
    header = json.loads(data)
    if not isinstance(header, dict):
        raise InputError("this is not a glTF file: its JSON should be an object")
    return header


def _check_gltf(header: dict[str, Any]) -> None:
    """Refuse what trimesh would read as zeros or at a wrong scale."""
    unsupported = _UNSUPPORTED & set(header.get("extensionsRequired", []))
    for mesh in header.get("meshes", []):
        for primitive in mesh["primitives"]:
            accessor = header["accessors"][primitive["attributes"]["POSITION"]]
            if "bufferView" not in accessor or "sparse" in accessor or accessor.get("normalized"):
                unsupported.add("positions that are compressed, sparse or normalised integers")
    if unsupported:
        raise InputError(f"the file uses {', '.join(sorted(unsupported))}, which is not supported; export it "
                         "again without compression")
