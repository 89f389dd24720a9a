"""How figures of the record are shown on a screen: versions side by side, marks, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

# Letters behind a figure in `show`, with what they mean.
MARKS = {
    "plan": ("p", "plan"),
    "official_claim": ("c", "official claim"),
    "estimate": ("e", "estimate"),
    "estimate_low": ("<", "low estimate or floor"),
    "estimate_high": (">", "high estimate or ceiling"),
    "derived": ("d", "derived"),
    "recalled": ("r", "recalled from the literature, page to be checked"),
    "reading": ("w", "our number for words of the text"),
    "contested": ("!", "contested"),
    "ocr_doubt": ("?", "doubtful in the scan"),
}


def marked(value: float, *words: str) -> str:
    """Return a figure with the letters of its kind, evidence and confidence behind it."""
    letters = "".join(MARKS[word][0] for word in words if word in MARKS)
    return f"{value:.7g}" + (f" {letters}" if letters else "")


def side_by_side(rows: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Cells by heading (version, and territory where it is a region) and by date."""
    columns: dict[str, dict[str, str]] = {}
    fields = ("version", "territory", "date", "value", "kind", "evidence", "confidence")
    for version, territory, date, value, kind, evidence, confidence in zip(
        *(rows[field] for field in fields), strict=True
    ):
        heading = version if territory.startswith("USSR") else f"{version}\n({territory})"
        cell = marked(value, kind, evidence, confidence)
        cells = columns.setdefault(heading, {})
        cells[date] = f"{cells[date]}\n{cell}" if date in cells else cell
    return dict(sorted(columns.items()))


def fitting_tables(dates: list[str], columns: dict[str, dict[str, str]], width: int) -> Iterator[Table]:
    """Break the columns into tables that fit the width of the screen."""
    from rich.table import Table
    from rich.text import Text

    def fits(heading: str) -> int:
        lines = [
            *heading.split("\n"),
            *(line for cell in columns[heading].values() for line in cell.split("\n")),
        ]
        return max(map(len, lines)) + 2

    first = max(map(len, dates)) + 2
    left = list(columns)
    while left:
        used = first
        now: list[str] = []
        while left and (not now or used + fits(left[0]) <= width):
            used += fits(left[0])
            now.append(left.pop(0))
        table = Table("date", box=None, header_style="bold", padding=(0, 2, 0, 0))
        for heading in now:
            table.add_column(heading, no_wrap=False)
        for date in dates:
            cells = [columns[heading].get(date, "") for heading in now]
            if any(cells):
                table.add_row(date, *(Text(cell) for cell in cells))
        yield table


def print_marks(out: Console, used: Iterable[str]) -> None:
    """Explain the marks of kinds, evidence and confidence in use."""
    used = set(used)
    marks = [f"{letter} {meaning}" for word, (letter, meaning) in MARKS.items() if word in used]
    if marks:
        out.print()
        out.print(f"Marks: {'; '.join(marks)}", markup=False)


def print_sources(out: Console, rows: pd.DataFrame) -> None:
    """List where the figures of each version come from, and the notes on single figures."""
    out.print()
    out.print("Sources", style="bold")
    for version, group in rows.groupby("version", sort=True):
        out.print(f"{version}", markup=False, style="bold")
        for (source, place), some in group.groupby(["source", "place"], sort=False):
            dates = some["date"].unique().tolist()
            shown = ", ".join(dates) if len(dates) <= 3 else f"{dates[0]} to {dates[-1]}, {len(dates)} dates"
            out.print(f"  {shown}: {source}; {place}", markup=False)
        for note, some in group[group["note"] != ""].groupby("note", sort=False):
            dates = some["date"].unique().tolist()
            shown = ", ".join(dates) if len(dates) <= 3 else f"{dates[0]} to {dates[-1]}"
            out.print(f"  note on {shown}: {note}", markup=False, style="dim")
        regions = group.loc[~group["territory"].str.startswith("USSR pre"), ["date", "territory"]]
        for territory, some in regions.groupby("territory", sort=False):
            dates = some["date"].unique().tolist()
            shown = ", ".join(dates) if len(dates) <= 3 else f"{dates[0]} to {dates[-1]}"
            out.print(f"  territory of {shown}: {territory}", markup=False, style="dim")
