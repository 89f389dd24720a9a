"""A result in a folder: tables as CSV, figures, and the manifest, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from planmodel.show.content import Result
from planmodel.storage import reserve


def write_result(
    result: Result,
    folder: Path,
    writer: str,
    force: bool = False,
    more: Callable[[Path], None] | None = None,
    figures: bool = True,
) -> list[Path]:
    """Write the folder of a result; return its pictures.

    Parameters
    ----------
    result
        What to write.
    folder
        Where to.
    writer
        The command that writes it: nothing of another is replaced.
    force
        Replace an earlier result of the same command.
    more
        Writes what this kind of result has besides.
    figures
        Whether figures are drawn.

    Raises
    ------
    UserError
        If the folder cannot be written, or holds something else.
    """

    def write(into: Path) -> None:
        write_into(result, into, figures)
        if more is not None:
            more(into)

    with reserve(folder, writer, force) as reserved:
        reserved.fill(dict(result.manifest), write)
    return sorted(folder.rglob("*.png"))


def write_into(result: Result, folder: Path, figures: bool = True) -> None:
    """Write tables and, if wanted, figures of a result into a folder that is there."""
    for name, frame in result.tables.items():
        if frame is not None and len(frame.columns):
            frame.to_csv(folder / f"{name}.csv", index=False)
    if figures:
        result.draw(folder)
