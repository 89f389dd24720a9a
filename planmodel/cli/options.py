"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    list[Path] | None,
    typer.Option("--data", metavar="FILE", help="Figures of your own (CSV, .xlsx, .dta); may be repeated."),
]
