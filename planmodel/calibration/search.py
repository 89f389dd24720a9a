"""The search for the best parameters.

The best points of a sample of the cube, and where the scenario stands, descend by Gauss-Newton. From the
lowest valleys CMA-ES searches side by side, and each search ends with a polish by Gauss-Newton. The descents
cost little, for all their Jacobians are one chunk, and find the valleys; CMA-ES leaves the shallow ones.
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
from planmodel.calibration.schema import Search
from planmodel.kernel import Array

Progress = Callable[[str, int, int, float], None]
"""Called with the stage, how much is done, of how much, and the lowest misfit so far."""


def silent(stage: str, done: int, of: int, misfit: float) -> None:
    """Show nothing."""


@dataclass(frozen=True)
class Fit:
    """What a search found: one row a start, the best first."""

    unit: Array
    misfit: Array
    before_polish: Array
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
    """Search the whole cube, then polish.

    Parameters
    ----------
    problem
        What is minimised.
    origin
        Where the scenario stands, shape ``(keys,)`` in the unit cube: the first start. The others begin at
        the best of a Sobol sample.
    options
        Sizes.
    seed
        Seed of all random numbers.
    journal, progress
        Where answers are kept, and who is told.
    """
    journal = journal or Journal(None)
    worth = journal.remember(lambda unit: problem.misfit(problem.residuals(unit)))
    ask = journal.remember(problem.residuals)
    sample = _sample(worth, origin, options, seed)
    progress("descent", 0, 1, float("nan"))
    valleys = minimise(problem, sample, options.descent, options.step, ask)
    lowest = np.argsort(valleys.misfit, kind="stable")[: options.starts]
    ends, trace = _evolve(worth, valleys.unit[lowest], valleys.misfit[lowest], options, seed, progress)
    before = worth(ends)
    progress("polish", 0, 1, float(before.min()))
    minima = minimise(problem, ends, options.polish, options.step, ask)
    order = np.argsort(minima.misfit, kind="stable")
    return Fit(minima.unit[order], minima.misfit[order], before[order], minima.residuals[order], trace)


def _evolve(
    worth: Callable[[Array], Array],
    starts: Array,
    misfits: Array,
    options: Search,
    seed: int,
    progress: Progress,
) -> tuple[Array, Array]:
    """Run the evolution strategies; return their best points and the lowest misfits by generation."""
    import cma

    strategies = []
    for number, start in enumerate(starts):
        random = np.random.default_rng([seed, number])
        settings = {
            "popsize": options.population,
            "bounds": [0.0, 1.0],
            "verbose": -9,
            "seed": float("nan"),  # no global random state
            "randn": lambda *shape, random=random: random.standard_normal(shape),
            "tolfun": 1e-3,
            "tolx": 1e-4,
        }
        strategies.append(cma.CMAEvolutionStrategy(np.clip(start, 0.01, 0.99), options.width, settings))
    best, lowest = starts.copy(), misfits.copy()
    trace = []
    for generation in range(options.generations):
        alive = [i for i, strategy in enumerate(strategies) if not strategy.stop()]
        if not alive:
            break
        asked = [np.asarray(strategies[i].ask()) for i in alive]
        answers = np.split(worth(np.concatenate(asked)), len(alive))
        for i, points, values in zip(alive, asked, answers, strict=True):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # remarks on its own step size
                strategies[i].tell(list(points), list(values))
            if values.min() < lowest[i]:
                lowest[i], best[i] = values.min(), points[values.argmin()]
        trace.append(lowest.copy())
        progress("search", generation + 1, options.generations, float(lowest.min()))
    return best, np.array(trace)


def _sample(worth: Callable[[Array], Array], origin: Array, options: Search, seed: int) -> Array:
    """Return where descents begin: where the scenario stands, and the best of a sample of the cube."""
    if options.scatter == 1:
        return origin[None, :]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a number of points that is no power of two is well enough here
        points = qmc.Sobol(len(origin), seed=seed).random(options.sample)
    order = np.argsort(worth(points), kind="stable")
    return np.vstack([origin, points[order[: options.scatter - 1]]])
