"""The posterior over the whole prior, by islands of tempered particles that know nothing of each other."""

from __future__ import annotations

import numpy as np

from planmodel.calibration.agreement import agreement
from planmodel.calibration.journal import Journal
from planmodel.calibration.posterior import Draws
from planmodel.calibration.problem import Problem
from planmodel.calibration.schema_of_method import Tempering
from planmodel.calibration.search import Progress, silent
from planmodel.calibration.tempering import temper


def tempered_draws(
    problem: Problem,
    options: Tempering,
    number: int,
    seed: int,
    journal: Journal | None = None,
    progress: Progress = silent,
) -> Draws:
    """Draw from a posterior over the whole prior, and say how far independent draws of it agree.

    Parameters
    ----------
    problem
        With Gaussian loss.
    options
        Sizes.
    number
        Of draws, taken evenly from all islands; all at most.
    seed
        Of all random numbers; each island has a stream of its own.
    journal, progress
        See :func:`planmodel.calibration.tempering.temper`.
    """
    found = [
        temper(problem, options, seed + 1_000_003 * island, journal, progress, f"island {island + 1}")
        for island in range(options.islands)
    ]
    units = np.stack([one.unit for one in found])
    agreed = agreement(
        units, np.array([one.log_evidence for one in found]), float(np.mean([one.kept for one in found]))
    )
    together = units.reshape(-1, units.shape[-1])
    chosen = np.unique(np.linspace(0, len(together) - 1, min(number, len(together))).astype(int))
    unit, misfit = together[chosen], np.concatenate([one.misfit for one in found])[chosen]
    answers = problem.answers(unit)
    prior = np.sum(problem.cube.moved(unit) ** 2, axis=1)
    return Draws(
        unit=unit,
        log_posterior=-0.5 * (misfit + prior),
        predicted=problem.expected(unit, answers),
        reported=problem.points.read_reported(answers),
        effective=np.minimum(agreed.bulk, agreed.tail),
        convergence=agreed.r_hat,
        acceptance=float(np.mean([one.accepted[-1] for one in found])),
        length=float("nan"),
        islands=agreed,
    )
