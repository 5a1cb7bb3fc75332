"""Octrees whose layers have sizes that recur, for inference on a CPU.

oneDNN compiles a kernel for every new number of rows, and no two shapes have the same number of nodes: of a shape
that it had not seen, the network of preset small took 32 ms, of the same shape again 21 ms. With a few per cent of
nodes that stand for nothing there are eight sizes an octave, whose kernels are soon all there: 22 ms.
"""

from dataclasses import replace

import torch
import torch.nn.functional as F

from partwise.nn.octree import Layer, Octree


def padded(octree: Octree) -> Octree:
    """The octree with nodes added at the end of its layers, which no node and no point refers to.

    Not for training: the statistics of batch normalisation would count them.
    """
    layers: dict[int, Layer] = {}
    coarser = 0
    for depth, layer in sorted(octree.layers.items()):
        layers[depth] = _padded_layer(layer, coarser)
        coarser = layers[depth].count
    extra = layers[octree.depth].count - octree.layers[octree.depth].count
    return replace(octree, layers=layers, signal=F.pad(octree.signal, (0, 0, 0, extra)))


def recurring_size(count: int) -> int:
    """The next larger number of at most four binary digits, then zeros; a multiple of 8."""
    step = 1 << max(3, count.bit_length() - 4)
    return (count // step + 1) * step


def _padded_layer(layer: Layer, coarser: int) -> Layer:
    """``coarser``: number of nodes of the padded layer above, whose last node is none; 0 at the coarsest layer."""
    count = recurring_size(layer.count)
    neighbours = torch.where(layer.neighbours == layer.count, count, layer.neighbours)
    neighbours = F.pad(neighbours, (0, 0, 0, count - layer.count), value=count)
    # the last node of the padded layer above has none of the nodes that stand for something: those added are its own
    if layer.parents is not None:
        return Layer(neighbours, F.pad(layer.parents, (0, count // 8 - len(layer.parents)), value=coarser - 1))
    if layer.slots is not None:
        return Layer(neighbours, slots=F.pad(layer.slots, (0, count - layer.count), value=8 * coarser - 1))
    return Layer(neighbours)
