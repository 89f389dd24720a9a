"""Figures as tables, and where they are put: on the screen, or between two marks of a page."""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from planmodel.show.markdown import markdown
from planmodel.show.numbers import NONE, number, percent, short

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Row:
    """A measure of several codes.

    Attributes
    ----------
    what
        What was measured, with its unit.
    figures
        By code; a code that was not measured is left out.
    rate
        Whether more is better.
    """

    what: str
    figures: Mapping[str, float]
    rate: bool = False

    def times(self, name: str, base: str) -> float:
        """Return how many times as fast a code is as the base."""
        own, other = self.figures[name], self.figures[base]
        return own / other if self.rate else other / own

    def cell(self, name: str, base: str) -> str:
        """Return the figure of a code, and in brackets how many times as fast it is as the base."""
        if name not in self.figures:
            return NONE
        figure = number(self.figures[name], comma=True)
        if name == base or base not in self.figures:
            return figure
        return f"{figure} ({number(self.times(name, base))})"


def ratios(rows: Iterable[Row], names: Sequence[str], base: str) -> str:
    """Return a table of measures by code, each with its ratio to the base."""
    return markdown(["", *names], [[row.what, *(row.cell(name, base) for name in names)] for row in rows])


def shares(parts: Mapping[str, Mapping[str, float]], least: float = 0.01) -> str:
    """Return a table of shares by part; parts below ``least`` in all columns are put together."""
    of = {name: _shares(found) for name, found in parts.items()}
    every = sorted(
        {p for found in of.values() for p in found}, key=lambda p: -max(f.get(p, 0.0) for f in of.values())
    )
    shown = [part for part in every if any(found.get(part, 0.0) >= least for found in of.values())]
    rows = [[part, *(percent(found.get(part, 0.0)) for found in of.values())] for part in shown]
    rest = [percent(sum(s for part, s in found.items() if part not in shown)) for found in of.values()]
    return markdown(["part", *of], [*rows, ["the rest", *rest]])


def _shares(found: Mapping[str, float]) -> dict[str, float]:
    everything = sum(found.values())
    return {part: seconds / everything for part, seconds in found.items()}


def conditions(load: float) -> str:
    """Return when, of what code and on which machine; ``load`` is that of its beginning."""
    ended = os.getloadavg()[0]
    python = platform.python_version()
    return (
        f"{date.today().isoformat()}, commit {commit()}; {processor()}, {os.cpu_count()} cores,\n"
        f"load {short(load)} at the beginning and {short(ended)} at the end; "
        f"Python {python}, NumPy {np.__version__}."
    )


def processor() -> str:
    """Return the name of the processor."""
    told = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*:\s*(.+)$", told.read_text() if told.exists() else "", re.MULTILINE)
    return names[0] if names else platform.processor() or platform.machine()


def commit() -> str:
    """Return the commit of the code, and whether it was changed since."""

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    try:
        return git("rev-parse", "--short", "HEAD") + (
            ", changed" if git("status", "--porcelain", "planmodel") else ""
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def check(parser: argparse.ArgumentParser, page: Path | None, mark: str) -> None:
    """End with status 2, before anything is measured, where a page cannot take what is to be put there."""
    if page is None:
        return
    try:
        _around(page, mark)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        parser.error(f"--page: {error}")


def put(page: Path, mark: str, text: str) -> None:
    """Write some text between two marks of a page.

    Raises
    ------
    ValueError
        If the page lacks them.
    """
    before, after = _around(page, mark)
    page.write_text(f"{before}\n{text.strip()}\n{after}", encoding="utf-8")


def _around(page: Path, mark: str) -> tuple[str, str]:
    """Return what stands before and after the text between two marks, the marks with it."""
    found = page.read_text(encoding="utf-8")
    begins, ends = f"<!-- {mark} begins -->", f"<!-- {mark} ends -->"
    before, begun, rest = found.partition(begins)
    _, ended, after = rest.partition(ends)
    if not (begun and ended):
        raise ValueError(f"{page}: lacks '{begins}' and after it '{ends}'")
    return before + begins, ends + after
