"""Sums of stocks, flows and variables at some month ends: what a fit asks for, without any record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from planmodel.engine.board import Board
from planmodel.engine.errors import DeclarationError
from planmodel.engine.ledger import Ledger
from planmodel.engine.memory import matrix
from planmodel.engine.types import Array, total
from planmodel.engine.wholes import Wholes

Parts = tuple[str, ...]
Needed = Mapping[Parts, Sequence[int]]


class Sums:
    """Adds up rows of the books when a month ends.

    Parameters
    ----------
    ledger, board
        What is added up.
    wholes
        Quantities of the country, reckoned before they are added up.
    needed
        Names of stocks (``<commodity>_<account>``), flows and variables that are added up, with the months
        of the run, counted from 0, at whose ends they are.

    Raises
    ------
    DeclarationError
        If nobody declares one of them.
    """

    def __init__(self, ledger: Ledger, board: Board, wholes: Wholes, needed: Needed) -> None:
        row = row_by_name(ledger, board, wholes, "what is asked")
        self._rows = {parts: [row(name) for name in parts] for parts in needed}
        firsts = accumulate(map(len, needed.values()), initial=0)
        self._places = {
            parts: range(at, at + len(needed[parts])) for parts, at in zip(needed, firsts, strict=False)
        }
        self._kept = matrix(sum(map(len, needed.values())), ledger.members)
        self._in_month: dict[int, list[tuple[Parts, int]]] = {}
        for parts, places in self._places.items():
            for month, at in zip(needed[parts], places, strict=True):
                self._in_month.setdefault(month, []).append((parts, at))

    def record(self, month: int) -> None:
        """Add up what is needed of a month, before its flows are set to zero."""
        for parts, at in self._in_month.get(month, ()):
            self._kept[at] = total(self._rows[parts])

    def values(self, members: int) -> dict[Parts, Array]:
        """Return the sums of the first members by what was added up, shape ``(months, members)``."""
        kept = self._kept[:, :members]
        return {parts: kept[places.start : places.stop] for parts, places in self._places.items()}


def row_by_name(ledger: Ledger, board: Board, wholes: Wholes, who: str) -> Callable[[str], Array]:
    """Return what finds the row of a stock, a flow or a variable: it is written in place, month after month.

    ``who`` asks, for the message.

    Raises
    ------
    DeclarationError
        When it is asked for what nobody declares.
    """
    held = {f"{commodity}_{account}": (commodity, account) for commodity, account in ledger.held()}
    flows = set(ledger.flows())

    def row(name: str) -> Array:
        if name in held:
            return ledger.stock(*held[name])
        if name in flows:
            return ledger.moved(name)
        if name in board.variables:
            return board[name]
        whole = wholes.row(name)
        if whole is not None:
            return whole
        raise DeclarationError(f"{who} speaks of '{name}', which nobody declares")

    return row
