"""Mean shift against scikit-learn's, on the data that decide most by rounding too, and its limits."""

import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest
import torch
from scipy.linalg.blas import ddot, dgemm
from sklearn.cluster import MeanShift
from threadpoolctl import threadpool_limits

from partwise.errors import InputError
from partwise.grouping.forest import compiled
from partwise.grouping.mean_shift import mean_shift, modes
from partwise.grouping.mean_shift_torch import mean_shift_torch

BANDWIDTHS = (0.07, 0.1, 0.25, 0.3, 1.0)
SINGLE, DOUBLE = np.float32, np.float64


def votes(random, n_point, noise, n_centre):
    centre = random.uniform(-0.6, 0.6, (n_centre, 3))
    return centre[random.integers(0, n_centre, n_point)] + random.normal(0, noise, (n_point, 3))


def lattice(random, bandwidth):
    """Full, with holes, or with several points in a place; steps that divide the bandwidth, and that do not."""
    step = bandwidth * random.choice([0.25, 1 / 3, 0.5, 2**-0.5, 1, 1.5])
    points = np.stack(np.meshgrid(*map(np.arange, random.integers(1, 6, 3))), -1).reshape(-1, 3) * step
    points = points[random.random(len(points)) < random.choice([0.6, 1])]
    return np.repeat(points, random.integers(1, 4, len(points)) if random.random() < 0.3 else 1, 0)


# kind of points -> what makes them of a random generator and a bandwidth
KINDS = {
    "votes": lambda random, bandwidth: votes(random, random.integers(1, 300), random.uniform(0.05, 0.6) * bandwidth,
                                             random.integers(1, 9)),
    "uniform": lambda random, bandwidth: random.uniform(-3, 3, (random.integers(1, 200), 3)) * bandwidth,
    "few": lambda random, bandwidth: random.integers(-2, 3, (random.integers(1, 13), 3)) * bandwidth
    + random.choice([0, 0.05]),
    "lattice": lattice,
    "dense lattice": lambda random, bandwidth: random.integers(-4, 5, (random.integers(1, 250), 3)) * bandwidth / 2,
    "collinear": lambda random, bandwidth: random.integers(0, 20, (random.integers(1, 60), 1)) * bandwidth
    * random.choice([0.1, 0.25, 0.5, 1]) * random.choice([random.normal(size=3), [1, 0, 0]]),
    "coincident": lambda random, bandwidth: np.tile(random.normal(size=3), (random.integers(1, 100), 1)),
    "outliers": lambda random, bandwidth: np.concatenate([
        votes(random, 60, bandwidth / 2, 3), random.normal(size=(4, 3)) * 10.0**random.integers(1, 5)]),
}


def skip_where_blas_rounds_otherwise():
    """scikit-learn measures between few points by BLAS, and so takes those at just the bandwidth for nearer or farther
    as the processor has it. With AVX2 products are rounded once and squares of lengths at every step, as they are here;
    with AVX-512 both are rounded once.
    """
    tiny, length = 2.0**-40, [0.3, 0.3, 0.3]
    products_once = dgemm(1, [[1, 1 + tiny]], [[-1], [1 - tiny]]) != 0
    squares_each = ddot(length, length) == 0.3 * 0.3 + 0.3 * 0.3 + 0.3 * 0.3
    if not (products_once and squares_each):
        pytest.skip("this processor's BLAS rounds distances in another way")


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """scikit-learn's threads wait for each other at every step, which takes for ever where CPUs are busy."""
    with threadpool_limits(1):
        yield


def reference(points, bandwidth, group=None):
    """scikit-learn for each group, numbered without the gaps that modes without points leave."""
    ids, count = np.empty(len(points), int), 0
    group = np.zeros(len(points), int) if group is None else group
    for label in np.unique(group):
        own = group == label
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = MeanShift(bandwidth=bandwidth, bin_seeding=True).fit(points[own]).labels_
        ids[own] = np.unique(found, return_inverse=True)[1] + count
        count = ids[own].max() + 1
    return ids


def same_partition(one, other):
    pairs = np.unique(np.stack([one, other]), axis=1)
    return pairs.shape[1] == len(np.unique(one)) == len(np.unique(other))


def assert_like_reference(points, bandwidth, group=None, case=None, found=None):
    found = mean_shift(points, bandwidth, group) if found is None else found
    assert found.dtype == np.int64
    assert same_partition(found, reference(points, bandwidth, group)), case
    assert np.unique(found).tolist() == list(range(found.max() + 1)), case


@pytest.mark.parametrize("dtype", [SINGLE, DOUBLE])
@pytest.mark.parametrize("kind", KINDS)
def test_same_partition_as_scikit_learn(kind, dtype):
    if kind == "few" and dtype == DOUBLE:
        skip_where_blas_rounds_otherwise()
    for seed in range(20):
        random = np.random.default_rng(seed)
        bandwidth = float(random.choice(BANDWIDTHS))
        points = KINDS[kind](random, bandwidth).astype(dtype)
        if len(points):
            assert_like_reference(points, bandwidth, case=seed)


@pytest.mark.parametrize("dtype", [SINGLE, DOUBLE])
def test_groups_are_clustered_apart(dtype):
    for seed in range(6):
        random = np.random.default_rng(seed)
        points = np.concatenate([votes(random, 200, 0.05, 4), lattice(random, 0.1), votes(random, 1, 0, 1)])
        group = random.choice([-7, 0, 3, 2**40], len(points), p=[0.5, 0.44, 0.01, 0.05])
        assert_like_reference(points.astype(dtype), 0.1, group, seed)


def test_points_between_many_modes():
    """Half way between two of so many that their tree has several leaves."""
    lonely = np.random.default_rng(0).integers(-3, 4, (500, 3)) / 2
    points = np.concatenate([lonely, lonely[:250] + [0.25, 0, 0]])
    assert_like_reference(points, 0.25)
    assert len(np.unique(mean_shift(points, 0.25))) > 60


def test_distances_of_few_points_are_rounded_as_blas_rounds_them():
    skip_where_blas_rounds_otherwise()
    for seed in range(60):
        random = np.random.default_rng(seed)
        bandwidth = float(random.choice(BANDWIDTHS[:2]))
        assert_like_reference(random.integers(-1, 2, (8, 3)) * bandwidth + 0.05, bandwidth, case=seed)


def test_of_equal_modes_the_last_tells_the_density():
    place = np.array([[0, 0, 0], [0.05, 0, 0], [0, 0, 0], [1, 0, 0]])
    mode, start = modes(place, np.array([9, 3, 2, 0]), np.zeros(4, int), 0.1)
    assert mode.tolist() == [[0.05, 0, 0]]
    assert start.tolist() == [0, 1]


@pytest.mark.slow
@pytest.mark.parametrize(("n_point", "noise", "n_centre"), [
    (20_000, 0.005, 40), (20_000, 0.02, 17), (20_000, 0.1, 1), (10_000, 0.06, 17), (5_000, 0.1, 40)])
@pytest.mark.parametrize("dtype", [SINGLE, DOUBLE])
def test_same_partition_of_many_points(n_point, noise, n_centre, dtype):
    random = np.random.default_rng(n_point + n_centre)
    points, group = votes(random, n_point, noise, n_centre).astype(dtype), random.integers(0, 6, n_point)
    assert_like_reference(points, 0.1, group)


@pytest.mark.parametrize("dtype", [SINGLE, DOUBLE])
def test_torch_finds_the_same_partition(dtype):
    """Votes are nowhere decided by rounding; lattices of binary fractions are without it."""
    for seed in range(32):
        random = np.random.default_rng(seed)
        points = votes(random, random.integers(1, 500), random.uniform(0.005, 0.06), random.integers(1, 20))
        if seed % 4 == 0:
            points = random.integers(-6, 7, (random.integers(1, 200), 3)) / 16
        points, group = points.astype(dtype), random.integers(-1, 2, len(points))
        bandwidth = 0.125 if seed % 4 == 0 else 0.1
        found = mean_shift_torch(torch.from_numpy(points), bandwidth, torch.from_numpy(group))
        assert_like_reference(points, bandwidth, group, seed, found.numpy())
        assert found.tolist() == mean_shift(points, bandwidth, group).tolist()


def test_torch_in_small_blocks(monkeypatch):
    points = torch.from_numpy(votes(np.random.default_rng(0), 500, 0.05, 5))
    whole = mean_shift_torch(points, 0.1)
    monkeypatch.setattr("partwise.grouping.mean_shift_torch.BLOCK", 100)
    assert mean_shift_torch(points, 0.1).tolist() == whole.tolist()


def test_numbered_by_group_then_by_density():
    blobs = [(50, 0.0), (200, 1.0), (100, 2.0)]
    points = np.concatenate([np.full((count, 3), place) for count, place in blobs])
    points += np.random.default_rng(0).normal(0, 0.01, points.shape)
    ids = np.repeat([2, 0, 1], [50, 200, 100])
    assert mean_shift(points, 0.1).tolist() == ids.tolist()
    twice, group = np.concatenate([points, points]), np.repeat([5, -5], len(points))
    assert mean_shift(twice, 0.1, group).tolist() == [*ids + 3, *ids]


@pytest.mark.parametrize("call", [mean_shift, lambda points, *rest: mean_shift_torch(torch.from_numpy(points), *rest)])
def test_no_points_and_one(call):
    assert call(np.empty((0, 3), SINGLE), 0.1).tolist() == []
    assert call(np.ones((1, 3)), 0.1).tolist() == [0]


@pytest.mark.parametrize("far", [1e6, 1e30])
def test_far_outliers_cost_nothing(far):
    points = votes(np.random.default_rng(0), 300, 0.02, 3)
    outliers = np.concatenate([points, [[far, 0, 0], [0, -far, far]]])
    for dtype in (SINGLE, DOUBLE):
        ids = mean_shift(outliers.astype(dtype), 0.1)
        assert same_partition(ids[:300], mean_shift(points.astype(dtype), 0.1))
        assert mean_shift_torch(torch.from_numpy(outliers.astype(dtype)), 0.1).tolist() == ids.tolist()


def test_cost_is_bounded():
    """Of what is most crowded and most scattered; minutes, were it quadratic."""
    begin = time.perf_counter()
    assert mean_shift(np.ones((1_000_000, 3), SINGLE), 0.1).max() == 0
    grid = np.stack(np.meshgrid(*[np.arange(28)] * 3), -1).reshape(-1, 3)[:20_000] * 0.25
    assert len(np.unique(mean_shift(grid, 0.1))) == 20_000
    everyone = np.arange(100_000)
    assert mean_shift(np.zeros((100_000, 3)), 0.1, everyone).tolist() == everyone.tolist()
    assert time.perf_counter() - begin < 30


@pytest.mark.parametrize(("points", "bandwidth", "group", "message"), [
    (np.zeros((4, 2)), 0.1, None, r"points must be of shape \(N, 3\), found \(4, 2\)"),
    (np.zeros(3), 0.1, None, r"points must be of shape \(N, 3\), found \(3,\)"),
    (np.zeros((4, 3)), 0.1, np.zeros(3, int), r"group must be integers of shape \(4,\)"),
    (np.zeros((4, 3)), 0.1, np.zeros(4), "group must be integers .* found float64"),
    (np.zeros((4, 3)), 0.0, None, "bandwidth must be a positive number, found 0.0"),
    (np.zeros((4, 3)), -1, None, "bandwidth must be a positive number"),
    (np.zeros((4, 3)), np.nan, None, "bandwidth must be a positive number"),
    (np.zeros((4, 3)), np.inf, None, "bandwidth must be a positive number"),
    (np.array([[0, 0, 0], [0, np.nan, 0]]), 0.1, None, "points must be finite, found .* in row 1"),
    (np.full((2, 3), np.inf, SINGLE), 0.1, None, "points must be finite, found .* in row 0"),
    (np.full((20, 3), 1e9 + 3), 0.1, None, "so far from the origin"),
])
def test_what_cannot_be_used(points, bandwidth, group, message):
    with pytest.raises(InputError, match=message):
        mean_shift(points, bandwidth, group)
    with pytest.raises(InputError, match=message):
        mean_shift_torch(torch.from_numpy(points), bandwidth, None if group is None else torch.from_numpy(group))


def test_many_threads_at_once():
    """Beside torch's threads too; Numba's own would end the process."""
    clouds = [votes(np.random.default_rng(seed), 4000, 0.05, 9).astype(SINGLE) for seed in range(4)]
    alone, together = [mean_shift(cloud, 0.1) for cloud in clouds], [None] * 4

    def work(index):
        for _ in range(3):
            torch.randn(300, 300) @ torch.randn(300, 300)
            together[index] = mean_shift(clouds[index], 0.1)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [ids.tolist() for ids in together] == [ids.tolist() for ids in alone]


def test_compiles_where_nothing_can_be_kept():
    space = {}
    exec("def double(x): return 2 * x", space)  # of no file, so there is no place beside it
    assert compiled(space["double"])(21) == 42


def test_help_does_not_wait_for_numba():
    code = ("import sys; from partwise.cli import main\n"
            "try: main(['--help'])\n"
            "finally: print('numba' in sys.modules, 'sklearn' in sys.modules, file=sys.stderr)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.strip() == "False False"
