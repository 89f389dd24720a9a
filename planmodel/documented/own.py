"""Figures of a user, beside those of the record: four columns are enough, all else has defaults.

They are kept apart by their evidence, `own`: nobody here has checked them, whatever they rest on. Units are
converted into that of the variable. What was read is kept as it stands (:class:`Own`), so that a result holds
the figures that it was made with, and another process the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planmodel.documented.declared import checked_tables, declaration, undeclared, variables_beside
from planmodel.documented.files import parts_of_the_country
from planmodel.documented.grids import NEEDED, Grid, grid_of_frame, grid_of_text, lines_of, long, read_grid
from planmodel.documented.reading import KEY, RecordError, Row, Variables, checked, not_known
from planmodel.documented.vocabulary import COLUMNS, NATIONAL, OWN, UNCLEAR
from planmodel.engine.units import UnitError, convert

if TYPE_CHECKING:
    import pandas as pd

THEME = "own"
Held = Callable[[str], Sequence[str]]
"""From a variable to its versions that others have already."""


@dataclass(frozen=True)
class Own:
    """Figures of a user as they were read, in the units of their variables.

    Attributes
    ----------
    file
        Name of the file, without its folder.
    sha256
        Of its bytes, and of those of the description beside it.
    variables
        What it declares: by name the fields ``title``, ``unit``, ``measure``, ``span``, ``description``, and
        ``model``, what of the model it is compared with.
    figures
        Lines of CSV with the columns of the record.
    read
        What was read, as sentences: see ``planmodel series check``.
    """

    file: str
    sha256: str
    variables: Mapping[str, Mapping[str, str]]
    figures: Sequence[str]
    read: Sequence[str] = field(default=(), compare=False)

    @cached_property
    def key(self) -> str:
        """All that decides what it holds."""
        return json.dumps([self.file, self.sha256, self.described, list(self.figures)], sort_keys=True)

    @cached_property
    def described(self) -> Variables:
        """The variables that it declares, as the record has its own."""
        return {name: {"theme": THEME, **dict(about)} for name, about in self.variables.items()}

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The variables and versions of its figures, each pair once."""
        rows = grid_of_text(self.file, "\n".join(self.figures)).rows
        return list(dict.fromkeys((cells[0], cells[1]) for _, cells in rows))

    def rows(self, known: Variables, held: Held) -> list[Row]:
        """Return its figures, checked once more beside what a record knows and holds.

        Raises
        ------
        RecordError
            As of :func:`read_own`.
        """
        grid = grid_of_text(self.file, "\n".join(self.figures))
        return _rows(grid, known | self.described, held, {})


def read_own(path: Path, known: Variables, held: Held) -> Own:
    """Read the figures of a file: CSV, Excel (.xlsx) or Stata (.dta), long or wide.

    Parameters
    ----------
    path
        The file. New variables are declared above its columns, in lines
        ``# variable: name; title: ...; unit: ...; measure: ...``, or in a file of the same name with
        ``.toml`` at its end, as ``variables.toml`` has them.
    known
        The variables that are there.
    held
        What versions of a variable are there, none of which it may have again.

    Raises
    ------
    RecordError
        Naming file, line, column, value and what is allowed.
    """
    try:
        content = path.read_bytes()
        beside = path.with_suffix(".toml")
        described = beside.read_bytes() if beside.is_file() else b""
    except FileNotFoundError:
        raise RecordError(f"{path}: no such file") from None
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error.strerror}") from None
    grid = read_grid(path, content)
    variables = variables_beside(beside.name, described) if described else {}
    digest = hashlib.sha256(content + (b"\0" + described if variables else b"")).hexdigest()
    return _own(grid, digest, variables, known, held)


def own_of_frame(frame: pd.DataFrame, name: str, known: Variables, held: Held) -> Own:
    """Return the figures of a frame with the same columns; it declares variables in ``frame.attrs``.

    ``frame.attrs["variables"]`` maps the name of a new variable to its fields.

    Raises
    ------
    RecordError
        As of :func:`read_own`.
    """
    grid = grid_of_frame(name, frame)
    declared = frame.attrs.get("variables", {})
    if not isinstance(declared, Mapping):
        raise RecordError(
            f'{name}, attrs["variables"]: {declared!r}; allowed: fields by name of the variable'
        )
    digest = hashlib.sha256(json.dumps([grid.columns, grid.rows]).encode()).hexdigest()
    return _own(grid, digest, checked_tables(f'{name}, attrs["variables"]', declared), known, held)


def _own(grid: Grid, digest: str, variables: Variables, known: Variables, held: Held) -> Own:
    """Check what was read, and put it into the form in which it is kept."""
    for line, text in grid.head:
        found = declaration(grid.place, line, text)
        if found is not None:
            name, about = found
            if name in variables:
                raise RecordError(f"{grid.place}, line {line}: {name} is declared twice; allowed: once")
            variables = {**variables, name: about}
    for name, about in variables.items():
        if name in known and known[name] != {"theme": THEME, **about}:
            raise RecordError(f"{grid.place}: variable {name} is in the record already; allowed: another "
                              "name, or its figures without a declaration")  # fmt: skip
    everything = known | {name: {"theme": THEME, **about} for name, about in variables.items()}
    conversions: dict[tuple[str, str, str], int] = {}
    rows = _rows(long(grid), everything, held, conversions)
    for name in variables:
        if all(row["variable"] != name for row in rows):
            raise RecordError(f"{grid.place}: variable {name} is declared but has no figure")
    figures = tuple(lines_of([[_written(row[column]) for column in COLUMNS] for row in rows]))
    said = _said(grid.place, rows, variables, conversions, held)
    return Own(grid.place, digest, variables, figures, tuple(said))


def _written(value: Any) -> str:
    return repr(value) if isinstance(value, float) else str(value)


def _rows(
    grid: Grid, known: Variables, held: Held, conversions: dict[tuple[str, str, str], int]
) -> list[Row]:
    """Return the figures of a long table; counts conversions by variable, unit given and unit of it."""
    defaults = {
        "version": Path(grid.place).stem,
        "kind": "estimate",
        "source": grid.place,
        "evidence": OWN,
        "confidence": "medium",
        "territory": UNCLEAR,
        "note": "",
    }
    found: list[Row] = []
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in grid.rows:
        said = {name: cell for name, cell in zip(grid.columns, cells, strict=True) if cell}
        for name in NEEDED:
            if name not in said:
                raise grid.wrong(line, name, "must not be empty")
        row = {**defaults, "place": f"line {line}", **said}
        name, unit = row["variable"], row["unit"]
        if name not in known:
            raise grid.wrong(line, "variable", undeclared(name, list(known)))
        row["unit"] = wanted = known[name]["unit"]
        try:
            convert(1.0, unit, wanted)
        except UnitError as error:
            raise grid.wrong(line, "unit", f"{error}; {name} is measured in '{wanted}'") from None
        figure = checked(row, f"{grid.place}, line {line}", known)
        territories = [*NATIONAL, *parts_of_the_country()]
        if row["territory"] not in territories:
            raise grid.wrong(line, "territory", not_known("territory", row["territory"], territories))
        if row["version"] in held(name):
            raise grid.wrong(line, "version", f"{row['version']} is a version of {name} in the record; "
                             "allowed: a name of your own")  # fmt: skip
        key = tuple(figure[column] for column in KEY)
        if key in seen:
            raise grid.wrong(line, "date", f"{' / '.join(key)} is already given in line {seen[key]}")
        seen[key] = line
        if unit != wanted:
            figure["value"] = convert(figure["value"], unit, wanted)
            place = (name, unit, wanted)
            conversions[place] = conversions.get(place, 0) + 1
        found.append(figure)
    if not found:
        raise RecordError(f"{grid.place}: has no figure; allowed: one or more")
    return found


def _said(
    place: str,
    rows: Sequence[Row],
    variables: Variables,
    conversions: Mapping[tuple[str, str, str], int],
    held: Held,
) -> list[str]:
    """Say what was read, in lines."""
    by_variable: dict[str, list[Row]] = {}
    for row in rows:
        by_variable.setdefault(row["variable"], []).append(row)
    lines = [f"{place}: {_count(len(rows), 'figure')} of {_count(len(by_variable), 'variable')}"]
    for name, mine in by_variable.items():
        versions = ", ".join(sorted({row["version"] for row in mine}))
        first, last = min(row["start"] for row in mine)[:4], max(row["end"] for row in mine)[:4]
        lines.append(
            f"{name} ({versions}): {_count(len(mine), 'figure')}, {first}-{last}, in {mine[0]['unit']}"
        )
        if name in variables:
            about = variables[name]
            compared = f"; compared with: {about['model']}" if about["model"] else "; compared with nothing"
            lines.append(f"  new variable: {about['title']} ({about['measure']}){compared}")
        else:
            lines.append(f"  beside the versions of the record: {', '.join(held(name))}")
        for (of, unit, wanted), count in conversions.items():
            if of == name:
                by = f"1 {unit} = {convert(1.0, unit, wanted):g} {wanted}"
                lines.append(f"  {_count(count, 'figure')} converted: {by}")
    return lines


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
