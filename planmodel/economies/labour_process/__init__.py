"""The labour process of industry 1928-32: shock work, communes with equal shares, one-man management, norms.

Two kinds of plants draw on one labour market: those in which equal pay takes hold where it is favoured, and
those that keep a market spread. Sources: facts_E 28 and 30, read from a review of H. Kuromiya
(004_64b1875e2a735ad3.txt, "line"), and facts_B and facts_C ("Bettelheim, lines"). The texts give signs
and dates and few sizes; what is not marked is an assumption.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from planmodel.engine import Phase
from planmodel.engine.equations import Block
from planmodel.engine.folder import load_blocks

BASE = date(1928, 1, 1)
CHAPTERS = ("shopfloor", "labour_market", "work")
PHASES = (Phase("shopfloor"), Phase("work"), Phase("labour"), Phase("record"))
SHOWN = (
    "workers_level",
    "workers_wide",
    "skilled_share_level",
    "skilled_share_wide",
    "communes",
    "spread_level",
    "spread_wide",
    "mean_spread",
    "turnover",
    "shock_workers",
    "norm",
    "meetings",
    "output",
    "output_a_worker",
    "output_a_worker_level",
    "output_a_worker_wide",
)


@cache
def blocks() -> dict[str, Block]:
    """Return the blocks by name."""
    return {b.name: b for b in load_blocks(Path(__file__).parent, CHAPTERS, BASE)}
