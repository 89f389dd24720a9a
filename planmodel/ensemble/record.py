"""What is kept of a member: chosen variables, by month or by year.

By year a flow is the sum of the year, a stock its last day, an average and any other variable the mean of the
year, a ratio the quotient of two sums. The year of procurement is the agricultural one, from July to June,
and stands under the year in which it begins. Only whole years are kept.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.ensemble.schema import Keep
from planmodel.indicators import INDICATORS, first_month, monthly
from planmodel.kernel import Array, UserError, total
from planmodel.scenario import Scenario, registry
from planmodel.scenario.schema import Period, hint

_METHODS = {"sum": "time: sum", "mean": "time: mean", "end": "time: point", "ratio": "time: sum"}


def kept_names(keep: Keep) -> list[str]:
    """Return the names of what is kept."""
    if keep.variables is not None:
        return list(keep.variables)
    annual = keep.frequency == "annual"
    return [name for name, indicator in INDICATORS.items() if annual or indicator.measure != "ratio"]


def check_keep(keep: Keep, scenario: Scenario, place: str) -> None:
    """Refuse what cannot be kept.

    Raises
    ------
    UserError
        Naming the place, the key, the value and what is allowed.
    """
    known = set(registry.recordable()) | set(INDICATORS)
    names = kept_names(keep)
    for name in names:
        if name not in known:
            raise UserError(f"{place}: keep.variables: the model has no quantity '{name}'{hint(name, known)}")
        if names.count(name) > 1:
            raise UserError(f"{place}: keep.variables: '{name}' stands twice; allowed: each once")
        if keep.frequency == "monthly" and name in INDICATORS and INDICATORS[name].measure == "ratio":
            raise UserError(
                f"{place}: keep.variables: '{name}' is a ratio over a year; "
                'allowed: with frequency = "annual", or its parts'
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


def reduce(dataset: xr.Dataset, keep: Keep, period: Period) -> xr.Dataset:
    """Return what is kept of the result of a run, dimensions member and time."""
    names = kept_names(keep)
    if keep.frequency == "monthly":
        return dataset[names]
    years = whole_years(period)
    time = pd.DatetimeIndex([pd.Timestamp(year, 12, 31) for year in years], name="time")
    ends = pd.DatetimeIndex(dataset["time"].values)
    variables = {name: _annual(dataset, name, ends, years) for name in names}
    return xr.Dataset(variables, coords={"member": dataset["member"], "time": time})


def _annual(dataset: xr.Dataset, name: str, ends: pd.DatetimeIndex, years: list[int]) -> xr.Variable:
    indicator = INDICATORS.get(name)
    how = _how(dataset, name)
    begin = first_month(name)
    position = (ends.year * 12 + ends.month - 1).to_numpy() - (begin - 1)  # months, years from `begin` on
    values = monthly(dataset, indicator).values if indicator is not None else dataset[name].values
    by_year = _by_year(values, position, years, how)
    if indicator is None:
        about = {k: str(dataset[name].attrs[k]) for k in ("units", "long_name")}
        about["units"] = about["units"].removesuffix(" a month") + (" a year" if how == "sum" else "")
    else:
        about = {"units": indicator.unit, "long_name": indicator.title}
        about["units"] += " a year" if how == "sum" else ""
        if how == "ratio":
            over = monthly(dataset, indicator, indicator.over).values
            by_year = by_year / np.maximum(_by_year(over, position, years, how), 1e-12)
    about["cell_methods"] = _METHODS[how]
    if begin != 1:
        about["year"] = "agricultural, July to June, under the year in which it begins"
    return xr.Variable(("member", "time"), by_year, about)


def _how(dataset: xr.Dataset, name: str) -> str:
    """Tell how a year is made of its months."""
    if name in INDICATORS:
        return {"flow": "sum", "average": "mean", "stock": "end", "ratio": "ratio"}[INDICATORS[name].measure]
    kind = str(dataset[name].attrs["kind"])
    return {"flow": "sum", "variable": "mean"}.get(kind, "end")


def _by_year(values: Array, position: np.ndarray, years: list[int], how: str) -> Array:
    """Return years from months, shape ``(members, years)``; NaN where the months of a year are missing."""
    result = np.full((values.shape[0], len(years)), np.nan)
    for column, year in enumerate(years):
        inside = np.flatnonzero(position // 12 == year)
        if inside.size < 12:
            continue
        if how == "end":
            result[:, column] = values[:, inside[-1]]
        else:
            summed = total(values[:, month] for month in inside)
            result[:, column] = summed / 12.0 if how == "mean" else summed
    return result


def middle(day: pd.Timestamp, attributes: dict[str, str]) -> pd.Timestamp:
    """Return where a value of a year is drawn: in the middle of its year, a stock on its day."""
    if attributes.get("cell_methods") not in ("time: sum", "time: mean"):
        return day
    month = 1 if "year" in attributes else 7
    return pd.Timestamp(day.year + ("year" in attributes), month, 1)
