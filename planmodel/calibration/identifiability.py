"""Which unknowns the record determines, and which it leaves where the prior put them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planmodel.calibration.gauss_newton import Residuals, jacobian, minimise
from planmodel.calibration.problem import Problem
from planmodel.engine import Array

UNDETERMINED = 0.7  # a parameter that keeps so much of its prior's width is not determined
ALIKE = 0.9  # two parameters whose estimates are so correlated are known only together
_DELTA = 2.71  # 90 % point of chi squared with one degree of freedom


@dataclass(frozen=True)
class Information:
    """What the slopes at the best fit say.

    ``table`` has one row an unknown: value, bounds, ``alone`` and ``together`` (standard deviation over that
    of the prior, were it the only one unknown, and with all others unknown), ``sd`` (the latter in natural
    units), ``sensitivity`` (change of the misfit's root over the prior's width), ``at_bound``. ``covariance``
    (in the unit cube) and ``correlation`` are those of the estimates. ``weakest`` has the weights of the
    combination that the record tells least of; ``collinearity`` is the index of Brun, Reichert and Kuensch
    (2001) of all parameters that move the record by one standard error or more over their range: above 15 or
    so they cannot all be told apart.
    """

    table: pd.DataFrame
    covariance: Array
    correlation: Array
    collinearity: float
    weakest: Array

    def undetermined(self) -> list[str]:
        """Name the parameters that the record does not determine."""
        return self.table.loc[self.table["together"] > UNDETERMINED, "parameter"].tolist()

    def weakest_combination(self) -> list[tuple[str, float]]:
        """Name the parameters of the combination that the record tells least of, with their weights."""
        names = self.table["parameter"].tolist()
        order = np.argsort(-np.abs(self.weakest), kind="stable")
        return [(names[i], float(self.weakest[i])) for i in order if abs(self.weakest[i]) > 0.3]

    def alike(self) -> list[tuple[str, str, float]]:
        """Name pairs of parameters that are known only together, with their correlation."""
        names = self.table["parameter"].tolist()
        rows, columns = np.nonzero(np.triu(np.abs(self.correlation) > ALIKE, k=1))
        return [
            (names[i], names[j], float(self.correlation[i, j])) for i, j in zip(rows, columns, strict=True)
        ]


def information(
    problem: Problem, best: Array, step: float, residuals: Residuals | None = None
) -> Information:
    """Return Fisher information and collinearity at the best fit.

    Parameters
    ----------
    problem
        With Gaussian loss.
    best
        Best parameters, shape ``(keys,)``, in the unit cube.
    step
        Step of the finite differences; slopes are the mean of those over a step and over four.
    """
    ask = residuals or problem.residuals
    found = ask(best[None, :])
    slopes = np.mean([jacobian(ask, best[None, :], found, h)[0] for h in (step, 4.0 * step)], axis=0)
    rooted = problem.of_points(slopes.T).T * np.sqrt(problem.points.weight)[:, None]
    fisher = rooted.T @ rooted
    prior = problem.cube.prior_sd
    posterior = np.linalg.inv(fisher + np.diag(1.0 / prior**2))
    deviation = np.sqrt(np.diag(posterior))
    sensitivity = np.sqrt(np.diag(fisher))
    moving = sensitivity > 1.0
    collinearity = 1.0
    weakest = np.zeros(len(best))
    if moving.any():
        normed = rooted[:, moving] / sensitivity[moving]
        values, vectors = np.linalg.eigh(normed.T @ normed)
        collinearity = float(1.0 / np.sqrt(max(values[0], 1e-12)))
        weakest[moving] = vectors[:, 0]
    table = pd.DataFrame(
        {
            "parameter": [key.dotted for key in problem.cube.keys],
            "value": problem.cube.natural(best),
            "low": problem.cube.low,
            "high": problem.cube.low + problem.cube.width,
            "sensitivity": sensitivity,
            "alone": 1.0 / np.sqrt(sensitivity**2 + 1.0 / prior**2) / prior,
            "together": deviation / prior,
            "sd": deviation * problem.cube.width,
            "at_bound": (best < 0.01) | (best > 0.99),
        }
    )
    correlation = posterior / np.outer(deviation, deviation)
    return Information(table, posterior, correlation, collinearity, weakest)


def profiles(
    problem: Problem,
    best: Array,
    step: float,
    points: int = 7,
    iterations: int = 3,
    residuals: Residuals | None = None,
) -> pd.DataFrame:
    """Return the profile likelihoods: the misfit when one parameter is held and the others fitted anew.

    All points of all parameters move in step.

    Returns
    -------
    DataFrame
        Columns parameter, value (natural unit), unit, misfit, excess (over the lowest misfit of all).
    """
    keys = len(best)
    grid = (np.arange(points) + 0.5) / points
    starts = np.repeat(best[None, :], keys * points, axis=0)
    free = np.ones(starts.shape, dtype=bool)
    held = np.repeat(np.arange(keys), points)
    rows = np.arange(len(starts))
    starts[rows, held] = np.tile(grid, keys)
    free[rows, held] = False
    minima = minimise(problem, starts, iterations, step, residuals, free)
    ask = residuals or problem.residuals
    lowest = min(float(minima.misfit.min()), float(problem.misfit(ask(best[None, :]))[0]))
    natural = problem.cube.natural(minima.unit)
    return pd.DataFrame(
        {
            "parameter": [problem.cube.keys[i].dotted for i in held],
            "value": natural[rows, held],
            "unit": starts[rows, held],
            "misfit": minima.misfit,
            "excess": minima.misfit - lowest,
        }
    )


def allowed(profile: pd.DataFrame) -> pd.DataFrame:
    """Return, for each parameter, the share of its range where the profile is within the 90 % bound."""
    share = (
        profile.assign(inside=profile["excess"] < _DELTA).groupby("parameter", sort=False)["inside"].mean()
    )
    return share.rename("allowed").reset_index()
