"""Quantities that economists compare: what an economy declares of totals over its accounts and flows.

An indicator has the name of the documented variable that it answers to, and its unit. How it is read off a
run is in :mod:`planmodel.runs.observe`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Measure = Literal["stock", "flow", "average", "ratio", "growth", "index", "change"]
NOT_MONTHLY = ("ratio", "growth", "index", "change")  # these exist for a span only
BETWEEN_YEARS = ("growth", "index", "change")  # these compare two calendar years


@dataclass(frozen=True)
class Indicator:
    """A total of recorded quantities: ``parts`` are added up, ``less`` is taken off.

    A ``ratio`` divides the observed total by that of ``over``. A ``growth`` compares a year with the year
    before, an ``index`` a year with the base year that its unit names, a ``change`` the last year of a span
    with its first.

    ``first_month`` begins its year (July for procurement). The ``theme`` is that of the core of the record to
    which it belongs, if any; ``given`` says why a figure met tells nothing, where the model is given it.
    ``prices`` are those of its values, where the units of what it is made of do not say them: see
    :meth:`planmodel.scenario.economy.Economy.prices`.
    """

    name: str
    title: str
    unit: str
    measure: Measure
    parts: tuple[str, ...]
    over: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    first_month: int = 1
    theme: str = ""
    given: str = ""
    prices: str = ""

    @property
    def base_year(self) -> int | None:
        """The year in which an index is one by definition: no figure of it says anything."""
        found = re.search(r"\b(\d{4})=1$|^roubles/rouble of (\d{4})$", self.unit)
        return int(found[1] or found[2]) if found else None

    @property
    def made_of(self) -> tuple[str, ...]:
        """Names of all recorded quantities that it is made of."""
        return (*self.parts, *self.over, *self.less)


@dataclass(frozen=True)
class Compared:
    """What scenarios are compared by: a sum of recorded quantities, of a year or from the start on."""

    name: str
    title: str
    unit: str
    parts: tuple[str, ...]
    since_start: bool = False


def unfit(indicator: Indicator, start: date, end: date) -> str:
    """Say why an indicator has no value for a day or a span; empty if it has one.

    Only a stock has one on a day: a flow, an average or a ratio needs days over which it is taken. What
    compares years needs whole ones.
    """
    name, measure = indicator.name, indicator.measure
    whole_years = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
    if measure in BETWEEN_YEARS and not whole_years:
        return f"'{name}' compares calendar years; allowed: years, such as 1932 or 1928..1932"
    if measure in ("flow", "average", "ratio") and start == end:
        article = "an" if measure == "average" else "a"
        span = "a span, such as 1932 or 1932-06-01..1932-06-30"
        return f"'{name}' is {article} {measure} and has no value on a day; allowed: {span}"
    return ""
