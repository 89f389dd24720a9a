"""The villages of docs/own_economy.md, as a reader of the page writes them: a north and a south."""

from __future__ import annotations

import re
from pathlib import Path

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
