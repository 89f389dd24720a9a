"""Who holds what: commodities, accounts and the declared flows between them.

Only the ledger changes stocks, and only through declared flows. In a phase every flow is *proposed* from the
opening state; at settlement all are applied together, and an account asked for more than it holds is shared
by the ranks of its flows. Sources (harvest, births) and sinks (consumption, export) are accounts too, without
a floor, so that the accounts of a commodity must at the end of a month add up to what they held at its start.

The audit is always on: a month whose books do not close stops the run and names commodity, account, month,
member and size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from planmodel.kernel.errors import ConservationError, DeclarationError, NegativeStockError
from planmodel.kernel.rationing import by_priority
from planmodel.kernel.types import Array, total

TOLERANCE = 1e-9  # of the month's turnover; beyond it the run stops
ROUNDING = 1e-14  # of the stocks held: what adding floating numbers loses where hardly anything moves


@dataclass(frozen=True)
class Commodity:
    """Something that is conserved, and its unit."""

    name: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Account:
    """A holder of a commodity: a stock (never below zero), a source or a sink."""

    commodity: str
    name: str
    meaning: str
    kind: Literal["stock", "source", "sink"] = "stock"


@dataclass(frozen=True)
class Flow:
    """A declared movement of a commodity from one account to another.

    ``rank`` orders the claims on a source account that is asked for more than it holds: the lowest is
    served first, equals are cut in proportion.
    """

    name: str
    commodity: str
    source: str
    destination: str
    meaning: str
    rank: int = 0


class _Book:
    """Accounts and flows of one commodity, for all members at once."""

    def __init__(
        self, commodity: Commodity, accounts: Sequence[Account], flows: Sequence[Flow], members: int
    ) -> None:
        self.commodity = commodity
        # Stocks come first, so that the rows with a floor are one slice; names order the rest, so that
        # nothing depends on the order in which components were declared.
        self.accounts = sorted(accounts, key=lambda a: (a.kind != "stock", a.name))
        self.row = {account.name: i for i, account in enumerate(self.accounts)}
        self.floored = sum(account.kind == "stock" for account in self.accounts)
        self.flows = sorted(flows, key=lambda f: f.name)
        self.source = [self.row[flow.source] for flow in self.flows]
        self.destination = [self.row[flow.destination] for flow in self.flows]
        self.rank = [flow.rank for flow in self.flows]
        self.stocks = np.zeros((len(self.accounts), members))
        self.moved = np.zeros((len(self.flows), members))
        self.ever = np.zeros((len(self.flows), members))
        self.below_zero: dict[int, Array] = {}  # amounts granted this month that are negative or no number
        self.opening = self.stocks.copy()
        self.proposed: dict[int, tuple[Array, int]] = {}

    def settle(self) -> None:
        """Apply together what was proposed: all accounts give, then all receive."""
        claims: dict[int, list[int]] = {}
        for index in sorted(self.proposed):
            claims.setdefault(self.source[index], []).append(index)
        granted = [pair for row, indices in claims.items() for pair in self._give(row, indices)]
        for index, amount in granted:
            self.stocks[self.destination[index]] += amount
            self.moved[index] += amount
            if not np.minimum.reduce(amount) >= 0.0:
                self.below_zero[index] = amount
        self.proposed.clear()

    def _give(self, row: int, indices: list[int]) -> Iterable[tuple[int, Array]]:
        """Take the claims on an account from it; return what each flow carries."""
        amounts = [self.proposed[index][0] for index in indices]
        claimed = amounts[0] if len(amounts) == 1 else total(amounts)
        stock = self.stocks[row]
        short = claimed > stock
        if row >= self.floored or not np.logical_or.reduce(short):
            stock -= claimed
            return zip(indices, amounts, strict=True)
        cut, left = by_priority(stock, amounts, [self.proposed[index][1] for index in indices])
        # A member that has enough must not feel that its neighbours have not, not even in the last bit.
        stock[:] = np.where(short, left, stock - claimed)
        # An endless claim must not pass for a claim on all there is: 0 x inf is no number.
        cut = [
            np.where(short, part + 0.0 * amount, amount) for part, amount in zip(cut, amounts, strict=True)
        ]
        return zip(indices, cut, strict=True)


class Ledger:
    """All books, their settlement and their audit.

    Parameters
    ----------
    commodities, accounts, flows
        The declarations of all components.
    members
        Number of members in this chunk.
    """

    def __init__(
        self,
        commodities: Iterable[Commodity],
        accounts: Iterable[Account],
        flows: Iterable[Flow],
        members: int,
    ) -> None:
        commodities, accounts, flows = list(commodities), list(accounts), list(flows)
        self.members = members
        self.books: dict[str, _Book] = {}
        _check_declarations(commodities, accounts, flows)
        for commodity in commodities:
            held = [a for a in accounts if a.commodity == commodity.name]
            moved = [f for f in flows if f.commodity == commodity.name]
            self.books[commodity.name] = _Book(commodity, held, moved, members)
        self._flow: dict[str, tuple[_Book, int]] = {
            flow.name: (book, index) for book in self.books.values() for index, flow in enumerate(book.flows)
        }

    def endow(self, commodity: str, account: str, amount: Array | float) -> None:
        """Put the initial stock into an account, before the first phase."""
        book = self.books[commodity]
        book.stocks[book.row[account]] = amount
        book.opening[book.row[account]] = amount

    def stock(self, commodity: str, account: str) -> Array:
        """Return what an account holds at the opening of the phase; do not write into it."""
        book = self.books[commodity]
        return book.stocks[book.row[account]]

    def moved(self, flow: str) -> Array:
        """Return what a flow has moved so far this month (settled phases only)."""
        book, index = self._flow[flow]
        return book.moved[index]

    def ever(self, flow: str) -> Array:
        """Return what a flow has moved since the start, up to the last closed month."""
        book, index = self._flow[flow]
        return book.ever[index]

    def propose(self, flow: str, amount: Array, rank: int | None = None) -> None:
        """Propose to move an amount at the settlement of this phase.

        Parameters
        ----------
        flow
            Name of a declared flow, proposed at most once a phase.
        amount
            Not negative, shape ``(members,)``, in the unit of the commodity.
        rank
            Rank among the claims on the source account, instead of the declared one.
        """
        book, index = self._flow[flow]
        if index in book.proposed:
            raise DeclarationError(f"flow '{flow}' is proposed twice in one phase")
        # A view of a stock would change under us when that stock is settled.
        amount = amount if amount.base is None else amount.copy()
        book.proposed[index] = (amount, book.rank[index] if rank is None else rank)

    def settle(self) -> None:
        """Apply together all that was proposed in this phase."""
        for book in self.books.values():
            if book.proposed:
                book.settle()

    def close_month(self) -> None:
        """Add the month to the totals and open the next one."""
        for book in self.books.values():
            book.ever += book.moved
            book.moved[:] = 0.0
            book.below_zero.clear()
            # Sources and sinks start each month at zero, so that rounding does not grow with the years.
            book.stocks[book.floored :] = 0.0
            book.opening[: book.floored] = book.stocks[: book.floored]

    def audit(self, day: date, members: Sequence[int]) -> float:
        """Check that the month's books close and that nothing is negative.

        Parameters
        ----------
        day
            The day of the audit, for the message.
        members
            Numbers of the members, for the message.

        Returns
        -------
        float
            The largest residual, as a share of the commodity's turnover in the month.

        Raises
        ------
        ConservationError, NegativeStockError
            Naming commodity, account, month, member and size.
        """
        worst = 0.0
        for book in self.books.values():
            self._check_signs(book, day, members)
            # No result comes of these sums, so that their order is free; sources and sinks opened at zero.
            held = book.opening[: book.floored].sum(axis=0)
            residual = np.abs(book.stocks.sum(axis=0) - held)
            turnover = book.moved.sum(axis=0)
            beyond = residual - ROUNDING * held
            if not (beyond <= TOLERANCE * turnover).all():
                raise ConservationError(_describe_leak(book, beyond - TOLERANCE * turnover, day, members))
            worst = max(worst, float(np.max(beyond / np.where(turnover > 0.0, turnover, 1.0))))
        return worst

    @staticmethod
    def _check_signs(book: _Book, day: date, members: Sequence[int]) -> None:
        floored = book.stocks[: book.floored]
        if not book.below_zero and (floored >= 0.0).all():
            return
        suspects = [(f"account '{a.name}'", held) for a, held in zip(book.accounts, floored, strict=False)]
        suspects += [(f"flow '{book.flows[i].name}'", book.below_zero[i]) for i in sorted(book.below_zero)]
        for name, values in suspects:
            bad = np.flatnonzero(~(values >= 0.0))
            if bad.size:
                raise NegativeStockError(
                    f"{book.commodity.name}, {name}, {day:%B %Y}, member {members[bad[0]]}: "
                    f"{values[bad[0]]:.6g} {book.commodity.unit}, must be zero or more"
                )


def _describe_leak(book: _Book, excess: Array, day: date, members: Sequence[int]) -> str:
    """Find the account in which the books of a commodity fail to close."""
    member = int(np.argmax(np.where(np.isnan(excess), np.inf, excess)))
    expected = book.opening[:, member].copy()
    for index in range(len(book.flows)):
        expected[book.source[index]] -= book.moved[index, member]
        expected[book.destination[index]] += book.moved[index, member]
    gap = book.stocks[:, member] - expected
    row = int(np.argmax(np.abs(np.where(np.isnan(gap), np.inf, gap))))
    return (
        f"{book.commodity.name} does not close in {day:%B %Y}: account '{book.accounts[row].name}', "
        f"member {members[member]}, {gap[row]:+.6g} {book.commodity.unit} outside any declared flow"
    )


def _check_declarations(
    commodities: Sequence[Commodity], accounts: Sequence[Account], flows: Sequence[Flow]
) -> None:
    kinds: Mapping[tuple[str, str], str] = {(a.commodity, a.name): a.kind for a in accounts}
    for what, names in (
        ("commodity", [c.name for c in commodities]),
        ("flow", [f.name for f in flows]),
        ("account", [f"{a.commodity}.{a.name}" for a in accounts]),
    ):
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise DeclarationError(f"{what} declared twice: {', '.join(twice)}")
    for account in accounts:
        if account.commodity not in {c.name for c in commodities}:
            raise DeclarationError(f"account '{account.name}' holds unknown '{account.commodity}'")
    for flow in flows:
        for end in (flow.source, flow.destination):
            if (flow.commodity, end) not in kinds:
                raise DeclarationError(f"flow '{flow.name}': no account '{end}' of {flow.commodity}")
        if kinds[flow.commodity, flow.source] == "sink":
            raise DeclarationError(f"flow '{flow.name}' flows out of the sink '{flow.source}'")
        if kinds[flow.commodity, flow.destination] == "source":
            raise DeclarationError(f"flow '{flow.name}' flows into the source '{flow.destination}'")
