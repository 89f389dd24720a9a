"""The statements on roads not taken: they hold, and fail where a road is broken."""

from __future__ import annotations

from typing import Any

import pytest

from planmodel.runs.checking import Verdict, judge
from planmodel.runs.checks import Check, OtherRun, load_checks
from planmodel.scenario import load_scenario
from planmodel.scenario.finding import scenario_files

CHECKS = load_checks("regimes")
PUSH = "decrees.accumulation_by_the_market.effects.accumulation_push"
QUOTAS = "decrees.compulsory_quotas.enabled"
DRIVE = "decrees.mass_collectivisation.enabled"

# Statements that the model refutes, with the reason; what holds must not stand here.
REFUTED = {
    "nobody_joins_uncompelled": "those who join freely (`joining_freely`) are 24 % by 1940, not under 5 %",
    "market_procures_as_in_the_1920s": "8.2 Mt are bought in 1928/29, not 8.6; later years hold",
    "towns_are_fed": "a townsperson eats 69.8 % of 1928 in the leanest month of 1938-40, not 70",
}

# What breaks a statement: its runs get these values too.
BROKEN: dict[str, dict[str, Any]] = {
    "forced_is_the_baseline": {"switches.grain_exports": False},
    "nobody_joins_uncompelled": {DRIVE: True, QUOTAS: True},
    "market_procures_as_in_the_1920s": {"parameters.procurement.price_ceiling": 1.0},
    "price_brings_the_grain": {"decrees.end_of_emergency_measures.effects.procurement_price_response": 0.0},
    "villages_keep_their_animals": {
        "parameters.livestock.cattle_births": 0.25,
        "parameters.livestock.cattle_losses": 0.06,
    },
    "towns_are_fed": {"parameters.procurement.kept_for_use": 1.1},
    "industry_grows_slower_without_the_push": {PUSH: 2.0, "parameters.procurement.price_ceiling": 3.0},
    "moderate_plan_leaves_less_unfinished": {
        "decrees.plan_of_april_1929.effects.accumulation_push": 1.0,
        "switches.target_inflation": True,
    },
    "no_camp_economy_fewer_inmates": {
        "decrees.camp_economy.enabled": True,
        "decrees.mass_operations.enabled": True,
        "switches.terror_contagion": True,
    },
}


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    return {v.name: v for v in judge(CHECKS, load_scenario("baseline"))}


@pytest.mark.parametrize("name", CHECKS)
def test_it_holds(name: str, verdicts: dict[str, Verdict]) -> None:
    verdict = verdicts[name]
    assert verdict.passed == (name not in REFUTED), [(j.claim.measured(), j.figure) for j in verdict.judged]


@pytest.mark.parametrize("name", [name for name in BROKEN if name not in REFUTED])
def test_it_fails_where_its_road_is_broken(name: str) -> None:
    check = CHECKS[name]
    runs = {run: _changed(other, BROKEN[name]) for run, other in check.runs.items()}
    broken = Check.model_validate({**check.model_dump(exclude_none=True), "runs": runs})
    (verdict,) = judge({name: broken}, load_scenario("baseline"))
    assert not verdict.problem
    assert not verdict.passed, [(j.claim.measured(), j.figure) for j in verdict.judged]


def _changed(other: OtherRun, changes: dict[str, Any]) -> dict[str, Any]:
    said = other.model_dump(exclude_none=True)
    return {**said, "set": {**other.set, **changes}}


def test_every_road_is_asked_about() -> None:
    asked = {run.scenario for check in CHECKS.values() for run in check.runs.values()}
    roads = {
        "forced",
        "nep",
        "joint_opposition",
        "voluntary",
        "moderate_plan",
        "no_exports_1931_33",
        "no_camps",
        "early_markets",
    }
    assert asked == roads
    assert roads < set(scenario_files())


def test_they_are_run_by_name_only() -> None:
    assert not set(CHECKS) & set(load_checks())


def test_roads_without_compulsion_say_only_what_they_add() -> None:
    """They extend one file, and issue none of what it does not."""
    market = load_scenario("market_village")
    unissued = {name for name, decree in market.decrees.items() if not decree.enabled}
    for name in ("nep", "joint_opposition", "voluntary"):
        road = load_scenario(name)
        assert {n for n, decree in road.decrees.items() if not decree.enabled} == unissued
        assert len(set(road.decrees) - set(market.decrees)) == 1
        assert road.exogenous == market.exogenous
        assert road.parameters == market.parameters
