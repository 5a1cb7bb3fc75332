"""The data that the viewer shows: plain values for JSON, arrays in them as base64."""

from base64 import b64encode
from dataclasses import replace
from typing import Any

import numpy as np

from partwise.mesh import without_unused_vertices
from partwise.orientation import upright
from partwise.result.parts import LevelSegmentation
from partwise.result.segmentation import Segmentation
from partwise.taxonomy import class_colours, instance_colours

FORMAT = "partwise-view"
VERSION = 1
MOST = 2_000_000
"""Faces or points that a browser still turns around smoothly; a page with as many has about 70 MB."""


def view_data(found: Segmentation, title: str, most: int = MOST) -> dict[str, Any]:
    """What ``createViewer`` takes: of the segmentation ``category``, ``up``, ``n_point``, ``n_face``, ``levels_agree``
    and ``levels`` as in ``result.json``, and

    title : shown above the parts
    note : a sentence to show beside it, or None
    upright : nine numbers, row after row, of the rotation that turns the shape upright
    origin, scale : a coordinate of the input is its position times the scale, plus the origin's
    positions : float32 (V, 3) in [-1, 1]: the vertices of the mesh, or the points
    indices : uint32 (F, 3) vertices of each face; None for points
    normals : int8 (N, 3) of points, 127 long; None for a mesh
    ``levels`` with ``ids``, uint16 or uint32, the part of each face or point, and with ``colours`` of each part, by
    "part" as in the PLY files and by "class"

    Arrays are ``{"type", "base64"}``, little-endian. Of a mesh with more than ``most`` faces the sampled points are
    shown in its place, and of more than ``most`` points as many, evenly from first to last; the note then says so.
    """
    found, note = _bearable(found, most)
    corners = found.points if found.mesh is None else found.mesh.vertices[np.unique(found.mesh.faces)]
    low, high = corners.min(0).astype(np.float64), corners.max(0).astype(np.float64)
    origin = low + (high - low) / 2
    scale = float((high - low).max() / 2) or 1.0
    return {"format": FORMAT, "version": VERSION, "title": title, "note": note, "category": found.category,
            "up": found.up, "n_point": len(found.points),
            "n_face": None if found.mesh is None else len(found.mesh.faces), "levels_agree": found.levels_agree,
            "upright": upright(found.up).reshape(-1).tolist(), "origin": origin.tolist(), "scale": scale,
            **_geometry(found, origin, scale), "levels": [_level(found, level) for level in found.levels]}


def _bearable(found: Segmentation, most: int) -> tuple[Segmentation, str | None]:
    """The segmentation, or what of it a browser can show, and a sentence that says so."""
    note = None
    if found.mesh is not None and len(found.mesh.faces) > most:
        note = f"The mesh has {len(found.mesh.faces):,} faces, too many to show: these are points sampled on it."
        levels = [replace(level, face_semantic=None, face_instance=None) for level in found.levels]
        found = replace(found, mesh=None, source_face=None, levels=tuple(levels))
    if found.mesh is None and len(found.points) > most:
        note = note or f"Shown are {most:,} of {len(found.points):,} points."
        rows = np.linspace(0, len(found.points) - 1, most).round().astype(np.int64)
        levels = [replace(level, semantic=level.semantic[rows], instance=level.instance[rows])
                  for level in found.levels]
        found = replace(found, points=found.points[rows], normals=found.normals[rows], levels=tuple(levels))
    return found, note


def _geometry(found: Segmentation, origin: np.ndarray, scale: float) -> dict[str, Any]:
    if found.mesh is None:
        return {"positions": _encoded((found.points - origin) / scale, "float32"), "indices": None,
                "normals": _encoded(np.rint(127 * found.normals), "int8")}
    mesh = without_unused_vertices(found.mesh)
    return {"positions": _encoded((mesh.vertices - origin) / scale, "float32"),
            "indices": _encoded(mesh.faces, "uint32"), "normals": None}


def _level(found: Segmentation, level: LevelSegmentation) -> dict[str, Any]:
    ids = level.instance if level.face_instance is None else level.face_instance
    by_class = class_colours(found.taxonomy.level(level.level))
    class_ids = np.array([part.class_id for part in level.parts], np.int64)
    by_part = instance_colours(class_ids, np.array([part.id for part in level.parts], np.int64))
    parts = [{**part.to_dict(), "colours": {"part": _hex(own), "class": _hex(by_class[part.class_id])}}
             for part, own in zip(level.parts, by_part, strict=True)]
    return {"level": level.level, "parts": parts, "ids": _encoded(ids, "uint16" if ids.max() < 2 ** 16 else "uint32")}


def _encoded(values: np.ndarray, kind: str) -> dict[str, str]:
    array = np.ascontiguousarray(values, np.dtype(kind).newbyteorder("<"))
    return {"type": kind, "base64": b64encode(array.tobytes()).decode("ascii")}


def _hex(colour: np.ndarray) -> str:
    return "#" + bytes(colour.tolist()).hex()
