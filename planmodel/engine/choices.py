"""Axes that an economy may do without, and the table of what differs between their labels.

A row of the table (``regions.csv``) gives one number a label. A ``share`` is what each has on the first day
of a stock (``grain.barn``) or of a variable that is added up: one in all. A ``value`` is that of a
parameter (``block.name``), or the opening value of another variable; ``low`` and ``high`` are the bounds of
a parameter at each label, where the declared ones are too wide for them all. ``more`` is what the series of
an input has at a label beyond that of the country, on a day or in a year (``weather.1931``). Without the
axis nobody reads the table.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_args

from planmodel.engine.errors import DeclarationError, nearest
from planmodel.engine.parameters import Evidence

_FIRST, _LAST = ("kind", "name"), ("source", "evidence")
SHARE, VALUE, MORE = "share", "value", "more"
BOUNDS = ("low", "high")
_WHEN = re.compile(r"\d{4}(-\d\d-\d\d)?")
_ROUNDING = 1e-9  # by which shares, written as decimals, may miss one

Labelled = Mapping[str, Mapping[str, tuple[float, ...]]]  # by axis and name, the numbers of the labels


@dataclass(frozen=True)
class Choice:
    """An axis that an economy may do without.

    Attributes
    ----------
    axis
        Its name.
    there
        Whether the economy has it here.
    table
        The file of what differs between its labels; it need not be there.
    """

    axis: str
    there: bool
    table: Path


def read_labelled(
    file: Path, axis: str, labels: Sequence[str], known: Mapping[str, str]
) -> dict[str, tuple[float, ...]]:
    """Read what differs between the labels of an axis: names, and a number for each label.

    Parameters
    ----------
    known
        What may have numbers, and their kind; a dot stands at the end of an input.

    Raises
    ------
    DeclarationError
        Naming file, line and what is wrong.
    """
    columns = (*_FIRST, *labels, *_LAST)
    found: dict[str, tuple[float, ...]] = {}
    with file.open(newline="", encoding="utf-8") as lines:
        reader = csv.reader(lines, skipinitialspace=True)
        head = [cell.strip() for cell in next(reader, [])]
        for name in (*head, *columns):
            if head.count(name) != 1 or name not in columns:
                wrong = "missing" if name in columns else "not known"
                raise DeclarationError(
                    f"{file}:1: column '{name}' is {wrong}, or there twice; allowed: {', '.join(columns)}"
                )
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = dict(zip(head, (cell.strip() for cell in cells), strict=False))
                place = f"{file}:{reader.line_num}: {row.get('name', '')}"
                if len(cells) != len(head):
                    raise DeclarationError(f"{place}: {len(cells)} cells, but {len(head)} columns")
                key = bound(row["kind"], row["name"]) if row["kind"] in BOUNDS else row["name"]
                if key in found:
                    raise DeclarationError(f"{place}: is there twice")
                _check_name(row, place, axis, known)
                found[key] = _numbers(row, labels, place)
    return found


def _check_name(row: Mapping[str, str], place: str, axis: str, known: Mapping[str, str]) -> None:
    """Refuse a row of what is not spread, or of another kind than it has."""
    name, when = row["name"], ""
    if row["kind"] == MORE:
        name, _, when = name.rpartition(".")
        name = f"{name}."
    if name not in known:
        near = nearest(name, known)
        raise DeclarationError(f"{place}: nothing that is spread along {axis} has this name.{near}")
    allowed = (known[name], *(BOUNDS if known[name] == VALUE and "." in name else ()))
    if row["kind"] not in allowed:
        raise DeclarationError(f"{place}: kind '{row['kind']}'; allowed: {', '.join(allowed)}")
    if row["kind"] == MORE and not _is_day(when):
        raise DeclarationError(f"{place}: is no input on a day; allowed: {name}1931, {name}1931-07-01")


def bound(end: str, name: str) -> str:
    """Return under which name the bounds of a parameter stand: ``low`` or ``high``."""
    return f"{end} of {name}"


def _is_day(when: str) -> bool:
    """Tell whether a year or a day is written."""
    try:
        return bool(_WHEN.fullmatch(when)) and bool(date.fromisoformat(f"{when}-07-01"[:10]))
    except ValueError:
        return False


def _numbers(row: Mapping[str, str], labels: Sequence[str], place: str) -> tuple[float, ...]:
    """Return the numbers of a row."""
    if row["evidence"] not in get_args(Evidence) or not row["source"]:
        allowed = ", ".join(get_args(Evidence))
        raise DeclarationError(f"{place}: needs a source, and evidence: {allowed}")
    numbers = []
    for label in labels:
        try:
            numbers.append(float(row[label]))
        except ValueError:
            raise DeclarationError(f"{place}: {label} = '{row[label]}' is no number") from None
    if row["kind"] == SHARE and (
        min(numbers) < 0.0 or not math.isclose(math.fsum(numbers), 1.0, abs_tol=_ROUNDING)
    ):
        added = f"{math.fsum(numbers):.12g}"
        raise DeclarationError(f"{place}: shares add up to {added}; allowed: zero or more, 1 in all")
    return tuple(numbers)
