"""The phases of a chunk under compiled code: what is read is fetched, the kernel runs, results are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from planmodel.engine.compiled import compiler, kernels
from planmodel.engine.compiled.layout import Layout, Writes
from planmodel.engine.memory import TOGETHER, addresses, matrix, whole
from planmodel.engine.types import Array

if TYPE_CHECKING:
    from planmodel.engine.compiled.books import Books
    from planmodel.engine.names import Reader
    from planmodel.engine.workspace import Acting, Workspace


class _Code(NamedTuple):
    """What is the same in all chunks: layout, kernel, and what is told by the day, by period and day.

    ``rows`` holds of leaves that are rows of the books, by their numbers, which matrix and which row.
    """

    layout: Layout
    kernel: Callable[..., int]
    days: dict[Any, dict[date, np.ndarray]]
    rows: dict[int, tuple[int, int]]


_CODES: dict[Any, _Code] = {}


class Written(NamedTuple):
    """What compiled equations have written in a phase: which, and the addresses of the rows that hold it."""

    what: Writes
    rows: Array
    amounts: np.ndarray
    values: np.ndarray


class Phase:
    """The equations of a phase.

    Parameters
    ----------
    workspace
        Where names are resolved.
    acting
        The equations; procedures are called as they are, after the others have been reckoned.
    books
        Where results wait for settlement.
    """

    def __init__(self, workspace: Workspace, acting: Sequence[Acting], books: Books) -> None:
        self.workspace, self.books = workspace, books
        self.procedures = [a for a in acting if a.equation.kind == "procedure"]
        self.equations = [a for a in acting if a.equation.kind != "procedure"]
        key = (workspace.signature, tuple(a.equation.declared for a in acting))
        if key not in _CODES:
            layout = Layout.of(workspace, [a.equation for a in acting])
            axes = workspace.names.axes
            code = compiler.made(layout.key(), lambda module: kernels.phase(module, layout, axes))
            _CODES[key] = _Code(layout, code.function("phase", 2), {}, {})
        self.layout, self._kernel, days, rows = _CODES[key]
        self.members = workspace.context.ledger.members
        clock, name = workspace.context.clock, acting[0].equation.phase
        self._clock = clock
        self._days = days.setdefault((workspace.names.base, clock.start), {})
        settled = clock.seasons[name].phase if name in clock.seasons else name
        self.rows = books.sheet(settled, self.layout.rows)
        self._fetched: list[tuple[Array, Callable[[], Any]]] = []  # a number a member
        self._daily: list[Callable[[], Any]] = []  # one for all, told by the day alone
        self._shared: list[Callable[[], Any]] = []  # one for all
        self._written: dict[int, Written] = {}
        self._ranks = self.layout.of_kind("rank")
        axes = workspace.names.axes
        self._values = {
            name: self.rows[one.first : one.first + len(one.names)].reshape((*axes.sizes(one.axes), -1))
            for name, one in self.layout.values.items()
        }
        self._bind(rows)

    # ---- what is read

    def _bind(self, rows: dict[int, tuple[int, int]]) -> None:
        """Find where each leaf is, or make a place for it."""
        where, masks = ([0] * len(self.layout.leaves) for _ in range(2))
        wide: list[tuple[int, Any]] = []  # what needs a number a member
        narrow: list[tuple[int, Any]] = []  # one number for all
        daily = set()
        for place, reader in self._beside(rows, where, masks):
            if reader.daily:
                daily.add(place)
            if reader.fetch is not None:
                (narrow if reader.scalar else wide).append((place, reader.fetch))
            else:
                same = np.ndim(reader.view) == 0 or bool((reader.view == reader.view[0]).all())
                (narrow if same else wide).append((place, reader.view))
        self._kept: list[np.ndarray] = []
        # What is told by the day stands first, then what else is fetched.
        narrow.sort(key=lambda one: 0 if one[0] in daily else 1 if callable(one[1]) else 2)
        for some, members in ((wide, self.members), (narrow, TOGETHER)):
            made = matrix(len(some), members)
            at = addresses(made).tolist()
            for row, start, (place, found) in zip(whole(made), at, some, strict=True):
                where[place], masks[place] = start, -1 if some is wide else 0
                if not callable(found):
                    _put(row, found)
                elif some is wide:
                    self._fetched.append((row, found))
                else:
                    (self._daily if place in daily else self._shared).append(found)
            self._kept.append(made)
        first = len(self._daily)
        self._of_day = self._kept[1][:first]
        self._of_all = self._kept[1][first : first + len(self._shared)]
        self._told = np.zeros(len(self.layout.events), dtype=np.int64)
        self._kept += [np.array(t, dtype=np.int64) for t in (where, masks)]
        self._kept += [addresses(self.rows), self._told]
        places = [table.ctypes.data for table in self._kept[2:]]
        self._kept.append(np.array([*places, self.books.size], dtype=np.int64))
        self._table = self._kept[-1].ctypes.data

    def _beside(
        self, rows: dict[int, tuple[int, int]], where: list[int], masks: list[int]
    ) -> Iterator[tuple[int, Reader]]:
        """Put in where the rows of the books are; yield leaves that are none, with their readers.

        To ask what a name stands for takes long: what rows it stands for is asked in the first chunk only.
        """
        names, context = self.workspace.names, self.workspace.context
        matrices = (context.ledger.stocks, context.ledger.moved_this_month, context.board.values)
        starts = [addresses(made).tolist() for made in matrices]
        numbers = {id(made): number for number, made in enumerate(matrices)}
        for place, leaf in enumerate(self.layout.leaves):
            if place not in rows:
                reader = names.reader(leaf.name, leaf.block, leaf.name)
                if reader.row is None:
                    yield place, reader
                    continue
                made, row = reader.row
                if id(made) not in numbers:  # totals since the beginning: who asks for one has it kept
                    where[place], masks[place] = int(addresses(made)[row]), -1
                    continue
                rows[place] = numbers[id(made)], row
            number, row = rows[place]
            where[place], masks[place] = starts[number][row], -1

    # ---- acting

    def __call__(self, month: int) -> None:
        """Let the equations act: what they propose waits for the settlement of the phase."""
        for row, fetch in self._fetched:
            _put(row, fetch())
        if self._daily:
            today = self._clock.today
            told = self._days.get(today)
            if told is None:
                told = self._days[today] = np.array([[fetch()] for fetch in self._daily], dtype=float)
            self._of_day[:] = told
        if self._shared:
            self._of_all[:] = np.array([fetch() for fetch in self._shared], dtype=float)[:, None]
        if self._kernel(self._table, month):
            # No number, or beyond all numbers: under NumPy the equation at fault says so.
            self._told[:] = 0
            self.workspace.one_by_one([*self.procedures, *self.equations])(month)
            return
        self.workspace.know(self._values)
        for acting in self.procedures:
            if acting.equation.acts_in(month):
                self.workspace.let(acting)
        self._tell(month)
        written = self._written.get(month)
        if written is None:
            written = self._written[month] = self._writes(month)
        self.books.pending.append(written)

    def _writes(self, month: int) -> Written:
        """Return what is written in a month; the same thing where the same equations act."""
        what = self.layout.writes(month, self.workspace.context)
        same = (written for written in self._written.values() if written.what is what)
        at = addresses(self.rows)
        return next(same, None) or Written(what, self.rows, at[list(what.amounts)], at[list(what.values)])

    def _tell(self, month: int) -> None:
        """Tell ranks to the ledger, and the log what happens."""
        context, results = self.workspace.context, self.workspace.results
        for equation, result in self._ranks:
            if equation.acts_in(month):
                for at, flow in enumerate(result.names, result.first):
                    context.ledger.rank(flow, self.rows[at])
        if len(self._told) and self._told.any():
            for result, happens in zip(self.layout.events, self._told.tolist(), strict=True):
                for at, name in enumerate(result.names if happens else (), result.first):
                    results.announce(results.announcements[name], self.rows[at] != 0.0)
            self._told[:] = 0


def _put(row: Array, value: Any) -> None:
    """Put a value into a row and into what it has beyond the members."""
    size = value.size if isinstance(value, np.ndarray) else 1
    if size == 1 or size == len(row):
        row[:] = value
    elif size < len(row):
        row[:size] = value
        row[size:] = value[-1]
    else:
        row[:] = value[0]
