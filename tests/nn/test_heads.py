"""The heads of all levels against the released system, with stored and with batch statistics."""

import numpy as np
import pytest
import torch

from partwise.config import NetworkConfig
from partwise.nn.network import Network
from tests.nn.tensorflow_weights import as_state

N_CLASS = (6, 30, 39)


@pytest.mark.parametrize(("training", "prefix"), [(False, ""), (True, "train_")])
def test_heads_agree_with_the_released_system(golden, training, prefix):
    io = np.load(golden / "heads_io.npz")
    variables = {name.replace("|", "/"): values for name, values in np.load(golden / "heads_weights.npz").items()}
    network = Network(NetworkConfig(), N_CLASS).train(training)
    heads = {name: values for name, values in network.state_dict().items() if "heads" in name}
    network.load_state_dict(as_state(variables, heads, network.config, N_CLASS), strict=False)
    semantic, offset, points, index = (torch.from_numpy(io[name]) for name in
                                       ("semantic_feature", "offset_feature", "xyz", "batch_index"))
    with torch.no_grad():
        outputs = network.heads(semantic, offset, points, np.bincount(index).tolist())
    for level, output in enumerate(outputs, 1):
        np.testing.assert_allclose(output.logits, io[f"{prefix}logits_{level}"], atol=1e-4)
        offsets = torch.cat([output.instance_offset, output.region_offset], 1)
        np.testing.assert_allclose(offsets, io[f"{prefix}offset_{level}"], atol=1e-4)
