"""Marks of axes, and curves as paths."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partwise.report.names import short_names
from partwise.report.numbers import difference, log_ticks, percent, short, ticks
from partwise.report.plot import Frame, Line, line_plot

FRAME = Frame(100, 100, 0, 0, 0, 0)


def paths(svg):
    return [element.get("d") for element in svg.iter("path")]


def places(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"([-\d.e]+),([-\d.e]+)", path)]


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
@settings(max_examples=200, deadline=None)
def test_marks_hold_the_numbers_and_are_few_and_even(low, extent):
    high = low + extent
    marks = ticks(low, high)
    step = marks[1] - marks[0]
    assert marks[0] <= low + 1e-6 * step
    assert marks[-1] >= high - 1e-6 * step
    assert 2 <= len(marks) <= 7
    np.testing.assert_allclose(np.diff(marks), step, rtol=1e-3)


def test_marks_at_edges():
    assert ticks(0, 1) == [0, 0.5, 1]
    assert ticks(0, 1, 1) == [0, 1]
    assert ticks(3, 3)[0] < 3 < ticks(3, 3)[-1]
    assert ticks(0, 0)[0] < 0 < ticks(0, 0)[-1]
    assert ticks(1e5, 1e5 + 1e-6)[0] < 1e5 < ticks(1e5, 1e5 + 1e-6)[-1]  # too close to tell apart
    assert log_ticks(0.02, 30) == pytest.approx([0.01, 0.1, 1, 10, 100])
    assert log_ticks(10, 10) == [10, 100]


def test_numbers_for_people():
    assert [short(value) for value in (0, 0.25, 4000, 123456, 1e-7, math.nan)] == [
        "0", "0.25", "4k", "1.235e+05", "1e-07", "-"]
    assert (percent(0.4567), percent(math.nan)) == ("45.7", "-")
    assert (difference(0.5, 0.25), difference(0.1, math.nan)) == ("+25.0", "")


def test_names_are_as_short_as_they_can_be():
    assert short_names(["a/b/leg", "a/c/leg", "seat"]) == ["b/leg", "c/leg", "seat"]
    assert short_names(["leg", "a/leg"]) == ["leg", "a/leg"]
    assert short_names(["x/run", "x/run"]) == ["run", "run"]


def test_a_curve_lies_where_its_numbers_are():
    svg = line_plot([Line("a", [0, 1, 2], [0, 10, 5])], "a", frame=FRAME, x_range=(0, 2), y_range=(0, 10))
    assert places(paths(svg)[0]) == [(0, 100), (50, 0), (100, 50)]
    assert svg.find("title").text == "a"


def test_not_a_number_is_a_gap_and_a_lone_point_a_dot():
    svg = line_plot([Line("a", range(6), [0, 1, math.nan, 1, math.inf, 1])], "a", frame=FRAME)
    assert len(paths(svg)) == 1
    assert len(list(svg.iter("circle"))) == 2
    for lines in ([], [Line("a", [], [])], [Line("a", [1, 2], [math.nan, math.nan])]):
        assert "no numbers" in [text.text for text in line_plot(lines, "a").iter("text")]


def test_level_stretches_and_long_logs_are_drawn_with_few_points():
    steps = line_plot([Line("a", range(101), [1] * 60 + [0] * 41)], "a", frame=FRAME)
    assert len(places(paths(steps)[0])) == 4
    rng = np.random.default_rng(0)
    x, y = np.arange(10_000), rng.normal(size=10_000).cumsum()
    y[5000:5200] = np.nan
    found = paths(line_plot([Line("a", x.tolist(), y.tolist())], "a"))
    assert sum(len(places(path)) for path in found) <= 240
    assert len(found) == 2


def test_losses_that_fall_far_have_a_logarithmic_axis():
    svg = line_plot([Line("a", [0, 1, 2], [100, 10, 1])], "a", frame=FRAME)
    assert [y for _, y in places(paths(svg)[0])] == [0, 50, 100]
    marks = [text.text for text in svg.iter("text")]
    assert {"1", "10", "100"} <= set(marks)
