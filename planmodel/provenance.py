"""What a result needs to say of itself: which code, which record, which packages made it."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
# What decides the numbers of a run; commands, reports and the record (which has its own hash) do not.
_DECISIVE = (
    "kernel",
    "sectors",
    "flows",
    "policy",
    "economy.py",
    "indicators.py",
    "scenario/exogenous.py",
    "scenario/keys.py",
    "ensemble/record.py",
    "ensemble/simulate.py",
)


@cache
def code_sha256() -> str:
    """Return the SHA-256 of the source files that decide the numbers of a run."""
    found = hashlib.sha256()
    for name in _DECISIVE:
        place = _PACKAGE / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            found.update(str(file.relative_to(_PACKAGE)).encode())
            found.update(file.read_bytes())
    return found.hexdigest()


def package_versions(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of installed packages, and that of Python."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in names}}


def git_state() -> str:
    """Return the commit of the checkout, marked if it has changes; ``unknown`` outside a checkout."""
    try:
        commit = _git("rev-parse", "HEAD")
        changed = _git("status", "--porcelain")
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return commit + ("+changes" if changed else "")


def _git(*words: str) -> str:
    command = ["git", "-C", str(_PACKAGE), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
