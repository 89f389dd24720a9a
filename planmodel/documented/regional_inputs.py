"""What the village needs to know of its regions: the table ``regional_inputs.csv``, read and checked.

Nothing of the economy reads it yet: the numbers of a regional village are to be made of it. A quantity has a
row for the Union, which says what it is and how the regions make up that number, and a row for each region
and the boundary: value, bounds where it is a guess of ours, kind, evidence and source. ``record: ...`` names
what of the documented record a value is made of.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from planmodel.documented.regions import regions
from planmodel.documented.vocabulary import KINDS
from planmodel.engine.errors import DeclarationError, nearest

FILE = Path(__file__).with_name("regional_inputs.csv")
COLUMNS = ("name", "region", "unit", "value", "low", "high", "adds", "kind", "evidence", "meaning", "source")
EVIDENCE = ("transcribed", "recalled", "assumption")
UNION = "union"
SUM, MEAN = "sum", "mean by "
TOLERANCE = 2e-3  # of the Union's number: numbers of the table are rounded, and those of the record before


@dataclass(frozen=True)
class Entry:
    """One value, and how it is known; ``low`` and ``high`` are the value itself where it has no bounds."""

    value: float
    low: float
    high: float
    kind: str
    evidence: str
    source: str


@dataclass(frozen=True)
class Quantity:
    """One quantity by region.

    Attributes
    ----------
    name, unit, meaning
        What it is.
    adds
        How regions make up the Union's number: ``sum``, ``mean by`` an amount, or not at all.
    union
        The number of the Union; None where there is none.
    of
        The regions and the boundary.
    """

    name: str
    unit: str
    meaning: str
    adds: str
    union: float | None
    of: Mapping[str, Entry]

    @property
    def values(self) -> dict[str, float]:
        """The values by region."""
        return {name: entry.value for name, entry in self.of.items()}

    def shares(self, *, within: bool = False) -> dict[str, float]:
        """Return the shares of an amount, which add up to one.

        Parameters
        ----------
        within
            Of the regions alone, without the boundary.

        Raises
        ------
        DeclarationError
            If the quantity is no amount.
        """
        if self.adds != SUM:
            raise DeclarationError(f"'{self.name}' has no shares: its regions do not add up")
        values = {name: v for name, v in self.values.items() if not (within and regions()[name].boundary)}
        total = sum(values.values())
        return {name: value / total for name, value in values.items()}

    def relative(self) -> dict[str, float]:
        """Return the values over that of the Union.

        Raises
        ------
        DeclarationError
            If the quantity has no number of the Union.
        """
        if self.union is None:
            raise DeclarationError(f"'{self.name}' has no number of the Union")
        return {name: value / self.union for name, value in self.values.items()}


@cache
def quantities() -> dict[str, Quantity]:
    """Return all quantities of the table by name.

    Raises
    ------
    DeclarationError
        Naming file, line, what is wrong and what is allowed.
    """
    return read_quantities(FILE)


def read_quantities(file: Path) -> dict[str, Quantity]:
    """Read and check a table: see `quantities`."""
    found: dict[str, Quantity] = {}
    for name, rows in _grouped(file).items():
        place = f"{file.name}: '{name}'"
        if UNION not in rows:
            raise DeclarationError(f"{place}: no row of the {UNION}, which says how the regions add up")
        missing = [label for label in regions() if label not in rows]
        if missing:
            raise DeclarationError(f"{place}: no row of {', '.join(missing)}")
        whole = rows[UNION]
        if not whole["meaning"]:
            raise DeclarationError(f"{whole['place']}: meaning is empty")
        number = _number(whole, "value") if whole["value"] else None
        entries = {label: _entry(rows[label]) for label in regions()}
        one = Quantity(name, whole["unit"], whole["meaning"], whole["adds"], number, entries)
        for row in rows.values():
            if row["unit"] != one.unit:
                raise DeclarationError(f"{row['place']}: unit = '{row['unit']}'; allowed: {one.unit}")
        _hold_to_union(one, found, place)
        found[name] = one
    return found


def _grouped(file: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Return the rows by quantity and region."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in _rows(file):
        known = [UNION, *regions()]
        if row["region"] not in known:
            raise DeclarationError(
                f"{row['place']}: region = '{row['region']}'.{nearest(row['region'], known)} "
                f"Allowed: {', '.join(known)}"
            )
        of_name = found.setdefault(row["name"], {})
        if row["region"] in of_name:
            raise DeclarationError(f"{row['place']}: '{row['name']}' of {row['region']} is given twice")
        of_name[row["region"]] = row
    return found


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        reader = csv.reader(lines, skipinitialspace=True)
        if tuple(cell.strip() for cell in next(reader, [])) != COLUMNS:
            raise DeclarationError(f"{file.name}:1: the columns must be {', '.join(COLUMNS)}")
        for cells in reader:
            place = f"{file.name}:{reader.line_num}"
            if len(cells) != len(COLUMNS):
                raise DeclarationError(f"{place}: {len(cells)} cells, but {len(COLUMNS)} columns")
            row = {column: cell.strip() for column, cell in zip(COLUMNS, cells, strict=True)}
            row["place"] = place
            for column, words in (("kind", KINDS), ("evidence", EVIDENCE)):
                if row[column] not in words:
                    raise DeclarationError(
                        f"{place}: {column} = '{row[column]}'; allowed: {', '.join(words)}"
                    )
            if not row["source"] or not row["name"]:
                raise DeclarationError(f"{place}: name or source is empty")
            yield row


def _entry(row: Mapping[str, str]) -> Entry:
    value = _number(row, "value")
    if (row["evidence"] == "assumption") != bool(row["low"] and row["high"]):
        raise DeclarationError(
            f"{row['place']}: low = '{row['low']}', high = '{row['high']}'; allowed: both for an assumption, "
            "none for what is documented"
        )
    low = _number(row, "low") if row["low"] else value
    high = _number(row, "high") if row["high"] else value
    if not low <= value <= high:
        raise DeclarationError(f"{row['place']}: value = {value:g}; allowed: {low:g} to {high:g}, its bounds")
    return Entry(value, low, high, row["kind"], row["evidence"], row["source"])


def _number(row: Mapping[str, str], column: str) -> float:
    try:
        number = float(row[column])
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise DeclarationError(f"{row['place']}: {column} = '{row[column]}'; allowed: a number from 0")
    return number


def _hold_to_union(one: Quantity, before: Mapping[str, Quantity], place: str) -> None:
    """Refuse regions that do not make up the number of the Union."""
    amounts = [name for name, other in before.items() if other.adds == SUM]
    weight = one.adds.removeprefix(MEAN)
    if one.adds == SUM:
        made = sum(one.values.values())
    elif one.adds.startswith(MEAN) and weight in amounts:
        shares = before[weight].shares()
        made = sum(shares[name] * value for name, value in one.values.items())
    elif not one.adds:
        return
    else:
        raise DeclarationError(f"{place}: adds = '{one.adds}'; {_allowed(amounts)}")
    if one.union is None:
        raise DeclarationError(f"{place}: no number of the {UNION} to which the regions add up")
    if abs(made - one.union) > TOLERANCE * one.union:
        raise DeclarationError(
            f"{place}: the regions make {made:g}; allowed: {one.union:g}, the Union's number"
        )


def _allowed(amounts: Sequence[str]) -> str:
    return f"allowed: {SUM}, nothing, or one of {', '.join(MEAN + name for name in amounts) or 'none yet'}"
