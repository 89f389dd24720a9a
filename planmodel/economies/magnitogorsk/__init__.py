"""Magnitogorsk 1929-35: who came to the site, who stayed, what they learned, and a dam built twice.

Sources: facts_E 16-19, read from student papers on S. Kotkin's "Peopling Magnitostroi"
(001_4fb5ab3f00d5408e.txt); "line" in a source is a line of that text. The texts give hardly a number: sizes
are assumptions unless marked.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from planmodel.engine import Phase
from planmodel.engine.equations import Block
from planmodel.engine.folder import load_blocks

BASE = date(1929, 4, 1)
CHAPTERS = ("settlement", "movement", "training", "dam")
PHASES = (Phase("supply"), Phase("work"), Phase("labour"), Phase("closing"), Phase("record"))
SHOWN = (
    "workers",
    "population_of_site",
    "arrivals",
    "departures",
    "mean_stay",
    "hardship",
    "living_space",
    "penal_share",
    "forged",
    "skill_workers",
    "dam_works",
)


@cache
def blocks() -> dict[str, Block]:
    """Return the blocks by name."""
    return {b.name: b for b in load_blocks(Path(__file__).parent, CHAPTERS, BASE)}
