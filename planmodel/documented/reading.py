"""Reading the files of the record: ``variables.toml`` and ``record/<theme>.csv``.

All is checked; a mistake is reported with file, line and column.
"""

from __future__ import annotations

import csv
import difflib
import math
import tomllib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from planmodel.documented.dates import parse_date
from planmodel.documented.prices import by_version, stated
from planmodel.documented.vocabulary import (
    COLUMNS,
    CONFIDENCE,
    EVIDENCE,
    KINDS,
    MEASURES,
    NATIONAL,
    OWN,
    SPANS,
    UNITS,
)

Variables = dict[str, dict[str, str]]
Row = dict[str, Any]
TERRITORY_COLUMNS = ("territory", "within", "borders")
FIELDS = ("title", "unit", "prices", "theme", "measure", "span", "description")
KEY = ("variable", "version", "date", "territory", "kind")  # no two figures have the same


class RecordError(ValueError):
    """A file of the record is malformed."""


def read_variables(path: Path) -> Variables:
    """Read and check the description of the variables: by name, what each field says.

    Raises
    ------
    RecordError
        If a field is missing, unknown or not one of the allowed words.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RecordError(f"{path.name}: {error}") from None
    allowed = {"unit": UNITS, "measure": MEASURES, "span": SPANS}
    for name, table in tables.items():
        table.setdefault("span", "")
        for field in FIELDS:
            if field not in table and field != "prices":
                raise RecordError(f"{path.name}, [{name}]: {field} is missing")
        for field, value in table.items():
            if field not in FIELDS:
                raise RecordError(f"{path.name}, [{name}]: {not_known('field', field, FIELDS)}")
            if field in allowed and value not in allowed[field]:
                raise RecordError(f"{path.name}, [{name}]: {not_known(field, value, allowed[field])}")
        try:
            table["prices"] = stated(table["unit"], table.get("prices"))
        except ValueError as error:
            raise RecordError(f"{path.name}, [{name}]: {error}") from None
    return {name: {field: str(table[field]) for field in FIELDS} for name, table in tables.items()}


def read_territories(path: Path) -> dict[str, tuple[str, str]]:
    """Read and check the parts of the country: by name, within what each lies and what its borders are.

    Raises
    ------
    RecordError
        If a row is malformed, a name is given twice or lies within what is not known.
    """
    parts: dict[str, tuple[str, str]] = {}
    for line, row in _rows(path, TERRITORY_COLUMNS):
        name, within, place = row["territory"], row["within"], f"{path.name}, line {line}"
        if not name.strip() or name in parts or name in NATIONAL:
            raise RecordError(f"{place}, column territory: {name!r} is empty or already given")
        parts[name] = (within, row["borders"])
    for name, (within, _) in parts.items():
        if within and within not in parts and within not in NATIONAL:
            known = [*NATIONAL, *parts]
            raise RecordError(f"{path.name}, {name}, column within: {not_known('territory', within, known)}")
    return parts


def read_record(folder: Path, described: Variables, territories: Sequence[str]) -> list[Row]:
    """Read and check every ``<theme>.csv`` of a folder: one mapping a figure, as JSON can hold it.

    It has the columns of the files, ``value`` as a number, and ``start`` and ``end`` (ISO days).

    Parameters
    ----------
    folder
        Where the files are.
    described
        The variables, as given by `read_variables`.
    territories
        What figures may be of: the whole country and its parts.

    Raises
    ------
    RecordError
        If a row is malformed, a figure is given twice or a described variable has no figure.
    """
    rows: list[Row] = []
    seen: dict[tuple[str, ...], str] = {}
    for path in sorted(folder.glob("*.csv")):
        for line, row in _rows(path, COLUMNS):
            place = f"{path.name}, line {line}"
            rows.append(checked(row, place, described, path.stem))
            if row["territory"] not in territories:
                problem = not_known("territory", row["territory"], territories)
                raise RecordError(f"{place}, column territory: {problem}")
            key = tuple(row[column] for column in KEY)
            if key in seen:
                raise RecordError(f"{place}: {' / '.join(key)} is already given in {seen[key]}")
            seen[key] = place
    for name in sorted(described.keys() - {key[0] for key in seen}):
        raise RecordError(f"variable {name} is described but has no figure in {folder.name}/")
    _hold_to_versions(described, {key[:2] for key in seen})
    return rows


def _hold_to_versions(described: Variables, held: Collection[tuple[str, ...]]) -> None:
    """Refuse prices by version that leave one out, or name one that has no figure."""
    for name, about in described.items():
        said = set(by_version(about["prices"])) - {""}
        versions = {version for variable, version in held if variable == name}
        for version in sorted(said ^ versions) if said else ():
            problem = "is not said" if version in versions else "is said, but the version has no figure"
            raise RecordError(f"variable {name}: prices: that of {version} {problem}")


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of one file with their line numbers."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        if header != list(columns):
            raise RecordError(f"{path.name}, line 1: the columns must be {','.join(columns)}")
        for cells in reader:
            if len(cells) != len(columns):
                raise RecordError(
                    f"{path.name}, line {reader.line_num}: {len(cells)} cells, expected {len(columns)}"
                )
            yield reader.line_num, dict(zip(columns, cells, strict=True))


def checked(row: dict[str, str], place: str, about: Variables, theme: str | None = None) -> Row:
    """Check one row and read its numbers and dates.

    Parameters
    ----------
    row, place
        What is checked, and how a message calls it.
    about
        The variables.
    theme
        To which its variable must belong; None for a figure that a user gives, which may have any.

    Raises
    ------
    RecordError
        Naming place, column, value and what is allowed.
    """

    def wrong(column: str, problem: str) -> RecordError:
        return RecordError(f"{place}, column {column}: {problem}")

    name = row["variable"]
    if name not in about:
        raise wrong("variable", not_known("variable", name, list(about)))
    if theme not in (None, about[name]["theme"]):
        raise wrong("variable", f"{name} belongs to the theme {about[name]['theme']}, not {theme}")
    for column, words in (
        ("unit", (*UNITS, about[name]["unit"])),
        ("kind", KINDS),
        ("evidence", (OWN,) if theme is None else EVIDENCE),
        ("confidence", CONFIDENCE),
    ):
        if row[column] not in words:
            raise wrong(column, not_known(column, row[column], words))
    if row["unit"] != about[name]["unit"]:
        raise wrong("unit", f"{name} is measured in {about[name]['unit']}, not {row['unit']}")
    for column in ("version", "source", "place"):
        if not row[column].strip():
            raise wrong(column, "must not be empty")
    if row["evidence"] == "reading" and not row["note"].strip():
        raise wrong("note", "must not be empty: a reading says for which words its number stands")
    try:
        period = parse_date(row["date"])
    except ValueError as error:
        raise wrong("date", str(error)) from None
    if period.form == "years" and not about[name]["span"]:
        raise wrong("date", f"{row['date']} is a span of years, but {name} does not say what a span means")
    try:
        value = float(row["value"])
    except ValueError:
        raise wrong("value", f"{row['value']!r} is not a number") from None
    if not math.isfinite(value):
        raise wrong("value", f"{row['value']!r} is not a finite number")
    return {**row, "value": value, "start": period.start.isoformat(), "end": period.end.isoformat()}


def not_known(what: str, name: str, known: Sequence[str], *, tell_all: bool = False) -> str:
    """Say in one sentence that a name is not known, with the nearest ones."""
    sentence = f"unknown {what} {name!r}"
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        sentence += f"; nearest: {', '.join(near)}"
    if tell_all or not near:
        shown = list(known) if len(known) <= 20 else [*list(known)[:8], f"... ({len(known)} in all)"]
        sentence += f"; known: {', '.join(shown)}"
    return sentence
