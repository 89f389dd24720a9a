"""Documented flows put through the books of the model give the documented stocks (model.md, limiting cases).

The real components run on the real calendar and ledger; only what they would reckon is replaced by what the
record says. A wrong account, a lost flow or a double booking shows as a residual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from one_country import ECONOMY

from planmodel import documented
from planmodel.engine import Board, Clock, Context, Draws, EventLog, Ledger
from planmodel.engine.equations import Block
from planmodel.engine.workspace import Workspace

BLOCKS = {block.name: block for block in ECONOMY.blocks}

YEARS = range(1934, 1941)
# Which documented flow goes through which flow of the model.
CAMP_FLOWS = {
    "transports_to_camps": ("camp_arrivals_from_outside", "camp_arrivals_other"),
    "colonies_to_camps": ("camp_arrivals_from_other_camps",),  # exchange among camps, by way of elsewhere
    "camp_recaptured": ("camp_recaptured",),
    "camp_releases": ("camp_released", "camp_departures_other"),
    "camp_escapes": ("camp_escapes",),
    "camps_elsewhere": ("camp_departures_to_other_camps", "camp_departures_to_outside"),
    "deaths_camp_inmates": ("camp_deaths",),
}


def figures(variable: str, version: str) -> dict[str, float]:
    table = documented.series(variable, version)
    return dict(zip(table["date"].astype(str), table["value"].astype(float), strict=True))


def books(first: int, last: int, people: Mapping[str, float]) -> Context:
    """Return calendar, ledger and board of the model, with people in some accounts."""
    clock = Clock(date(first, 1, 1), date(last, 12, 31), ECONOMY.phases, ECONOMY.seasons)
    accounts = [a for c in ECONOMY.blocks for a in c.accounts]
    ledger = Ledger(ECONOMY.commodities(), accounts, ECONOMY.flows(), 1)
    for account, number in people.items():
        ledger.endow("people", account, number)
    return Context(
        clock=clock,
        ledger=ledger,
        board=Board(ECONOMY.variables().values(), 1),
        draws=Draws(0, [0]),
        events=EventLog(1),
        levers={name: lever.initial for name, lever in ECONOMY.levers().items()},
        switches=dict.fromkeys(ECONOMY.switches(), True),
        exogenous={},
    )


def closing(context: Context, components: list[Any], stock: Callable[[], float]) -> dict[int, float]:
    """Run the components to the end, audited month by month; return the stock at each year's end."""
    seen: dict[int, float] = {}
    for component in components:
        for process in component.processes():
            context.clock.process(process)

    def settle(phase: str) -> None:
        context.ledger.settle()
        context.board.settle()
        if phase == "record":
            context.ledger.audit(context.clock.today, [0])
            context.ledger.close_month()
            if context.clock.today.month == 12:
                seen[context.clock.today.year] = stock()

    context.clock.on_settlement(settle)
    context.clock.run()
    return seen


ARCHIVAL = {name: figures(name, "archival") for names in CAMP_FLOWS.values() for name in names}
INMATES = figures("camp_inmates", "archival")
ARCHIVE = Block("labor_camps")


@ARCHIVE.procedure("labour")
def book_archival_flows(today: date) -> dict[str, float]:
    """The yearly flows of the archives in even monthly parts."""
    moved = {
        flow: sum(ARCHIVAL[name][str(today.year)] for name in names) / 12.0
        for flow, names in CAMP_FLOWS.items()
    }
    return dict(  # noqa: C408 - results are named
        transports_to_camps=moved["transports_to_camps"],
        colonies_to_camps=moved["colonies_to_camps"],
        camp_recaptured=moved["camp_recaptured"],
        camp_releases=moved["camp_releases"],
        camp_escapes=moved["camp_escapes"],
        camps_elsewhere=moved["camps_elsewhere"],
        deaths_camp_inmates=moved["deaths_camp_inmates"],
    )


def archival_camps(context: Context) -> Workspace:
    """Return the camps, with the flows of the archives in place of what they would reckon."""
    blocks = BLOCKS
    camps = blocks["labor_camps"]
    assert camps.shared is not None
    flows = {f.name for f in camps.flows}
    kept = [f for f in camps.functions if not flows & set(f.results)]
    made = replace(camps, functions=[*kept, *ARCHIVE.functions])
    made.shared = replace(camps.shared, blocks=tuple(made if b is camps else b for b in camps.shared.blocks))
    return Workspace(context, [made], {"labor_camps": camps.parameters.resolve({}, 1)}, [0])


def test_archival_flows_give_the_archival_stocks_of_camps() -> None:
    elsewhere = {"prison_inmates": 10.0, "colony_inmates": 10.0, "town_dependents": 10.0}
    context = books(1934, 1940, {"camp_inmates": INMATES["1934-01-01"], **elsewhere})
    camps = archival_camps(context)
    assert set(CAMP_FLOWS) <= {r for a in camps.acting for r in a.equation.results}
    context.clock.on_settlement(lambda _: camps.forget())
    seen = closing(context, [camps], lambda: float(context.ledger.stock("people", "camp_inmates")[0]))
    for year in YEARS:
        assert seen[year] == pytest.approx(INMATES[f"{year + 1}-01-01"], abs=1e-9), year
    # Nobody is lost on the way: what camps gave and took is what the other accounts took and gave.
    people = sum(float(context.ledger.stock("people", group)[0]) for group in ("camp_inmates", *elsewhere))
    died = sum(ARCHIVAL["camp_deaths"][str(year)] for year in YEARS)
    assert people == pytest.approx(INMATES["1934-01-01"] + 30.0 - died, abs=1e-9)


def population(context: Context, *blocks: Block) -> Workspace:
    """Return the equations of blocks, as the population of books."""
    given = {block.name: block.parameters.resolve({}, context.ledger.members) for block in blocks}
    return Workspace(context, list(blocks), given, [0])


POPULATION_BLOCKS = [BLOCKS[name] for name in ("population", "townspeople", "confinement")]
DOCUMENTED_PEOPLE = Block("documented_people")  # in the place of the block of the population


@DOCUMENTED_PEOPLE.procedure("labour")
def live_and_die(year):  # type: ignore[no-untyped-def]
    """Documented births and deaths in even monthly parts, all in one group."""
    return dict(  # noqa: C408 - so results are named
        births_individual_peasants=BIRTHS[str(year)] / 12.0,
        deaths_individual_peasants=DEATHS[str(year)] / 12.0,
    )


BIRTHS, DEATHS = (figures(name, "andreev_darskii_kharkova") for name in ("births", "deaths"))
POPULATION = figures("population", "andreev_darskii_kharkova")
EMIGRATION = figures("net_emigration", "andreev_darskii_kharkova")


def test_documented_births_and_deaths_give_the_documented_population() -> None:
    """To 1e-9 the sum of what was fed in; to the rounding of the record its population."""
    context = books(1928, 1938, {"individual_peasants": POPULATION["1928-01-01"]})
    people = population(context, DOCUMENTED_PEOPLE)
    seen = closing(context, [people], lambda: float(context.ledger.stock("people", "individual_peasants")[0]))
    expected, gone = POPULATION["1928-01-01"], 0.0
    for year in range(1928, 1939):
        expected += BIRTHS[str(year)] - DEATHS[str(year)]
        gone += EMIGRATION.get(str(year), 0.0)
        assert seen[year] == pytest.approx(expected, abs=1e-9), year
        # The record is in thousands, and a rounding of each of the years between may add up.
        rounding = 0.002 * (year - 1927)
        assert seen[year] - gone == pytest.approx(POPULATION[f"{year + 1}-01-01"], abs=rounding), year


def test_the_blocks_book_what_they_reckon() -> None:
    """Births and deaths of all groups pass the books as reckoned: no group is left out or counted twice."""
    groups = {a.name: 1.0 for block in POPULATION_BLOCKS for a in block.accounts if a.kind == "stock"}
    context = books(1928, 1928, groups)
    people = population(context, *POPULATION_BLOCKS)
    acting = [f for block in POPULATION_BLOCKS for f in block.functions if f.phase == "labour"]
    people.act(*(f"{f.block}.{f.name}" for f in acting))
    events = context.ledger.proposed()
    assert set(events) == {flow.name for block in POPULATION_BLOCKS for flow in block.flows}
    net = sum(a if flow.startswith("births") else -a for flow, a in events.items())
    context.ledger.settle()
    held = sum(context.ledger.stock("people", group) for group in groups)
    np.testing.assert_allclose(held, len(groups) + np.asarray(net), rtol=0.0, atol=1e-12)
