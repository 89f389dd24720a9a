"""Writing the page of a folder."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from planmodel.plausibility import said_of_manifest
from planmodel.report.page.content import Note, Page
from planmodel.report.page.kinds import read_kind
from planmodel.storage import PAGE, NamedFile

_MARK = b'<meta name="generator" content="planmodel '


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
    file = folder / PAGE if out is None else out
    named = NamedFile("--out", file, "a page of planmodel", _MARK, force)
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
