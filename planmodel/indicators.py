"""Quantities that economists compare: totals over accounts and flows, and how each is observed.

An indicator has the name of the documented variable that it answers to, and its unit. A documented value is
met by label: the model is observed on the very day, or over the very year, for which the figure stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import UserError, total
from planmodel.flows.collectivisation import PEASANTS
from planmodel.flows.repression import WEIGHTS
from planmodel.sectors.agriculture.livestock import SPECIES
from planmodel.sectors.capital import BRANCHES
from planmodel.sectors.population import BORN_INTO, GROUPS, INMATES, SEASONAL, TOWN, UNFREE, VILLAGE
from planmodel.sectors.products import PRODUCTS

Measure = Literal["stock", "flow", "average", "ratio", "growth", "index", "change"]
NOT_MONTHLY = ("ratio", "growth", "index", "change")  # these exist for a span only


@dataclass(frozen=True)
class Indicator:
    """A total of recorded quantities: ``parts`` are added up, ``less`` is taken off.

    A ``ratio`` divides the observed total by that of ``over``. A ``growth`` compares a year with the year
    before, an ``index`` a year with the base year that its unit names, a ``change`` the last year of a span
    with its first.
    """

    name: str
    title: str
    unit: str
    measure: Measure
    parts: tuple[str, ...]
    over: tuple[str, ...] = ()
    less: tuple[str, ...] = ()

    @property
    def base_year(self) -> int | None:
        """The year in which an index is one by definition: no figure of it says anything."""
        found = re.search(r"\b(\d{4}) ?= ?1$", self.unit)
        return int(found[1]) if found else None


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
_WEAR = tuple(f"wear_{branch}" for branch in BRANCHES)
_OUTSIDE_INDUSTRY = ("agriculture", "transport", "housing_and_services")
_OF_INDUSTRY = tuple(branch for branch in BRANCHES if branch not in _OUTSIDE_INDUSTRY)
_BUILT = tuple(f"construction_{branch}" for branch in _OF_INDUSTRY)
_COMPLETED = tuple(f"completed_{branch}" for branch in _OF_INDUSTRY)
_EXECUTED = tuple(f"executed_{group}" for group in WEIGHTS)
_INDUSTRY = ("people_heavy_industry_workers", "people_consumer_goods_workers")
_REVENUE = ("turnover_tax", "profit_tax", "farm_tax", "loans_and_direct_taxes")
_EXPORTS = ("exports_grain", "exports_timber", "exports_other")
_CASH = ("money_peasants", "money_townspeople")


def _capital(branches: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"works_{stage}_{branch}" for branch in branches for stage in ("capital", "new"))


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
    Indicator("executions", "Executions", "million persons", "flow", _EXECUTED),
    Indicator("political_convictions", "Political arrests", "million persons", "flow", ("terror",)),
    Indicator("deported_peasants", "Peasants deported", "million persons", "flow", _DEPORTED),
    *(
        Indicator(name, name.replace("_", " ").capitalize(), unit, "flow", (name,))
        for name, (_, _, unit) in PRODUCTS.items()
    ),
    Indicator("industrial_output_growth", "Growth of industry", "1/year", "growth", ("industrial_output",)),
    Indicator(
        "industrial_output_group_b_growth", "Growth of Group B", "1/year", "growth", ("consumer_goods_index",)
    ),
    Indicator(
        "labour_productivity", "Labour productivity", "index 1928=1", "average", ("labour_productivity",)
    ),
    Indicator("industrial_output", "Industrial output", "index 1928=1", "average", ("industrial_output",)),
    Indicator("investment", "Investment", "billion roubles of 1928", "flow", _CONSTRUCTION),
    Indicator("net_fixed_investment", "Net investment", "index 1930=1", "index", _CONSTRUCTION, less=_WEAR),
    Indicator("gross_investment_growth", "Growth of investment", "1/year", "growth", _CONSTRUCTION),
    Indicator(
        "gross_investment_relative_to_1936", "Investment to 1936", "index 1936=1", "index", _CONSTRUCTION
    ),
    Indicator("construction_investment", "Construction to 1936", "index 1936=1", "index", _CONSTRUCTION),
    Indicator(
        "unfinished_investment_share", "Frozen in sites", "1", "ratio", _BUILT, over=_BUILT, less=_COMPLETED
    ),
    Indicator("fixed_capital", "Fixed capital", "index 1928=1", "index", _capital(BRANCHES)),
    Indicator(
        "industrial_fixed_capital", "Capital of industry", "index 1928=1", "index", _capital(_OF_INDUSTRY)
    ),
    Indicator("unfinished_construction", "Unfinished works", "billion roubles of 1928", "stock", _UNFINISHED),
    Indicator("wage_earners", "Wage earners", "million persons", "average", ("wage_earners",)),
    Indicator("industrial_wage_earners", "Workers in industry", "million persons", "average", _INDUSTRY),
    Indicator(
        "construction_employment", "Builders", "million persons", "stock", ("people_construction_workers",)
    ),
    Indicator("labour_turnover", "Turnover of workers", "1/year", "average", ("labour_turnover",)),
    Indicator("average_money_wage", "Money wage", "roubles a year", "average", ("average_money_wage",)),
    Indicator("real_wage", "Real wage", "index 1928=1", "average", ("real_wage",)),
    Indicator("real_wage_change_over_period", "Change of real wage", "1", "change", ("real_wage",)),
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


def first_month(name: str) -> int:
    """Return the month in which the year of an indicator begins: July for procurement, else January."""
    return 7 if name.startswith("grain_procurement") else 1


def with_indicators(dataset: xr.Dataset) -> xr.Dataset:
    """Return the dataset with all indicators whose parts were recorded (ratios apart)."""
    added = {}
    for name, indicator in INDICATORS.items():
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
    dataset: xr.Dataset, name: str | Indicator, start: pd.Timestamp, end: pd.Timestamp
) -> np.ndarray | None:
    """Return what the model says for the day or span of a documented figure.

    Parameters
    ----------
    dataset
        Result of a run.
    name
        An indicator, or the name of one.
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
    indicator = INDICATORS[name] if isinstance(name, str) else name
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
