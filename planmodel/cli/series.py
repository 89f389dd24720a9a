"""``planmodel series``: look at the documented record.

Heavy libraries are imported inside the commands, so that ``planmodel --help`` stays fast.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planmodel.cli.options import Data

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from planmodel.documented import Record

app = typer.Typer(
    help="The documented record: every figure with its version, source and doubts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

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
USER_ERROR = 2
_MARK = "planmodel series plot"  # within a picture
_WHOLE_LIST = 170  # columns of a terminal in which `list` is shown whole


@app.command("list")
def list_variables(
    theme: Annotated[str | None, typer.Option(help="Only variables of this theme.")] = None,
    data: Data = None,
) -> None:
    """List the variables of the record."""
    with user_errors():
        from planmodel.show.screen import print_table

        held = record_with(data)
        described, record = held.variables(), held.catalogue()
        if theme is not None:
            described = described[
                described["theme"] == known("theme", theme, sorted(set(described["theme"])))
            ]
        record = record[record["variable"].isin(described.index)]
        out = console()
        print_table(out, _variables_table(described, record, out.width))
        out.print(f"{len(described)} variables, {len(record)} figures")
        if out.width < _WHOLE_LIST:
            out.print("Title, unit, versions and sources of one: planmodel series show VARIABLE", style="dim")


@app.command()
def show(
    variable: Annotated[str, typer.Argument(help="Name of a variable.")],
    version: Annotated[list[str] | None, typer.Option(help="Only this version; may be repeated.")] = None,
    data: Data = None,
) -> None:
    """Show the versions of a variable side by side, and their sources."""
    with user_errors():
        from planmodel.show.screen import print_table

        held = record_with(data)
        rows = held.series(variable, version or None)
        described = held.variables().loc[variable]
        out = console()
        out.print(f"[bold]{described['title']}[/bold] ({described['unit']})")
        out.print(f"{described['description']}", markup=False, style="dim")
        if described["span"] and rows["date"].str.contains("..", regex=False).any():
            out.print(
                f"A date written first..last gives the {described['span']} of those years.", style="dim"
            )
        columns = _columns(rows)
        for table in _tables(rows["date"].unique().tolist(), columns, out.width):
            out.print()
            print_table(out, table)
        _print_marks(out, rows)
        _print_sources(out, rows)


@app.command()
def plot(
    variables: Annotated[list[str], typer.Argument(help="Names of variables, one panel each.")],
    out: Annotated[Path | None, typer.Option(help="File to write: .png, .svg or .pdf.")] = None,
    data: Data = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier picture of ours.")] = False,
) -> None:
    """Draw all versions of one or several variables."""
    with user_errors():
        from planmodel.documented import plot as draw
        from planmodel.storage import NamedFile

        path = out or Path(f"{'-'.join(variables[:3])}.png")
        known("file type", path.suffix, [".pdf", ".png", ".svg"])
        named = NamedFile("--out", path, "a picture that planmodel drew", _MARK.encode(), force)
        named.check()
        picture, about = io.BytesIO(), {"Software" if path.suffix == ".png" else "Creator": _MARK}
        draw(*variables, record=record_with(data)).savefig(
            picture, format=path.suffix[1:], dpi=150, metadata=about
        )
        named.write(picture.getvalue())
    typer.echo(f"wrote {path}")


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Figures of your own, checked instead.")
    ] = None,
) -> None:
    """Check the identities of the record (exit with 1 if one fails), or say what is read from a file.

    Of a file: its figures, new variables, conversions of units, what the record has beside them, and what of
    the model they are compared with; or what is wrong in it, with line and column.
    """
    if files:
        _check_files(files)
        return
    from rich.table import Table

    with user_errors():
        from planmodel.documented import check as check_identities
        from planmodel.show.screen import print_table

        results = check_identities()
    out = console()
    for title, rows in (
        ("Identities that must hold", results[results["reason"] == ""]),
        ("Documented disagreements", results[results["reason"] != ""]),
    ):
        table = Table("identity", "date", "left", "right", "residual", "", box=None, title=title)
        table.title_justify, table.title_style, table.header_style = "left", "bold", "bold"
        for column in table.columns[2:5]:
            column.justify = "right"
        for identity, group in rows.groupby("identity", sort=False):
            numbers = group[["date", "left", "right", "residual", "status", "ok"]].itertuples(index=False)
            for i, (date, left, right, residual, status, ok) in enumerate(numbers):
                table.add_row(
                    str(identity) if i == 0 else "",
                    str(date),
                    f"{left:.6g}",
                    f"{right:.6g}",
                    f"{residual:+.2g}" if abs(residual) > 1e-12 else "0",
                    str(status),
                    style=None if ok else "bold red",
                )
            if group["reason"].iloc[0]:
                table.add_row("", f"[dim]{group['reason'].iloc[0]}[/dim]")
        print_table(out, table)
        out.print()
    failed = results[~results["ok"]]
    disagreements = results.loc[results["reason"] != "", "identity"].nunique()
    out.print(
        f"{results['identity'].nunique() - disagreements} identities and {disagreements} documented "
        f"disagreements, {len(results)} comparisons, {len(failed)} failed"
    )
    if not failed.empty:
        typer.echo(f"failed: {', '.join(dict.fromkeys(failed['identity']))}", err=True)
        raise typer.Exit(1)


def _check_files(files: list[Path]) -> None:
    """Say what is read from files of the user's own figures."""
    with user_errors():
        from planmodel.scenario import load_scenario

        held = record_with(None)
        for file in files:
            own = held.read(file)
            held = held.add(own)
            for line in own.read:
                typer.echo(line)
        named = load_scenario(record=held).record
        mine = dict.fromkeys(variable for one in held.own for variable, _ in one.pairs)
        typer.echo(f"compared with the model: {', '.join(v for v in mine if v in named) or 'none'}")


@app.command()
def export(
    out: Annotated[Path | None, typer.Option(help="CSV file to write; standard output by default.")] = None,
    data: Data = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier table of ours.")] = False,
) -> None:
    """Write the whole record as one CSV table."""
    with user_errors():
        from planmodel.storage import NamedFile

        record = record_with(data).catalogue()
        text = record.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n")
        if out is None:
            typer.echo(text, nl=False)
            return
        heading = text.partition("\n")[0].encode()  # a table with these columns is an export
        named = NamedFile("--out", out, "a table that planmodel exported", heading, force)
        named.check()
        named.write(text.encode())
    typer.echo(f"wrote {out} ({len(record)} figures)")


def record_with(data: list[Path] | None) -> "Record":
    """Return the record with files of the user's own figures."""
    from planmodel.documented.catalogue import BUILT_IN

    return BUILT_IN.add(*(data or ()))


@contextmanager
def user_errors() -> Iterator[None]:
    """Turn a mistake of the user into one line on standard error and exit status 2."""
    from planmodel.documented import RecordError, UnknownSeriesError
    from planmodel.engine.errors import UserError

    try:
        yield
    except (RecordError, UnknownSeriesError, UserError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(USER_ERROR) from None
    except OSError as error:
        typer.echo(f"error: cannot write {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(USER_ERROR) from None


def known(what: str, name: str, allowed: list[str]) -> str:
    """Return the name if it is one of those allowed."""
    import difflib

    from planmodel.documented import UnknownSeriesError

    if name not in allowed:
        near = difflib.get_close_matches(name, allowed, n=1)
        nearest = f"; nearest: {near[0]}" if near else ""
        raise UnknownSeriesError(f"unknown {what} {name!r}{nearest}; known: {', '.join(allowed)}")
    return name


def console() -> "Console":
    """Make a console for tables, without rich's own highlighting of numbers."""
    from rich.console import Console

    return Console(highlight=False)


def _variables_table(described: "pd.DataFrame", record: "pd.DataFrame", width: int) -> "Table":
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
    if width >= _WHOLE_LIST:
        headings += ["title", "names of the versions"]
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        number = heading in ("figures", "versions")
        whole = heading in ("title", "names of the versions")
        table.add_column(heading, justify="right" if number else "left", no_wrap=not whole)
    for row in rows:
        table.add_row(*row[: len(headings)])
    return table


def _columns(rows: "pd.DataFrame") -> dict[str, dict[str, str]]:
    """Cells by heading (version, and territory where it is a region) and by date."""
    columns: dict[str, dict[str, str]] = {}
    fields = ("version", "territory", "date", "value", "kind", "evidence", "confidence")
    for version, territory, date, value, kind, evidence, confidence in zip(
        *(rows[field] for field in fields), strict=True
    ):
        heading = version if territory.startswith("USSR") else f"{version}\n({territory})"
        marks = "".join(MARKS[word][0] for word in (kind, evidence, confidence) if word in MARKS)
        cell = f"{value:.7g}" + (f" {marks}" if marks else "")
        cells = columns.setdefault(heading, {})
        cells[date] = f"{cells[date]}\n{cell}" if date in cells else cell
    return dict(sorted(columns.items()))


def _tables(dates: list[str], columns: dict[str, dict[str, str]], width: int) -> Iterator["Table"]:
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


def _print_marks(out: "Console", rows: "pd.DataFrame") -> None:
    """Explain the marks in use."""
    used = set(rows["kind"]) | set(rows["evidence"]) | set(rows["confidence"])
    marks = [f"{letter} {meaning}" for word, (letter, meaning) in MARKS.items() if word in used]
    if marks:
        out.print()
        out.print(f"Marks: {'; '.join(marks)}", markup=False)


def _print_sources(out: "Console", rows: "pd.DataFrame") -> None:
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


if __name__ == "__main__":
    app()
