"""Write docs/explorer/explored.js: what the explorer of the site answers from (two minutes).

The page is that of ``planmodel explore``; here it has no model behind it.

    python docs/generate_explore.py
"""

from __future__ import annotations

import json
from pathlib import Path

from planmodel.explore.answering import Asker
from planmodel.explore.asked import Explored
from planmodel.explore.begun import begun
from planmodel.explore.drawn import Drawing
from planmodel.scenario import load_scenario

FILE = Path(__file__).parent / "explorer" / "explored.js"
SCENARIO = "baseline"
MEMBERS = 200
NAME = "window.EXPLORED = "


def made(asker: Asker, drawing: Drawing) -> str:
    """Return the file, which a page can read that lies in a folder: a script that holds one table."""
    for task in drawing.tasks:
        task()
    held = {"begin": begun(asker), "drawn": drawing.found}
    return f"{NAME}{json.dumps(held, separators=(',', ':'), allow_nan=False)};\n"


def main() -> None:
    """Draw the members and write the file."""
    asker = Asker(Explored(SCENARIO, load_scenario(SCENARIO)), MEMBERS, seed=0)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(made(asker, Drawing(asker)), encoding="utf-8")


if __name__ == "__main__":
    main()
