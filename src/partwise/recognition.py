"""What a shape is: which of the models that come with partwise to use for it.

A linear classifier of what the encoders of two of these models see in a shape, and of how its points and normals are
spread. The mean entropy of each model, which asks for no classifier, is right for a third of the shapes
(docs/results.md).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file

from partwise.config import Device, Up
from partwise.files import read_json
from partwise.models import FOLDER, check_file
from partwise.segmenter import Prepared, Segmenter

ENCODERS = ("chair", "storagefurniture")
"""Models whose encoders look at the shape."""
SEEN = 2_500
"""Points that they look at."""
RECORD, WEIGHTS = FOLDER / "recogniser.json", FOLDER / "recogniser.safetensors"
_DEPTHS = 3
_BINS = 10


@dataclass(frozen=True)
class Guess:
    """A model that may fit a shape, and the probability that it is of this model's category."""

    model: str
    probability: float


class Recogniser:
    """Ranks the models that come with partwise by how likely a shape is of their category."""

    def __init__(self, device: Device = "auto") -> None:
        record = read_json(RECORD)
        check_file(WEIGHTS, record["sha256"])
        self._models: tuple[str, ...] = tuple(record["models"])
        self._weights = load_file(WEIGHTS)
        self._segmenters = encoders(device)

    def __call__(self, geometry: Any, seed: int = 0, up: Up = "y") -> tuple[Guess, ...]:
        """All models, the likeliest first; the arguments are those of ``Segmenter``, but for ``up``, never guess."""
        values = describe(self._segmenters, geometry, seed, up)
        scaled = (values - self._weights["mean"]) / self._weights["scale"]
        logits = self._weights["weight"] @ scaled + self._weights["bias"]
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        return tuple(Guess(self._models[place], float(shares[place])) for place in np.argsort(-shares))


def encoders(device: Device = "auto") -> tuple[Segmenter, ...]:
    """The models that look at shapes, each with a single set of points."""
    return tuple(Segmenter.load(name, device=device, n_point=SEEN) for name in ENCODERS)


def describe(segmenters: tuple[Segmenter, ...], geometry: Any, seed: int = 0, up: Up = "y") -> np.ndarray:
    """(F,) float64 what the classifier goes by."""
    prepared = segmenters[0].prepare(geometry, seed, up)  # all see the same points
    return np.concatenate([*(_encoded(segmenter, prepared) for segmenter in segmenters), _spread(prepared)])


@torch.inference_mode()
def _encoded(segmenter: Segmenter, prepared: Prepared) -> np.ndarray:
    """Mean and maximum of the features of the encoder's coarsest depths."""
    cloud, directions = (torch.from_numpy(array).to(segmenter.device, torch.float32)
                         for array in (prepared.normalised, prepared.directions))
    one_shape = torch.zeros(len(cloud), dtype=torch.long, device=segmenter.device)
    encoded = segmenter.network.backbone.encoder(segmenter.network.build_octree(cloud, directions, one_shape, 1))
    rows = [row for depth in sorted(encoded)[:_DEPTHS] for row in (encoded[depth].mean(0), encoded[depth].amax(0))]
    values: np.ndarray = torch.cat(rows).cpu().numpy().astype(np.float64)
    return values


def _spread(prepared: Prepared) -> np.ndarray:
    """Extent, mean distance from the middle along each axis, histograms of height and of distance from the upright
    axis, and mean direction of normals regardless of sign."""
    points = prepared.normalised.astype(np.float64)
    height = np.histogram(points[:, 1], _BINS, (-1, 1))[0] / len(points)
    away = np.histogram(np.hypot(points[:, 0], points[:, 2]), _BINS, (0, 1))[0] / len(points)
    return np.concatenate([np.ptp(points, axis=0), np.abs(points).mean(0), height, away,
                           np.abs(prepared.directions).mean(0)])
