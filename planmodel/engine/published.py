"""What is published when the books of a month are closed: stocks, flows, variables, levers and the date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from planmodel.engine.board import Board
from planmodel.engine.ledger import Ledger
from planmodel.engine.types import Array
from planmodel.engine.wholes import Wholes

CALENDAR = ("month", "year", "day")
PREFIX = "lever_"  # where a variable has the name of the lever


class Published:
    """What conditions read, as it was at the end of the last month.

    Flows are what has moved in the month, stocks what is held at its end. A name is that of a variable, or
    else of a lever; ``lever_name`` is always the lever.

    Parameters
    ----------
    ledger, board, wholes, levers
        Books, variables, quantities of the country and settings of policy.
    names
        What is read by somebody: nothing else is noted.
    """

    def __init__(
        self,
        ledger: Ledger,
        board: Board,
        wholes: Wholes,
        levers: Mapping[str, float | Array],
        names: Iterable[str],
    ) -> None:
        self._levers = levers
        self._rows: dict[str, Array] = {}
        self._settings: dict[str, str] = {}
        self._dated: list[str] = []
        stocks = {f"{commodity}_{account}": (commodity, account) for commodity, account in ledger.accounts()}
        flows = set(ledger.flows())
        for name in sorted(set(names)):
            if name in board.variables:
                self._rows[name] = board.values[board.row(name)]
            elif name in stocks:
                self._rows[name] = ledger.stocks[ledger.row(*stocks[name])]
            elif name in flows:
                self._rows[name] = ledger.moved_this_month[ledger.index(name)]
            elif (whole := wholes.row(name)) is not None:
                self._rows[name] = whole
            elif name.removeprefix(PREFIX) in levers:
                self._settings[name] = name.removeprefix(PREFIX)
            else:
                self._dated.append(name)
        self.values: dict[str, float | Array] = {}

    def note(self, today: date) -> None:
        """Take down what is published today: before the books are closed, and the month's flows forgotten."""
        self.values = {name: row.copy() for name, row in self._rows.items()}
        self.values |= {name: np.copy(self._levers[of]) for name, of in self._settings.items()}
        self.values |= {name: float(getattr(today, name)) for name in self._dated}
