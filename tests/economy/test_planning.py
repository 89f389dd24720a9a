"""Laws of the planning calendar: signs, limits, null values, and the sums that it keeps."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from one_country import ECONOMY
from watching import act, put

from planmodel.engine import Array
from planmodel.runs.history import History, run
from planmodel.scenario import load_scenario

AXES = ECONOMY.axes
PLANNED, MATERIALS, UNWANTED = AXES["planned"], AXES["material"], AXES["unwanted"]
PROMISES = ("heavy_promise", "consumer_promise", "productivity_promise", "hands_promise")


def standing(switch_off: tuple[str, ...] = (), **parameters: float) -> History:
    """Return an economy of which a quarter has passed, with other sizes of the planning calendar."""
    assert parameters.keys() <= ECONOMY.parameters()["planning"].keys()
    sizes = {"planning": {name: np.array([value]) for name, value in parameters.items()}}
    history = History(load_scenario("one_country", switch_off=list(switch_off)), parameters=sizes)
    history.clock.environment.run(until=history.clock.day(date(1928, 3, 31)))
    put(history, {f"made_{name}": 1.0 + n for n, name in enumerate(PLANNED)})
    return history


def of(history: History, pattern: str, labels: tuple[str, ...] = PLANNED) -> Array:
    return np.array([float(history.board[f"{pattern}_{label}"][0]) for label in labels])


def so_far(history: History) -> Array:
    return np.asarray(history.workspace.read("made_so_far", "planning"))[:, 0]


def revised(history: History) -> Array:
    """Return what a quarterly plan makes of figures, over what they were."""
    before = of(history, "plan")
    act(history, "planning.set_quarterly_plan")
    return of(history, "plan") / before


# ---- the books ---------------------------------------------------------------------------------------------


def test_the_year_is_the_sum_or_the_mean_of_its_months() -> None:
    names = [*PLANNED[:8], "retail_turnover"]
    wanted = [*(f"made_{name}" for name in PLANNED), *names]
    dataset = run("one_country", wanted=wanted).isel(member=0).sel(time=slice("1931", "1931"))
    for name in names:
        months = dataset[name].values
        year = months.mean() if name in AXES["averaged"] else months.sum()
        assert float(dataset[f"made_{name}"][-1]) == pytest.approx(year, rel=1e-12)
        assert float(dataset[f"made_{name}"][0]) == pytest.approx(
            months[0] / (12.0 if name in AXES["averaged"] else 1.0), rel=1e-12
        )  # January begins anew


def test_revenue_is_what_the_budget_received() -> None:
    parts = ["turnover_tax", "profit_tax", "farm_tax", "loans_and_direct_taxes"]
    dataset = run("one_country", wanted=["made_budget_revenue", *parts]).isel(member=0)
    year = dataset.sel(time=slice("1935", "1935"))
    received = sum(float(year[part].sum()) for part in parts)
    assert float(year["made_budget_revenue"][-1]) == pytest.approx(received, rel=1e-12)


def test_plans_change_in_the_months_of_the_calendar_only() -> None:
    dataset = run("one_country", wanted=[f"plan_{name}" for name in PLANNED]).isel(member=0)
    for name in PLANNED:
        plan = dataset[f"plan_{name}"].values
        changed = dataset["time"].dt.month.values[1:][np.diff(plan) != 0.0]
        assert set(changed) <= {3, 6, 9, 12}
        assert {12} <= set(changed)


def test_nothing_obeys_the_figures() -> None:
    """They are what is asked; what sites may do hangs on the plan of investment."""
    seen = ["steel", "investment_plan", "wage_earners", "plan_steel"]
    plain = run("one_country", wanted=seen)
    other = run(load_scenario("one_country", {"parameters.planning.plan_carried": 1.0}), wanted=seen)
    assert (other["plan_steel"] != plain["plan_steel"]).any()
    for name in seen[:-1]:
        assert (other[name] == plain[name]).all()


# ---- control figures ---------------------------------------------------------------------------------------


def anew(history: History, plan: float, brake: float) -> tuple[Array, Array]:
    """Return new plans over the outcome, where the old ones were so many times it; and fulfilment."""
    made = so_far(history)
    put(history, {f"plan_{name}": plan * made[n] for n, name in enumerate(PLANNED)} | {"brake": brake})
    act(history, "planning.judge_and_plan_anew")
    return of(history, "plan") / made, of(history, "fulfilment")


def test_without_promises_the_outcome_is_planned_again() -> None:
    history = standing(("target_inflation",), plan_carried=0.0, **dict.fromkeys(PROMISES, 0.0))
    figures, fulfilment = anew(history, plan=2.0, brake=0.0)
    np.testing.assert_allclose(figures, 1.0, rtol=1e-12)
    np.testing.assert_allclose(fulfilment, 0.5, rtol=1e-12)


def test_the_old_plan_is_carried_on_but_not_in_a_retrenchment() -> None:
    whole = standing(("target_inflation",), plan_carried=1.0, **dict.fromkeys(PROMISES, 0.0))
    np.testing.assert_allclose(anew(whole, plan=2.0, brake=0.0)[0], 2.0, rtol=1e-12)
    np.testing.assert_allclose(anew(whole, plan=2.0, brake=1.0)[0], 1.0, rtol=1e-12)
    half = standing(("target_inflation",), plan_carried=0.5, **dict.fromkeys(PROMISES, 0.0))
    np.testing.assert_allclose(anew(half, plan=4.0, brake=0.0)[0], 2.0, rtol=1e-12)


@pytest.mark.parametrize(
    ("promise", "of_whom"),
    [
        ("heavy_promise", {"steel", "coal", "electricity", "cement"}),
        ("consumer_promise", {"cotton_cloth", "sugar", "retail_turnover", "budget_revenue"}),
        ("productivity_promise", {"labour_productivity"}),
        ("hands_promise", {"wage_earners"}),
    ],
)
def test_each_promise_raises_its_own_figures(promise: str, of_whom: set[str]) -> None:
    none = dict.fromkeys(PROMISES, 0.0)
    history = standing(("target_inflation",), plan_carried=0.0, **(none | {promise: 0.2}))
    put(history, {"push_now": 1.0})
    raised = np.log(anew(history, plan=1.0, brake=0.0)[0])
    for name, rise in zip(PLANNED, raised, strict=True):
        assert rise == pytest.approx(0.2 if name in of_whom else 0.0, abs=1e-12), name


def test_a_weak_push_promises_less_of_heavy_industry_and_of_hands() -> None:
    history = standing(("target_inflation",), plan_carried=0.0)
    found = []
    for push in (1.0, 0.0):
        put(history, {"push_now": push})
        found.append(np.log(anew(history, plan=1.0, brake=0.0)[0]))
    strong, weak = found
    less = {name for name, a, b in zip(PLANNED, strong, weak, strict=True) if b < a - 1e-9}
    assert less == {*MATERIALS, "wage_earners"}
    hands = PLANNED.index("wage_earners")
    assert weak[hands] == pytest.approx(0.5 * strong[hands])


# ---- quarterly plans ---------------------------------------------------------------------------------------

SHORT = {"construction_ratio": 0.3, "push_now": 1.0, "brake": 0.0}


def test_work_that_waits_raises_what_sites_want_and_nothing_else() -> None:
    history = standing(pressing=1.0)
    put(history, SHORT)
    rise = dict(zip(PLANNED, revised(history), strict=True))
    assert all(rise[name] > 1.01 for name in MATERIALS)
    assert all(rise[name] == 1.0 for name in UNWANTED)


@pytest.mark.parametrize("null", ["switch", "pressing"])
def test_without_pressing_no_figure_is_raised(null: str) -> None:
    history = standing(("target_inflation",)) if null == "switch" else standing(pressing=0.0)
    put(history, SHORT)
    np.testing.assert_array_equal(revised(history), 1.0)


def lowered(sobering: float, brake: float, over: float) -> Array:
    """Return a revision where the plan is so many times the pace of the year."""
    history = standing(pressing=0.0, sobering=sobering)
    pace = 4.0 * so_far(history)  # of March
    put(history, {f"plan_{name}": over * pace[n] for n, name in enumerate(PLANNED)} | {"brake": brake})
    return revised(history)


def test_a_retrenchment_lowers_figures_towards_the_pace_of_the_year() -> None:
    np.testing.assert_allclose(lowered(1.0, 1.0, 2.0), 0.5, rtol=1e-12)  # all the way
    np.testing.assert_allclose(lowered(0.5, 1.0, 4.0), 0.5, rtol=1e-12)  # half of it, in logarithms
    np.testing.assert_array_equal(lowered(0.0, 1.0, 2.0), 1.0)  # null value
    np.testing.assert_array_equal(lowered(1.0, 0.0, 2.0), 1.0)  # no retrenchment
    np.testing.assert_array_equal(lowered(1.0, 1.0, 0.5), 1.0)  # never raised by it
