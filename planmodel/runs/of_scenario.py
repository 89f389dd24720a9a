"""What a scenario says, as the engine takes it: works, opening values, parameters, decrees."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from planmodel.engine import Array, UserError
from planmodel.engine.conditions import condition
from planmodel.engine.decrees import Decree
from planmodel.engine.errors import nearest
from planmodel.scenario import Scenario

Overrides = Mapping[str, Mapping[str, Array]]


@dataclass(frozen=True)
class NamedWork:
    """A construction work of the scenario that begins on a day of its own, or is founded by a decree."""

    key: str
    title: str
    start: date | None
    branch: str
    size: float | Array  # billion roubles of 1928
    decree: str = ""
    months: float | None = None  # to build it when nothing is short; none: as any other site
    inmates: float = 0.0  # million prisoners who build it; zero where the hired do


def named_works(scenario: Scenario, sizes: Mapping[str, Array], done: date | None) -> list[NamedWork]:
    """Return the named works that may yet be begun somewhere, with the sizes that members give them."""
    issued = {name for name, decree in scenario.decrees.items() if decree.enabled}
    return [
        NamedWork(
            name,
            work.title,
            work.start,
            work.branch,
            sizes.get(name, work.size),
            work.decree or "",
            None if work.years is None else 12.0 * work.years,
            work.inmates or 0.0,
        )
        for name, work in scenario.works.items()
        if work.enabled
        and (work.decree in issued if work.start is None else done is None or work.start > done)
    ]


def initial_values(
    scenario: Scenario, overrides: Overrides
) -> tuple[dict[str, dict[str, float | Array]], dict[str, float | Array]]:
    """Return the stocks of the first day by commodity and account, and the variables that are given.

    Values of members are laid over those of the scenario.
    """
    initial = scenario.initial.model_dump(exclude={"date"})
    values: dict[str, dict[str, float | Array]] = {
        table: {name: given["value"] for name, given in entries.items() if given}
        for table, entries in initial.items()
    }
    for table, arrays in overrides.items():
        values[table] |= arrays
    variables = values.pop("variables")
    return values, variables


def with_parts(scenario: Scenario, wanted: Collection[str]) -> set[str]:
    """Return what is wanted, and the parts of wanted indicators."""
    indicators = scenario.declared.indicators
    known = scenario.declared.quantities()
    unknown = sorted(set(wanted) - known)
    if unknown:
        raise UserError(f"wanted '{unknown[0]}': the model has no such quantity.{nearest(unknown[0], known)}")
    names = set(wanted)
    return names.union(*(indicators[name].made_of for name in names & set(indicators)))


def recorded(scenario: Scenario, names: set[str]) -> set[str]:
    """Return the names to write down by month: those wanted, and what series of the accounts are made of."""
    accounts = scenario.declared.accounts
    if accounts is None:
        return names
    return names.union(*(accounts.needs(name) for name in names & set(scenario.declared.accounted)))


def decrees_of(scenario: Scenario) -> list[Decree]:
    """Return the decrees of a scenario, with their conditions read."""
    published = scenario.declared.published
    return [
        Decree(
            name,
            decree.date,
            decree.title,
            decree.effects,
            None if decree.when is None else condition(decree.when, published),
            decree.delay,
            decree.duration,
            decree.not_before,
            decree.not_after,
            decree.again,
            tuple(decree.repeals),
        )
        for name, decree in scenario.decrees.items()
        if decree.enabled
    ]


def parameter_values(scenario: Scenario, overrides: Overrides) -> dict[str, dict[str, float | Array]]:
    """Lay the values of members over those of the scenario."""
    values: dict[str, dict[str, float | Array]] = scenario.parameters.model_dump()
    for component, given in overrides.items():
        for name, array in given.items():
            if name not in values.get(component, {}):
                raise UserError(f"no parameter is called '{component}.{name}'")
            values[component][name] = array
    return values
