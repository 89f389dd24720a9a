"""The three sides of the accounts close, in histories that nobody would choose too; nothing is left out."""

from __future__ import annotations

import os

import numpy as np
import pytest
import xarray as xr
from random_settings import MEMBERS, random_setting

from planmodel.accounts.scheme import SIDES, Prices, product
from planmodel.engine import Array, total
from planmodel.runs.history import History
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.finding import scenarios_of
from planmodel.scenario.keys import keys, nested

WITHIN = 1e-9  # of the largest side
MANY = int(os.environ.get("PLANMODEL_ACCOUNTS", "300"))  # members; a thousand and more: say so

ECONOMY = registry.economy()
assert ECONOMY.accounts is not None
SCHEME = ECONOMY.accounts.scheme
PRICES = list(SCHEME.prices.values())


def sides(dataset: xr.Dataset, prices: Prices) -> Array:
    """Sums of the sides by year, shape (sides, members, years)."""
    found = []
    for side in SIDES:
        months = total(dataset[line.series(prices)].values for line in SCHEME.side(side, prices))
        found.append(months.reshape(months.shape[0], -1, 12).sum(axis=-1))
    return np.array(found)


def worst(dataset: xr.Dataset) -> float:
    """The largest difference between two sides over the largest of them."""
    gaps = []
    for prices in PRICES:
        by_side = sides(dataset, prices)
        gaps.append((np.ptp(by_side, axis=0) / np.abs(by_side).max(axis=0)).max())
    return float(np.max(gaps))


def test_accounts_of_members_over_all_bounds_close() -> None:
    scenario, chance = load_scenario("baseline"), np.random.default_rng(1928)
    drawn = {}
    for key in keys(scenario).values():
        if key.name.startswith("parameters."):
            low, high = map(float, key.bounds)  # type: ignore[arg-type]  # a parameter has both
            drawn[key.name] = chance.uniform(low, high, MANY)
    assert len(drawn) > 300
    history = History(scenario, range(MANY), 1, wanted=set(ECONOMY.accounted), **nested(drawn))
    assert worst(history.run().dataset) < WITHIN


@pytest.mark.parametrize("number", range(6))
def test_accounts_of_random_settings_close(number: int) -> None:
    setting = random_setting(number)
    values = nested(setting.values)
    run = History(setting.scenario, range(MEMBERS), number, wanted=set(ECONOMY.accounted), **values).run()
    assert worst(run.dataset) < WITHIN


@pytest.mark.parametrize("name", sorted(scenarios_of(ECONOMY)))
def test_accounts_of_every_ready_scenario_close(name: str) -> None:
    run = History(load_scenario(name), range(3), 1, wanted=set(ECONOMY.accounted)).run()
    assert worst(run.dataset) < WITHIN


@pytest.mark.parametrize("prices", PRICES, ids=lambda prices: prices.name)
def test_the_product_is_the_sum_of_each_side(baseline: xr.Dataset, prices: Prices) -> None:
    months = baseline[product(prices)].values
    by_year = months.reshape(months.shape[0], -1, 12).sum(axis=-1)
    for found in sides(baseline, prices):
        assert np.allclose(found, by_year, rtol=WITHIN, atol=0.0)
    assert (by_year > 20.0).all()  # no accounts of nothing


@pytest.mark.parametrize("side", ["origin", "use"])
def test_every_flow_into_or_out_of_the_economy_has_its_line(side: str) -> None:
    """A flow from a source or into a sink of a good that is valued is classed: nothing is made for nobody."""
    constant = next(prices for prices in PRICES if prices.base is not None)
    named = {
        name
        for line in SCHEME.side("origin", constant) + SCHEME.side("use", constant)
        for entry in line.at(constant)
        for name in (*entry.volume.plus, *entry.volume.less)
    }
    commodities = {flow.commodity for flow in ECONOMY.flows() if flow.name in named}
    held = ECONOMY.stocks()
    for flow in ECONOMY.flows():
        if flow.commodity in commodities - {"foreign_exchange", "works", "money"}:
            end = flow.source if side == "origin" else flow.destination
            if end not in held.get(flow.commodity, {}):
                assert flow.name in named, f"{flow.name}: in no line"


def test_lines_missing_or_counted_twice_would_be_seen(baseline: xr.Dataset) -> None:
    """The measure of closing sees a single flow: the accounts of the baseline do not close without it."""
    prices = PRICES[0]
    assert worst(baseline) < WITHIN
    line = next(line for line in SCHEME.side("use", prices) if line.name == "food_of_unfree")
    without = baseline.assign({line.series(prices): 0.0 * baseline[line.series(prices)]})
    assert worst(without) > 1e-6


@pytest.fixture(scope="module")
def baseline() -> xr.Dataset:
    return History(load_scenario("baseline"), wanted=set(ECONOMY.accounted)).run().dataset
