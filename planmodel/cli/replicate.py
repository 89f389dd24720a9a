"""What ``planmodel reproduce`` says of replication packages: writing one, and running one again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from planmodel.replication.verify import Compared

_ONLY = ("names", "--out", "--workers")  # what goes with --verify


def verify(console: Console, folder: Path, names: Sequence[str], out: Path | None, workers: int) -> None:
    """Verify a package: status 1 if it is not as it was written, or comes out otherwise."""
    from planmodel.cli.interrupt import interruptible
    from planmodel.experiments.load import DRAWING
    from planmodel.replication import verify as replication

    manifest = replication.read_archive(folder)
    chosen = replication.chosen_from(manifest, names)
    wrong = replication.not_as_written(folder, manifest)
    for line in wrong:
        console.print(line, markup=False)
    if wrong:
        many = "1 file is not as it was" if len(wrong) == 1 else f"{len(wrong)} files are not as they were"
        console.print(f"\n{folder}: {many} written; nothing was run", markup=False)
        raise typer.Exit(1)
    console.print(f"{folder}: {len(manifest['files'])} files are as they were written", markup=False)
    for line in replication.otherwise_here(manifest):
        typer.echo(f"note: {line}", err=True)
    if not all(manifest["experiments"][name]["text"] for name in chosen):
        typer.echo(f"{folder}: experiments run code of their folders, here {DRAWING}", err=True)
    into = out or Path("out/verified")
    finished: list[Compared] = []

    def show(found: Compared) -> None:
        finished.append(found)
        for line in _lines(found):
            console.print(line, markup=False)
        interrupt.check()

    try:
        with interruptible() as interrupt:
            replication.verify(folder, manifest, chosen, into, workers=workers, progress=show)
    except KeyboardInterrupt:
        typer.echo(f"stopped; {len(finished)} of {len(chosen)} experiments are compared", err=True)
        raise typer.Exit(130) from None
    other = sum(len(found.different) for found in finished)
    same = sum(len(found.same) for found in finished)
    console.print(f"\n{same} files are the same; {other} differ; the new ones are in {into}", markup=False)
    if other:
        raise typer.Exit(1)


def _lines(found: Compared) -> list[str]:
    """Return what is said of an experiment that was compared."""
    left = f"; {len(found.left)} pictures not compared: drawn by other versions" if found.left else ""
    left += "" if found.same_inputs else "; made from other inputs or code than the package"
    if not found.different:
        return [f"{found.name}: the same, {len(found.same)} files{left}"]
    number = len(found.different)
    differ = "1 file differs" if number == 1 else f"{number} files differ"
    first = f"{found.name}: {differ}, {len(found.same)} are the same{left}"
    return [first, *(f"  {file}: {said}" for file, said in found.different.items())]


def refuse_beside_verify(given: Mapping[str, object]) -> None:
    """Refuse options that say what is run: a package says that itself.

    Raises
    ------
    UserError
        Naming the first of them.
    """
    from planmodel.engine.errors import UserError

    for option, value in given.items():
        if value:
            raise UserError(f"--verify: does not go with {option}; allowed: {', '.join(_ONLY)}")
