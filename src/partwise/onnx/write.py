"""A checkpoint as one ONNX file, for programs without torch."""

import json
import warnings
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from partwise import __version__
from partwise.checkpoint import Checkpoint
from partwise.config import ModelConfig
from partwise.errors import InputError
from partwise.files import replacing
from partwise.nn.network import Network
from partwise.onnx.network import TableNetwork
from partwise.onnx.octree import octree_tables
from partwise.taxonomy import taxonomy_of

OPSET = 18


def write_onnx(path: Path, checkpoint: Checkpoint, licence: str | None = None) -> None:
    """Write the network of a checkpoint, in float32, for one shape of any number of points and nodes a run.

    Inputs are what ``partwise.onnx.octree.octree_tables`` returns, outputs what ``TableNetwork`` does.
    The file's metadata tell what is needed to use it; see ``metadata``.

    licence : of the weights; None leaves it out of the metadata
    Raises InputError where onnx or onnxscript is not installed.
    """
    program = _exported(checkpoint.network)
    model = program.model
    model.producer_name, model.producer_version = "partwise", __version__
    model.metadata_props.clear()
    model.metadata_props.update(metadata(checkpoint.config, licence))
    for node in model.graph:  # which line of which file each came from, on the machine that exported it
        node.metadata_props.clear()
    with replacing(path) as temporary:
        program.save(temporary, external_data=False)


def metadata(config: ModelConfig, licence: str | None = None) -> dict[str, str]:
    """The metadata of a file, as text by name.

    category : PartNet's name, or that of a taxonomy of one's own
    class_names : JSON, for levels 1, 2, 3 a list of the names of the classes by id, which begins with "other"
    real_levels : JSON, the levels that the category has; another repeats the next coarser one
    depth, coarsest, nempty : integers and true or false, the options of ``octree_tables``
    n_point : points of a shape in training
    grouping : JSON, the settings with which partwise groups the points (``GroupingConfig``)
    partwise_version : that wrote the file
    licence : of the weights, if known
    """
    taxonomy, network = taxonomy_of(config.category, config.taxonomy), config.network
    known = {} if licence is None else {"licence": licence}
    return {"category": config.category, "class_names": json.dumps([level.names for level in taxonomy.levels]),
            "real_levels": json.dumps(taxonomy.real_levels), "depth": str(network.depth),
            "coarsest": str(network.depth - len(network.channels) + 1), "nempty": json.dumps(network.nempty),
            "n_point": str(config.n_point), "grouping": json.dumps(asdict(config.grouping)),
            "partwise_version": __version__, **known}


def _exported(network: Network) -> torch.onnx.ONNXProgram:
    try:
        import onnxscript  # noqa: F401, the exporter's own messages do not say how to get it
    except ImportError as error:
        raise InputError(f"exporting needs onnx and onnxscript ({error}); pip install 'partwise[onnx]'") from error
    tables, module = _example(network), TableNetwork(network)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter about its own parts
        program = torch.onnx.export(
            module, (), kwargs={"tables": tables}, input_names=list(tables), output_names=list(module(tables)),
            dynamic_shapes={"tables": {name: {0: _rows(name, network.config.depth)} for name in tables}},
            opset_version=OPSET, dynamo=True, verbose=False)
    assert program is not None
    return program


def _rows(table: str, depth: int) -> str:
    """Name of the number of rows of a table, which is open."""
    kind, _, at = table.partition("_")
    if kind in ("neighbours", "slots"):
        return f"nodes_{at}"
    return {"signal": f"nodes_{depth}", "parents": table}.get(kind, "n_point")


def _example(network: Network) -> dict[str, torch.Tensor]:
    """Tables of a ball of points, with which the network is traced."""
    config = network.config
    normals = np.random.default_rng(0).normal(size=(500, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    tables = octree_tables(0.9 * normals, normals, config.depth, config.depth - len(config.channels) + 1,
                           config.nempty)
    return {name: torch.from_numpy(table) for name, table in tables.items()}
