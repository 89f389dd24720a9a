"""The posterior: which parameters the record allows, and what they predict.

The likelihood is Gaussian. Its standard errors are those of the figures and a discrepancy of each series,
which is estimated at the best fit and never below the declared one: a model that misses a series by more than
historians differ is not believed to within their differences.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from planmodel.calibration.agreement import Agreement
from planmodel.calibration.gauss_newton import jacobian
from planmodel.calibration.journal import Journal
from planmodel.calibration.problem import Points, Problem
from planmodel.calibration.schema_of_method import Posterior
from planmodel.calibration.search import Progress, silent
from planmodel.calibration.unknowns import Cube
from planmodel.engine import Array
from planmodel.scenario.economy import Economy
from planmodel.storage import SIGN, sealed


@dataclass(frozen=True)
class Draws:
    """Draws from the posterior, and how far they can be trusted.

    ``unit`` has shape ``(draws, keys)``, ``predicted`` ``(draws, points)``, ``reported`` (what the model was
    asked for the report) ``(draws, reported)``; ``effective`` and ``convergence`` (potential scale reduction,
    1 when the walkers agree) have one value a key. ``length`` is that of the chain, burn-in taken off, in the
    longest autocorrelation time: below 20 or so neither that time nor the other marks can be believed. Of
    tempered draws, which are no chain, ``islands`` says how far those of each agree.
    """

    unit: Array
    log_posterior: Array
    predicted: Array
    reported: Array
    effective: Array
    convergence: Array
    acceptance: float
    length: float
    islands: Agreement | None = None

    @property
    def converged(self) -> bool:
        """Whether the usual marks are met for every parameter: R below 1.05, 100 draws, length 20."""
        if self.islands is not None:
            return self.islands.agree
        enough = self.effective.min() >= 100 and self.length >= 20
        return bool(enough and self.convergence.max() < 1.05)


def with_estimated_discrepancy(problem: Problem, residuals: Array, persistence: float) -> Problem:
    """Return the problem with Gaussian loss and a discrepancy for each series, estimated at the best fit.

    The discrepancy of a series is the one that maximises the Gaussian likelihood of its deviations, not
    below what the configuration declares; of a firm target it stays as declared.

    Parameters
    ----------
    problem
        As it was fitted.
    residuals
        Of the points at the best fit, shape ``(points,)``, over standard errors.
    persistence
        As in the configuration.
    """
    points = problem.points
    deviations = residuals * points.sd
    names = np.array([p.target for p in points.points])
    changed = list(points.points)
    for name in sorted(set(names)):
        mine = np.flatnonzero(names == name)
        if changed[mine[0]].firm:
            continue
        declared = float(points.discrepancy[mine].max())
        tried = declared + np.concatenate([[0.0], np.geomspace(1e-3, 10.0, 400)])
        variance = points.error[mine] ** 2 + tried[:, None] ** 2
        loss = np.sum(np.log(variance) + deviations[mine] ** 2 / variance, axis=1)
        for i in mine:
            changed[i] = replace(changed[i], discrepancy=float(tried[loss.argmin()]))
    estimated = Points(changed, persistence, points.reported, conditions=points.conditions)
    return Problem(estimated, problem.cube, problem.evaluate, "gaussian")


def sample(
    problem: Problem,
    best: Array,
    options: Posterior,
    step: float,
    seed: int,
    journal: Journal | None = None,
    progress: Progress = silent,
) -> Draws:
    """Draw from the posterior by walkers that move together.

    They move in terms in which all priors are standard normal, so that nothing they propose is impossible and
    what the record does not determine is normal from the start. Three quarters of the moves are
    autoregressive (:class:`planmodel.calibration.moves.AutoregressiveMove`), the others differential
    evolution.

    Parameters
    ----------
    problem
        With Gaussian loss: see `with_estimated_discrepancy`.
    best
        Best parameters in the unit cube: the walkers begin around it, as wide as the slopes there allow.
    options
        Sizes.
    step
        Step of the finite differences.
    seed
        Seed of all random numbers.
    """
    import emcee

    from planmodel.calibration.moves import AutoregressiveMove

    cube = problem.cube
    uniform = np.setdiff1d(np.arange(len(best)), cube.pulled)
    journal = journal or Journal(None)
    random = np.random.default_rng([seed, 77])
    worth = journal.remember(lambda unit: problem.misfit(problem.residuals(unit)))
    slopes = journal.remember(
        lambda unit: jacobian(problem.residuals, unit, problem.residuals(unit), step)[0]
    )
    keys = len(best)

    def prior(standard: Array) -> Array:
        """Return the log prior of the uniform unknowns; that of the normal ones is in the misfit."""
        return -0.5 * np.sum(standard[..., uniform] ** 2, axis=-1)

    def log_posterior(standard: Array) -> Array:
        unit = cube.from_standard(standard)
        inside = ((unit >= 0.0) & (unit <= 1.0)).all(axis=1)
        result = np.full(len(unit), -np.inf)
        if inside.any():
            result[inside] = prior(standard[inside]) - 0.5 * worth(unit[inside])
        return result

    walkers = max(options.walkers, 2 * keys + 2)
    walkers += walkers % 2
    begin = _begin(problem, best, slopes(best[None, :]), walkers, random)
    moves = [(AutoregressiveMove(), 0.75), (emcee.moves.DEMove(), 0.25)]
    sampler = emcee.EnsembleSampler(walkers, keys, log_posterior, moves=moves, vectorize=True)
    state = np.random.RandomState(seed).get_state()
    for done, _ in enumerate(
        sampler.sample(emcee.State(cube.standard(begin), random_state=state), iterations=options.steps)
    ):
        lowest = -2.0 * float(sampler.get_log_prob().max())
        progress("posterior", done + 1, options.steps, lowest)
    burn = int(options.burn * options.steps)
    chain, log_prob = sampler.get_chain(discard=burn), sampler.get_log_prob(discard=burn)
    chosen = random.choice(
        chain.shape[0] * walkers, options.draws, replace=chain.shape[0] * walkers < options.draws
    )
    standard = chain.reshape(-1, keys)[chosen]
    unit = cube.from_standard(standard)
    effective = effective_draws(chain)
    answers = problem.answers(unit)
    return Draws(
        unit=unit,
        log_posterior=log_prob.reshape(-1)[chosen] - prior(standard),
        predicted=problem.expected(unit, answers),
        reported=problem.points.read_reported(answers),
        effective=effective,
        convergence=scale_reduction(chain),
        acceptance=float(np.mean(sampler.acceptance_fraction)),
        length=float(effective.min() / walkers),
    )


def _begin(problem: Problem, best: Array, slopes: Array, walkers: int, random: np.random.Generator) -> Array:
    """Scatter walkers around the best point: by the curvature there, mixed with the prior's own width."""
    information = (slopes * problem.weight[:, None]).T @ slopes + 12.0 * np.eye(len(best))
    spread = np.linalg.cholesky(np.linalg.inv(information))
    begin = best + random.standard_normal((walkers, len(best))) @ spread.T
    # Reflected at the faces, so that no two walkers stand at one place.
    begin = np.abs(begin)
    return np.clip(np.where(begin > 1.0, 2.0 - begin, begin), 1e-9, 1.0 - 1e-9)


def effective_draws(chain: Array) -> Array:
    """Return the effective number of draws of each parameter; chain has shape (steps, walkers, keys)."""
    import emcee

    steps, walkers, _ = chain.shape
    with np.errstate(invalid="ignore", divide="ignore"):  # of a walker that never moved
        time = emcee.autocorr.integrated_time(chain, tol=0, quiet=True)
    return steps * walkers / np.maximum(np.nan_to_num(time, nan=float(steps)), 1.0)


def scale_reduction(chain: Array) -> Array:
    """Return the potential scale reduction R of each parameter, after Gelman and Rubin.

    The walkers are put into four groups and each group's history is cut in two; R compares the variance
    between the eight pieces with that within them.
    """
    steps = chain.shape[0] // 2
    pieces = [half[:, group].reshape(-1, chain.shape[2])
              for half in (chain[:steps], chain[-steps:])
              for group in np.array_split(np.arange(chain.shape[1]), 4)]  # fmt: skip
    means = np.array([p.mean(axis=0) for p in pieces])
    within = np.mean([p.var(axis=0, ddof=1) for p in pieces], axis=0)
    return np.sqrt(1.0 + means.var(axis=0, ddof=1) / np.maximum(within, 1e-300))


def posterior_bytes(problem: Problem, draws: Draws, about: dict[str, str], economy: Economy) -> bytes:
    """Return draws as NetCDF: dimension draw, one variable an unknown of the model under its dotted key.

    The density and the biases of the record, which no scenario takes, are coordinates.
    """
    density = ("draw", draws.log_posterior, {"long_name": "log posterior density, up to a constant"})
    marks = {"effective_draws": draws.effective, "scale_reduction": draws.convergence}
    return draws_bytes(problem.cube, draws.unit, {"log_posterior": density}, about, economy, marks)


def draws_bytes(
    cube: Cube,
    unit: Array,
    beside: Mapping[str, Any],
    about: Mapping[str, str],
    economy: Economy,
    marks: Mapping[str, Array] | None = None,
) -> bytes:
    """Return draws in the unit cube as NetCDF, which `planmodel.runs.posterior.read_posterior` reads.

    Parameters
    ----------
    cube
        The unknowns.
    unit
        Shape ``(draws, keys)``.
    beside
        Coordinates of the draws, as xarray takes them.
    about
        How they came about.
    economy
        Knows units and meanings.
    marks
        Attributes that have one value a key.
    """
    natural = cube.natural(unit)
    variables: dict[str, Any] = {}
    coordinates: dict[str, Any] = {"draw": np.arange(len(natural)), **beside}
    for place, key in enumerate(cube.keys):
        meant, meaning = key.described(economy)
        prior: dict[str, list[float | None]]
        prior = {"uniform": [key.low, key.high]} if key.sd is None else {"normal": [key.mean, key.sd]}
        if key.density is not None:
            prior = {key.density.form: list(key.density.quantiles)}
        attributes: dict[str, Any] = {"units": meant, "long_name": meaning, "prior": json.dumps(prior)}
        attributes |= {name: float(values[place]) for name, values in (marks or {}).items()}
        kind = variables if key.of_the_model else coordinates
        kind[key.dotted] = ("draw", natural[:, place], attributes)
    dataset = xr.Dataset(variables, coords=coordinates, attrs={**about, "sealed": SIGN})
    return sealed(bytes(dataset.to_netcdf(engine="h5netcdf")))


Bands = dict[str, Array]


def predictive_bands(points: Points, predicted: Array, seed: int, share: float = 0.9) -> Bands:
    """Return what the posterior predicts of each figure, errors of figure and model included.

    Returns
    -------
    dict
        ``low``, ``median``, ``high``, ``inside`` (whether the record, or a part of its range, lies within)
        and ``half_width`` (half the band over the median), each of shape ``(points,)``.
    """
    random = np.random.default_rng([seed, 99])
    noise = random.standard_normal(predicted.shape) * points.sd
    seen = np.where(points.relative, np.maximum(predicted, 0.0) * np.exp(noise), predicted + noise)
    low, median, high = np.nanquantile(seen, [0.5 - share / 2, 0.5, 0.5 + share / 2], axis=0)
    inside = (points.high >= low) & (points.low <= high)
    half = (high - low) / 2 / np.maximum(np.abs(median), 1e-12)
    return {"low": low, "median": median, "high": high, "inside": inside, "half_width": half}
