"""What is written down at the end of a month, as one labelled dataset."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine.board import Board
from planmodel.engine.errors import StateError, few
from planmodel.engine.ledger import Ledger
from planmodel.engine.memory import room
from planmodel.engine.wholes import Whole, Wholes

_STOCK = "stock at the end of the month"


class Recorder:
    """Copies stocks, flows and variables at the close of each month.

    Parameters
    ----------
    ledger, board, wholes
        What is recorded.
    months
        Number of months of the period.
    wanted
        Names to record; ``None`` records everything. Names in the dataset: a stock is
        ``<commodity>_<account>``, a flow and a variable have their own name.
    """

    def __init__(
        self,
        ledger: Ledger,
        board: Board,
        months: int,
        wanted: Collection[str] | None = None,
        wholes: Wholes | None = None,
    ) -> None:
        self._months: list[date] = []
        self._plan: list[tuple[np.ndarray, list[int], list[dict[str, str]], np.ndarray]] = []
        for book in ledger.books.values():
            unit = book.commodity.unit
            stocks = [
                {
                    "name": f"{book.commodity.name}_{a.name}",
                    "units": unit,
                    "long_name": a.meaning,
                    "kind": _STOCK,
                }
                for a in book.accounts
                if a.kind == "stock"
            ]
            flows = [
                {"name": f.name, "units": f"{unit} a month", "long_name": f.meaning, "kind": "flow"}
                for f in book.flows
            ]
            self._add(book.stocks, stocks, months, wanted)
            self._add(book.moved, flows, months, wanted)
        variables = [
            {"name": v.name, "units": v.unit, "long_name": v.meaning, "kind": "variable"}
            for v in board.variables.values()
        ]
        recorded = {v.name for v in board.variables.values() if v.recorded}
        self._add(board.values, variables, months, recorded if wanted is None else recorded & set(wanted))
        if wholes is not None:
            self._add(wholes.values, [_described(whole) for whole in wholes.kept], months, wanted)

    def _add(
        self, matrix: np.ndarray, described: list[dict[str, str]], months: int, wanted: Collection[str] | None
    ) -> None:
        rows = [i for i, d in enumerate(described) if wanted is None or d["name"] in wanted]
        if rows:
            shape = (months, len(rows), matrix.shape[1])
            kept = room(math.prod(shape)).reshape(shape)
            self._plan.append((matrix, rows, [described[i] for i in rows], kept))

    @property
    def months(self) -> int:
        """Number of months that are written down."""
        return len(self._months)

    def record(self, day: date) -> None:
        """Write down the month that ends on ``day``."""
        month = len(self._months)
        for matrix, rows, _, kept in self._plan:
            if matrix.flags.c_contiguous:
                np.take(matrix, rows, axis=0, out=kept[month], mode="clip")  # mode="raise" would copy twice
            else:  # np.take would copy all rows first
                kept[month] = matrix[rows]
        self._months.append(day)

    def save(self) -> dict[str, Any]:
        """Return what was written down so far, as :meth:`restore` takes it."""
        months = len(self._months)
        return {
            "months": [day.isoformat() for day in self._months],
            "names": [about["name"] for _, _, described, _ in self._plan for about in described],
            "rows": [kept[:months].copy() for _, _, _, kept in self._plan],
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on after what was written down: all that is recorded must be in it.

        Raises
        ------
        StateError
            Naming what was not written down.
        """
        rows = (block[:, at] for block in saved["rows"] for at in range(block.shape[1]))
        written = dict(zip(saved["names"], rows, strict=True))
        wanted = [about["name"] for _, _, described, _ in self._plan for about in described]
        missing = [name for name in wanted if name not in written]
        if missing:
            raise StateError(f"the state has no record of {few(missing)}; allowed: what was recorded before")
        self._months = [date.fromisoformat(day) for day in saved["months"]]
        for _, _, described, kept in self._plan:
            for position, about in enumerate(described):
                kept[: len(self._months), position] = written[about["name"]]

    def dataset(self, members: Collection[int]) -> xr.Dataset:
        """Return what was recorded: dimensions member and time, the last day of each month."""
        size = len(members)  # fewer than the columns where a member alone runs as two
        time = pd.DatetimeIndex(self._months, name="time")
        variables: dict[str, xr.Variable] = {}
        for _, _, described, kept in self._plan:
            for position, about in enumerate(described):
                attributes = {key: text for key, text in about.items() if key != "name"}
                # An array that xarray need not look at: to see what else it might be, it imports all of Dask.
                variables[about["name"]] = xr.Variable(
                    ("member", "time"), kept[:, position, :size].T, attributes, fastpath=True
                )
        return xr.Dataset(variables, coords={"member": pd.Index(list(members)), "time": time})


def _described(whole: Whole) -> dict[str, str]:
    """Return what a dataset says of a quantity of the country."""
    unit = f"{whole.unit} a month" if whole.kind == "flow" else whole.unit
    kind = _STOCK if whole.kind == "stock" else whole.kind
    return {"name": whole.name, "units": unit, "long_name": whole.meaning, "kind": kind}
