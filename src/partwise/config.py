"""Every setting of the method, each with its meaning; the command line is made from these.

Defaults are those of the published method (preset ``paper``) unless a comment says otherwise.
"""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class NetworkConfig:
    """The network."""

    depth: int = 6
    """Depth of the octree; the finest grid has 2^depth cells an axis."""
    channels: tuple[int, ...] = (64, 128, 256, 256, 256)
    """Channels of the backbone, from the finest depth to the coarsest."""
    resblocks: int = 3
    """Residual blocks at each depth of the encoder and of each decoder."""
    bottleneck: int = 4
    """A residual block works on channels / bottleneck channels."""
    head_channels: int = 128
    """Channels inside the semantic and offset heads."""
    nempty: bool = False
    """Convolve on non-empty octree nodes only (a third of the cost) instead of on all nodes."""
    fusion: Literal["none", "own", "cross"] = "cross"
    """Fuse instance features with the probabilities of no level, of the own level, or of all three levels."""
    region_centres: bool = True
    """Predict offsets to the centre of the semantic region too, which pushes votes of close parts apart."""
    stop_gradient: bool = True
    """Let no gradient pass through the probabilities of the fusion."""


@dataclass(frozen=True)
class LossConfig:
    """Weights of the losses."""

    segmentation: float = 1.0
    """Weight of the cross-entropy of classes."""
    offset: float = 1.0
    """Weight of the L1 loss of offsets to instance centres."""
    region_offset: float = 1.0
    """Weight of the L1 loss of offsets to semantic region centres."""
    levels: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Weight of each level."""
    ignore_other: bool = True
    """Leave points labelled other out of all losses (the released program's delete_0)."""


@dataclass(frozen=True)
class AugmentationConfig:
    """Random changes of a training shape, after normalisation."""

    rotate: int = 10
    """Rotation about each axis by whole degrees in [-rotate, rotate)."""
    translate: float = 0.125
    """Translation along each axis in [-translate, translate]."""
    scale: tuple[float, float] = (0.75, 1.25)
    """Range of the factor by which the whole shape is scaled."""


@dataclass(frozen=True)
class GroupingConfig:
    """From votes to instances."""

    bandwidth: float = 0.1
    """Bandwidth of mean shift, in units of the normalised shape (radius 1)."""
    push: float = 0.05
    """How far a vote is pushed away from the centre of its semantic region."""
    min_points: int = 10
    """Instances of this many points or fewer are not scored."""


@dataclass(frozen=True)
class OptimizerConfig:
    """The optimizer and its learning rate."""

    name: Literal["sgd", "adam"] = "sgd"
    """SGD with momentum 0.9, or Adam."""
    learning_rate: float = 0.1
    """Learning rate at the start."""
    schedule: Literal["step", "poly", "constant"] = "step"
    """step: x 0.1 at 50 % and at 75 %; poly: (1 - progress)^0.9; or constant."""
    weight_decay: float = 1e-4
    """Factor of half the sum of squares of all trainable parameters in the loss."""


@dataclass(frozen=True)
class ModelConfig:
    """What a checkpoint needs to be used: the category and everything that inference reads."""

    category: str
    n_class: tuple[int, int, int]
    network: NetworkConfig = field(default_factory=NetworkConfig)
    grouping: GroupingConfig = field(default_factory=GroupingConfig)
    n_point: int = 10_000
    """Points a shape had in training; meshes are sampled to this many."""
