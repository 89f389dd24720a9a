"""What the ledger is made of: commodities, their accounts, and the declared flows between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from planmodel.engine.errors import DeclarationError
from planmodel.engine.types import Array


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


_GOLDEN = (5.0**0.5 - 1.0) / 2.0  # its multiples, less whole numbers, are spread evenly and never meet


class Book:
    """Accounts and flows of one commodity: its rows of the ledger's matrices."""

    def __init__(self, commodity: Commodity, accounts: Sequence[Account], flows: Sequence[Flow]) -> None:
        self.commodity = commodity
        # Stocks come first, so that the rows with a floor are one slice; names order the rest, so that
        # nothing depends on the order in which components were declared.
        self.accounts = sorted(accounts, key=lambda a: (a.kind != "stock", a.name))
        self.row = {account.name: i for i, account in enumerate(self.accounts)}
        self.floored = sum(account.kind == "stock" for account in self.accounts)
        self.flows = sorted(flows, key=lambda f: f.name)
        self.source = [self.row[flow.source] for flow in self.flows]
        self.destination = [self.row[flow.destination] for flow in self.flows]
        # No two accounts weigh the same, so that what is taken from the wrong one shows in a sum of all.
        spread = np.arange(1, len(self.accounts) + 1) * _GOLDEN % 1.0
        self._weights = np.array([np.ones(len(self.accounts)), 1.0 + spread])
        self._moves = self._weights[1, self.destination] - self._weights[1, self.source]
        self.stocks = self.opening = self.moved = np.empty((0, 0))

    def residual(self) -> Array:
        """Return by how much what accounts hold differs from opening less given plus received.

        Zero, but for rounding, if every account closes. In the second row each account counts with a weight
        of its own, so that what is missing in one and too much in another does not cancel.

        Returns
        -------
        array
            Shape ``(2, members)``: of the commodity, and of the weighted sum of its accounts.
        """
        opening = self._weights[:, : self.floored] @ self.opening[: self.floored]
        gained: Array = self._weights @ self.stocks - opening
        gained[1] -= self._moves @ self.moved
        return np.abs(gained)

    def open(self, stocks: Array, opening: Array, moved: Array) -> None:
        """Take the rows of the ledger that are this book's."""
        self.stocks, self.opening, self.moved = stocks, opening, moved


def check_declarations(
    commodities: Sequence[Commodity], accounts: Sequence[Account], flows: Sequence[Flow]
) -> None:
    """Refuse names that are declared twice and flows that lead nowhere."""
    kinds: Mapping[tuple[str, str], str] = {(a.commodity, a.name): a.kind for a in accounts}
    for what, names in (
        ("commodity", [c.name for c in commodities]),
        ("flow", [f.name for f in flows]),
        ("account", [f"{a.commodity}.{a.name}" for a in accounts]),
    ):
        twice = sorted(name for name, times in Counter(names).items() if times > 1)
        if twice:
            raise DeclarationError(f"{what} declared twice: {', '.join(twice)}")
    known = {c.name for c in commodities}
    for account in accounts:
        if account.commodity not in known:
            raise DeclarationError(f"account '{account.name}' holds unknown '{account.commodity}'")
    held = {f"{a.commodity}_{a.name}": f"{a.commodity}.{a.name}" for a in accounts if a.kind == "stock"}
    for flow in flows:
        if flow.name in held:
            raise DeclarationError(f"flow '{flow.name}' has the name of the stock {held[flow.name]}")
        for end in (flow.source, flow.destination):
            if (flow.commodity, end) not in kinds:
                raise DeclarationError(f"flow '{flow.name}': no account '{end}' of {flow.commodity}")
        if kinds[flow.commodity, flow.source] == "sink":
            raise DeclarationError(f"flow '{flow.name}' flows out of the sink '{flow.source}'")
        if kinds[flow.commodity, flow.destination] == "source":
            raise DeclarationError(f"flow '{flow.name}' flows into the source '{flow.destination}'")
