"""Writing the page of a folder."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from planmodel.kernel import UserError
from planmodel.plausibility import said_of_manifest
from planmodel.report.folder import PAGE, is_page
from planmodel.report.page.content import Note, Page
from planmodel.report.page.kinds import read_kind


def write_page(folder: Path, out: Path | None = None, force: bool = False) -> Path:
    """Write one self-contained HTML page of a folder of results.

    Parameters
    ----------
    folder
        Folder of one of the kinds in :data:`planmodel.report.page.kinds.KINDS`.
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
    kind, manifest = read_kind(folder)
    file = folder / PAGE if out is None else out
    _check_free(file, force)
    text = render(_judged(kind.build(folder, manifest), manifest))
    partial = file.with_name(f".{file.name}.partial-{os.getpid()}")
    try:
        try:
            partial.write_text(text, encoding="utf-8")
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"--out {file}: cannot be written: {error.strerror or error}") from None
    return file


def _judged(page: Page, manifest: Mapping[str, Any]) -> Page:
    """Return the page with the count of members that leave limits of plausibility, at its head."""
    first, *others = page.sections
    notes = tuple(Note(line) for line in said_of_manifest(manifest))
    return replace(page, sections=(replace(first, blocks=(*first.blocks, *notes)), *others))


def _check_free(file: Path, force: bool) -> None:
    """Refuse a file that exists, or that planmodel did not write."""
    if file.is_dir():
        raise UserError(f"--out {file}: is a folder; allowed: a file such as {file / PAGE}")
    if not file.parent.is_dir():
        raise UserError(f"--out {file}: there is no folder {file.parent}; allowed: a file in one that exists")
    if not file.exists():
        return
    if not force:
        raise UserError(f"--out {file}: exists; allowed: another file, or --force to replace it")
    if not is_page(file):
        raise UserError(f"--out {file}: is not a page of planmodel; --force will not replace it")


def render(page: Page) -> str:
    """Return a page as HTML; all that it holds is escaped."""
    environment = Environment(
        loader=PackageLoader("planmodel.report.page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    here = Path(__file__).parent
    style, script = ((here / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    # Only this script may run, whatever a configuration managed to say, and nothing may be fetched.
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template("page.html.j2").render(
        page=page,
        style=Markup(style),
        script=Markup(script),
        script_hash=digest,
        version=metadata.version("planmodel"),
    )
