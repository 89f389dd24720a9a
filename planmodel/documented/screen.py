"""What a terminal shows of the record: variables, versions side by side, their marks and sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planmodel.documented.vocabulary import NATIONAL

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
    "own": ("u", "the user's own, checked by nobody here"),
    "contested": ("!", "contested"),
    "ocr_doubt": ("?", "doubtful in the scan"),
}
WHOLE_LIST = 170  # columns of a terminal in which `list` is shown whole


class Layout(NamedTuple):
    """A table of figures: head and cells of the first column, and cells by their column and line."""

    heading: str
    lines: list[str]
    columns: dict[str, dict[str, str]]


def variables_table(described: pd.DataFrame, record: pd.DataFrame, width: int) -> Table:
    """List variables with as many columns as the screen has room for; only titles and versions wrap."""
    rows = []
    by_variable = dict(iter(record.groupby("variable")))
    for name, about in described.iterrows():
        figures = by_variable[str(name)]
        span = f"{figures['start'].min().year}-{figures['end'].max().year}"
        names = sorted(figures["version"].unique())
        cells = (name, span, len(figures), len(names), about["unit"], about["title"], ", ".join(names))
        rows.append(tuple(map(str, cells)))
    headings = ["variable", "years", "figures", "versions", "unit"]
    while len(headings) > 1:
        needed = sum(max(len(head), *(len(r[i]) for r in rows)) + 2 for i, head in enumerate(headings))
        if needed <= width:
            break
        headings.pop()
    if width >= WHOLE_LIST:
        headings += ["title", "names of the versions"]
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        number = heading in ("figures", "versions")
        whole = heading in ("title", "names of the versions")
        table.add_column(heading, justify="right" if number else "left", no_wrap=not whole)
    for row in rows:
        table.add_row(*row[: len(headings)])
    return table


def marked(value: float, *words: str) -> str:
    """Return a figure with the letters of its kind, evidence and confidence behind it."""
    letters = "".join(MARKS[word][0] for word in words if word in MARKS)
    return f"{value:.7g}" + (f" {letters}" if letters else "")


def layouts(rows: pd.DataFrame) -> Iterator[Layout]:
    """Lay figures out with dates down and versions across, those of parts with territories down.

    Of the whole country there are many dates and some versions; of its parts, many parts and few dates.
    """
    whole = rows["territory"].isin(NATIONAL)
    if whole.any():
        yield _laid_out(rows[whole], "date")
    if not whole.all():
        yield _laid_out(rows[~whole], "territory")


def _laid_out(rows: pd.DataFrame, heading: str) -> Layout:
    columns: dict[str, dict[str, str]] = {}
    for row in rows.to_dict("records"):
        line, above = str(row[heading]), str(row["version"])
        above += "" if heading == "date" else f"\n{row['date']}"
        cell = marked(row["value"], row["kind"], row["evidence"], row["confidence"])
        cells = columns.setdefault(above, {})
        cells[line] = f"{cells[line]}\n{cell}" if line in cells else cell
    lines = rows[heading].unique().tolist()
    return Layout(heading, lines if heading == "date" else sorted(lines), dict(sorted(columns.items())))


def fitting_tables(layout: Layout, width: int) -> Iterator[Table]:
    """Break the columns into tables that fit the width of the screen."""
    heading, lines, columns = layout

    def fits(above: str) -> int:
        texts = (above, *columns[above].values())
        return max(len(part) for text in texts for part in text.split("\n")) + 2

    first = max(map(len, lines)) + 2
    left = list(columns)
    while left:
        used = first
        now: list[str] = []
        while left and (not now or used + fits(left[0]) <= width):
            used += fits(left[0])
            now.append(left.pop(0))
        table = Table(heading, box=None, header_style="bold", padding=(0, 2, 0, 0))
        for above in now:
            table.add_column(above, no_wrap=False)
        for line in lines:
            cells = [columns[above].get(line, "") for above in now]
            if any(cells):
                table.add_row(line, *(Text(cell) for cell in cells))
        yield table


def print_parts_left_out(out: Console, rows: pd.DataFrame, option: str) -> None:
    """Say what is not shown, and with which option it is."""
    names = sorted(rows["territory"].unique())
    if names:
        shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        out.print()
        out.print(
            f"Not shown: {len(rows)} figure{'s' * (len(rows) > 1)} of {shown}; "
            f"--territory NAME or {option} shows them.",
            markup=False,
            style="dim",
        )


def print_marks(out: Console, words: Iterable[str]) -> None:
    """Explain the marks of kinds, evidence and confidence in use."""
    used = set(words)
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
        regions = group.loc[group["territory"].isin(NATIONAL[1:]), ["date", "territory"]]
        for territory, some in regions.groupby("territory", sort=False):
            dates = some["date"].unique().tolist()
            shown = ", ".join(dates) if len(dates) <= 3 else f"{dates[0]} to {dates[-1]}"
            out.print(f"  territory of {shown}: {territory}", markup=False, style="dim")
