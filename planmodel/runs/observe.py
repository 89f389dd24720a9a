"""What the model answers: on a day, over a span, year by year; for one figure or for hundreds.

A documented value is met by label: the model is observed on the very day, or over the very span, for which
the figure stands. An answer is a sum over the months of a run, each by the part of it that lies within the
span, or a quotient of two such sums. An :class:`Observer` finds the months once; a chunk of members then
costs a few additions a figure, wherever its results come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import Array, UserError, total
from planmodel.engine.memory import room
from planmodel.runs.months import month_ends, months_of, years_of
from planmodel.scenario.economy import Economy
from planmodel.scenario.indicators import BETWEEN_YEARS, NOT_MONTHLY, Indicator, Measure, unfit

Rows = Mapping[tuple[str, ...], "Summed"]
Reading = Callable[[Rows], Array]
Asked = tuple[Indicator, date, date]
_BLOCK = 128  # members


class Summed(NamedTuple):
    """Sums of recorded parts, shape ``(months, members)``, and the row of each month."""

    values: Array
    row: Mapping[int, int]


class Holds(Protocol):
    """What holds variables by name: a dataset, or what will be one."""

    @property
    def variables(self) -> Mapping[Any, xr.Variable]:
        """The variables."""
        ...


class Joined(NamedTuple):
    """Variables that will be a dataset."""

    variables: Mapping[Any, xr.Variable]


class Observation(NamedTuple):
    """What the model is asked: an indicator on a day (``start`` equal to ``end``) or over a span of days."""

    indicator: str
    start: date
    end: date


class Observer:
    """Answers a list of observations from the results of a run.

    Parameters
    ----------
    time
        The month ends of the run.
    asked
        Indicators, each with the first and the last day for which it is asked.
    folded
        Whether what a sum is divided by is folded into the weights of its months. Fits have always been made
        so; averages, and stocks within a month, then differ from those of reports in the last bit.

    Raises
    ------
    UserError
        If a flow, an average or a ratio is asked of a day.
    """

    def __init__(self, time: pd.DatetimeIndex, asked: Sequence[Asked], folded: bool = False) -> None:
        self._months = months_of(time)
        self._folded = folded
        self._needed: dict[tuple[str, ...], set[int]] = {}
        self._readings = [self._reading(*one) for one in asked]
        self.covered = np.array([reading is not None for reading in self._readings], dtype=bool)

    @property
    def wanted(self) -> list[str]:
        """Names that a run must record."""
        return sorted({name for parts in self._needed for name in parts})

    @property
    def sums(self) -> dict[tuple[str, ...], list[int]]:
        """What must be added up at the ends of which months, where nothing is recorded."""
        return {parts: sorted(months) for parts, months in self._needed.items()}

    def read(self, dataset: xr.Dataset) -> Array:
        """Return the answers, shape ``(members, observations)``; NaN where the run does not cover one."""
        sums = {parts: summed(dataset, parts, months) for parts, months in self.sums.items()}
        return self.read_sums(sums, dataset.sizes["member"])

    def read_sums(self, sums: Mapping[tuple[str, ...], Array], members: int) -> Array:
        """Return the answers from :attr:`sums`, each of shape ``(months, members)``."""
        rows = {
            parts: Summed(sums[parts], {month: row for row, month in enumerate(months)})
            for parts, months in self.sums.items()
        }
        answers = np.full((members, len(self._readings)), np.nan)
        for column, reading in enumerate(self._readings):
            if reading is not None:
                answers[:, column] = reading(rows)
        return answers

    def _reading(self, indicator: Indicator, start: date, end: date) -> Reading | None:
        """Return how an observation is read; None where the run does not cover it."""
        between_years = indicator.measure in BETWEEN_YEARS
        wrong = unfit(indicator, start, end)
        if wrong and not between_years:
            raise UserError(wrong)
        first, last = start.toordinal(), end.toordinal()
        outside = first < self._months.opening or last > self._months.ends[-1]
        if wrong or outside or not has_base(indicator, self._months.years):
            return None
        if between_years:
            return self._between_years(indicator, start.year, end.year)
        if indicator.measure == "stock":  # of which nothing is taken off, as by month
            return self._on_day(indicator.parts, first + last)
        shares = self._months.shares(first, last)
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        if np.count_nonzero(shares) < months:
            return None
        if indicator.measure == "average":
            return self._net(indicator, shares, float(shares.sum()))
        above = self._net(indicator, shares)
        if indicator.measure == "flow":
            return above
        below = self._sum(indicator.over, shares)
        return lambda rows: above(rows) / np.maximum(below(rows), 1e-12)

    def _between_years(self, indicator: Indicator, first: int, last: int) -> Reading | None:
        """Read a growth, an index or a change: both years must be whole."""
        if indicator.measure != "change":
            if first != last:
                return None
            first = last - 1 if indicator.base_year is None else indicator.base_year
        years = [self._months.years == year for year in (first, last)]
        if min(inside.sum() for inside in years) < 12:
            return None
        before, after = (self._net(indicator, inside.astype(float)) for inside in years)
        off = 0.0 if indicator.measure == "index" else 1.0

        def relative(rows: Rows) -> Array:
            base = before(rows)
            return np.asarray(after(rows) / np.where(np.abs(base) > 1e-12, base, np.nan) - off)

        return relative

    def _on_day(self, parts: tuple[str, ...], twice: int) -> Reading | None:
        """Read a stock on the morning of a day, on a line between month ends.

        ``twice`` is the day, or the sum of the first and last days of a span in whose middle it is.
        """
        at = twice // 2 - 1  # the morning of the 1st is the evening of the last day before
        if twice <= 2 * self._months.opening or at < self._months.ends[0]:
            return None
        after = int(np.searchsorted(self._months.ends, at, side="right"))
        before = after - 1
        gap, passed = (
            float(self._months.ends[after] - self._months.ends[before]),
            float(at - self._months.ends[before]),
        )
        if self._folded or passed == 0.0:
            weights = {before: 1.0 + (-1.0 / gap) * passed, after: (1.0 / gap) * passed}
            kept = {month: weight for month, weight in weights.items() if weight}
            return self._weighted(parts, list(kept), list(kept.values()))
        self._need(parts, (before, after))

        def on_line(rows: Rows) -> Array:
            held = rows[parts]
            first, second = (held.values[held.row[month]] for month in (before, after))
            return np.asarray(first + (second - first) / gap * passed)

        return on_line

    def _net(self, indicator: Indicator, shares: np.ndarray, by: float = 1.0) -> Reading:
        """Read the sum of the parts less what is taken off, over a number."""
        folded = by if self._folded else 1.0
        reading = above = self._sum(indicator.parts, shares / folded)
        if indicator.less:
            less = self._sum(indicator.less, shares / folded)
            reading = lambda rows: above(rows) - less(rows)  # noqa: E731
        return reading if by == folded else lambda rows: reading(rows) / by

    def _sum(self, parts: tuple[str, ...], weights: np.ndarray) -> Reading:
        months = np.flatnonzero(weights)
        return self._weighted(parts, months.tolist(), weights[months].tolist())

    def _weighted(self, parts: tuple[str, ...], months: list[int], weights: list[float]) -> Reading:
        self._need(parts, months)
        by = np.array(weights)[:, None]

        def added(rows: Rows) -> Array:
            held = rows[parts]
            weighted = held.values[[held.row[month] for month in months]] * by
            # One month after the other, as `total` adds, which where there is one member goes row by row.
            return np.add.accumulate(weighted)[-1] if weighted.shape[1] == 1 else total(weighted)

        return added

    def _need(self, parts: tuple[str, ...], months: Iterable[int]) -> None:
        self._needed.setdefault(parts, set()).update(months)


def observer_of(
    economy: Economy, first: date, last: date, observations: Sequence[Observation], folded: bool = False
) -> Observer:
    """Return what answers observations, by name, from runs between two days."""
    ends = pd.date_range(first, last, freq="ME")
    asked = [(economy.quantity(o.indicator, on_a_day=o.start == o.end), o.start, o.end) for o in observations]
    observer = Observer(ends, asked, folded)
    years = years_of(ends).tolist()
    whole = {year for year in years if years.count(year) == 12}
    observer.covered &= np.array([economy.bases(one) <= whole for one, _, _ in asked], dtype=bool)
    return observer


def observe(dataset: xr.Dataset, indicator: Indicator, start: date, end: date) -> Array | None:
    """Return what the model says for the day or span of a documented figure.

    Parameters
    ----------
    dataset
        Result of a run, in memory or in a file.
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
    observer = Observer(month_ends(dataset), [(indicator, start, end)])
    return observer.read(dataset)[:, 0] if observer.covered[0] else None


def observe_quantity(dataset: xr.Dataset, name: str, start: date, end: date) -> Array | None:
    """Return a recorded stock, flow or variable as :func:`observe` does an indicator.

    Over a span a flow is summed and a variable averaged; a stock is read in the middle of it.

    Raises
    ------
    UserError
        If the quantity is a flow and the span a day.
    """
    return observe(dataset, recorded(dataset, name, on_a_day=start == end), start, end)


def recorded(dataset: xr.Dataset, name: str, on_a_day: bool = False) -> Indicator:
    """Return a recorded stock, flow or variable as an indicator, by what the dataset says of it."""
    about = dataset.variables[name].attrs
    kind = str(about["kind"])
    measure: Measure = "flow" if kind in ("flow", "net flow") else "stock"
    if kind == "variable" and not on_a_day:
        measure = "average"
    return Indicator(name, name, str(about.get("units", "")), measure, (name,))


def by_year(dataset: xr.Dataset, indicator: Indicator, years: Sequence[int]) -> Array:
    """Return an indicator over years of its own, shape ``(members, years)``; NaN where months are missing."""
    asked = [(indicator, *year_of(indicator, year)) for year in years]
    return Observer(month_ends(dataset), asked).read(dataset)


def year_of(indicator: Indicator, year: int) -> tuple[date, date]:
    """Return first and last day of the year of an indicator: the agricultural one for procurement."""
    first = indicator.first_month
    return date(year, first, 1), date(year + 1, first, 1) - timedelta(days=1)


def has_base(indicator: Indicator, years: np.ndarray) -> bool:
    """Tell whether the base year of an index, if it is one, is whole among the months of a run.

    ``years`` are those of the months.
    """
    base = indicator.base_year
    return base is None or int(np.count_nonzero(years == base)) == 12


def monthly(dataset: Holds, indicator: Indicator, parts: tuple[str, ...] | None = None) -> Array:
    """Return the monthly total of an indicator's parts, shape ``(members, months)``."""
    added = indicator.parts if parts is None else parts
    less = indicator.less if parts is None or parts == indicator.parts else ()
    rows, taken_off = ([_held(dataset, name) for name in names] for names in (added, less))
    found = room(rows[0].size).reshape(rows[0].shape)
    # Recorded is by month, found by member: some members at a time, so that memory is crossed in the cache.
    for first in range(0, len(found), _BLOCK):
        some = slice(first, first + _BLOCK)
        block = rows[0][some].copy(order="K")
        for row in rows[1:]:
            block += row[some]
        for row in taken_off:
            block -= row[some]
        found[some] = block
    return found


def with_indicators(
    dataset: xr.Dataset,
    indicators: Mapping[str, Indicator],
    accounts: Mapping[str, xr.Variable] | None = None,
) -> xr.Dataset:
    """Return the dataset with all indicators whose parts were recorded (ratios apart).

    ``accounts`` are series reckoned from what was recorded: they are added too, and may be parts.
    """
    added = dict(accounts or {})
    held = Joined({**dataset.variables, **added})
    for name, indicator in indicators.items():
        whole = all(part in held.variables for part in (*indicator.parts, *indicator.less))
        if name in held.variables or indicator.measure in NOT_MONTHLY or not whole:
            continue
        flow = indicator.measure == "flow"
        about = {
            "units": f"{indicator.unit} a month" if flow else indicator.unit,
            "long_name": indicator.title,
            "kind": "net flow" if indicator.less else "flow" if flow else "stock at the end of the month",
        }
        values = monthly(held, indicator)
        added[name] = xr.Variable(("member", "time"), values, about, fastpath=True)  # it is an array
    return dataset.assign(added)


def summed(dataset: xr.Dataset, parts: tuple[str, ...], months: Sequence[int]) -> Array:
    """Return sums of recorded parts in some months, shape ``(months, members)``."""
    return np.ascontiguousarray(total(_held(dataset, name)[:, list(months)].T for name in parts))


def _held(dataset: Holds, name: str) -> np.ndarray:
    """Return a recorded quantity, shape ``(members, months)``, also of a file, where time comes first."""
    # dataset[name] would put together a labelled array each time, at a hundred times the cost.
    variable = dataset.variables[name]
    if variable.dims[0] != "member":
        variable = variable.transpose("member", ...)
    return np.asarray(variable.values)
