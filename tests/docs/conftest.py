"""The folder in which the commands of a page run: with what its readers bring."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import trimesh

from partwise.cli import main
from partwise.synth.categories import category_function
from partwise.synth.world import write_world
from partwise.taxonomy import partnet_splits
from tests.data.partnet_files import write_annotation
from tests.released.files import write_bundle
from tests.released.test_weights import small_variables


@pytest.fixture(scope="session")
def brought(chair_h5, chair_data, tmp_path_factory) -> Path:
    """A folder with meshes, PartNet's files and the released program's, as readers of the pages have them."""
    folder = tmp_path_factory.mktemp("brought")
    _bring_meshes(folder, sorted(chair_h5.parent.glob("meshes/*.glb")))
    shutil.copytree(chair_h5, folder / "ins_seg_h5")
    write_world(folder / "ins_seg_h5", "Table", category_function("Table"), {"train": 4, "val": 2, "test": 2}, 256, 0,
                workers=1)
    for anno_id in list(partnet_splits("Chair"))[:2]:
        write_annotation(folder / "data_v0" / anno_id)
    assert main(["export", "tfrecord", str(chair_data / "Chair"), "--out", str(folder / "records")]) == 0
    write_bundle(folder / "logs/chair/model/iter100000.ckpt", small_variables("Chair"))
    assert main(["convert", str(folder / "logs/chair/model"), "--category", "Chair",
                 "--out", str(folder / "models/Chair")]) == 0
    assert main(["evaluate", "--model", "chair", "--data", str(chair_data), "--out", str(folder / "evaluated"),
                 "--write-partnet", str(folder / "masks"), "--json"]) == 0
    (folder / "masks/gt").rename(folder / "GT_DIR")
    (folder / "masks/pred").rename(folder / "PRED_DIR")
    return folder


def _bring_meshes(folder: Path, chairs: list[Path]) -> None:
    shutil.copy(chairs[0], folder / "chair.glb")
    mesh = trimesh.load(chairs[0], force="mesh")
    np.save(folder / "points.npy", mesh.sample(2000, seed=0))
    mesh.apply_transform(trimesh.transformations.rotation_matrix(np.pi / 2, (1, 0, 0)))  # z up
    mesh.export(folder / "cad.stl")
    trimesh.creation.box((1, 0.7, 1)).export(folder / "table.obj")
    (folder / "scans").mkdir()
    for number, chair in enumerate(chairs[1:3]):
        trimesh.PointCloud(trimesh.load(chair, force="mesh").sample(2000, seed=0)).export(
            folder / f"scans/{number}.ply")
