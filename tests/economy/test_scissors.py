"""Signs of Sah and Stiglitz (1984): a lower farm price raises accumulation and hurts workers and peasants.

They hold exactly in the limit in which the food market of the towns clears (first half of this file: the
model's own supply of grain, one real wage that equals demand for food with what the village sells). In the
whole model (second half: pairs of runs without any decree, so that grain is bought on a market) prices are
held and money circulates; there the signs hold at the default parameters, over the years 1929-31.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from one_country import ECONOMY
from thresholds import bound

from planmodel.economies.soviet.procurement import share_sold
from planmodel.engine import Array
from planmodel.runs.history import History, run
from planmodel.scenario import load_scenario
from planmodel.scenario.schema import Scenario

HARVEST, OUTPUT = 70.0, 30.0


def within(component: str, name: str) -> st.SearchStrategy[float]:
    return st.floats(*ECONOMY.parameters()[component][name].bounds)


class Limit:
    """Peasants sell on a market and buy goods with all they get; workers spend a given share on food.

    The wage, in goods, is the one at which workers demand the food that the village sells; accumulation is
    output less wages (food is paid for out of them).
    """

    def __init__(self, price: float, intercept: float, elasticity: float, food_share: float) -> None:
        arrays = (np.array([x]) for x in (price, intercept, elasticity))
        self.food = HARVEST * float(share_sold(*arrays)[0])
        self.peasant_goods = price * self.food
        self.wage = self.peasant_goods / food_share
        self.workers = self.wage / price**food_share  # indirect utility, up to a constant
        self.accumulation = OUTPUT - self.wage


@given(
    price=st.floats(0.2, 3.0),
    rise=st.floats(1.01, 2.0),
    intercept=within("procurement", "market_intercept"),
    elasticity=within("procurement", "market_elasticity"),
    food_share=within("payments", "food_budget"),
)
def test_signs_in_the_limit_that_clears(
    price: float, rise: float, intercept: float, elasticity: float, food_share: float
) -> None:
    low = Limit(price, intercept, elasticity, food_share)
    high = Limit(price * rise, intercept, elasticity, food_share)
    assert low.accumulation > high.accumulation
    assert low.workers < high.workers
    assert low.food < high.food
    # At the higher price peasants can still have what they had, and more: they are better off.
    kept = HARVEST - low.food
    assert price * rise * kept + low.peasant_goods < price * rise * HARVEST


@given(
    price=st.floats(0.2, 3.0),
    intercept=within("procurement", "market_intercept"),
    elasticity=within("procurement", "market_elasticity"),
    food_share=within("payments", "food_budget"),
)
def test_size_in_the_limit_that_clears(
    price: float, intercept: float, elasticity: float, food_share: float
) -> None:
    """d accumulation / d ln price = - wage (1 + m_B (1 - share sold))."""
    step = 1e-5
    up, down = (Limit(price * np.exp(h), intercept, elasticity, food_share) for h in (step, -step))
    here = Limit(price, intercept, elasticity, food_share)
    slope = (up.accumulation - down.accumulation) / (2.0 * step)
    expected = -here.wage * (1.0 + elasticity * (1.0 - here.food / HARVEST))
    assert slope == pytest.approx(expected, rel=1e-5)


def market_village() -> Scenario:
    """No decree, no drive, no chance: grain is bought on a market to the end."""
    baseline = load_scenario("one_country")
    changes: dict[str, object] = {f"decrees.{name}.enabled": False for name in baseline.decrees}
    for chance in ("cropping.weather_spread", "plan.plan_chance", "accumulation.pace_spread"):
        changes[f"parameters.{chance}"] = 0.0
    changes["parameters.accumulation.size_spread"] = 0.0
    return load_scenario("one_country", changes).until(date(1931, 12, 31))


def average(values: xr.DataArray) -> Array:
    return np.asarray(values.sel(time=slice("1929", "1931")).mean("time").values)


@settings(max_examples=4, deadline=None)
@given(low=st.floats(0.7, 0.85), high=st.floats(1.1, 1.4))
def test_signs_in_runs_on_a_market(low: float, high: float) -> None:
    """Below 0.7 the village sells so little that shops' tax falls too, and the budget gains nothing."""
    dataset = run(
        market_village(),
        members=[1, 2],
        parameters={"price_scissors": {"procurement_scale": np.array([low, high])}},
    )
    assert float(dataset["collectivised_share"].max()) < bound("least_joined_freely")
    goods = dataset["industrial_goods_price"]
    fund = average(dataset["accumulation_fund"] / dataset["wage_index"])
    assert fund[0] > fund[1]  # what the budget can build with
    for name, values in {
        "food of workers": dataset["town_nutrition"],
        "consumption of workers": dataset["town_consumption"],
        "real wage": dataset["real_wage"],
        "what peasants earn, in goods": dataset["farm_purchases"] / goods,
        "goods that peasants buy": dataset["retail_village"] / goods,
        "grain sold": dataset["grain_procurement"],
    }.items():
        lower, higher = average(values)
        assert lower < higher, name


def test_without_the_scissors_the_village_is_paid_at_parity() -> None:
    parity = {"parameters.price_scissors.procurement_scale": 1.0}
    scenario = load_scenario("one_country", parity, switch_off=["price_scissors"]).until(date(1932, 12, 31))
    closed, with_scissors = run(scenario), run(load_scenario("one_country").until(date(1932, 12, 31)))
    np.testing.assert_allclose(closed["scissors"].values, 1.0, rtol=1e-12)
    opened = with_scissors["scissors"].isel(member=0)
    assert float(opened.sel(time="1932").mean()) > 2.0
    # The terms of trade are then what is on offer, and nothing is taken by prices.
    offer = closed["village_goods_offer"].values[0, :-1]
    np.testing.assert_allclose(closed["terms_of_trade"].values[0, 1:], offer, rtol=1e-12)
    assert float(np.abs(closed["tribute"].sel(time="1932")).max()) < 0.01
    assert float(with_scissors["tribute"].sel(time="1932").min()) > 0.01
    assert float(with_scissors["tribute"].sel(time="1932").sum()) > 2.0
    for name in ("farm_purchases", "money_peasants"):
        assert float(closed[name].sel(time="1932").mean()) > 1.5 * float(
            with_scissors[name].sel(time="1932").mean()
        )


def test_terms_of_trade_are_the_models_own() -> None:
    """Wider scissors or fewer goods on offer, worse terms, less grain on the market (A-1)."""
    history = History(load_scenario("one_country").until(date(1928, 1, 31)), [0, 0, 0])
    history.board["village_goods_offer"] = np.array([1.0, 0.7, 1.0])
    history.board["scissors"] = np.array([1.0, 1.0, 1.5])
    history.board.settle()
    history.workspace.act("procurement.reckon_terms_of_trade")
    history.board.settle()
    np.testing.assert_allclose(history.board["terms_of_trade"], [1.0, 0.7, 1.0 / 1.5])
    share = history.workspace.read("market_share", "procurement")
    assert share[0] > share[1] > share[2]
