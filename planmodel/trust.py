"""Whose equations may be run: a configuration is data, but the folder of an economy that it names is code.

In Python, who names an economy could as well run its code. Under the command, configurations and results come
from anywhere: a folder that only these name is not run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_named: list[Path] | None = None


@contextmanager
def only_named(words: Iterable[str]) -> Iterator[None]:
    """Run no equations but those of the package, of folders that words of a command name, and below here.

    A word names the folder of an economy if it is its path, or that of anything within it.
    """
    global _named
    before = _named
    paths = (Path(word.rpartition("=")[2] if word.startswith("--") else word) for word in words)
    _named = [Path.cwd(), *(path.resolve() for path in paths if _exists(path))]
    try:
        yield
    finally:
        _named = before


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a word that is no path
        return False


def is_named(folder: Path) -> bool:
    """Tell whether the equations of an economy outside the package may be run."""
    if _named is None:
        return True
    return any(place.is_relative_to(folder) for place in _named) or folder.is_relative_to(Path.cwd())
