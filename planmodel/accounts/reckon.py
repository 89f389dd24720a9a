"""The accounts of a run, reckoned from what it recorded: all months and members at once.

Sums run in a fixed order, month by month, so that a member has the same bits alone and among others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from planmodel.accounts.meanings import Meanings
from planmodel.accounts.scheme import Entry, Good, Line, Prices, Sum, product
from planmodel.engine import Array, total
from planmodel.engine.component import Series
from planmodel.runs.months import month_ends, years_of

_KINDS = {"flow": "flow", "stock": "stock at the end of the month", "variable": "variable"}


class Given:
    """What a run was given, and no month records: parameters, inputs, and levers by month."""

    def __init__(
        self,
        parameters: Mapping[str, Mapping[str, float | Array]],
        exogenous: Mapping[str, Series],
        levers: Mapping[str, Mapping[date, float]],
    ) -> None:
        self.parameters, self.exogenous, self.levers = parameters, exogenous, levers


class Reckoner:
    """Reckons series of the accounts from a dataset of months; each name once."""

    def __init__(self, meanings: Meanings, dataset: xr.Dataset, given: Given) -> None:
        self.meanings, self.scheme = meanings, meanings.scheme
        self._dataset, self._given = dataset, given
        self.shape = (dataset.sizes["member"], dataset.sizes["time"])
        self._known: dict[str, Any] = {}
        self._volumes: dict[int, Array] = {}
        self._prices: dict[tuple[str, int | None], Any] = {}
        self._lines: dict[str, Array] = {}

    def series(self, name: str) -> Array:
        """Return a series of the accounts, shape ``(members, months)``; NaN where its base is not covered."""
        if name in self.scheme.own:
            found = self.value(name)
        else:
            prices, lines = self.meanings.made_of[name]
            if name == product(prices):
                found = self._added(lines, prices)
            else:
                line = next(one for one in lines if one.series(prices) == name)
                found = self._line(line, prices)
        return np.broadcast_to(found, self.shape)

    def _line(self, line: Line, prices: Prices) -> Array:
        name = line.series(prices)
        if name not in self._lines:
            self._lines[name] = self._of_line(line, prices)
        return self._lines[name]

    def _of_line(self, line: Line, prices: Prices) -> Array:
        found = total(self._worth(entry, prices) for entry in line.at(prices)) if line.entries else 0.0
        if line.rest and prices.base is not None:
            use = self._added(self.scheme.side("use", prices), prices)
            others = [one for one in self.scheme.side(line.side, prices) if not one.rest]
            found = found + use - self._added(others, prices)
        return np.asarray(found)

    def _added(self, lines: Collection[Line], prices: Prices) -> Array:
        return total(self._line(line, prices) for line in lines)

    def _worth(self, entry: Entry, prices: Prices) -> Array:
        return np.asarray(self._volume(entry.volume) * self._price(self.scheme.goods[entry.good], prices))

    def _volume(self, of: Sum) -> Array:
        if id(of) not in self._volumes:
            added = total(self.value(name) for name in of.plus) if of.plus else 0.0
            for name in of.less:
                added = added - self.value(name)
            self._volumes[id(of)] = np.asarray(added)
        return self._volumes[id(of)]

    def _price(self, good: Good, prices: Prices) -> Any:
        key = (good.name, prices.base)
        if key not in self._prices:
            index = self.value(good.index)
            if prices.base is not None:
                index = self._mean_of(prices.base, index)
            self._prices[key] = self.value(good.price) * index
        return self._prices[key]

    def _mean_of(self, year: int, index: Any) -> Any:
        """Return the mean of the months of a year; NaN where the run has not all of them."""
        if np.ndim(index) == 0:
            return index
        inside = np.flatnonzero(self._years == year)
        if len(inside) < 12:
            return np.nan
        whole = np.broadcast_to(index, self.shape)
        return (total(whole[:, month] for month in inside) / 12.0)[:, None]

    # ---- names ---------------------------------------------------------------------------------------------

    def value(self, name: str) -> Any:
        """Return what a name stands for: a number, or an array that spreads over members and months."""
        if name not in self._known:
            self._known[name] = self._value(name)
        return self._known[name]

    def _value(self, name: str) -> Any:
        kind, of, number = self.meanings.meaning(name)
        if kind == "number":
            return number
        if kind == "recorded":
            return self._recorded(of)
        if kind == "function":
            return self.scheme.functions[of](*(self.value(argument) for argument in self.scheme.reads(of)))
        if kind == "sum":
            return self._volume(self.scheme.sums[of])
        if kind == "year":
            return self._of_year(self.value(of))
        if kind in ("change", "start"):
            return self._change(of) if kind == "change" else self._start(of)
        return self._of_run(kind, of)

    def _of_run(self, kind: str, of: str) -> Any:
        """Return what no month records: parameters, inputs, levers and the calendar."""
        if kind == "years":
            base = self.meanings.economy.opening
            return np.array([(day - base).days / 365.25 for day in self._days])
        if kind == "parameter":
            block, _, name = of.partition(".")
            given = self._given.parameters[block][name]
            return np.asarray(given)[:, None] if np.ndim(given) else given
        if kind == "input":
            values = [self._given.exogenous[of].on(day) for day in self._days]
            if all(np.ndim(value) == 0 for value in values):
                return np.array(values, dtype=float)
            return np.stack([np.broadcast_to(value, self.shape[:1]) for value in values], axis=-1)
        first, changed = self.meanings.economy.levers()[of].initial, self._given.levers.get(of, {})
        by_day = sorted(changed.items())
        return np.array([next((v for d, v in reversed(by_day) if d <= day), first) for day in self._days])

    @cached_property
    def _days(self) -> list[date]:
        return list(month_ends(self._dataset).date)

    @cached_property
    def _years(self) -> np.ndarray:
        return years_of(month_ends(self._dataset))

    def _recorded(self, name: str) -> Array:
        variable = self._dataset.variables[name]
        values = np.asarray(variable.values)
        return values if variable.dims[0] == "member" else values.T

    def _of_year(self, values: Any) -> Array:
        """Return the sum of the year in each of its months."""
        whole = np.broadcast_to(values, self.shape)
        found = np.empty(self.shape)
        for year in np.unique(self._years):
            inside = np.flatnonzero(self._years == year)
            found[:, inside] = total(whole[:, month] for month in inside)[:, None]
        return found

    def _start(self, stock: str) -> Array:
        """Return what a stock was on the first day, which is not recorded: at the end, less what moved."""
        found = self._recorded(stock)[:, :1].copy()
        for flow, sign in self.meanings.flows_of(stock):
            found -= sign * self._recorded(flow)[:, :1]
        return found

    def _change(self, stock: str) -> Array:
        """Return by how much a stock grew in each month."""
        held = self._recorded(stock)
        return np.diff(held, axis=-1, prepend=self._start(stock))


def accounts_of(
    dataset: xr.Dataset, meanings: Meanings, given: Given, wanted: Collection[str] | None = None
) -> dict[str, xr.Variable]:
    """Return series of the accounts of a run.

    Those at prices of a year that is not whole in the run are NaN, as an index without its base is.

    Parameters
    ----------
    dataset
        What the run recorded by month.
    meanings
        The scheme of accounts, within its economy.
    given
        What the run was given.
    wanted
        Names of series, among others; None for all.
    """
    reckoner = Reckoner(meanings, dataset, given)
    found = {}
    for name, of in meanings.series.items():
        if wanted is None or name in wanted:
            unit = f"{of.unit} a month" if of.kind == "flow" else of.unit
            about = {"units": unit, "long_name": of.meaning, "kind": _KINDS[of.kind]}
            values = np.ascontiguousarray(reckoner.series(name))
            found[name] = xr.Variable(("member", "time"), values, about, fastpath=True)
    return found
