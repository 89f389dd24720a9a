"""Components made into running processes: the runner of any economy, whole or small.

The whole model is one list of components; a smaller system is another one. What a component reads must be
declared by a component of the list, or be given as an exogenous series.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
import xarray as xr

from planmodel.engine.backend import compiled_books
from planmodel.engine.board import Board
from planmodel.engine.clock import Clock, Process
from planmodel.engine.component import Component, Context, Series
from planmodel.engine.decrees import Decree, Decrees, levers_by_member
from planmodel.engine.draws import Draws
from planmodel.engine.equations import Block
from planmodel.engine.errors import DeclarationError, PlanmodelError, StateError, few
from planmodel.engine.events import EventLog
from planmodel.engine.failure import broken_off, not_finite
from planmodel.engine.ledger import Ledger
from planmodel.engine.limits import MARKS, Limit, Watch
from planmodel.engine.parameters import Parameters
from planmodel.engine.published import PREFIX, Published
from planmodel.engine.recorder import Recorder
from planmodel.engine.rules import asked_for_all
from planmodel.engine.state import Changed, State, check_savable, put, take
from planmodel.engine.sums import Needed, Sums
from planmodel.engine.types import Array
from planmodel.engine.wholes import Wholes
from planmodel.engine.workspace import Workspace


@contextmanager
def _no_collection() -> Iterator[None]:
    """Leave cycles alone meanwhile: a history makes few, and to look for them takes a tenth of its time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _levers_by_member(state: State | None) -> set[str]:
    """Return the levers in which the members of a saved run may differ."""
    return set() if state is None else {name for name, value in state.levers.items() if np.ndim(value)}


def _check_none_for_all(levers: set[str], parts: Iterable[type[Component] | Block]) -> None:
    """Refuse levers of which members have values of their own where a function asks for them once for all."""
    for block in (part for part in parts if isinstance(part, Block)):
        for function in block.functions if levers else ():
            for name in asked_for_all(function):
                if name.removeprefix(PREFIX) in levers:
                    raise DeclarationError(
                        f"{function.place}: asks for lever '{name}' once for all members, and a decree with "
                        "a condition sets it"
                    )


CLOSING = "record"  # the phase at whose end the month's books are audited, written down and closed
Values = Mapping[str, Mapping[str, float | Array]]


class Simulation:
    """A list of components on one calendar, with one ledger and one board, for one chunk of members.

    Parameters
    ----------
    components
        Blocks of equations, and classes of components; their order has no effect.
    clock
        The calendar. One of its phases is called ``record``: there the books of the month are closed.
    members
        Numbers of the members; member 0 is the central history, without shocks.
    seed
        Seed of the random streams.
    initial
        Stocks on the first day: commodity -> account -> amount; zero where nothing is given.
    variables
        Values on the first day of variables that are not to start as declared.
    parameters
        Component -> parameter -> value, or array of shape ``(members,)``; defaults elsewhere.
    switches
        Mechanisms that are on (True) or off (False); those not named are on.
    exogenous
        The dated series that the components read.
    wanted
        Names of stocks, flows and variables to record; None records everything.
    sums
        What is added up at the ends of some months, beside what is recorded, for :attr:`sums`.
    labels
        What the members are called in messages and in the dataset; their numbers unless given.
    limits
        Limits of plausibility: the coordinate ``implausible`` of what is recorded marks who leaves them.
    works
        What the scenario begins on days of its own or by decrees, for procedures that read ``works``.
    decrees
        The calendar of policy, and its rules.
    resume
        The state of a run of the same economy and members, from which this one goes on.
    branch
        Whether it may be given otherwise than that run: parameters and switches then hold from the day of the
        state on, what is of days before it has no effect, and ``changed`` names both.
    engine
        ``"compiled"``, ``"numpy"``, or ``"auto"``: compiled where llvmlite is installed. Unless given, what
        ``PLANMODEL_ENGINE`` says, or ``auto``. The bits are the same.

    Raises
    ------
    StateError
        If the state does not fit.
    DeclarationError
        If a component reads a series that is not given, or the clock has no phase ``record``, or does not
        end with one: what happens after the last would be recorded nowhere.
    """

    def __init__(
        self,
        components: Sequence[type[Component] | Block],
        clock: Clock,
        members: Sequence[int] = (0,),
        *,
        seed: int = 0,
        initial: Values | None = None,
        variables: Mapping[str, float | Array] | None = None,
        parameters: Values | None = None,
        switches: Mapping[str, bool] | None = None,
        exogenous: Mapping[str, Series] | None = None,
        wanted: Collection[str] | None = None,
        sums: Needed | None = None,
        labels: Sequence[int] | None = None,
        limits: Sequence[Limit] = (),
        works: Sequence[Any] = (),
        decrees: Sequence[Decree] = (),
        resume: State | None = None,
        branch: bool = False,
        engine: str | None = None,
    ) -> None:
        if resume is not None:
            clock.go_on(resume.day)
        self.clock, self.members, self.parts = clock, list(members), tuple(components)
        self.labels = self.members if labels is None else list(labels)
        # A member alone runs as two columns of itself: NumPy is three times as slow on arrays of one element
        # in place, and adds up the rows of a matrix in another order when it has but one column.
        columns = self.members * 2 if len(self.members) == 1 else self.members
        size = len(columns)
        self.ledger = Ledger(
            (commodity for c in components for commodity in c.commodities),
            (account for c in components for account in c.accounts),
            (flow for c in components for flow in c.flows),
            size,
        )
        self.board = Board((variable for c in components for variable in c.variables), size)
        self.events = EventLog(size)
        own = levers_by_member(decrees) | _levers_by_member(resume)
        _check_none_for_all(own, components)
        self.levers: dict[str, float | Array] = {
            lever.name: np.full(size, lever.initial) if lever.name in own else lever.initial
            for c in components
            for lever in c.levers
        }
        read = [name for decree in decrees if decree.when for name in decree.when.names]
        blocks = [c for c in components if isinstance(c, Block)]
        shared = blocks[0].shared if blocks else None
        looked_at = {*read, *(name for x in limits for name in (*x.parts, *x.over)), *chain(*(sums or {}))}
        self.wholes = Wholes(
            shared.wholes if shared else {},
            self.ledger,
            self.board,
            None if wanted is None else looked_at.union(wanted),
        )
        self.published = Published(self.ledger, self.board, self.wholes, self.levers, read)
        self.decrees = Decrees(clock, self.events, self.levers, self.published, decrees, size, CLOSING)
        known = {switch.name: True for c in components for switch in c.switches}
        series = dict(exogenous or {})
        if shared is not None:
            series |= {n: series[of] for n, of in shared.inputs.items() if n not in series and of in series}
        wanting = sorted({i.name for c in components for i in c.inputs} - set(series))
        if wanting:
            raise DeclarationError(f"no exogenous series is given for '{wanting[0]}'")
        self.context = Context(
            clock=clock,
            ledger=self.ledger,
            board=self.board,
            draws=Draws(seed, columns),
            events=self.events,
            levers=self.levers,
            switches=known | dict(switches or {}),
            exogenous=series,
            works=works,
            decrees=self.decrees,
        )
        self._endow(initial or {}, variables or {})
        values = parameters or {}
        given = {kind.name: kind.parameters.resolve(values.get(kind.name, {}), size) for kind in components}
        self.workspace = Workspace(self.context, blocks, given, self._columns())
        classes = [c for c in components if not isinstance(c, Block)]
        self.components = [self._made(kind, given[kind.name]) for kind in classes]
        if resume is None:
            self.workspace.open()
        if not any(phase.name == CLOSING for phase in clock.phases):
            raise DeclarationError(f"the clock has no phase '{CLOSING}' in which to close the books")
        closed = max((day for day, phase in clock.openings() if phase.name == CLOSING), default=None)
        if closed != clock.end:
            raise DeclarationError(f"the period ends on {clock.end}; books are last closed on {closed}")
        self.books = compiled_books(self.ledger, self.board, engine)
        if self.books is not None:
            self.workspace.compile(self.books)
            self.wholes.compile(self.books.adding)
        self.recorder = Recorder(self.ledger, self.board, self.months, wanted, self.wholes)
        add_up = Sums if self.books is None else self.books.sums
        self.sums: Sums = add_up(self.ledger, self.board, self.wholes, sums or {})
        watch = Watch if self.books is None else self.books.watch
        self.watch: Watch = watch(self.ledger, self.board, self.wholes, limits)
        self._owners = {flow.name: c.name for c in components for flow in c.flows}
        self._owners |= {variable.name: c.name for c in components for variable in c.variables}
        self.worst_residual = 0.0
        self.progress: Callable[[date], None] | None = None
        self.played = False
        self.changed = Changed() if resume is None else put(self, resume)
        if not branch and (self.changed.holds or self.changed.past):
            raise StateError(
                f"the state was given otherwise: {few([*self.changed.holds, *self.changed.past])}; "
                "allowed: the same values, or a branch on purpose"
            )
        clock.on_settlement(self._settle)

    @property
    def months(self) -> int:
        """Number of month ends in the period."""
        return sum(phase.name == CLOSING for _, phase in self.clock.openings())

    def play(self, others: Iterable[Process] = (), shuffle: int | None = None) -> xr.Dataset:
        """Start the processes of all components, and others, and run to the end of the period.

        Parameters
        ----------
        others
            Processes that belong to no component.
        shuffle
            Start the processes in this random order: a check that order is not a hidden parameter.

        Returns
        -------
        xarray.Dataset
            What was recorded: see :meth:`planmodel.engine.recorder.Recorder.dataset`.

        Raises
        ------
        ConservationError, NegativeStockError
            If a month's books do not close.
        EquationError, ProcessError
            If an equation makes no number, or a process breaks off.
        """
        named = [("another process", process) for process in others]
        named += [("decrees", process) for process in self.decrees.processes()]
        named += [(c.name, process) for c in self.components for process in c.processes()]
        named += [("equations", process) for process in self.workspace.processes()]
        processes = [self._guarded(name, process) for name, process in named]
        if shuffle is not None:
            random.Random(shuffle).shuffle(processes)
        for process in processes:
            self.clock.process(process)
        if self.books is not None:
            self.books.fill()
        # Divisions are guarded where a zero is possible; anything else is caught by the audit.
        try:
            with np.errstate(all="raise", under="ignore"), _no_collection():
                self.clock.run()
        finally:
            self.workspace.close()
        self.played = True
        dataset = self.recorder.dataset(self.labels)
        if not self.watch.limits:
            return dataset
        return dataset.assign_coords({MARKS: self.watch.coordinate(len(self.labels))})

    def check_savable(self) -> None:
        """Refuse, before it is run, what cannot be saved after.

        Raises
        ------
        StateError
            If a part of it may keep what nobody else knows of.
        """
        check_savable(self)

    def state(self) -> State:
        """Return the state at the end of the period, from which another simulation can go on.

        Raises
        ------
        StateError
            If it has not been run to there, or a part of it cannot be saved.
        """
        if not self.played:
            raise StateError("a simulation is saved at the end of its period; allowed: after play()")
        return take(self)

    def _made(self, kind: type[Component], parameters: Parameters) -> Component:
        """Make a component; whatever breaks off is named."""
        try:
            with np.errstate(all="raise", under="ignore"):
                return kind(self.context, parameters)
        except (PlanmodelError, MemoryError, OSError):
            raise
        except Exception as error:
            raise broken_off(error, kind.name, self.clock.start, self._columns(), self.board) from error

    def _guarded(self, name: str, process: Process) -> Process:
        """Run a process of a component; whatever breaks it off is named."""
        try:
            yield from process
        except (PlanmodelError, MemoryError, OSError):
            raise
        except Exception as error:
            raise broken_off(error, name, self.clock.today, self._columns(), self.board) from error

    def _columns(self) -> list[int]:
        """Return what the columns of all arrays are called."""
        return self.labels * 2 if len(self.labels) == 1 else self.labels

    def _endow(self, initial: Values, variables: Mapping[str, float | Array]) -> None:
        self.initial: dict[str, float | Array] = {}
        for commodity, accounts in initial.items():
            for account, amount in accounts.items():
                self.initial[f"{commodity}.{account}"] = amount
                for part, own in self._parts(f"{commodity}_{account}", amount):
                    self.ledger.endow(commodity, part.removeprefix(f"{commodity}_"), own)
        for name, value in variables.items():
            self.initial[f"variables.{name}"] = value
            for part, own in self._parts(name, value):
                self.board[part] = np.zeros(self.ledger.members) + own
        self.board.settle()

    def _parts(self, name: str, value: float | Array) -> list[tuple[str, float | Array]]:
        """Return the rows that have an opening value: those of a quantity that is spread."""
        whole = self.wholes.known.get(name)
        return [(name, value)] if whole is None else list(zip(whole.parts, whole.opening(value), strict=True))

    def _settle(self, phase: str) -> None:
        today = self.clock.today
        try:
            (self.ledger if self.books is None else self.books).settle()
        except FloatingPointError as error:
            proposed = self.ledger.proposed()
            raise not_finite(proposed, self._owners, today, self._columns(), phase, 0.0) from error
        self.board.settle()
        self.workspace.forget()
        if phase == CLOSING:
            self.wholes.reckon()
            self.sums.record(self.recorder.months)
            self.recorder.record(today)
            with np.errstate(all="ignore"):  # what is no number is for the audit to name
                self.watch.look(today)
            self.published.note(today)
            residual, finite = self._close_month(today)
            self.worst_residual = max(self.worst_residual, residual)
            if not finite:
                values = {name: self.board[name] for name in self.board.variables}
                raise not_finite(values, self._owners, today, self._columns(), phase)
            if self.progress is not None:
                self.progress(today)

    def _close_month(self, today: date) -> tuple[float, bool]:
        """Audit the month's books and close them: the largest residual, and whether variables are numbers."""
        if self.books is not None:
            return self.books.close_month(today, self.labels)
        residual = self.ledger.audit(today, self.labels)
        self.ledger.close_month()
        return residual, bool(np.isfinite(self.board.values).all())
