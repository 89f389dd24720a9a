"""Money: every payment leaves one account and enters another; taxes, wages and cash add up."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from one_country import ECONOMY
from thresholds import bound

from planmodel.economies.soviet.sites import BRANCHES
from planmodel.engine import Array, UserError, total
from planmodel.report.balances import transactions
from planmodel.runs.history import History, run
from planmodel.scenario import load_scenario

BLOCKS = {block.name: block for block in ECONOMY.blocks}

AXES = ECONOMY.axes
TOWN = AXES["town"]

BASELINE = load_scenario("one_country")
YEARS = range(1929, 1941)
PAYMENTS = BLOCKS["payments"]
ACCOUNTS = tuple(a.name for a in PAYMENTS.accounts if a.kind == "stock")
PRICES = {c.name: c.value for c in PAYMENTS.declared.constants}
RETAIL_1928 = {
    "meat_town": PRICES["meat_price_1928"],
    "milk_town": PRICES["milk_price_1928"],
    "potatoes_to_towns": PRICES["potato_price_1928"],
}


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
    assert set(payments.index) == {f.name for f in ECONOMY.flows() if f.commodity == "money"}
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
    earners = values(history, "industrial_wage_earners") + values(history, "people_construction_workers")
    earners = earners + values(history, "people_other_employees")
    expected = earners * values(history, "average_money_wage") / 12000.0
    np.testing.assert_allclose(bill[:, 1:], expected[:, :-1], rtol=1e-9)


def test_investment_and_defence_are_paid_for(history: xr.Dataset) -> None:
    """The budget pays what it means to pay: emission closes any gap but the rise within a month."""
    paid = values(history, "investment_finance") + values(history, "defence_outlays")
    paid = paid + values(history, "wages_of_budget") + values(history, "transfers")
    assert (paid <= values(history, "budget_needs") * bound("budget_beyond_its_needs")).all()
    built = total([values(history, f"construction_{branch}") for branch in BRANCHES])
    assert (values(history, "investment_finance")[built > 0.0] > 0.0).all()


def test_households_spend_no_more_than_they_hold(history: xr.Dataset) -> None:
    spent = values(history, "retail_towns") + values(history, "market_purchases")
    assert (spent[:, 1:] <= values(history, "money_townspeople")[:, :-1] * (1.0 + 1e-12)).all()
    assert (values(history, "retail_towns") <= values(history, "town_supply") * (1.0 + 1e-9)).all()
    assert (values(history, "retail_village") <= values(history, "village_supply") * (1.0 + 1e-9)).all()


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), off=st.sets(st.sampled_from(sorted(ECONOMY.switches()))))
def test_the_matrix_sums_to_zero_for_any_member_and_switches(seed: int, off: set[str]) -> None:
    """Parameters anywhere within their bounds, any mechanisms turned off."""
    chance = np.random.default_rng(seed)
    parameters = {
        component: {name: chance.uniform(*p.bounds, 2) for name, p in group.items()}
        for component, group in ECONOMY.parameters().items()
    }
    scenario = load_scenario("one_country", switch_off=sorted(off)).until(date(1930, 12, 31))
    dataset = run(scenario, members=[1, 2], seed=seed, parameters=parameters)
    for member in (0, 1):
        for year in (1929, 1930):
            inside = transactions(dataset, year, member).drop(index="sum", columns="sum")
            limit = 1e-9 * float(inside.abs().to_numpy().max())
            assert float(inside.sum(axis=0).abs().max()) < limit
            assert float(inside.sum(axis=1).abs().max()) < limit


def test_the_village_is_paid_through_the_ledger(history: xr.Dataset) -> None:
    """Grain at the price of 1928 times the index, and no money for what the MTS take in kind."""
    p = BASELINE.parameters.payments
    grain = values(history, "procured_individual") + values(history, "procured_kolkhoz")
    products = total(values(history, flow) * price for flow, price in RETAIL_1928.items())
    state = products * (1.0 - values(history, "market_share_of_products")) * float(p.farm_price_share)
    price = values(history, "procurement_price")[:, :-1]  # payments of a month are at its opening prices
    paid = values(history, "farm_purchases")[:, 1:]
    food = (grain * float(p.grain_price_1928) + state)[:, 1:] * price
    crops = (values(history, "crops_procured_fibres") + values(history, "crops_procured_beet"))[:, 1:]
    assert (paid[crops == 0.0] > 0.0).any()
    np.testing.assert_allclose(paid[crops == 0.0], food[crops == 0.0], rtol=1e-9)
    in_kind = values(history, "mts_payment") * float(p.grain_price_1928)
    np.testing.assert_allclose(values(history, "mts_payment_value")[:, 1:], in_kind[:, 1:] * price, rtol=1e-9)
    assert in_kind[:, -12:].max() > 0.0


def test_turnover_tax_is_sales_less_costs(history: xr.Dataset) -> None:
    """(Retail - wholesale) x volume, and (retail - procurement and processing) x volume for food (A-37)."""
    p = BASELINE.parameters.state

    def of(name: str) -> Array:
        return values(history, name)

    turnover = of("retail_towns") + of("retail_village")
    sold = turnover / (of("town_supply") + of("village_supply"))
    goods = (of("volume_goods") + of("village_volume")) * of("wholesale_price")
    food = (of("volume_bread") + of("volume_food")) * float(p.processing) * of("cost_index")
    prices = History(BASELINE).context.exogenous["crop_price"]
    dearer = np.array([float(prices.on(day)) for day in pd.DatetimeIndex(history["time"].values).date]) - 1.0
    crops = (of("crops_used_fibres") + of("crops_used_beet")) * dearer
    costs = (goods + food + of("food_cost") + crops) * sold
    due = turnover * (1.0 - float(p.trade_margin)) - costs
    np.testing.assert_allclose(of("turnover_tax_due"), np.maximum(due, 0.0), rtol=1e-9)
    paid, owed = of("turnover_tax")[:, 1:], of("turnover_tax_due")[:, :-1]
    assert (paid <= owed * (1.0 + 1e-9)).all()
    # Less only where enterprises have no money.
    assert np.isclose(paid, owed, rtol=1e-9).mean() > bound("turnover_tax_paid")
    assert 0.3 < of("turnover_tax").sum() / turnover.sum() < 0.9


def test_town_consumption_is_food_and_goods_a_head(history: xr.Dataset) -> None:
    """It begins at one, falls with food and goods to 1933, and is what the model of work may read."""
    consumption = history["town_consumption"].isel(member=0)
    assert float(consumption.sel(time="1928").mean()) == pytest.approx(1.0, abs=0.05)
    assert float(consumption.sel(time="1933").mean()) < 0.85
    p = BASELINE.parameters.payments
    bought = values(history, "retail_towns") / values(history, "town_supply")
    people = total(values(history, f"people_{group}") for group in TOWN)
    goods = values(history, "volume_goods") * bought / people / values(history, "goods_norm_towns")
    weight = float(p.food_budget)
    living = weight * values(history, "town_nutrition") + (1.0 - weight) * goods
    noted = values(history, "town_consumption")
    smoothed = noted[:, :-1] + (living[:, 1:] - noted[:, :-1]) / float(p.shop_memory)
    np.testing.assert_allclose(noted[:, 1:], smoothed, rtol=1e-9)
