"""The search for the best parameters: differential evolution of points that descend.

The best points of a sample of the cube, and where the scenario stands, descend by Gauss-Newton, all in step.
Then, round after round, they are crossed as in differential evolution, the children descend, and each takes
the place of its parent if it has come lower. Descents cost little, for all their Jacobians are one chunk;
crossing leads out of valleys that are not the deepest.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from planmodel.calibration.gauss_newton import minimise
from planmodel.calibration.journal import Journal
from planmodel.calibration.problem import Problem
from planmodel.calibration.schema_of_method import Search
from planmodel.engine import Array

Progress = Callable[[str, int, int, float], None]
"""Called with the stage, how much is done, of how much, and the lowest misfit so far."""


def silent(stage: str, done: int, of: int, misfit: float) -> None:
    """Show nothing."""


@dataclass(frozen=True)
class Fit:
    """What a search found: one row a point, the best first.

    ``trace`` has the misfits of all points after each round, shape ``(rounds + 1, points)``.
    """

    unit: Array
    misfit: Array
    residuals: Array
    trace: Array

    @property
    def best(self) -> Array:
        """The best parameters, shape ``(keys,)``, in the unit cube."""
        return self.unit[0]


def search(
    problem: Problem,
    origin: Array,
    options: Search,
    seed: int,
    journal: Journal | None = None,
    progress: Progress = silent,
) -> Fit:
    """Search the whole cube, then polish the best.

    Parameters
    ----------
    problem
        What is minimised.
    origin
        Where the scenario stands, shape ``(keys,)`` in the unit cube: one of the points.
    options
        Sizes.
    seed
        Seed of all random numbers.
    journal, progress
        Where answers are kept, and who is told.
    """
    ask = (journal or Journal(None)).remember(problem.residuals)
    random = np.random.default_rng([seed, 11])
    progress("search", 0, options.rounds + 1, float("nan"))
    points = _sample(problem, ask, origin, options, seed)
    found = minimise(problem, points, options.descent, options.step, ask)
    unit, misfit, residuals = found.unit, found.misfit, found.residuals
    trace = [misfit.copy()]
    for done in range(options.rounds):
        progress("search", done + 1, options.rounds + 1, float(misfit.min()))
        children = minimise(problem, cross(unit, misfit, random), options.descent, options.step, ask)
        better = children.misfit < misfit
        unit = np.where(better[:, None], children.unit, unit)
        residuals = np.where(better[:, None], children.residuals, residuals)
        misfit = np.where(better, children.misfit, misfit)
        trace.append(misfit.copy())
    best = np.argsort(misfit, kind="stable")[: options.starts]
    progress("polish", options.rounds + 1, options.rounds + 1, float(misfit.min()))
    ends = minimise(problem, unit[best], options.polish, options.step, ask)
    order = np.argsort(ends.misfit, kind="stable")
    return Fit(ends.unit[order], ends.misfit[order], ends.residuals[order], np.array(trace))


def cross(unit: Array, misfit: Array, random: np.random.Generator) -> Array:
    """Return a child of each point: towards one of the best, and along the difference of two others.

    Differential evolution "current to best" with binomial crossover; what leaves the cube is reflected.
    """
    points, keys = unit.shape
    best = np.argsort(misfit, kind="stable")[: max(points // 5, 1)]
    towards = unit[random.choice(best, points)]
    first, second = unit[random.integers(points, size=points)], unit[random.integers(points, size=points)]
    force = random.uniform(0.3, 0.9, (points, 1))
    jitter = 0.02 * random.standard_normal((points, keys))  # so that points that are alike do not stay so
    moved = unit + force * (towards - unit) + force * (first - second) + jitter
    taken = random.random((points, keys)) < 0.7
    child = np.abs(np.where(taken, moved, unit))
    return np.clip(np.where(child > 1.0, 2.0 - child, child), 0.0, 1.0)


def _sample(
    problem: Problem, ask: Callable[[Array], Array], origin: Array, options: Search, seed: int
) -> Array:
    """Return where descents begin: where the scenario stands, and the best of a sample of the cube."""
    if options.points == 1:
        return origin[None, :]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a number of points that is no power of two is well enough here
        sampled = problem.cube.spread(qmc.Sobol(len(origin), seed=seed).random(options.sample))
    order = np.argsort(problem.misfit(ask(sampled)), kind="stable")
    return np.vstack([origin, sampled[order[: options.points - 1]]])
