"""Prices: reforms, cards and their end, the commercial price, wages, and the peasants' market."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pytest
import xarray as xr
from one_country import ECONOMY
from thresholds import bound

from planmodel.economies.soviet.prices import between
from planmodel.engine import Array, Component
from planmodel.runs.history import History, Run, run, run_fully
from planmodel.scenario import load_scenario

BLOCKS = {block.name: block for block in ECONOMY.blocks}

BASELINE = load_scenario("one_country")
JANUARY = BASELINE.until(date(1928, 1, 31))
SHARED = BLOCKS["price_scissors"].shared
assert SHARED is not None
GOODS = SHARED.axes.by_name["good"].labels
Part = TypeVar("Part", bound=Component)


@pytest.fixture(scope="module")
def fully() -> Run:
    return run_fully(BASELINE)


@pytest.fixture(scope="module")
def history(fully: Run) -> xr.Dataset:
    return fully.dataset


def values(dataset: xr.Dataset, name: str) -> Array:
    return np.asarray(dataset[name].values)[0]


def part(history: History, kind: type[Part]) -> Part:
    return next(c for c in history.components if isinstance(c, kind))


def test_the_retail_index_is_the_mean_of_sales(history: xr.Dataset) -> None:
    """Value over volume: ration, commercial, unified and village sales by their weight."""
    value = values(history, "town_supply") + values(history, "village_supply")
    volume = values(history, "town_volume") + values(history, "village_volume")
    index = values(history, "retail_price_index")
    np.testing.assert_allclose(index, value / volume, rtol=1e-12)
    prices = [f"{kind}_price_{good}" for kind in ("state", "commercial") for good in GOODS]
    offered = np.array([values(history, name) for name in [*prices, "industrial_goods_price"]])
    assert (index[1:] >= offered.min(axis=0)[:-1] - 1e-12).all()
    assert (index[1:] <= offered.max(axis=0)[:-1] + 1e-12).all()


def test_prices_stand_still_between_reforms(fully: Run, history: xr.Dataset) -> None:
    log = fully.events.table()
    log = log[log["kind"] == "prices"]
    reforms = {d for d, text in zip(log["date"], log["text"], strict=True) if text.startswith("price reform")}
    days = [t.date() for t in history["time"].to_index()]
    price = values(history, "state_price_bread")
    ended = date(1935, 1, 31)
    for before, after, day in zip(price, price[1:], days[1:], strict=False):
        assert (after != before) == (day in reforms or day == ended), day
    assert len(reforms) > 5
    interval = float(BASELINE.parameters.price_scissors.reform_interval)
    months = sorted(12 * d.year + d.month for d in reforms)
    assert min(b - a for a, b in pairwise(months)) >= interval


def test_a_reform_goes_up_or_down_and_less_far_under_control() -> None:
    found = {}
    for control in (0.0, 1.0, 3.0):
        history = History(JANUARY, [0, 0, 0])
        history.board["excess_demand"] = np.array([0.5, -0.5, 0.01])
        history.board["months_since_reform"] = np.full(3, 24.0)
        history.board.settle()
        history.levers["price_control"] = control
        history.workspace.act("price_scissors.revise_prices")
        history.board.settle()
        found[control] = np.log(history.board["state_price_goods"].copy())
    assert found[1.0][0] > 0.0 > found[1.0][1]
    assert found[1.0][2] == 0.0  # below the threshold prices are held
    np.testing.assert_allclose(found[0.0], 2.0 * found[1.0])
    np.testing.assert_allclose(found[3.0], 0.5 * found[1.0])


@pytest.mark.parametrize(("good", "end"), [("bread", "1935-01"), ("food", "1935-10"), ("goods", "1936-01")])
def test_cards_end_at_a_price_between_the_two(fully: Run, history: xr.Dataset, good: str, end: str) -> None:
    state = history[f"state_price_{good}"].isel(member=0).to_series()
    commercial = history[f"commercial_price_{good}"].isel(member=0).to_series()
    cards = history[f"cards_{good}"].isel(member=0).to_series()
    month = np.array([f"{day:%Y-%m}" == end for day in state.index])
    before = np.roll(month, -1)
    assert float(state[before].iloc[0]) < float(state[month].iloc[0]) < float(commercial[before].iloc[0])
    assert float(cards[before].iloc[0]) == 1.0
    assert float(cards[month].iloc[0]) == 0.0
    log = fully.events.table()
    told = log[log["text"].str.startswith("cards for") & (log["kind"] == "prices")]
    assert end in {f"{day:%Y-%m}" for day in told["date"]}
    assert len(told) == 3


def test_the_commercial_price_lies_between_ration_and_market() -> None:
    ration, market = np.array([2.0, 2.0, 2.0]), np.array([30.0, 2.0, 1.0])
    price = between(ration, market, np.array([0.7, 0.7, 0.7]))
    assert 2.0 < price[0] < 30.0
    np.testing.assert_allclose(price[1:], 2.0)


def test_commercial_trade_takes_cash_off_the_market_and_spares_the_ration_price() -> None:
    """Against a history in which nothing that is on cards is sold without them."""
    names = [n for n in BASELINE.decrees if "commercial_trade" in BASELINE.decrees[n].effects]
    none = {f"decrees.{n}.effects.commercial_trade": 0 for n in names}
    end = date(1934, 12, 31)
    without = run(load_scenario("one_country", none).until(end)).sel(time="1934")
    with_it = run(BASELINE.until(end)).sel(time="1934")
    assert float(with_it["commercial_supply"].min()) > 0.0
    assert float(without["commercial_supply"].max()) == 0.0
    for name in ("kolkhoz_market_price", "state_price_bread", "excess_demand"):
        assert float(with_it[name].mean()) < float(without[name].mean()), name


def drifted(vacancies: float = 0.0, policing: float = 0.0, credit: float = 0.0) -> float:
    """Return the log rise of the money wage in January 1928."""
    history = History(JANUARY, [0])
    history.board["vacancies"] = np.array([vacancies])
    history.board.settle()
    history.levers.update(wage_policing=policing, easy_credit=credit)
    history.workspace.act("price_scissors.drift")
    history.board.settle()
    return float(np.log(history.board["wage_index"][0]))


def test_wages_drift_with_scarcity_and_credit_and_less_where_policed() -> None:
    p = BASELINE.parameters.price_scissors
    assert drifted() == pytest.approx(float(p.wage_drift) / 12.0)
    assert drifted(vacancies=0.1) > drifted(vacancies=0.01) > drifted()
    assert drifted(credit=1.0) == pytest.approx((float(p.wage_drift) + float(p.wage_credit)) / 12.0)
    assert drifted(vacancies=0.1, policing=0.5) == pytest.approx(0.5 * drifted(vacancies=0.1))
    assert drifted(vacancies=0.1, policing=1.0) == pytest.approx(0.0, abs=1e-12)


def test_easy_credit_raises_wages_and_cash() -> None:
    """Without the reforms of 1930-31 bills of exchange stay (D-62)."""
    easy = [n for n in BASELINE.decrees if "easy_credit" in BASELINE.decrees[n].effects]
    end = date(1932, 12, 31)
    bills = run(load_scenario("one_country", {f"decrees.{n}.enabled": False for n in easy}).until(end))
    automatic = run(BASELINE.until(end))
    for name in ("average_money_wage", "currency_in_circulation", "kolkhoz_market_price"):
        before = automatic[name].sel(time="1929").values
        np.testing.assert_array_equal(before, bills[name].sel(time="1929").values)
        assert float(automatic[name].sel(time="1932").mean()) > 1.02 * float(
            bills[name].sel(time="1932").mean()
        ), name


def test_inflation_is_open_and_suppressed(history: xr.Dataset) -> None:
    """State prices rise, the peasants' market far more; the real wage falls to 1932-33 (D-63, D-64, D-67)."""
    prices, market = history["retail_price_index"], history["kolkhoz_market_price"]
    assert float(prices.sel(time="1933").mean()) > 1.5
    assert float(market.sel(time="1933").mean()) > 2.0 * float(prices.sel(time="1933").mean())
    assert float(history["excess_demand"].sel(time="1931").mean()) > 0.1
    real = history["real_wage"]
    assert float(real.sel(time="1933").mean()) < 0.75 * float(real.sel(time="1928").mean())
    p = BASELINE.parameters.price_scissors
    index, weight = values(history, "retail_price_index"), float(p.market_weight)
    living = index[1:] ** (1.0 - weight) * values(history, "kolkhoz_market_price")[:-1] ** weight
    np.testing.assert_allclose(values(history, "cost_of_living")[1:], living, rtol=1e-12)


def test_peasants_sell_more_where_the_price_buys_more() -> None:
    """Of grain held above need and of animal products; nothing where trade is closed but a black market."""
    history = History(JANUARY, [0, 0, 0])
    history.board["kolkhoz_market_price"] = np.array([1.0, 4.0, 4.0])
    history.board["village_goods_offer"] = np.array([1.0, 1.0, 0.25])
    history.board.settle()
    history.workspace.act("kolkhoz_market.open_market")
    history.board.settle()
    answer = history.board["market_return"]
    np.testing.assert_allclose(answer[[0, 2]], 1.0)
    assert answer[1] > 1.0
    assert (
        history.board["market_share_of_products"][1] > history.board["market_share_of_products"][[0, 2]]
    ).all()
    history.workspace.act("kolkhoz_market.sell_grain")
    history.ledger.settle()
    sold = history.ledger.moved("market_grain_individual")
    assert sold[0] > 0.0
    np.testing.assert_allclose(sold / sold[0], answer, rtol=1e-9)


def test_the_market_price_is_money_over_goods(history: xr.Dataset) -> None:
    ratio = values(history, "market_spending") / values(history, "market_volume")
    price = ratio / values(history, "market_price_norm")
    np.testing.assert_allclose(values(history, "kolkhoz_market_price"), price, rtol=1e-12)
    assert values(history, "kolkhoz_market_price")[:12].mean() == pytest.approx(
        1.0, abs=bound("market_price_of_1928")
    )
