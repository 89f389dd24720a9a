"""The whole model: read this first.

A run builds, from a scenario, one calendar, one ledger and one board for all its members; creates the
components (sectors own stocks and produce, flows move things between sectors, policy decides); starts their
SimPy processes; and lets the calendar run. At the end of each phase the ledger settles what was proposed, at
the end of each month the books are audited and written down.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import xarray as xr

from planmodel.flows.accumulation import Accumulation
from planmodel.indicators import INDICATORS, with_indicators
from planmodel.kernel import (
    Array,
    Board,
    Clock,
    Component,
    Context,
    Draws,
    EventLog,
    Ledger,
    Recorder,
    UserError,
)
from planmodel.kernel.clock import Process
from planmodel.kernel.errors import nearest
from planmodel.policy.decrees import Decree, Decrees
from planmodel.scenario import Scenario, registry
from planmodel.scenario.exogenous import exogenous_series
from planmodel.scenario.load import load_scenario
from planmodel.scenario.schema import Work
from planmodel.sectors.calendar import PHASES, SEASONS

Overrides = Mapping[str, Mapping[str, Array]]


@dataclass(frozen=True)
class Run:
    """What a run leaves behind."""

    scenario: Scenario
    dataset: xr.Dataset
    events: EventLog
    worst_residual: float


class Economy:
    """A scenario made into running processes, for one chunk of members.

    Parameters
    ----------
    scenario
        What to run.
    members
        Numbers of the members; member 0 is the central history, without shocks.
    seed
        Seed of the random streams.
    parameters
        Values that differ between members: component -> parameter -> array of shape ``(members,)``.
    wanted
        Names of stocks, flows, variables and indicators to record; None records everything.
    shuffle
        Create the processes in this random order: a check that order is not a hidden parameter.
    """

    def __init__(
        self,
        scenario: Scenario,
        members: Sequence[int] = (0,),
        seed: int = 0,
        parameters: Overrides | None = None,
        wanted: Collection[str] | None = None,
        shuffle: int | None = None,
    ) -> None:
        if len(members) == 0:
            raise UserError("a run needs at least one member")
        self.scenario, self.members = scenario, list(members)
        size = len(self.members)
        self.clock = Clock(scenario.period.start, scenario.period.end, PHASES, SEASONS)
        self.ledger = Ledger(
            registry.commodities(),
            (a for c in registry.COMPONENTS for a in c.accounts),
            registry.flows(),
            size,
        )
        self.board = Board(registry.variables().values(), size)
        self.events = EventLog(size)
        self.levers = {name: lever.initial for name, lever in registry.levers().items()}
        self.context = Context(
            clock=self.clock,
            ledger=self.ledger,
            board=self.board,
            draws=Draws(seed, self.members),
            events=self.events,
            levers=self.levers,
            switches=scenario.switches.model_dump(),
            exogenous=exogenous_series(scenario),
        )
        self._endow()
        values = _parameter_values(scenario, parameters or {})
        self.components: list[Component] = [
            kind(self.context, kind.parameters.resolve(values[kind.name], size))
            for kind in registry.COMPONENTS
        ]
        decrees = Decrees(
            self.clock,
            self.events,
            self.levers,
            (Decree(name, d.date, d.title, d.effects) for name, d in scenario.decrees.items() if d.enabled),
        )
        processes: list[Process] = list(decrees.processes())
        works = [w for w in scenario.works.values() if w.enabled]
        processes.extend(self._named_works(works))
        for component in self.components:
            processes.extend(component.processes())
        if shuffle is not None:
            random.Random(shuffle).shuffle(processes)
        for process in processes:
            self.clock.process(process)
        self.recorder = Recorder(self.ledger, self.board, self.months, _recorded(wanted))
        self.worst_residual = 0.0
        self.progress: Callable[[date], None] | None = None
        self.clock.on_settlement(self._settle)

    @property
    def months(self) -> int:
        """Number of month ends in the period."""
        return sum(phase.name == "record" for _, phase in self.clock.openings())

    def run(self) -> Run:
        """Run to the end of the period.

        Raises
        ------
        ConservationError, NegativeStockError
            If a month's books do not close.
        """
        # Divisions are guarded where a zero is possible; anything else is caught by the audit.
        with np.errstate(all="raise", under="ignore"):
            self.clock.run()
        dataset = with_indicators(self.recorder.dataset(self.members))
        return Run(self.scenario, dataset, self.events, self.worst_residual)

    def _named_works(self, works: Iterable[Work]) -> Iterable[Process]:
        sites = next(c for c in self.components if isinstance(c, Accumulation))
        for work in works:
            if self.clock.start <= work.start <= self.clock.end:
                yield sites.begin(work.title, work.start, work.branch, work.size)

    def _endow(self) -> None:
        for commodity, accounts in registry.stocks().items():
            for account in accounts:
                self.ledger.endow(
                    commodity, account, getattr(getattr(self.scenario.initial, commodity), account).value
                )
        for name in registry.variables():
            given = getattr(self.scenario.initial.variables, name)
            if given is not None:
                self.board[name] = self.board[name] * 0.0 + given.value
        self.board.settle()

    def _settle(self, phase: str) -> None:
        self.ledger.settle()
        self.board.settle()
        if phase == "record":
            today = self.clock.today
            self.worst_residual = max(self.worst_residual, self.ledger.audit(today, self.members))
            self.recorder.record(today)
            self.ledger.close_month()
            if self.progress is not None:
                self.progress(today)


def _recorded(wanted: Collection[str] | None) -> set[str] | None:
    """Return the names to record: what is wanted, and the parts of wanted indicators."""
    if wanted is None:
        return None
    known = set(registry.recordable()) | set(INDICATORS)
    unknown = sorted(set(wanted) - known)
    if unknown:
        raise UserError(f"wanted '{unknown[0]}': the model has no such quantity.{nearest(unknown[0], known)}")
    names = set(wanted)
    for name in names & set(INDICATORS):
        names = names | {*INDICATORS[name].parts, *INDICATORS[name].over, *INDICATORS[name].less}
    return names


def _parameter_values(scenario: Scenario, overrides: Overrides) -> dict[str, dict[str, float | Array]]:
    """Lay the values of members over those of the scenario."""
    values: dict[str, dict[str, float | Array]] = scenario.parameters.model_dump()
    for component, given in overrides.items():
        for name, array in given.items():
            if name not in values.get(component, {}):
                raise UserError(f"no parameter is called '{component}.{name}'")
            values[component][name] = array
    return values


def run(
    scenario: Scenario | str = "baseline",
    members: int | Sequence[int] = 1,
    seed: int = 0,
    parameters: Overrides | None = None,
    wanted: Collection[str] | None = None,
    progress: Callable[[date], None] | None = None,
) -> xr.Dataset:
    """Run a scenario and return what happened.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    members
        How many members (numbered from 0), or their numbers. Member 0 is the central history.
    seed
        Seed of the random streams: same seed, same histories, bit for bit.
    parameters
        Values that differ between members: component -> parameter -> array of shape ``(members,)``.
    wanted
        Names to record; None records everything.
    progress
        Called with the day at each month's end.

    Returns
    -------
    xarray.Dataset
        Dimensions member and time (the last day of each month); every variable has units and a long name.
        Stocks are those at the end of the month, flows what moved in the month.
    """
    return run_fully(scenario, members, seed, parameters, wanted, progress).dataset


def run_fully(
    scenario: Scenario | str = "baseline",
    members: int | Sequence[int] = 1,
    seed: int = 0,
    parameters: Overrides | None = None,
    wanted: Collection[str] | None = None,
    progress: Callable[[date], None] | None = None,
) -> Run:
    """Run a scenario and return dataset, events and audit: see :func:`run`."""
    loaded = load_scenario(scenario) if isinstance(scenario, str) else scenario
    numbers = range(members) if isinstance(members, int) else members
    economy = Economy(loaded, list(numbers), seed, parameters, wanted)
    economy.progress = progress
    return economy.run()
