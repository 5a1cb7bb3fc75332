"""A category that lacks a level (Bottle has 1 and 3), all the way: stored, trained, evaluated, segmented."""

import numpy as np

from partwise.data.store import Store, StoreWriter
from partwise.evaluate import evaluate
from partwise.segmenter import Segmenter
from partwise.shape import Shape
from partwise.taxonomy import load_taxonomy
from partwise.training import train
from tests.training.settings import settings


def bottle(seed: int) -> Shape:
    """A body with a neck on top; some points of the neck are other at level 3."""
    random = np.random.default_rng(seed)
    points = random.uniform(-1, 1, (200, 3)).astype(np.float32)
    part = (points[:, 1] > 0.2).astype(np.int64)
    coarse, fine = np.array([3, 1])[part], np.where(points[:, 1] > 0.8, 0, np.array([6, 2])[part])
    instance = np.stack([part, part, np.where(fine == 0, -1, part)])
    normals = points / np.linalg.norm(points, axis=1, keepdims=True)
    return Shape(points, normals, np.stack([coarse, coarse, fine]).astype(np.uint8), instance.astype(np.int16),
                 anno_id=str(seed))


def test_a_missing_level_is_trained_and_never_reported(tmp_path):
    taxonomy = load_taxonomy("Bottle")
    assert taxonomy.real_levels == (1, 3)
    folder = tmp_path / "data/Bottle"
    folder.mkdir(parents=True)
    for split in ("train", "val"):
        with StoreWriter(folder / f"{split}.h5", load_taxonomy("Bottle"), split, 200) as writer:
            writer.append([bottle(seed) for seed in range(4)])
    run = train(settings(tmp_path / "data", tmp_path / "run", category="Bottle"))
    segmenter = Segmenter.load(run, device="cpu")
    report = evaluate(segmenter, Store(folder / "val.h5"), write_partnet=tmp_path / "partnet")
    assert [level.level.number for level in report.levels] == [1, 3]
    assert set(report.to_dict()["levels"]) == {"1", "3"}
    assert sorted(path.name for path in (tmp_path / "partnet/gt").iterdir()) == ["Bottle-1", "Bottle-3"]
    # other exists at level 3 alone: there the two ways to count must differ
    assert report.levels[1].losses["all"] != report.levels[1].losses["ignore_other"]
    assert [level.level for level in segmenter(bottle(9).points).levels] == [1, 3]
