"""``planmodel report``: one page of a folder of results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def report(
    folder: Annotated[Path, typer.Argument(help="Folder that planmodel wrote, such as out/baseline.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File to write; default FOLDER/report.html.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier page.")] = False,
) -> None:
    """Write one self-contained HTML page of a folder of results, to be read without a network."""
    from planmodel.report.kinds import unverified
    from planmodel.report.write import write_page

    file = write_page(folder, out, force)
    for note in unverified(folder):
        typer.echo(f"note: {note}", err=True)
    typer.echo(f"Written: {file} ({file.stat().st_size / 1e6:.1f} MB)")
