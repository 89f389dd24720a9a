"""Wedge accounting: nothing where nothing is in the way, and a known friction is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from planmodel.engine import Array
from planmodel.experiments.wedges import WEDGES, Accounts, TwoSectors, account

YEARS = range(1928, 1941)
FULL_WEAR = TwoSectors(depreciation=1.0)  # full wear: the one case with a path in closed form


def frictionless_path(e: TwoSectors, growth: float, seed: int) -> Accounts:
    """Return the path of the planner with logarithmic tastes, no subsistence and full wear.

    Then a constant share s of other goods is invested. With n the growth of people, saving gives capital of
    the rest next year = n b aM Y, the division of capital K_A / K_M = w aA (1 - s) / ((1 - w) aM), and
    the two together s = n b aM (1 + K_A / K_M), linear in s. Productivities may go as they like.
    """
    rng = np.random.default_rng(seed)
    weight = e.farm_weight / (1.0 - e.farm_weight)
    push = growth * e.discount * e.other_capital
    ratio = weight * e.farm_capital / e.other_capital
    share = push * (1.0 + ratio) / (1.0 + push * ratio)
    farm_to_other = ratio * (1.0 - share)
    hands = weight * e.farm_labour * (1.0 - share) / e.other_labour
    capital, rows = 3.0, []
    for i in range(len(YEARS)):
        people = 150.0 * growth**i
        workers = 0.5 * people
        farm_capital, other_capital = (
            capital * farm_to_other / (1 + farm_to_other),
            capital / (1 + farm_to_other),
        )
        farm_labour, other_labour = workers * hands / (1 + hands), workers / (1 + hands)
        farm = rng.uniform(0.5, 2.0) * farm_capital**e.farm_capital * farm_labour**e.farm_labour
        other = rng.uniform(0.5, 2.0) * other_capital**e.other_capital * other_labour**e.other_labour
        consumed = (1.0 - share) * other
        # Competitive price and wage: tastes give the price, and one wage rules everywhere.
        price = weight * consumed / farm
        rows.append(
            (
                people,
                farm,
                other,
                farm,
                consumed,
                farm_labour,
                other_labour,
                farm_capital,
                other_capital,
                price,
                1.0,
            )
        )
        capital = share * other
    columns: Array = np.array(rows).T[:, :, None]
    return Accounts(YEARS, *columns)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0.05, 0.4),
    st.floats(0.3, 0.6),
    st.floats(0.1, 0.4),
    st.floats(0.3, 0.6),
    st.floats(0.05, 0.6),
    st.floats(0.8, 0.99),
    st.floats(0.98, 1.05),
    st.integers(0, 10),
)
def test_an_economy_without_frictions_has_no_wedges(
    ka: float, na: float, km: float, nm: float, weight: float, discount: float, growth: float, seed: int
) -> None:
    e = replace(
        FULL_WEAR, farm_capital=ka, farm_labour=na, other_capital=km, other_labour=nm, farm_weight=weight,
        discount=discount,
    )  # fmt: skip
    found = account(frictionless_path(e, growth, seed), e)
    for name in WEDGES:
        seen = found[name].values
        last = len(YEARS) - (1 if name == "saving" else 0)
        np.testing.assert_allclose(seen[:last], 0.0, atol=1e-9, err_msg=name)
    assert np.isnan(found["saving"].values[-1])


def frictionless_year(e: TwoSectors, tax: float = 1.0) -> Accounts:
    """Divide given hands and capital so that worth times product differ by a tax on leaving the farm."""
    people, workers, capital = 150.0, 75.0, 40.0

    def outputs(hands: float, share: float) -> tuple[float, float]:
        farm = (share * capital) ** e.farm_capital * (hands * workers) ** e.farm_labour
        rest = ((1 - share) * capital) ** e.other_capital * ((1 - hands) * workers) ** e.other_labour
        return farm, rest

    def gap(hands: float, share: float, farm_product: float, other_product: float) -> float:
        """Worth of a farm product less that of another, both times both consumptions."""
        farm, rest = outputs(hands, share)
        eaten, consumed = farm - people * e.subsistence, 0.8 * rest
        return e.farm_weight * farm_product * consumed - (1 - e.farm_weight) * other_product * eaten

    def best_share(hands: float) -> float:
        def capital_gap(share: float) -> float:
            farm, rest = outputs(hands, share)
            return gap(hands, share, e.farm_capital * farm / share, e.other_capital * rest / (1 - share))

        return float(brentq(capital_gap, 1e-9, 1 - 1e-9, xtol=1e-15))

    def labour_gap(hands: float) -> float:
        share = best_share(hands)
        farm, rest = outputs(hands, share)
        product = tax * e.farm_labour * farm / hands
        return gap(hands, share, product, e.other_labour * rest / (1 - hands))

    hands = float(brentq(labour_gap, 0.05, 0.95, xtol=1e-15))
    share = best_share(hands)
    farm, rest = outputs(hands, share)
    price = e.farm_weight / (farm / people - e.subsistence) / ((1 - e.farm_weight) / (0.8 * rest / people))
    made = (people, farm, rest, farm, 0.8 * rest)
    used = (hands * workers, (1 - hands) * workers, share * capital, (1 - share) * capital)
    row = np.array([*made, *used, price, 1.0])
    return Accounts([1928], *row[:, None, None])


@pytest.mark.parametrize("subsistence", [0.0, 0.01])
def test_with_subsistence_hands_and_capital_are_where_they_should_be(subsistence: float) -> None:
    e = TwoSectors(subsistence=subsistence)
    found = account(frictionless_year(e), e)
    for name in ("labour", "consumption", "production", "mobility", "capital"):
        assert abs(found[name].item()) < 1e-9, name


@pytest.mark.parametrize("tax", [0.5, 1.7, 8.0])
def test_a_known_tax_on_leaving_the_farm_is_found(tax: float) -> None:
    e = TwoSectors(subsistence=0.01)
    found = account(frictionless_year(e, tax), e)
    assert found["labour"].item() == pytest.approx(np.log(tax), abs=1e-9)
    assert abs(found["capital"].item()) < 1e-9
    # Prices are those of tastes and the wage is one, so that all of it is in production.
    assert found["production"].item() == pytest.approx(np.log(tax), abs=1e-9)


def some_accounts() -> Accounts:
    rng = np.random.default_rng(4)
    columns = rng.uniform(1.0, 3.0, size=(11, len(YEARS), 5))
    return Accounts(YEARS, *columns)


def test_the_components_add_up_to_the_labour_wedge() -> None:
    found = account(some_accounts(), TwoSectors())
    parts = found["consumption"] + found["production"] + found["mobility"]
    np.testing.assert_allclose(parts, found["labour"], atol=1e-12)


def test_units_of_goods_do_not_matter_for_changes() -> None:
    """Another unit of farm goods moves no wedge as long as the price goes with it."""
    accounts = some_accounts()
    other = replace(
        accounts,
        farm_output=7.0 * accounts.farm_output,
        farm_consumption=7.0 * accounts.farm_consumption,
        farm_price=accounts.farm_price / 7.0,
    )
    e = TwoSectors(subsistence=0.1)
    one, two = account(accounts, e), account(other, replace(e, subsistence=0.7))
    for name in WEDGES:
        np.testing.assert_allclose(one[name], two[name], atol=1e-12, err_msg=name)


def test_what_is_not_known_is_not_made_up() -> None:
    accounts = some_accounts()
    unknown = np.full_like(accounts.people, np.nan)
    found = account(replace(accounts, farm_capital=unknown), TwoSectors())
    assert np.isnan(found["capital"]).all()
    assert np.isfinite(found["labour"]).all()


def test_below_subsistence_tastes_say_nothing() -> None:
    found = account(some_accounts(), TwoSectors(subsistence=100.0))
    assert np.isnan(found["labour"]).all()
    assert np.isfinite(found["mobility"]).all()


def test_saving_needs_the_next_year() -> None:
    accounts = some_accounts()
    every_other = Accounts(
        YEARS[::2],
        *(getattr(accounts, name)[::2] for name in accounts.__dataclass_fields__ if name != "years"),
    )
    assert np.isnan(account(every_other, TwoSectors())["saving"]).all()


def test_accounts_of_unequal_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="farm_price has shape"):
        replace(some_accounts(), farm_price=np.ones(3))
