"""The Soviet Union, 1928-1940: chapters of equations and their tables."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from planmodel.engine.equations import Block
from planmodel.engine.folder import load_blocks

BASE = date(1928, 1, 1)
ORDER = (
    *("calendar", "population", "agriculture", "livestock", "collectivisation", "grain", "food", "labour"),
    *("industry", "investment", "plan", "money", "trade", "camps"),
)
CHAPTERS = tuple(c for c in ORDER if Path(__file__).with_name(f"{c}.py").is_file())

@cache
def blocks() -> dict[str, Block]:
    """Return the blocks by name."""
    return {b.name: b for b in load_blocks(Path(__file__).parent, CHAPTERS, BASE)}
