"""Members from a table: a CSV file with a header of dotted keys, and one row a member (or draw).

A column ``member`` or ``draw`` numbers the rows and is otherwise ignored.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from planmodel.engine import UserError
from planmodel.scenario.explain import shown
from planmodel.scenario.keys import Key
from planmodel.scenario.names import hint

_NUMBERING = ("member", "draw")
FindKey = Callable[[str, str], Key]


def read_columns(file: Path, place: str, wanted: Iterable[str], find: FindKey) -> dict[str, np.ndarray]:
    """Read the columns of a file.

    Parameters
    ----------
    file
        CSV file.
    place
        Name of the configuration, for messages.
    wanted
        Names of the columns to take; empty takes all.
    find
        Returns what a name stands for, or refuses it with the given place.

    Raises
    ------
    UserError
        Naming file, line, column, value and what is allowed.
    """
    if file.suffix != ".csv":
        raise UserError(f"{place}: file: {file}: unknown kind of file; allowed: .csv or .nc")
    return _read_csv(file, list(wanted), find)


def _read_csv(file: Path, wanted: list[str], find: FindKey) -> dict[str, np.ndarray]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = [row for row in csv.reader(stream, strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{file}: not a CSV file in UTF-8: {error}") from None
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {error.strerror}") from None
    if len(rows) < 2:
        raise UserError(f"{file}: has no members; allowed: a header and one row a member")
    header = [name.strip() for name in rows[0]]
    for name in header:
        if header.count(name) > 1:
            raise UserError(f"{file}: column '{name}' stands twice; allowed: once")
    for line, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise UserError(
                f"{file}: line {line}: {len(row)} cells; allowed: {len(header)}, as in the header"
            )
    names = _chosen(header, wanted, file)
    columns = {}
    for name in names:
        key = find(name, f"{file}: column ")
        cells = [row[header.index(name)].strip() for row in rows[1:]]
        columns[name] = np.array(
            [_cell(key, cell, f"{file}: line {i}: {name}") for i, cell in enumerate(cells, start=2)],
            dtype=object if key.kind == "text" else None,
        )
    return columns


def _cell(key: Key, text: str, place: str) -> Any:
    try:
        if key.kind == "number":
            return float(text)
        if key.kind == "switch":
            return {"true": True, "false": False}[text.lower()]
        if key.kind == "date":
            return np.datetime64(date.fromisoformat(text), "D")
    except (ValueError, KeyError):
        allowed = "a number" if key.kind == "number" else key.allowed()
        raise UserError(f"{place}: {shown(text)} is not valid; allowed: {allowed}") from None
    return text


def _chosen(held: list[str], wanted: list[str], file: Path) -> list[str]:
    """Return the names to take."""
    for name in wanted:
        if name not in held:
            raise UserError(f"{file}: column '{name}' is missing{hint(name, held)}")
    names = wanted or [name for name in held if name not in _NUMBERING]
    if not names:
        raise UserError(f"{file}: has no column in which members differ; allowed: dotted keys of a scenario")
    return names
