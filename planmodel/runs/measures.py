"""Measuring a run for a claim: values, growth, troughs and peaks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.documented.dates import Period, parse_date
from planmodel.engine import Array, UserError
from planmodel.runs.checks import Claim
from planmodel.runs.observe import has_base, observe
from planmodel.runs.totals import monthly
from planmodel.scenario.indicators import Indicator


def parts_of(claim: Claim) -> set[str]:
    """Name what a run must record for a claim."""
    found: set[str] = set()
    for name in (claim.of, claim.over):
        if name is not None:
            found |= set(claim.economy.quantity(name).made_of)
    return found


def measure(claim: Claim, dataset: xr.Dataset) -> Array:
    """Return what a claim measures in a run, shape ``(members,)``.

    Raises
    ------
    UserError
        If the run does not cover the dates.
    """
    if isinstance(claim.dates, list):
        before, after = (_value(claim, dataset, text) for text in claim.dates)
        return after / np.where(before != 0.0, before, np.nan) - 1.0
    if claim.measure == "value":
        return _value(claim, dataset, claim.dates)
    by_month = claim.economy.monthly_paths
    years, values = _path(dataset, claim.economy.quantity(claim.of), parse_date(claim.dates), by_month)
    rows = np.arange(len(values))
    if claim.measure in ("lowest", "highest"):
        return values.min(axis=1) if claim.measure == "lowest" else values.max(axis=1)
    if claim.measure == "peak_height":
        return values.max(axis=1)
    if claim.measure == "peak_date":
        return years[values.argmax(axis=1)]
    height = np.maximum.accumulate(values, axis=1)
    fall = values / np.where(height > 0.0, height, np.nan) - 1.0
    at = np.nanargmin(np.where(np.isfinite(fall), fall, 0.0), axis=1)
    depth = fall[rows, at]
    if claim.measure == "trough_depth":
        return depth
    return np.where(depth < -1e-6, years[at], np.nan)


def _value(claim: Claim, dataset: xr.Dataset, text: str) -> Array:
    above = _observed(claim, dataset, claim.of, text)
    if claim.over is None:
        return above
    below = _observed(claim, dataset, claim.over, text)
    return above / np.where(below != 0.0, below, np.nan)


def _observed(claim: Claim, dataset: xr.Dataset, name: str, text: str) -> Array:
    period = parse_date(text)
    indicator = claim.economy.quantity(name, on_a_day=period.form == "day")
    seen = observe(dataset, indicator, period.start, period.end)
    if seen is None:
        raise UserError(f"{text}: the run does not cover this date")
    return seen


def _path(dataset: xr.Dataset, indicator: Indicator, period: Period, by_month: bool) -> tuple[Array, Array]:
    """Return dates (in years) and values (members, dates) within a span.

    A stock stands at the end of a month; flows are summed and averages taken over the twelve months that end
    then, and dated at their middle; all are read month by month in an economy whose histories are short.
    """
    time = pd.DatetimeIndex(dataset["time"].values)
    if not (_day(time[0].replace(day=1)) <= period.start and period.end <= _day(time[-1])):
        raise UserError(f"{period.start} to {period.end}: the run does not cover this span")
    if not has_base(indicator, time.year.to_numpy()):
        raise UserError(f"{indicator.name}: the run does not cover the base year, {indicator.base_year}")
    dates = np.array([day.year + day.month / 12 for day in time])
    if indicator.measure == "stock" or by_month:
        inside = (time >= pd.Timestamp(period.start)) & (time <= pd.Timestamp(period.end))
        return dates[inside], monthly(dataset, indicator)[:, inside]
    parts = _twelve(monthly(dataset, indicator, indicator.parts))
    if indicator.measure in ("growth", "index", "change"):
        raise UserError(f"{indicator.name}: compares years and has no path; allowed: value")
    if indicator.measure == "average":
        parts = parts / 12.0
    if indicator.measure == "ratio":
        parts = parts / np.maximum(_twelve(monthly(dataset, indicator, indicator.over)), 1e-12)
    ends = time[11:]
    inside = (ends >= pd.Timestamp(period.start)) & (ends <= pd.Timestamp(period.end))
    return dates[11:][inside] - 0.5, parts[:, inside]


def _twelve(values: Array) -> Array:
    """Return sums over twelve months, for each end, shape ``(members, months - 11)``."""
    summed = np.cumsum(np.concatenate([np.zeros((len(values), 1)), values], axis=1), axis=1)
    return summed[:, 12:] - summed[:, :-12]


def _day(stamp: pd.Timestamp) -> date:
    return stamp.date()
