"""The whole model: read this first.

A run builds, from a scenario, one calendar, one ledger and one board for all its members; creates the
components (sectors own stocks and produce, flows move things between sectors, policy decides); starts their
SimPy processes; and lets the calendar run (``planmodel.engine.simulation``). At the end of each phase the
ledger settles what was proposed, at the end of each month the books are audited and written down.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import xarray as xr

from planmodel.accounts.reckon import Given, accounts_of
from planmodel.engine import Array, Clock, EventLog, Simulation, State, UserError
from planmodel.engine.sums import Needed, Parts
from planmodel.provenance import result_attributes
from planmodel.runs.members import Members
from planmodel.runs.of_scenario import (
    Overrides,
    decrees_of,
    initial_values,
    named_works,
    parameter_values,
    recorded,
    with_parts,
)
from planmodel.runs.resolve import Laid, as_dotted, member_numbers, resolve
from planmodel.runs.totals import with_indicators
from planmodel.scenario import Scenario
from planmodel.scenario.exogenous import exogenous_series
from planmodel.scenario.keys import nested
from planmodel.scenario.load import load_scenario
from planmodel.scenario.notes import scenario_notes
from planmodel.states import GoneOn, check_economy, go_on, with_scenario


@dataclass(frozen=True)
class Run:
    """What a run leaves behind.

    ``laid`` tells what says the values of its members; ``gone_on`` from what it goes on, if it does;
    ``state`` is what another run can go on from, if that was asked for.
    """

    scenario: Scenario
    dataset: xr.Dataset
    events: EventLog
    worst_residual: float
    notes: tuple[str, ...] = ()
    laid: Members | None = None
    gone_on: GoneOn | None = None
    state: State | None = None


class History(Simulation):
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
    initial
        Opening values that differ between members: commodity -> account -> array of shape ``(members,)``;
        under ``variables`` those of variables.
    sizes
        Sizes of named works that differ between members: name -> array of shape ``(members,)``.
    exogenous
        Exogenous values that differ between members: series -> date as in the scenario (a year, or a day) ->
        array of shape ``(members,)``. So each member can have its own weather of a year.
    labels
        What the members are called in messages and in the dataset; their numbers unless given.
    resume
        The state of a run of the same members up to some month (:meth:`state`), from which this one goes on.
    branch
        Whether the scenario may be another than that of the state: see :mod:`planmodel.states`.
    engine
        ``"compiled"``, ``"numpy"`` or ``"auto"``; what ``PLANMODEL_ENGINE`` says unless given.
    sums
        Stocks, flows and variables that are added up, with the months of the run at whose ends they are, for
        :meth:`add_up`.

    Raises
    ------
    StateError
        If the state does not fit.
    """

    def __init__(
        self,
        scenario: Scenario,
        members: Sequence[int] = (0,),
        seed: int = 0,
        parameters: Overrides | None = None,
        wanted: Collection[str] | None = None,
        shuffle: int | None = None,
        initial: Overrides | None = None,
        sizes: Mapping[str, Array] | None = None,
        exogenous: Overrides | None = None,
        labels: Sequence[int] | None = None,
        resume: State | None = None,
        branch: bool = False,
        engine: str | None = None,
        sums: Needed | None = None,
    ) -> None:
        if len(members) == 0:
            raise UserError("a run needs at least one member")
        try:
            scenario.period.check(scenario.initial.date)
        except ValueError as error:  # a copy that was changed without the checks of its file
            raise UserError(f"{scenario.name}: {error}") from None
        self.scenario, self.shuffle, self.sizes = scenario, shuffle, sizes or {}
        self._exogenous = exogenous
        self._wanted = None if wanted is None else with_parts(scenario, wanted)
        values, series = parameter_values(scenario, parameters or {}), exogenous_series(scenario, exogenous)
        self._parameters, self._series = values, series
        stocks, variables = initial_values(scenario, initial or {})
        if resume is not None:
            check_economy(resume, scenario)
        super().__init__(
            scenario.declared.blocks,
            Clock(
                scenario.period.start,
                scenario.period.end,
                scenario.declared.phases,
                scenario.declared.seasons,
            ),
            members,
            seed=seed,
            initial=stocks,
            variables=variables,
            parameters=values,
            switches=scenario.switches.model_dump(),
            exogenous=series,
            wanted=None if self._wanted is None else recorded(scenario, self._wanted),
            sums=sums,
            labels=labels,
            limits=scenario.declared.limits,
            works=named_works(scenario, self.sizes, None if resume is None else resume.day),
            decrees=decrees_of(scenario),
            resume=resume,
            engine=engine,
            branch=True,  # what differs is refused below, together with what only a scenario says
        )
        self.gone_on: GoneOn | None = None
        self._notes: tuple[str, ...] = ()
        if resume is not None:
            self.gone_on, self._notes = go_on(resume, scenario, self.sizes, self.changed, branch)

    @classmethod
    def of(
        cls, scenario: Scenario, members: Sequence[int], seed: int, values: Mapping[str, Array], **given: Any
    ) -> History:
        """Return the history of members with values of their own by dotted key; the rest as above."""
        return cls(scenario, members, seed, **nested(values), **given)

    def run(self) -> Run:
        """Run to the end of the period.

        Raises
        ------
        ConservationError, NegativeStockError
            If a month's books do not close.
        EquationError, ProcessError
            If an equation makes no number, or a process breaks off.
        """
        dataset = self._play()
        declared = self.scenario.declared
        accounts = {}
        if declared.accounts is not None:
            given = Given(self._parameters, self._series, self.decrees.paths)
            accounts = accounts_of(dataset, declared.accounts, given, self._wanted)
        notes = (*scenario_notes(self.scenario, self._exogenous), *self._notes)
        return Run(
            self.scenario,
            with_indicators(dataset, declared.indicators, accounts),
            self.events,
            self.worst_residual,
            notes,
            gone_on=self.gone_on,
        )

    def add_up(self) -> dict[Parts, Array]:
        """Run to the end of the period; return what was added up, by its parts, shape ``(months, members)``.

        Raises as :meth:`run` does.
        """
        self._play()
        return self.sums.values(len(self.labels))

    def _play(self) -> xr.Dataset:
        return self.play(shuffle=self.shuffle)

    def state(self) -> State:
        """Return the state at the end of the run, from which another can go on.

        Raises
        ------
        StateError
            If it has not been run, or a part of it cannot be saved.
        """
        return with_scenario(super().state(), self.scenario, self.sizes, self._notes)


def run(
    scenario: Scenario | str = "baseline",
    members: int | Sequence[int] = 1,
    seed: int = 0,
    parameters: Mapping[str, Any] | None = None,
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
        Seed of the random streams: same seed, same histories, bit for bit on one processor and C library.
    parameters
        Values that differ between members, each of shape ``(members,)``: component -> parameter -> values, or
        values by any dotted key in which members may differ within a run.
    wanted
        Names to record; None records everything.
    progress
        Called with the day at each month's end.

    Returns
    -------
    xarray.Dataset
        Dimensions member and time (the last day of each month); every variable has units and a long name.
        Stocks are those at the end of the month, flows what moved in the month. Its attributes say how it
        came about, as those of the file of a run do.
    """
    return run_fully(scenario, members, seed, parameters, wanted, progress).dataset


def run_fully(
    scenario: Scenario | str = "baseline",
    members: int | Sequence[int] = 1,
    seed: int = 0,
    parameters: Mapping[str, Any] | None = None,
    wanted: Collection[str] | None = None,
    progress: Callable[[date], None] | None = None,
    resume: State | None = None,
    branch: bool = False,
    save: bool = False,
) -> Run:
    """Run a scenario and return dataset, events and audit: see :func:`run`.

    Parameters
    ----------
    scenario, members, seed, parameters, wanted, progress
        As of :func:`run`.
    resume
        The state of an earlier run of the same members, from which this one goes on.
    branch
        Whether the scenario may be another than that of the state: a counterfactual that begins on its day.
    save
        Keep the state at the end, from which another run can go on.

    Raises
    ------
    StateError
        If the state does not fit, or the economy cannot be saved.
    """
    loaded = load_scenario(scenario) if isinstance(scenario, str) else scenario
    numbers = member_numbers(members)
    resolved = resolve(loaded, Laid(as_dotted(parameters or {})), seed=seed, numbers=numbers)
    values = resolved.together("parameters: ")
    history = History.of(loaded, numbers, seed, values, wanted=wanted, resume=resume, branch=branch)
    history.progress = progress
    if save:
        history.check_savable()
    done = history.run()
    done.dataset.attrs |= result_attributes(loaded, seed, done.notes, resolved.keys)
    return replace(done, laid=resolved, state=history.state() if save else None)
