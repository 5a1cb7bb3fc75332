"""The released system's variables in tests: random ones, and those of an array file as the state of our network."""

import zlib

import numpy as np
import torch

from partwise.config import NetworkConfig
from partwise.released.variables import as_ours, stored_shape, variable_names

Variables = dict[str, np.ndarray]
State = dict[str, torch.Tensor]


def draw(name: str, shape: tuple[int, ...], seed: int) -> np.ndarray:
    """The random weight that the golden network has under this name."""
    random = np.random.RandomState((zlib.crc32(name.encode()) + seed) & 0x7FFFFFFF)
    if name.endswith(("moving_mean", "beta")):
        values = random.randn(*shape) * 0.2
    elif name.endswith(("moving_variance", "gamma")):
        values = random.uniform(0.6, 1.4, shape)
    elif name.endswith("bias"):
        values = random.randn(*shape) * 0.1
    else:
        fan = shape[0] if "deconv" in name else shape[1]
        values = random.randn(*shape) * np.sqrt(0.45 / fan)
    return values.astype(np.float32)


def draw_all(state: State, config: NetworkConfig, n_class: tuple[int, int, int], seed: int) -> Variables:
    """Random variables under the released names for a network with this state."""
    names = variable_names(state, config, n_class)
    return {theirs: draw(theirs, stored_shape(theirs, state[ours].shape), seed) for ours, theirs in names.items()}


def as_state(variables: Variables, state: State, config: NetworkConfig, n_class: tuple[int, int, int]) -> State:
    """Our state filled from theirs; every entry of ``state`` must be found."""
    names = variable_names(state, config, n_class)
    return {ours: as_ours(theirs, variables[theirs], tuple(state[ours].shape)) for ours, theirs in names.items()}
