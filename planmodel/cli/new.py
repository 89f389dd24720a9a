"""``planmodel new``: the folder of a new economy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def new(
    name: Annotated[str, typer.Argument(help="Of the economy, and of its folder here.")],
) -> None:
    """Write the folder of a new economy here: a small one that runs, to be written over, with its test."""
    from planmodel.scenario.skeleton import write_skeleton

    files = write_skeleton(name, Path())
    typer.echo(f"Written: {name}/ ({', '.join(file.name for file in files)})")
    typer.echo(f"It runs: planmodel run {name}, planmodel check {name}, pytest {name}")
