"""Laws of the plan in money and of starts: sign, limit, null value and balance."""

from __future__ import annotations

import numpy as np
import pytest
from planned import JUNE, MARCH, planned, read, size, stand
from watching import act, put

from planmodel.economies.soviet.sites import BRANCHES
from planmodel.engine import total

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
