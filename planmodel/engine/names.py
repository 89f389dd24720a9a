"""What the names of an economy stand for: each is resolved once, before the first month.

A name that stands for nothing, or for two things, is refused with its place and the nearest name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from planmodel.engine.axes import Axes, Family
from planmodel.engine.component import Context
from planmodel.engine.equations import CALENDAR, Block, Constant, Draw, Lag
from planmodel.engine.errors import DeclarationError, nearest
from planmodel.engine.parameters import Parameters
from planmodel.engine.types import Array
from planmodel.engine.wholes import Whole, untold

SHARED = ("today", "events", "works", "clock", "draws")  # for procedures: not numbers
PREFIXES = ("lever_", "given_", "drawn_", "parameter_")  # where a bare name would stand for two things
_BY_MONTH = "_by_month"


@dataclass
class Reader:
    """How a name is read: once for all, as a view that changes in place, or anew in each phase."""

    axes: tuple[str, ...] = ()
    view: Any = None
    fetch: Callable[[], Any] | None = None
    scalar: bool = False  # shared by all members
    daily: bool = False  # told by the day alone: the same in all runs of a period
    row: tuple[Array, int] | None = None  # the matrix of which the view is a row, and which

    def read(self) -> Any:
        """Return what it is now."""
        return self.view if self.fetch is None else self.fetch()


Meaning = Callable[[], Reader]


class Names:
    """The names of an economy, bound to the books and parameters of one chunk of members.

    Parameters
    ----------
    context
        Calendar, books, variables, chance, and what the scenario sets.
    blocks
        The blocks that run together.
    parameters
        By block.
    auxiliary
        Returns the reader of an auxiliary, or None if none has this name.
    """

    def __init__(
        self,
        context: Context,
        blocks: tuple[Block, ...],
        parameters: Mapping[str, Parameters],
        auxiliary: Callable[[str], Meaning | None],
    ) -> None:
        shared = blocks[0].shared if blocks else None
        everywhere = shared.blocks if shared else blocks
        declared = [b.declared for b in everywhere]
        self.context, self.parameters, self.auxiliary = context, parameters, auxiliary
        self.base = shared.base if shared else context.clock.start
        self.axes = shared.axes if shared else Axes(())
        self.over: Mapping[str, str] = shared.over if shared else {}
        self.wholes: Mapping[str, Whole] = shared.wholes if shared else {}
        self.constants: dict[str, Constant] = by_name(c for d in declared for c in d.constants)
        self.draws: dict[str, Draw] = by_name(x for d in declared for x in d.draws)
        self.lags = {lag.name: Lagged(lag, context) for b in blocks for lag in b.declared.lags}
        members = context.ledger.members
        self.entities = {n: made(members) for b in blocks for n, made in b.entities.items()}
        self._accounts = {f"{c}_{a}": (c, a) for c, a in context.ledger.accounts()}
        self._flows = set(context.ledger.flows())
        self._readers: dict[tuple[str, str], Reader] = {}
        self._today: date | None = None
        self._of_today: dict[str, Any] = {}
        self._drawn_last: dict[str, tuple[int | date | None, Array]] = {}  # by purpose
        self._families: dict[tuple[str, str], Family | None] = {}

    def close(self) -> None:
        """Let go of who reads what: they hold whoever made them."""
        self.auxiliary = lambda name: None
        self._readers.clear()
        self._of_today.clear()

    def meanings(self, name: str, block: str) -> dict[str, Meaning]:
        """Return all that a name may stand for in an equation of a block, by what it is."""
        context, ledger = self.context, self.context.ledger
        head, _, bare = name.partition("_")
        found: dict[str, Meaning] = {}
        own = self.parameters[block].declared if block in self.parameters else {}
        for key in (name, *([bare] if head == "parameter" else [])):
            if key in own:
                found["parameter"] = partial(Reader, view=getattr(self.parameters[block], key))
        if name in self.constants:
            found["constant"] = partial(self._constant, self.constants[name])
        table = self.constants.get(name.removesuffix(_BY_MONTH)) if name.endswith(_BY_MONTH) else None
        if table is not None and isinstance(table.value, tuple):
            found["table"] = partial(Reader, view=(np.nan, *table.value), scalar=True)
        if name in CALENDAR:
            fetch = partial(self._calendar, name)
            found["calendar"] = partial(Reader, fetch=fetch, scalar=True, daily=True)
        auxiliary = self.auxiliary(name)
        if auxiliary is not None:
            found["auxiliary"] = auxiliary
        if name in context.board.variables:
            found["variable"] = partial(_row, context.board.values, context.board.row(name))
        if name in self._accounts:
            found["stock"] = partial(_row, ledger.stocks, ledger.row(*self._accounts[name]))
        if head in ("moved", "ever") and bare in self._flows:
            if head == "ever":
                ledger.ever(bare)  # its total is to be kept
            amounts = ledger.moved_this_month if head == "moved" else ledger.moved_ever
            found["flow"] = partial(_row, amounts, ledger.index(bare))
        if name in self.lags:
            found["lag"] = partial(Reader, fetch=self.lags[name].value)
        # A variable may have the name of the lever or the series that it follows: lever_name or given_name.
        followed = name in context.board.variables or name in self.wholes
        if name in context.levers and not followed:
            found["lever"] = partial(self._lever, name)
        if head == "lever" and bare in context.levers:
            found["lever"] = partial(self._lever, bare)
        if name in context.exogenous and not followed:
            found["input"] = partial(self._exogenous, name)
        if head == "given" and bare in context.exogenous:
            found["input"] = partial(self._exogenous, bare)
        if head == "drawn" and bare in self.draws:
            found["draw"] = partial(Reader, fetch=partial(self._drawn, self.draws[bare]))
        if name in self.entities:
            found["entity"] = partial(Reader, view=self.entities[name], scalar=True)
        if name in SHARED:
            found["shared"] = partial(Reader, fetch=partial(self._shared, name), scalar=True)
        return found

    def reader(self, name: str, block: str, place: str) -> Reader:
        """Return how a name is read by an equation of a block: see :meth:`_resolved`."""
        found = self._readers.get((name, block))
        if found is None:
            found = self._resolved(name, block, place)
            self._readers[name, block] = found
        return found

    def _resolved(self, name: str, block: str, place: str) -> Reader:
        """Return how a name is read by an equation of a block.

        Raises
        ------
        DeclarationError
            With the place, if the name stands for nothing or for two things.
        """
        spread = self.spread(name, block)
        if spread is not None:
            return self._together(spread, block, place)
        found = self.meanings(name, block)
        if len(found) > 1:
            allowed = ", ".join(f"{prefix}{name}" for prefix in PREFIXES)
            raise DeclarationError(
                f"{place}: '{name}' is {' and '.join(sorted(found))}; allowed: one of {allowed}"
            )
        if found:
            return next(iter(found.values()))()
        family = self.family(name, block)
        if family is None:
            why = untold(name, self.wholes) or nearest(name, self._known(block))
            raise DeclarationError(f"{place}: nothing is called '{name}'.{why}")
        for part in family.names:
            if self.spread(part, block) is not None:
                over = self.over[block]
                raise DeclarationError(f"{place}: '{name}' is only in part spread along {over}: '{part}' is")
        return self._together(family, block, place)

    def spread(self, name: str, block: str) -> Family | None:
        """Return what a name stands for that its block reads at all labels of the axis over which it holds.

        Raises
        ------
        DeclarationError
            If the block has a parameter of this name too.
        """
        over = self.over.get(block)
        found = over and self.axes.over(name, over, lambda n: bool(self.meanings(n, block)))
        if not found:
            return None
        if block in self.parameters and name in self.parameters[block].declared:
            raise DeclarationError(f"'{name}' is a parameter of '{block}', and spread along {over}")
        return found

    def family(self, name: str, block: str) -> Family | None:
        """Return the elementary names that a name stands for in a block; None if it is one itself."""
        if (name, block) not in self._families:
            found = self.spread(name, block)
            if found is None and not self.meanings(name, block):
                found = self.axes.family(name, lambda n: bool(self.meanings(n, block)))
            self._families[name, block] = found
        return self._families[name, block]

    def _known(self, block: str) -> set[str]:
        known = {*self._accounts, *self.context.board.variables, *self.context.levers, *self.constants}
        known |= {*CALENDAR, *self.context.exogenous, *self.lags, *(f"moved_{flow}" for flow in self._flows)}
        return known | set(self.parameters[block].declared if block in self.parameters else ())

    def _together(self, family: Family, block: str, place: str) -> Reader:
        """Return the reader of a quantity with axes."""
        readers = [self.reader(n, block, place) for n in family.names]
        if any(r.axes for r in readers):
            return self._gathered(family, readers)
        shape = (*self.axes.sizes(family.axes), -1)
        board, members = self.context.board, self.context.ledger.members
        if all(n in board.variables for n in family.names):
            return self._rows(board.values, [board.row(n) for n in family.names], family)
        heads = {n.partition("_")[0] for n in family.names}
        ledger = self.context.ledger
        if all(n in self._accounts and n not in self.constants for n in family.names):
            return self._rows(ledger.stocks, [ledger.row(*self._accounts[n]) for n in family.names], family)
        if heads == {"moved"} and all(n[6:] in self._flows for n in family.names):
            return self._rows(ledger.moved_this_month, [ledger.index(n[6:]) for n in family.names], family)
        own = self.parameters[block].declared if block in self.parameters else {}
        fixed = all(r.scalar and r.fetch is None for r in readers) or all(n in own for n in family.names)
        if fixed:
            return Reader(family.axes, np.array([r.view for r in readers]).reshape(shape))

        def fetch() -> Array:
            values = [r.read() for r in readers]
            if all(np.ndim(v) == 0 for v in values):
                return np.array(values, dtype=float).reshape(shape)
            whole = [v if np.ndim(v) else np.full(members, v) for v in values]
            return np.array(whole).reshape(shape)

        return Reader(family.axes, fetch=fetch)

    def _gathered(self, family: Family, readers: Sequence[Reader]) -> Reader:
        """Return the reader of a quantity whose parts are auxiliaries with axes of their own."""
        own = self.axes.arranged(a for r in readers for a in r.axes)
        axes = self.axes.arranged((*family.axes, *own))
        members = self.context.ledger.members
        sizes = (*self.axes.sizes(own), members)
        stands = [[*family.axes, *own].index(a) for a in axes]
        wanted = [tuple(self.axes.size[a] if a in r.axes else 1 for a in own) for r in readers]

        def fetch() -> Array:
            values = (np.reshape(r.read(), (*w, -1)) for r, w in zip(readers, wanted, strict=True))
            rows = np.array([np.broadcast_to(v, sizes) for v in values])
            rows = rows.reshape((*self.axes.sizes(family.axes), *sizes))
            return np.ascontiguousarray(rows.transpose([*stands, len(axes)]))

        return Reader(axes, fetch=fetch)

    def is_constant(self, name: str) -> bool:
        """Tell whether a name is a constant of the economy, or a table of it by months."""
        return name.removesuffix(_BY_MONTH) in self.constants

    def _rows(self, matrix: Array, rows: list[int], family: Family) -> Reader:
        """Return the reader of rows of a matrix that is changed in place."""
        shape = (*self.axes.sizes(family.axes), -1)
        if rows == list(range(rows[0], rows[0] + len(rows))):  # side by side: a view
            return Reader(family.axes, matrix[rows[0] : rows[-1] + 1].reshape(shape))
        return Reader(family.axes, fetch=lambda: matrix[rows].reshape(shape))

    # ---- values --------------------------------------------------------------------------------------------

    def _constant(self, constant: Constant) -> Reader:
        if isinstance(constant.value, float):
            return Reader(view=constant.value, scalar=True)
        values = constant.value
        return Reader(fetch=lambda: values[self.context.clock.today.month - 1], scalar=True, daily=True)

    def _lever(self, name: str) -> Reader:
        """Return the reader of a lever: one value for all, or one a member where a decree has a condition."""
        levers = self.context.levers
        return Reader(fetch=lambda: levers[name], scalar=np.ndim(levers[name]) == 0)

    def _calendar(self, name: str) -> float:
        return self.once_a_day(f"calendar {name}", partial(self._on_this_day, name))

    def once_a_day(self, name: str, reckon: Callable[[], Any]) -> Any:
        """Return what does not change within a day."""
        today = self.context.clock.today
        if today is not self._today:
            self._today, self._of_today = today, {}
        if name not in self._of_today:
            self._of_today[name] = reckon()
        return self._of_today[name]

    def _on_this_day(self, name: str) -> float:
        today = self.context.clock.today
        if name == "years":
            return (today - self.base).days / 365.25
        if name == "years_run":  # since the day of the opening stocks
            return (today - self.context.clock.start).days / 365.25
        if name == "base_month":  # 1 to 12 in the year of the bases, zero in others
            month = 12 * (today.year - self.base.year) + today.month - self.base.month + 1
            return month if 1 <= month <= 12 else 0
        return int(getattr(today, name))

    def _exogenous(self, name: str) -> Reader:
        clock, on = self.context.clock, self.context.exogenous[name].on
        return Reader(fetch=partial(self.once_a_day, f"series {name}", lambda: on(clock.today)))

    def _drawn(self, draw: Draw) -> Array:
        today = self.context.clock.today
        dates: dict[str, int | date | None] = {"year": today.year, "month": today.replace(day=1)}
        when = dates.get(draw.when)  # None stands for once
        last, drawn = self._drawn_last.get(draw.purpose, (today, np.empty(0)))
        if not drawn.size or last != when:
            drawn = self.context.draws.normal(draw.purpose, when)
            self._drawn_last[draw.purpose] = when, drawn
        return drawn

    def _shared(self, name: str) -> Any:
        context = self.context
        if name == "today":
            return context.clock.today
        return getattr(context, name)


def _row(matrix: Array, row: int) -> Reader:
    """Return the reader of a row that is changed in place."""
    return Reader(view=matrix[row], row=(matrix, row))


class Lagged:
    """Keeps what a variable or lever was in the last months."""

    def __init__(self, lag: Lag, context: Context) -> None:
        self.lag, self._context = lag, context
        self.rows: list[Array] = []

    def now(self) -> Array:
        """Return what it is."""
        board, of = self._context.board, self.lag.of
        if of in board.variables:
            return board[of].copy()
        return np.full(self._context.ledger.members, self._context.levers[of])

    def save(self) -> dict[str, Any]:
        """Return the state, as :meth:`restore` takes it."""
        return {"rows": [row.copy() for row in self.rows]}

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from a state."""
        self.rows = [np.array(row) for row in saved["rows"]]

    def note(self) -> None:
        """Take down what it is now."""
        self.rows = [*self.rows, self.now()][-self.lag.months - 1 :]

    def value(self) -> Array:
        """Return what it was."""
        return self.rows[0] if self.rows else self.now()


def by_name(things: Any) -> dict[str, Any]:
    """Return things by their names.

    Raises
    ------
    DeclarationError
        If two have one name.
    """
    found: dict[str, Any] = {}
    for thing in things:
        if thing.name in found:
            place = getattr(thing, "place", type(thing).__name__.lower())
            raise DeclarationError(f"{place}: the name '{thing.name}' is declared twice")
        found[thing.name] = thing
    return found
