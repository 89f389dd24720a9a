"""Laws of roads not taken: a tax that leans on individual peasants is paid, and credit brings in some."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest
import xarray as xr
from regional import MANY, SHARES, reckon

from planmodel.runs.history import run
from planmodel.scenario import load_scenario

END = date(1930, 12, 31)
WAYS = ("tax_leaning", "credit_to_collectives")  # levers of the platform


def heads(leaning: float, taxation: float = 0.3, apart: float = 110.0) -> float:
    given = {"village_population": 120.0 * SHARES, "people_individual_peasants_region": apart * SHARES}
    return float(reckon("state.taxed_heads", tax_leaning=leaning, individual_taxation=taxation, **given))


def test_individual_peasants_pay_for_more_heads_where_the_tax_leans() -> None:
    assert heads(0.75) == pytest.approx(120.0 + 0.75 * 0.3 * 110.0)
    assert heads(0.5) < heads(1.0)
    assert heads(1.0, apart=0.0) == pytest.approx(120.0)  # none are left to pay


def test_without_leaning_or_taxation_all_pay_alike() -> None:
    assert heads(0.0) == heads(0.75, taxation=0.0) == heads(0.0, apart=0.0)


def credit(joined: float, support: float = 1.0, prices: float = 2.0, a_head: float = 30.0) -> float:
    made = reckon(
        "state.credit_due", moved_joining=joined, credit_to_collectives=support, retail_price_index=prices,
        credit_on_joining=a_head,
    )  # fmt: skip
    return float(np.ravel(made)[0])


def test_credit_is_for_who_joins_at_the_prices_of_the_day() -> None:
    assert credit(0.5) == pytest.approx(0.5 * 30.0 * 2.0 / 1000.0)
    assert credit(1.0) == pytest.approx(2.0 * credit(0.5))
    assert credit(0.0) == credit(0.5, support=0.0) == credit(0.5, a_head=0.0) == 0.0


def joining(support: float, pull: float = 1.0, freely: float = 0.002) -> float:
    made = reckon(
        "collectivisation.share_joining_kolkhozes", credit_to_collectives=support, credit_pull=pull,
        joining_freely=freely, pressure=np.zeros(MANY),
    )  # fmt: skip
    return float(np.ravel(made)[0])


def test_more_join_of_themselves_where_they_are_given_credit() -> None:
    assert joining(1.0) == pytest.approx(2.0 * joining(0.0))
    assert joining(0.5, pull=3.0) == pytest.approx(2.5 * joining(0.0))
    assert joining(1.0, pull=0.0) == joining(0.0)
    assert joining(1.0, freely=0.0) == 0.0


def test_the_budget_has_to_pay_what_it_lends() -> None:
    due = [
        float(np.ravel(reckon("state.outlays_due", credit_due=n, wages_budgeted=1.0))[0]) for n in (0.0, 0.2)
    ]
    assert due[1] - due[0] == pytest.approx(0.2)


@cache
def played(*off: str) -> xr.Dataset:
    change = {f"decrees.progressive_tax.effects.{way}": 0.0 for way in off}
    return run(load_scenario("joint_opposition", change).until(END))


def test_in_the_platform_the_well_to_do_pay_and_who_joins_is_paid() -> None:
    """Ledgers close every month, or the run would have stopped."""
    usual, alike = played(), played("tax_leaning")
    years = {"time": "1929"}
    paid = [float(d["farm_tax"].sel(years).sum()) for d in (usual, alike)]
    assert 1.05 < paid[0] / paid[1] < 1.3
    assert float(usual["kolkhoz_credit"].sum()) > 0.1
    assert float(played(*WAYS)["kolkhoz_credit"].sum()) == 0.0
    joined = [float(d["collectivised_share"].isel(time=-1).mean()) for d in (usual, played(*WAYS))]
    assert joined[0] > joined[1] + 0.01


def test_in_the_baseline_nothing_is_paid_of_it() -> None:
    history = run(load_scenario("one_country").until(date(1931, 12, 31)))
    assert float(history["kolkhoz_credit"].sum()) == 0.0
    assert float(history["farm_tax"].sum()) > 0.0
