"""Laws of the plan in money, of starts, costs, food and the budget: sign, limit, null value and balance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest
from watching import BASELINE, act, put

from planmodel.economies.soviet.sites import BRANCHES
from planmodel.engine import Array, total
from planmodel.runs.history import History

START, DECEMBER, JUNE, MARCH = (date(1928, month, 1) for month in (1, 12, 6, 3))
HEAVY = [BRANCHES.index("metal_and_fuel"), BRANCHES.index("engineering")]


def stand(
    day: date = DECEMBER,
    parameters: Mapping[str, Mapping[str, float]] | None = None,
    off: tuple[str, ...] = (),
    **variables: float,
) -> History:
    """Return an economy that stands on a day of 1928, with nothing having happened since the start."""
    values = {block: {n: np.array([v]) for n, v in of.items()} for block, of in (parameters or {}).items()}
    switches = BASELINE.switches.model_copy(update=dict.fromkeys(off, False))
    history = History(BASELINE.model_copy(update={"switches": switches}), parameters=values)
    if day > history.clock.start:
        history.clock.environment.run(until=history.clock.day(day))
    put(history, {"investment_so_far": 4.0, "investment_plan_money": 5.0, "town_nutrition": 1.0} | variables)
    return history


def read(history: History, name: str, block: str = "plan") -> float:
    return float(np.ravel(history.workspace.read(name, block))[0])


def rows(history: History, name: str, block: str = "accumulation") -> Array:
    return np.asarray(history.workspace.read(name, block))[:, 0]


def size(history: History, block: str, name: str) -> float:
    return read(history, name, block)


def planned(**how: float) -> float:
    return read(stand(**how), "planned_work")  # type: ignore[arg-type]


# ---- control figures ---------------------------------------------------------------------------------------


def test_the_plan_is_this_years_work_times_the_push_less_the_saving_that_is_hoped_for() -> None:
    history = stand(parameters={"plan": {"plan_chance": 0.0}}, budget_pressure=0.0)
    push, saving = size(history, "plan", "push"), size(history, "plan", "promised_saving")
    assert read(history, "planned_work") == pytest.approx(4.0 * (1.0 - saving) * np.exp(push), rel=1e-12)


def test_a_pressed_budget_lowers_the_plan_by_its_weight_and_a_loose_one_raises_it() -> None:
    tight, even, loose = (planned(budget_pressure=b) for b in (0.1, 0.0, -0.1))
    weight = size(stand(), "plan", "budget_weight")
    assert tight < even < loose
    assert np.log(tight / even) == pytest.approx(-0.1 * weight, rel=1e-9)
    assert np.log(loose / even) == pytest.approx(0.1 * weight, rel=1e-9)


def test_hunger_lowers_the_plan_and_plenty_does_not_raise_it() -> None:
    enough = size(stand(), "workforce", "enough_town_food")
    hungry, fed, plenty = (planned(town_nutrition=enough * x) for x in (0.8, 1.0, 1.5))
    assert hungry < fed == plenty
    assert np.log(hungry / fed) == pytest.approx(-0.2 * size(stand(), "plan", "food_weight"), rel=1e-9)


@pytest.mark.parametrize(
    ("switch", "name", "moved"),
    [("budget_pressure", "budget_weight", {"budget_pressure": 0.2}),
     ("food_in_plan", "food_weight", {"town_nutrition": 0.6})],
)  # fmt: skip
def test_what_weighs_on_the_plan_does_nothing_at_its_null_value_or_switched_off(
    switch: str, name: str, moved: dict[str, float]
) -> None:
    even = planned()
    assert planned(**moved) < even
    assert read(stand(off=(switch,), **moved), "planned_work") == pytest.approx(even, rel=1e-12)  # type: ignore[arg-type]
    at_null = read(stand(parameters={"plan": {name: 0.0}}, **moved), "planned_work")  # type: ignore[arg-type]
    assert at_null == pytest.approx(even, rel=1e-12)


def test_the_push_of_policy_scales_the_push() -> None:
    history = stand()
    push = size(history, "plan", "push")
    grown = []
    for lever in (0.0, 1.0, 2.0):
        history.levers["accumulation_push"] = lever
        grown.append(np.log(read(history, "planned_work")))
    np.testing.assert_allclose(np.diff(grown), push, rtol=1e-9)


def test_an_absurd_pressure_is_cut_off() -> None:
    assert planned(budget_pressure=-1e6) == planned(budget_pressure=-1e9)
    assert planned(budget_pressure=1e9) > 0.0


def test_control_figures_in_money_are_the_work_at_its_cost() -> None:
    history = stand(construction_cost=1.5)
    act(history, "plan.set_control_figures")
    money, work = history.board["investment_plan_money"], history.board["investment_plan"]
    np.testing.assert_allclose(money, 1.5 * work, rtol=1e-12)
    assert work[0] == pytest.approx(read(stand(), "planned_work"), rel=1e-12)


def test_the_work_of_the_year_is_that_before_and_that_of_the_month() -> None:
    history = stand()
    for branch in BRANCHES:
        history.ledger.propose(f"construction_{branch}", np.full(2, 0.1))
    history.ledger.settle()
    history.workspace.forget()
    moved = float(total(history.ledger.moved(f"construction_{branch}") for branch in BRANCHES)[0])
    assert moved == pytest.approx(0.1 * len(BRANCHES))
    assert read(history, "work_of_year") == pytest.approx(4.0 + moved, rel=1e-12)


# ---- starts ------------------------------------------------------------------------------------------------


def starts(unfinished: float, off: tuple[str, ...] = ()) -> float:
    """Return what is begun in a year where so much is under way."""
    history = stand(off=off)
    each = unfinished / len(BRANCHES)
    for branch in BRANCHES:
        history.ledger.endow("works", f"unfinished_{branch}", each)
    history.workspace.forget()
    act(history, "plan.set_control_figures")
    return float(history.board["starts"][0])


def test_starts_fall_with_what_is_under_way_by_the_time_of_correction_and_halt() -> None:
    few, some, many = (starts(u) for u in (1.0, 2.0, 1000.0))
    time = size(stand(), "plan", "starts_time")
    assert few - some == pytest.approx(1.0 / time, rel=1e-9)
    assert many == 0.0


def test_at_the_normal_stock_starts_are_those_of_the_plan() -> None:
    history = stand()
    work = read(history, "planned_work")
    norm = size(history, "plan", "unfinished_norm") * size(history, "accumulation", "gestation_time")
    assert starts(norm * work) == pytest.approx(size(history, "plan", "overcommitment") * work, rel=1e-9)


def test_without_the_rule_starts_follow_the_plan_whatever_is_under_way() -> None:
    free = [starts(u, off=("starts_rule",)) for u in (1.0, 100.0)]
    expected = size(stand(), "plan", "overcommitment") * planned()
    assert free == pytest.approx([expected, expected], rel=1e-9)


def test_starts_are_set_anew_in_june_and_not_in_march() -> None:
    for day, moved in ((MARCH, False), (JUNE, True)):
        history = stand(day, starts=123.0)
        act(history, "plan.revise")
        assert (float(history.board["starts"][0]) != 123.0) is moved


# ---- within the year ---------------------------------------------------------------------------------------


def test_shortage_raises_the_plan_in_money_and_higher_costs_lower_the_work_it_buys() -> None:
    raised = []
    for ratio, cost in ((1.0, 1.0), (0.5, 1.0), (1.0, 2.0)):
        history = stand(MARCH, construction_ratio=ratio, let_through=1.0, construction_cost=cost)
        act(history, "plan.revise")
        raised.append([float(history.board[n][0]) for n in ("investment_plan_money", "investment_plan")])
    even, short, dear = raised
    inflation = size(stand(), "plan", "inflation")
    assert even == pytest.approx([5.0, 5.0])
    assert short[0] == pytest.approx(5.0 * np.exp(0.5 * inflation / 4.0), rel=1e-9)
    assert dear == pytest.approx([5.0, 2.5])


def test_without_target_inflation_shortage_raises_nothing() -> None:
    history = stand(MARCH, off=("target_inflation",), construction_ratio=0.3, let_through=1.0)
    assert read(history, "rise_of_targets") == 0.0


def let_through(hardness: float, money: float, easy: float = 0.0) -> float:
    """Return the share of the work wanted that is paid for, where sites want one billion a month."""
    history = stand(
        parameters={"accumulation": {"hardness": hardness}},
        investment_plan_money=money,
        construction_cost=2.0,
    )
    history.levers["easy_credit"] = easy
    asked = 12.0 * 2.0 * read(history, "wanted_by_sites", "accumulation")
    put(history, {"investment_plan_money": money * asked})
    return read(history, "allowed_by_plan", "accumulation")


def test_a_hard_limit_pays_for_the_plan_alone_and_a_soft_one_for_all() -> None:
    assert let_through(1.0, 0.4) == pytest.approx(0.4, rel=1e-9)
    assert let_through(0.0, 0.4) == pytest.approx(1.0, rel=1e-9)
    assert let_through(0.5, 0.4) == pytest.approx(0.7, rel=1e-9)


def test_where_the_plan_suffices_money_stops_nothing() -> None:
    assert let_through(1.0, 1.3) == pytest.approx(1.0)


def test_automatic_credit_softens_a_hard_limit() -> None:
    assert let_through(1.0, 0.4, easy=1.0) == pytest.approx(1.0)
    assert let_through(1.0, 0.4, easy=0.5) == pytest.approx(0.7)


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


def test_a_purge_lowers_the_management_of_sites_towards_its_loss_and_it_recovers() -> None:
    history = stand()
    loss = size(history, "accumulation", "site_purge_loss")
    history.levers["purge"] = 1.0
    path = []
    for _ in range(60):
        act(history, "accumulation.purge_sites")
        path.append(float(history.board["site_management"][0]))
    assert path == sorted(path, reverse=True)
    assert path[-1] == pytest.approx(1.0 - loss, abs=1e-6)
    history.levers["purge"] = 0.0
    act(history, "accumulation.purge_sites")
    assert path[-1] < float(history.board["site_management"][0]) < 1.0


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


# ---- without the plan in money -----------------------------------------------------------------------------


def test_without_money_a_strained_centre_cuts_and_a_calm_one_pushes() -> None:
    plans = []
    for strain in (0.0, 100.0):
        history = stand(off=("money_plan",), strain=strain, investment_plan=5.0, investment_pace=4.0)
        act(history, "plan.set_control_figures")
        plans.append([float(history.board[n][0]) for n in ("investment_plan", "brake")])
    (calm, free), (cut, held) = plans
    assert cut < calm
    assert free < 0.01
    assert held > 0.99


def test_the_strain_is_felt_where_the_plan_is_not_in_money() -> None:
    without = stand(off=("money_plan",), hunger_loss=0.5)
    act(without, "plan.feel")
    assert float(without.board["strain"][0]) > 0.0
