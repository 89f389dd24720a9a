"""What is kept of a member: chosen variables, by month or by year.

By year a flow is the sum of the year, a stock its last day, an average and any other variable the mean of the
year, a ratio, growth or index the quotient of two sums. The year of procurement is the agricultural one, from
July to June, and stands under the year in which it begins. Only whole years are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import UserError
from planmodel.runs.evaluate import Question
from planmodel.runs.months import month_ends, years_of
from planmodel.runs.observe import by_year, recorded
from planmodel.runs.schema import Keep
from planmodel.runs.totals import monthly
from planmodel.scenario import Scenario
from planmodel.scenario.economy import Economy
from planmodel.scenario.indicators import NOT_MONTHLY
from planmodel.scenario.names import hint
from planmodel.scenario.period import Period


class Reduction(Question[xr.Dataset], Protocol):
    """What is kept of the members of a chunk instead of variables, with the dimension member first."""

    def identity(self) -> Any:
        """Return what decides the numbers that are kept, as JSON can hold it."""
        ...


@dataclass(frozen=True)
class Kept:
    """Asks for what an ensemble keeps of its members: see :func:`reduce`."""

    keep: Keep
    scenario: Scenario

    @property
    def wanted(self) -> set[str]:
        """Names that a run must record."""
        return set(kept_names(self.keep, self.scenario.declared))

    def __call__(self, dataset: xr.Dataset) -> xr.Dataset:
        """Return what is kept."""
        return reduce(dataset, self.keep, self.scenario)


_HOW = {"flow": "sum", "average": "mean", "stock": "end"}
_METHODS = {"sum": "time: sum", "mean": "time: mean", "end": "time: point", "quotient": "time: sum"}
_WORDS = {
    "sum": "sum of the year",
    "mean": "mean of the year",
    "end": "end of the year",
    "quotient": "quotient of two sums",
}


def kept_names(keep: Keep, economy: Economy) -> list[str]:
    """Return the names of what is kept."""
    if keep.variables is not None:
        return list(keep.variables)
    missing = _not_kept(keep)
    found = [name for name, indicator in economy.indicators.items() if indicator.measure not in missing]
    return found or list(economy.shown)


def annual_names(dataset: xr.Dataset, economy: Economy) -> list[str]:
    """Return all names that a dataset of months has, or its months give, by year."""
    names = [str(name) for name in dataset.data_vars]
    return names + [
        name
        for name, indicator in economy.indicators.items()
        if name not in dataset and indicator.measure != "change" and set(indicator.made_of) <= set(dataset)
    ]


def _not_kept(keep: Keep) -> tuple[str, ...]:
    """Return the measures of indicators that do not exist by month, or by year."""
    return ("change",) if keep.frequency == "annual" else NOT_MONTHLY


def check_keep(keep: Keep, scenario: Scenario, place: str) -> None:
    """Refuse what cannot be kept.

    Raises
    ------
    UserError
        Naming the place, the key, the value and what is allowed.
    """
    known, indicators = scenario.declared.quantities(), scenario.declared.indicators
    names = kept_names(keep, scenario.declared)
    for name in names:
        if name not in known:
            raise UserError(f"{place}: keep.variables: the model has no quantity '{name}'{hint(name, known)}")
        if names.count(name) > 1:
            raise UserError(f"{place}: keep.variables: '{name}' stands twice; allowed: each once")
        if name in indicators and indicators[name].measure in _not_kept(keep):
            annual = keep.frequency == "annual"
            raise UserError(
                f"{place}: keep.variables: '{name}' is a {indicators[name].measure} and does not exist by "
                + ("year; allowed: its parts" if annual else 'month; allowed: with frequency = "annual"')
            )
    if keep.frequency == "annual" and not whole_years(scenario.period):
        raise UserError(
            f"{place}: keep.frequency: the period has no whole year; "
            'allowed: "monthly", or a period from January to December'
        )
    if sorted(set(keep.quantiles)) != keep.quantiles:
        raise UserError(f"{place}: keep.quantiles: not in rising order; allowed: such as [0.05, 0.5, 0.95]")


def whole_years(period: Period) -> list[int]:
    """Return the calendar years that a period covers from beginning to end."""
    first = period.start.year + ((period.start.month, period.start.day) != (1, 1))
    last = period.end.year - ((period.end.month, period.end.day) != (12, 31))
    return list(range(first, last + 1))


def reduce(dataset: xr.Dataset, keep: Keep, scenario: Scenario) -> xr.Dataset:
    """Return what is kept of the result of a run, dimensions member and time."""
    economy = scenario.declared
    names = kept_names(keep, economy)
    if keep.frequency == "monthly":
        return dataset[names]
    years = whole_years(scenario.period)
    time = pd.DatetimeIndex([pd.Timestamp(year, 12, 31) for year in years], name="time")
    variables = {name: _annual(dataset, name, years, economy) for name in names}
    return xr.Dataset(variables, coords={"member": dataset["member"], "time": time})


def _annual(dataset: xr.Dataset, name: str, years: list[int], economy: Economy) -> xr.Variable:
    """Return a quantity by year."""
    indicator = economy.indicators.get(name)
    if indicator is None:
        variable = dataset.variables[name]
        kind = str(variable.attrs["kind"])
        how = {"flow": "sum", "net flow": "sum", "variable": "mean"}.get(kind, "end")
        about = {key: str(variable.attrs[key]) for key in ("units", "long_name")}
        about["units"] = about["units"].removesuffix(" a month")
    else:
        how = _HOW.get(indicator.measure, "quotient")
        about = {"units": indicator.unit, "long_name": indicator.title}
    about["units"] += " a year" if how == "sum" else ""
    about |= {"cell_methods": _METHODS[how], "by_year": _WORDS[how]}
    if indicator is not None and indicator.first_month != 1 and how != "end":
        about["year"] = "agricultural, July to June, under the year in which it begins"
    read = indicator or recorded(dataset, name)
    if how == "end":
        of_month = years_of(month_ends(dataset))
        last = [np.flatnonzero(of_month == year)[-1] for year in years]
        values = monthly(dataset, read)[:, last]
    else:
        values = by_year(dataset, read, years)
    return xr.Variable(("member", "time"), values, about, fastpath=True)  # it is an array


def middle(day: pd.Timestamp, attributes: dict[str, str]) -> pd.Timestamp:
    """Return where a value of a year is drawn: in the middle of its year, a stock on its day."""
    if attributes.get("cell_methods") not in ("time: sum", "time: mean") or "kind" in attributes:
        return day  # what has a kind is of a month
    month = 1 if "year" in attributes else 7
    return pd.Timestamp(day.year + ("year" in attributes), month, 1)
