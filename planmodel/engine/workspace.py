"""Where names become numbers: what each equation reads, and where its results go.

All names are resolved when an economy is put together, before the first month: a name that stands for
nothing, for two things, or that two equations write in one phase, is refused with its place.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from planmodel.engine.axes import Axes, Family
from planmodel.engine.clock import Process, every
from planmodel.engine.component import Context
from planmodel.engine.equations import CALENDAR, OPENING, Announcement, Block, Constant, Draw, Equation, Lag
from planmodel.engine.errors import DeclarationError, PlanmodelError, nearest
from planmodel.engine.failure import broken_off
from planmodel.engine.parameters import Parameters
from planmodel.engine.rules import with_sums
from planmodel.engine.types import Array

SHARED = ("today", "events", "works", "clock")  # for procedures: not numbers
PREFIXES = ("moved_", "ever_", "lever_", "given_", "drawn_", "parameter_", "rank_")


@dataclass
class Reader:
    """How a name is read: once for all, where it is a view that is changed in place, or anew each phase."""

    axes: tuple[str, ...] = ()
    view: Any = None
    fetch: Callable[[], Any] | None = None
    scalar: bool = False  # shared by all members


@dataclass
class Acting:
    """An equation that is ready to act."""

    equation: Equation
    function: Callable[..., Any]
    axes: tuple[str, ...]
    kept: tuple[str, ...]  # axes of the value of an auxiliary
    arguments: list[Any]
    fetched: list[tuple[int, Callable[[], Any], tuple[int, ...] | None]]
    writers: dict[str, Callable[[Any], None]] = field(default_factory=dict)

    def value(self) -> Any:
        """Read the arguments and reckon."""
        arguments = self.arguments.copy()
        for at, fetch, shape in self.fetched:
            found = fetch()
            arguments[at] = found if shape is None or np.ndim(found) == 0 else found.reshape(shape)
        return self.function(*arguments)


class Workspace:
    """The names of an economy, bound to the ledger, the board and the parameters of one chunk of members.

    Parameters
    ----------
    context
        Calendar, books, variables, chance, and what the scenario sets.
    blocks
        The blocks that run together; what they read must be declared by one of them, or by a component.
    parameters
        By block.
    columns
        What the columns of all arrays are called, for messages.

    Raises
    ------
    DeclarationError
        If a text is not within the rules of equations, or a name stands for nothing or for two things.
    """

    def __init__(
        self,
        context: Context,
        blocks: Sequence[Block],
        parameters: Mapping[str, Parameters],
        columns: Sequence[int],
    ) -> None:
        self.context, self.blocks, self.columns = context, blocks, columns
        self.members = context.ledger.members
        self.parameters = parameters
        shared = blocks[0].shared if blocks else None
        everywhere = list(shared.blocks) if shared else list(blocks)
        self.base = shared.base if shared else date(1, 1, 1)
        declared = [b.declared for b in everywhere]
        self.axes = shared.axes if shared else Axes(())
        self.constants: dict[str, Constant] = _named(c for d in declared for c in d.constants)
        self.draws: dict[str, Draw] = _named(x for d in declared for x in d.draws)
        self.announcements: dict[str, Announcement] = _named(a for d in declared for a in d.announcements)
        self.lags = {lag.name: _Lagged(lag, self) for b in blocks for lag in b.declared.lags}
        self.entities = {n: made(self.members) for b in blocks for n, made in b.entities.items()}
        self._accounts = {f"{c}_{a}": (c, a) for c, a in context.ledger.accounts()}
        self._flows = set(context.ledger.flows())
        self._levers = set(context.levers)
        active = {b.name: b.active(context.switches) for b in everywhere}
        values = [f for found in active.values() for f in found if not f.phase]
        self._values: dict[str, Equation] = _named(values)
        self._ready: dict[str, Acting] = {}
        self._known: dict[str, Any] = {}  # values of auxiliaries and of the calendar, in this phase
        self.acting = [self._prepared(f) for b in blocks for f in active[b.name] if f.phase]
        self._one_writer()

    # ---- what names stand for ------------------------------------------------------------------------------

    def _meanings(self, name: str, block: str) -> dict[str, Callable[[], Reader]]:
        """Return all that a name may stand for, by what it is."""
        context, found = self.context, {}
        own = self.parameters[block].declared if block in self.parameters else {}
        bare = name.partition("_")[2]
        if name in own:
            found["parameter"] = lambda: Reader(view=getattr(self.parameters[block], name))
        if name.startswith("parameter_") and bare in own:
            found["parameter"] = lambda: Reader(view=getattr(self.parameters[block], bare))
        if name in self.constants and isinstance(self.constants[name].value, float):
            found["constant"] = lambda: Reader(view=self.constants[name].value, scalar=True)
        if name in self.constants and isinstance(self.constants[name].value, tuple):
            found["table"] = lambda: Reader(fetch=partial(self._this_month, name), scalar=True)
        if name.endswith("_by_month") and name[:-9] in self.constants:
            table: Any = self.constants[name[:-9]].value
            found["table"] = lambda: Reader(view=(np.nan, *table), scalar=True)
        if name in CALENDAR:
            found["calendar"] = lambda: Reader(fetch=getattr(self, f"_{name}"), scalar=True)
        if name in self._values:
            found[self._values[name].kind] = lambda: self._auxiliary(name)
        if name in context.board.variables:
            found["variable"] = lambda: Reader(view=context.board[name])
        if name in self._accounts:
            found["stock"] = lambda: Reader(view=context.ledger.stock(*self._accounts[name]))
        if name.startswith("moved_") and bare in self._flows:
            found["flow"] = lambda: Reader(view=context.ledger.moved(bare))
        if name.startswith("ever_") and bare in self._flows:
            found["flow"] = lambda: Reader(view=context.ledger.ever(bare))
        if name in self.lags:
            found["lag"] = lambda: Reader(fetch=self.lags[name].value)
        if name in self._levers and name not in context.board.variables:  # else lever_name
            found["lever"] = lambda: Reader(fetch=partial(context.levers.__getitem__, name), scalar=True)
        if name.startswith("lever_") and bare in self._levers:
            found["lever"] = lambda: Reader(fetch=partial(context.levers.__getitem__, bare), scalar=True)
        if name in context.exogenous and name not in context.board.variables:  # else given_name
            found["input"] = lambda: Reader(fetch=partial(self._exogenous, name))
        if name.startswith("given_") and bare in context.exogenous:
            found["input"] = lambda: Reader(fetch=partial(self._exogenous, bare))
        if name.startswith("drawn_") and bare in self.draws:
            found["draw"] = lambda: Reader(fetch=partial(self._drawn, self.draws[bare]))
        if name in self.entities:
            found["entity"] = lambda: Reader(view=self.entities[name], scalar=True)
        if name in SHARED:
            found["shared"] = lambda: Reader(fetch=partial(self._shared, name), scalar=True)
        return found

    def reader(self, name: str, block: str, place: str) -> Reader:
        """Return how a name is read by an equation of a block, or refuse it."""
        found = self._meanings(name, block)
        if len(found) > 1:
            raise DeclarationError(
                f"{place}: '{name}' is {' and '.join(sorted(found))}; "
                f"allowed: one of {', '.join(f'{p}{name}' for p in PREFIXES[2:6])}"
            )
        if found:
            return next(iter(found.values()))()
        family = self.axes.family(name, lambda n: bool(self._meanings(n, block)))
        if family is None:
            raise DeclarationError(f"{place}: nothing is called '{name}'.{self._near(name, block)}")
        return self._together(family, block, place)

    def _near(self, name: str, block: str) -> str:
        known = {*self._accounts, *self.context.board.variables, *self._values, *self._levers}
        known |= {*self.constants, *CALENDAR, *self.context.exogenous, *self.lags}
        known |= set(self.parameters[block].declared) if block in self.parameters else set()
        known |= {f"moved_{flow}" for flow in self._flows}
        return nearest(name, known)

    def _together(self, family: Family, block: str, place: str) -> Reader:
        """Return the reader of a quantity with axes."""
        readers = [self.reader(n, block, place) for n in family.names]
        shape = (*self.axes.sizes(family.axes), -1)
        if all(r.fetch is None for r in readers):
            views = [r.view for r in readers]
            if all(r.scalar for r in readers):
                return Reader(family.axes, np.array(views).reshape(shape))
            board = self.context.board
            rows = [board.row(n) for n in family.names if n in board.variables]
            if len(rows) == len(readers) and rows == list(range(rows[0], rows[0] + len(rows))):
                return Reader(family.axes, board.values[rows[0] : rows[-1] + 1].reshape(shape))
            constant = family.names[0] not in board.variables and all(
                isinstance(v, np.ndarray) and v.flags.owndata for v in views
            )
            if constant:  # parameters
                return Reader(family.axes, np.array(views).reshape(shape))
            return Reader(family.axes, fetch=lambda: np.array(views).reshape(shape))

        def fetch() -> Array:
            values = [r.view if r.fetch is None else r.fetch() for r in readers]
            if all(np.ndim(v) == 0 for v in values):
                return np.array(values, dtype=float).reshape(shape)
            return np.array([np.broadcast_to(v, (self.members,)) for v in values]).reshape(shape)

        return Reader(family.axes, fetch=fetch)

    # ---- equations made ready ------------------------------------------------------------------------------

    def _prepared(self, equation: Equation) -> Acting:
        """Resolve what an equation reads and where its results go."""
        readers = [self.reader(name, equation.block, equation.place) for name in equation.reads]
        axes = self.axes.arranged(a for r in readers for a in r.axes)
        function = self._compiled(equation, axes)
        arguments: list[Any] = []
        fetched = []
        for at, reader in enumerate(readers):
            shape = self._shape(reader, axes) if axes and not reader.scalar else None
            if reader.fetch is None:
                view = reader.view
                arguments.append(view if shape is None or np.ndim(view) == 0 else view.reshape(shape))
            else:
                arguments.append(None)
                fetched.append((at, reader.fetch, shape))
        held = {n: set(r.axes) for n, r in zip(equation.reads, readers, strict=True)}
        kept = self.axes.arranged(_axes_of_return(equation, held)) if axes and not equation.phase else ()
        made = Acting(equation, function, axes, kept, arguments, fetched)
        if equation.phase:
            made.writers = {name: self._writer(name, equation, axes) for name in equation.results}
        return made

    def _shape(self, reader: Reader, axes: Sequence[str]) -> tuple[int, ...]:
        return (*(self.axes.size[a] if a in reader.axes else 1 for a in axes), -1)

    def _compiled(self, equation: Equation, axes: Sequence[str]) -> Callable[..., Any]:
        """Return the function, with sums over axes by their place in this economy."""
        return with_sums(equation, tuple(axes)) if axes else equation.function

    def _auxiliary(self, name: str) -> Reader:
        """Return the reader of an auxiliary or of a function of the calendar, made ready at first."""
        equation = self._values[name]
        if name not in self._ready:
            if name in self._known:
                raise DeclarationError(f"{equation.place}: reads itself")
            self._known[name] = None  # while it is made ready
            self._ready[name] = self._prepared(equation)
            del self._known[name]
        acting = self._ready[name]
        return Reader(
            acting.kept, fetch=partial(self._value, name, acting), scalar=equation.kind == "calendar"
        )

    def _value(self, name: str, acting: Acting) -> Any:
        known = self._known.get(name)
        if known is None:
            try:
                known = acting.value()
            except (PlanmodelError, MemoryError, OSError):
                raise
            except Exception as error:
                raise self._broken(error, acting) from error
            if acting.axes and np.ndim(known):
                known = np.asarray(known).reshape((*self.axes.sizes(acting.kept), -1) if acting.kept else -1)
            self._known[name] = known
        return known

    # ---- results -------------------------------------------------------------------------------------------

    def _writer(self, name: str, equation: Equation, axes: tuple[str, ...]) -> Callable[[Any], None]:
        """Return what takes a result of an equation to where it belongs."""
        context = self.context
        if name in self.announcements:
            about = self.announcements[name]
            return lambda mask: context.events.add(
                context.clock.today, about.topic, about.text, np.broadcast_to(mask, (self.members,))
            )
        if name.startswith("rank_") and name[5:] in self._flows:
            return partial(context.ledger.rank, name[5:])
        if self._writable(name):
            family = Family((), (name,))
        else:
            found = self.axes.family(name, self._writable)
            if found is None:
                known = {*self._flows, *context.board.variables, *self.announcements}
                raise DeclarationError(
                    f"{equation.place}: writes '{name}', which is no flow and no variable.{nearest(name, known)}"
                )
            family = found
        if equation.phase == OPENING and any(n in self._flows for n in family.names):
            raise DeclarationError(f"{equation.place}: moves '{name}' before the first month")
        missing = [a for a in family.axes if a not in axes]
        put = [self._put(n) for n in family.names]
        if not axes or (missing and len(missing) == len(family.axes)):
            return partial(self._spread, put, equation, name)
        return partial(self._along, put, equation, name, axes, family.axes)

    def _writable(self, name: str) -> bool:
        return name in self._flows or name in self.context.board.variables

    def _put(self, name: str) -> Callable[[Array], None]:
        if name in self._flows:
            return partial(self.context.ledger.propose, name)
        return partial(self.context.board.__setitem__, name)

    def _spread(self, put: list[Callable[[Array], None]], equation: Equation, name: str, value: Any) -> None:
        """Take a value without axes to one name, or the same to several."""
        array = np.asarray(value, dtype=float)
        if array.shape != (self.members,):
            if array.size not in (1, self.members):
                raise DeclarationError(f"{equation.place}: '{name}' has the shape {array.shape[:-1]}")
            array = np.broadcast_to(array.reshape(-1), (self.members,))
        for one in put:
            one(array)

    def _along(
        self,
        put: list[Callable[[Array], None]],
        equation: Equation,
        name: str,
        axes: tuple[str, ...],
        wanted: tuple[str, ...],
        value: Any,
    ) -> None:
        """Take a value with axes to the names of its rows."""
        array = np.asarray(value, dtype=float)
        if array.ndim == len(axes) + 1:
            sizes = dict(zip(axes, array.shape, strict=False))
            wrong = [a for a in axes if a not in wanted and sizes[a] > 1]
            if wrong:
                raise DeclarationError(
                    f"{equation.place}: '{name}' has no axis '{wrong[0]}', but its value has: add over it"
                )
            array = array.reshape((*(sizes.get(a, 1) for a in wanted), array.shape[-1]))
        shape = (*self.axes.sizes(wanted), self.members)
        rows = np.broadcast_to(array, shape).reshape(-1, self.members)
        for one, row in zip(put, rows, strict=True):
            one(row)

    def _one_writer(self) -> None:
        """Refuse two equations that write one name in one phase."""
        written: dict[tuple[str, str, int], Equation] = {}
        for acting in self.acting:
            equation = acting.equation
            phase, held = self._when(equation)
            for result in equation.results:
                family = None if self._writable(result) else self.axes.family(result, self._writable)
                for name in (result,) if family is None else family.names:
                    for month in held:
                        other = written.setdefault((phase, name, month), equation)
                        if other is not equation:
                            raise DeclarationError(
                                f"{equation.place}: writes '{name}' in '{phase}', as does {other.place}"
                            )

    def _when(self, equation: Equation) -> tuple[str, tuple[int, ...]]:
        """Return phase and months of an equation."""
        seasons = self.context.clock.seasons
        phases = {p.name for p in self.context.clock.phases} | {OPENING}
        if equation.phase in seasons:
            season = seasons[equation.phase]
            return season.phase, equation.months or season.months
        if equation.phase not in phases:
            raise DeclarationError(
                f"{equation.place}: no phase or season is called '{equation.phase}'."
                f"{nearest(equation.phase, {*phases, *seasons})}"
            )
        return equation.phase, equation.months or tuple(range(1, 13))

    # ---- running -------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Let the equations of the opening act, once."""
        with np.errstate(all="raise", under="ignore"):
            for acting in self.acting:
                if acting.equation.phase == OPENING:
                    self._act(acting)
        self.context.board.settle()
        self.forget()

    def forget(self) -> None:
        """Forget what was reckoned in a phase that is over."""
        self._known.clear()

    def act(self, *names: str) -> None:
        """Let equations act now, by ``block.equation``; what they propose waits for a settlement.

        Raises
        ------
        DeclarationError
            If no equation that acts has this name.
        """
        self.forget()
        known = {f"{a.equation.block}.{a.equation.name}": a for a in self.acting}
        for name in names:
            if name not in known:
                raise DeclarationError(f"no equation is called '{name}'.{nearest(name, known)}")
            self._act(known[name])

    def read(self, name: str, block: str = "") -> Any:
        """Return what a name stands for now, as an equation of a block would read it."""
        self.forget()
        reader = self.reader(name, block, f"'{name}'")
        return reader.view if reader.fetch is None else reader.fetch()

    def processes(self) -> Iterator[Process]:
        """Yield a process for each phase and season in which equations act."""
        phases = {a.equation.phase: None for a in self.acting if a.equation.phase != OPENING}
        for phase in {lag.lag.phase: None for lag in self.lags.values()} | phases:
            mine = [a for a in self.acting if a.equation.phase == phase]
            lags = [lag for lag in self.lags.values() if lag.lag.phase == phase]
            yield every(self.context.clock, phase, partial(self._act_all, mine, lags))

    def _act_all(self, acting: list[Acting], lags: list[_Lagged]) -> None:
        month = self.context.clock.today.month
        for lag in lags:
            lag.note()
        for one in acting:
            if not one.equation.months or month in one.equation.months:
                self._act(one)

    def _act(self, acting: Acting) -> None:
        try:
            results = acting.value()
            for name, value in results.items():
                acting.writers[name](value)
        except (PlanmodelError, MemoryError, OSError):
            raise
        except Exception as error:
            raise self._broken(error, acting) from error

    def _broken(self, error: Exception, acting: Acting) -> PlanmodelError:
        owner = f"{acting.equation.block}.{acting.equation.name}"
        context = self.context
        return broken_off(
            error, owner, context.clock.today, self.columns, context.board, acting.equation.reads
        )

    # ---- the calendar and what a scenario gives ------------------------------------------------------------

    def _this_month(self, name: str) -> float:
        values: Any = self.constants[name].value
        return float(values[self.context.clock.today.month - 1])

    def _day(self) -> int:
        return self.context.clock.today.day

    def _month(self) -> int:
        return self.context.clock.today.month

    def _year(self) -> int:
        return self.context.clock.today.year

    def _years(self) -> float:
        return (self.context.clock.today - self.base).days / 365.25

    def _base_month(self) -> int:
        """1 to 12 in the year of the bases, zero in others."""
        today = self.context.clock.today
        month = 12 * (today.year - self.base.year) + today.month - self.base.month + 1
        return month if 1 <= month <= 12 else 0

    def _exogenous(self, name: str) -> float | Array:
        return self.context.exogenous[name].on(self.context.clock.today)

    def _drawn(self, draw: Draw) -> Array:
        today = self.context.clock.today
        when = {"year": today.year, "month": today, "once": None}[draw.when]
        return self.context.draws.normal(draw.purpose, when)

    def _shared(self, name: str) -> Any:
        if name == "today":
            return self.context.clock.today
        return {"events": self.context.events, "works": self.context.works, "clock": self.context.clock}[name]


class _Lagged:
    """Keeps what a variable or lever was in the last months."""

    def __init__(self, lag: Lag, workspace: Workspace) -> None:
        self.lag, self._workspace = lag, workspace
        self.rows: list[Array] = []

    def note(self) -> None:
        """Take down what it is now."""
        context = self._workspace.context
        board = context.board
        of = self.lag.of
        now = (
            board[of].copy() if of in board.variables else np.full(board.values.shape[1], context.levers[of])
        )
        self.rows = [*self.rows, now][-self.lag.months - 1 :]

    def value(self) -> Array:
        """Return what it was."""
        return self.rows[0]


def _named(things: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for thing in things:
        if thing.name in found:
            place = getattr(thing, "place", f"'{thing.name}'")
            raise DeclarationError(f"{place}: the name '{thing.name}' is declared twice")
        found[thing.name] = thing
    return found


def _axes_of_return(equation: Equation, axes_of: Mapping[str, set[str]]) -> set[str]:
    """Return the axes of what an auxiliary returns, by following its assignments."""
    known = {name: set(axes) for name, axes in axes_of.items()}

    def of(node: ast.AST) -> set[str]:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "total":
            axis = node.args[1]
            return of(node.args[0]) - {axis.value if isinstance(axis, ast.Constant) else ""}  # type: ignore[arg-type]
        if isinstance(node, ast.Name):
            return known.get(node.id, set())
        found: set[str] = set()
        for child in ast.iter_child_nodes(node):
            found |= of(child)
        return found

    for node in equation.tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            known[node.targets[0].id] = of(node.value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            known[node.target.id] = known.get(node.target.id, set()) | of(node.value)
        elif isinstance(node, ast.Return) and node.value is not None:
            return of(node.value)
    return set()
