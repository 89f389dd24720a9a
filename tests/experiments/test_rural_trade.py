"""The surplus of agriculture is drawn from the books of the model, and its sign hangs on prices alone."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from planmodel.engine import total
from planmodel.experiments.annual import Annual, yearly
from planmodel.experiments.rural_trade import RECORDED, VECTORS, FarmPrices, farm_sales, surplus
from planmodel.experiments.two_sectors import ACCOUNTED, model_accounts
from planmodel.runs.history import run
from planmodel.scenario import load_scenario

SCENARIO = load_scenario("one_country")
PRICES = FarmPrices.of(SCENARIO)
OUTSIDE = ("food_town", "grain_to_army", "grain_export", "grain_to_camps", "grain_to_industry")


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    stocks = ("cattle_household", "tractors_farms", "grain_state", "grain_reserve", "grain_town")
    return run(SCENARIO, members=2, seed=3, wanted={*RECORDED, *ACCOUNTED, "tribute", *stocks, *OUTSIDE})


def test_sales_are_what_the_model_pays_for(history: xr.Dataset) -> None:
    """Deliveries, MTS grain and crops at parity are tribute and payments together, in every month.

    Payments of a month are reckoned at the prices that stood at its opening.
    """
    annual = Annual(history)
    sold = farm_sales(annual, PRICES)
    at_parity = sold["delivered"] + annual.months("mts_payment") * PRICES.grain + sold["crops"]
    price = annual.months("industrial_goods_price").reshape(-1, 2)[:-1]
    value = annual.months("tribute", "farm_purchases").reshape(-1, 2)[1:]
    np.testing.assert_allclose(at_parity.reshape(-1, 2)[1:], value / price, rtol=1e-9, atol=1e-12)


def test_grain_that_leaves_the_village_is_used_or_kept_outside(history: xr.Dataset) -> None:
    """By the ledger: what is sold less what comes back is eaten, exported or in stores of state and towns."""
    annual = Annual(history)
    tonnes = FarmPrices(1.0, dict.fromkeys(PRICES.products, 0.0))
    sold = farm_sales(annual, tonnes)
    left = yearly(sold["delivered"] + sold["in_kind"] + sold["market"] - sold["returned"])[1:]
    stored = np.diff(annual.end("grain_state", "grain_reserve", "grain_town"), axis=0)
    np.testing.assert_allclose(left, annual.total(*OUTSIDE)[1:] + stored, rtol=1e-9)
    assert (yearly(sold["returned"]) > 0.1).any()


def test_at_break_even_prices_nothing_is_left(history: xr.Dataset) -> None:
    found = surplus(history, PRICES)
    np.testing.assert_allclose(found["sales"] * found["break_even"], found["goods"], rtol=1e-12)
    np.testing.assert_allclose(
        found["surplus_prices_of_1928"], found["sales"] - found["goods"], rtol=1e-9, atol=1e-12
    )


def test_the_sign_hangs_on_prices_only(history: xr.Dataset) -> None:
    """Share = 1 - goods over sales times the price of goods over that of farm products."""
    found = surplus(history, PRICES)
    for vector in ("labour_of_1928", "labour_of_year"):
        relative = (1.0 - found[f"share_{vector}"]) / found["break_even"]
        assert (relative > 0.0).all(), vector
    assert float(found["share_labour_of_1928"][0, 0]) == pytest.approx(
        float(found["share_labour_of_year"][0, 0]), rel=1e-12
    )
    first = (1.0 - found["share_labour_of_1928"]) / found["break_even"]
    np.testing.assert_allclose(first, np.broadcast_to(first[0], first.shape), rtol=1e-12)


def test_dearer_industrial_goods_turn_the_balance_of_money_and_not_of_goods(history: xr.Dataset) -> None:
    dear = history.assign(industrial_goods_price=2.0 * history["industrial_goods_price"])
    one, two = surplus(history, PRICES), surplus(dear, PRICES)
    assert (two["surplus_state_prices"] < one["surplus_state_prices"]).all()
    np.testing.assert_array_equal(one["surplus_prices_of_1928"], two["surplus_prices_of_1928"])


def test_every_vector_is_there(history: xr.Dataset) -> None:
    found = surplus(history, PRICES)
    for vector in VECTORS:
        assert np.isfinite(found[f"surplus_{vector}"]).all(), vector


def test_years_are_added_up_by_their_months(history: xr.Dataset) -> None:
    annual = Annual(history)
    flow = history["crops_procured_fibres"].groupby("time.year").sum().transpose("year", "member")
    np.testing.assert_allclose(annual.total("crops_procured_fibres"), flow, rtol=1e-12)
    assert annual.years == list(flow["year"].values)
    stock = history["cattle_household"].sel(time="1933-12-31").values
    np.testing.assert_array_equal(annual.end("cattle_household")[5], stock)
    months = annual.months("crops_procured_fibres")
    np.testing.assert_array_equal(yearly(months), total(months[:, m] for m in range(12)))


def test_a_run_without_a_whole_year_is_refused(history: xr.Dataset) -> None:
    with pytest.raises(ValueError, match="no whole calendar year"):
        Annual(history.isel(time=slice(3, 14)))


def test_a_run_that_begins_within_a_year_is_cut(history: xr.Dataset) -> None:
    whole, later = Annual(history), Annual(history.isel(time=slice(5, None)))
    assert later.years == whole.years[1:]
    np.testing.assert_array_equal(
        later.total("crops_procured_fibres"), whole.total("crops_procured_fibres")[1:]
    )


def test_accounts_of_the_model_hold_together(history: xr.Dataset) -> None:
    accounts = model_accounts(history, PRICES)
    for name, values in vars(accounts).items():
        if name != "years":
            assert np.isfinite(values).all(), name
            assert (values > 0.0).all(), name
    assert (accounts.other_consumption < accounts.other_output + accounts.farm_output).all()
    assert accounts.farm_consumption == pytest.approx(accounts.farm_output, rel=0.6)
