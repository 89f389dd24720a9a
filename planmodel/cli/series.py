"""``planmodel series``: look at the documented record.

Heavy libraries are imported inside the commands, so that ``planmodel --help`` stays fast.
"""

import io
from pathlib import Path
from typing import Annotated

import typer

from planmodel.cli.on_record import ALL, console, known, record_with, territories_asked, user_errors
from planmodel.cli.options import Data

app = typer.Typer(
    help="The documented record: every figure with its version, source and doubts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

_MARK = "planmodel series plot"  # within a picture
_TERRITORY = "Only this territory, such as Ukraine; may be repeated"


@app.command("list")
def list_variables(
    theme: Annotated[str | None, typer.Option(help="Only variables of this theme.")] = None,
    data: Data = None,
) -> None:
    """List the variables of the record."""
    with user_errors():
        from planmodel.documented.screen import WHOLE_LIST, variables_table
        from planmodel.show.screen import print_table

        held = record_with(data)
        described, record = held.variables(), held.catalogue()
        if theme is not None:
            described = described[
                described["theme"] == known("theme", theme, sorted(set(described["theme"])))
            ]
        record = record[record["variable"].isin(described.index)]
        out = console()
        print_table(out, variables_table(described, record, out.width))
        out.print(f"{len(described)} variables, {len(record)} figures")
        if out.width < WHOLE_LIST:
            out.print("Title, unit, versions and sources of one: planmodel series show VARIABLE", style="dim")


@app.command()
def show(
    variable: Annotated[str, typer.Argument(help="Name of a variable.")],
    version: Annotated[list[str] | None, typer.Option(help="Only this version; may be repeated.")] = None,
    data: Data = None,
    territory: Annotated[list[str] | None, typer.Option(help=f"{_TERRITORY}; '{ALL}' for all.")] = None,
) -> None:
    """Show the versions of a variable side by side, and their sources."""
    with user_errors():
        from planmodel.documented.screen import (
            fitting_tables,
            layouts,
            print_marks,
            print_parts_left_out,
            print_sources,
        )
        from planmodel.show.screen import print_table

        held = record_with(data)
        everywhere = held.series(variable, version or None)
        among = territories_asked(held, variable, version, territory)
        rows = held.series(variable, version or None, territories=among)
        described = held.variables().loc[variable]
        out = console()
        out.print(f"[bold]{described['title']}[/bold] ({described['unit']})")
        out.print(f"{described['description']}", markup=False, style="dim")
        if described["prices"]:
            out.print(f"Prices: {described['prices']}.", markup=False, style="dim")
        if described["span"] and rows["date"].str.contains("..", regex=False).any():
            out.print(
                f"A date written first..last gives the {described['span']} of those years.", style="dim"
            )
        for layout in layouts(rows):
            for table in fitting_tables(layout, out.width):
                out.print()
                print_table(out, table)
        print_marks(out, {*rows["kind"], *rows["evidence"], *rows["confidence"]})
        print_sources(out, rows)
        print_parts_left_out(
            out, everywhere[~everywhere["territory"].isin(rows["territory"])], f"--territory {ALL}"
        )


@app.command()
def regions(
    variable: Annotated[str, typer.Argument(help="Name of a variable.")],
    date: Annotated[
        list[str] | None, typer.Option(help="Only this date, such as 1930/31; may be repeated.")
    ] = None,
    version: Annotated[list[str] | None, typer.Option(help="Only this version; may be repeated.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="Only this region; may be repeated.")] = None,
    together: Annotated[
        bool, typer.Option("--together", help="Read the versions as one: each part of the first that has it.")
    ] = False,
    data: Data = None,
) -> None:
    """Show a variable by the regions of the village: their parts added up where all have a figure."""
    with user_errors():
        from planmodel.cli.by_region import print_by_region

        held = record_with(data)
        print_by_region(console(), held, variable, version or [], date or [], region or [], together)


@app.command()
def tables(
    key: Annotated[str | None, typer.Argument(help="One table; all are listed without.")] = None,
) -> None:
    """List the tables of the book that the record was read from, or show the figures of one."""
    with user_errors():
        from planmodel.cli.book_tables import print_list, print_one
        from planmodel.documented.tables import table, tables

        if key is None:
            print_list(console(), tables().values())
        else:
            print_one(console(), table(key))


@app.command()
def cite(
    variable: Annotated[str, typer.Argument(help="Name of a variable.")],
    version: Annotated[list[str] | None, typer.Option(help="Only this version; may be repeated.")] = None,
) -> None:
    """Print the BibTeX entries behind a variable, with the pages or lines of its figures as comments."""
    with user_errors():
        from planmodel.documented.bibliography import cited
        from planmodel.documented.catalogue import rows

        for line in cited(rows(variable, version or None)):
            typer.echo(line)


@app.command()
def plot(
    variables: Annotated[list[str], typer.Argument(help="Names of variables, one panel each.")],
    out: Annotated[Path | None, typer.Option(help="File to write: .png, .svg or .pdf.")] = None,
    data: Data = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier picture of ours.")] = False,
    territory: Annotated[list[str] | None, typer.Option(help=f"{_TERRITORY}.")] = None,
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
        draw(*variables, territories=territory or None, record=record_with(data)).savefig(
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


@app.command()
def evidence(
    theme: Annotated[str | None, typer.Option(help="Variables of this theme, one by one.")] = None,
) -> None:
    """Count the figures by how they are known: transcribed, recalled or readings of words."""
    with user_errors():
        from planmodel.documented import variables
        from planmodel.documented.shares import HEADS, shares_of_themes, shares_of_variables
        from planmodel.show.content import listed
        from planmodel.show.screen import show as show_blocks

        if theme is None:
            rows = shares_of_themes()
        else:
            rows = shares_of_variables(known("theme", theme, sorted(set(variables()["theme"]))))
    show_blocks(console(), [listed(rows, ("variable" if theme else "theme", *HEADS))])


@app.command()
def package(
    folder: Annotated[Path, typer.Argument(help="Folder to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier package there.")] = False,
) -> None:
    """Write the record as a data package: tables, what their columns mean, references, licence."""
    with user_errors():
        from planmodel.documented.package import write_package

        files = write_package(folder, force)
    typer.echo(f"Written: {folder}/ ({', '.join(files)})")


if __name__ == "__main__":
    app()
