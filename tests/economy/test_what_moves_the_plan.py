"""What each coupling does to plan, investment and industry, in the year in which it should: sign and size."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
from thresholds import bound

from planmodel.engine import Array
from planmodel.runs.evaluate import evaluate
from planmodel.scenario import load_scenario

FIRST = 1928
HARD = {"parameters.accumulation.hardness": 1.0} | {
    f"decrees.{name}.enabled": False
    for name in ("credit_reform", "credit_by_account", "strengthening_the_rouble")
}
PEACE = {f"exogenous.defence_index.values.{year}": 4.09 for year in range(1935, 1941)}
SEEN = (
    *("investment", "industrial_output", "investment_plan_money", "construction_cost", "steel"),
    "turnover_tax",
)


@cache
def history(switch_off: tuple[str, ...] = (), changes: tuple[tuple[str, Any], ...] = ()) -> dict[str, Array]:
    """Return yearly means of the central history, by quantity, shape ``(years,)``."""
    scenario = load_scenario("one_country", dict(changes), switch_off=switch_off)
    seen = evaluate(scenario, observe=SEEN, numbers=[0])
    return {str(name): values[0].reshape(-1, 12).mean(axis=1) for name, values in seen.items()}


def moved(name: str, year: int, off: tuple[str, ...] = (), changes: Mapping[str, Any] | None = None) -> float:
    """Return by which share a quantity of a year is moved by what is switched off or changed."""
    other = history(off, tuple((changes or {}).items()))
    return float(other[name][year - FIRST] / history()[name][year - FIRST] - 1.0)


def growth(name: str, year: int) -> float:
    series = history()[name]
    return float(series[year - FIRST] / series[year - 1 - FIRST] - 1.0)


def test_a_hard_limit_of_money_cuts_investment_within_the_first_plan() -> None:
    assert moved("investment", 1931, changes=HARD) < -0.02


def test_without_the_purge_more_is_made_in_1937_and_1938() -> None:
    """And hardly more is built: what waits at the sites waits for money and materials too."""
    calm = {"decrees.purge.enabled": False}
    for year in (1937, 1938):
        assert moved("industrial_output", year, changes=calm) > bound("output_without_the_purge")
        assert moved("investment", year, changes=calm) > 0.0


def test_with_flat_defence_the_budget_leaves_more_to_the_plan() -> None:
    assert moved("investment_plan_money", 1938, changes=PEACE) > 0.02


def test_without_priorities_there_is_less_steel_by_the_second_plan() -> None:
    assert moved("steel", 1934, ("priority_rationing",)) < -0.01


def test_parity_prices_for_the_village_move_the_plan() -> None:
    """A dearer harvest leaves the budget less tax: the plan in money is smaller, and less is built.

    Tax falls most in 1929 and 1933; between them the plan has been cut already, and the budget recovers.
    """
    for year in (1930, 1934):
        assert moved("turnover_tax", year - 1, ("price_scissors",)) < -0.1
        assert moved("investment_plan_money", year, ("price_scissors",)) < -0.05
    assert moved("investment_plan_money", 1937, ("price_scissors",)) < -0.05
    assert moved("investment", 1937, ("price_scissors",)) < -0.05


@pytest.mark.parametrize("off", ["budget_pressure", "food_in_plan", "starts_rule", "transport_limit"])
def test_each_form_moves_investment_of_a_crisis(off: str) -> None:
    assert max(abs(moved("investment", year, (off,))) for year in (1933, 1937)) > 0.01


@pytest.fixture(scope="module")
def by_share() -> dict[float, dict[str, Array]]:
    """Histories by Allen's share of investment that goes to producer goods."""
    found = {}
    for share in (0.05, 0.10, 0.15, 0.23, 0.30):
        decree = {
            "date": load_scenario("one_country").period.start,
            "title": "share of producer goods",
            "source": "this test",
            "effects": {"producer_goods_share": share},
        }
        scenario = load_scenario("one_country", {"decrees.share_of_producer_goods": decree})
        seen = evaluate(scenario, observe=SEEN, numbers=[0])
        found[share] = {str(n): v[0].reshape(-1, 12).mean(axis=1) for n, v in seen.items()}
    return found


def test_an_economy_with_a_low_share_of_producer_goods_grows_slowly_and_does_not_die(
    by_share: dict[float, dict[str, Array]],
) -> None:
    output = {share: history["industrial_output"] for share, history in by_share.items()}
    last = np.array([series[-1] for series in output.values()])
    assert (np.diff(last) > 0.0).all()  # the more of them, the more is made at the end
    assert output[0.05][-1] > output[0.05][0]
    assert min(history["investment"].min() for history in by_share.values()) > 0.5 / 12.0
