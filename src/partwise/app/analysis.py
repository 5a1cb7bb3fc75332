"""From a file to its parts, in stages that a person can follow and stop; and grouping a single part anew."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from partwise.app.corrections import split
from partwise.checkpoint import Checkpoint
from partwise.config import N_POINT, Device, GroupingConfig, Up
from partwise.errors import InputError
from partwise.grouping.instances import votes
from partwise.grouping.mean_shift import mean_shift
from partwise.grouping.scraps import crumb_hosts
from partwise.mesh import Mesh, PointCloud, read_geometry
from partwise.models import load_model
from partwise.nn.network import LevelOutput
from partwise.normalisation import enclosing_ball
from partwise.recognition import Guess, Recogniser
from partwise.result.segmentation import Segmentation
from partwise.result.translate import translated, unnamed
from partwise.segmenter import Prepared, Segmenter, level_prediction
from partwise.taxonomy import Taxonomy

Say = Callable[[str], None]
"""Told the name of each stage as it begins; may raise to stop the work there."""

BY_HAND = "by hand"
"""In place of a model: the shape is one part, to split and name."""
_HALVINGS = 5
_CRUMB = 0.02
"""Share of a part's points below which a piece of it is no part."""


@dataclass(frozen=True)
class Settings:
    """What a person may choose.

    model : name or folder of a model; None lets the shape be recognised, and BY_HAND leaves all to the person
    bandwidth : of mean shift; None takes the model's
    points : to work on; None takes the model's
    up : axis of the file that points up
    """

    model: str | None = None
    bandwidth: float | None = None
    points: int | None = None
    up: Up = "y"


@dataclass(frozen=True)
class Analysis:
    """A segmentation and what it was made with.

    votes : by level, (N, 3) the voted centre of each point, in the unit ball
    guesses : what the shape was taken for, the likeliest first; empty where it was said
    """

    found: Segmentation
    model: str
    bandwidth: float
    votes: dict[int, np.ndarray]
    guesses: tuple[Guess, ...] = ()


class Analyst:
    """Segments files; keeps what it has loaded, so that the next file is faster. For one thread.

    taxonomy : what parts are to be called; that of the model if not given
    """

    def __init__(self, device: Device = "auto", taxonomy: Taxonomy | None = None) -> None:
        self._device, self._taxonomy = device, taxonomy
        self._recogniser: Recogniser | None = None
        self._checkpoints: dict[str, Checkpoint] = {}

    def __call__(self, path: Path, title: str, settings: Settings, say: Say) -> Analysis:
        """Segment a file; an InputError calls it by its title."""
        try:
            return self._analyse(path, settings, say)
        except InputError as error:
            raise InputError(str(error).replace(str(path), title)) from error

    def _analyse(self, path: Path, settings: Settings, say: Say) -> Analysis:
        say("reading")
        geometry = read_geometry(path)
        if settings.model == BY_HAND:
            return self._by_hand(geometry, settings)
        guesses = () if settings.model else self._recognised(geometry, settings, say)
        model = settings.model or guesses[0].model
        segmenter = self._segmenter(model, settings)
        prepared = segmenter.prepare(geometry, up=settings.up)
        say("network")
        outputs = segmenter.outputs([prepared])[0]
        say("grouping")
        found = segmenter.finish(prepared, outputs, split=True)
        if self._taxonomy is not None:
            found = translated(found, self._taxonomy)
        of_model = _votes(segmenter, prepared, outputs)
        levels = {level.level: max([min(of_model), *(one for one in of_model if one <= level.level)])
                  for level in found.levels}
        return Analysis(found, model, segmenter.grouping.bandwidth,
                        {level: of_model[there] for level, there in levels.items()}, guesses)

    def _by_hand(self, geometry: Mesh | PointCloud, settings: Settings) -> Analysis:
        if self._taxonomy is None:
            raise InputError("naming parts by hand takes the names: partwise view --taxonomy my.yaml")
        found = unnamed(geometry, self._taxonomy, settings.points or N_POINT, up=settings.up)
        places = enclosing_ball(found.points).normalise(found.points)  # in place of votes: splits by where points are
        return Analysis(found, BY_HAND, settings.bandwidth or GroupingConfig.bandwidth,
                        {level.level: places for level in found.levels})

    def _recognised(self, geometry: Mesh | PointCloud, settings: Settings, say: Say) -> tuple[Guess, ...]:
        say("recognising")
        if settings.up == "guess":
            raise InputError("a shape can be recognised or turned upright, not both: choose its category or its up "
                             "axis")
        if self._recogniser is None:
            self._recogniser = Recogniser(self._device)
        return self._recogniser(geometry, up=settings.up)

    def _segmenter(self, model: str, settings: Settings) -> Segmenter:
        if model not in self._checkpoints:
            self._checkpoints[model] = load_model(model)
        checkpoint = self._checkpoints[model]
        grouping = checkpoint.config.grouping
        if settings.bandwidth is not None:
            grouping = replace(grouping, bandwidth=settings.bandwidth)
        return Segmenter(checkpoint, self._device, settings.points, grouping)


def _votes(segmenter: Segmenter, prepared: Prepared, outputs: list[LevelOutput]) -> dict[int, np.ndarray]:
    found = {}
    for number in segmenter.taxonomy.real_levels:
        one = level_prediction(outputs[number - 1])
        found[number] = votes(prepared.normalised, one.instance_offset, one.region_offset,
                              segmenter.grouping.push)[prepared.nearest]
    return found


def split_by_grouping(analysis: Analysis, level: int, part: int) -> Segmentation:
    """Split a part by grouping its points' votes with half of the bandwidth, or half of that, until it falls apart.

    InputError: unknown part, or it stays whole down to a thirty-second.
    """
    found = analysis.found
    own = np.flatnonzero(found.level(level).instance == part)
    for halving in range(1, _HALVINGS + 1):
        if len(own) < 2:
            break
        piece = mean_shift(analysis.votes[level][own], analysis.bandwidth / 2 ** halving)
        piece = piece[crumb_hosts(found.points[own], piece, max(2, round(_CRUMB * len(own))))]
        if 1 < len(np.unique(piece)) < len(own):
            return split(found, level, part, piece)
    raise InputError("this part stays whole, however small the bandwidth: the model votes for a single centre")
