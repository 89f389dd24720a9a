"""The ledger and the board under compiled code: settled, audited and closed without NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np
from llvmlite import ir

from planmodel.engine.board import Board
from planmodel.engine.compiled import closing, compiler, kernels, settling
from planmodel.engine.compiled.elements import NotCompiledError
from planmodel.engine.compiled.phases import Phase, Written
from planmodel.engine.compiled.queues import Queues
from planmodel.engine.compiled.watching import CompiledSums, CompiledWatch, adding
from planmodel.engine.errors import DeclarationError
from planmodel.engine.ledger import ROUNDING, TOLERANCE, Ledger
from planmodel.engine.memory import TOGETHER, addresses, fill, matrix, padded, whole
from planmodel.engine.types import Array

if TYPE_CHECKING:
    from planmodel.engine.workspace import Acting, Workspace


@cache
def _functions() -> tuple[Callable[..., int], ...]:

    def write(module: ir.Module) -> None:
        settling.write(module)
        closing.write(module, ROUNDING, TOLERANCE)

    code = compiler.made("books", write)
    return tuple(code.function(n, a) for n, a in (("settle", 1), ("close", 1)))


class _Tables:
    """Tables, and the table of their addresses that a kernel takes, with the number of bytes of a row."""

    def __init__(self, tables: Sequence[np.ndarray], size: int) -> None:
        self._tables = [*tables, np.array([*(t.ctypes.data for t in tables), size], dtype=np.int64)]
        self.address = self._tables[-1].ctypes.data


@lru_cache(maxsize=1024)
def _served(
    ends: tuple[tuple[int, int], ...], ranks: tuple[int, ...], floored: frozenset[int]
) -> tuple[np.ndarray, ...]:
    """Return sources, their claims in order, by rank, where a rank ends, destinations, what arrives there.

    Parameters
    ----------
    ends
        Of each flow, the rows of the accounts that it leads from and to.
    ranks
        Of each flow.
    floored
        Accounts that cannot fall below nothing.
    """
    claims: dict[int, list[int]] = {}
    for at, (source, _) in enumerate(ends):
        claims.setdefault(source, []).append(at)
    sources: list[int] = []
    order: list[int] = []
    ranked: list[int] = []
    last: list[bool] = []
    for source, some in claims.items():
        sources += [source, len(order), len(order) + len(some), source in floored]
        order += some
        by_rank = sorted(some, key=lambda at: (ranks[at], at))
        ranked += by_rank
        following = [*(ranks[at] for at in by_rank[1:]), None]
        last += [ranks[at] != other for at, other in zip(by_rank, following, strict=True)]
    arriving, places = _by_account([destination for _, destination in ends])
    destinations = [x for account, (first, end) in places.items() for x in (account, first, end)]
    tables = (sources, order, ranked, last, destinations, arriving)
    return tuple(np.array(t, dtype=np.int64) for t in tables)


def _by_account(accounts: Sequence[int]) -> tuple[list[int], dict[int, tuple[int, int]]]:
    """Return flows by the account at one of their ends, and where those of each account begin and end."""
    found: dict[int, list[int]] = {}
    for flow, account in enumerate(accounts):
        found.setdefault(account, []).append(flow)
    ends = list(accumulate(map(len, found.values()), initial=0))
    places = dict(zip(found, pairwise(ends), strict=True))
    return [flow for flows in found.values() for flow in flows], places


def _stretches(sources: Sequence[int], destinations: Sequence[int]) -> np.ndarray:
    """Return where sources and destinations of each commodity begin and end; both stand by commodity.

    Parameters
    ----------
    sources, destinations
        The number of the commodity of each.
    """
    each = np.unique(sources)
    both = sources, destinations
    ends = [np.searchsorted(some, each, side) for some in both for side in ("left", "right")]
    return np.stack(ends, axis=1).astype(np.int64).ravel()


def _first(rank: int | Array) -> int:
    """Return a rank, where members differ that of the first."""
    return rank if isinstance(rank, int) else int(np.ravel(rank)[0])


@dataclass(eq=False)
class _Plan:
    """Tables of a settlement: which flows take from which accounts, in which order."""

    flows: tuple[int, ...]
    spare: dict[int, Array]  # rows for what was proposed under NumPy
    tables: _Tables


class Books:
    """Ledger and board of a chunk of members.

    Parameters
    ----------
    ledger, board
        What is kept here; their matrices are changed in place.
    """

    def __init__(self, ledger: Ledger, board: Board) -> None:
        self.ledger, self.board = ledger, board
        self.members, self.watch, self.sums = ledger.members, CompiledWatch, CompiledSums
        self.adding = adding
        self.size = padded(self.members) * 8
        self._settle, self._close = _functions()
        self.pending: list[Written] = []
        self._paper = matrix(2 * (len(ledger.ends) + len(board.variables)), self.members)
        self._used: dict[str, int] = {}  # rows of it, by phase
        self._plans: dict[object, _Plan] = {}
        self._finite = True  # all that was written on the board
        self._settled: tuple[_Plan, ...] = ()  # of this month
        self._of_month: dict[tuple[_Plan, ...], _Tables] = {}
        self._stocks, self._moved = addresses(ledger.stocks), addresses(ledger.moved_this_month)
        self._values = addresses(board.values)
        self._beyond = whole(board.values)[:, self.members :]  # what rows have beyond the members
        self._prepare()

    def _prepare(self) -> None:
        """Make the tables of closing that are the same in all months."""
        ledger = self.ledger
        commodities = list(ledger.books)
        books = [commodities.index(commodity) for commodity, _ in ledger.accounts()]
        bounds = [row in ledger.floored for row in range(len(books))]
        self._commodities = np.searchsorted(books, range(len(commodities) + 1)).astype(np.int64)
        self._work = matrix(1, TOGETHER)
        self._opening, self._ever = addresses(ledger.opening), addresses(ledger.moved_ever)
        self._books, self._bounds = books, np.array(bounds, dtype=np.int64)

    def queues(self, number: int, finished: float) -> Queues:
        """Return queues for an entity: see :class:`planmodel.engine.compiled.queues.Queues`."""
        return Queues(number, self.members, finished)

    def phase(self, workspace: Workspace, acting: Sequence[Acting]) -> Callable[[int], None] | None:
        """Return what the equations of a phase do; None if there is one that cannot be compiled."""
        try:
            return Phase(workspace, acting, self)
        except NotCompiledError:
            return None

    def sheet(self, phase: str, rows: int) -> Array:
        """Return rows for what is written until a phase is settled; the next phase writes over them.

        So the same memory is used in all phases, and most of it is still near.
        """
        first = self._used.get(phase, 0)
        self._used[phase] = first + rows
        if first + rows > len(self._paper):
            return matrix(rows, self.members)
        return self._paper[first : first + rows]

    def fill(self) -> None:
        """Have what rows have beyond the members be as the last member is: after what NumPy changed."""
        ledger = self.ledger
        for made in (ledger.stocks, ledger.opening, ledger.moved_this_month, ledger.moved_ever):
            fill(made)
        fill(self.board.values)

    def settle(self) -> None:
        """Apply together all that was proposed and written in this phase.

        Raises
        ------
        FloatingPointError
            If an amount grows beyond all numbers.
        """
        ledger, board = self.ledger, self.board
        asked, ranks = ledger.asked, ledger.ranks_given
        if self.pending or asked:
            uneven = [flow for flow, rank in ranks.items() if not isinstance(rank, int)]
            told = tuple((flow, -1 if flow in uneven else rank) for flow, rank in ranks.items())
            key = (*map(id, self.pending), told, *((f, r) for f, (_, r) in asked.items()))
            plan = self._plans.get(key)
            if plan is None:
                plan = self._plans[key] = self._planned()
            if uneven:
                self._settle_under_numpy()
            else:
                for flow, (amount, _) in asked.items():
                    row = plan.spare[flow]
                    row[: self.members] = amount
                    row[self.members :] = amount[-1]
                found = self._settle(plan.tables.address)
                if found:
                    self._found(found, plan)
            self._settled += (plan,)
        if board.written:  # by procedures
            written = list(map(board.row, board.written))
            self._finite = self._finite and all(bool(np.isfinite(some).all()) for some in board.proposed)
            board.settle()
            if self._beyond.shape[1]:
                self._beyond[written] = board.values[written, -1:]
        self.withdraw()

    def _settle_under_numpy(self) -> None:
        """Apply what is pending where members differ in ranks of flows, which the kernel does not know."""
        ledger, values = self.ledger, self.board.values
        for what, rows, *_ in self.pending:
            for flow, at in zip(what.flows, what.amounts, strict=True):
                ledger.asked[flow] = (rows[at], ledger.ends[flow][0].rank)
        ledger.settle()
        for what, rows, *_ in self.pending:
            written = rows[list(what.values)]
            values[list(what.variables)] = written
            self._finite = self._finite and bool(np.isfinite(written).all())
        self.fill()

    def withdraw(self) -> None:
        """Forget what was proposed and written in this phase."""
        self.pending.clear()
        self.ledger.withdraw()

    def _found(self, found: int, plan: _Plan) -> None:
        """Note amounts that are none; break off where they are beyond all numbers."""
        amounts = {flow: row[: self.members] for flow, row in plan.spare.items()}
        for what, rows, *_ in self.pending:
            amounts |= {flow: rows[at] for flow, at in zip(what.flows, what.amounts, strict=True)}
        if found & (kernels.OVERFLOW | kernels.DIVISION):
            self.ledger.asked.update((flow, (row.copy(), 0)) for flow, row in amounts.items())
            raise FloatingPointError("overflow encountered in settlement")
        if found & settling.INFINITE:
            self._finite = False
        if found & settling.NEGATIVE:
            bad = {f: row.copy() for f, row in amounts.items() if not (row >= 0.0).all()}
            self.ledger.below_zero.update(bad)

    def _planned(self) -> _Plan:
        """Return the tables of what is proposed now."""
        ledger = self.ledger
        asked, given = ledger.asked, ledger.ranks_given
        spare = matrix(len(asked), self.members)
        ranks_of = [rank for _, rank in asked.values()]
        claims = dict(zip(asked, zip(addresses(spare).tolist(), ranks_of, strict=True), strict=True))
        singles = dict(zip(asked, whole(spare), strict=True))
        copies: list[int] = []
        for what, _, amounts, values in self.pending:
            for flow, at in zip(what.flows, amounts.tolist(), strict=True):
                if flow in claims:
                    name = ledger.ends[flow][0].name
                    raise DeclarationError(f"flow '{name}' is proposed twice in one phase")
                claims[flow] = (at, ledger.ends[flow][0].rank)
            to = self._values[list(what.variables)].tolist()
            copies += [at for pair in zip(to, values.tolist(), strict=True) for at in pair]
        flows = tuple(sorted(claims))
        ranks = tuple(_first(given.get(f, claims[f][1])) for f in flows)
        amounts = np.array([claims[flow][0] for flow in flows], dtype=np.int64)
        served = _served(tuple(ledger.ends[f][1:] for f in flows), ranks, frozenset(ledger.floored))
        *_, destinations, arriving = served
        accounts = served[0][:: settling.FIELDS], destinations[:: settling.ARRIVAL]
        stretches = _stretches(*([self._books[a] for a in some.tolist()] for some in accounts))
        counts = np.array([len(stretches) // settling.STRETCH, len(copies) // 2])
        moved = self._moved[np.array(flows, dtype=np.int64)[arriving]]
        came, copied = amounts[arriving], np.array(copies, dtype=np.int64)
        tables = (self._stocks, amounts, *served[:-1], came, moved, stretches, counts, copied)
        return _Plan(flows, singles, _Tables(tables, self.size))

    def close_month(self, day: date, members: Sequence[int]) -> tuple[float, bool]:
        """Check that every account closes and nothing is negative, then open the next month.

        Returns
        -------
        float, bool
            The largest residual, as a share of the turnover of its commodity; whether all variables are
            finite numbers.

        Raises
        ------
        ConservationError, NegativeStockError
            As :meth:`planmodel.engine.ledger.Ledger.audit`, which says what is wrong.
        """
        ledger = self.ledger
        flows = self._of_month.get(self._settled)
        if flows is None:
            flows = self._of_month[self._settled] = self._closing()
        found = 0 if ledger.below_zero else self._close(flows.address)
        if found & 3 or ledger.below_zero:
            ledger.audit(day, members)
        self._settled = ()
        return float(self._work[0, :TOGETHER].max()), self._finite

    def _closing(self) -> _Tables:
        """Return the tables of the flows that moved in a month."""
        ledger = self.ledger
        flows = sorted({flow for plan in self._settled for flow in plan.flows})
        kept = [flow for flow in flows if flow in ledger.followed]
        ever = [at for flow in kept for at in (int(self._ever[flow]), int(self._moved[flow]))]
        accounts = len(self._books)
        touched: list[list[int]] = [[] for _ in range(2 * accounts)]  # left an account, and came there
        for flow in flows:
            _, source, destination = ledger.ends[flow]
            touched[2 * source].append(flow)
            touched[2 * destination + 1].append(flow)
        ends = list(accumulate(map(len, touched), initial=0))
        tables = [
            self._stocks,
            self._opening,
            self._moved[[flow for some in touched for flow in some]],
            np.array(ever, dtype=np.int64),
            np.array(ends, dtype=np.int64),
            self._bounds,
            self._commodities,
            np.array([accounts, len(self._commodities) - 1, len(kept)], dtype=np.int64),
            self._work,
        ]
        return _Tables(tables, self.size)
