"""Two sectors of fixed capital-output ratio after Feldman (1928) and Domar (1957): machines make machines."""

from datetime import date
from functools import cache
from pathlib import Path

from planmodel.engine import Phase
from planmodel.engine.equations import Block
from planmodel.engine.folder import load_blocks

BASE = date(1928, 1, 1)
PHASES = (Phase("production"), Phase("record"))


@cache
def blocks() -> dict[str, Block]:
    """Return the blocks by name."""
    return {b.name: b for b in load_blocks(Path(__file__).parent, ("equations",), BASE)}
