"""Points of experiments: which figures they are, and the band of what is predicted for them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from planmodel.calibration.figures import error_of
from planmodel.documented.catalogue import BUILT_IN
from planmodel.experiments.schema import ExperimentFile
from planmodel.texts.answers import CALIBRATED, errors_of

_CHANCE = 1.6449  # standard errors to 5 and 95 %
_ALONE = ("1", "1/year")  # units whose errors are in absolute terms
Point = tuple[str, str, str]  # variable, version, dates


def keys(points: pd.DataFrame, named: pd.DataFrame) -> list[Point]:
    """Return which figures of the record points are; ``named`` has their quantities as they were written."""
    names = named.loc[points.index, "quantity"]
    rows = zip(names, points["version"].fillna(""), points["dates"], strict=True) if len(points) else ()
    return [(str(name), str(version), str(dates)) for name, version, dates in rows]


def fits_of(points: pd.DataFrame, about: ExperimentFile) -> list[str]:
    """Return by which calibration the draws of each point were fitted; empty for none."""
    draws = {name: run.draws or "" for name, run in about.runs.items()}
    common = next(iter(draws.values())) if len(set(draws.values())) == 1 else ""
    return [draws.get(str(run), common) for run in points["run"]]


def predicted(points: pd.DataFrame, about: ExperimentFile) -> tuple[pd.Series, pd.Series]:
    """Return 5 and 95 % of what is predicted: the draws with the errors of the figure and of the model.

    The table holds quantiles and no draws: to both sides of the median, spreads add up in squares, of a ratio
    in logarithms. Without a calibration it is the band of the draws.
    """
    low, high = points["low"].astype(float).copy(), points["high"].astype(float).copy()
    fits = fits_of(points, about)
    for at, key, side in zip(points.index, keys(points, points), fits, strict=True):
        if side not in CALIBRATED:
            continue
        errors = errors_of(side)
        figure = _figures().get(key)
        error = errors.medium if figure is None else error_of(figure, errors)
        size = _CHANCE * float(np.hypot(error, errors.discrepancy))
        median = float(points.loc[at, "median"])
        low[at], high[at] = _widened(median, low[at], high[at], size, points.loc[at, "unit"])
    return low, high


def _widened(median: float, low: float, high: float, size: float, unit: object) -> tuple[float, float]:
    if unit in _ALONE or min(median, low, high) <= 0.0:
        scale = 1.0 if unit in _ALONE else abs(median)
        return median - np.hypot(median - low, size * scale), median + np.hypot(high - median, size * scale)
    below, above = np.log(median / low), np.log(high / median)
    return median * np.exp(-np.hypot(below, size)), median * np.exp(np.hypot(above, size))


@cache
def _figures() -> Mapping[Point, Mapping[str, Any]]:
    """Return the figures of the record by variable, version and dates."""
    rows = BUILT_IN.catalogue().to_dict("records")
    return {(r["variable"], r["version"], r["date"]): {str(k): v for k, v in r.items()} for r in rows}
