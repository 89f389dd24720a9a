"""Who holds what: commodities, accounts and the declared flows between them.

Only the ledger changes stocks, and only through declared flows. In a phase every flow is *proposed* from the
opening state; at settlement all are applied together, and an account asked for more than it holds is shared
by the ranks of its flows. Sources (harvest, births) and sinks (consumption, export) are accounts too, without
a floor, so that the accounts of a commodity must at the end of a month add up to what they held at its start.

The audit is always on, account by account: a month in which one holds more or less than its flows brought
and took stops the run and names commodity, account, month, member and size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from planmodel.engine.books import Account, Book, Commodity, Flow, check_declarations
from planmodel.engine.errors import ConservationError, DeclarationError, NegativeStockError, same_names
from planmodel.engine.memory import matrix
from planmodel.engine.settlement import Plan
from planmodel.engine.types import Array

TOLERANCE = 1e-9  # of the month's turnover; beyond it the run stops
ROUNDING = 1e-14  # of the stocks held: what adding floating numbers loses where hardly anything moves


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
        check_declarations(commodities, accounts, flows)
        self.members = members
        self.books = {
            c.name: Book(
                c,
                [a for a in accounts if a.commodity == c.name],
                [f for f in flows if f.commodity == c.name],
            )
            for c in commodities
        }
        self._row: dict[tuple[str, str], int] = {}
        self._flow: dict[str, int] = {}
        self.ends: list[
            tuple[Flow, int, int]
        ] = []  # of each flow: itself, and the rows that it leads from and to
        self.stocks = matrix(len(accounts), members)
        self.opening = matrix(len(accounts), members)  # of the month
        self.moved_this_month = matrix(len(flows), members)
        self.moved_ever = matrix(len(flows), members)
        self.followed: set[int] = set()  # flows whose totals somebody reads
        self._stocks = list(self.stocks)
        self._moved = list(self.moved_this_month)
        self.floored: set[int] = set()
        for book in self.books.values():
            self._bind(book)
        self._boundless = [row for row in self._row.values() if row not in self.floored]
        self._proposed: dict[int, tuple[Array, int]] = {}
        self.ranks_given: dict[int, int | Array] = {}
        self._plans: dict[tuple[int, ...], Plan] = {}
        self.below_zero: dict[int, Array] = {}  # amounts granted this month that are negative or no number

    def _bind(self, book: Book) -> None:
        """Give a book the next rows of the matrices."""
        top, first = len(self._row), len(self.ends)
        self._row |= {(book.commodity.name, name): top + row for name, row in book.row.items()}
        self.floored |= set(range(top, top + book.floored))
        for flow, source, destination in zip(book.flows, book.source, book.destination, strict=True):
            self._flow[flow.name] = len(self.ends)
            self.ends.append((flow, top + source, top + destination))
        rows = slice(top, len(self._row))
        book.open(self.stocks[rows], self.opening[rows], self.moved_this_month[first : len(self.ends)])

    def endow(self, commodity: str, account: str, amount: Array | float) -> None:
        """Put the initial stock into an account, before the first phase."""
        row = self._row[commodity, account]
        self.stocks[row] = amount
        self.opening[row] = amount

    def stock(self, commodity: str, account: str) -> Array:
        """Return what an account holds at the opening of the phase; do not write into it."""
        return self._stocks[self._row[commodity, account]]

    def row(self, commodity: str, account: str) -> int:
        """Return the row of an account in ``stocks``."""
        return self._row[commodity, account]

    def moved(self, flow: str) -> Array:
        """Return what a flow has moved so far this month (settled phases only)."""
        return self._moved[self._flow[flow]]

    def ever(self, flow: str) -> Array:
        """Return what a flow has moved since the start, up to the last closed month.

        Under compiled code and in saved states only what was asked for before the first month is kept.
        """
        self.followed.add(self._flow[flow])
        return self.moved_ever[self._flow[flow]]

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
        index = self._flow[flow]
        if index in self._proposed:
            raise DeclarationError(f"flow '{flow}' is proposed twice in one phase")
        # A view of a stock or a variable would change under us when that is settled; as it is copied, it does
        # not matter whether ledger or board is settled first.
        kept = amount if amount.base is None else amount.copy()
        self._proposed[index] = (kept, self.ends[index][0].rank if rank is None else rank)

    def index(self, flow: str) -> int:
        """Return the number of a flow, as in :attr:`asked`."""
        return self._flow[flow]

    def declared_rank(self, flow: str) -> int:
        """Return the rank of a flow among the claims on its source."""
        return self.ends[self._flow[flow]][0].rank

    @property
    def asked(self) -> dict[int, tuple[Array, int]]:
        """What is proposed in this phase, amount and rank by number: for arrays that are nobody else's."""
        return self._proposed

    def withdraw(self) -> None:
        """Take back all that was proposed in this phase."""
        self._proposed.clear()
        self.ranks_given.clear()

    def rank(self, flow: str, rank: int | Array) -> None:
        """Give a flow a rank for the settlement of this phase, instead of the declared one.

        It is one whole number for all members, or one each.
        """
        ranks = np.asarray(rank).reshape(-1)
        same = bool((ranks == ranks[0]).all())
        self.ranks_given[self._flow[flow]] = int(ranks[0]) if same else ranks.astype(np.int64)

    def accounts(self) -> list[tuple[str, str]]:
        """Return commodity and name of all accounts."""
        return list(self._row)

    def held(self) -> list[tuple[str, str]]:
        """Return commodity and name of the stocks: accounts that are no sources and no sinks."""
        return [account for account, row in self._row.items() if row in self.floored]

    def flows(self) -> list[str]:
        """Return the names of all flows."""
        return list(self._flow)

    def proposed(self) -> dict[str, Array]:
        """Return what is proposed in this phase and not settled yet, by flow."""
        return {self.ends[index][0].name: amount for index, (amount, _) in self._proposed.items()}

    def ranks(self) -> dict[str, int | Array]:
        """Return the ranks of what is proposed in this phase, by flow."""
        return {
            self.ends[index][0].name: self.ranks_given.get(index, rank)
            for index, (_, rank) in self._proposed.items()
        }

    def settle(self) -> None:
        """Apply together all that was proposed in this phase: all accounts give, then all receive."""
        if not self._proposed:
            return
        flows = tuple(sorted(self._proposed))
        plan = self._plans.get(flows)
        if plan is None:
            _, sources, destinations = zip(*(self.ends[i] for i in flows), strict=True)
            plan = self._plans[flows] = Plan(sources, destinations, self.floored)
        claims = [self._proposed[i] for i in flows]
        amounts = np.array([amount for amount, _ in claims])  # a matrix of our own, which may be cut
        ranks = [self.ranks_given.get(i, rank) for i, (_, rank) in zip(flows, claims, strict=True)]
        plan.settle(self.stocks, self._stocks, amounts, ranks)
        for index, amount in zip(flows, amounts, strict=True):
            self._moved[index] += amount
        if not np.minimum.reduce(amounts, axis=None) >= 0.0:
            bad = np.flatnonzero(~(amounts >= 0.0).all(axis=1))
            self.below_zero |= {flows[i]: amounts[i] for i in bad}
        self._proposed.clear()
        self.ranks_given.clear()

    def close_month(self) -> None:
        """Add the month to the totals and open the next one."""
        self.moved_ever += self.moved_this_month
        self.moved_this_month[:] = 0.0
        self.below_zero.clear()
        # Sources and sinks start each month at zero, so that rounding does not grow with the years.
        self.stocks[self._boundless] = 0.0
        self.opening[:] = self.stocks

    def save(self) -> dict[str, Any]:
        """Return the state, as :meth:`restore` takes it."""
        names = self.flows()
        return {
            "accounts": [".".join(account) for account in self._row],
            "flows": names,
            "stocks": self.stocks.copy(),
            "opening": self.opening.copy(),
            "moved_this_month": self.moved_this_month.copy(),
            "moved_ever": {names[index]: self.moved_ever[index].copy() for index in sorted(self.followed)},
            "below_zero": {names[index]: amount.copy() for index, amount in self.below_zero.items()},
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from a state of the same accounts and flows."""
        same_names("account", saved["accounts"], [".".join(account) for account in self._row])
        same_names("flow", saved["flows"], self._flow)
        self.stocks[:] = saved["stocks"]
        self.opening[:] = saved["opening"]
        self.moved_this_month[:] = saved["moved_this_month"]
        for name, row in saved["moved_ever"].items():
            self.moved_ever[self._flow[name]] = row
        self.below_zero = {self._flow[name]: np.array(row) for name, row in saved["below_zero"].items()}
        self._proposed.clear()
        self.ranks_given.clear()

    def audit(self, day: date, members: Sequence[int]) -> float:
        """Check that every account closes and that nothing is negative.

        What an account holds must be what it held at the month's opening, less what its flows took, with what
        they brought.

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
        books = self.books.values()
        # Not min(), to which a value that is no number is never the least.
        least = np.min([np.minimum.reduce(b.stocks[: b.floored], axis=None, initial=0.0) for b in books])
        if self.below_zero or not least >= 0.0:
            raise NegativeStockError(self._describe_sign(day, members))
        # No result comes of these sums, so that their order is free; sources and sinks opened at zero.
        held = np.array([book.opening[: book.floored].sum(axis=0) for book in books])
        residual = np.array([book.residual() for book in books])
        turnover = np.array([book.moved.sum(axis=0) for book in books])
        beyond = residual[:, 0] - ROUNDING * held
        excess = residual.max(axis=1) - ROUNDING * held - TOLERANCE * turnover
        closed = (excess <= 0.0).all(axis=1)
        if not closed.all():
            first = int(np.argmin(closed))
            raise ConservationError(_describe_leak(list(books)[first], excess[first], day, members))
        return float(np.max(beyond / np.where(turnover > 0.0, turnover, 1.0), initial=0.0))

    def _describe_sign(self, day: date, members: Sequence[int]) -> str:
        """Find what is negative or no number: first among the stocks, then among the flows."""
        suspects = [
            (book.commodity, f"account '{a.name}'", held)
            for book in self.books.values()
            for a, held in zip(book.accounts[: book.floored], book.stocks, strict=False)
        ]
        for index in sorted(self.below_zero):
            flow = self.ends[index][0]
            commodity = self.books[flow.commodity].commodity
            suspects.append((commodity, f"flow '{flow.name}'", self.below_zero[index]))
        commodity, name, values = next(s for s in suspects if not (s[2] >= 0.0).all())
        bad = int(np.flatnonzero(~(values >= 0.0))[0])
        return (
            f"{commodity.name}, {name}, {day:%B %Y}, member {members[bad]}: "
            f"{values[bad]:.6g} {commodity.unit}, must be zero or more"
        )


def _describe_leak(book: Book, excess: Array, day: date, members: Sequence[int]) -> str:
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
