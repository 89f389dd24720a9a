"""Identities that the series themselves must satisfy, and the places where they are known not to.

They stand in ``identities.toml``, which tells how they are written. An identity compares a left-hand side
with a right-hand side at every date where both are known. One that must hold fails the check when a residual
exceeds its tolerance. A documented disagreement carries the reason why its two sides differ; it is reported,
and fails only when the two sides come to agree, since its reason then no longer describes the record.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planmodel.documented.catalogue import catalogue
from planmodel.documented.dates import parse_date
from planmodel.documented.figures import Figures, MissingFigureError
from planmodel.documented.formulas import FIGURE, Formula, every, make_formula
from planmodel.documented.reading import RecordError, not_known

if TYPE_CHECKING:
    import pandas as pd

FILE = Path(__file__).with_name("identities.toml")
HOLDS = "holds"
FAILS = "FAILS"
DISAGREES = "disagrees, as documented"
AGREES_NOW = "AGREES, against the documented reason"

Comparison = tuple[str, float, float]
_TEXTS = ("statement", "left", "right")
_FIELDS = (*_TEXTS, "tolerance", "dates", "reason")


@dataclass(frozen=True)
class Identity:
    """One comparison of two sides of the record.

    Attributes
    ----------
    name
        Short name.
    statement
        The comparison in words, left side first.
    tolerance
        Largest residual that still counts as agreement, in the unit of the two sides.
    left, right
        The formulas of the two sides.
    rows
        Dates at which they are compared, each with its words; none: all dates that two figures share.
    reason
        Why the two sides differ, for a documented disagreement; empty for an identity that must hold.
    """

    name: str
    statement: str
    tolerance: float
    left: str
    right: str
    rows: tuple[Mapping[str, str], ...] = ()
    reason: str = ""

    def sides(self, figures: Figures) -> list[Comparison]:
        """Return date, left and right side at each date.

        Raises
        ------
        MissingFigureError
            If a figure is not in the record, or several are, or no date is shared.
        """
        return [
            (words["date"], self._formula("left", words)(figures), self._formula("right", words)(figures))
            for words in self.rows or self._shared(figures)
        ]

    def check(self) -> None:
        """Refuse formulas that cannot be read.

        Raises
        ------
        RecordError
            Naming the side and what is wrong.
        """
        for side in ("left", "right"):
            if not self.rows and not _plain(getattr(self, side)):
                raise RecordError(
                    f"{side}: {getattr(self, side)!r} is not one figure, such as 'steel.official'; "
                    "allowed: another formula, with dates"
                )
            for words in self.rows:
                self._formula(side, words)

    def table(self, figures: Figures) -> pd.DataFrame:
        """Tabulate date, left, right, residual and whether the two sides agree."""
        import pandas as pd

        rows = pd.DataFrame(self.sides(figures), columns=["date", "left", "right"])
        rows["residual"] = rows["left"] - rows["right"]
        # A residual equal to the tolerance agrees, whatever the last bit of a float says.
        rows["holds"] = rows["residual"].abs() <= self.tolerance * (1 + 1e-9) + 1e-12
        return rows

    def _formula(self, side: str, words: Mapping[str, str]) -> Formula:
        try:
            return make_formula(getattr(self, side), words)
        except ValueError as error:
            raise RecordError(f"{side}: {error}") from None

    def _shared(self, figures: Figures) -> list[Mapping[str, str]]:
        """Return the dates that both sides have, which are a figure each."""
        left, right = (figures.dated(*side.split(".")) for side in (self.left, self.right))
        shared: list[Mapping[str, str]] = [{"date": date} for date in sorted(left.keys() & right.keys())]
        if not shared:
            raise MissingFigureError(f"{self.left} and {self.right} have no date in common")
        return shared


@cache
def identities() -> tuple[Identity, ...]:
    """Return all identities, and behind them the documented disagreements.

    Raises
    ------
    RecordError
        Naming file, identity, key and what is allowed.
    """
    return read_identities(FILE)


def read_identities(path: Path) -> tuple[Identity, ...]:
    """Read and check a file of identities: see :func:`identities`."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RecordError(f"{path.name}: {error}") from None
    found = []
    for name, table in tables.items():
        try:
            identity = _read(name, table)
            identity.check()
        except RecordError as error:
            raise RecordError(f"{path.name}, [{name}]: {error}") from None
        found.append(identity)
    return tuple(found)


def _read(name: str, table: Any) -> Identity:
    """Check the fields of one table and spread its dates."""
    if not isinstance(table, dict):
        raise RecordError(f"{table!r} is not a table")
    for field in table:
        if field not in _FIELDS:
            raise RecordError(not_known("field", field, _FIELDS))
    for field in (*_TEXTS, *(["reason"] if "reason" in table else [])):
        if not isinstance(table.get(field), str) or not table[field].strip():
            raise RecordError(f"{field}: must be a text that is not empty")
    tolerance = table.get("tolerance")
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 < tolerance < 1e9:
        raise RecordError(f"tolerance: {tolerance!r} is not a number above 0")
    dates = table.get("dates", [])
    if not isinstance(dates, list) or ("dates" in table and not dates):
        raise RecordError(f"dates: {dates!r} is not a list of dates")
    try:
        rows = tuple(words for entry in dates for words in _rows(entry))
    except ValueError as error:
        raise RecordError(f"dates: {error}") from None
    texts = {field: " ".join(table[field].split()) for field in _TEXTS}
    return Identity(name, tolerance=float(tolerance), rows=rows, reason=table.get("reason", ""), **texts)


def _rows(entry: Any) -> Iterator[Mapping[str, str]]:
    """Yield the words of each date of an entry of ``dates``."""
    if isinstance(entry, str):
        yield from map(_words, every(entry))
    elif isinstance(entry, dict) and "date" in entry and all(isinstance(v, str) for v in entry.values()):
        yield {**_words(entry["date"]), **entry}
    else:
        raise ValueError(f"{entry!r} is neither a date nor a table of texts with date")


def _words(date: str) -> dict[str, str]:
    """Return the parts of a date by the names that formulas may give them."""
    year = parse_date(date).start.year
    first, dots, last = date.partition("..")
    return {
        "date": date,
        "year": str(year),
        "before": str(year - 1),
        "after": str(year + 1),
        "first": first,
        "last": last if dots else first,
    }


def _plain(side: str) -> bool:
    """Tell whether a side is one figure without a date of its own."""
    match = FIGURE.fullmatch(side)
    return match is not None and match[3] is None


def check(record: pd.DataFrame | None = None, those: Iterable[Identity] | None = None) -> pd.DataFrame:
    """Check the identities.

    Parameters
    ----------
    record
        Table of figures as given by `catalogue`; the record itself by default.
    those
        What to check; all by default.

    Returns
    -------
    DataFrame
        One row a checked date: identity, date, left, right, residual, tolerance, holds, status, ok, reason.
        ``ok`` is false for an identity that fails and for a documented disagreement that is none.
    """
    import pandas as pd

    figures = Figures(catalogue() if record is None else record)
    tables = []
    for identity in identities() if those is None else those:
        rows = identity.table(figures)
        rows.insert(0, "identity", identity.name)
        rows["tolerance"] = identity.tolerance
        good, bad = (DISAGREES, AGREES_NOW) if identity.reason else (HOLDS, FAILS)
        rows["ok"] = rows["holds"] != bool(identity.reason)
        rows["status"] = [good if ok else bad for ok in rows["ok"]]
        rows["reason"] = identity.reason
        tables.append(rows)
    return pd.concat(tables, ignore_index=True)
