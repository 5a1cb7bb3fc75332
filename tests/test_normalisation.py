import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from partwise.normalisation import enclosing_ball


def optimum(points):
    """Radius of the smallest ball, by general-purpose convex optimisation."""
    centre = points.mean(0)
    best = minimize(lambda x: x[3], np.append(centre, np.linalg.norm(points - centre, axis=1).max() ** 2 + 1),
                    constraints={"type": "ineq", "fun": lambda x: x[3] - ((points - x[:3]) ** 2).sum(1)},
                    method="SLSQP", options={"ftol": 1e-14, "maxiter": 500})
    return np.sqrt(best.x[3])


@pytest.mark.parametrize("seed", range(12))
def test_radius_is_the_optimum(seed):
    random = np.random.default_rng(seed)
    points = random.normal(size=(int(random.integers(2, 60)), 3)) * random.uniform(0.1, 5, 3)
    ball = enclosing_ball(points)
    assert np.linalg.norm(points - ball.centre, axis=1).max() <= ball.radius * (1 + 1e-9)
    assert ball.radius == pytest.approx(optimum(points), rel=1e-5)


def test_it_is_not_the_ball_of_the_bounding_box():
    # an equilateral triangle: the box's centre is not the circumcentre
    points = np.array([[0, 0, 0], [1, 0, 0], [0.5, np.sqrt(0.75), 0]])
    ball = enclosing_ball(points)
    assert ball.radius == pytest.approx(1 / np.sqrt(3))
    np.testing.assert_allclose(ball.centre, [0.5, np.sqrt(0.75) / 3, 0], atol=1e-12)


def test_a_sphere_of_many_points():
    points = np.random.default_rng(0).normal(size=(20000, 3))
    points = points / np.linalg.norm(points, axis=1, keepdims=True) * 3 + [10, 20, 30]
    ball = enclosing_ball(points)
    np.testing.assert_allclose(ball.centre, [10, 20, 30], atol=1e-3)
    assert ball.radius == pytest.approx(3, abs=1e-3)
    assert np.linalg.norm(points - ball.centre, axis=1).max() <= ball.radius * (1 + 1e-9)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(*[st.integers(-3, 3)] * 3), min_size=1, max_size=12))
def test_degenerate_integer_points(rows):
    """Duplicates, lines and planes: still a ball that holds all, no larger than any other support allows."""
    points = np.array(rows, float)
    ball = enclosing_ball(points)
    assert np.linalg.norm(points - ball.centre, axis=1).max() <= ball.radius * (1 + 1e-7) + 1e-9
    widest = max(np.linalg.norm(a - b) for a in points for b in points)
    assert widest / 2 - 1e-9 <= ball.radius <= widest / 2 * np.sqrt(1.5) + 1e-9  # Jung's theorem


@pytest.mark.parametrize("points", [[[1, 2, 3]], [[1, 2, 3]] * 5])
def test_one_place_is_moved_and_not_scaled(points):
    points = np.array(points, float)
    ball = enclosing_ball(points)
    assert ball.radius == 0
    assert (ball.normalise(points) == 0).all()
    np.testing.assert_allclose(ball.restore(ball.normalise(points)), points)


def test_normalised_shapes_fill_the_unit_ball():
    points = np.random.default_rng(1).uniform(-5, 9, (3000, 3))
    ball = enclosing_ball(points)
    normalised = ball.normalise(points)
    assert np.linalg.norm(normalised, axis=1).max() == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(ball.restore(normalised), points, atol=1e-5)
