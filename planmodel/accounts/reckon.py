"""The accounts of a run, reckoned from what it recorded: all months and members at once.

Sums run in a fixed order, month by month, so that a member has the same bits alone and among others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from planmodel.accounts.meanings import Meanings
from planmodel.accounts.scheme import Good, Line, Prices, Sum, product
from planmodel.engine import Array
from planmodel.engine.component import Series
from planmodel.runs.months import month_ends, years_of

_KINDS = {"flow": "flow", "stock": "stock at the end of the month", "variable": "variable"}


class Given:
    """What a run was given, and no month records: parameters, inputs, and levers by month."""

    def __init__(
        self,
        parameters: Mapping[str, Mapping[str, float | Array]],
        exogenous: Mapping[str, Series],
        levers: Mapping[str, Sequence[tuple[date, float | Array]]],
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
        self._means: dict[tuple[str, int], Any] = {}
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
        return found if np.shape(found) == self.shape else np.array(np.broadcast_to(found, self.shape))

    def _line(self, line: Line, prices: Prices) -> Array:
        name = line.series(prices)
        if name not in self._lines:
            self._lines[name] = self._of_line(line, prices)
        return self._lines[name]

    def _of_line(self, line: Line, prices: Prices) -> Array:
        goods = self.scheme.goods
        entries = [(self._volume(entry.volume), goods[entry.good]) for entry in line.at(prices)]
        found = sum(volume * self._price(good, prices) for volume, good in entries)
        if line.rest and prices.base is not None:
            use = self._added(self.scheme.side("use", prices), prices)
            others = [one for one in self.scheme.side(line.side, prices) if not one.rest]
            found = found + use - self._added(others, prices)
        return np.asarray(found)

    def _added(self, lines: Collection[Line], prices: Prices) -> Array:
        return np.asarray(sum(self._line(line, prices) for line in lines))

    def _volume(self, of: Sum) -> Array:
        if id(of) not in self._volumes:
            added = sum(self.value(name) for name in of.plus)
            for name in of.less:
                added = added - self.value(name)
            self._volumes[id(of)] = np.asarray(added)
        return self._volumes[id(of)]

    def _price(self, good: Good, prices: Prices) -> Any:
        """Return the price of a good in a month: of the base year, or of the day."""
        key = (good.name, prices.base)
        if key not in self._prices:
            at = self.value(good.index) if prices.base is None else self._mean_of(prices.base, good.index)
            self._prices[key] = self.value(good.price) * at
        return self._prices[key]

    def _mean_of(self, year: int, name: str) -> Any:
        """Return the mean of an index over the months of a year; NaN where the run has not all of them."""
        if (name, year) not in self._means:
            index = self.value(name)
            first, last = np.searchsorted(self._years, (year, year + 1))
            if np.ndim(index) == 0:
                mean = index
            elif last - first < 12:
                mean = np.nan
            elif np.shape(index)[-1] == 1:  # the same in all months
                mean = index
            else:
                mean = np.add.reduceat(index[..., first:last], [0], axis=-1) / 12.0
            self._means[name, year] = mean
        return self._means[name, year]

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
        if kind == "series":
            return self.series(of)
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
        first, path = self.meanings.economy.levers()[of].initial, self._given.levers.get(of, ())
        set_to = [next((v for d, v in reversed(path) if d <= day), first) for day in self._days]
        if all(np.ndim(value) == 0 for value in set_to):
            return np.array(set_to, dtype=float)
        members = self.shape[0]  # fewer than the columns where a member alone runs as two
        return np.stack(
            [np.broadcast_to(value, np.shape(value) or members)[:members] for value in set_to], -1
        )

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
        firsts = np.flatnonzero(np.diff(self._years, prepend=0))
        months = np.diff(firsts, append=len(self._years))
        return np.repeat(np.add.reduceat(whole, firsts, axis=-1), months, axis=-1)

    def _change(self, stock: str) -> Array:
        """Return by how much a stock grew in each month; in the first by what moved, as nothing is before."""
        held = self._recorded(stock)
        found = np.empty(self.shape)
        found[:, 0] = sum(sign * self._recorded(flow)[:, 0] for flow, sign in self.meanings.flows_of(stock))
        np.subtract(held[:, 1:], held[:, :-1], out=found[:, 1:])
        return found

    def _start(self, stock: str) -> Array:
        """Return what a stock was on the first day, which is not recorded: at the end, less what moved."""
        return self._recorded(stock)[:, :1] - self._change(stock)[:, :1]


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
