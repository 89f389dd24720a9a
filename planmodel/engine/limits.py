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
import numpy.typing as npt
import xarray as xr

from planmodel.engine.board import Board
from planmodel.engine.ledger import Ledger
from planmodel.engine.memory import matrix
from planmodel.engine.sums import row_by_name
from planmodel.engine.types import total
from planmodel.engine.wholes import Wholes

MARKS = "implausible"  # the coordinate of member that holds the marks
LEAST = 1e-12  # what is divided by is this at least
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

    @property
    def months(self) -> float:
        """By what the sum of a year is divided."""
        return 12.0 if self.span == "mean" else 1.0

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value that are still within it."""
        return self.low * (1.0 - _SLACK), self.high * (1.0 + _SLACK)


class Watch:
    """Judges limits at the close of each month.

    Parameters
    ----------
    ledger, board, wholes
        What is watched.
    limits
        At most 31, for the marks of a member are the bits of one number.

    Raises
    ------
    DeclarationError
        If a limit speaks of a quantity that nobody declares.
    """

    def __init__(self, ledger: Ledger, board: Board, wholes: Wholes, limits: Sequence[Limit]) -> None:
        self.limits = tuple(limits)
        self.judged: set[str] = set()
        self._left = matrix(len(self.limits), ledger.members)  # 1 where a member has left a limit
        # Of the year so far: of parts, and of what they are divided by.
        self._sums = {limit.name: matrix(2, ledger.members) for limit in limits if limit.span != "month"}
        self._months = 0  # of this year, so far
        row = row_by_name(ledger, board, wholes, "a limit of plausibility")
        # Rows of the books themselves, which are written in place: read again at each month's end.
        self._rows = [([row(n) for n in limit.parts], [row(n) for n in limit.over]) for limit in limits]

    def look(self, day: date) -> None:
        """Judge the month that ends on ``day``, before its flows are set to zero."""
        if day.month == 1:
            self._months = 0
            for sums in self._sums.values():
                sums[:] = 0.0
        self._months += 1
        whole_year = day.month == 12 and self._months == 12
        self.judged.update(limit.name for limit in self.limits if whole_year or limit.span == "month")
        if self.limits:
            self._judge(whole_year)

    def _judge(self, whole_year: bool) -> None:
        """Judge the limits of a month, and those of a year where one is whole."""
        for limit, (parts, over), left in zip(self.limits, self._rows, self._left, strict=True):
            above, below = total(parts), total(over) if over else 1.0
            if limit.span != "month":
                sums = self._sums[limit.name]
                sums[0] += above
                sums[1] += below
                if not whole_year:
                    continue
                above, below = sums[0] / limit.months, sums[1] / 12.0
            value = above / np.maximum(below, LEAST)
            left[(value < limit.bounds[0]) | (value > limit.bounds[1])] = 1.0

    def save(self) -> dict[str, Any]:
        """Return the state, as :meth:`restore` takes it."""
        return {
            "judged": sorted(self.judged),
            "marks": self._marks,
            "sums": {name: sums.copy() for name, sums in self._sums.items()},
            "months": self._months,
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from a state of the same limits."""
        self.judged = set(saved["judged"])
        for bit, left in enumerate(self._left):
            left[:] = saved["marks"] >> bit & 1
        for name, sums in self._sums.items():
            sums[:] = saved["sums"][name]
        self._months = int(saved["months"])

    @property
    def _marks(self) -> npt.NDArray[np.int32]:
        marks = np.zeros(self._left.shape[1], dtype=np.int32)
        for bit, left in enumerate(self._left):
            marks[left != 0.0] |= 1 << bit
        return marks

    def coordinate(self, members: int) -> xr.Variable:
        """Return the marks of the members: bit ``i`` is set where limit ``i`` was left (as CF has it)."""
        names = [limit.name for limit in self.limits]
        about = {
            "long_name": "limits of plausibility that the member leaves",
            "flag_masks": np.array([1 << bit for bit in range(len(names))], dtype=np.int32),
            "flag_meanings": " ".join(names),
            "judged": " ".join(name for name in names if name in self.judged),
        }
        return xr.Variable("member", self._marks[:members], about, fastpath=True)  # it is an array
