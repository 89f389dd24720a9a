"""Quantities that economists compare: totals over accounts and flows, and how each is observed.

An indicator has the name of the documented variable that it answers to, and its unit. A documented value is
met by label: the model is observed on the very day, or over the very year, for which the figure stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.kernel import total
from planmodel.sectors.agriculture.livestock import SPECIES
from planmodel.sectors.capital import BRANCHES
from planmodel.sectors.labor_camps import WEIGHTS
from planmodel.sectors.population import BORN_INTO, GROUPS, TOWN, UNFREE, VILLAGE
from planmodel.sectors.products import PRODUCTS

Measure = Literal["stock", "flow", "average", "ratio"]


@dataclass(frozen=True)
class Indicator:
    """A total of recorded quantities.

    ``parts`` are added up; a ``ratio`` divides the observed total of ``parts`` by that of ``over``.
    """

    name: str
    title: str
    unit: str
    measure: Measure
    parts: tuple[str, ...]
    over: tuple[str, ...] = ()


_HARVEST = tuple(f"grain_harvest_{form}" for form in ("individual", "kolkhoz", "state_farm"))
_PROCURED = (*(f"procured_{form}" for form in ("individual", "kolkhoz", "state_farm")), "mts_payment")
_EXCESS = (
    *(f"excess_deaths_{group}" for group in GROUPS + UNFREE),
    *(f"executed_{group}" for group in WEIGHTS),
    "transit_deaths",
)
_DEATHS = (*(f"deaths_{group}" for group in GROUPS + UNFREE), *_EXCESS)
_BIRTHS = tuple(f"births_{group}" for group in BORN_INTO)
_EVERYONE = tuple(f"people_{group}" for group in GROUPS + UNFREE)
_RURAL = tuple(f"people_{group}" for group in (*VILLAGE, "special_settlers"))
_MIGRANTS = tuple(f"migration_{group}" for group in VILLAGE)
_SOWN = ("growing_area", "state_farm_area")
_CONSTRUCTION = tuple(f"construction_{branch}" for branch in BRANCHES)
_UNFINISHED = tuple(f"works_unfinished_{branch}" for branch in BRANCHES)
_INDUSTRY = ("people_heavy_industry_workers", "people_consumer_goods_workers")
_REVENUE = ("turnover_tax", "profit_tax", "farm_tax", "loans_and_direct_taxes")
_EXPORTS = ("exports_grain", "exports_timber", "exports_other")
_CASH = ("money_peasants", "money_townspeople")

_ALL = (
    Indicator("grain_harvest", "Grain harvest", "million tonnes", "flow", _HARVEST),
    Indicator("grain_procurement", "Grain procurement", "million tonnes", "flow", _PROCURED),
    Indicator("grain_procurement_share", "Share of harvest procured", "1", "ratio", _PROCURED, _HARVEST),
    Indicator("grain_export", "Grain export", "million tonnes", "flow", ("grain_export",)),
    Indicator("grain_sown_area", "Sown area of grain", "million hectares", "average", _SOWN),
    Indicator("collectivised_share", "Households in kolkhozes", "1", "stock", ("collectivised_share",)),
    *(
        Indicator(
            species,
            species.replace("_", " ").capitalize(),
            "million head",
            "stock",
            (f"{species}_household", f"{species}_socialised"),
        )
        for species in SPECIES
    ),
    Indicator("potato_harvest", "Potato harvest", "million tonnes", "flow", ("potato_harvest",)),
    Indicator("population", "Population", "million persons", "stock", _EVERYONE),
    Indicator(
        "urban_population", "Town population", "million persons", "stock", tuple(f"people_{g}" for g in TOWN)
    ),
    Indicator("rural_population", "Rural population", "million persons", "stock", _RURAL),
    Indicator("births", "Births", "million persons", "flow", _BIRTHS),
    Indicator("deaths", "Deaths", "million persons", "flow", _DEATHS),
    Indicator("excess_deaths", "Excess deaths", "million persons", "flow", _EXCESS),
    Indicator("net_migration_to_towns", "Movement to towns", "million persons", "flow", _MIGRANTS),
    Indicator(
        "special_settlers", "Special settlers", "million persons", "stock", ("people_special_settlers",)
    ),
    Indicator("kolkhoz_market_price", "Market price", "index 1928=1", "average", ("kolkhoz_market_price",)),
    Indicator(
        "camp_and_colony_inmates", "Camp inmates", "million persons", "stock", ("people_camp_inmates",)
    ),
    *(
        Indicator(name, name.replace("_", " ").capitalize(), unit, "flow", (name,))
        for name, (_, _, unit) in PRODUCTS.items()
    ),
    Indicator("industrial_output", "Industrial output", "index 1928=1", "average", ("industrial_output",)),
    Indicator("investment", "Investment", "billion roubles of 1928", "flow", _CONSTRUCTION),
    Indicator("unfinished_construction", "Unfinished works", "billion roubles of 1928", "stock", _UNFINISHED),
    Indicator("wage_earners", "Wage earners", "million persons", "average", ("wage_earners",)),
    Indicator("industrial_wage_earners", "Workers in industry", "million persons", "average", _INDUSTRY),
    Indicator(
        "construction_employment", "Builders", "million persons", "stock", ("people_construction_workers",)
    ),
    Indicator("average_money_wage", "Money wage", "roubles a year", "average", ("average_money_wage",)),
    Indicator("real_wage", "Real wage", "index 1928=1", "average", ("real_wage",)),
    Indicator("retail_price_index", "Retail prices", "index 1928=1", "average", ("retail_price_index",)),
    Indicator("turnover_tax", "Turnover tax", "billion roubles", "flow", ("turnover_tax",)),
    Indicator("budget_revenue", "Budget revenue", "billion roubles", "flow", _REVENUE),
    Indicator("defence_outlays", "Defence outlays", "billion roubles", "flow", ("defence_outlays",)),
    Indicator("currency_in_circulation", "Currency", "billion roubles", "stock", _CASH),
    Indicator("procurement_price", "Procurement price", "index 1928=1", "average", ("procurement_price",)),
    Indicator(
        "industrial_goods_price", "Goods, village", "index 1928=1", "average", ("industrial_goods_price",)
    ),
    Indicator(
        "procurement_to_industrial_price",
        "Terms of trade",
        "index 1928=1",
        "ratio",
        ("procurement_price",),
        ("industrial_goods_price",),
    ),
    Indicator("turnover_tax_share_of_budget", "Tax over revenue", "1", "ratio", ("turnover_tax",), _REVENUE),
    Indicator("exports", "Exports", "billion gold roubles", "flow", _EXPORTS),
    Indicator("imports", "Imports", "billion gold roubles", "flow", ("imports",)),
)
INDICATORS = {indicator.name: indicator for indicator in _ALL}


def monthly(dataset: xr.Dataset, indicator: Indicator, parts: tuple[str, ...] | None = None) -> xr.DataArray:
    """Return the monthly total of an indicator's parts, dimensions member and time."""
    names = indicator.parts if parts is None else parts
    summed = total(np.asarray(dataset[name].values) for name in names)
    return xr.DataArray(summed, dims=("member", "time"), coords={k: dataset[k] for k in ("member", "time")})


def with_indicators(dataset: xr.Dataset) -> xr.Dataset:
    """Return the dataset with all indicators whose parts were recorded (ratios apart)."""
    added = {}
    for name, indicator in INDICATORS.items():
        whole = all(part in dataset for part in indicator.parts)
        if name in dataset or indicator.measure == "ratio" or not whole:
            continue
        array = monthly(dataset, indicator)
        flow = indicator.measure == "flow"
        array.attrs = {
            "units": f"{indicator.unit} a month" if flow else indicator.unit,
            "long_name": indicator.title,
            "kind": "flow" if flow else "stock at the end of the month",
        }
        added[name] = array
    return dataset.assign(added)


def observe(dataset: xr.Dataset, name: str, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray | None:
    """Return what the model says for the day or span of a documented figure.

    Parameters
    ----------
    dataset
        Result of a run.
    name
        Name of an indicator.
    start, end
        First and last day for which the figure stands; equal for a stock on a day.

    Returns
    -------
    array or None
        Shape ``(members,)``; None where the run does not cover the whole span, or where the day is its
        start, so that the model would only repeat what it was given.
    """
    indicator = INDICATORS[name]
    time = pd.DatetimeIndex(dataset["time"].values)
    opening = time[0].replace(day=1)
    if start <= opening - pd.Timedelta(days=1) or end > time[-1]:
        return None
    if indicator.measure == "stock":
        day = start + (end - start) / 2
        return None if day <= opening else _on_day(dataset, indicator, time, day)
    inside = (time >= start) & (time <= end + pd.offsets.MonthEnd(0))
    whole_months = (end.year - start.year) * 12 + end.month - start.month + 1
    if inside.sum() < whole_months:
        return None
    summed = _over(dataset, indicator, indicator.parts, inside)
    if indicator.measure == "average":
        return summed / inside.sum()
    if indicator.measure == "ratio":
        return summed / np.maximum(_over(dataset, indicator, indicator.over, inside), 1e-12)
    return summed


def _over(
    dataset: xr.Dataset, indicator: Indicator, parts: tuple[str, ...], inside: np.ndarray
) -> np.ndarray:
    rows = monthly(dataset, indicator, parts).values[:, inside]
    return total(rows.T)


def _on_day(
    dataset: xr.Dataset, indicator: Indicator, time: pd.DatetimeIndex, day: pd.Timestamp
) -> np.ndarray | None:
    """Return a stock on the morning of a day, on a line between month ends."""
    ends = (time - time[0]).days.to_numpy()
    at = (day - time[0]).days - 1  # the morning of the 1st is the evening of the last day before
    if at < ends[0]:
        return None
    values = monthly(dataset, indicator).values
    return np.array([np.interp(at, ends, row) for row in values])
