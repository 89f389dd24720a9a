"""An economy that stands on a day of 1928 with its plan in money: for laws of the plan and of costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from watching import BASELINE, put

from planmodel.engine import Array
from planmodel.runs.history import History

START, DECEMBER, JUNE, MARCH = (date(1928, month, 1) for month in (1, 12, 6, 3))


def stand(
    day: date = DECEMBER,
    parameters: Mapping[str, Mapping[str, float]] | None = None,
    off: tuple[str, ...] = (),
    **variables: float,
) -> History:
    """Return an economy that stands on a day of 1928, with nothing having happened since the start."""
    values = {block: {n: np.array([v]) for n, v in of.items()} for block, of in (parameters or {}).items()}
    switches = BASELINE.switches.model_copy(update=dict.fromkeys(off, False))
    history = History(BASELINE.model_copy(update={"switches": switches}), parameters=values)
    if day > history.clock.start:
        history.clock.environment.run(until=history.clock.day(day))
    put(history, {"investment_so_far": 4.0, "investment_plan_money": 5.0, "town_nutrition": 1.0} | variables)
    return history


def read(history: History, name: str, block: str = "plan") -> float:
    return float(np.ravel(history.workspace.read(name, block))[0])


def rows(history: History, name: str, block: str = "accumulation") -> Array:
    return np.asarray(history.workspace.read(name, block))[:, 0]


def size(history: History, block: str, name: str) -> float:
    return read(history, name, block)


def planned(**how: float) -> float:
    return read(stand(**how), "planned_work")  # type: ignore[arg-type]
