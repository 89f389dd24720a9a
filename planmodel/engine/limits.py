"""Declared limits of plausibility, watched in every month whatever is recorded.

A limit stops no run: it marks the members whose history leaves it, so that nobody takes them for readings of
the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import xarray as xr

from planmodel.engine.board import Board
from planmodel.engine.errors import DeclarationError
from planmodel.engine.ledger import Ledger
from planmodel.engine.types import Array, total

MARKS = "implausible"  # the coordinate of member that holds the marks
_SLACK = 1e-9  # a share may be above one by what adding floating numbers loses


@dataclass(frozen=True)
class Limit:
    """A range that a quantity must stay in, or no reading of the record would accept the history.

    ``parts`` are stocks (``<commodity>_<account>``), flows or variables; they are added up, and divided by
    the sum of ``over``. A limit of a ``month`` is judged at each month's end; for a ``year`` the months of a
    calendar year are added up, for a ``mean`` averaged (``over`` is averaged for both): only whole years are
    judged.
    """

    name: str
    parts: tuple[str, ...]
    low: float
    high: float
    unit: str
    why: str
    span: Literal["month", "year", "mean"] = "month"
    over: tuple[str, ...] = ()


class Watch:
    """Judges limits at the close of each month.

    Parameters
    ----------
    ledger, board
        What is watched.
    limits
        At most 31, for the marks of a member are the bits of one number.

    Raises
    ------
    DeclarationError
        If a limit speaks of a quantity that nobody declares.
    """

    def __init__(self, ledger: Ledger, board: Board, limits: Sequence[Limit]) -> None:
        self.limits = tuple(limits)
        self.judged: set[str] = set()
        self._marks = np.zeros(ledger.members, dtype=np.int32)
        self._sums = {limit.name: np.zeros((2, ledger.members)) for limit in limits}
        self._months = 0  # of this year, so far
        held = {f"{c}_{a}": (c, a) for c, a in ledger.accounts()}
        flows = set(ledger.flows())

        def row(name: str) -> Array:
            if name in held:
                return ledger.stock(*held[name])
            if name in flows:
                return ledger.moved(name)
            if name in board.variables:
                return board[name]
            raise DeclarationError(f"a limit of plausibility speaks of '{name}', which nobody declares")

        # Rows of the books themselves, which are written in place: read again at each month's end.
        self._rows = [([row(n) for n in limit.parts], [row(n) for n in limit.over]) for limit in limits]

    def look(self, day: date) -> None:
        """Judge the month that ends on ``day``, before its flows are set to zero."""
        if day.month == 1:
            self._months = 0
            for sums in self._sums.values():
                sums[:] = 0.0
        self._months += 1
        for bit, (limit, (parts, over)) in enumerate(zip(self.limits, self._rows, strict=True)):
            if limit.span == "month":
                self._judge(bit, total(parts), total(over) if over else 1.0)
                continue
            sums = self._sums[limit.name]
            sums[0] += total(parts)
            if over:
                sums[1] += total(over)
            if day.month == 12 and self._months == 12:
                whole = 12.0 if limit.span == "mean" else 1.0
                self._judge(bit, sums[0] / whole, sums[1] / 12.0 if over else 1.0)

    def save(self) -> dict[str, Any]:
        """Return the state, as :meth:`restore` takes it."""
        return {
            "judged": sorted(self.judged),
            "marks": self._marks.copy(),
            "sums": {name: sums.copy() for name, sums in self._sums.items()},
            "months": self._months,
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from a state of the same limits."""
        self.judged = set(saved["judged"])
        self._marks[:] = saved["marks"]
        for name, sums in self._sums.items():
            sums[:] = saved["sums"][name]
        self._months = int(saved["months"])

    def _judge(self, bit: int, above: Array, below: Array | float) -> None:
        limit = self.limits[bit]
        self.judged.add(limit.name)
        value = above / np.maximum(below, 1e-12)
        outside = (value < limit.low * (1.0 - _SLACK)) | (value > limit.high * (1.0 + _SLACK))
        self._marks[outside] |= 1 << bit

    def coordinate(self, members: int) -> xr.Variable:
        """Return the marks of the members: bit ``i`` is set where limit ``i`` was left (as CF has it)."""
        names = [limit.name for limit in self.limits]
        about = {
            "long_name": "limits of plausibility that the member leaves",
            "flag_masks": np.array([1 << bit for bit in range(len(names))], dtype=np.int32),
            "flag_meanings": " ".join(names),
            "judged": " ".join(name for name in names if name in self.judged),
        }
        return xr.Variable("member", self._marks[:members].copy(), about, fastpath=True)  # it is an array
