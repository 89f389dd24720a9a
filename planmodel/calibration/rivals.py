"""Rivals: other forms of the model, fitted to the same figures over their whole priors, beside each other.

What a rival comes to is a row that can be written as JSON. Two questions are asked: which form the figures
prefer and how many facts it holds (:func:`compete`), and what it would have foretold
(:func:`planmodel.calibration.foretelling.foretell`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from planmodel.calibration.calibrate import digest
from planmodel.calibration.evaluate import Evaluator
from planmodel.calibration.facts import NUMBER, around, centre, facts_of, held
from planmodel.calibration.journal import Journal
from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import Problem, prepare
from planmodel.calibration.schema import Calibration
from planmodel.calibration.search import Progress, silent
from planmodel.calibration.tempering import Tempered, temper
from planmodel.documented import Record
from planmodel.documented.catalogue import BUILT_IN
from planmodel.engine import Array, UserError
from planmodel.scenario import Scenario
from planmodel.scenario.load import economy_of
from planmodel.scenario.names import hint

_NEAR = {"near_5": 0.05, "near_10": 0.10}  # of the width of the priors, to either side

Row = dict[str, Any]


@dataclass(frozen=True)
class Rivalled:
    """A rival after its fit, while the model can still be asked.

    Attributes
    ----------
    calibration, scenario
        Of the rival.
    problem
        With all figures, also those that the fit did not see.
    tempered
        Draws of the posterior.
    predicted
        What they say of each figure, shape ``(draws, points)``.
    centre
        Mean of the good draws in the unit cube.
    seed
        Of all random numbers.
    """

    calibration: Calibration
    scenario: Scenario
    problem: Problem
    tempered: Tempered
    predicted: Array
    centre: Array
    seed: int

    @property
    def changes(self) -> dict[str, float]:
        """What the centre changes in the scenario, by full key."""
        natural = self.problem.cube.natural(self.centre)
        keys = zip(self.problem.cube.keys, natural, strict=True)
        return {key.full: float(value) for key, value in keys if key.of_the_model}


def rivals_of(
    source: str | Path, particles: int | None = None, record: Record = BUILT_IN
) -> list[Calibration]:
    """Return the calibrations of the rivals that a file names, each of them sound; without any, its own.

    Parameters
    ----------
    source
        Name or path of a calibration.
    particles
        In place of those of the file; with fewer, results say that they are a trial.
    record
        With figures of your own.

    Raises
    ------
    UserError
        Naming file, rival, key, value and what is allowed.
    """
    whole = load_calibration(source, record)
    if particles is not None:
        tempering = whole.tempering.model_copy(update={"particles": particles})
        fewer = particles < whole.tempering.particles
        whole = whole.model_copy(update={"tempering": tempering, "trial": whole.trial or fewer})
    found = []
    for name in whole.rivals:
        rival = whole.rival(name)
        try:
            if economy_of(rival.scenario).name != whole.economy.name:
                raise UserError(f"scenario: '{rival.scenario}' is of another economy; "
                                f"allowed: one of '{whole.economy.name}'")  # fmt: skip
            prepare(rival)
        except UserError as error:
            raise UserError(f"{source}: rivals.{name}: {error}") from None
        found.append(rival)
    if not len(facts_of(prepare(whole)[1])):
        raise UserError(
            f"{source}: targets: none is a fact; allowed: one or more with firm = true and between, above or "
            "below"
        )
    return found or [whole]


def chosen(rivals: list[Calibration], only: list[str]) -> list[Calibration]:
    """Return the rivals that are asked for by name, all by default."""
    known = [rival.name for rival in rivals]
    for name in only:
        if name not in known:
            raise UserError(f"--only {name}: no such rival{hint(name, known)}")
    return [rival for rival in rivals if not only or rival.name in only]


def key_of(calibration: Calibration, seed: int, question: str) -> str:
    """Return a hash of all that decides what a rival comes to."""
    return f"{digest(calibration, prepare(calibration)[0], seed)} {question}"


def fit_rival(
    calibration: Calibration,
    ask: Callable[[Rivalled], Row],
    seed: int,
    workers: int | None = None,
    journal_file: Path | None = None,
    progress: Progress = silent,
    until: int | None = None,
) -> tuple[Row, Rivalled]:
    """Fit a rival and ask what it came to.

    Parameters
    ----------
    calibration
        Of the rival.
    ask
        What is asked while the model can still be run.
    seed
        Seed of all random numbers.
    workers
        Processes; all processors by default. Results do not depend on it.
    journal_file
        Where answers are kept, so that a fit that was stopped goes on; deleted by the caller.
    progress
        See :func:`planmodel.calibration.tempering.temper`.
    until
        Last year of the figures that the fit sees; all by default.
    """
    scenario, points, cube = prepare(calibration)
    options, start = calibration.search, time.perf_counter()
    with Evaluator(scenario, cube.keys, points.observations, workers) as evaluate:
        problem = Problem(points, cube, evaluate, options.loss, options.loss_scale)
        seen = problem if until is None else Problem(
            points.reweighted(points.seen(until)), cube, evaluate, options.loss, options.loss_scale
        )  # fmt: skip
        with Journal(journal_file) as journal:
            drawn = temper(seen, calibration.tempering, seed, journal, progress, calibration.name)
        predicted = problem.predict(drawn.unit)
        known = held(points, predicted) & (points.seen(until) > 0.0)[facts_of(points)]
        middle = centre(drawn.unit, known, drawn.misfit)
        rivalled = Rivalled(calibration, scenario, problem, drawn, predicted, middle, seed)
        row = _said(rivalled) | ask(rivalled) | {"runs": evaluate.runs}
    return row | {"seconds": round(time.perf_counter() - start, 1)}, rivalled


def _said(rivalled: Rivalled) -> Row:
    about, drawn = rivalled.calibration, rivalled.tempered
    return {
        "rival": about.name,
        "title": about.title,
        "source": about.description,
        "scenario": rivalled.scenario.name,
        "unknowns": len(rivalled.problem.cube.keys),
        "figures": len(rivalled.problem.points),
        "particles": len(drawn.unit),
        "seed": rivalled.seed,
        "trial": about.trial,
        "whole": bool(drawn.powers[-1] == 1.0),
        "log_evidence": drawn.log_evidence,
        "lowest_misfit": float(drawn.misfit.min()),
    }


def compete(rivalled: Rivalled) -> Row:
    """Say how well a rival fits, which facts it holds, and how robustly.

    Returns
    -------
    dict
        Misfits of the mean of draws and of the centre; how many facts there are and how many the best draw,
        the mean of draws and the centre hold; shares in which all hold: of the draws, and of draws within 5
        and 10 % of the width of the priors around the centre; and the same by fact.
    """
    problem, drawn, points = rivalled.problem, rivalled.tempered, rivalled.problem.points
    random = np.random.default_rng([rivalled.seed, 400])
    of_draws = held(points, rivalled.predicted)
    single = problem.predict(np.vstack([drawn.unit[drawn.misfit.argmin()], drawn.mean, rivalled.centre]))
    best, mean, middle = held(points, single)
    near = {
        name: held(points, problem.predict(around(rivalled.centre, reach, NUMBER, random)))
        for name, reach in _NEAR.items()
    }
    # priors left out, as in the misfits of the draws
    losses = problem.misfit(problem.standardised(single), points.weight)
    names = [points.points[i].target for i in facts_of(points)]
    return {
        "misfit_of_mean": float(losses[1]),
        "misfit_of_centre": float(losses[2]),
        "facts": len(names),
        "best_holds": int(best.sum()),
        "mean_holds": int(mean.sum()),
        "centre_holds": int(middle.sum()),
        "all_facts": float(of_draws.all(axis=1).mean()),
        **{f"all_facts_{name}": float(which.all(axis=1).mean()) for name, which in near.items()},
        "by_fact": [
            {
                "fact": name,
                "draws": float(of_draws[:, i].mean()),
                "best": bool(best[i]),
                "mean": bool(mean[i]),
                "middle": bool(middle[i]),
                **{near_name: float(which[:, i].mean()) for near_name, which in near.items()},
            }
            for i, name in enumerate(names)
        ],
    }
