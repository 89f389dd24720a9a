"""The labour process in industry."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from planmodel.engine.equations import Block
from planmodel.engine.folder import load_blocks

BASE = date(1928, 1, 1)


@cache
def blocks() -> dict[str, Block]:
    """Return the blocks by name."""
    return {b.name: b for b in load_blocks(Path(__file__).parent, ("equations",), BASE)}
