"""Tables of a user as cells of text: CSV, Excel and Stata files, and frames of pandas, long or wide."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planmodel.documented.dates import parse_date
from planmodel.documented.reading import RecordError, not_known
from planmodel.documented.vocabulary import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("variable", "date", "value", "unit")
KINDS_OF_FILE = (".csv", ".xlsx", ".dta")
FORMS = (
    "a row a figure (columns variable, date, value, unit); years down (a column year, and name [unit] for "
    "each variable); or years across (columns variable, unit, and a year each)"
)
_NAME_AND_UNIT = re.compile(r"\s*(\S+)\s*\[(.+)\]\s*")


@dataclass(frozen=True)
class Grid:
    """Cells of text under names of columns, each row with the number of its line.

    Attributes
    ----------
    place
        How messages call the table: the name of its file.
    head
        Lines of comment above the names of the columns, by number.
    """

    place: str
    columns: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    head: Sequence[tuple[int, str]] = field(default=())

    def wrong(self, line: int, column: str, problem: str) -> RecordError:
        """Return an error that names file, line and column."""
        return RecordError(f"{self.place}, line {line}, column {column}: {problem}")

    @property
    def first(self) -> int:
        """The line of the names of the columns."""
        return (self.head[-1][0] if self.head else 0) + 1


def read_grid(path: Path, content: bytes) -> Grid:
    """Return the cells of a file.

    Raises
    ------
    RecordError
        If it is of no kind that is known, or cannot be read as what its name says.
    """
    if path.suffix == ".csv":
        try:
            return grid_of_text(path.name, content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise RecordError(
                f"{path.name}, line {line}: is not in UTF-8; allowed: save it as such"
            ) from None
    if path.suffix not in KINDS_OF_FILE:
        raise RecordError(f"{path.name}: '{path.suffix}' is not read; allowed: {', '.join(KINDS_OF_FILE)}")
    read = _excel if path.suffix == ".xlsx" else _stata
    try:
        return read(path.name, io.BytesIO(content))
    except RecordError:
        raise
    except ImportError:
        raise RecordError(
            f"{path.name}: to read Excel needs openpyxl; allowed: "
            'pip install "planmodel[io]", or save it as CSV'
        ) from None
    except Exception as error:  # of a damaged file a library raises anything
        raise RecordError(f"{path.name}: is no {path.suffix} file that can be read: {error}") from None


def grid_of_text(place: str, text: str) -> Grid:
    """Return the cells of a text with commas, semicolons or tabs; what begins with # above them is its head.

    Raises
    ------
    RecordError
        If there is nothing in it, or a row has more or fewer cells than there are names.
    """
    lines = text.splitlines()
    above = 0
    while above < len(lines) and (not lines[above].strip() or lines[above].lstrip().startswith("#")):
        above += 1
    head = [(number, line) for number, line in enumerate(lines[:above], 1)]
    if above == len(lines):
        raise RecordError(f"{place}: is empty; allowed: {FORMS}")
    between = max(",;\t", key=lines[above].count)
    reader = csv.reader(io.StringIO("\n".join(lines[above:])), delimiter=between)
    columns = [name.strip() for name in next(reader)]
    rows = []
    for cells in reader:
        line = above + reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            raise RecordError(f"{place}, line {line}: {len(cells)} cells, expected {len(columns)}")
        rows.append((line, [cell.strip() for cell in cells]))
    return Grid(place, columns, rows, head)


def grid_of_frame(place: str, frame: pd.DataFrame) -> Grid:
    """Return the cells of a frame; its index counts as a column where it has a name."""
    if frame.index.name is not None:
        frame = frame.reset_index()
    short = [
        name for name, kind in frame.dtypes.items() if kind == "float32"
    ]  # as Stata has them: seven digits
    frame = frame.assign(**{str(name): frame[name].astype(str).astype(float) for name in short})
    columns = [_text(name) for name in frame.columns]
    rows = [
        (line, [_text(cell) for cell in cells])
        for line, cells in enumerate(frame.itertuples(index=False, name=None), 2)
    ]
    return Grid(place, columns, [row for row in rows if any(row[1])])


def long(grid: Grid) -> Grid:
    """Return a table with a row a figure, whatever its form was.

    Raises
    ------
    RecordError
        If its form cannot be told, a column is not known, or a needed one is missing.
    """
    for place, name in enumerate(grid.columns):
        if name in grid.columns[:place]:
            raise grid.wrong(grid.first, name, "stands twice; allowed: once")
    first = grid.columns[0].lower()
    if first in ("year", "date") and "value" not in grid.columns:
        return _from_years_down(grid)
    if first == "variable" and any(_is_date(name) for name in grid.columns[1:]):
        return _from_years_across(grid)
    if not {"variable", "value"} & set(grid.columns):
        raise RecordError(f"{grid.place}, line {grid.first}: its form cannot be told; allowed: {FORMS}")
    for name in grid.columns:
        if name not in COLUMNS:
            raise grid.wrong(grid.first, name, not_known("column", name, COLUMNS, tell_all=True))
    for name in NEEDED:
        if name not in grid.columns:
            raise grid.wrong(grid.first, name, f"is missing; needed are {', '.join(NEEDED)}")
    return grid


def _from_years_down(grid: Grid) -> Grid:
    """Turn a table with a column for each variable into one with a row a figure."""
    named = {}
    for column in grid.columns[1:]:
        found = _NAME_AND_UNIT.fullmatch(column)
        if found is None:
            raise grid.wrong(
                grid.first, column, "has no unit; allowed: name [unit], as in steel [million tonnes]"
            )
        named[column] = (found[1], found[2])
    rows = [
        (line, [*named[column], cells[0], cell])
        for line, cells in grid.rows
        for column, cell in zip(grid.columns[1:], cells[1:], strict=True)
        if cell
    ]
    return replace(grid, columns=("variable", "unit", "date", "value"), rows=rows)


def _from_years_across(grid: Grid) -> Grid:
    """Turn a table with a column for each date into one with a row a figure."""
    dates = [name for name in grid.columns if _is_date(name)]
    others = [name for name in grid.columns if name not in dates]
    for name in others:
        if name not in COLUMNS or name in ("date", "value"):
            allowed = [column for column in COLUMNS if column not in ("date", "value")]
            raise grid.wrong(grid.first, name, f"is no date and no column; allowed: {', '.join(allowed)}")
    rows = []
    for line, cells in grid.rows:
        by_name = dict(zip(grid.columns, cells, strict=True))
        found = _NAME_AND_UNIT.fullmatch(by_name["variable"])
        name, unit = (found[1], found[2]) if found else (by_name["variable"], by_name.get("unit", ""))
        if not unit:
            raise grid.wrong(line, "variable", f"{name} has no unit; allowed: name [unit], or a column unit")
        kept = [by_name[other] for other in others if other not in ("variable", "unit")]
        rows += [(line, [name, unit, *kept, date, by_name[date]]) for date in dates if by_name[date]]
    names = ["variable", "unit", *(other for other in others if other not in ("variable", "unit"))]
    return replace(grid, columns=(*names, "date", "value"), rows=rows)


def _excel(place: str, content: io.BytesIO) -> Grid:
    import pandas as pd

    sheets = pd.read_excel(content, sheet_name=None, header=None, dtype=object, engine="openpyxl")
    filled = {name: sheet for name, sheet in sheets.items() if not sheet.dropna(how="all").empty}
    if len(filled) != 1:
        names = ", ".join(map(str, filled)) or "none"
        raise RecordError(f"{place}: sheets with something in them: {names}; allowed: one")
    lines = [
        (number, [_text(cell) for cell in cells])
        for number, cells in enumerate(next(iter(filled.values())).itertuples(index=False, name=None), 1)
    ]
    return _below_head(place, [(number, cells) for number, cells in lines if any(cells)])


def _below_head(place: str, lines: list[tuple[int, list[str]]]) -> Grid:
    """Return a sheet whose first rows may be a head: of those only the first cell says something."""
    above = next((i for i, (_, cells) in enumerate(lines) if not cells[0].startswith("#")), len(lines))
    if above == len(lines):
        raise RecordError(f"{place}: is empty; allowed: {FORMS}")
    number, columns = lines[above]
    width = max(i for i, name in enumerate(columns) if name) + 1
    head = [(at, cells[0]) for at, cells in lines[:above]] or ([(number - 1, "")] if number > 1 else [])
    return Grid(place, columns[:width], [(at, cells[:width]) for at, cells in lines[above + 1 :]], head)


def _stata(place: str, content: io.BytesIO) -> Grid:
    """Read a file of Stata, where a name cannot hold a unit: the label of a variable may end with one."""
    import pandas as pd

    frame = pd.read_stata(content)
    content.seek(0)
    with pd.read_stata(content, iterator=True) as reader:
        labels = reader.variable_labels()

    def full(name: str) -> str:
        label = str(labels.get(name, "")).rstrip()
        return f"{name} [{label.rpartition('[')[2]}" if label.endswith("]") and "[" in label else name

    return grid_of_frame(place, frame.rename(columns={name: full(str(name)) for name in frame.columns}))


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


def _text(cell: Any) -> str:
    """Write a cell as a user would in a CSV file: whole numbers and days without what libraries add."""
    if cell is None or cell != cell or str(cell) == "NaT":
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, str):
        return cell.strip()
    number = getattr(cell, "item", lambda: cell)()  # of NumPy, whose texts differ between versions
    if isinstance(number, float):
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return str(number)


def quoted(cells: Sequence[str]) -> str:
    """Return cells as a line of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([" ".join(cell.split()) for cell in cells])
    return text.getvalue()


def lines_of(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows as lines of CSV, below the columns of the record."""
    yield ",".join(COLUMNS)
    yield from map(quoted, rows)
