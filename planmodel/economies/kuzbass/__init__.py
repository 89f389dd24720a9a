"""The Autonomous Industrial Colony in the Kuzbass 1922-26, and what came after.

Sources: facts_E 1-15, read from an encyclopedia article (000_998e50dee46309c0.txt); "line" in a source is a
line of that text. It gives numbers of people and dates, and none of output, money or food: those sizes are
assumptions, in orders of magnitude.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from planmodel.engine import Phase
from planmodel.engine.equations import Block
from planmodel.engine.folder import load_blocks

BASE = date(1922, 1, 1)
CHAPTERS = ("colonists", "mines", "farm", "treasury")
PHASES = (Phase("work"), Phase("sale"), Phase("pay"), Phase("labour"), Phase("record"))
SHOWN = (
    "colonists",
    "arrived_colonists",
    "left_colonists",
    "employees",
    "people_miners",
    "conviction",
    "effort",
    "office_hours",
    "coal_mined",
    "chemicals_made",
    "own_food",
    "money_colony",
    "budget_support",
    "capital_mines",
    "mines_worked",
)


@cache
def blocks() -> dict[str, Block]:
    """Return the blocks by name."""
    return {b.name: b for b in load_blocks(Path(__file__).parent, CHAPTERS, BASE)}
