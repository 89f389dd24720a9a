"""Validation: forecasts of years and of series that the fit did not see, beside naive forecasts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from planmodel.calibration.gauss_newton import Residuals, minimise
from planmodel.calibration.problem import Problem
from planmodel.engine import Array

NAIVE = ("last_value", "linear_trend", "constant_growth")
_TREND = 4  # figures that a trend is drawn through


def forecast(problem: Problem, fitted: Array, until: int, moves: float) -> pd.DataFrame:
    """Return how well a fit to the figures up to a year forecasts the later ones.

    Parameters
    ----------
    problem
        With all figures.
    fitted
        Parameters fitted to the figures up to ``until``, shape ``(keys,)``.
    until
        Last year of the fit.
    moves
        A series that changes by less than this (of its level) after ``until`` does not move.

    Returns
    -------
    DataFrame
        As `scores`.
    """
    years = np.array([p.year for p in problem.points.points])
    return scores(problem, problem.predict(fitted[None, :])[0], years <= until, moves)


def leave_one_series_out(
    problem: Problem,
    best: Array,
    iterations: int,
    step: float,
    moves: float,
    residuals: Residuals | None = None,
) -> pd.DataFrame:
    """Return how well each series is told by a fit to all others; all fits move in step from the best.

    Left out with a series is whatever asks the model for the same quantity (counts of another month, growth
    of the same output, other versions), and its bias is put back to none. The naive forecasts know the first
    two figures of the series.
    """
    names = np.array([p.target for p in problem.points.points])
    asked = np.array([p.asked.indicator for p in problem.points.points])
    together: dict[frozenset[str], list[str]] = {}
    for name in sorted(set(names)):
        together.setdefault(frozenset(asked[names == name].tolist()), []).append(name)
    out = [np.isin(asked, list(quantities)) for quantities in together]
    weights = problem.weighted(np.where(np.array(out), 0.0, problem.points.weight))
    starts = np.repeat(best[None, :], len(out), axis=0)
    for row, mine in enumerate(out):
        starts[row, problem.biases_of(mine)] = 0.5
    minima = minimise(problem, starts, iterations, step, residuals, weights=weights)
    predicted = problem.predict(minima.unit)
    tables = []
    for row, series in enumerate(together.values()):
        for name in series:
            known = np.zeros(len(names), dtype=bool)
            known[np.flatnonzero(names == name)[:2]] = True
            table = scores(problem, predicted[row], known, moves)
            tables.append(table[table["series"] == name])
    return pd.concat(tables, ignore_index=True)


def scores(problem: Problem, predicted: Array, known: np.ndarray, moves: float) -> pd.DataFrame:
    """Return errors over the figures that were not known, of the model and of naive forecasts.

    Returns
    -------
    DataFrame
        One row a series with figures on both sides: series, figures, change (of the record, from the last
        known figure to the last), moves, model and the naive ones (root mean square of logarithmic errors;
        absolute errors for shares), best_naive, model_wins; off_before and off_after (deviation of the model
        at the last known figure, and mean deviation after it) and reason, where the model loses.
    """
    rows = []
    for name, mine in _series(problem):
        before, after = mine[known[mine]], mine[~known[mine]]
        if not len(before) or not len(after):
            continue
        relative = bool(problem.points.relative[mine[0]])
        recorded = np.array([problem.points.points[i].recorded for i in mine])
        dates = np.array([_time(problem, i) for i in mine])
        seen = known[mine]
        row: dict[str, object] = {"series": name, "figures": len(after)}
        change = _error(recorded[~seen][-1:], recorded[seen][-1:], relative)
        row |= {"change": change, "moves": change > moves}
        off = problem.points.deviations(predicted[None, :])[0]
        row["model"] = _root_mean(off[after])
        for method in NAIVE:
            told = naive(method, dates[seen], recorded[seen], dates[~seen])
            row[method] = _error(told, recorded[~seen], relative)
        row["best_naive"] = min(float(str(row[method])) for method in NAIVE)
        row["model_wins"] = float(str(row["model"])) < float(str(row["best_naive"]))
        row |= {"off_before": off[before[-1]], "off_after": off[after].mean()}
        rise = _rise(recorded[seen][-1], recorded[~seen][-1], relative)
        row["reason"] = "" if row["model_wins"] else reason(off[before[-1]], off[after], rise)
        rows.append(row)
    columns = ["series", "figures", "change", "moves", "model", *NAIVE, "best_naive", "model_wins"]
    return pd.DataFrame(rows, columns=[*columns, "off_before", "off_after", "reason"])


def reason(before: float, after: Array, rise: float) -> str:
    """Say how a forecast is wrong, from deviations of the model (too high: above zero).

    Parameters
    ----------
    before
        At the last known figure. A naive forecast begins at the record there.
    after
        At the later figures.
    rise
        Of the record, from the last known figure to the last.
    """
    mean, drift = float(np.mean(after)), float(after[-1]) - before
    high = "high" if mean > 0 else "low"
    if mean * before > 0 and abs(before) >= 0.5 * abs(mean):
        return f"too {high} already at the last known figure, by {abs(before):.2f}"
    told = rise + drift
    if told * rise < 0:
        return f"{'rises' if told > 0 else 'falls'} where the record {'rises' if rise > 0 else 'falls'}"
    if abs(drift) < 0.25 * _root_mean(after):
        return "right at the end, wrong between"
    return f"{'rises' if rise > 0 else 'falls'} too {'much' if abs(told) > abs(rise) else 'little'}"


def naive(method: str, dates: Array, values: Array, asked: Array) -> Array:
    """Return a naive forecast from dated values: one of ``NAIVE``.

    The trend is a line through the last four figures, or the line of their logarithms; with one figure
    alone all three are the last value.
    """
    if method == "last_value" or len(values) == 1:
        return np.full(len(asked), values[-1])
    dates, values = dates[-_TREND:], values[-_TREND:]
    logarithmic = method == "constant_growth" and bool((values > 0).all())
    heights = np.log(values) if logarithmic else values
    slope, level = np.polyfit(dates - dates[-1], heights, 1)
    told = level + slope * (asked - dates[-1])
    return np.exp(told) if logarithmic else told


def _series(problem: Problem) -> Iterable[tuple[str, np.ndarray]]:
    """Yield series of plain figures; floors, ceilings and ranges have no value to forecast from."""
    plain = np.isclose(problem.points.low, problem.points.high)
    names = np.array([p.target for p in problem.points.points])
    for name in dict.fromkeys(names.tolist()):
        mine = np.flatnonzero((names == name) & plain)
        if len(mine):
            yield name, mine


def _time(problem: Problem, i: int) -> float:
    asked = problem.points.points[i].asked
    return (asked.start.toordinal() + asked.end.toordinal()) / 2 / 365.25


def _rise(before: float, after: float, relative: bool) -> float:
    return float(np.log(after / before)) if relative and min(before, after) > 0 else float(after - before)


def _error(told: Array, recorded: Array, relative: bool) -> float:
    if relative:
        return _root_mean(np.log(np.maximum(told, 1e-3 * recorded) / recorded))
    return _root_mean(told - recorded)


def _root_mean(errors: Array) -> float:
    return float(np.sqrt(np.mean(errors**2)))
