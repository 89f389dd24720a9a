"""Paths that a user names."""

from __future__ import annotations

from pathlib import Path


def is_file(path: Path) -> bool:
    """Tell whether a path is that of a file; a name that no system takes (too long) is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Tell whether a path is that of a folder; a name that no system takes (too long) is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
