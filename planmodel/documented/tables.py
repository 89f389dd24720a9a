"""The numeric tables of the book that the record was read from, and where the record holds their figures.

``tables.toml`` names each with its lines in the scanned text and what is printed there. Which figures of the
record stand in a table follows from their ``place``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from planmodel.documented.catalogue import UnknownSeriesError, versions
from planmodel.documented.catalogue import rows as rows_of
from planmodel.documented.catalogue import variables as described
from planmodel.documented.files import HERE
from planmodel.documented.reading import RecordError, Row, not_known

Span = tuple[int, int]
Printed = Mapping[str, Mapping[str, int | tuple[str, ...]]]

FIELDS = ("title", "lines", "cites", "printed")
OPTIONAL = ("scan",)
_PLACE = re.compile(r"lines? ([\d, -]+) of the scanned text")
_LINES = re.compile(r"\d+(-\d+)?(, \d+(-\d+)?)*")


@dataclass(frozen=True)
class BookTable:
    """A table or series of figures in the text of the book.

    Attributes
    ----------
    key
        Short name.
    title
        What it shows, in our words.
    lines
        Lines of the scanned text, as ``place`` of a figure writes them.
    cites
        The source that the book names.
    printed
        By variable and version, how many figures the book prints, or their dates.
    scan
        What is damaged in the scanned text, and how it was read.
    """

    key: str
    title: str
    lines: str
    cites: str
    printed: Printed
    scan: str = ""

    @cached_property
    def figures(self) -> tuple[Row, ...]:
        """The figures of the record that the book prints here, by variable in the order of the file."""
        found = [
            row
            for variable, wanted in self.printed.items()
            for version, count in wanted.items()
            for row in rows_of(variable, version)
            if self._holds(row) and (isinstance(count, int) or row["date"] in count)
        ]
        return tuple(found)

    @cached_property
    def calculated(self) -> tuple[Row, ...]:
        """The other figures of the record whose place lies here: made from those that are printed."""
        named = {_key(row) for row in self.figures}
        return tuple(
            row
            for variable in described().index
            for row in rows_of(str(variable))
            if self._holds(row) and _key(row) not in named
        )

    @property
    def count(self) -> int:
        """How many figures the book prints."""
        counts = (count for wanted in self.printed.values() for count in wanted.values())
        return sum(count if isinstance(count, int) else len(count) for count in counts)

    @property
    def is_complete(self) -> bool:
        """Whether the record holds as many figures of each variable and version as the book prints."""
        held: dict[tuple[str, str], int] = {}
        for row in self.figures:
            named = row["variable"], row["version"]
            held[named] = held.get(named, 0) + 1
        return all(
            held.get((variable, version), 0) == (count if isinstance(count, int) else len(count))
            for variable, wanted in self.printed.items()
            for version, count in wanted.items()
        )

    @property
    def held(self) -> str:
        """How many of the printed figures the record holds, of how many where that is not all."""
        return str(self.count) if self.is_complete else f"{len(self.figures)} of {self.count}"

    @property
    def transcribed(self) -> int:
        """How many figures were checked against the text."""
        return sum(row["evidence"] == "transcribed" for row in self.figures)

    def _holds(self, row: Row) -> bool:
        """Tell whether a stretch of lines that a figure names lies within the table."""
        own = spans(self.lines)
        return any(a <= first and last <= b for first, last in spans_of(row["place"]) for a, b in own)


@cache
def tables() -> dict[str, BookTable]:
    """Return the tables by key, in the order of the text."""
    return read_tables(HERE / "tables.toml")


def table(key: str) -> BookTable:
    """Return one table.

    Raises
    ------
    UnknownSeriesError
        If there is none of that name.
    """
    if key not in tables():
        raise UnknownSeriesError(not_known("table", key, list(tables())))
    return tables()[key]


def read_tables(path: Path) -> dict[str, BookTable]:
    """Read and check the tables of a file.

    Raises
    ------
    RecordError
        If a field is missing, unknown or no such value, or the record has no such variable, version or date.
    """
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RecordError(f"{path.name}: {error}") from None
    return {key: _checked(key, fields, f"{path.name}, [{key}]") for key, fields in tree.items()}


def spans(lines: str) -> list[Span]:
    """Read line numbers: ``12-15, 20`` is the stretches 12 to 15 and 20 to 20."""
    ends = [part.split("-") for part in lines.replace(" ", "").split(",")]
    return [(int(part[0]), int(part[-1])) for part in ends]


def spans_of(place: str) -> list[Span]:
    """Read the line numbers of the scanned text that a place begins with; none where it names others."""
    found = _PLACE.match(place)
    return spans(found[1]) if found else []


def _key(row: Row) -> tuple[str, ...]:
    return row["variable"], row["version"], row["date"], row["territory"], row["kind"]


def _checked(key: str, fields: Any, place: str) -> BookTable:
    """Check one table of the file."""
    if not isinstance(fields, dict):
        raise RecordError(f"{place}: {fields!r} is no table; allowed: {', '.join(FIELDS)}")
    for name in fields:
        if name not in (*FIELDS, *OPTIONAL):
            raise RecordError(f"{place}: {not_known('field', name, (*FIELDS, *OPTIONAL))}")
    for name in FIELDS:
        if not fields.get(name):
            raise RecordError(f"{place}: {name} is missing")
    for name in ("title", "lines", "cites", *OPTIONAL):
        if not isinstance(fields.get(name, ""), str):
            raise RecordError(f"{place}, {name}: {fields[name]!r} is not allowed; allowed: a text")
    lines = fields["lines"]
    if not _LINES.fullmatch(lines) or any(last < first for first, last in spans(lines)):
        raise RecordError(f"{place}, lines: {lines!r} is not allowed; allowed: such as 12-15, 20")
    if not isinstance(fields["printed"], dict):
        raise RecordError(f"{place}, printed: {fields['printed']!r} is not allowed; allowed: variables")
    printed = {
        name: _wanted(name, wanted, f"{place}, printed.{name}") for name, wanted in fields["printed"].items()
    }
    return BookTable(key, fields["title"], lines, fields["cites"], printed, fields.get("scan", ""))


def _wanted(variable: str, wanted: Any, place: str) -> dict[str, int | tuple[str, ...]]:
    """Check what is printed of one variable."""
    if not isinstance(wanted, dict) or not wanted:
        raise RecordError(f"{place}: {wanted!r} is not allowed; allowed: versions, with number or dates each")
    try:
        known: Sequence[str] = versions(variable)
    except UnknownSeriesError as error:
        raise RecordError(f"{place}: {error}") from None
    for version, count in wanted.items():
        if version not in known:
            raise RecordError(f"{place}: {not_known('version', version, known, tell_all=True)}")
        if isinstance(count, list):
            dates = {row["date"] for row in rows_of(variable, version)}
            _all_known(count, dates, f"{place}.{version}")
        elif not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise RecordError(
                f"{place}.{version}: {count!r} is not allowed; allowed: a number from 1, or dates"
            )
    return {name: tuple(count) if isinstance(count, list) else count for name, count in wanted.items()}


def _all_known(given: Sequence[Any], dates: Iterable[str], place: str) -> None:
    """Refuse dates for which the record has no figure."""
    held = sorted(dates)
    for date in given:
        if date not in held:
            raise RecordError(f"{place}: no figure for {date!r}; allowed: {', '.join(held)}")
    if not given or len(set(given)) < len(given):
        raise RecordError(f"{place}: {list(given)!r} is not allowed; allowed: dates, each once")
