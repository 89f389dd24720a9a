"""Grain bought on a market: prices that answer, traders who outbid, grain that is kept."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from one_country import ECONOMY

from planmodel.engine import Array
from planmodel.engine.ledger import TOLERANCE
from planmodel.runs.history import History, run_fully
from planmodel.runs.of_scenario import Overrides
from planmodel.scenario import load_scenario
from planmodel.scenario.load import change_scenario
from planmodel.scenario.schema import Scenario

MARKET = load_scenario("market_village", {"regions": "one"}).until(date(1931, 6, 30))
RESPONSE = "decrees.end_of_emergency_measures.effects.procurement_price_response"
BARNS = ("individual", "kolkhoz", "state_farm")
MADE_FOR_MARKETS = {
    "procurement": ("market_rivalry", "kept_for_use", "price_ceiling"),
    "cropping": ("area_elasticity", "area_limit", "area_memory"),
}


def swept(component: str, name: str, scenario: Scenario = MARKET, steps: int = 4) -> xr.Dataset:
    """Run members that differ in one parameter, from its lower to its upper bound."""
    values = np.linspace(*ECONOMY.parameters()[component][name].bounds, steps)
    return History(scenario, [0] * steps, parameters={component: {name: values}}).run().dataset


def procured(dataset: xr.Dataset, year: str = "1929") -> Array:
    """Return the procurement of the agricultural year that begins in a year's July, Mt."""
    span = slice(f"{year}-07-01", f"{int(year) + 1}-06-30")
    taken = sum(dataset[f"procured_{form}"].sel(time=span).sum("time") for form in BARNS)
    return np.asarray(taken)


def test_a_state_that_can_pay_more_buys_more() -> None:
    runs = swept("procurement", "price_ceiling")
    assert (np.diff(procured(runs)) > 0.2).all()


@pytest.mark.parametrize("step", [0.1, 0.5])
def test_a_state_whose_price_answers_faster_buys_more(step: float) -> None:
    paths = [run_fully(change_scenario(MARKET, {RESPONSE: r}, "test")).dataset for r in (0.0, step)]
    slow, fast = (procured(p)[0] for p in paths)
    assert fast > slow * 1.2
    assert (paths[0]["price_offered"] == 1.0).all()


def test_traders_take_what_the_state_loses() -> None:
    """Where the state pays less than the market, the more peasants mind, the more goes to traders."""
    deaf = change_scenario(MARKET, {RESPONSE: 0.0}, "test")
    runs = swept("procurement", "market_rivalry", deaf)
    sold = runs["sold_to_traders"].sel(time="1929").sum("time").values
    market = runs["market_grain_individual"].sel(time="1929").sum("time").values
    assert sold[0] == 0.0
    assert (np.diff(sold) > 0.0).all()
    assert (np.diff(market) > 0.0).all()
    assert (np.diff(procured(runs, "1928")) < 0.0).all()


def test_what_peasants_keep_is_not_sold() -> None:
    runs = swept("procurement", "kept_for_use")
    assert procured(runs)[-1] < procured(runs)[0] - 0.5
    left = runs["grain_individual"].sel(time="1930-05").values[:, 0]
    assert left[-1] > left[0]


def test_peasants_sow_more_at_better_terms_up_to_the_land() -> None:
    runs = swept("cropping", "area_elasticity")
    area = runs["growing_area"].sel(time="1930-09").values[:, 0]
    assert (np.diff(area) >= 0.0).all()
    assert area[1] > area[0] * 1.01
    assert runs["terms_of_trade"].sel(time="1930").min() > 1.0


def test_land_limits_what_they_sow() -> None:
    limits = np.linspace(1.0, 1.25, 4)
    parameters: Overrides = {"cropping": {"area_limit": limits, "area_elasticity": np.full(4, 0.5)}}
    runs = History(MARKET, [0] * 4, parameters=parameters).run().dataset
    area = runs["growing_area"].sel(time="1930-09").values[:, 0]
    sown = MARKET.parameters.cropping.grain_area
    assert (area <= sown * limits * (1.0 + 1e-9)).all()
    assert area[0] == pytest.approx(sown)
    assert area[3] > area[0] * 1.1


def drawn(chance: np.random.Generator, members: int) -> Overrides:
    """Draw every parameter of procurement, cropping, market, state grain and prices within its bounds."""
    names = ("procurement", "cropping", "kolkhoz_market", "state_grain", "price_scissors", "towns")
    group = MARKET.declared.parameters()
    return {c: {n: chance.uniform(*p.bounds, members) for n, p in group[c].items()} for c in names}


@settings(max_examples=5, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    response=st.floats(0.0, 1.0),
    free_trade=st.floats(0.0, 1.0),
    emergency=st.sampled_from([0.0, 0.4, 1.0]),
)
def test_whatever_the_parameters_books_close_and_prices_stay_in_bounds(
    seed: int, response: float, free_trade: float, emergency: float
) -> None:
    effects = {
        "emergency_measures": emergency,
        "procurement_price_response": response,
        "free_trade": free_trade,
    }
    changes = {f"decrees.end_of_emergency_measures.effects.{lever}": v for lever, v in effects.items()}
    parameters = drawn(np.random.default_rng(seed), 20)
    done = run_fully(change_scenario(MARKET, changes, "test"), 20, seed, parameters)
    assert done.worst_residual < TOLERANCE
    data = done.dataset
    for name in ("price_offered", "sold_to_traders", "free_sale", "terms_expected", "procurement_price"):
        assert np.isfinite(data[name].values).all(), name
        assert (data[name].values >= 0.0).all(), name
    rising = np.diff(data["price_offered"].values, axis=1) > 0.0  # it only rises where bread bears it
    bread = data["state_price_bread"].values[:, :-1] * parameters["procurement"]["price_ceiling"][:, None]
    given = (data["procurement_price"] / data["price_offered"]).values[:, :-1]
    reached = (data["price_offered"].values[:, 1:] * given) <= bread * (1.0 + 1e-9)
    assert (reached | ~rising).all()


def test_the_road_taken_knows_nothing_of_it() -> None:
    """Members that differ in what is made for markets only have one and the same history under compulsion."""
    chance = np.random.default_rng(7)
    bounds = ECONOMY.parameters()
    parameters: Overrides = {
        c: {n: chance.uniform(*bounds[c][n].bounds, 3) for n in names}
        for c, names in MADE_FOR_MARKETS.items()
    }
    data = run_fully("one_country", [0, 0, 0], parameters=parameters).dataset
    assert (data["free_sale"] == 0.0).all()
    assert (data["price_offered"] == 1.0).all()
    for name in data.data_vars:
        if name != "terms_expected":
            values = data.variables[name].values
            assert (values == values[:1]).all(), name
