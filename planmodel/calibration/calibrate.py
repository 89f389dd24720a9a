"""A calibration from beginning to end: search, identifiability, posterior, validation."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planmodel import documented
from planmodel.calibration.agreement import arviz
from planmodel.calibration.evaluate import Evaluator
from planmodel.calibration.identifiability import Information, information, profiles
from planmodel.calibration.islands import tempered_draws
from planmodel.calibration.journal import Journal
from planmodel.calibration.latent import Latents, estimate_latents
from planmodel.calibration.posterior import (
    Bands,
    Draws,
    predictive_bands,
    sample,
    with_estimated_discrepancy,
)
from planmodel.calibration.priors import priors_of
from planmodel.calibration.problem import Points, Problem, prepare
from planmodel.calibration.schema import Calibration
from planmodel.calibration.search import Fit, Progress, search, silent
from planmodel.calibration.unknowns import Cube, standing
from planmodel.calibration.validation import forecast, leave_one_series_out
from planmodel.engine import Array
from planmodel.provenance import code_hashes
from planmodel.runs.members import Members
from planmodel.runs.resolve import Laid, resolve
from planmodel.scenario import Scenario

_STEPS_LATER = 4  # Gauss-Newton steps of fits that begin at a fit to nearly the same figures


@dataclass
class Result:
    """What a calibration leaves behind. Parts that were not asked for are None.

    ``plausibility`` counts the draws of the posterior that leave declared limits; without them, the best fit.
    """

    calibration: Calibration
    scenario: Scenario
    points: Points
    cube: Cube
    seed: int
    origin: Array
    fit: Fit
    predicted: Array
    before: Array
    information: Information
    likelihood: Problem
    latents: Latents | None = None
    profiles: pd.DataFrame | None = None
    draws: Draws | None = None
    bands: Bands | None = None
    forecast: pd.DataFrame | None = None
    left_out: pd.DataFrame | None = None
    plausibility: dict[str, Any] | None = None
    runs: int = 0
    remembered: int = 0
    damaged: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, float]:
        """The fitted unknowns by dotted key."""
        natural = self.cube.natural(self.fit.best)
        return {key.dotted: float(value) for key, value in zip(self.cube.keys, natural, strict=True)}

    @property
    def changes(self) -> dict[str, float]:
        """What the fit changes in the scenario, by full key."""
        return {
            key.full: float(value)
            for key, value in zip(self.cube.keys, self.cube.natural(self.fit.best), strict=True)
            if key.of_the_model
        }

    @property
    def laid(self) -> Members:
        """What is fitted, as it is laid over the scenario."""
        name = self.calibration.name
        return resolve(self.scenario, Laid(self.changes, f"fit of {name}", f"{name}: ", over_changes=True))


@dataclass(frozen=True)
class Stages:
    """What to do after the search."""

    profiles: bool = False
    posterior: bool = False
    validation: bool = False


def calibrate(
    calibration: Calibration,
    seed: int = 0,
    stages: Stages = Stages(),
    workers: int | None = None,
    journal_file: Path | None = None,
    progress: Progress = silent,
) -> Result:
    """Fit a scenario to the record.

    Parameters
    ----------
    calibration
        What to fit to what.
    seed
        Seed of the search and of the sampling.
    stages
        What to do after the search.
    workers
        Processes; all processors by default. Results do not depend on it.
    journal_file
        Where evaluations are kept, so that a stopped calibration goes on; deleted by the caller at the end.
    progress
        Called with stage, steps done, steps in all and lowest misfit.

    Raises
    ------
    UserError
        If a target names what the record or the model does not have, or what the posterior is judged by is
        not installed.
    """
    prepared = prepare(calibration)
    if stages.posterior and calibration.posterior.method == "tempered":
        arviz()  # before hours of work
    with Journal(journal_file) as journal:
        return _calibrate(calibration, prepared, seed, stages, workers, journal, progress)


def _calibrate(
    calibration: Calibration,
    prepared: tuple[Scenario, Points, Cube],
    seed: int,
    stages: Stages,
    workers: int | None,
    journal: Journal,
    progress: Progress,
) -> Result:
    scenario, points, cube = prepared
    seconds: dict[str, float] = {}
    options = calibration.search
    origin = cube.unit(np.array([standing(scenario, key) for key in cube.keys]))
    with Evaluator(scenario, cube.keys, points.observations, workers) as evaluate:
        problem = Problem(points, cube, evaluate, options.loss, options.loss_scale)
        clock = _Clock(seconds)
        fit = clock.time("search", lambda: search(problem, origin, options, seed, journal, progress))
        before, predicted = problem.predict(np.vstack([origin, fit.best]))
        persistence = calibration.errors.persistence
        missed = problem.of_points(fit.residuals[0])
        likelihood = with_estimated_discrepancy(problem, missed, persistence)
        ask = journal.remember(likelihood.residuals)
        result = Result(
            calibration, scenario, points, cube, seed, origin, fit, predicted, before,
            clock.time("information", lambda: information(likelihood, fit.best, options.step, ask)),
            likelihood,
        )  # fmt: skip
        if stages.profiles:
            progress("profiles", 0, 1, float(fit.misfit[0]))
            found = clock.time(
                "profiles", lambda: profiles(likelihood, fit.best, options.step, residuals=ask)
            )
            result.profiles = found
        if stages.posterior:
            result.draws = clock.time("posterior", lambda: _drawn(result, journal, progress))
            result.bands = predictive_bands(likelihood.points, result.draws.predicted, seed)
        if stages.validation:
            progress("validation", 0, 1, float(fit.misfit[0]))
            clock.time("validation", lambda: _validate(result, problem, journal, progress))
        if calibration.latent:
            progress("latent", 0, 1, float(fit.misfit[0]))
            result.latents = clock.time("latent", lambda: _latents(result, journal))
        judged = fit.best[None, :] if result.draws is None else result.draws.unit
        result.plausibility = evaluate.judged(cube.natural(judged))
        result.runs = evaluate.runs
    result.remembered, result.damaged, result.seconds = journal.remembered, journal.damaged, seconds
    return result


def _drawn(result: Result, journal: Journal, progress: Progress) -> Draws:
    """Draw from the posterior, in the way that the calibration says."""
    calibration, chosen = result.calibration, result.calibration.posterior
    if chosen.method == "tempered":
        options = calibration.tempering
        return tempered_draws(result.likelihood, options, chosen.draws, result.seed, journal, progress)
    step = calibration.search.step
    return sample(result.likelihood, result.fit.best, chosen, step, result.seed, journal, progress)


def _validate(result: Result, problem: Problem, journal: Journal, progress: Progress) -> None:
    """Forecast the last years by a search that does not see them, and each series from the others.

    The search begins at the medians of the priors: where the scenario stands, all years had been seen.
    """
    calibration, options = result.calibration, result.calibration.search
    until, moves = calibration.validation.fit_until, calibration.validation.moves
    years = np.array([p.year for p in problem.points.points])
    weights = np.where(years <= until, problem.points.weight, 0.0)
    early = Problem(
        problem.points.reweighted(weights), problem.cube, problem.evaluate, problem.loss, problem.scale
    )
    middle = problem.cube.from_standard(np.zeros(len(problem.cube.keys)))
    fitted = search(early, middle, options, result.seed, journal, progress).best
    result.forecast = forecast(problem, fitted, until, moves)
    ask = journal.remember(problem.residuals)
    result.left_out = leave_one_series_out(problem, result.fit.best, _STEPS_LATER, options.step, moves, ask)


def _latents(result: Result, journal: Journal) -> Latents:
    """Say what the fit makes of latent values, and what it would without any figure that shows them."""
    drawn = None if result.draws is None else (result.draws.unit, result.draws.reported)
    return estimate_latents(
        result.calibration, result.likelihood, result.fit.best, result.information, drawn, journal
    )


class _Clock:
    """Takes the time of stages."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self._seconds = seconds

    def time(self, stage: str, work: Callable[[], Any]) -> Any:
        """Do the work and note how long it took."""
        start = time.perf_counter()
        done = work()
        self._seconds[stage] = time.perf_counter() - start
        return done


def digest(calibration: Calibration, scenario: Scenario, seed: int) -> str:
    """Return a hash of all that decides a calibration: configuration, scenario, record, code and seed."""
    found = hashlib.sha256(calibration.model_dump_json().encode())
    found.update(f"{scenario.digest()}/{documented.sha256()}/{seed}".encode())
    found.update(json.dumps(code_hashes(scenario.declared)).encode())
    found.update(repr(sorted(priors_of(scenario.declared).items())).encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):  # which questions are asked, in which order
        found.update(file.read_bytes())
    return found.hexdigest()
