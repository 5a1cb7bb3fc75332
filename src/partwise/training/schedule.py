"""Optimizer and learning rate."""

import math
from collections.abc import Iterable

import torch

from partwise.config import OptimizerConfig


def make_optimizer(parameters: Iterable[torch.nn.Parameter], config: OptimizerConfig) -> torch.optim.Optimizer:
    """The optimizer; its weight decay is the gradient of the loss's weight penalty, for Adam too, but not for AdamW."""
    if config.name == "adamw":
        return torch.optim.AdamW(parameters, config.learning_rate, weight_decay=config.weight_decay)
    if config.name == "adam":
        return torch.optim.Adam(parameters, config.learning_rate, weight_decay=config.weight_decay)
    return torch.optim.SGD(parameters, config.learning_rate, momentum=0.9, weight_decay=config.weight_decay)


def learning_rate(config: OptimizerConfig, progress: float) -> float:
    """Learning rate where ``progress``, in [0, 1), is the finished share of all steps."""
    factor = {"step": 0.1 ** ((progress >= 0.5) + (progress >= 0.75)), "poly": (1 - progress) ** 0.9,
              "cosine": (1 + math.cos(math.pi * progress)) / 2, "constant": 1.0}
    return config.learning_rate * factor[config.schedule]
