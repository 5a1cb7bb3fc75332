"""Writing shapes: PartNet's ``ins_seg_h5`` file pairs, and GLB meshes whose nodes are the part tree."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import h5py
import numpy as np
import trimesh

from partwise.errors import InputError
from partwise.files import replacing
from partwise.hdf5 import create_hdf5
from partwise.synth.parts import Part
from partwise.synth.shapes import SynthShape

_LAYOUT = {"pts": ((3,), np.float32), "nor": ((3,), np.float32), "rgb": ((3,), np.uint8), "opacity": ((), np.float32),
           "label": ((), np.int32)}
_ROWS = 16  # shapes that are compressed together


def write_pair(path: Path, shapes: Iterable[SynthShape], count: int, n_point: int, origin: str) -> None:
    """Write ``path`` (.h5) and the .json beside it; the HDF5 file appears last and tells that both are whole.

    shapes : ``count`` of them, consumed one by one
    origin : text kept as the attribute "origin" of the HDF5 file
    """
    records = []
    with create_hdf5(path) as (file, output):
        file.attrs["origin"] = origin
        for name, (width, dtype) in _LAYOUT.items():
            rows = (min(_ROWS, count), n_point, *width)
            file.create_dataset(name, (count, n_point, *width), dtype, chunks=rows, compression="gzip",
                                compression_opts=4)
        block: list[SynthShape] = []
        for shape in shapes:
            records.append(shape.record)
            block.append(shape)
            if len(block) == _ROWS or len(records) == count:
                _write_block(file, len(records) - len(block), block)
                output.check(path)
                block = []
        with replacing(path.with_suffix(".json")) as temporary:
            temporary.write_text(json.dumps(records), encoding="utf-8")


def _write_block(file: h5py.File, start: int, block: list[SynthShape]) -> None:
    for name in _LAYOUT:
        file[name][start:start + len(block)] = np.stack([shape.arrays[name] for shape in block])


def origin_of(path: Path) -> str | None:
    """The origin of a file pair that ``write_pair`` finished; None where there is none."""
    if not (path.is_file() and path.with_suffix(".json").is_file()):
        return None
    try:
        with h5py.File(path) as file:
            return str(file.attrs.get("origin", ""))
    except OSError as error:
        raise InputError(f"{path}: is not a readable HDF5 file ({error}); choose another folder, or remove "
                         "it") from error


def write_glb(path: Path, shape: SynthShape) -> None:
    """Write a shape as a GLB scene in the frame of its points: one named node a part, nested as the part tree."""
    scene = trimesh.Scene(base_frame=shape.model_id)
    counts: Counter[str] = Counter()
    frames: dict[tuple[object, ...], str] = {(): shape.model_id}
    for part, colour in zip(shape.parts, shape.colours, strict=True):
        parent = _parent_frame(scene, part, frames, counts)
        placed = shape.placed(part)
        mesh = trimesh.Trimesh(placed.vertices, placed.faces, process=False, metadata={"part_path": part.path})
        mesh.visual = trimesh.visual.ColorVisuals(mesh, vertex_colors=np.tile(colour, (len(placed.vertices), 1)))
        name = _fresh(part.path.rpartition("/")[2] if not part.is_other else "other", counts)
        scene.add_geometry(mesh, node_name=name, geom_name=name, parent_node_name=parent)
    with replacing(path) as temporary:
        temporary.write_bytes(scene.export(file_type="glb"))


def _parent_frame(scene: trimesh.Scene, part: Part, frames: dict[tuple[object, ...], str],
                  counts: Counter[str]) -> str:
    """The frame of a part's parent node; ancestors get theirs on first use."""
    key: tuple[object, ...] = ()
    for path, token in part.ancestors():
        parent, key = frames[key], (*key, path, token)
        if key not in frames:
            frames[key] = _fresh(path.rpartition("/")[2], counts)
            scene.graph.update(frame_from=parent, frame_to=frames[key], matrix=np.eye(4))
    return frames[key]


def _fresh(name: str, counts: Counter[str]) -> str:
    counts[name] += 1
    return f"{name}_{counts[name]}"
