"""Every setting of the method, each with its meaning; the command line is made from these.

Defaults are those of the published method (preset ``paper``) unless a comment says otherwise.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from partwise.errors import InputError

N_POINT = 10_000
"""Points of a shape: PartNet's number, and what is drawn of a mesh where nothing else is said."""

Device = Literal["auto", "cpu", "cuda"]
"""Where the network runs; auto takes a GPU where there is one."""

Up = Literal["x", "-x", "y", "-y", "z", "-z", "guess"]
"""The axis of a file that points up; guess lets the network say in which position it is surest."""

PartFormat = Literal["glb", "obj", "ply", "stl"]
"""Of the files of single parts. OBJ, PLY and STL hold geometry alone."""

CloudFormat = Literal["ply", "obj"]
"""Of coloured clouds. PLY holds labels too."""

Protocol = Literal["partnet", "released"]
"""What becomes of points whose truth is other: they stay outside every IoU, or, as in the released program, are deleted
before anything else."""

Other = Literal["ignore", "classify", "learn"]
"""What losses do with points labelled other: leave them out (the released program's delete_0), count them in the
cross-entropy alone, so that other is predicted, or count them in every loss."""


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

    def check(self) -> None:
        """Raise InputError for a network that cannot be built."""
        coarsest = self.depth - len(self.channels) + 1
        if not (2 <= coarsest <= self.depth <= 10):
            raise InputError(f"network: depth {self.depth} with {len(self.channels)} channels reaches depth "
                             f"{coarsest}; expected depth at most 10 and the coarsest depth at least 2")
        if any(count < 1 or count % self.bottleneck for count in self.channels):
            raise InputError(f"network: channels {self.channels} must be positive multiples of "
                             f"the bottleneck {self.bottleneck}")


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
    other: Other = "ignore"
    """Points labelled other: left out of all losses (the released program's delete_0), counted in the cross-entropy
    alone, so that other is predicted, or counted in every loss."""
    balance: float = 0.0
    """A point counts by the number of points of its instance to the power of -balance: at 0 large parts count most, at
    1 all parts count the same. Not in the published method."""

    def check(self) -> None:
        """Raise InputError for values outside their range."""
        if not 0 <= self.balance <= 1:
            raise InputError(f"loss: balance is {self.balance}, expected 0 to 1")


@dataclass(frozen=True)
class AugmentationConfig:
    """Random changes of a training shape, after normalisation."""

    rotate: int = 10
    """Rotation about each axis by whole degrees in [-rotate, rotate)."""
    translate: float = 0.125
    """Translation along each axis in [-translate, translate]."""
    scale: tuple[float, float] = (0.75, 1.25)
    """Range of the factor by which the whole shape is scaled."""
    turn: float = 0.0
    """Rotation about the up axis by degrees in [-turn, turn]; 180 for any direction. Not in the published method, as
    all that follows."""
    mirror: bool = False
    """Mirror half of the shapes, left to right."""
    stretch: float = 0.0
    """Scale each axis by a factor of its own in [1 - stretch, 1 + stretch]."""
    jitter: float = 0.0
    """Largest standard deviation of noise on the points; each shape draws its own up to this."""
    uneven: float = 0.0
    """Largest share of points that one end of the shape loses more than the other."""
    missing: float = 0.0
    """Largest share of points that are lost in patches."""
    flipped_normals: float = 0.0
    """Probability that a shape's normals get random signs, as in meshes without consistent winding."""
    estimated_normals: float = 0.0
    """Probability that a shape's normals are estimated from its points, as for scans."""

    def check(self) -> None:
        """Raise InputError for values outside their range."""
        shares = ("stretch", "uneven", "missing", "flipped_normals", "estimated_normals")
        wrong = [name for name in shares if not 0 <= getattr(self, name) <= 1]
        wrong += [name for name in ("rotate", "translate", "turn", "jitter") if getattr(self, name) < 0]
        if wrong or not 0 < self.scale[0] <= self.scale[1] or self.stretch == 1:
            raise InputError(f"augmentation: {', '.join(wrong) or 'scale or stretch'} out of range in {self}; shares "
                             "and probabilities are in [0, 1], scale is positive and ascending")


@dataclass(frozen=True)
class GroupingConfig:
    """From votes to instances."""

    bandwidth: float = 0.1
    """Bandwidth of mean shift, in units of the normalised shape (radius 1)."""
    push: float = 0.05
    """How far a vote is pushed away from the centre of its semantic region."""
    min_points: int = 10
    """Instances of this many points or fewer are not scored."""
    tree: bool = False
    """Let levels agree, so that every instance lies in one instance of the next coarser level. Not in the published
    method, as what follows."""
    absorb: bool = False
    """Let a part take up scraps: small instances of another class that vote for its centre (needs tree)."""
    connectivity: bool = False
    """Of a mesh, leave each connected piece whole where the network finds one part in it (needs tree)."""
    confidence: Literal["entropy", "learned"] = "entropy"
    """An instance's confidence: 1 - mean entropy of its class probabilities, or the IoU that a linear fit on the
    validation split expects of it."""

    def check(self) -> None:
        """Raise InputError for values that cannot work together."""
        if not 0 < self.bandwidth < float("inf"):
            raise InputError(f"grouping: bandwidth is {self.bandwidth}, expected a positive number")
        if (self.connectivity or self.absorb) and not self.tree:
            raise InputError("grouping: absorb and connectivity are part of making levels agree; set tree too")


@dataclass(frozen=True)
class OptimizerConfig:
    """The optimizer and its learning rate."""

    name: Literal["sgd", "adam", "adamw"] = "sgd"
    """SGD with momentum 0.9, Adam, or Adam with decoupled weight decay."""
    learning_rate: float = 0.1
    """Learning rate at the start."""
    schedule: Literal["step", "poly", "cosine", "constant"] = "step"
    """step: x 0.1 at 50 % and at 75 %; poly: (1 - progress)^0.9; cosine: half a wave to 0; or constant."""
    weight_decay: float = 1e-4
    """Factor of half the sum of squares of all trainable parameters in the loss; of adamw the share of the learning
    rate by which weights shrink."""


@dataclass(frozen=True)
class ModelConfig:
    """What a checkpoint needs to be used: the category and everything that inference reads."""

    category: str
    """PartNet's name, or that of a taxonomy of one's own."""
    n_class: tuple[int, int, int]
    network: NetworkConfig = field(default_factory=NetworkConfig)
    grouping: GroupingConfig = field(default_factory=GroupingConfig)
    n_point: int = N_POINT
    """Points a shape had in training; meshes are sampled to this many."""
    predicts_other: bool = False
    """Whether the network has learnt which points are other."""
    iou_fit: tuple[tuple[float, ...], ...] | None = None
    """For learned confidences: constant and factors of the features of an instance, at levels 1, 2, 3."""
    taxonomy: dict[str, Any] | None = None
    """Of a taxonomy of one's own the tree of part names; None for PartNet's."""


@dataclass(frozen=True)
class TrainConfig:
    """Train the network of one category on stores that `partwise prepare` wrote."""

    data: Path
    """Folder of stores; holds <category>/train.h5 and, for validation, <category>/val.h5."""
    category: str
    """PartNet category, such as Chair, or that of a taxonomy of one's own; if empty, that of --taxonomy or of the model
    to start from."""
    out: Path
    """Folder of the run: configuration, log, best and last checkpoint."""
    finetune: str | None = None
    """Start from a trained model instead of random weights: name of one that comes with partwise, checkpoint, or folder
    of a run. It brings the settings of its network and its number of points."""
    taxonomy: Path | None = None
    """File (YAML) of the taxonomy that the stores were prepared with; its `from` says which classes of the model to
    start from are which of its own."""
    resume: bool = False
    """Continue the run in the output folder from its last checkpoint."""
    seed: int = 0
    """Seed of the initial weights, the order of shapes and the augmentation."""
    iterations: int = 100_000
    """Number of training steps."""
    batch_size: int = 8
    """Shapes a step, over all processes."""
    validate_every: int = 5_000
    """Steps between validations; the checkpoint with the best mIoU on the val split is kept as best."""
    save_every: int = 1_000
    """Steps between savings of the last checkpoint."""
    log_every: int = 20
    """Steps between lines of the log."""
    device: Device = "auto"
    """Where to train; auto takes a GPU where there is one."""
    devices: int = 1
    """Number of processes, each on a device of its own; batch statistics stay those of a process."""
    precision: Literal["float32", "bfloat16"] = "float32"
    """bfloat16 computes under autocast; interpolation and fusion sums stay float32."""
    workers: int | None = None
    """Processes that load shapes; 0 loads in the training process. If not given, 0 on a CPU, where they would take
    cores from the network, and up to 4 on a GPU, which one process cannot keep busy."""
    tensorboard: bool = False
    """Write TensorBoard scalars beside the log (needs `pip install partwise[tensorboard]`)."""
    n_point: int | None = None
    """Points of a shape that the network sees, drawn anew each time; all that the store holds if not given."""
    augment: bool = True
    """Augment training shapes."""
    network: NetworkConfig = field(default_factory=NetworkConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    augmentation: AugmentationConfig = field(default_factory=AugmentationConfig)
    grouping: GroupingConfig = field(default_factory=GroupingConfig)

    def check(self) -> None:
        """Raise InputError for values that cannot work together."""
        positive = ("iterations", "batch_size", "validate_every", "save_every", "log_every", "devices")
        for name in positive:
            if getattr(self, name) < 1:
                raise InputError(f"{name} is {getattr(self, name)}, expected at least 1")
        if self.n_point is not None and self.n_point < 1:
            raise InputError(f"n_point is {self.n_point}, expected at least 1")
        if self.workers is not None and self.workers < 0:
            raise InputError(f"workers is {self.workers}, expected at least 0")
        if self.batch_size % self.devices:
            raise InputError(f"batch_size {self.batch_size} cannot be shared by {self.devices} devices; "
                             "choose a multiple")
        for part in (self.network, self.loss, self.augmentation, self.grouping):
            part.check()


_BEYOND_PAPER: dict[str, Any] = {
    "loss": LossConfig(balance=0.5),
    "augmentation": AugmentationConfig(mirror=True, stretch=0.1),
    "grouping": GroupingConfig(bandwidth=0.2, tree=True, absorb=True, connectivity=True, confidence="learned"),
}
"""What pays beyond the published method; docs/results.md has the figures, also of what does not."""

PRESETS: dict[str, dict[str, Any]] = {
    # the published method with the published command's settings
    "paper": {},
    # the published network, and what pays beyond the published method
    "default": _BEYOND_PAPER,
    # half the channels on non-empty nodes: 40 minutes on two CPU cores; the models that come with partwise
    "small": {
        **_BEYOND_PAPER,
        "network": NetworkConfig(channels=(32, 64, 128, 128, 128), resblocks=2, head_channels=64, nempty=True),
        "optimizer": OptimizerConfig(name="adam", learning_rate=0.003, schedule="poly"),
        "n_point": 2_500,
        "iterations": 4_000,
        "validate_every": 1_000,
        "save_every": 250,
    },
    # a few shapes of one's own, from a trained model, whose network it keeps
    "finetune": {
        **_BEYOND_PAPER,
        "grouping": replace(_BEYOND_PAPER["grouping"], confidence="entropy"),
        "optimizer": OptimizerConfig(name="adam", learning_rate=0.0003, schedule="cosine"),
        "iterations": 150,
        "validate_every": 50,
        "save_every": 50,
    },
}
"""Values of TrainConfig that differ from its defaults, by name."""
