"""A page of HTML that stands alone: nothing is fetched, and only its own script runs."""

from __future__ import annotations

import base64
import hashlib
from importlib import metadata
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from planmodel.show.content import Page

MARK = b'<meta name="generator" content="planmodel '


def render(page: Page) -> str:
    """Return a page as HTML; all that it holds is escaped."""
    environment = Environment(
        loader=PackageLoader("planmodel.show", "."),
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
