"""The 25,000 workers sent to the village."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from planmodel.engine import Phase
from planmodel.engine.equations import Block
from planmodel.engine.folder import load_blocks

BASE = date(1929, 10, 1)
DEKADS = (10, 20, 0)
PHASES = (Phase("campaign", DEKADS), Phase("review", DEKADS), Phase("record"))
SHOWN = (
    "share_in_kolkhozes",
    "planned_share",
    "pressure",
    "local_pressure",
    "discontent",
    "discontent_reported",
    "control",
    "cadres_in_villages",
    "households_joined",
    "households_left",
)


@cache
def blocks() -> dict[str, Block]:
    """Return the blocks by name."""
    return {b.name: b for b in load_blocks(Path(__file__).parent, ("equations",), BASE)}
