"""Every number that members may differ in moves some series of some ready scenario, or stands on a list.

All numbers of a scenario are changed at once, each in a member of its own, beside a member that is as the
scenario says. What nobody reads in the baseline is tried in the other ready scenarios.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from planmodel.engine import Array, PlanmodelError, UserError
from planmodel.runs.history import History
from planmodel.scenario import Scenario, load_scenario
from planmodel.scenario.finding import economy_files
from planmodel.scenario.keys import Key, keys, nested

CHUNK = 160  # members at a time: all series of all months of them are held
STREAM = 3  # any but 0, so that weather and other chance are drawn: the same for all members

# What the baseline does not read, and a ready scenario that does.
ELSEWHERE = {
    "parameters.labor_camps.camp_transport": "calibrated",
    "parameters.price_scissors.reform_threshold": "early_markets",
    "parameters.procurement.kept_for_use": "joint_opposition",
    "parameters.procurement.market_rivalry": "stationary_village",
    "parameters.cropping.area_elasticity": "joint_opposition",
    "parameters.procurement.price_ceiling": "joint_opposition",
    "parameters.state_grain.ratchet": "stationary_village",
    "parameters.capital.replacement": "stationary_village",
    "parameters.collectivisation.credit_pull": "joint_opposition",
    "parameters.state.credit_on_joining": "joint_opposition",
    "parameters.planning.sobering": "plan_strain",
    "initial.variables.hunger_loss.value": "plan_strain",
    **{
        f"parameters.plan.{name}": "plan_strain"
        for name in (
            "hunger_weight", "labour_weight", "stretch_weight", "recovery",
            "resolve_spread", "starts_cut", "strain_limit", "within_year",
        )
    },
}  # fmt: skip
_CARDS = "read together only: where cards are in force on the first day and end in the first month"
# Limits and thresholds that no ready scenario reaches, at neither end of their bounds, and why.
UNREAD = {
    **{f"initial.variables.cards_{good}.value": _CARDS for good in ("bread", "food", "goods")},
    **{f"initial.variables.commercial_price_{good}.value": _CARDS for good in ("bread", "food", "goods")},
    "initial.variables.village_people.value": "moves no series: nothing of the first month hangs on it",
    "initial.variables.budget_norm.value": "the mean of 1928 begins with the first month of that year",
    "initial.variables.construction_ratio.value": "reckoned anew before anybody reads it",
    "parameters.capital.artisan_renewal": "artisans keep more than the room that is left to them",
    **{
        f"initial.variables.{what}_{rank}.value": "reckoned anew before the lists of 1931 are drawn up"
        for what in ("category_nutrition", "food_part", "goods_part")
        for rank in ("special", "first", "second", "third")
    },
    "initial.variables.industry_famine_mortality.value": "reckoned anew before anybody reads it",
    **{
        f"initial.variables.{name}.value": "prisoners build no named work on the first day"
        for name in ("inmates_called", "inmates_works", "works_hands", "works_inmates")
    },
    **{
        f"initial.variables.{name}.value": "posts are counted anew on the first day"
        for name in ("manager_tenure", "new_managers")
    },
    "parameters.plan.material_weight": "`plan_strain` is short of hands and food before it is of materials",
    "parameters.plan.retrenchment": "the strain of `plan_strain` stays below half of its limit",
    "parameters.accumulation.without_gestation": "read where the mechanism `gestation` is switched off",
    "parameters.cropping.area_limit": "the area that a market would call for stays below the limit",
    "parameters.state.repayment": "no enterprise holds more than the bank lets it: nothing idle goes back",
    **{
        f"parameters.migration.closed_here_{region}": "nobody flees hunger there while borders close"
        for region in ("black_earth", "consumer_regions", "east")
    },
    **{
        f"parameters.nutrition.severity_of_a_mean_{region}": "nobody is so hungry there as to die of it"
        for region in ("black_earth", "consumer_regions", "east", "south")
    },
    **{
        f"parameters.procurement.selectivity_{region}": "what can be taken there at most is never reached"
        for region in ("consumer_regions", "south")
    },
    "parameters.towns.town_severity": "towns never get so little that townspeople die of it",
    "parameters.procurement.shortfall_alarm": "the plan is never missed by so much outside the dated decrees",
}


def standing(key: Key, scenario: Scenario) -> float:
    """What a scenario says under a key."""
    section, table, name, *rest = key.name.split(".")
    if section == "parameters":
        return float(getattr(getattr(scenario.parameters, table), name))
    if section == "works":
        return float(scenario.works[table].size)
    if section == "exogenous":
        return float((getattr(scenario.exogenous, table).values or {})[rest[0]])
    given = getattr(getattr(scenario.initial, table), name)
    return float(given.value if given is not None else scenario.declared.variables()[name].initial)


Change = Callable[[Key, float], float]


def nudged(key: Key, value: float) -> float:
    """Change a number by a twentieth of itself or of its range, within its bounds."""
    low, high = key.bounds
    step = 0.05 * (abs(value) or ((high - low) if low is not None and high is not None else 1.0))
    return value - step if high is not None and value + step > high else value + step


def lowest(key: Key, value: float) -> float:
    low = key.bounds[0]
    return 0.05 * value if low is None else low


def highest(key: Key, value: float) -> float:
    high = key.bounds[1]
    return (20.0 * value if value else 1.0) if high is None else high


def beyond(key: Key, value: float) -> float:
    high = key.bounds[1]
    return value + 50.0 if high is None else high


def without_effect(scenario: Scenario, names: list[str], change: Change = nudged) -> list[str]:
    """Return the keys whose change moves no series."""
    chunks = [names[start : start + CHUNK] for start in range(0, len(names), CHUNK)]
    return [name for chunk in chunks for name in _dead(scenario, chunk, change)]


def _dead(scenario: Scenario, names: list[str], change: Change) -> list[str]:
    known = keys(scenario)
    values: dict[str, Array] = {}
    for row, name in enumerate(names, start=1):
        value = standing(known[name], scenario)
        values[name] = np.full(len(names) + 1, value)
        values[name][row] = change(known[name], value)
    try:
        dataset = History(scenario, [STREAM] * (len(names) + 1), **nested(values)).run().dataset
    except PlanmodelError:  # one of them breaks the run: it is read
        half = len(names) // 2
        halves = (names[:half], names[half:])
        return [] if half == 0 else [name for part in halves for name in _dead(scenario, part, change)]
    differs = np.zeros(len(names), dtype=bool)
    for variable in dataset.data_vars:
        series = dataset.variables[variable].values  # `dataset[variable]` takes longer than the run
        apart = (series[1:] != series[0]) & ~(np.isnan(series[1:]) & np.isnan(series[0]))
        differs |= apart.any(axis=1)
    return [name for name, different in zip(names, differs, strict=True) if not different]


def numbers(scenario: Scenario) -> list[str]:
    """The keys that differ within a chunk."""
    return [name for name, key in keys(scenario).items() if key.within]


def anywhere(scenario: Scenario, names: list[str]) -> list[str]:
    """Return the keys that move nothing, changed a little or to either end of their bounds.

    Most move something in the first three years: only the others are asked for the whole period.
    """
    first = scenario.period.start
    early = scenario.until(min(scenario.period.end, first.replace(year=first.year + 2, month=12, day=31)))
    for change in (nudged, lowest, highest, beyond):
        for period in (early, scenario):
            asked = [name for name in names if name in keys(period)]
            still = without_effect(period, asked, change) if asked else []
            names = [name for name in names if name in still or name not in asked]
    return names


def test_every_number_of_the_model_moves_something() -> None:
    baseline = load_scenario("baseline")
    left = [name for name in numbers(baseline) if name not in ELSEWHERE]
    assert sorted(anywhere(baseline, left)) == sorted(UNREAD)


@pytest.mark.parametrize("scenario", sorted(set(ELSEWHERE.values())))
def test_what_the_baseline_does_not_read_another_scenario_does(scenario: str) -> None:
    assert anywhere(load_scenario(scenario), [k for k, where in ELSEWHERE.items() if where == scenario]) == []


@pytest.mark.parametrize("system", sorted(economy_files()))
def test_every_number_of_a_smaller_system_moves_something(system: str) -> None:
    scenario = load_scenario(system)
    assert anywhere(scenario, numbers(scenario)) == []


@pytest.mark.parametrize("name", ["", *sorted(economy_files())])
def test_openings_that_are_refused_have_no_effect(name: str) -> None:
    scenario = load_scenario(name or "one_country")
    short = scenario.until(min(scenario.period.end, scenario.period.start.replace(month=12, day=31)))
    reckoned = scenario.declared.reckoned
    values = {v: scenario.declared.variables()[v].initial for v in reckoned}
    rows = np.arange(len(reckoned) + 1)
    openings = {v: np.where(rows == i + 1, value + 0.1, value) for i, (v, value) in enumerate(values.items())}
    dataset = History(short, [STREAM] * rows.size, initial={"variables": openings}).run().dataset
    for variable in dataset.data_vars:
        series = dataset.variables[variable].values
        first = np.broadcast_to(series[0], series.shape)
        np.testing.assert_array_equal(series, first)  # accounts at prices of 1937 are no number here


def test_an_opening_without_effect_is_refused() -> None:
    changes = {"initial.variables.steel": {"value": 1.0, "source": "guess", "evidence": "assumption"}}
    with pytest.raises(UserError) as caught:
        load_scenario("baseline", changes)
    assert str(caught.value).endswith(
        "initial.variables.steel: has no effect, for it is reckoned anew in the first month before anybody "
        "reads it; allowed: to leave it out"
    )
