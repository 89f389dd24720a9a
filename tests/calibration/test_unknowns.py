"""Latent values and biases: what they gain in the fit, their priors must pay."""

from datetime import date

import numpy as np
import pytest
from toys import Linear, point, random_slopes

from planmodel.calibration.evaluate import Evaluator
from planmodel.calibration.gauss_newton import minimise
from planmodel.calibration.identifiability import information
from planmodel.calibration.latent import estimate_latents
from planmodel.calibration.load import load_calibration
from planmodel.calibration.posterior import sample
from planmodel.calibration.problem import Points, Problem, prepare
from planmodel.calibration.schema_of_method import Posterior
from planmodel.calibration.unknowns import Cube, Key
from planmodel.engine import Array
from planmodel.runs.history import run
from planmodel.runs.observe import Observation
from planmodel.scenario import load_scenario
from planmodel.scenario.load import change_scenario

KEYS = (Key("toy.p", 0.0, 1.0), Key.normal("exogenous.toy.values.1931", 0.2, 0.1))
WEATHER = Key.normal("exogenous.weather.values.1929", -0.03, 0.06)


def latent_problem(error: float = 0.3) -> tuple[Problem, Array, Array]:
    """Return a linear problem with one parameter and one latent value, its slopes and its figures."""
    slopes, truth = random_slopes(10, 2, seed=4), np.array([0.5, 0.35])
    recorded = slopes @ truth
    points = [point(f"row{i:03d}", float(r), error=error) for i, r in enumerate(recorded)]
    return Problem(Points(points, 0.0), Cube(KEYS), Linear(slopes)), slopes, recorded


def test_the_fit_is_that_of_ridge_regression_towards_the_prior() -> None:
    problem, slopes, recorded = latent_problem()
    end = minimise(problem, np.array([[0.2, 0.5]]), 30, 1e-6)
    prior = np.diag([0.0, 1 / 0.1**2])
    normal = slopes.T @ slopes / 0.3**2 + prior
    expected = np.linalg.solve(normal, slopes.T @ recorded / 0.3**2 + prior @ [0.0, 0.2])
    assert problem.cube.natural(end.unit[0]) == pytest.approx(expected, rel=1e-4)
    assert 0.2 < expected[1] < 0.35  # between prior and truth
    moved = (expected[1] - 0.2) / 0.1
    misfit = ((slopes @ expected - recorded) ** 2).sum() / 0.3**2 + moved**2
    assert end.misfit[0] == pytest.approx(misfit, rel=1e-4)


def test_the_loss_of_figures_does_not_excuse_the_prior() -> None:
    """The Cauchy loss is for series that the model cannot reach, not for weather that cannot have been."""
    problem, _, _ = latent_problem()
    robust = Problem(problem.points, problem.cube, problem.evaluate, "cauchy", 0.5)
    middle, edge = np.array([[0.5, 0.5]]), np.array([[0.5, 1.0]])
    of_points = [
        robust.misfit(np.hstack([robust.of_points(robust.residuals(u)), [[0.0]]])) for u in (middle, edge)
    ]
    paid = robust.misfit(robust.residuals(edge)) - of_points[1]
    assert paid == pytest.approx(9.0)  # three standard deviations
    assert robust.misfit(robust.residuals(middle)) == pytest.approx(of_points[0])


def test_posterior_of_a_latent_value_without_figures_is_its_prior() -> None:
    points = Points([point("row000", 0.5, error=0.05)], 0.0)
    problem = Problem(points, Cube(KEYS), Linear(np.array([[1.0, 0.0]])))
    sizes = Posterior(walkers=80, steps=500, burn=0.4, draws=4000)
    draws = sample(problem, np.array([0.5, 0.5]), sizes, 1e-6, 1)
    latent = problem.cube.natural(draws.unit)[:, 1]
    assert latent.mean() == pytest.approx(0.2, abs=0.01)
    assert latent.std() == pytest.approx(0.1, rel=0.1)
    known = information(problem, np.array([0.5, 0.5]), 1e-6)
    assert known.table["together"].iloc[1] == pytest.approx(1.0)
    assert known.table["sd"].iloc[1] == pytest.approx(0.1)


def test_a_sample_of_the_cube_is_one_of_the_priors() -> None:
    uniform = np.random.default_rng(0).random((4000, 2))
    natural = Cube(KEYS).natural(Cube(KEYS).spread(uniform))
    assert natural[:, 0] == pytest.approx(uniform[:, 0])
    assert natural[:, 1].mean() == pytest.approx(0.2, abs=0.01)
    assert natural[:, 1].std() == pytest.approx(0.1, rel=0.05)


def biased(relative: bool, figures: Array, truth: float) -> Problem:
    points = [
        point(f"row{i}", float(v), error=0.01, relative=relative, target="one", biased=True)
        for i, v in enumerate(figures)
    ]
    cube = Cube((Key("toy.p", 0.0, 2 * truth), Key.normal("bias.one", 0.0, 0.2)))
    return Problem(Points(points, 0.0), cube, Linear(np.ones((len(figures), 1)) * [[1.0]]))


@pytest.mark.parametrize(("relative", "figures"), [(True, 3.0 * np.exp(0.1)), (False, 3.1)])
def test_a_bias_stands_between_model_and_record(relative: bool, figures: float) -> None:
    """With the truth held at 3, all that is left is the bias: a factor, or a difference for shares."""
    problem = biased(relative, np.full(4, figures), 3.0)
    taken = problem.cube.taken
    problem.evaluate = lambda values: values[:, taken] * np.ones((1, 4))
    free = np.array([[False, True]])
    end = minimise(problem, np.array([[0.5, 0.5]]), 30, 1e-6, free=free)
    assert problem.cube.natural(end.unit[0]) == pytest.approx([3.0, 0.1], rel=2e-3)
    assert list(problem.cube.values(problem.cube.natural(end.unit))) == ["parameters.toy.p"]


def test_weather_of_a_member_is_the_same_alone_and_in_a_chunk() -> None:
    short = load_scenario("one_country").until(date(1930, 12, 31))
    asked = [Observation("grain_harvest", date(y, 1, 1), date(y, 12, 31)) for y in (1928, 1929, 1930)]
    values = np.array([[72.0, -0.1], [73.6, 0.0], [75.2, 0.1]])
    keys = (Key("cropping.harvest_1928", 64.0, 80.0), WEATHER)
    with Evaluator(short, keys, asked, workers=1) as evaluate:
        together = evaluate(values)
        alone = np.vstack([evaluate(row[None, :]) for row in values])
    assert (together == alone).all()
    changes = {"parameters.cropping.harvest_1928": 75.2, "exogenous.weather.values.1929": 0.1}
    own = run(change_scenario(short, changes, "test"), wanted=["grain_harvest"])
    harvest = own["grain_harvest"].sel(time=slice("1929-01-01", "1929-12-31")).sum("time").values[0]
    assert together[2, 1] == pytest.approx(harvest, rel=1e-12)


def test_ready_calibrations_hold_every_harvest_for_unknown() -> None:
    for name in ("archival", "book"):
        calibration = load_calibration(name)
        scenario, points, cube = prepare(calibration)
        latent = [k for k in cube.keys if k.dotted.startswith("exogenous.weather.values.")]
        assert [k.mean for k in latent] == list(scenario.exogenous.weather.values.values())
        assert len(points.reported) == len(latent) == 13
        harvests = [p for p in points.points if p.asked.indicator == "grain_harvest" and p.low == p.high]
        assert all(p.biased for p in harvests)


def test_what_the_balance_says_does_not_know_the_published_harvest() -> None:
    """A figure of the harvest moves the fit, and not the estimate without such figures."""
    calibration = load_calibration("archival")
    told = []
    for figure in (60.0, 80.0):
        harvest = Observation("grain_harvest", date(1931, 1, 1), date(1931, 12, 31))
        deaths = Observation("deaths", date(1932, 1, 1), date(1932, 12, 31))
        points = [
            point("grain_harvest", figure, year=1931, relative=True, error=0.05),
            point("deaths", 5.0, year=1932, relative=True, error=0.05),
        ]

        def model(values: Array) -> Array:
            weather = values[:, 0]
            return np.column_stack([6.0 - 5.0 * weather, 70.0 * (1.0 + weather)])

        cube = Cube((Key.normal("exogenous.weather.values.1931", 0.0, 0.2),))
        problem = Problem(Points(points, 0.0, [harvest]), cube, model)
        assert problem.points.observations == [deaths, harvest]
        best = minimise(problem, np.array([[0.5]]), 40, 1e-4).unit[0]
        found = estimate_latents(calibration, problem, best, information(problem, best, 1e-4))
        told.append(found.published.iloc[0])
        assert set(found.published["year"]) == {1931}
    assert told[1]["model"] > told[0]["model"] + 1.0
    assert told[1]["alone"] == pytest.approx(told[0]["alone"], rel=1e-6)
    assert told[0]["alone"] == pytest.approx(70.0 * 1.2, rel=0.02)  # deaths of 5 say +0.2
    assert told[0]["alone_low"] < told[0]["alone"] < told[0]["alone_high"]
