"""The training loop, from a configuration to a run folder."""

import os
from pathlib import Path

import torch
from lightning_fabric import Fabric
from torch import nn

from partwise.checkpoint import load_checkpoint, load_state
from partwise.config import LossConfig, ModelConfig, TrainConfig
from partwise.data.batches import Batch, TrainingSamples, training_batches
from partwise.data.store import Store
from partwise.errors import InputError, TrainingError
from partwise.nn.device import choose_device
from partwise.nn.losses import named_losses, total_loss
from partwise.nn.network import Network
from partwise.taxonomy import categories, category_error
from partwise.training.interruption import Interruption
from partwise.training.journal import Journal
from partwise.training.keeper import Keeper
from partwise.training.run_folder import RunFolder
from partwise.training.schedule import learning_rate, make_optimizer
from partwise.training.start import Start, first_network, start_of


class NetworkLoss(nn.Module):
    """Network and losses as one module, so that several processes see a single forward call.

    Under bfloat16 the network alone computes in it: positions, octree and losses need single precision, to which
    Fabric's own mixed precision would not keep them.
    """

    def __init__(self, network: Network, config: LossConfig, precision: str) -> None:
        super().__init__()
        self.network, self.config, self.precision = network, config, precision

    def forward(self, batch: Batch) -> dict[str, torch.Tensor]:
        """All losses by name; "total" is what is minimised, but for the weight penalty."""
        octree = self.network.build_octree(*batch[:4])
        with torch.autocast(batch.points.device.type, torch.bfloat16, enabled=self.precision == "bfloat16"):
            outputs = self.network(octree, batch.points)
        levels = batch.level_losses(outputs, self.config)
        return {"total": total_loss(levels, self.config), **named_losses(levels)}


def train(config: TrainConfig) -> Path:
    """Train one category and return the folder of the run.

    Raises InputError for unusable settings or data, TrainingError where the loss is no longer a number, and
    KeyboardInterrupt after Ctrl-C, once the last checkpoint is saved.
    """
    begin = start_of(config)
    config = begin.config
    config.check()
    data, held_out = _shapes(begin)
    fabric = Fabric(accelerator=choose_device(config.device).type, devices=config.devices)
    fabric.launch()
    run = RunFolder(config.out)
    if fabric.is_global_zero:
        run.open(config)
    fabric.barrier()

    n_point = min(config.n_point or data.n_point, data.n_point)
    model = ModelConfig(config.category, data.taxonomy.n_class, config.network, config.grouping, n_point,
                        predicts_other=config.loss.other != "ignore", taxonomy=data.taxonomy.tree)
    network, notes = first_network(begin, data.taxonomy)
    optimizer, start = _resumed(config, run, network)
    losses_of, optimizer = fabric.setup(NetworkLoss(network, config.loss, config.precision), optimizer)
    keeper = Keeper(config, run, model, held_out, network, optimizer)
    samples = TrainingSamples(data, n_point, config.augmentation if config.augment else None, config.seed)
    batches = training_batches(samples, start, config.iterations, config.batch_size, rank=fabric.global_rank,
                               world_size=fabric.world_size, workers=_workers(config, fabric.device))

    with Interruption() as interruption, Journal(config, run, start, silent=not fabric.is_global_zero) as journal:
        for note in notes if start == 0 else []:
            journal.say(note)
        if held_out is None:
            journal.say(f"no shapes in {config.category}/val.h5: no validation, and no best checkpoint")
        for iteration, batch in enumerate(batches, start + 1):
            rate = learning_rate(config.optimizer, (iteration - 1) / config.iterations)
            optimizer.param_groups[0]["lr"] = rate
            losses = losses_of(batch.to(fabric.device))
            _check_finite(losses["total"], iteration, rate, run)
            optimizer.zero_grad()
            fabric.backward(losses["total"])
            optimizer.step()
            journal.step(iteration, rate, losses, network)

            stop = (fabric.strategy.reduce_boolean_decision(interruption.requested, all=False)
                    and iteration < config.iterations)
            if fabric.is_global_zero:
                keeper.after(iteration, stop, journal)
            fabric.barrier()
            if stop:
                raise KeyboardInterrupt
    if fabric.is_global_zero:
        keeper.finish()
    return run.path


def _workers(config: TrainConfig, device: torch.device) -> int:
    if config.workers is not None:
        return config.workers
    return 0 if device.type == "cpu" else min(4, os.cpu_count() or 1)


def _open(begin: Start, split: str) -> Store | None:
    path = begin.config.data / begin.config.category / f"{split}.h5"
    if not path.exists():
        return None
    store = Store(path)
    if store.category != begin.config.category:
        raise InputError(f"{path}: holds shapes of {store.category}, expected {begin.config.category}")
    if begin.taxonomy is not None and not store.taxonomy.agrees_with(begin.taxonomy):
        raise InputError(f"{path}: was prepared with other parts than {begin.config.taxonomy} lists now; prepare it "
                         "again")
    return store if len(store) else None


def _shapes(begin: Start) -> tuple[Store, Store | None]:
    """The shapes to train and to validate on; InputError without any to train on, or without any that are needed."""
    config = begin.config
    data, held_out = _open(begin, "train"), _open(begin, "val")
    folder = config.data / config.category
    if data is None:
        if begin.taxonomy is None and config.category not in categories():
            raise InputError(f"{folder / 'train.h5'}: no training shapes, and {category_error(config.category)}")
        raise InputError(f"{folder / 'train.h5'}: no training shapes; make the stores with "
                         f"`partwise prepare partnet INS_SEG_H5_DIR --category {config.category} --out {config.data}`, "
                         "or of results of your own with `partwise prepare results`")
    if held_out is not None and not held_out.taxonomy.agrees_with(data.taxonomy):
        raise InputError(f"{held_out.path}: was prepared with other parts than {data.path}; prepare both again")
    if held_out is None and config.grouping.confidence == "learned":
        raise InputError(f"{folder / 'val.h5'}: no validation shapes, from which confidences could be learnt; prepare "
                         "some, or choose --grouping.confidence entropy")
    return data, held_out


def _resumed(config: TrainConfig, run: RunFolder, network: Network) -> tuple[torch.optim.Optimizer, int]:
    """The optimizer, and the number of iterations behind it and the network: those of a run that goes on."""
    optimizer = make_optimizer(network.parameters(), config.optimizer)
    iteration = 0
    if config.resume and run.last.exists():  # a run that was killed before its first checkpoint starts again
        checkpoint = load_checkpoint(run.last, config.category)
        iteration = checkpoint.iteration
        network.load_state_dict(checkpoint.network.state_dict())
        load_state(run.last, optimizer)
    if config.resume:
        run.rewind(iteration)
    return optimizer, iteration


def _check_finite(total: torch.Tensor, iteration: int, rate: float, run: RunFolder) -> None:
    if not torch.isfinite(total):
        raise TrainingError(
            f"the loss became {total.item()} at iteration {iteration} with learning rate {rate:g}; checkpoints in "
            f"{run.path} are from before; look for broken shapes, or lower --optimizer.learning-rate")
