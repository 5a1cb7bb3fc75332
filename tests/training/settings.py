"""Settings of very small runs."""

from pathlib import Path
from typing import Any

from partwise.config import NetworkConfig, OptimizerConfig, TrainConfig

NETWORK = NetworkConfig(depth=4, channels=(8, 8, 16), resblocks=1, head_channels=8, nempty=True)


def settings(data: Path, out: Path, **changes: Any) -> TrainConfig:
    """Eight steps of two shapes, validated every four, on the CPU."""
    base: dict[str, Any] = {
        "category": "Chair",
        "iterations": 8, "batch_size": 2, "validate_every": 4, "save_every": 4, "log_every": 1, "device": "cpu",
        "network": NETWORK, "optimizer": OptimizerConfig(learning_rate=0.02, schedule="poly")}
    return TrainConfig(data=data, out=out, **{**base, **changes})
