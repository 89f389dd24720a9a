"""Bounds of the tests that were moved, from the one file in which they stand: thresholds.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

TABLE: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("thresholds.toml").read_text(encoding="utf-8")
)


def bound(name: str) -> float:
    """Return the bound in force: that of the last move."""
    return float(TABLE[name]["moves"][-1]["bound"])
