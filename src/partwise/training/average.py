"""A moving average of the weights, smoother than the weights themselves (Polyak and Juditsky 1992)."""

import copy

import torch

from partwise.nn.network import Network


class WeightAverage:
    """Follows a network while it learns.

    network : the average, to validate and to save; without a decay the learning network itself
    """

    def __init__(self, learning: Network, decay: float) -> None:
        self._learning, self._decay = learning, decay
        self.network = copy.deepcopy(learning) if decay > 0 else learning

    @torch.no_grad()
    def update(self, iteration: int) -> None:
        """Move towards the network after training step ``iteration``, counted from 1.

        Early averages reach back over a tenth of the steps so far alone, for else they would long remember the
        random weights of the start.
        """
        if self.network is self._learning:
            return
        decay = min(self._decay, iteration / (iteration + 10))
        learning = self._learning.state_dict()
        for name, average in self.network.state_dict().items():
            if average.is_floating_point():
                average.lerp_(learning[name], 1 - decay)
            else:
                average.copy_(learning[name])
