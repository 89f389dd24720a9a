"""An economy that stands on a day of 1928, for laws of the village: put there, acted upon, read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from watching import BASELINE, put

from planmodel.runs.history import History

JANUARY, MARCH, APRIL, JULY, NOVEMBER = (date(1928, month, 28) for month in (1, 3, 4, 7, 11))
HERD = {"individual": "household", "kolkhoz": "socialised"}  # who owns the horses of a form

Parameters = Mapping[str, Mapping[str, float]]


def sizes(parameters: Parameters) -> dict[str, dict[str, np.ndarray]]:
    """Return parameters as a history of one member takes them."""
    return {block: {n: np.array([v]) for n, v in some.items()} for block, some in parameters.items()}


def stand(
    day: date = APRIL,
    parameters: Parameters | None = None,
    off: tuple[str, ...] = (),
    /,
    **variables: float,
) -> History:
    """Return an economy that stands on a day, with nothing having happened since the start."""
    switches = BASELINE.switches.model_copy(update=dict.fromkeys(off, False))
    scenario = BASELINE.model_copy(update={"switches": switches})
    history = History(scenario, parameters=sizes(parameters or {}))
    if day > history.clock.start:
        history.clock.environment.run(until=history.clock.day(day))
    put(history, variables)
    return history


def read(history: History, name: str, block: str) -> float:
    """Return what equations of a block read under a name."""
    return float(np.ravel(history.workspace.read(name, block))[0])


def of(history: History, name: str) -> float:
    """Return a variable or state."""
    return float(np.ravel(history.board[name])[0])


def moved(history: History, flow: str) -> float:
    """Return what a flow has moved this month."""
    return float(np.ravel(history.ledger.moved(flow))[0])


def held(history: History, account: str) -> float:
    """Return the grain in an account."""
    return float(np.ravel(history.ledger.stock("grain", account))[0])
