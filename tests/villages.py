"""The villages of docs/own_economy.md, as a reader of the page writes them: a north and a south."""

from __future__ import annotations

import re
from pathlib import Path

# Of which territories the regions are made up, and figures that somebody might have of them.
TERRITORIES = """\
[north]
title = "The north"
made_of = [{ "Siberia" = 8.69, "Urals" = 6.79 }, { "Kazakhstan" = 6.07 }]

[south]
title = "The south"
made_of = [{ "Ukraine" = 29.02 }]
"""
SHOWN = """\
[[by_region]]
variable = "people"

[[by_region]]
variable = "taken"
title = "Grain taken by the state"
together = [["archive", "letter"]]

[[by_region]]
variable = "fed"
"""
FIGURES = """\
# variable: villagers; title: Villagers; unit: persons; measure: stock; model: people
# variable: grain_taken; title: Grain taken; unit: million tonnes; measure: flow; span: total; model: taken
variable,version,date,value,unit,kind,territory
villagers,count,1931-07-01,500,persons,actual,Kazakhstan
villagers,count,1931-07-01,380,persons,actual,Ukraine
villagers,other_count,1931-07-01,490,persons,estimate,Ukraine
grain_taken,archive,1929,100,tonnes,actual,Urals
grain_taken,archive,1930,60,tonnes,actual,Urals
grain_taken,letter,1930,39,tonnes,actual,Siberia
grain_taken,archive,1930,9.5,tonnes,actual,Ukraine
grain_taken,guess,1930,8,tonnes,estimate_low,Ukraine
grain_taken,guess,1930,12,tonnes,estimate_high,Ukraine
grain_taken,guess,1931,6,tonnes,estimate_low,Ukraine
grain_taken,decree,1930,30,tonnes,plan,Ukraine
grain_taken,memoirs,1929..1930,50,tonnes,estimate,Ukraine
"""

PAGE = Path(__file__).parents[1] / "docs" / "own_economy.md"
LABELS = ("north", "south")
_WRITTEN = re.compile(r"Write\s+`(?P<name>villages/[^`]+)`:\n\n```\w+\n(?P<text>.*?)^```$", re.M | re.S)


def villages(parent: Path) -> Path:
    """Write the economy; return its folder, with ``baseline.toml`` and ``by_regions.toml`` in it."""
    for found in _WRITTEN.finditer(PAGE.read_text(encoding="utf-8")):
        file = parent / found["name"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(found["text"], encoding="utf-8")
    return parent / "villages"


def documented(parent: Path) -> Path:
    """Write the economy with what it shows by region, and figures of them in ``figures.csv``."""
    folder = villages(parent)
    (folder / "regions.toml").write_text(TERRITORIES, encoding="utf-8")
    (folder / "figures.toml").write_text(SHOWN, encoding="utf-8")
    (folder / "figures.csv").write_text(FIGURES, encoding="utf-8")
    return folder
