"""Facts: the firm figures that stand as ranges, which a draw holds or does not; how robustly it does."""

from __future__ import annotations

import numpy as np

from planmodel.calibration.problem import Points
from planmodel.engine import Array

GOOD = 0.1  # share of the draws that are called good
NUMBER = 400  # draws by which robustness is judged


def facts_of(points: Points) -> np.ndarray:
    """Return the places of the facts among points: of firm ranges, ceilings and floors."""
    return np.flatnonzero([p.firm and p.low < p.high for p in points.points])


def held(points: Points, predicted: Array) -> np.ndarray:
    """Return which facts members hold, shape ``(members, facts)``; those that broke off hold none."""
    found: np.ndarray = points.deviations(predicted)[:, facts_of(points)] == 0.0
    return found


def centre(unit: Array, held: np.ndarray, misfit: Array, share: float = GOOD) -> Array:
    """Return the mean of good draws: of the share that holds most facts, and then has the lowest misfit.

    Parameters
    ----------
    unit
        Draws in the unit cube, shape ``(draws, keys)``.
    held
        Which facts they hold, shape ``(draws, facts)``.
    misfit
        Shape ``(draws,)``.
    share
        Of the draws that are good; one at least.
    """
    order = np.lexsort((misfit, -held.sum(axis=1)))
    good = order[: max(1, round(share * len(unit)))]
    mean: Array = unit[good].mean(axis=0)
    return mean


def around(middle: Array, reach: float, number: int, random: np.random.Generator) -> Array:
    """Draw evenly from a box around a point of the unit cube, within the cube: ``(number, keys)``."""
    low, high = np.maximum(middle - reach, 0.0), np.minimum(middle + reach, 1.0)
    return low + random.random((number, len(middle))) * (high - low)
