"""Draws from posteriors that are known: means, widths, bands, coverage, and the file."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy.stats import truncnorm
from toys import linear_problem, point, random_slopes

from planmodel.calibration.journal import Journal
from planmodel.calibration.posterior import (
    effective_draws,
    posterior_bytes,
    predictive_bands,
    sample,
    scale_reduction,
    with_estimated_discrepancy,
)
from planmodel.calibration.problem import Points, Problem
from planmodel.calibration.schema_of_method import Posterior
from planmodel.calibration.unknowns import Cube, Key
from planmodel.engine import UserError
from planmodel.runs import posterior
from planmodel.runs.posterior import read_posterior
from planmodel.scenario import load_scenario, registry

SIZES = Posterior(walkers=80, steps=500, burn=0.4, draws=4000)
TRUTH = np.array([0.45, 0.55, 0.5])


def test_gaussian_posterior_has_the_mean_and_width_of_theory() -> None:
    slopes = random_slopes(15, 3)
    problem = linear_problem(slopes, TRUTH, error=0.15)
    draws = sample(problem, TRUTH, SIZES, 1e-6, seed=1)
    covariance = np.linalg.inv(slopes.T @ slopes) * 0.15**2
    assert np.sqrt(np.diag(covariance)).max() < 0.1  # narrow enough for the faces not to matter
    assert draws.unit.mean(axis=0) == pytest.approx(TRUTH, abs=0.01)
    assert np.cov(draws.unit.T) == pytest.approx(covariance, rel=0.2, abs=1e-4)
    assert draws.converged
    assert draws.effective.min() > 300


def test_a_parameter_without_effect_keeps_its_prior() -> None:
    slopes = np.array([[1.0, 0.0]])
    draws = sample(linear_problem(slopes, np.array([0.5, 0.5]), error=0.05), np.full(2, 0.5), SIZES, 1e-6, 2)
    assert draws.unit[:, 1].mean() == pytest.approx(0.5, abs=0.04)
    assert draws.unit[:, 1].std() == pytest.approx(np.sqrt(1 / 12), rel=0.1)
    assert (draws.unit >= 0).all()
    assert (draws.unit <= 1).all()


def test_a_posterior_that_presses_against_a_face_is_a_normal_cut_off() -> None:
    """What no normal distribution is: the moves must correct for it exactly."""
    slopes = np.eye(2)
    problem = linear_problem(slopes, np.array([-0.1, 0.5]), error=0.2)
    draws = sample(problem, np.array([0.02, 0.5]), SIZES, 1e-6, 4)
    theory = truncnorm((0.0 + 0.1) / 0.2, (1.0 + 0.1) / 0.2, loc=-0.1, scale=0.2)
    assert draws.unit[:, 0].mean() == pytest.approx(theory.mean(), rel=0.05)
    assert draws.unit[:, 0].std() == pytest.approx(theory.std(), rel=0.08)
    assert np.quantile(draws.unit[:, 0], 0.1) == pytest.approx(theory.ppf(0.1), rel=0.2)


def test_many_unknowns_are_drawn_in_few_steps() -> None:
    """Forty unknowns, of which half are not determined: a hundred steps give hundreds of draws."""
    slopes = random_slopes(60, 40, seed=2)
    slopes[:, 20:] = 0.0
    problem = linear_problem(slopes, np.full(40, 0.5), error=0.6)
    sizes = Posterior(walkers=300, steps=150, burn=1 / 3, draws=4000)
    draws = sample(problem, np.full(40, 0.5), sizes, 1e-6, 5)
    assert draws.unit[:, 20:].mean(axis=0) == pytest.approx(np.full(20, 0.5), abs=0.05)
    assert draws.unit[:, 20:].std(axis=0) == pytest.approx(np.full(20, np.sqrt(1 / 12)), rel=0.12)
    determined = slopes[:, :20]
    theory = np.sqrt(np.diag(np.linalg.inv(determined.T @ determined))) * 0.6
    assert draws.unit[:, :20].std(axis=0) == pytest.approx(theory, rel=0.15)
    assert draws.effective.min() > 300


def test_sampling_that_was_stopped_gives_the_same_draws(tmp_path: Path) -> None:
    problem = linear_problem(random_slopes(8, 3), TRUTH, error=0.2)
    sizes = Posterior(walkers=20, steps=12, draws=50)
    journal = Journal(tmp_path / "journal")
    first = sample(problem, TRUTH, sizes, 1e-6, 3, journal)
    journal.close()
    journal = Journal(tmp_path / "journal")
    second = sample(problem, TRUTH, sizes, 1e-6, 3, journal)
    journal.close()
    assert (first.unit == second.unit).all()
    assert journal.remembered > 0


def test_walkers_that_disagree_are_seen() -> None:
    random = np.random.default_rng(0)
    chain = random.normal(size=(200, 40, 2))
    assert scale_reduction(chain).max() < 1.01
    chain[:, :10, 1] += 3.0  # one group of walkers sits elsewhere
    assert scale_reduction(chain)[0] < 1.01
    assert scale_reduction(chain)[1] > 1.3


def test_effective_draws_of_white_noise_and_of_a_slow_walk() -> None:
    random = np.random.default_rng(0)
    white = random.normal(size=(2000, 10, 1))
    assert effective_draws(white)[0] == pytest.approx(20_000, rel=0.3)
    slow = white.copy()
    for step in range(1, 2000):
        slow[step] = 0.9 * slow[step - 1] + white[step]
    assert effective_draws(slow)[0] == pytest.approx(20_000 * (1 - 0.9) / (1 + 0.9), rel=0.3)


def test_discrepancy_is_estimated_where_the_model_misses() -> None:
    random = np.random.default_rng(0)
    points = [point(f"row{i:03d}", 0.0, target="good", error=1.0, discrepancy=0.1) for i in range(200)]
    points += [point(f"zow{i:03d}", 0.0, target="bad", error=1.0, discrepancy=0.1) for i in range(200)]
    points += [replace(p, target="firm", firm=True) for p in points[200:]]
    problem = Problem(Points(points, 0.0), Cube(()), lambda v: v, "cauchy")
    missed = random.normal(0, 3.0, 200)
    deviations = np.concatenate([random.normal(0, 0.5, 200), missed, missed])
    estimated = with_estimated_discrepancy(problem, deviations / problem.points.sd, 0.0)
    good, bad, firm = estimated.points.discrepancy[[0, 200, 400]]
    assert firm == 0.1  # as declared, however much is missed
    assert good == pytest.approx(0.1)  # never below what is declared
    assert bad == pytest.approx(np.sqrt(9.0 - 1.0), rel=0.1)
    assert estimated.loss == "gaussian"


def test_bands_cover_what_they_say() -> None:
    random = np.random.default_rng(1)
    recorded = random.normal(5.0, 2.0, size=3000)
    points = Points(
        [point(f"row{i:04d}", float(v), error=2.0, target="one") for i, v in enumerate(recorded)], 0.0
    )
    bands = predictive_bands(points, np.full((1500, 3000), 5.0), seed=0)
    assert bands["inside"].mean() == pytest.approx(0.9, abs=0.02)
    assert bands["half_width"].mean() == pytest.approx(1.645 * 2.0 / 5.0, rel=0.05)


def test_the_file_gives_back_what_was_drawn(tmp_path: Path) -> None:
    keys = (Key("centre.patience", 0.5, 1.5), Key("plan.push", 0.1, 0.5))
    toy = linear_problem(random_slopes(8, 2), np.full(2, 0.5), error=0.2)
    problem = Problem(toy.points, Cube(keys), lambda v: toy.evaluate((v - [0.5, 0.1]) / [1.0, 0.4]))
    draws = sample(problem, np.full(2, 0.5), Posterior(walkers=20, steps=20, draws=30), 1e-6, 0)
    file = tmp_path / "posterior.nc"
    file.write_bytes(posterior_bytes(problem, draws, {"calibration": "toy"}, registry.economy()))
    read = read_posterior(file).over(load_scenario()).columns
    assert read["parameters.centre.patience"] == pytest.approx(0.5 + draws.unit[:, 0])
    assert read["parameters.plan.push"] == pytest.approx(0.1 + 0.4 * draws.unit[:, 1])
    with xr.open_dataset(file, engine="h5netcdf") as dataset:
        assert dataset.sizes == {"draw": 30}
        assert dataset["centre.patience"].attrs["long_name"]
        assert dataset.attrs["calibration"] == "toy"


def test_a_ready_posterior_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = tmp_path / "posteriors" / "mine.nc"
    ready.parent.mkdir()
    draws = xr.Dataset({"centre.patience": ("draw", [1.0, 1.1])})
    draws.to_netcdf(ready, engine="h5netcdf")
    monkeypatch.setattr(posterior, "configuration_folder", lambda: tmp_path)
    read = read_posterior("mine").over(load_scenario()).columns
    assert read["parameters.centre.patience"].tolist() == [1.0, 1.1]


def test_a_file_that_is_no_posterior_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.nc"
    file.write_text("nothing")
    with pytest.raises(UserError, match="not a NetCDF file that can be read"):
        read_posterior(file)
    xr.Dataset({"centre.patiense": ("draw", [1.0])}).to_netcdf(file, engine="h5netcdf")
    with pytest.raises(
        UserError, match=r"centre.patiense: unknown key; did you mean 'parameters.centre.patience'"
    ):
        read_posterior(file).over(load_scenario())
