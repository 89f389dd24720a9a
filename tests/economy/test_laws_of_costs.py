"""Laws of costs, food, shares of branches and the budget: sign, limit, null value and balance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest
from planned import START, read, rows, size, stand
from watching import BASELINE, act, put

from planmodel.economies.soviet.sites import BRANCHES
from planmodel.runs.history import History

HEAVY = [BRANCHES.index("metal_and_fuel"), BRANCHES.index("engineering")]


# ---- what a rouble of work costs ---------------------------------------------------------------------------


def cost(parameters: Mapping[str, float] | None = None, reform: float = 0.0, **variables: float) -> float:
    given = {"skill": 1.0} | variables
    history = stand(START, {"accumulation": parameters or {}}, **given)  # type: ignore[arg-type]
    history.levers["wholesale_reform"] = reform
    act(history, "accumulation.reckon_construction_cost")
    return float(history.board["construction_cost"][0])


def test_costs_follow_wages_and_prices_by_their_shares() -> None:
    share = {"cost_wages": 0.6, "prices_held": 0.0}
    base = cost(share)
    assert cost(share, wage_index=2.0) / base == pytest.approx(2.0**0.6, rel=1e-9)
    assert cost(share, cost_index=2.0) / base == pytest.approx(2.0**0.4, rel=1e-9)


def test_better_builders_make_building_cheaper() -> None:
    base = cost()
    assert cost(site_management=0.8) > base
    assert cost(town_nutrition=0.5) > base


def test_subsidies_hold_prices_back_until_the_reform() -> None:
    held = {"prices_held": 0.5, "cost_wages": 0.5}
    free = cost({"prices_held": 0.0, "cost_wages": 0.5}, cost_index=4.0)
    assert cost(held, cost_index=4.0) == pytest.approx(free / 4.0**0.25, rel=1e-9)
    assert cost(held, reform=1.0, cost_index=4.0) == pytest.approx(free, rel=1e-9)


# ---- food and management -----------------------------------------------------------------------------------


def test_hunger_tells_on_builders_and_on_industry_each_by_its_own_elasticity() -> None:
    enough = size(stand(), "workforce", "enough_town_food")
    history = stand(town_nutrition=0.7 * enough)
    builders, industry = (
        read(history, "food_of_builders", "accumulation"),
        read(history, "fed_work", "workforce"),
    )
    assert builders == pytest.approx(0.7 ** size(history, "accumulation", "builder_food_effect"), rel=1e-9)
    assert industry == pytest.approx(0.7 ** size(history, "workforce", "food_effect"), rel=1e-9)


def test_plenty_makes_nobody_work_more() -> None:
    history = stand(town_nutrition=3.0)
    assert read(history, "food_of_builders", "accumulation") == 1.0
    assert read(history, "fed_work", "workforce") == 1.0


def test_hunger_drives_builders_off_and_nobody_else() -> None:
    off = rows(stand(town_nutrition=0.5), "driven_off", "labour")
    assert (off > 0.0).sum() == 1
    assert (rows(stand(town_nutrition=1.2), "driven_off", "labour") == 0.0).all()


# ---- shares of branches ------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.01, 0.05, 0.3, 0.8])
def test_shares_of_starts_add_up_and_producer_goods_get_theirs(share: float) -> None:
    history = stand()
    history.levers["producer_goods_share"] = share
    shares = rows(history, "share_of_starts")
    assert shares.sum() == pytest.approx(1.0, rel=1e-12)
    assert shares[HEAVY].sum() == pytest.approx(share, rel=1e-12)
    others = np.delete(shares, HEAVY)
    before = np.delete(rows(stand(), "share_of_starts"), HEAVY)
    np.testing.assert_allclose(others / others.sum(), before / before.sum(), rtol=1e-12)


def test_a_part_of_what_wears_out_is_replaced_whatever_the_plan_says() -> None:
    history = stand(starts=0.0)
    replaced = rows(history, "replaced_branch", "capital")
    np.testing.assert_allclose(rows(history, "started_branch"), replaced, rtol=1e-12)
    assert (replaced > 0.0).all()
    none = stand(parameters={"capital": {"replacement": 0.0}}, starts=0.0)
    assert (rows(none, "started_branch") == 0.0).all()
    much = stand(starts=1e4)
    np.testing.assert_allclose(rows(much, "started_branch"), 1e4 * rows(much, "share_of_starts"), rtol=1e-12)


# ---- the budget --------------------------------------------------------------------------------------------


def test_outlays_beyond_the_usual_press_and_the_usual_follows() -> None:
    history = History(BASELINE)
    history.clock.environment.run(until=history.clock.day(date(1933, 5, 1)))
    put(history, {"outlays_now": 12.0, "revenue_now": 10.0, "budget_norm": 1.0})
    seen = []
    for _ in range(200):
        put(history, {"outlays_now": 12.0, "revenue_now": 10.0})
        act(history, "state.weigh_budget")
        seen.append([float(history.board[n][0]) for n in ("budget_pressure", "budget_norm")])
    pressure, norm = np.array(seen).T
    assert (np.diff(pressure) < 0.0).all()
    assert (np.diff(norm) > 0.0).all()
    assert pressure[0] == pytest.approx(0.2, abs=0.02)
    assert norm[-1] == pytest.approx(1.2, abs=1e-3)
    np.testing.assert_allclose(pressure + norm, 1.2, rtol=1e-12)


def test_the_bank_issues_what_the_budget_lacks_for_all_that_is_due() -> None:
    history = stand(START)
    due = sum(
        read(history, n, "state") for n in ("wages_budgeted", "investment_budgeted", "defence_budgeted")
    )
    due += read(history, "transfers_due", "payments")
    assert read(history, "outlays_due", "state") == pytest.approx(due, rel=1e-12)
    history.ledger.endow("money", "budget", 0.25 * due)
    act(history, "state.fill_budget")
    assert float(history.ledger.moved("emission")[0]) == pytest.approx(0.75 * due, rel=1e-9)


def test_the_village_is_taxed_by_the_head_and_by_prices_not_by_what_it_holds() -> None:
    paid = []
    for cash, prices in ((5.0, 1.0), (50.0, 1.0), (50.0, 2.0)):
        history = stand(START, retail_price_index=prices)
        history.ledger.endow("money", "peasants", cash)
        act(history, "state.tax")
        paid.append(float(history.ledger.moved("farm_tax")[0]))
    people = read(history, "village_population", "population")
    assert paid[0] == pytest.approx(people * size(history, "state", "farm_tax") / 12_000.0, rel=1e-9)
    assert paid[1:] == pytest.approx([paid[0], 2.0 * paid[0]], rel=1e-9)


def test_defence_costs_more_where_wages_or_costs_rise() -> None:
    paid = []
    for wages, costs in ((1.0, 1.0), (2.0, 1.0), (1.0, 2.0)):
        paid.append(read(stand(START, wage_index=wages, cost_index=costs), "defence_budgeted", "state"))
    pay = size(stand(), "state", "defence_pay")
    assert paid[1] / paid[0] == pytest.approx(2.0**pay, rel=1e-9)
    assert paid[2] / paid[0] == pytest.approx(2.0 ** (1.0 - pay), rel=1e-9)


def test_arms_come_first_as_far_as_works_can_turn_to_them() -> None:
    claims = []
    for convertible in (0.3, 0.9):
        history = stand(START, {"heavy_industry": {"convertible": convertible}}, heavy_labour=1.0)
        able, wanted = (read(history, n, "heavy_industry") for n in ("engineering_able", "arms_wanted"))
        act(history, "heavy_industry.need_arms")
        claims.append(float(history.board["defence_claim"][0]))
        assert claims[-1] == pytest.approx(min(wanted, convertible * able), rel=1e-12)
    poor = stand(START, {"heavy_industry": {"convertible": 0.3}}, heavy_labour=0.01)
    act(poor, "heavy_industry.need_arms")
    assert 0.0 < float(poor.board["defence_claim"][0]) < claims[0]
