"""From answers of the model to residuals and misfit, checked by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import cube, observation, point

from planmodel.calibration.problem import Points, Problem
from planmodel.calibration.targets import per_series_weights


def problem_of(points: Points, answers: np.ndarray, loss: str = "gaussian") -> Problem:
    return Problem(
        points, cube(1), lambda values: np.repeat(answers[None, :], len(values), axis=0), loss, 3.0
    )


def test_relative_deviation_is_of_logarithms_and_errors_add_in_squares() -> None:
    points = Points([point("steel", 4.0, relative=True, error=0.03, discrepancy=0.04)], 0.0)
    residuals = problem_of(points, np.array([5.0])).residuals(np.zeros((2, 1)))
    assert residuals[0] == pytest.approx([np.log(5.0 / 4.0) / 0.05])


@pytest.mark.parametrize(("answer", "expected"), [(3.0, -1.0), (4.5, 0.0), (5.0, 0.0), (7.0, 2.0)])
def test_within_a_range_there_is_no_misfit(answer: float, expected: float) -> None:
    points = Points([point("deaths", 4.0, 5.0)], 0.0)
    assert problem_of(points, np.array([answer])).residuals(np.zeros((1, 1)))[0, 0] == expected


def test_floors_and_ceilings_have_one_side() -> None:
    points = Points([point("a", 5.0, np.inf, relative=True), point("b", -np.inf, 0.5, relative=True)], 0.0)
    below = problem_of(points, np.array([2.5, 1.0])).residuals(np.zeros((1, 1)))[0]
    assert below == pytest.approx([-np.log(2.0), np.log(2.0)])
    fine = problem_of(points, np.array([9.0, 0.1])).residuals(np.zeros((1, 1)))[0]
    assert (fine == 0.0).all()


def test_quotients_and_powers() -> None:
    base = point("x", 1.1, year=1935, relative=True)
    growth = base.__class__(**{**vars(base), "over": observation("x", 1930), "power": 0.2})
    points = Points([growth], 0.0)
    order = [o.start.year for o in points.observations]
    answers = np.array([[3.0 if year == 1935 else 1.5 for year in order]])
    assert points.predicted(answers)[0, 0] == pytest.approx(2.0**0.2)


def test_a_broken_run_is_worse_than_any_other() -> None:
    points = Points([point("a", 1.0)], 0.0)
    broken = problem_of(points, np.array([np.nan]))
    assert broken.misfit(broken.residuals(np.zeros((1, 1))))[0] >= 1e6


def test_cauchy_loss_is_gaussian_for_small_and_slow_for_large_residuals() -> None:
    points = Points([point("a", 0.0)], 0.0)
    cauchy = problem_of(points, np.array([0.0]), "cauchy")
    assert cauchy.misfit(np.array([[0.01]]))[0] == pytest.approx(1e-4, rel=1e-4)
    assert cauchy.misfit(np.array([[30.0]]))[0] == pytest.approx(9.0 * np.log(101.0))


def test_firm_targets_count_in_squares_under_either_loss() -> None:
    loose, firm = point("a", 0.0), replace(point("b", 0.0), firm=True)
    cauchy = problem_of(Points([loose, firm], 0.0), np.array([0.0, 0.0]), "cauchy")
    assert cauchy.misfit(np.array([[0.0, 30.0]]))[0] == pytest.approx(900.0)
    assert cauchy.misfit(np.array([[30.0, 0.0]]))[0] == pytest.approx(9.0 * np.log(101.0))
    assert (cauchy.influence(np.array([[30.0, 30.0]]))[0] == [1.0 / 101.0, 1.0]).all()


@given(st.floats(-20, 20), st.floats(0.5, 10))
def test_influence_is_the_slope_of_the_loss(residual: float, scale: float) -> None:
    points = Points([point("a", 0.0)], 0.0)
    problem = Problem(points, cube(1), lambda v: v, "cauchy", scale)
    step = 1e-5
    squares = np.sqrt(np.array([residual**2 + step, max(residual**2 - step, 0.0)]))
    values = problem.misfit(squares[:, None])
    slope = (values[0] - values[1]) / (squares[0] ** 2 - squares[1] ** 2)
    assert problem.influence(np.array([[residual]]))[0, 0] == pytest.approx(slope, rel=1e-3, abs=1e-6)


def test_a_persistent_series_is_worth_fewer_points() -> None:
    points = [point("a", 1.0, year=y, target="a") for y in range(1930, 1940)] + [point("b", 1.0)]
    assert per_series_weights(points, 0.0) == pytest.approx(np.ones(11))
    worth = per_series_weights(points, 0.5)
    # variance of the mean of ten figures of an AR(1) series, from its covariance matrix
    lags = np.abs(np.subtract.outer(np.arange(10), np.arange(10)))
    assert worth[:10] == pytest.approx(1.0 / ((0.5**lags).sum() / 10.0))
    assert worth[10] == 1.0
