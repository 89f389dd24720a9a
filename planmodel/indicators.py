"""Quantities that economists compare: totals over accounts and flows, and how each is observed.

An indicator has the name of the documented variable that it answers to, and its unit. A documented value is
met by label: the model is observed on the very day, or over the very year, for which the figure stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import UserError, total

Measure = Literal["stock", "flow", "average", "ratio", "growth", "index", "change"]
NOT_MONTHLY = ("ratio", "growth", "index", "change")  # these exist for a span only


@dataclass(frozen=True)
class Indicator:
    """A total of recorded quantities: ``parts`` are added up, ``less`` is taken off.

    A ``ratio`` divides the observed total by that of ``over``. A ``growth`` compares a year with the year
    before, an ``index`` a year with the base year that its unit names, a ``change`` the last year of a span
    with its first.

    ``first_month`` begins its year (July for procurement). The ``theme`` is that of the core of the record to
    which it belongs, if any; ``given`` says why a figure met tells nothing, where the model is given it.
    """

    name: str
    title: str
    unit: str
    measure: Measure
    parts: tuple[str, ...]
    over: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    first_month: int = 1
    theme: str = ""
    given: str = ""

    @property
    def base_year(self) -> int | None:
        """The year in which an index is one by definition: no figure of it says anything."""
        found = re.search(r"\b(\d{4})=1$|^roubles/rouble of (\d{4})$", self.unit)
        return int(found[1] or found[2]) if found else None


@dataclass(frozen=True)
class Compared:
    """What scenarios are compared by: a sum of recorded quantities, of a year or from the start on."""

    name: str
    title: str
    unit: str
    parts: tuple[str, ...]
    since_start: bool = False


def monthly(dataset: xr.Dataset, indicator: Indicator, parts: tuple[str, ...] | None = None) -> xr.DataArray:
    """Return the monthly total of an indicator's parts, dimensions member and time."""
    summed = _summed(dataset, indicator.parts if parts is None else parts)
    if parts is None or parts == indicator.parts:
        for name in indicator.less:
            summed = summed - _held(dataset, name)
    return xr.DataArray(summed, dims=("member", "time"), coords={k: dataset[k] for k in ("member", "time")})


def _summed(dataset: xr.Dataset, names: tuple[str, ...]) -> np.ndarray:
    """Return the sum of recorded quantities, shape ``(members, months)``."""
    return total(_held(dataset, name) for name in names)


def _held(dataset: xr.Dataset, name: str) -> np.ndarray:
    """Return a recorded quantity, shape ``(members, months)``, also of a file, where time comes first."""
    # dataset[name] would put together a labelled array each time, at a hundred times the cost.
    variable = dataset.variables[name]
    if variable.dims[0] != "member":
        variable = variable.transpose("member", ...)
    return np.asarray(variable.values)


def with_indicators(dataset: xr.Dataset, indicators: Mapping[str, Indicator]) -> xr.Dataset:
    """Return the dataset with all indicators whose parts were recorded (ratios apart)."""
    added = {}
    for name, indicator in indicators.items():
        whole = all(part in dataset for part in (*indicator.parts, *indicator.less))
        if name in dataset or indicator.measure in NOT_MONTHLY or not whole:
            continue
        array = monthly(dataset, indicator)
        flow = indicator.measure == "flow"
        array.attrs = {
            "units": f"{indicator.unit} a month" if flow else indicator.unit,
            "long_name": indicator.title,
            "kind": "net flow" if indicator.less else "flow" if flow else "stock at the end of the month",
        }
        added[name] = array
    return dataset.assign(added)


def unfit(indicator: Indicator, start: date, end: date) -> str:
    """Say why an indicator has no value for a day or a span; empty if it has one.

    Only a stock has one on a day: a flow, an average or a ratio needs days over which it is taken. What
    compares years needs whole ones.
    """
    name, measure = indicator.name, indicator.measure
    whole_years = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
    if measure in ("growth", "index", "change") and not whole_years:
        return f"'{name}' compares calendar years; allowed: years, such as 1932 or 1928..1932"
    if measure in ("flow", "average", "ratio") and start == end:
        article = "an" if measure == "average" else "a"
        span = "a span, such as 1932 or 1932-06-01..1932-06-30"
        return f"'{name}' is {article} {measure} and has no value on a day; allowed: {span}"
    return ""


def observe_quantity(
    dataset: xr.Dataset, name: str, start: pd.Timestamp, end: pd.Timestamp
) -> np.ndarray | None:
    """Return a recorded stock, flow or variable as :func:`observe` does an indicator.

    Over a span a flow is summed and a variable averaged; a stock is read in the middle of it.

    Raises
    ------
    UserError
        If the quantity is a flow and the span a day.
    """
    kind = str(dataset[name].attrs["kind"])
    measure: Measure = "stock"
    if kind == "flow":
        measure = "flow"
    elif kind == "variable" and start != end:
        measure = "average"
    unit = str(dataset[name].attrs.get("units", ""))
    return observe(dataset, Indicator(name, name, unit, measure, (name,)), start, end)


def observe(
    dataset: xr.Dataset, indicator: Indicator, start: pd.Timestamp, end: pd.Timestamp
) -> np.ndarray | None:
    """Return what the model says for the day or span of a documented figure.

    Parameters
    ----------
    dataset
        Result of a run.
    indicator
        What is asked.
    start, end
        First and last day for which the figure stands; equal for a stock on a day.

    Returns
    -------
    array or None
        Shape ``(members,)``; None where the run does not cover the whole span, where the day is its start, so
        that the model would only repeat what it was given, where the base year of an index is not whole in
        the run, or where what compares years is asked of part of one. Of a month that the span covers in
        part a flow or an average takes its part, by days.

    Raises
    ------
    UserError
        If a flow, an average or a ratio is asked of a day.
    """
    if wrong := unfit(indicator, start, end):
        if indicator.measure in ("growth", "index", "change"):
            return None
        raise UserError(wrong)
    time = pd.DatetimeIndex(dataset.variables["time"].values)
    opening = time[0].replace(day=1)
    if start <= opening - pd.Timedelta(days=1) or end > time[-1] or not has_base(indicator, time):
        return None
    if indicator.measure == "stock":
        day = start + (end - start) / 2
        return None if day <= opening else _on_day(dataset, indicator, time, day)
    if indicator.measure in ("growth", "index", "change"):
        return _against_another_year(dataset, indicator, time, start, end)
    shares = _shares(time, start, end)
    whole_months = (end.year - start.year) * 12 + end.month - start.month + 1
    if np.count_nonzero(shares) < whole_months:
        return None
    summed = _over(dataset, indicator.parts, shares)
    if indicator.less:
        summed = summed - _over(dataset, indicator.less, shares)
    if indicator.measure == "average":
        return summed / shares.sum()
    if indicator.measure == "ratio":
        return summed / np.maximum(_over(dataset, indicator.over, shares), 1e-12)
    return summed


def has_base(indicator: Indicator, time: pd.DatetimeIndex) -> bool:
    """Tell whether the base year of an index, if it is one, is whole among the months of a run."""
    base = indicator.base_year
    return base is None or int(np.count_nonzero(time.year == base)) == 12


def _shares(time: pd.DatetimeIndex, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray:
    """Return which part of each month lies within a span, by days; exactly one of a whole month."""
    long = time.days_in_month.to_numpy()
    before = np.clip((start - time).days.to_numpy() + long - 1, 0, long)
    after = np.clip((time - end).days.to_numpy(), 0, long)
    return np.maximum(long - before - after, 0) / long


def _against_another_year(
    dataset: xr.Dataset, indicator: Indicator, time: pd.DatetimeIndex, start: pd.Timestamp, end: pd.Timestamp
) -> np.ndarray | None:
    """Return a growth, an index or a change: both years must be whole."""
    first, last = start.year, end.year
    if indicator.measure != "change":
        if first != last:
            return None
        first = last - 1 if indicator.base_year is None else indicator.base_year
    sums = []
    for year in (first, last):
        inside = np.asarray(time.year == year)
        if inside.sum() < 12:
            return None
        shares = inside.astype(float)
        summed = _over(dataset, indicator.parts, shares)
        sums.append(summed - _over(dataset, indicator.less, shares) if indicator.less else summed)
    relative: np.ndarray = sums[1] / np.where(np.abs(sums[0]) > 1e-12, sums[0], np.nan)
    return relative if indicator.measure == "index" else relative - 1.0


def _over(dataset: xr.Dataset, parts: tuple[str, ...], shares: np.ndarray) -> np.ndarray:
    """Return the sum over months, of each the share that is given."""
    inside = shares > 0.0
    months = _summed(dataset, parts)[:, inside]
    return total((months * shares[inside]).T)


def _on_day(
    dataset: xr.Dataset, indicator: Indicator, time: pd.DatetimeIndex, day: pd.Timestamp
) -> np.ndarray | None:
    """Return a stock on the morning of a day, on a line between month ends."""
    ends = (time - time[0]).days.to_numpy()
    at = (day - time[0]).days - 1  # the morning of the 1st is the evening of the last day before
    if at < ends[0]:
        return None
    values = _summed(dataset, indicator.parts)
    after = min(int(np.searchsorted(ends, at, side="right")), len(ends) - 1)
    before = after - 1
    if before < 0:  # a run of one month
        return values[:, after].copy()
    slope = (values[:, after] - values[:, before]) / (ends[after] - ends[before])
    on_day: np.ndarray = values[:, before] + slope * (at - ends[before])
    return on_day
