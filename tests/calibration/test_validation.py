"""Naive forecasts with known answers, and who wins."""

import numpy as np
import pytest
from toys import Linear, cube, linear_problem, point, random_slopes

from planmodel.calibration.problem import Points, Problem
from planmodel.calibration.validation import leave_one_series_out, naive, scores
from planmodel.engine import Array

YEARS = np.arange(1928.0, 1937.0)
LATER = np.array([1938.0, 1940.0])


def test_each_naive_forecast_is_exact_on_its_own_path() -> None:
    line, growth = 2.0 + 3.0 * (YEARS - 1928), 2.0 * 1.1 ** (YEARS - 1928)
    assert naive("linear_trend", YEARS, line, LATER) == pytest.approx(2.0 + 3.0 * (LATER - 1928))
    assert naive("constant_growth", YEARS, growth, LATER) == pytest.approx(2.0 * 1.1 ** (LATER - 1928))
    assert naive("last_value", YEARS, line, LATER) == pytest.approx([26.0, 26.0])


def test_one_figure_is_carried_on() -> None:
    for method in ("last_value", "linear_trend", "constant_growth"):
        assert naive(method, YEARS[:1], np.array([7.0]), LATER) == pytest.approx([7.0, 7.0])


def path(values: Array, first: int = 1930) -> Points:
    years = range(first, first + len(values))
    return Points(
        [point("x", float(v), year=y, relative=True) for y, v in zip(years, values, strict=True)], 0.0
    )


def test_the_model_wins_where_it_is_nearer() -> None:
    recorded = np.array([10.0, 11.0, 12.0, 20.0])  # a jump that no trend foretells
    points = path(recorded)
    problem = Problem(points, cube(1), lambda v: v)
    known = np.array([True, True, True, False])
    table = scores(problem, np.array([10.0, 11.0, 12.0, 19.0]), known, 0.05)
    row = table.iloc[0]
    assert row["model"] == pytest.approx(np.log(20 / 19))
    assert row["last_value"] == pytest.approx(np.log(20 / 12))
    assert row["linear_trend"] == pytest.approx(np.log(20 / 13), rel=1e-3)
    assert row["moves"]
    assert row["model_wins"]
    worse = scores(problem, np.array([10.0, 11.0, 12.0, 12.5]), known, 0.05).iloc[0]
    assert not worse["model_wins"]


def test_a_series_that_stands_still_is_marked() -> None:
    points = path(np.array([10.0, 10.0, 10.0, 10.2]))
    problem = Problem(points, cube(1), lambda v: v)
    assert not scores(problem, np.full(4, 10.0), np.array([True] * 3 + [False]), 0.05).iloc[0]["moves"]


def test_a_series_left_out_is_told_by_the_others() -> None:
    """With linear series of the same two parameters, any one follows from the rest."""
    slopes, truth = random_slopes(12, 2), np.array([0.3, 0.7])
    recorded = slopes @ truth
    points = [
        point(f"row{i:03d}", float(r), year=1930 + i % 4, target=f"series{i // 4}", error=0.1)
        for i, r in enumerate(recorded)
    ]
    # its place among the sorted observations is that of the row
    problem = Problem(Points(points, 0.0), cube(2), Linear(slopes))
    table = leave_one_series_out(problem, np.array([0.5, 0.5]), 20, 1e-6, 0.05)
    assert len(table) == 3
    assert (table["model"] < 1e-3).all()
    assert table["model_wins"].all()


def test_a_series_left_out_does_not_shape_its_own_fit() -> None:
    slopes = np.vstack([np.tile([1.0, 0.0], (4, 1)), np.tile([0.0, 1.0], (4, 1))])
    problem = linear_problem(slopes, np.array([0.2, 0.9]), error=0.1)
    points = [point(f"row{i:03d}", float(p.low), year=1930 + i % 4, target="ab"[i // 4], error=0.1)
              for i, p in enumerate(problem.points.points)]  # fmt: skip
    problem = Problem(Points(points, 0.0), problem.cube, problem.evaluate)
    table = leave_one_series_out(problem, np.array([0.5, 0.5]), 20, 1e-6, 0.05)
    assert table["model"].to_numpy() == pytest.approx([0.3, 0.4])  # left where it stood: 0.5
