"""Sheets of panels, and bars with intervals, for the figures of an analysis."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from planmodel.engine import Array
from planmodel.report.figures import STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GREY = "#a8a8a8"


@contextmanager
def sheet_of(file: Path, panels: int, words: str, columns: int = 2) -> Iterator[list[Axes]]:
    """Give so many panels on one sheet, and write it."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    columns = min(columns, panels)
    rows = -(-panels // columns)
    with mpl.rc_context(STYLE):
        sheet = Figure(figsize=(4.2 * columns + 1.0, 2.7 * rows + 0.5), layout="constrained")
        axes = list(sheet.subplots(rows, columns, squeeze=False).flat)
        for axis in axes[panels:]:
            axis.set_visible(False)
        yield axes[:panels]
        sheet.supxlabel(words, x=0.01, ha="left", fontsize=8, color="#555555")
        sheet.savefig(file)


def ranked_bars(axis: Axes, names: Sequence[str], value: Array, low: Array, high: Array, colour: str) -> None:
    """Draw bars from the top down, with intervals."""
    rows = np.arange(len(names))[::-1]
    known = np.isfinite(value)
    axis.barh(rows[known], value[known], color=colour, height=0.6, alpha=0.75)
    axis.hlines(rows[known], low[known], high[known], color="#222222", linewidth=1.1)
    axis.axvline(0.0, color="#666666", linewidth=0.7)
    axis.set_yticks(rows, [textwrap.shorten(name, 34, placeholder="...") for name in names], fontsize=7)
    axis.grid(visible=False, axis="y")


def wrapped(text: str, width: int = 52) -> str:
    """Return a title in lines that fit a panel."""
    return "\n".join(textwrap.wrap(text, width))
