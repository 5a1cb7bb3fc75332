"""The paper's idea alone: class probabilities steer a nonlocal fusion of instance features (paper section 3.3).

For each shape of a batch, over its points alone, with classes m and points p, q:

    Z_m = sum_p P[p, m] F[p] / sum_p P[p, m]      part feature of a class, 0 where the sum is 0
    A[q] = sum_m P[q, m] Z_m                      back to the points

Soft, nonlocal, without threshold and without parameters, in O(N c C) for N points, c classes and C channels. Sums over
all points are at least float32 also under autocast, since bfloat16 loses too much. This file needs torch and the matrix
product beside it, nothing else of partwise: it works in any network that has features and class probabilities of
points. It is exported, by torch.export and to ONNX, for any number of points; the number of shapes is fixed then.
docs/export.md shows it in another network.
"""

import torch

from partwise.nn.product import product, transposed_product


def fuse(features: torch.Tensor, probability: torch.Tensor, batch_index: torch.Tensor,
         batch_size: int) -> torch.Tensor:
    """Mix the features of all points of a shape that are likely to be of the same class.

    features : (N, C) F, instance features
    probability : (N, c) P, non-negative; detach it to keep gradients out of the semantic branch
    batch_index : (N,) int64, shape of each point, in any order, 0 ... batch_size - 1
    batch_size : number of shapes; one without points is allowed

    Returns (N, C) A, at least float32.
    """
    # no sort, which ONNX has not, and no sizes from a tensor, which torch.export would not know to add up to N
    rows = [(batch_index == shape).nonzero().squeeze(1) for shape in range(batch_size)]
    order = torch.cat(rows)
    sizes = [own.shape[0] for own in rows]
    shapes = zip(features[order].split(sizes), probability[order].split(sizes), strict=True)
    fused = torch.cat([spread(part_features(*shape), shape[1]) for shape in shapes])
    return torch.empty_like(fused).index_copy(0, order, fused)


def part_features(features: torch.Tensor, probability: torch.Tensor) -> torch.Tensor:
    """(c, C) part features Z of one shape, from its (N, C) features and (N, c) probabilities; N may be 0."""
    with torch.autocast(features.device.type, enabled=False):
        features = features.to(torch.promote_types(features.dtype, torch.float32))
        probability = probability.to(features.dtype)
        weight = probability.sum(0).unsqueeze(1)
        return transposed_product(features, probability).T / torch.where(weight > 0, weight, 1)


def spread(parts: torch.Tensor, probability: torch.Tensor, bias: torch.Tensor | None = None,
           slope: float | None = None) -> torch.Tensor:
    """(N, C) A, part features (c, C) back at points of their shape; bias and slope as in ``product``."""
    with torch.autocast(parts.device.type, enabled=False):
        return product(probability.to(parts.dtype), parts.T, bias, slope)
