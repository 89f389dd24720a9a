"""``planmodel table``, ``plot`` and ``export``: what folders of runs hold, on the screen and in files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from planmodel.results.files import Writable
    from planmodel.results.result import Result

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run.", show_default=False)]
Quantities = Annotated[
    list[str] | None,
    typer.Option("--quantity", metavar="NAME", help="What to take; may be repeated.", show_default=False),
]
To = Annotated[
    Path, typer.Option("--to", metavar="FILE", help="File to write: .csv, .parquet, .xlsx, .dta or .tex.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


def table(
    folders: Annotated[
        list[Path],
        typer.Argument(metavar="DIR...", help="Folders of runs; others are set beside the first."),
    ],
    quantity: Quantities = None,
    year: Annotated[
        list[int] | None, typer.Option("--year", help="Which year; may be repeated.", show_default=False)
    ] = None,
    band: Annotated[float, typer.Option(help="Share of the members within the band.")] = 0.9,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="Write it too: .csv, .parquet, .xlsx, .dta or .tex."),
    ] = None,
    force: Force = False,
) -> None:
    """Show quantities of runs in years: levels, bands, differences, how often one is above the other."""
    from rich.console import Console

    from planmodel.results.table import table as made
    from planmodel.show.screen import show

    found = made(*map(_result, folders), names=quantity or None, years=year or None, band=band,
                 labels=_labels(folders))  # fmt: skip
    show(Console(highlight=False), [found.shown()])
    if to is not None:
        _write(found, to, force)


def plot(
    folder: Folder,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Quantities; a picture each.")],
    beside: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of another run, drawn behind.")
    ] = None,
    band: Annotated[float, typer.Option(help="Share of the members within the band.")] = 0.9,
    record: Annotated[bool, typer.Option("--record/--no-record", help="Figures of the record.")] = True,
    decrees: Annotated[bool, typer.Option("--decrees/--no-decrees", help="Marks of decrees.")] = True,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the pictures; the folder from which it is called.")
    ] = None,
    svg: Annotated[
        bool, typer.Option("--svg", help="Pictures of lines (SVG) in place of points (PNG).")
    ] = False,
) -> None:
    """Draw quantities of a run: median, band, all versions of the record, decrees."""
    from planmodel.results.drawing import draw_into

    other = None if beside is None else _result(beside)
    of, place = _result(folder), out or Path()
    place.mkdir(parents=True, exist_ok=True)
    for name in names:
        file = place / f"{name}.{'svg' if svg else 'png'}"
        draw_into(file, of, name, band, record, decrees, other)
        typer.echo(str(file))


def export(
    folder: Folder,
    to: To,
    quantity: Quantities = None,
    monthly: Annotated[bool, typer.Option("--monthly", help="Months in place of years.")] = False,
    force: Force = False,
) -> None:
    """Write values of a run for other programs, one row a member and year; the ending says the format."""
    result = _result(folder)
    latex = to.suffix.lower() == ".tex" and not quantity and not monthly
    _write(result.table() if latex else result.values(quantity or None, monthly), to, force)


def _result(folder: Path) -> Result:
    from planmodel.results.folder import open_result

    return open_result(folder)


def _labels(folders: list[Path]) -> list[str] | None:
    """Return the names of folders as those of their runs, if they differ."""
    names = [folder.resolve().name for folder in folders]
    return names if len(set(names)) == len(names) else None


def _write(table: Writable, file: Path, force: bool) -> None:
    from planmodel.engine.errors import UserError

    if file.exists() and not force:
        raise UserError(f"--to {file}: is there already; allowed: --force, or another file")
    typer.echo(f"{table.to(file)}: {len(table.frame)} rows, {len(table.frame.columns)} columns")
