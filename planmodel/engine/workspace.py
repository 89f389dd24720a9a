"""Equations put to work: resolved, made ready, and let act when their phase opens."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from planmodel.engine.clock import Process, every
from planmodel.engine.component import Context
from planmodel.engine.equations import OPENING, Block, Equation
from planmodel.engine.errors import DeclarationError, PlanmodelError, nearest, same_names
from planmodel.engine.failure import broken_off
from planmodel.engine.names import Lagged, Meaning, Names, Reader, by_name
from planmodel.engine.parameters import Parameters
from planmodel.engine.results import Results, Writer
from planmodel.engine.rules import with_sums
from planmodel.engine.wholes import reading, whole_of

if TYPE_CHECKING:
    from planmodel.engine.compiled.books import Books

_CHECKED: set[Any] = set()  # signatures of what was resolved as a whole before
_THROUGH = (PlanmodelError, MemoryError, OSError)  # errors that say themselves what they are


@dataclass
class Bound:
    """What an equation reads and writes, resolved.

    Attributes
    ----------
    axes
        Axes of the arrays that it is given.
    sizes
        How many labels each of them has.
    kept
        Axes of the value of an auxiliary.
    arguments
        What is read once for all.
    fetched
        What is read anew: place among the arguments, how, and the shape to give it.
    """

    axes: tuple[str, ...]
    sizes: tuple[int, ...]
    kept: tuple[str, ...]
    readers: list[Reader]
    arguments: list[Any]
    fetched: list[tuple[int, Callable[[], Any], tuple[int, ...] | None]]
    writers: dict[str, Writer]


@dataclass
class Acting:
    """An equation that can act; what it reads and writes is resolved when that is first asked for."""

    equation: Equation
    resolve: Callable[[Equation], Bound]

    @cached_property
    def bound(self) -> Bound:
        """What it reads and writes.

        Raises
        ------
        DeclarationError
            If a name stands for nothing or for two things.
        """
        return self.resolve(self.equation)

    def value(self) -> Any:
        """Read the arguments and reckon."""
        bound = self.bound
        arguments = bound.arguments.copy()
        for at, fetch, shape in bound.fetched:
            found = fetch()
            arguments[at] = found if shape is None or np.ndim(found) == 0 else found.reshape(shape)
        return with_sums(self.equation, bound.axes)(*arguments)


class Workspace:
    """The equations of an economy, for one chunk of members.

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
        If a name stands for nothing or for two things, or two equations write one name in one phase.
    """

    def __init__(
        self,
        context: Context,
        blocks: Sequence[Block],
        parameters: Mapping[str, Parameters],
        columns: Sequence[int],
    ) -> None:
        self.context, self.columns = context, columns
        shared = blocks[0].shared if blocks else None
        everywhere = shared.blocks if shared else tuple(blocks)
        active = {b.name: b.active(context.switches) for b in everywhere}
        self._values: dict[str, Equation] = by_name(f for fs in active.values() for f in fs if not f.phase)
        self._ready: dict[str, Acting] = {}
        self._in_hand: set[str] = set()  # auxiliaries that are being made ready
        self._books: Books | None = None  # where equations are compiled
        self._programs: dict[str, Callable[[int], None]] = {}
        self._known: dict[str, Any] = {}  # values of auxiliaries and of the calendar, in this phase
        self.names = Names(context, tuple(blocks), parameters, self._auxiliary)
        announcements = by_name(a for b in everywhere for a in b.declared.announcements)
        self.results = Results(context, self.names.axes, announcements, self.names.over)
        self.acting = [Acting(f, self._resolved) for b in blocks for f in active[b.name] if f.phase]
        self.signature = self._sign()
        if self.signature not in _CHECKED:  # chunk after chunk has the same equations
            for one in self.acting:
                _ = one.bound
            self.results.one_writer(a.equation for a in self.acting)
            _CHECKED.add(self.signature)

    def compile(self, books: Books) -> None:
        """Have equations, and what entities can, be done by compiled code."""
        self._books = books
        for entity in self.entities.values():
            if hasattr(entity, "compile"):
                entity.compile(books.queues)

    @property
    def entities(self) -> dict[str, Any]:
        """The entities, by their names."""
        return self.names.entities

    def _sign(self) -> tuple[Any, ...]:
        """Return all that decides what names stand for, and so phases and their code."""
        context, names = self.context, self.names
        accounts = tuple(context.ledger.accounts())
        flows = tuple((flow.name, flow.rank) for flow, _, _ in context.ledger.ends)
        equations = tuple(f.declared for f in (*(a.equation for a in self.acting), *self._values.values()))
        given = tuple((name, tuple(p.declared)) for name, p in names.parameters.items())
        constants = tuple((c.name, c.value) for c in names.constants.values())
        books = accounts, flows, tuple(context.board.variables)
        spread = tuple(names.axes.by_name.values()), tuple(names.wholes.values())
        return books, tuple(context.levers), tuple(context.exogenous), given, constants, spread, equations

    def _resolved(self, equation: Equation) -> Bound:
        """Resolve what an equation reads and where its results go."""
        names = self.names
        readers = [names.reader(name, equation.block, equation.place) for name in equation.reads]
        axes = names.axes.arranged(a for r in readers for a in r.axes)
        arguments: list[Any] = []
        fetched = []
        for at, reader in enumerate(readers):
            shape = (*(names.axes.size[a] if a in reader.axes else 1 for a in axes), -1)
            wanted = shape if axes and not reader.scalar else None
            if reader.fetch is None:
                view = reader.view
                arguments.append(view if wanted is None or np.ndim(view) == 0 else view.reshape(wanted))
            else:
                arguments.append(None)
                fetched.append((at, reader.fetch, wanted))
        held = {n: set(r.axes) for n, r in zip(equation.reads, readers, strict=True)}
        kept = names.axes.arranged(axes_of_return(equation, held)) if axes and not equation.phase else ()
        writers = {name: self.results.writer(name, equation, axes) for name in equation.results}
        return Bound(axes, names.axes.sizes(axes), kept, readers, arguments, fetched, writers)

    # ---- auxiliaries ---------------------------------------------------------------------------------------

    def _auxiliary(self, name: str) -> Meaning | None:
        if name not in self._values:
            whole = whole_of(name, self.names.wholes)
            if whole is None or not whole.how:
                return None
            self._values[name] = reading(whole, name)
        return partial(self._reader, self._values[name])

    def _reader(self, equation: Equation) -> Reader:
        """Return the reader of an auxiliary or of a function of the calendar, made ready at first."""
        name, acting = equation.name, self._ready_made(equation)
        if equation.kind == "calendar":
            fetch = partial(self.names.once_a_day, f"function {name}", partial(self._value, name, acting))
            # What a parameter may change is another in another chunk; a table or a constant is not.
            read = zip(equation.reads, acting.bound.readers, strict=True)
            daily = all(r.daily or (r.scalar and self.names.is_constant(n)) for n, r in read)
            return Reader((), fetch=fetch, scalar=True, daily=daily)
        return Reader(acting.bound.kept, fetch=partial(self._value, name, acting))

    def _ready_made(self, equation: Equation) -> Acting:
        name = equation.name
        if name not in self._ready:
            if name in self._in_hand:
                raise DeclarationError(f"{equation.place}: reads itself")
            self._in_hand.add(name)
            made = Acting(equation, self._resolved)
            _ = made.bound
            self._ready[name] = made
            self._in_hand.remove(name)
        return self._ready[name]

    def _value(self, name: str, acting: Acting) -> Any:
        """Return the value of an auxiliary, reckoned once a phase."""
        known = self._known.get(name)
        if known is None:
            try:
                known = acting.value()
            except _THROUGH:
                raise
            except Exception as error:
                raise self._broken(error, acting) from error
            self._known[name] = known = self._along_kept(known, acting.bound)
        return known

    def _along_kept(self, value: Any, bound: Bound) -> Any:
        """Return the value of an auxiliary along its axes: the side that an ``if`` took may have fewer."""
        if bound.kept:
            sizes = [s if a in bound.kept else 1 for a, s in zip(bound.axes, bound.sizes, strict=True)]
            members = np.shape(value)[-1] if np.ndim(value) else self.context.ledger.members
            alike = np.broadcast_to(value, (*sizes, members))
            return np.ascontiguousarray(alike.reshape((*self.names.axes.sizes(bound.kept), members)))
        return np.asarray(value).reshape(-1) if bound.axes and np.ndim(value) else value

    # ---- state ---------------------------------------------------------------------------------------------

    def save(self) -> dict[str, Any]:
        """Return the state that is neither in the books nor on the board, as :meth:`restore` takes it."""
        return {
            "lags": {name: lag.save() for name, lag in self.names.lags.items()},
            "entities": {name: entity.save() for name, entity in self.entities.items()},
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from a state of the same lags and entities."""
        for kind, parts in (("lag", self.names.lags), ("entity", self.entities)):
            there = saved["lags" if kind == "lag" else "entities"]
            same_names(kind, there, parts)
            for name, part in parts.items():
                part.restore(there[name])
        self.forget()

    # ---- running -------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Let the equations of the opening act, once."""
        with np.errstate(all="raise", under="ignore"):
            for acting in self.acting:
                if acting.equation.phase == OPENING:
                    self.let(acting)
        self.context.board.settle()
        self.forget()

    def close(self) -> None:
        """Let go of what refers to itself: a chunk would stay in memory beside the next ones."""
        self.acting.clear()
        self._ready.clear()
        self._known.clear()
        self._programs.clear()
        self.names.close()

    def know(self, values: Mapping[str, Any]) -> None:
        """Take auxiliaries as reckoned, for the procedures of this phase."""
        self._known |= values

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
            self.let(known[name])

    def read(self, name: str, block: str = "") -> Any:
        """Return what a name stands for now, as an equation of a block would read it."""
        self.forget()
        return self.names.reader(name, block, f"read '{name}'").read()

    def processes(self) -> Iterator[Process]:
        """Yield the processes of entities, and one for each phase and season in which equations act."""
        for entity in self.entities.values():
            if hasattr(entity, "processes"):
                yield from entity.processes(self.context)
        lags = list(self.names.lags.values())
        phases = {lag.lag.phase: None for lag in lags}
        phases |= {a.equation.phase: None for a in self.acting if a.equation.phase != OPENING}
        for phase in phases:
            mine = [a for a in self.acting if a.equation.phase == phase]
            noted = [lag for lag in lags if lag.lag.phase == phase]
            yield every(self.context.clock, phase, partial(self._act_all, mine, noted))

    def _act_all(self, acting: list[Acting], lags: list[Lagged]) -> None:
        month = self.context.clock.today.month
        for lag in lags:
            lag.note()
        if acting:
            self._program(acting)(month)

    def one_by_one(self, acting: list[Acting]) -> Callable[[int], None]:
        """Return what calls the equations of a phase one after the other, under NumPy."""

        def phase(month: int) -> None:
            for one in acting:
                if one.equation.acts_in(month):
                    self.let(one)

        return phase

    def _program(self, acting: list[Acting]) -> Callable[[int], None]:
        """Return the equations of a phase as one function: compiled, or calling one after the other."""
        phase = acting[0].equation.phase
        if phase not in self._programs:
            compiled = None if self._books is None else self._books.phase(self, acting)
            self._programs[phase] = compiled or self.one_by_one(acting)
        return self._programs[phase]

    def auxiliary_of(self, name: str, block: str) -> Acting | None:
        """Return the auxiliary that a name stands for in a block, None if it stands for something else."""
        value = self._values.get(name)
        return None if value is None or value.kind == "calendar" else self._ready_made(value)

    def let(self, acting: Acting) -> None:
        """Let an equation act by itself."""
        try:
            results = acting.value()
            for name, value in results.items():
                acting.bound.writers[name](value)
        except _THROUGH:
            raise
        except Exception as error:
            raise self._broken(error, acting) from error

    def _broken(self, error: Exception, acting: Acting) -> PlanmodelError:
        """Return an error as one that names equation, month and member."""
        e, board = acting.equation, self.context.board
        today = self.context.clock.today
        return broken_off(error, f"{e.block}.{e.name}", today, self.columns, board, e.reads)


def axes_of_return(equation: Equation, held: Mapping[str, set[str]]) -> set[str]:
    """Return the axes of what an auxiliary returns, by following its assignments."""
    known = {name: set(axes) for name, axes in held.items()}

    def of(node: ast.AST) -> set[str]:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "total":
            return of(node.args[0]) - {str(getattr(axis, "value", "")) for axis in node.args[1:]}
        if isinstance(node, ast.Name):
            return known.get(node.id, set())
        return set().union(*(of(child) for child in ast.iter_child_nodes(node)))

    for node in equation.tree.body:
        if isinstance(node, ast.Assign):
            known |= {t.id: of(node.value) for t in node.targets if isinstance(t, ast.Name)}
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            known[node.target.id] = known.get(node.target.id, set()) | of(node.value)
        elif isinstance(node, ast.Return) and node.value is not None:
            return of(node.value)
    return set()
