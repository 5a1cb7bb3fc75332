"""Where a run begins: its settings made whole, and for fine-tuning the network of a trained model."""

from dataclasses import dataclass, replace

import torch

from partwise.checkpoint import Checkpoint
from partwise.config import NetworkConfig, TrainConfig
from partwise.errors import InputError
from partwise.models import load_model
from partwise.nn.network import Network
from partwise.taxonomy import OTHER, Level, Taxonomy, read_taxonomy, taxonomy_of


@dataclass(frozen=True)
class Start:
    """config : with a category and, for fine-tuning, the model's network and number of points

    taxonomy : of ``--taxonomy``, or None; what is trained is what the stores hold
    base : the model to start from, or None
    """

    config: TrainConfig
    taxonomy: Taxonomy | None
    base: Checkpoint | None


def start_of(config: TrainConfig) -> Start:
    """What the settings ask for. InputError: no category or two; network settings beside those of the model."""
    taxonomy = None if config.taxonomy is None else read_taxonomy(config.taxonomy)
    base = None if config.finetune is None else load_model(config.finetune)
    category = config.category or (taxonomy.category if taxonomy else base.config.category if base else "")
    if not category:
        raise InputError("no category: add --category, such as Chair, or --taxonomy")
    if taxonomy is not None and category != taxonomy.category:
        raise InputError(f"--category {category}: {config.taxonomy} is of {taxonomy.category}; leave one of them out")
    config = replace(config, category=category)
    if base is None:
        return Start(config, taxonomy, None)
    if config.network not in (NetworkConfig(), base.config.network):
        raise InputError(f"--network: {config.finetune} brings the settings of its network; leave out --network and "
                         "--preset")
    return Start(replace(config, network=base.config.network, n_point=config.n_point or base.config.n_point), taxonomy,
                 base)


def first_network(begin: Start, taxonomy: Taxonomy) -> tuple[Network, list[str]]:
    """The network before the first step, and what there is to tell of it."""
    torch.manual_seed(begin.config.seed)
    network = Network(begin.config.network, taxonomy.n_class)
    if begin.base is None:
        return network, []
    _hold_statistics(network)
    told = inherit(network, begin.taxonomy or taxonomy, begin.base)
    return network, [f"starting from {begin.config.finetune} ({begin.base.config.category}, "
                     f"{begin.base.iteration} steps)", *told]


def _hold_statistics(network: Network) -> None:
    """Let batch normalisation use the model's own statistics, and not change them: those of a few shapes would make the
    network go astray on all shapes unlike them. Its scales and shifts learn."""
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            module.eval()


def inherit(network: Network, taxonomy: Taxonomy, base: Checkpoint) -> list[str]:
    """Give a network the weights of a trained one of the same settings, and say what begins how, a line a level.

    All is kept but the last layer of the semantic heads. There each class takes the mean weights of the classes of the
    same level that are it or lie in it: those that the taxonomy lists in ``from``, and those of its own name. A class
    without any is new, and keeps its random weights.
    """
    weights, old = network.state_dict(), base.network.state_dict()
    before = taxonomy_of(base.config.category, base.config.taxonomy)
    lines = []
    for row, (level, old_level) in enumerate(zip(taxonomy.levels, before.levels, strict=True)):
        sources = ({class_id: [class_id] for class_id in range(level.n_class)} if before.agrees_with(taxonomy)
                   else class_sources(level, old_level, taxonomy))
        for name in (f"semantic_heads.{row}.logits.{part}" for part in ("weight", "bias")):
            old[name] = _rows(weights[name], old[name], sources)
        if level.is_real:
            lines.append(f"level {level.number}: {_told(level, sources)}")
    network.load_state_dict(old)
    return lines


def class_sources(level: Level, old: Level, taxonomy: Taxonomy) -> dict[int, list[int]]:
    """By class of a level the classes of a trained model's level that are it, or lie in it; other is other."""
    found: dict[int, list[int]] = {OTHER: [OTHER]}
    root = level.paths[0].partition("/")[0]
    for class_id, (path, name) in enumerate(zip(old.paths, old.names[1:], strict=True), 1):
        here = level.class_holding(taxonomy.called(path) or f"{root}/{name}")
        if here != OTHER:
            found.setdefault(here, []).append(class_id)
    return found


def _rows(fresh: torch.Tensor, old: torch.Tensor, sources: dict[int, list[int]]) -> torch.Tensor:
    """(n_class, ...) the mean of old rows where a class has any, else the fresh row."""
    rows = fresh.clone()
    for class_id, own in sources.items():
        rows[class_id] = old[own].mean(0)
    return rows


def _told(level: Level, sources: dict[int, list[int]]) -> str:
    known = [name for class_id, name in enumerate(level.names) if class_id in sources and class_id != OTHER]
    new = [name for class_id, name in enumerate(level.names) if class_id not in sources]
    return "; ".join(f"{title} {', '.join(names)}" for title, names in (("known", known), ("new", new)) if names)
