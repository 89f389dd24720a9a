"""Gauss-Newton against SciPy, the whole search on known minima, and a search that was stopped."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import least_squares
from toys import Linear, cube, linear_problem, point, random_slopes

from planmodel.calibration.gauss_newton import jacobian, minimise
from planmodel.calibration.journal import Journal
from planmodel.calibration.problem import Points, Problem
from planmodel.calibration.schema_of_method import Search
from planmodel.calibration.search import cross, search
from planmodel.engine import Array

SMALL = Search(sample=16, points=6, descent=3, rounds=3, starts=2, polish=10, step=1e-6)


def bent(seed: int) -> tuple[Problem, Array]:
    """A problem that is not linear and whose minimum may lie on a face."""
    random = np.random.default_rng(seed)
    slopes, shifts = random.normal(size=(12, 4)), random.normal(size=12)

    def evaluate(values: Array) -> Array:
        return np.sin(values @ slopes.T) + 0.5 * values @ slopes.T

    points = [point(f"row{i:03d}", float(s)) for i, s in enumerate(shifts)]
    return Problem(Points(points, 0.0), cube(4), evaluate), random.random(4)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("loss", ["gaussian", "cauchy"])
def test_gauss_newton_ends_where_scipy_ends(seed: int, loss: str) -> None:
    problem, start = bent(seed)
    problem = Problem(problem.points, problem.cube, problem.evaluate, loss, 3.0)
    mine = minimise(problem, start[None, :], 60, 1e-7, tolerance=1e-12)
    scipy = least_squares(
        lambda x: problem.residuals(x[None, :])[0],
        start,
        bounds=(0, 1),
        loss="linear" if loss == "gaussian" else "cauchy",
        f_scale=3.0,
        xtol=1e-12,
        ftol=1e-12,
    )
    assert mine.misfit[0] <= 2.0 * scipy.cost + 1e-6
    assert (mine.unit >= 0).all()
    assert (mine.unit <= 1).all()


def test_starts_in_step_end_where_each_ends_alone() -> None:
    problem, _ = bent(3)
    starts = np.random.default_rng(0).random((5, 4))
    together = minimise(problem, starts, 10, 1e-6)
    for row, start in enumerate(starts):
        alone = minimise(problem, start[None, :], 10, 1e-6)
        assert together.unit[row] == pytest.approx(alone.unit[0], abs=1e-9)


def test_a_held_parameter_stays_where_it_is() -> None:
    problem = linear_problem(random_slopes(9, 3), np.array([0.2, 0.6, 0.7]))
    free = np.array([[True, False, True]])
    found = minimise(problem, np.array([[0.5, 0.1, 0.5]]), 20, 1e-6, free=free)
    assert found.unit[0, 1] == 0.1
    assert found.unit[0, 0] != 0.5


def test_jacobian_of_a_linear_model_is_its_slopes() -> None:
    slopes = random_slopes(6, 3)
    problem = linear_problem(slopes, np.full(3, 0.5), error=0.5)
    unit = np.array([[0.3, 1.0, 0.0]])  # at the upper face the difference is taken downwards
    found = jacobian(problem.residuals, unit, problem.residuals(unit), 0.01)
    assert found[0] == pytest.approx(slopes / 0.5)


@pytest.mark.parametrize("seed", range(3))
def test_search_finds_the_minimum_from_any_seed(seed: int) -> None:
    truth = np.array([0.1, 0.8, 0.55, 0.3, 0.95])
    problem = linear_problem(random_slopes(20, 5), truth, error=0.1)
    fit = search(problem, np.full(5, 0.5), SMALL, seed)
    assert fit.best == pytest.approx(truth, abs=1e-4)
    assert (np.diff(fit.misfit) >= 0).all()


def test_same_seed_same_bits_another_seed_another_way() -> None:
    problem, start = bent(1)
    fits = [search(problem, start, SMALL, seed) for seed in (5, 5, 6)]
    assert (fits[0].unit == fits[1].unit).all()
    assert not (fits[0].trace == fits[2].trace).all()


def test_no_round_makes_any_point_worse() -> None:
    problem, start = bent(4)
    trace = search(problem, start, SMALL, 1).trace
    assert trace.shape == (4, 6)
    assert (np.diff(trace, axis=0) <= 0).all()


def hills(values: Array) -> Array:
    """Many valleys in two parameters; the deepest is at (0.7, 0.3)."""
    away = values - [0.7, 0.3]
    return np.stack(
        [3.0 * away[:, 0], 3.0 * away[:, 1], np.sin(25.0 * away[:, 0]), np.sin(25.0 * away[:, 1])], 1
    )


def test_crossing_leads_out_of_valleys_that_are_not_the_deepest() -> None:
    points = [point(f"row{i:03d}", 0.0, error=0.3) for i in range(4)]
    problem = Problem(Points(points, 0.0), cube(2), hills)
    alone = minimise(problem, np.array([[0.1, 0.9]]), 50, 1e-6)
    assert alone.misfit[0] > 1.0  # Gauss-Newton by itself stays in a valley
    options = Search(sample=8, points=8, descent=4, rounds=12, starts=1, polish=10, step=1e-6)
    for seed in range(3):
        assert search(problem, np.array([0.1, 0.9]), options, seed).best == pytest.approx(
            [0.7, 0.3], abs=1e-3
        )


@given(st.integers(0, 1000), st.integers(2, 12), st.integers(1, 6))
def test_children_stay_in_the_cube(seed: int, points: int, keys: int) -> None:
    random = np.random.default_rng(seed)
    child = cross(random.random((points, keys)), random.random(points), random)
    assert child.shape == (points, keys)
    assert (child >= 0.0).all()
    assert (child <= 1.0).all()


def test_the_number_of_runs_is_what_was_announced() -> None:
    problem, start = bent(1)
    counted = Linear(np.zeros((1, 4)))

    def counts(values: Array) -> Array:
        counted(values)
        return problem.evaluate(values)

    options = SMALL.model_copy(update={"polish": 0})
    search(Problem(problem.points, problem.cube, counts), start, options, 1)
    ends = options.starts  # what is asked once more before the polish
    assert counted.members <= options.runs(4, options.rounds) + ends
    assert counted.members > 0.5 * options.runs(4, options.rounds)


class StoppedError(Exception):
    pass


def test_a_stopped_search_goes_on_and_ends_the_same(tmp_path: Path) -> None:
    problem, start = bent(2)
    whole = search(problem, start, SMALL, 1)
    evaluate = problem.evaluate
    calls = 0

    def stops(values: Array) -> Array:
        nonlocal calls
        calls += 1
        if calls > 9:
            raise StoppedError
        return evaluate(values)

    file = tmp_path / "journal"
    journal = Journal(file)
    with pytest.raises(StoppedError):
        search(Problem(problem.points, problem.cube, stops), start, SMALL, 1, journal)
    journal.close()
    counted = Linear(np.zeros((1, 4)))

    def counts(values: Array) -> Array:
        counted(values)
        return evaluate(values)

    journal = Journal(file)
    again = search(Problem(problem.points, problem.cube, counts), start, SMALL, 1, journal)
    journal.close()
    assert (again.unit == whole.unit).all()
    assert (again.misfit == whole.misfit).all()
    assert journal.remembered > 0
    fresh = Journal(tmp_path / "other")
    counted.calls, before = 0, counted.calls
    search(Problem(problem.points, problem.cube, counts), start, SMALL, 1, fresh)
    fresh.close()
    assert before == counted.calls - 9


def test_a_torn_journal_is_read_up_to_the_tear(tmp_path: Path) -> None:
    file = tmp_path / "journal"
    first = Journal(file)
    ask = first.remember(lambda x: x * 2.0)
    ask(np.array([1.0]))
    ask(np.array([2.0]))
    first.close()
    file.write_bytes(file.read_bytes()[:-5])
    second = Journal(file)
    calls: list[float] = []

    def double(x: Array) -> Array:
        calls.append(float(x[0]))
        return x * 2.0

    ask = second.remember(double)
    assert ask(np.array([1.0])) == 2.0
    assert ask(np.array([2.0])) == 4.0
    assert calls == [2.0]
    second.close()


def test_a_journal_of_other_questions_is_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "journal"
    first = Journal(file)
    first.remember(lambda x: x)(np.array([1.0]))
    first.close()
    second = Journal(file)
    assert second.remember(lambda x: x + 1.0)(np.array([7.0])) == 8.0
    second.close()
