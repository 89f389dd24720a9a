"""Tables: one row a declaration, in a file of comma-separated values that a spreadsheet opens.

What a kind of row does not need is left empty; docs/equations.md says what each kind needs. Blanks around
values do not count, so that columns may be aligned; braces around the name of an axis declare one row a
label.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from math import inf
from pathlib import Path
from typing import Any, get_args

from planmodel.engine.axes import Axes, Axis
from planmodel.engine.board import Variable
from planmodel.engine.books import Account, Commodity, Flow
from planmodel.engine.component import Input, Lever, Switch
from planmodel.engine.equations import Announcement, Constant, Declared, Draw, Lag
from planmodel.engine.errors import DeclarationError, nearest
from planmodel.engine.nouns import Noun
from planmodel.engine.parameters import Evidence, Parameter, Parameters
from planmodel.engine.spread import Spread
from planmodel.engine.units import PAGE, STANDARD, UnitError, Units

COLUMNS = (
    *("block", "kind", "name", "unit", "value", "low", "high", "null", "symbol"),
    *("from", "to", "rank", "when", "meaning", "source", "evidence"),
)
MEASURED = ("parameter", "constant", "by_month", "commodity", "variable", "state", "input")
ALIGNED = COLUMNS.index("meaning")  # from here on columns are too wide to be aligned


class Row(dict[str, str]):
    """A row of a table, and where it stands."""

    def __init__(self, values: Mapping[str, str], place: str) -> None:
        super().__init__(values)
        self.place = place

    def refuse(self, why: str) -> DeclarationError:
        """Return an error that names the row."""
        return DeclarationError(f"{self.place}: {self['kind']} '{self['name']}': {why}")

    def changed(self, values: dict[str, str]) -> Row:
        """Return the row with other values in some columns."""
        return Row(self | values, self.place)

    def number(self, column: str, otherwise: float | None = None) -> float:
        """Return a number of the row."""
        text = self[column]
        if not text and otherwise is not None:
            return otherwise
        try:
            return float(text)
        except ValueError:
            raise self.refuse(f"{column} = '{text}' is no number") from None

    def bounds(self, low: float, high: float) -> tuple[float, float]:
        """Return the bounds of the row."""
        return self.number("low", low), self.number("high", high)


def read_rows(file: Path) -> list[Row]:
    """Read a table.

    Raises
    ------
    DeclarationError
        Naming file, line and what is wrong.
    """
    with file.open(newline="", encoding="utf-8") as lines:
        reader = csv.reader(lines, skipinitialspace=True)
        head = [cell.strip() for cell in next(reader, [])]
        unknown = [c for c in head if c not in COLUMNS]
        if unknown:
            raise DeclarationError(f"{file}:1: no column is called '{unknown[0]}': {', '.join(COLUMNS)}")
        rows = []
        for cells in reader:
            place = f"{file}:{reader.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(head):
                raise DeclarationError(f"{place}: {len(cells)} cells, but {len(head)} columns")
            values = dict.fromkeys(COLUMNS, "") | {c: v.strip() for c, v in zip(head, cells, strict=True)}
            row = Row(values, place)
            if row["kind"] not in KINDS:
                raise row.refuse(f"no such kind.{nearest(row['kind'], KINDS)} Allowed: {', '.join(KINDS)}")
            if not row["name"] or not row["block"]:
                raise row.refuse("has no name or no block")
            rows.append(row)
    return rows


def write_rows(file: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write a table with aligned columns."""
    import io

    lines = [list(COLUMNS), *([row.get(c, "") for c in COLUMNS] for row in rows)]
    cells = []
    for line in lines:
        quoted = []
        for cell in line:
            made = io.StringIO()
            csv.writer(made, lineterminator="").writerow([cell, ""])
            quoted.append(made.getvalue()[:-1])
        cells.append(quoted)
    widths = [max(len(line[i]) for line in cells) for i in range(ALIGNED)]
    text = [
        ", ".join([c.ljust(w) for c, w in zip(line[:ALIGNED], widths, strict=True)] + line[ALIGNED:])
        for line in cells
    ]
    file.write_text("\n".join(line.rstrip() for line in text) + "\n", encoding="utf-8")


def axes_of(rows: Iterable[Row]) -> Axes:
    """Return the axes that rows declare."""
    return Axes(
        Axis(row["name"], tuple(row["value"].split()), row["from"], row["meaning"])
        for row in rows
        if row["kind"] == "axis"
    )


def units_of(rows: Iterable[Row]) -> Units:
    """Return the vocabulary of units, with the nouns that rows add to it."""
    more = [row for row in rows if row["kind"] == "unit"]
    try:
        return Units(_noun(row) for row in more) if more else STANDARD
    except UnitError as error:
        raise more[-1].refuse(str(error)) from None


def _noun(row: Row) -> Noun:
    """Read a noun: plural as its name, the singular under ``symbol``, what it is made of under ``value``."""
    singular = row["symbol"] or row["name"].removesuffix("s")
    return Noun(row["name"], singular, tuple(row["value"].split()), row["meaning"])


def hold_to_units(rows: Iterable[Row], units: Units) -> None:
    """Refuse a row whose unit is not written as in the vocabulary.

    Raises
    ------
    DeclarationError
        Naming file, line, row and the nearest unit.
    """
    for row in rows:
        if not row["unit"] and row["kind"] in MEASURED:
            raise row.refuse(f"has no unit; allowed: 1 for a pure number, or a unit of {PAGE}")
        if row["unit"] and row["kind"] not in (*MEASURED, "lever"):
            raise row.refuse(f"unit '{row['unit']}': a row of this kind has none")
        try:
            if row["unit"]:
                units.check(row["unit"])
        except UnitError as error:
            raise row.refuse(str(error)) from None


def declare(rows: Sequence[Row], spread: Spread) -> Declared:
    """Return what the rows of a block declare, one or more each."""
    made: dict[str, list[Any]] = {}
    parameters: dict[str, Parameter] = {}
    for row in rows:
        if row["kind"] in ("axis", "unit"):
            continue
        for expanded in spread.expanded(row):
            try:
                field, thing = KINDS[row["kind"]](expanded)
            except DeclarationError as error:
                raise expanded.refuse(str(error)) if expanded.place not in str(error) else error from None
            if isinstance(thing, Parameter):
                if expanded["name"] in parameters:
                    raise expanded.refuse("is declared twice")
                parameters[expanded["name"]] = thing
            else:
                made.setdefault(field, []).append(thing)
    name = rows[0]["block"] if rows else "none"
    group: Any = type(f"{name}_parameters", (Parameters,), dict(parameters))
    known = {f.name for f in fields(Declared)}
    return Declared(parameters=group, **{k: tuple(v) for k, v in made.items() if k in known})


def _parameter(row: Row) -> tuple[str, Parameter]:
    if row["evidence"] not in get_args(Evidence):
        raise row.refuse(f"evidence '{row['evidence']}'; allowed: {', '.join(get_args(Evidence))}")
    low, high = row.number("low"), row.number("high")
    null = row.number("null") if row["null"] else None
    made = Parameter(
        row.number("value"), row["unit"], (low, high), row["symbol"], row["meaning"], row["source"],
        row["evidence"], null,  # type: ignore[arg-type]
    )  # fmt: skip
    return "parameters", made


def _account(row: Row) -> tuple[str, Account]:
    commodity, _, name = row["name"].partition(".")
    return "accounts", Account(commodity, name, row["meaning"], row["kind"])  # type: ignore[arg-type]


def _flow(row: Row) -> tuple[str, Flow]:
    source, destination = row["from"].split("."), row["to"].split(".")
    if len(source) != 2 or len(destination) != 2 or source[0] != destination[0]:
        raise row.refuse(
            f"from '{row['from']}' to '{row['to']}'; allowed: commodity.account, of one commodity"
        )
    rank = int(row.number("rank", 0.0))
    return "flows", Flow(row["name"], source[0], source[1], destination[1], row["meaning"], rank)


def _variable(row: Row, recorded: bool = True) -> tuple[str, Variable]:
    bounds = row.bounds(0.0, inf)
    initial = row.number("value", 0.0)
    return "variables", Variable(row["name"], row["unit"], row["meaning"], initial, bounds, recorded)


def _constant(row: Row) -> tuple[str, Constant]:
    return "constants", Constant(
        row["name"], row.number("value"), row["unit"], row["meaning"], row["source"], row["evidence"]
    )


def _by_month(row: Row) -> tuple[str, Constant]:
    """Read a table by month: ``7:0.2 8:0.5``, zero (or ``*:1``) in the others."""
    values = [0.0] * 12
    for text in row["value"].split():
        month, _, number = text.partition(":")
        try:
            places = range(12) if month == "*" else [int(month) - 1]
            for place in places:
                values[place] = float(number)
        except (ValueError, IndexError):
            raise row.refuse(f"'{text}' is no month and number; such as 7:0.2") from None
    return "constants", Constant(
        row["name"], tuple(values), row["unit"], row["meaning"], row["source"], row["evidence"]
    )


def _draw(row: Row) -> tuple[str, Draw]:
    if row["when"] not in ("year", "month", "once"):
        raise row.refuse(f"when = '{row['when']}'; allowed: year, month, once")
    return "draws", Draw(row["name"], row["when"], row["meaning"])  # type: ignore[arg-type]


def _lever(row: Row) -> tuple[str, Lever]:
    unit = row["unit"] or "1"
    return "levers", Lever(row["name"], row.number("value"), row.bounds(0.0, inf), row["meaning"], unit)


def _input(row: Row) -> tuple[str, Input]:
    if row["when"] not in ("", "year"):
        raise row.refuse(
            f"when = '{row['when']}'; allowed: year, for the amount of a calendar year, or nothing"
        )
    return "inputs", Input(row["name"], row["unit"], row["meaning"], row["when"] == "year")


KINDS: dict[str, Callable[[Row], tuple[str, Any]]] = {
    "axis": lambda r: ("axes", r),
    "unit": lambda r: ("units", r),
    "parameter": _parameter,
    "constant": _constant,
    "by_month": _by_month,
    "commodity": lambda r: ("commodities", Commodity(r["name"], r["unit"], r["meaning"])),
    "stock": _account,
    "source": _account,
    "sink": _account,
    "flow": _flow,
    "variable": _variable,
    "state": lambda r: _variable(r, recorded=False),
    "lag": lambda r: ("lags", Lag(r["name"], r["from"], int(r.number("value")), r["when"])),
    "lever": _lever,
    "switch": lambda r: ("switches", Switch(r["name"], r["meaning"])),
    "input": _input,
    "draw": _draw,
    "event": lambda r: ("announcements", Announcement(r["name"], r["from"], r["meaning"])),
}
