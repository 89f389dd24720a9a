"""Laws of shops for gold: valuables bring foreign exchange, and grain goes back to who hungers."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr
from regional import MANY, ONE, SHARES, only, reckon

from planmodel.runs.history import History
from planmodel.scenario import load_scenario


def test_valuables_are_those_documented_a_twelfth_each_month() -> None:
    given = {"valuables_given": 0.12, "valuables_taken": 0.5}
    assert float(reckon("trade.valuables_of_month", **given)) == pytest.approx(0.005, rel=1e-12)
    assert float(reckon("trade.take_valuables", valuables_of_month=0.005)["valuables_sold"]) == 0.005


def debt(**given: float) -> dict[str, float]:
    usual = {
        "foreign_debt": 1.2, "foreign_credit_line": 0.5, "foreign_exchange_reserve": 0.5, "repayment": 0.2,
        "interest": 0.1, "most_debt_service": 0.5, "valuables_of_month": 0.01, "valuables_to_creditors": 1.0,
    }  # fmt: skip
    return {key: float(value) for key, value in reckon("trade.borrow", **(usual | given)).items()}


def test_valuables_pay_debt_beside_what_is_repaid_as_a_rule() -> None:
    made = debt()
    assert made["foreign_repayment"] == pytest.approx(0.02 + 0.01, rel=1e-12)
    assert made["foreign_debt"] == pytest.approx(1.2 - 0.03, rel=1e-12)
    assert debt(valuables_to_creditors=0.5)["foreign_repayment"] == pytest.approx(0.025, rel=1e-12)
    assert (
        debt(valuables_of_month=0.0)["foreign_repayment"]
        == debt(valuables_to_creditors=0.0)["foreign_repayment"]
    )


def test_nobody_repays_more_than_is_owed_or_in_hand() -> None:
    assert debt(foreign_debt=0.004)["foreign_repayment"] == 0.004
    assert debt(foreign_debt=0.0)["foreign_repayment"] == 0.0
    assert debt(foreign_exchange_reserve=0.02)["foreign_repayment"] == pytest.approx(0.01, rel=1e-12)


def test_grain_for_gold_goes_by_what_is_wanting() -> None:
    claim = float(reckon("state_grain.gold_claim", valuables_of_month=0.01, grain_for_valuables=2.3))
    assert claim == pytest.approx(0.023, rel=1e-12)
    need = SHARES * 2.0
    part = reckon(
        "state_grain.gold_part_region", village_deficit_region=only(0.2), village_food_need_region=need
    )
    assert np.sum(part) == pytest.approx(1.0, rel=1e-12)
    assert part[ONE] > 0.999
    fed = reckon(
        "state_grain.gold_part_region", village_deficit_region=np.zeros(MANY), village_food_need_region=need
    )
    np.testing.assert_allclose(fed, SHARES, rtol=1e-9)


def test_the_state_reckons_with_grain_for_gold() -> None:
    given = {"months_to_july": 5, "claims_cut_first": 1.0}
    less = float(reckon("state_grain.grain_outlook", gold_claim=0.03, **given))
    more = float(reckon("state_grain.grain_outlook", gold_claim=0.0, **given))
    assert more - less == pytest.approx(0.15, rel=1e-9)


@cache
def histories() -> xr.Dataset:
    """Return the baseline to 1936: with shops for gold, without them, and without their grain."""
    scenario = load_scenario("baseline")
    scenario = scenario.until(scenario.period.start.replace(year=1936, month=12, day=31))
    sizes = {
        "parameters.trade.valuables_taken": np.array([1.0, 0.0, 1.0]),
        "parameters.state_grain.grain_for_valuables": np.array([2.3, 2.3, 0.0]),
    }
    return History.of(scenario, [0, 0, 0], 1, sizes).run().dataset


def test_shops_for_gold_stand_from_1931_to_1935_and_what_they_take_in_is_on_record() -> None:
    taken = histories()["valuables_sold"].isel(member=0)
    assert float(taken.sel(time="1930").max()) == 0.0
    assert float(taken.sum()) == pytest.approx(0.2876, abs=0.001)
    assert float(taken.sel(time="1933").sum()) == pytest.approx(0.1152, rel=1e-9)


def test_at_the_null_values_nothing_is_taken_or_given() -> None:
    without = histories().isel(member=1)
    assert float(without["valuables_sold"].max()) == float(without["grain_for_gold"].max()) == 0.0
    assert float(histories().isel(member=2)["grain_for_gold"].max()) == 0.0


def test_gold_lowers_the_debt_and_its_grain_the_deaths_of_1933() -> None:
    owed = histories()["foreign_debt"].sel(time="1933-12").values.ravel()
    assert owed[0] < owed[1] - 0.05
    dead = histories()["excess_deaths"].sel(time="1933").sum("time").values
    assert dead[0] < dead[2] - 0.05
    assert dead[1] == pytest.approx(dead[2], rel=0.01)
