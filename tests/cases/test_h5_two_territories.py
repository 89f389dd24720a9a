"""Of two figures of one date none wins by its place in the table."""

import pytest

from planmodel.engine import UserError
from planmodel.scenario import load_scenario
from planmodel.scenario.exogenous import exogenous_series, read_series

GOLD = {
    "exogenous.gold_output.series": "gold_output",
    "exogenous.gold_output.version": "clio_infra",
}


def test_two_territories_are_refused_by_name() -> None:
    with pytest.raises(UserError) as caught:
        load_scenario("baseline", GOLD)
    assert str(caught.value).endswith(
        "exogenous.gold_output: gold_output (clio_infra) has several figures for 1926: 2 (estimate, "
        "Kazakhstan) and 15 (estimate, RSFSR); allowed: a version with one figure a date, or "
        'territory = "Kazakhstan" or "RSFSR"'
    )


@pytest.mark.parametrize(("territory", "output"), [("RSFSR", 24.0), ("Kazakhstan", 4.0)])
def test_one_territory_can_be_chosen(territory: str, output: float) -> None:
    scenario = load_scenario("baseline", {**GOLD, "exogenous.gold_output.territory": territory})
    series = read_series("gold_output", scenario.exogenous.gold_output, "tonnes")
    assert {f.label: f.value for f in series}["1930"] == output
    assert series.territories == [territory]
    assert set(exogenous_series(scenario)) >= {"gold_output"}


def test_plan_and_actual_are_two_figures_too() -> None:
    changes = {
        "exogenous.other_exports.series": "turnover_tax",
        "exogenous.other_exports.version": "narkomfin_report",
    }
    with pytest.raises(UserError, match=r'14\.926 \(plan, .*allowed: .* kind = "actual" or "plan"'):
        load_scenario("baseline", changes)
