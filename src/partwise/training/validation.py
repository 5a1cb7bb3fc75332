"""How good the network is on the validation split, without grouping."""

import torch

from partwise.config import TrainConfig
from partwise.data.batches import validation_batches
from partwise.data.store import Store
from partwise.metrics.semantic import SemanticMetric
from partwise.nn.blocks import folded
from partwise.nn.losses import named_losses, total_loss
from partwise.nn.network import Network
from partwise.taxonomy import LEVELS


@torch.no_grad()
def validate(network: Network, store: Store, config: TrainConfig) -> dict[str, float]:
    """Mean losses, accuracies and mIoU (v2: per class over all points) of each level, and "miou".

    "miou" is the mean over the category's real levels, by which the best checkpoint is chosen. NaN of a level
    without any counted point becomes 0. The network itself is left as it is.
    """
    device = next(network.parameters()).device
    network = folded(network, device)
    taxonomy = store.taxonomy
    metrics = [SemanticMetric(count, config.loss.other == "ignore") for count in taxonomy.n_class]
    n_point = config.n_point or store.n_point
    sums: dict[str, float] = {}
    for cpu_batch in validation_batches(store, n_point, 1):  # one by one: a shape counts the same in any batch size
        batch = cpu_batch.to(device)
        outputs = network(network.build_octree(*batch[:4]), batch.points)
        levels = batch.level_losses(outputs, config.loss)
        for name, value in {"total": total_loss(levels, config.loss), **named_losses(levels)}.items():
            sums[name] = sums.get(name, 0.0) + float(value) / len(store)
        for metric, output, truth in zip(metrics, outputs, cpu_batch.semantic, strict=True):
            metric.add(truth.numpy(), output.logits.argmax(1).cpu().numpy())
    ious = {level: _or_zero(metric.result().miou_v2) for level, metric in zip(LEVELS, metrics, strict=True)}
    real = [ious[level] for level in taxonomy.real_levels]
    return {**sums, **{f"level_{level}/miou": value for level, value in ious.items()}, "miou": sum(real) / len(real)}


def _or_zero(value: float) -> float:
    return 0.0 if value != value else float(value)
