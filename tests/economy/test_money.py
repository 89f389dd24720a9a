"""Money: every payment leaves one account and enters another; taxes, wages and cash add up."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import xarray as xr

from planmodel.economy import Economy, run
from planmodel.flows.payments import ACCOUNTS
from planmodel.flows.price_scissors import PriceScissors
from planmodel.kernel import Array, UserError, total
from planmodel.report.balances import transactions
from planmodel.scenario import load_scenario, registry
from planmodel.sectors.capital import BRANCHES

BASELINE = load_scenario("baseline")
YEARS = range(1929, 1941)


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    """The central history and one with weather of its own."""
    return run(BASELINE, members=2)


def values(dataset: xr.Dataset, name: str) -> Array:
    return np.asarray(dataset[name].values)


@pytest.mark.parametrize("member", [0, 1])
@pytest.mark.parametrize("year", YEARS)
def test_every_row_and_column_of_the_matrix_sums_to_zero(history: xr.Dataset, year: int, member: int) -> None:
    table = transactions(history, year, member)
    inside = table.drop(index="sum", columns="sum")
    limit = 1e-9 * float(inside.abs().to_numpy().max())
    assert limit > 0.0
    assert float(inside.sum(axis=0).abs().max()) < limit
    assert float(inside.sum(axis=1).abs().max()) < limit
    assert set(inside.columns) == {*ACCOUNTS, "state_bank"}
    # Each payment has one payer and one payee, and every declared payment is in the matrix.
    payments = inside.drop(index="change_in_money")
    assert set(payments.index) == {f.name for f in registry.flows() if f.commodity == "money"}
    assert ((payments.to_numpy() < 0.0).sum(axis=1) <= 1).all()
    assert ((payments.to_numpy() > 0.0).sum(axis=1) <= 1).all()


def test_the_matrix_shows_the_change_in_what_is_held(history: xr.Dataset) -> None:
    """Not only zero sums: the row of changes is that of the accounts themselves."""
    for year in YEARS:
        change = transactions(history, year).loc["change_in_money"]
        for account in ACCOUNTS:
            held = history[f"money_{account}"].isel(member=0)
            before, after = held.sel(time=f"{year - 1}-12-31"), held.sel(time=f"{year}-12-31")
            assert -change[account] == pytest.approx(float(after) - float(before), abs=1e-9)


def test_the_matrix_of_a_year_outside_the_run_is_refused(history: xr.Dataset) -> None:
    with pytest.raises(UserError, match="1927"):
        transactions(history, 1927)


def test_money_is_made_and_withdrawn_by_the_bank_alone(history: xr.Dataset) -> None:
    held = total([values(history, f"money_{account}") for account in ACCOUNTS])
    lent = values(history, "bank_credit") + values(history, "emission")
    repaid = values(history, "bank_repayment") + values(history, "budget_surplus")
    np.testing.assert_allclose(np.diff(held, axis=1), (lent - repaid)[:, 1:], atol=1e-9)


def test_no_account_is_overdrawn(history: xr.Dataset) -> None:
    for account in ACCOUNTS:
        assert values(history, f"money_{account}").min() >= 0.0


def test_turnover_tax_is_a_part_of_turnover(history: xr.Dataset) -> None:
    turnover, tax = values(history, "retail_turnover"), values(history, "turnover_tax")
    assert (tax <= turnover).all()
    assert (tax >= 0.0).all()
    sold = values(history, "retail_towns") + values(history, "retail_village")
    np.testing.assert_allclose(turnover, sold, rtol=1e-12)
    assert tax[0, 24:].min() > 0.0


def test_currency_is_what_households_hold(history: xr.Dataset) -> None:
    cash = values(history, "money_peasants") + values(history, "money_townspeople")
    np.testing.assert_array_equal(values(history, "currency_in_circulation"), cash)


def test_wages_are_paid_by_enterprises_and_budget_in_full(history: xr.Dataset) -> None:
    paid = values(history, "wages_of_enterprises") + values(history, "wages_of_budget")
    np.testing.assert_allclose(paid, values(history, "wage_bill"), rtol=1e-9)
    share = float(BASELINE.parameters.state.budget_wages)
    np.testing.assert_allclose(values(history, "wages_of_budget"), share * paid, rtol=1e-9)


def test_the_wage_bill_is_earners_at_the_average_wage(history: xr.Dataset) -> None:
    """At the number and the wage of the morning: those of the month before, less nothing."""
    bill = values(history, "wage_bill")
    earners = values(history, "industrial_wage_earners") + values(history, "construction_employment")
    earners = earners + values(history, "people_other_employees")
    expected = earners * values(history, "average_money_wage") / 12000.0
    np.testing.assert_allclose(bill[:, 1:], expected[:, :-1], rtol=1e-9)


def test_investment_and_defence_are_paid_for(history: xr.Dataset) -> None:
    """The budget pays what it means to pay: emission closes any gap but the rise within a month."""
    paid = values(history, "investment_finance") + values(history, "defence_outlays")
    paid = paid + values(history, "wages_of_budget")
    assert (paid <= values(history, "budget_needs") * 1.2).all()
    built = total([values(history, f"construction_{branch}") for branch in BRANCHES])
    assert (values(history, "investment_finance")[built > 0.0] > 0.0).all()


def test_households_spend_no_more_than_they_hold(history: xr.Dataset) -> None:
    spent = values(history, "retail_towns") + values(history, "market_purchases")
    assert (spent[:, 1:] <= values(history, "money_townspeople")[:, :-1] * (1.0 + 1e-12)).all()
    assert (values(history, "retail_towns") <= values(history, "town_supply") * (1.0 + 1e-9)).all()
    assert (values(history, "retail_village") <= values(history, "village_supply") * (1.0 + 1e-9)).all()


def test_prices_rise_where_money_exceeds_goods_and_slower_under_control() -> None:
    found = {}
    for control in (0.0, 1.0, 3.0):
        economy = Economy(BASELINE.until(date(1928, 1, 31)), [0, 0])
        prices = next(c for c in economy.components if isinstance(c, PriceScissors))
        economy.board["excess_demand"] = np.array([0.5, -0.5])
        economy.board.settle()
        economy.levers["price_control"] = control
        prices.drift()
        economy.board.settle()
        found[control] = np.log(economy.board["retail_price_index"].copy())
    assert found[1.0][0] > 0.0
    assert found[1.0][1] < 0.0
    np.testing.assert_allclose(found[0.0], 2.0 * found[1.0])
    np.testing.assert_allclose(found[3.0], 0.5 * found[1.0])


def test_wages_drift_less_where_they_are_policed() -> None:
    found = []
    for policing in (0.0, 0.5, 1.0):
        economy = Economy(BASELINE.until(date(1928, 1, 31)), [0])
        prices = next(c for c in economy.components if isinstance(c, PriceScissors))
        economy.levers["wage_policing"] = policing
        before = float(economy.board["average_money_wage"][0])
        prices.drift()
        economy.board.settle()
        found.append(float(np.log(economy.board["average_money_wage"][0] / before)))
    assert found[0] == pytest.approx(float(BASELINE.parameters.price_scissors.wage_drift) / 12.0)
    assert found[1] == pytest.approx(0.5 * found[0])
    assert found[2] == pytest.approx(0.0, abs=1e-12)


def test_inflation_is_open_and_suppressed(history: xr.Dataset) -> None:
    """State prices rise, the peasants' market far more; the real wage falls to 1932-33 (D-63, D-64, D-67)."""
    prices = history["retail_price_index"].isel(member=0)
    market = history["kolkhoz_market_price"].isel(member=0)
    year = "1933"
    assert float(prices.sel(time=year).mean()) > 1.5
    assert float(market.sel(time=year).mean()) > 2.0 * float(prices.sel(time=year).mean())
    real = history["real_wage"].isel(member=0)
    assert float(real.sel(time=year).mean()) < 0.75 * float(real.sel(time="1928").mean())
    recomputed = values(history, "average_money_wage") / 690.0 / values(history, "cost_of_living")
    np.testing.assert_allclose(values(history, "real_wage"), recomputed, rtol=1e-12)
