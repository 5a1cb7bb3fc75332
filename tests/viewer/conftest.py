"""Two chairs: one that the model which comes with partwise has segmented, and one whose parts are known."""

from dataclasses import replace

import numpy as np
import pytest
import trimesh

from partwise.mesh import Mesh, PointCloud, sample
from partwise.result.parts import LevelSegmentation, Part
from partwise.result.segmentation import Segmentation
from partwise.segmenter import Segmenter
from partwise.taxonomy import load_taxonomy

LEG = ["chair_base", "chair_base/regular_leg_base/leg", "chair_base/regular_leg_base/leg"]
ARM = ["chair_arm", "chair_arm/arm_horizontal_bar", "chair_arm/arm_horizontal_bar"]
SEAT = ["chair_seat", "chair_seat/seat_surface", "chair_seat/seat_surface/seat_single_surface"]
BACK = ["chair_back", "chair_back/back_surface", "chair_back/back_surface/back_single_surface"]
BOXES = [(SEAT, (0.5, 0.06, 0.5), (0, 0.45, 0)), (BACK, (0.5, 0.5, 0.06), (0, 0.75, -0.25)),
         *((LEG, (0.05, 0.42, 0.05), (x, 0.21, z)) for x in (-0.2, 0.2) for z in (-0.2, 0.2)),
         *((ARM, (0.05, 0.05, 0.4), (x, 0.65, 0)) for x in (-0.25, 0.25))]
INSTANCES = [[0, 1, 2, 2, 2, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7]]
CONFIDENCES = [0.97, 0.81, 0.62, 0.55, 0.48, 0.37, 0.1, -0.2]


@pytest.fixture(scope="session")
def found(chair_h5) -> Segmentation:
    """A mesh."""
    meshes = sorted(chair_h5.parent.joinpath("meshes").glob("*.glb"))
    return Segmenter.load("chair", device="cpu", n_point=5000)(meshes[0])


@pytest.fixture(scope="session")
def found_in_cloud(found) -> Segmentation:
    """Points."""
    return Segmenter.load("chair", device="cpu")(PointCloud(found.points, found.normals))


@pytest.fixture(scope="session")
def chair() -> Segmentation:
    """A mesh of boxes: seat, back, four legs and two arms."""
    solids = [trimesh.creation.box(size).subdivide().apply_translation(centre) for _, size, centre in BOXES]
    joined = trimesh.util.concatenate(solids)
    mesh = Mesh(joined.vertices, joined.faces)
    box_of_face = np.repeat(np.arange(len(solids)), [len(solid.faces) for solid in solids])
    samples = sample(mesh, 8000, 0)
    levels = tuple(_level(row, box_of_face, box_of_face[samples.face_index], samples.points) for row in range(3))
    return Segmentation(load_taxonomy("Chair"), samples.points, samples.normals, mesh, np.arange(len(mesh.faces)),
                        levels, levels_agree=True)


@pytest.fixture(scope="session")
def chair_cloud(chair) -> Segmentation:
    """The points of the mesh of boxes."""
    levels = tuple(replace(level, face_semantic=None, face_instance=None,
                           parts=tuple(replace(part, n_face=None) for part in level.parts)) for level in chair.levels)
    return replace(chair, mesh=None, source_face=None, levels=levels)


def _level(row: int, box_of_face: np.ndarray, box_of_point: np.ndarray, points: np.ndarray) -> LevelSegmentation:
    level = load_taxonomy("Chair").levels[row]
    class_of_box = np.array([level.class_of[f"chair/{paths[row]}"] for paths, _, _ in BOXES])
    id_of_box = np.array(INSTANCES[row])
    parts = []
    for id in range(id_of_box.max() + 1):
        first = INSTANCES[row].index(id)
        own = points[id_of_box[box_of_point] == id]
        parts.append(Part(id, int(class_of_box[first]), level.names[class_of_box[first]], CONFIDENCES[id], len(own),
                          int((id_of_box[box_of_face] == id).sum()), np.stack([own.min(0), own.max(0)]),
                          INSTANCES[row - 1][first] if row else None))
    return LevelSegmentation(row + 1, class_of_box[box_of_point], id_of_box[box_of_point], class_of_box[box_of_face],
                             id_of_box[box_of_face], tuple(parts))
