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

from planmodel.flows.collectivisation import PEASANTS
from planmodel.flows.repression import WEIGHTS
from planmodel.kernel import total
from planmodel.sectors.agriculture.livestock import SPECIES
from planmodel.sectors.capital import BRANCHES
from planmodel.sectors.population import BORN_INTO, GROUPS, INMATES, SEASONAL, TOWN, UNFREE, VILLAGE
from planmodel.sectors.products import PRODUCTS

Measure = Literal["stock", "flow", "average", "ratio"]


@dataclass(frozen=True)
class Indicator:
    """A total of recorded quantities.

    ``parts`` are added up and ``less`` taken off; a ``ratio`` divides the observed total of ``parts`` by that
    of ``over``.
    """

    name: str
    title: str
    unit: str
    measure: Measure
    parts: tuple[str, ...]
    over: tuple[str, ...] = ()
    less: tuple[str, ...] = ()


_HARVEST = tuple(f"grain_harvest_{form}" for form in ("individual", "kolkhoz", "state_farm"))
_PROCURED = (*(f"procured_{form}" for form in ("individual", "kolkhoz", "state_farm")), "mts_payment")
_EXCESS = (
    *(f"excess_deaths_{group}" for group in GROUPS + UNFREE),
    *(f"executed_{group}" for group in WEIGHTS),
    *(f"transit_deaths_{group}" for group in PEASANTS),
)
_DEATHS = (*(f"deaths_{group}" for group in GROUPS + UNFREE), *_EXCESS)
_BIRTHS = tuple(f"births_{group}" for group in BORN_INTO)
_EVERYONE = tuple(f"people_{group}" for group in GROUPS + UNFREE)
_RURAL = tuple(f"people_{group}" for group in (*VILLAGE, *SEASONAL, "special_settlers"))
_TO_TOWNS = tuple(f"{way}_{group}" for way in ("samotek", "orgnabor") for group in VILLAGE)
_FROM_TOWNS = (
    *(f"back_to_village_{group}" for group in PEASANTS),
    *(f"expelled_{group}" for group in (*PEASANTS, "special_settlers")),
)
_DEPORTED = tuple(f"{fate}_{group}" for fate in ("deported", "transit_deaths") for group in PEASANTS)
_CAMP_DEATHS = ("deaths_camp_inmates", "excess_deaths_camp_inmates")
_COLONY_DEATHS = ("deaths_colony_inmates", "excess_deaths_colony_inmates")
_SOWN = ("growing_area", "state_farm_area")
_CONSTRUCTION = tuple(f"construction_{branch}" for branch in BRANCHES)
_UNFINISHED = tuple(f"works_unfinished_{branch}" for branch in BRANCHES)
_INDUSTRY = ("people_heavy_industry_workers", "people_consumer_goods_workers")
_REVENUE = ("turnover_tax", "profit_tax", "farm_tax", "loans_and_direct_taxes")
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
    Indicator("tractors", "Tractors", "thousand", "stock", ("tractors_farms",)),
    Indicator("potato_harvest", "Potato harvest", "million tonnes", "flow", ("potato_harvest",)),
    Indicator("population", "Population", "million persons", "stock", _EVERYONE),
    Indicator(
        "urban_population", "Town population", "million persons", "stock", tuple(f"people_{g}" for g in TOWN)
    ),
    Indicator("rural_population", "Rural population", "million persons", "stock", _RURAL),
    Indicator("births", "Births", "million persons", "flow", _BIRTHS),
    Indicator("deaths", "Deaths", "million persons", "flow", _DEATHS),
    Indicator("excess_deaths", "Excess deaths", "million persons", "flow", _EXCESS),
    Indicator(
        "net_migration_to_towns", "Movement to towns", "million persons", "flow", _TO_TOWNS, less=_FROM_TOWNS
    ),
    Indicator(
        "special_settlers", "Special settlers", "million persons", "stock", ("people_special_settlers",)
    ),
    Indicator("kolkhoz_market_price", "Market price", "index 1928=1", "average", ("kolkhoz_market_price",)),
    Indicator(
        "camp_and_colony_inmates",
        "Camps and colonies",
        "million persons",
        "stock",
        ("people_camp_inmates", "people_colony_inmates"),
    ),
    Indicator(
        "camp_population",
        "Camps, year's mean",
        "million persons",
        "average",
        ("people_camp_inmates", "people_colony_inmates"),
    ),
    *(
        Indicator(
            group, group.replace("_", " ").capitalize(), "million persons", "stock", (f"people_{group}",)
        )
        for group in INMATES
    ),
    Indicator(
        "camp_arrivals_from_outside",
        "Arrivals in camps",
        "million persons",
        "flow",
        ("transports_to_camps", "colonies_to_camps"),
    ),
    Indicator("camp_released", "Released from camps", "million persons", "flow", ("camp_releases",)),
    Indicator("camp_escapes", "Escapes from camps", "million persons", "flow", ("camp_escapes",)),
    Indicator("camp_recaptured", "Caught again", "million persons", "flow", ("camp_recaptured",)),
    Indicator("camp_deaths", "Deaths in camps", "million persons", "flow", _CAMP_DEATHS),
    Indicator(
        "camp_and_colony_deaths",
        "Deaths, camps and colonies",
        "million persons",
        "flow",
        (*_CAMP_DEATHS, *_COLONY_DEATHS),
    ),
    Indicator("executions", "Shot", "million persons", "flow", tuple(f"executed_{g}" for g in WEIGHTS)),
    Indicator("political_convictions", "Political arrests", "million persons", "flow", ("terror",)),
    Indicator("deported_peasants", "Peasants deported", "million persons", "flow", _DEPORTED),
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
    Indicator("currency_in_circulation", "Currency", "billion roubles", "stock", _CASH),
    Indicator("exports", "Exports", "billion gold roubles", "flow", ("exports",)),
    Indicator("imports", "Imports", "billion gold roubles", "flow", ("imports",)),
)
INDICATORS = {indicator.name: indicator for indicator in _ALL}


def monthly(dataset: xr.Dataset, indicator: Indicator, parts: tuple[str, ...] | None = None) -> xr.DataArray:
    """Return the monthly total of an indicator's parts, dimensions member and time."""
    names = indicator.parts if parts is None else parts
    summed = total(np.asarray(dataset[name].values) for name in names)
    if parts is None or parts == indicator.parts:
        for name in indicator.less:
            summed = summed - np.asarray(dataset[name].values)
    return xr.DataArray(summed, dims=("member", "time"), coords={k: dataset[k] for k in ("member", "time")})


def with_indicators(dataset: xr.Dataset) -> xr.Dataset:
    """Return the dataset with all indicators whose parts were recorded (ratios apart)."""
    added = {}
    for name, indicator in INDICATORS.items():
        whole = all(part in dataset for part in (*indicator.parts, *indicator.less))
        if name in dataset or indicator.measure == "ratio" or not whole:
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
