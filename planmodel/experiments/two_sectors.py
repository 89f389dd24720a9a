"""Accounts of agriculture and of the rest, from a run and from the record.

They are what `planmodel.experiments.wedges` works on. Both sets have their holes, and not the same. The model
has no output of services (they are put at what their workers earned in 1928), no value of herds, and no
labour of artisans. The record has shares of agriculture in product and labour for three years, and no
capital, prices or wages by sector for them.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from planmodel.documented.figures import Figures
from planmodel.engine import Array
from planmodel.experiments.annual import Annual, yearly
from planmodel.experiments.rural_trade import (
    INDUSTRY,
    PEASANTS,
    RECORDED,
    WORKERS_PER_PEASANT,
    FarmPrices,
    farm_product,
    farm_sales,
)
from planmodel.experiments.wedges import Accounts, TwoSectors
from planmodel.scenario import registry

ECONOMY = registry.economy()
BRANCHES = ECONOMY.axes["branch"]
SUBSISTENCE = 0.5
"""Farm goods that cannot be done without over those eaten a head in 1928; assumption."""

DOCUMENTED_YEARS = (1928, 1937, 1940)
"""Years for which the record has the shares of agriculture in product and in labour."""

_SEASONAL = "people_seasonal_workers"
_OTHER_WORKERS = (*INDUSTRY, "people_construction_workers", "people_other_employees")
_EATEN = (
    "food_individual",
    "food_members",
    "food_town",
    "grain_to_army",
    "grain_to_camps",
    "grain_to_industry",
)
_OWN_GRAIN = ("food_individual", "food_members")
_OWN_FOOD = {
    "meat_town": "meat_village",
    "milk_town": "milk_village",
    "potatoes_to_towns": "potatoes_eaten_village",
}
_SOLD_GOODS = ("goods_to_towns", "goods_to_village")
_CONSTRUCTION = tuple(f"construction_{branch}" for branch in BRANCHES)
_OTHER_USES = (*_CONSTRUCTION, "goods_to_defence", "goods_to_tractors")
_FARM_CAPITAL = ("works_capital_peasants", "works_capital_agriculture", "works_new_agriculture")
_OTHER_CAPITAL = (
    "works_capital_artisans",
    *(f"works_{stage}_{b}" for b in BRANCHES if b != "agriculture" for stage in ("capital", "new")),
)
_EVERYONE = ECONOMY.indicators["population"].parts

ACCOUNTED = (
    *RECORDED,
    *_EVERYONE,
    *_EATEN,
    *_SOLD_GOODS,
    *_OTHER_USES,
    *_FARM_CAPITAL,
    *_OTHER_CAPITAL,
    "imports_producer_goods",
    "average_money_wage",
    "farm_tax",
)
"""What a run must record for these accounts."""


def model_accounts(dataset: xr.Dataset, prices: FarmPrices) -> Accounts:
    """Return the accounts of a run, at prices of 1928.

    Product of the rest is what it gives to its last users: consumer goods, construction, defence, tractors,
    less imported equipment, and services. Farm goods are those eaten; industrial crops go to the rest.

    Parameters
    ----------
    dataset
        Result of a run with ``ACCOUNTED``.
    prices
        Of farm products in 1928.
    """
    annual = Annual(dataset)
    wage = annual.mean("average_money_wage") / 1000.0
    services = annual.mean("people_other_employees") * wage[annual.base]
    goods = annual.total(*_SOLD_GOODS)
    farm_workers = WORKERS_PER_PEASANT * annual.mean(*PEASANTS)
    sold = farm_sales(annual, prices)
    income, own_food = _farm_income(annual, prices, sold)
    received = annual.total("farm_purchases", "mts_payment_value", "market_purchases")
    volume = yearly(sold["delivered"] + sold["crops"] + sold["market"]) + prices.grain * annual.total(
        "mts_payment"
    )
    return Accounts(
        annual.years,
        people=annual.mean(*_EVERYONE),
        farm_output=farm_product(annual, prices),
        other_output=goods - annual.total("crops_used_fibres", "crops_used_beet") + annual.total(*_OTHER_USES)
        - annual.total("imports_producer_goods") + services,
        farm_consumption=prices.grain * (annual.total(*_EATEN) - annual.total(*_OWN_GRAIN)) + own_food
        + sum(price * annual.total(flow) for flow, price in prices.products.items()),
        other_consumption=goods + services,
        farm_labour=farm_workers,
        other_labour=annual.mean(*_OTHER_WORKERS, _SEASONAL),
        farm_capital=annual.mean(*_FARM_CAPITAL),
        other_capital=annual.mean(*_OTHER_CAPITAL),
        farm_price=received / volume / annual.mean("industrial_goods_price"),
        other_wage=wage / (income / farm_workers),
    )  # fmt: skip


def _farm_income(annual: Annual, prices: FarmPrices, sold: dict[str, Array]) -> tuple[Array, Array]:
    """Return the income of peasants, current roubles, and their own food at prices of 1928, both a year.

    Food of one's own is counted at the price of the state; grain bought back is not taken off.
    """
    food = prices.grain * annual.months(*_OWN_GRAIN)
    for flow, price in prices.products.items():
        food = food + price * annual.months(_OWN_FOOD[flow])
    money = annual.total("farm_purchases", "market_purchases") - annual.total("farm_tax")
    return money + yearly(food * annual.months("procurement_price")), yearly(food)


def documented_accounts(record: Figures) -> Accounts:
    """Return the accounts of the record for 1928, 1937 and 1940, with product of 1928 as the unit.

    Shares of agriculture in product and labour are those of Gregory and Stuart, uses of product those of
    Bergson, growth of farming the official index of gross output. Farm goods exported, or used by industry,
    are counted as eaten. Capital, prices and wages by sector are not known for these years.
    """

    def read(variable: str, version: str) -> Array:
        return np.array([[record.at(variable, version, year)] for year in DOCUMENTED_YEARS])

    share = read("nnp_share_agriculture", "gregory_stuart")
    hands = read("labour_share_agriculture", "gregory_stuart")
    people = np.array(
        [[record.at("population", "andreev_darskii_kharkova", f"{year}-01-01")] for year in DOCUMENTED_YEARS]
    )
    index = read("agricultural_output", "official")
    farm = share[0] * index / index[0]
    product = farm / share
    consumed = product * (
        read("gnp_share_consumption", "bergson") + read("gnp_share_communal_services", "bergson")
    )
    unknown = np.full_like(farm, np.nan)
    return Accounts(
        DOCUMENTED_YEARS,
        people=people,
        farm_output=farm,
        other_output=product - farm,
        farm_consumption=farm,
        other_consumption=consumed - farm,
        farm_labour=hands,  # of all workers: only the ratio matters
        other_labour=1.0 - hands,
        farm_capital=unknown,
        other_capital=unknown,
        farm_price=unknown,
        other_wage=unknown,
    )


def with_subsistence(accounts: Accounts, share: float = SUBSISTENCE) -> TwoSectors:
    """Return tastes and technology with subsistence as a share of what is eaten a head in 1928."""
    base = list(accounts.years).index(ECONOMY.opening.year)
    eaten = accounts.farm_consumption[base] / accounts.people[base]
    return TwoSectors(subsistence=share * float(np.median(eaten)))
