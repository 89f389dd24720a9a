"""Writing the page of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from planmodel.plausibility import said_of_manifest
from planmodel.report.kinds import read_kind
from planmodel.show.content import Note, Page
from planmodel.show.html import MARK, render
from planmodel.storage import PAGE, NamedFile


def write_page(folder: Path, out: Path | None = None, force: bool = False) -> Path:
    """Write one self-contained HTML page of a folder of results.

    Parameters
    ----------
    folder
        Folder of one of the kinds in :data:`planmodel.report.kinds.KINDS`.
    out
        File to write; default ``report.html`` in the folder.
    force
        Replace an earlier page.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UserError
        If the folder is not one that planmodel wrote, or the file exists or cannot be written.
    """
    file = folder / PAGE if out is None else out
    named = NamedFile("--out", file, "a page of planmodel", MARK, force)
    kind, manifest = read_kind(folder)
    named.check()
    text = render(_judged(kind.build(folder, manifest), manifest))
    named.write(text.encode())
    return file


def _judged(page: Page, manifest: Mapping[str, Any]) -> Page:
    """Return the page with the count of members that leave limits of plausibility, at its head."""
    first, *others = page.sections
    notes = tuple(Note(line) for line in said_of_manifest(manifest))
    return replace(page, sections=(replace(first, blocks=(*first.blocks, *notes)), *others))
