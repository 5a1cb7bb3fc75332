"""Make the classifier that says what a shape is: `python -m tools.train_recogniser --data DIR`.

DIR holds the stores of partwise-bench: it learns from the val split of every category of which a model comes with
partwise, and prints how often it is right on the test split. Make it again when one of ``ENCODERS`` changes.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from partwise.data.store import Store
from partwise.files import write_json
from partwise.mesh import PointCloud
from partwise.models import ModelCard, file_checksum, shipped_models
from partwise.recognition import ENCODERS, RECORD, WEIGHTS, describe, encoders
from partwise.segmenter import Segmenter
from partwise.synth.benchmark import NAME


@dataclass(frozen=True)
class Settings:
    """Make the classifier that says what a shape is."""

    data: Path
    """Folder of stores; holds <category>/val.h5 and <category>/test.h5."""
    train: int = 120
    """Shapes of each category to learn from."""
    test: int = 40
    """Shapes of each category to test on."""


def described(cards: tuple[ModelCard, ...], data: Path, split: str, count: int,
              segmenters: tuple[Segmenter, ...]) -> tuple[np.ndarray, np.ndarray]:
    """(N, F) descriptions and (N,) number of the model of ``count`` shapes of each category."""
    rows, numbers = [], []
    for number, card in enumerate(cards):
        store = Store(data / card.category / f"{split}.h5")
        for index in range(min(count, len(store))):
            shape = store.shape(index)
            rows.append(describe(segmenters, PointCloud(shape.points, shape.normals)))
            numbers.append(number)
    return np.array(rows), np.array(numbers)


def main(settings: Settings) -> None:
    cards, segmenters = shipped_models(), encoders("cpu")
    rows, numbers = described(cards, settings.data, "val", settings.train, segmenters)
    scaler = StandardScaler().fit(rows)
    fit = LogisticRegression(C=0.1, max_iter=5000).fit(scaler.transform(rows), numbers)
    test_rows, test_numbers = described(cards, settings.data, "test", settings.test, segmenters)
    right = float((fit.predict(scaler.transform(test_rows)) == test_numbers).mean())
    save_file({name: np.ascontiguousarray(value, np.float32) for name, value in (
        ("weight", fit.coef_), ("bias", fit.intercept_), ("mean", scaler.mean_), ("scale", scaler.scale_))}, WEIGHTS)
    WEIGHTS.chmod(0o644)
    write_json(RECORD, {"models": [card.name for card in cards], "encoders": list(ENCODERS), "licence": "MIT",
                        "trained_on": f"{NAME}, val, {settings.train} shapes of each category",
                        "right_on_test": round(right, 4), "sha256": file_checksum(WEIGHTS)})
    print(f"right for {100 * right:.1f} % of {len(test_rows)} test shapes")


if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
