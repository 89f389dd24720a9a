"""The figures of a text as it prints them, each with what answers to it: ``cells.csv`` of its folder.

A line names figures of the record (variable, version and dates; what is left empty is all of them) or says a
figure itself: ``8000``, ``0.1..0.2``, ``> 25``, ``< 1`` or ``words``, in ``unit``. ``lines`` are those of the
text; of a table of the book they follow from the record. ``model`` is an expression
(:mod:`planmodel.texts.expressions`), ``run`` a run of the experiment where it is not all, ``printed`` and
``scale`` are the unit in which the text prints. ``mark`` says why an answer is no test, ``note`` what else
must be known, or why there is no answer.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from planmodel.documented import tables as book
from planmodel.documented.catalogue import rows as rows_of
from planmodel.documented.catalogue import unit as unit_of
from planmodel.documented.catalogue import variables
from planmodel.documented.reading import Row
from planmodel.documented.vocabulary import BOUNDS, NATIONAL
from planmodel.engine import UserError
from planmodel.texts.expressions import Expression

CELLS = "cells.csv"
COLUMNS = (
    "table", "lines", "what", "variable", "version", "dates", "says", "unit", "printed", "scale", "run",
    "model", "mark", "note",
)  # fmt: skip
MARKS = {
    "given": "the model is given the figure, or what it follows from: it says nothing",
    "read": "a size of the model was assumed from these very lines: agreement is no test",
    "base": "the comparison starts from the figure",
    "apart": "another quantity, territory or time than that of the text",
    "debate": "superseded by the archives: shown for the history of the debate",
    "plan": "a plan, and beside it what came of it",
    "plan of the model": "a plan, and beside it the model's own",
}
WORDS = "words"  # a statement without a number or a sign that could be asked for
_PRINTED = {"1": ("%", 100.0), "1/year": ("% a year", 100.0)}
_INDEX = re.compile(r"index (\d{4})=1")
_SAYS = re.compile(r"(?P<sign>[<>])?\s*(?P<low>-?[\d.]+?)(\.\.(?P<high>-?[\d.]+))?")


@dataclass(frozen=True)
class Line:
    """A line of the file; ``number`` is where it stands."""

    number: int
    table: str
    lines: str
    what: str
    variable: str
    version: str
    dates: str
    says: str
    unit: str
    printed: str
    scale: str
    run: str
    model: str
    mark: str
    note: str

    def matches(self, row: Row) -> bool:
        """Tell whether the line speaks of a figure of the record."""
        wanted = (self.variable, self.version, self.dates)
        found = (row["variable"], row["version"], row["date"])
        return all(not mine or mine == its for mine, its in zip(wanted, found, strict=True))

    @cached_property
    def expression(self) -> Expression | None:
        """What the model answers."""
        return Expression(self.model) if self.model else None


@dataclass(frozen=True)
class Cell:
    """One figure as printed, or the two ends of one, and what is asked of the model.

    ``low`` and ``high`` are in the unit of the record; a floor has ``high`` infinity, a ceiling ``low`` minus
    infinity. Times ``scale`` they are what is printed, in ``printed``.
    """

    line: Line
    lines: str
    what: str
    variable: str
    version: str
    dates: str
    low: float
    high: float
    unit: str
    printed: str
    scale: float
    kind: str
    evidence: str
    territory: str
    rows: tuple[Row, ...] = ()

    @property
    def bound(self) -> str:
        """Whether the text gives but one end."""
        return "at most" if math.isinf(self.low) else "at least" if math.isinf(self.high) else ""

    @property
    def value(self) -> float:
        """The figure, the middle of a range, or the end that is given."""
        ends = [end for end in (self.low, self.high) if math.isfinite(end)]
        return sum(ends) / len(ends) if ends else math.nan


def read_lines(file: Path) -> list[Line]:
    """Read the lines of a file.

    Raises
    ------
    UserError
        Naming file, line, value and what is allowed.
    """
    with file.open(encoding="utf-8", newline="") as opened:
        reader = csv.DictReader(opened)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise UserError(f"{file}: the columns are not {', '.join(COLUMNS)}")
        lines = [Line(reader.line_num, **row) for row in reader]
    for line in lines:
        place = f"{file}, line {line.number}"
        if line.mark and line.mark not in MARKS:
            raise UserError(f"{place}: mark {line.mark!r} is not allowed; allowed: {', '.join(MARKS)}")
        if not line.model and not line.note:
            raise UserError(f"{place}: neither model nor note; allowed: an expression, or why there is none")
        if bool(line.says) == bool(line.variable) and line.says:
            raise UserError(f"{place}: says and variable; allowed: a figure of the record or of its own")
        try:
            _ = line.expression
        except UserError as error:
            raise UserError(f"{place}, model: {error}") from None
    return lines


def cells_of_book(lines: Sequence[Line], file: Path) -> list[Cell]:
    """Return the figures of all tables of the book in its order, each met by the first line that names it.

    Raises
    ------
    UserError
        If a figure is met by no line, or a line meets none.
    """
    found: list[Cell] = []
    used: set[int] = set()
    for key, table in book.tables().items():
        mine = [line for line in lines if line.table == key]
        for rows in _together(table.figures):
            line = next((one for one in mine if one.matches(rows[0])), None)
            if line is None:
                said = ", ".join(str(rows[0][name]) for name in ("variable", "version", "date"))
                raise UserError(f"{file}: {key}: no line for {said}")
            used.add(line.number)
            found.append(_of_record(line, rows))
    for line in lines:
        if line.number not in used:
            raise UserError(f"{file}, line {line.number}: no figure of the tables is met by it")
    return found


def cells_of_statements(lines: Sequence[Line], file: Path) -> list[Cell]:
    """Return what a text states in its own order: figures of the record, or of the line itself."""
    return [cell for line in lines for cell in _of_statement(line, f"{file}, line {line.number}")]


def _of_statement(line: Line, place: str) -> Iterator[Cell]:
    if line.says:
        low, high = _said(line.says, place)
        about = (line.lines, line.what, "", "", line.dates, low, high, line.unit)
        printed, scale = _print(line, line.unit)
        yield Cell(line, *about, printed, scale, "actual", "transcribed", "")
        return
    rows = [row for row in rows_of(line.variable, line.version) if line.matches(row)]
    if not rows:
        raise UserError(f"{place}: the record has no figure of {line.variable} ({line.version}) {line.dates}")
    for together in _together(rows):
        title = str(variables().loc[line.variable, "title"])
        yield replace(_of_record(line, together), lines=line.lines, what=line.what or title)


def _said(text: str, place: str) -> tuple[float, float]:
    if text == WORDS:
        return math.nan, math.nan
    match = _SAYS.fullmatch(text.strip())
    if match is None:
        raise UserError(f"{place}: says {text!r}; allowed: 8, 0.1..0.2, > 25, < 1 or {WORDS}")
    low = float(match["low"])
    high = float(match["high"] or low)
    return {"<": (-math.inf, low), ">": (low, math.inf)}.get(match["sign"] or "", (low, high))


def _together(rows: Sequence[Row]) -> Iterator[tuple[Row, ...]]:
    """Yield figures in order; the low and the high end of one are together."""
    pairs: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        key = tuple(str(row[name]) for name in ("variable", "version", "date", "territory"))
        pairs.setdefault((*key, "" if row["kind"] in BOUNDS else row["kind"]), []).append(row)
    yield from (tuple(sorted(some, key=lambda row: row["value"])) for some in pairs.values())


def _of_record(line: Line, rows: tuple[Row, ...]) -> Cell:
    first = rows[0]
    low, high = first["value"], rows[-1]["value"]
    if len(rows) == 1 and first["kind"] in BOUNDS:
        low, high = (low, math.inf) if first["kind"] == BOUNDS[0] else (-math.inf, high)
    title = str(variables().loc[first["variable"], "title"])
    where = "" if first["territory"] in NATIONAL else str(first["territory"])
    said = (
        "" if first["version"] in ("book", "official") else f"({first['version'].replace('_', ' ').title()})"
    )
    what = line.what or " ".join(filter(None, (", ".join(filter(None, (title, where))), said)))
    unit = unit_of(first["variable"])
    printed, scale = _print(line, unit)
    return Cell(
        line, _lines_of(first["place"]), what, first["variable"], first["version"], first["date"], low, high,
        unit, printed, scale, first["kind"], first["evidence"], str(first["territory"]), rows,
    )  # fmt: skip


def _lines_of(place: str) -> str:
    spans = book.spans_of(place)
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)


def _print(line: Line, unit: str) -> tuple[str, float]:
    """Return unit and scale in which a figure is printed."""
    if line.printed:
        return line.printed, float(line.scale or 1.0)
    if match := _INDEX.fullmatch(unit):
        return f"{match[1]} = 100", 100.0
    return _PRINTED.get(unit, (unit, 1.0))
