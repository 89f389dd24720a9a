"""Equations of a month of the baseline that act by themselves: for tests of industry and its people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from planmodel.runs.history import History
from planmodel.scenario import load_scenario

BASELINE = load_scenario("one_country")
MONTH = BASELINE.until(date(1928, 1, 31))


def after(history: History, act: Callable[[], None]) -> None:
    act()
    history.ledger.settle()
    history.board.settle()


def acts(history: History, *names: str) -> None:
    """Let equations act together, as in one phase."""
    after(history, lambda: history.workspace.act(*names))


def size(history: History, block: str, name: str) -> float:
    """The size of a parameter in the first member."""
    return float(history.workspace.read(f"parameter_{name}", block)[0])
