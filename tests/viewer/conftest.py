"""A chair that the model which comes with partwise has segmented, as a mesh and as a cloud."""

import pytest

from partwise.mesh import PointCloud
from partwise.result.segmentation import Segmentation
from partwise.segmenter import Segmenter


@pytest.fixture(scope="session")
def found(chair_h5) -> Segmentation:
    meshes = sorted(chair_h5.parent.joinpath("meshes").glob("*.glb"))
    return Segmenter.load("chair", device="cpu", n_point=5000)(meshes[0])


@pytest.fixture(scope="session")
def found_in_cloud(found) -> Segmentation:
    return Segmenter.load("chair", device="cpu")(PointCloud(found.points, found.normals))
