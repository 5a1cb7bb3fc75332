"""The files that tell of a segmentation."""

from pathlib import Path

import numpy as np

from partwise.files import make_folder, replacing, write_json
from partwise.mesh import write_mesh_ply, write_obj, write_ply
from partwise.result.part_tree import part_tree, partnet_form
from partwise.result.segmentation import Segmentation
from partwise.taxonomy import instance_colours


def write_segmentation(folder: Path, found: Segmentation, source: str = "") -> list[Path]:
    """Write a segmentation and return the files.

    ``parts.json``: the parts of each level. ``labels.npz``: ``points``, and per level k ``level_k_class`` and
    ``level_k_instance`` of each point, and for a mesh ``face_level_k_class`` and ``face_level_k_instance`` of each
    face in the order of the input. ``level-k.ply``: points coloured by instance, with class and instance as
    properties. ``level-k-mesh.ply``, for a mesh: its faces in the same colours. Where levels agree: ``tree.json``, the
    part tree in PartNet's form, and ``objs/``, its leaves as OBJ files (of a point cloud, vertices alone).
    """
    make_folder(folder)
    written = [folder / "parts.json", folder / "labels.npz"]
    write_json(written[0], {"source": source, **found.to_dict()})
    with replacing(written[1]) as temporary:
        np.savez_compressed(temporary, allow_pickle=False, **_label_arrays(found))
    if found.levels_agree:
        written += _write_tree(folder, found)
    for level in found.levels:
        written.append(folder / f"level-{level.level}.ply")
        write_ply(written[-1], found.points, found.normals, instance_colours(level.semantic, level.instance),
                  {"class": level.semantic, "instance": level.instance})
        if found.mesh is not None and level.face_semantic is not None and level.face_instance is not None:
            written.append(folder / f"level-{level.level}-mesh.ply")
            write_mesh_ply(written[-1], found.mesh.vertices, found.mesh.faces,
                           instance_colours(level.face_semantic, level.face_instance))
    return written


def _label_arrays(found: Segmentation) -> dict[str, np.ndarray]:
    arrays = {"points": found.points}
    for level in found.levels:
        named = {f"level_{level.level}_class": level.semantic, f"level_{level.level}_instance": level.instance,
                 f"face_level_{level.level}_class": level.face_semantic,
                 f"face_level_{level.level}_instance": level.face_instance}
        arrays.update({name: values.astype(np.int32) for name, values in named.items() if values is not None})
    return arrays


def _write_tree(folder: Path, found: Segmentation) -> list[Path]:
    """Leaves first, so that a tree that is there names files that are there; leaves of an earlier tree go."""
    tree, leaves = partnet_form(part_tree(found), found.mesh is not None)
    meshes = make_folder(folder / "objs")
    for old in meshes.glob("part-*.obj"):
        old.unlink()
    written = []
    for name, leaf in leaves.items():
        written.append(meshes / f"{name}.obj")
        if found.mesh is None:
            write_obj(written[-1], found.points[leaf.points], None)
        else:
            used, faces = np.unique(found.mesh.faces[leaf.faces], return_inverse=True)
            write_obj(written[-1], found.mesh.vertices[used], faces.reshape(-1, 3))
    write_json(folder / "tree.json", [tree])
    return [*written, folder / "tree.json"]
