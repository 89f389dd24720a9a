"""Damped Gauss-Newton for many least-squares problems at once.

`scipy.optimize.least_squares` solves one problem and asks for one Jacobian at a time. Here a run of one
member costs nearly as much as a run of a hundred, so all starts (or all points of all profiles, or all fits
that leave a series out) move in step: their Jacobians are one chunk, and so are the trial steps under several
dampings. The method is that of Levenberg and Marquardt, with parameters on a face of the cube held there
while they press against it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planmodel.calibration.problem import Problem
from planmodel.calibration.schema_of_method import DAMPINGS
from planmodel.engine import Array

_DAMPINGS = 10.0 ** np.linspace(-2.0, 2.0, DAMPINGS)
_MOST_DAMPED = 1e6
Residuals = Callable[[Array], Array]


@dataclass(frozen=True)
class Minima:
    """Where each problem ended: arrays with one row a problem."""

    unit: Array
    residuals: Array
    misfit: Array
    iterations: int


def minimise(
    problem: Problem,
    starts: Array,
    iterations: int,
    step: float,
    residuals: Residuals | None = None,
    free: np.ndarray | None = None,
    weights: Array | None = None,
    tolerance: float = 1e-4,
) -> Minima:
    """Minimise the misfit from each start.

    Parameters
    ----------
    problem
        Gives loss and weights.
    starts
        Shape ``(starts, keys)``, in the unit cube.
    iterations
        At most so many steps.
    step
        Step of the finite differences, in the unit cube. The model has thresholds: a step that is too small
        sees a flat.
    residuals
        In place of ``problem.residuals``, for instance with a journal.
    free
        Which parameters of which start may move, shape ``(starts, keys)``; all by default.
    weights
        Weights of the residuals, shape ``(starts, residuals)``; those of the problem by default.
    tolerance
        A problem is done when a step gains less than this share of its misfit.
    """
    ask = residuals or problem.residuals
    unit = np.clip(starts, 0.0, 1.0)
    free = np.ones(unit.shape, dtype=bool) if free is None else free
    weights = problem.weight if weights is None else weights
    found = ask(unit)
    weights = np.broadcast_to(weights, found.shape)
    misfit = problem.misfit(found, weights)
    damping = np.full(len(unit), 1e-2)
    active = np.ones(len(unit), dtype=bool)
    done = 0
    for _ in range(iterations):
        rows = np.flatnonzero(active)
        if not rows.size:
            break
        done += 1
        slopes = jacobian(ask, unit[rows], found[rows], step, free[rows])
        effect = weights[rows] * problem.influence(found[rows])
        trials, dampings = _trials(unit[rows], found[rows], slopes, free[rows], effect, damping[rows])
        tried = ask(trials.reshape(-1, unit.shape[1]))
        each = np.repeat(weights[rows], len(_DAMPINGS), axis=0)
        worth = problem.misfit(tried, each).reshape(len(rows), -1)
        tried = tried.reshape(len(rows), len(_DAMPINGS), -1)
        best = worth.argmin(axis=1)
        for i, row in enumerate(rows):
            gained = misfit[row] - worth[i, best[i]]
            if gained > 0:
                unit[row], found[row] = trials[i, best[i]], tried[i, best[i]]
                damping[row] = dampings[i, best[i]]
                active[row] = gained > tolerance * misfit[row]
                misfit[row] = worth[i, best[i]]
            else:
                damping[row] *= 100.0
                active[row] = damping[row] < _MOST_DAMPED
    return Minima(unit, found, misfit, done)


def jacobian(ask: Residuals, unit: Array, found: Array, step: float, free: np.ndarray | None = None) -> Array:
    """Return the slopes of the residuals, shape ``(starts, points, keys)``, in one chunk.

    Differences are forward, backward at the upper face; zero for parameters that may not move.
    """
    starts, keys = unit.shape
    free = np.ones(unit.shape, dtype=bool) if free is None else free
    steps = np.where(unit + step <= 1.0, step, -step)
    owners, columns = np.nonzero(free)
    moved = unit[owners]
    moved[np.arange(len(owners)), columns] += steps[owners, columns]
    slopes = np.zeros((starts, found.shape[1], keys))
    if len(owners):
        answers = ask(moved)
        slopes[owners, :, columns] = (answers - found[owners]) / steps[owners, columns][:, None]
    return slopes


def _trials(
    unit: Array, found: Array, slopes: Array, free: np.ndarray, weights: Array, damping: Array
) -> tuple[Array, Array]:
    """Return trial points under several dampings, shape ``(starts, dampings, keys)``, and the dampings."""
    rooted = np.sqrt(weights)
    scaled, target = slopes * rooted[:, :, None], found * rooted
    normal = np.einsum("snk,snl->skl", scaled, scaled)
    gradient = np.einsum("snk,sn->sk", scaled, target)
    pressing = ((unit <= 0.0) & (gradient > 0)) | ((unit >= 1.0) & (gradient < 0))
    moving = free & ~pressing
    normal = normal * moving[:, :, None] * moving[:, None, :]
    gradient = gradient * moving
    diagonal = np.einsum("skk->sk", normal)
    dampings = damping[:, None] * _DAMPINGS
    # A parameter that moves nothing gets a floor, so that the system can be solved and it stays put.
    floor = np.maximum(diagonal.max(axis=1, keepdims=True), 1.0) * 1e-6
    bound = (diagonal + floor)[:, None, :] * dampings[:, :, None] + (floor * ~moving)[:, None, :]
    system = normal[:, None] + np.einsum("sdk,kl->sdkl", bound, np.eye(unit.shape[1]))
    steps = np.linalg.solve(system, -np.repeat(gradient[:, None, :, None], len(_DAMPINGS), axis=1))[..., 0]
    return np.clip(unit[:, None, :] + steps, 0.0, 1.0), dampings
