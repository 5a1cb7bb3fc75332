"""The paper's idea alone: class probabilities steer a nonlocal fusion of instance features (paper section 3.3).

This file stands by itself: it needs torch and nothing of partwise, and works in any network that has features and
class probabilities of points.
"""

import torch


def fuse(features: torch.Tensor, probability: torch.Tensor, batch_index: torch.Tensor,
         batch_size: int) -> torch.Tensor:
    """Mix the features of all points of a shape that are likely to be of the same class.

    For each shape of the batch, over its points alone, with classes m and points p, q:

        Z_m = sum_p P[p, m] F[p] / sum_p P[p, m]      part feature of a class, 0 where the sum is 0
        A[q] = sum_m P[q, m] Z_m                      back to the points

    Soft, nonlocal, without threshold, in O(N c C).

    features : (N, C) F, instance features
    probability : (N, c) P, non-negative; detach it to keep gradients out of the semantic branch
    batch_index : (N,) int64, shape of each point, in any order
    batch_size : number of shapes; one without points is allowed

    Returns (N, C) A, at least float32 also under autocast, since sums over all points lose too much in bfloat16.
    """
    with torch.autocast(features.device.type, enabled=False):
        features = features.to(torch.promote_types(features.dtype, torch.float32))
        probability = probability.to(features.dtype)
        if batch_size == 1:
            return _fuse_shape(features, probability)
        order = torch.argsort(batch_index, stable=True)
        sizes = torch.bincount(batch_index, minlength=batch_size).tolist()
        shapes = zip(features[order].split(sizes), probability[order].split(sizes), strict=True)
        fused = torch.cat([_fuse_shape(*shape) for shape in shapes])
        return torch.empty_like(fused).index_copy(0, order, fused)


def _fuse_shape(features: torch.Tensor, probability: torch.Tensor) -> torch.Tensor:
    weight = probability.sum(0).unsqueeze(1)  # (c, 1)
    part = probability.T @ features / torch.where(weight > 0, weight, 1)  # (c, C); 0 / 1 where nobody has the class
    return probability @ part
