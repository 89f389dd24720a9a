"""Tables and lists of ``planmodel series``: variables, versions side by side, sources."""

from collections.abc import Iterator
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
ALL = "all"
WHOLE_LIST = 170  # columns of a terminal in which `list` is shown whole
Columns = dict[str, dict[str, str]]  # cells by what stands above them and by their line


def variables_table(described: "pd.DataFrame", record: "pd.DataFrame", width: int) -> "Table":
    """List variables with as many columns as the screen has room for; only titles and versions wrap."""
    from rich.table import Table

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


def layouts(rows: "pd.DataFrame") -> "Iterator[tuple[str, list[str], Columns]]":
    """Give the head of the first column, its cells, and the others: dates down, or territories down.

    Of the whole country there are many dates and some versions; of its parts, many parts and few dates.
    """
    from planmodel.documented.vocabulary import NATIONAL

    whole = rows["territory"].isin(NATIONAL)
    for heading, some in (("date", rows[whole]), ("territory", rows[~whole])):
        if not some.empty:
            columns: Columns = {}
            for row in some.to_dict("records"):
                line, above = str(row[heading]), str(row["version"])
                above += "" if heading == "date" else f"\n{row['date']}"
                marks = "".join(
                    MARKS[row[field]][0]
                    for field in ("kind", "evidence", "confidence")
                    if row[field] in MARKS
                )
                cell = f"{row['value']:.7g}" + (f" {marks}" if marks else "")
                cells = columns.setdefault(above, {})
                cells[line] = f"{cells[line]}\n{cell}" if line in cells else cell
            lines = some[heading].unique().tolist()
            yield heading, lines if heading == "date" else sorted(lines), dict(sorted(columns.items()))


def tables(heading: str, lines: list[str], columns: Columns, width: int) -> Iterator["Table"]:
    """Break the columns into tables that fit the width of the screen."""
    from rich.table import Table
    from rich.text import Text

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


def print_parts_left_out(out: "Console", rows: "pd.DataFrame") -> None:
    """Say what is not shown, and how to see it."""
    names = sorted(rows["territory"].unique())
    if names:
        shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        out.print()
        out.print(
            f"Not shown: {len(rows)} figure{'s' * (len(rows) > 1)} of {shown}; "
            f"--territory NAME or --territory {ALL} shows them.",
            markup=False,
            style="dim",
        )


def print_marks(out: "Console", rows: "pd.DataFrame") -> None:
    """Explain the marks in use."""
    used = set(rows["kind"]) | set(rows["evidence"]) | set(rows["confidence"])
    marks = [f"{letter} {meaning}" for word, (letter, meaning) in MARKS.items() if word in used]
    if marks:
        out.print()
        out.print(f"Marks: {'; '.join(marks)}", markup=False)


def print_sources(out: "Console", rows: "pd.DataFrame") -> None:
    """List where the figures of each version come from, and the notes on single figures."""
    from planmodel.documented.vocabulary import NATIONAL

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
