"""Foreign trade: what earns exchange, what the unfree add, debt, and what is bought."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import xarray as xr

from planmodel.engine import Array
from planmodel.runs.history import run
from planmodel.scenario import load_scenario

BASELINE = load_scenario("one_country")
SHORT = BASELINE.until(date(1936, 12, 31))


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    return run(SHORT)


def values(dataset: xr.Dataset, name: str) -> Array:
    return np.asarray(dataset[name].values)[0]


def test_debt_is_what_was_borrowed_and_not_repaid(history: xr.Dataset) -> None:
    change = np.diff(values(history, "foreign_debt"))
    drawn = values(history, "foreign_loans") - values(history, "foreign_repayment")
    np.testing.assert_allclose(change, drawn[1:], atol=1e-12)
    assert values(history, "foreign_debt").max() > 1.5 * values(history, "foreign_debt")[0]
    assert values(history, "foreign_debt")[-1] < values(history, "foreign_debt").max()


def test_exchange_is_spent_on_imports_and_machines_come_of_it(history: xr.Dataset) -> None:
    earned = values(history, "exports") + values(history, "gold_sales") + values(history, "foreign_loans")
    earned = earned + values(history, "valuables_sold")
    spent = values(history, "imports") + values(history, "foreign_repayment")
    spent = spent + values(history, "foreign_interest")
    held = np.diff(values(history, "foreign_exchange_reserve"))
    np.testing.assert_allclose(held, (earned - spent)[1:], atol=1e-12)
    ratio = values(history, "imports_producer_goods") / values(history, "imports")
    p = BASELINE.parameters.trade
    assert ratio[0] == pytest.approx(float(p.machine_share) * float(p.import_price), rel=1e-3)
    assert (ratio >= ratio[0] * 0.999).all()  # machines grew cheaper in the depression


def test_timber_and_gold_of_the_unfree_buy_machines(history: xr.Dataset) -> None:
    """D-27: without camp labour there is less of both, and fewer imports."""
    without = run(load_scenario("one_country", switch_off=["camp_labour"]).until(SHORT.period.end))
    for name in ("exports_timber", "gold_sales", "imports"):
        later = slice("1934", "1936")
        assert float(without[name].sel(time=later).sum()) < float(history[name].sel(time=later).sum()), name
    before = slice("1928", "1931-10")  # the fields are opened in November 1931
    np.testing.assert_array_equal(
        without["gold_sales"].sel(time=before).values, history["gold_sales"].sel(time=before).values
    )


def test_without_grain_exports_fewer_machines(history: xr.Dataset) -> None:
    without = run(load_scenario("one_country", switch_off=["grain_exports"]).until(date(1931, 12, 31)))
    years = slice("1930", "1931")
    assert float(without["exports_grain"].sum()) == 0.0
    for name in ("imports", "imports_producer_goods"):
        assert float(without[name].sel(time=years).sum()) < 0.95 * float(history[name].sel(time=years).sum())


def test_lenders_who_withdraw_cut_imports() -> None:
    closed = run(
        load_scenario("one_country", {"exogenous.foreign_credit_line.scale": 0.5}).until(date(1932, 12, 31))
    )
    opened = run(BASELINE.until(date(1932, 12, 31)))
    years = slice("1930", "1931")
    assert float(closed["imports"].sel(time=years).sum()) < float(opened["imports"].sel(time=years).sum())
    assert float(closed["foreign_debt"].max()) < float(opened["foreign_debt"].max())
