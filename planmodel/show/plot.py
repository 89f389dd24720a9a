"""Drawing: sheets of plots, a line with its bands, and points beside it, in one style.

Matplotlib is imported when something is drawn, so that commands which draw nothing answer at once.
"""

from __future__ import annotations

import base64
import io
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planmodel.show.numbers import unit_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINES = ("#1f4e79", "#b3472e", "#4d7c3a", "#7a5c99", "#8a6d1b")
RECORDED = "#222222"
NOTE = "#555555"
GREY = "#a8a8a8"
FEW = 20  # points up to which a line has dots
BANDS = {1: (0.18,), 2: (0.15, 0.28)}  # strength of one band, and of two within each other
STYLE: Any = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "figure.dpi": 120,
    "savefig.dpi": 150,
    "svg.hashsalt": "planmodel",
}

Band = tuple[Any, Any]  # lower and upper ends


# ---- sheets ------------------------------------------------------------------------------------------------


def style() -> Any:
    """Return the context within which figures are made and saved."""
    import matplotlib as mpl

    return mpl.rc_context(STYLE)


def new_sheet(
    panels: int,
    title: str = "",
    columns: int = 2,
    height: float = 2.9,
    caption: str = "",
    *,
    width: float | None = None,
    heights: Sequence[float] | None = None,
) -> tuple[Figure, list[Axes]]:
    """Return a figure with a title, a caption, and as many plots as there are panels, within :func:`style`.

    Parameters
    ----------
    panels
        How many plots.
    title, caption
        Above and below them.
    columns
        Plots beside each other.
    height
        Of one row of plots, inches.
    width
        Of the sheet, inches.
    heights
        Of each row, where they differ.
    """
    from matplotlib.figure import Figure

    columns = min(columns, panels)
    rows = -(-panels // columns)
    inches = sum(heights) if heights is not None else height * rows
    size = (width or (10.0 if columns > 1 else 7.5), inches + (1.0 if title else 0.6))
    sheet = Figure(figsize=size, layout="constrained")
    axes = list(sheet.subplots(rows, columns, squeeze=False, height_ratios=heights).flat)
    for axis in axes[panels:]:
        axis.set_visible(False)
    if title:
        sheet.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold")
    if caption:
        sheet.supxlabel(caption, x=0.01, ha="left", fontsize=8, color=NOTE)
    return sheet, axes[:panels]


def in_inches(sheet: Figure, left: float, right: float, bottom: float, top: float, **gaps: float) -> None:
    """Set margins in inches in place of a layout engine, which draws each sheet twice."""
    width, height = sheet.get_size_inches()
    sheet.set_layout_engine(None)
    sheet.subplots_adjust(
        left=left / width, right=1 - right / width, bottom=bottom / height, top=1 - top / height, **gaps
    )


@contextmanager
def drawn(file: Path, panels: int, *about: Any, **more: Any) -> Iterator[list[Axes]]:
    """Give the plots of a sheet, and write it into a file: see :func:`new_sheet`."""
    with style():
        sheet, axes = new_sheet(panels, *about, **more)
        yield axes
        sheet.savefig(file)


@contextmanager
def alone(bottom: float = 0.35, height: float = 3.1, width: float = 5.2) -> Iterator[Axes]:
    """Give a plot on a small sheet of its own; :func:`source_of` returns it for a page."""
    import matplotlib as mpl

    # Text stays text: smaller files, and the letters of the page's reader.
    with style(), mpl.rc_context({"svg.fonttype": "none"}):
        sheet, (axis,) = new_sheet(1, height=height - 0.6, width=width)
        in_inches(sheet, 0.7 if width > 4.0 else 0.5, 0.15, bottom, 0.15)
        yield axis


def source_of(axis: Axes) -> str:
    """Return the sheet of a plot as the source of a picture in a page."""
    file = io.BytesIO()
    sheet: Any = axis.figure
    sheet.savefig(file, format="svg", metadata={"Date": None})
    return data_uri("image/svg+xml", file.getvalue())


def data_uri(kind: str, content: bytes) -> str:
    """Return a picture as a page holds it."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


# ---- a line with bands and points --------------------------------------------------------------------------


def draw_path(
    axis: Axes,
    x: Any,
    middle: Any,
    bands: Sequence[Band] = (),
    colour: str = LINES[0],
    label: str = "",
    *,
    width: float = 1.7,
    dashes: Any = "-",
) -> Any:
    """Draw a line with its bands, the widest first; a dot at each point where there are few.

    Parameters
    ----------
    axis
        Where to draw.
    x, middle
        The line.
    bands
        Lower and upper ends of each.
    colour, label, width, dashes
        Of the line; without a label it is not in the legend.

    Returns
    -------
    Line2D
        The line.
    """
    for (low, high), strength in zip(bands, BANDS.get(len(bands), ()), strict=True):
        axis.fill_between(x, low, high, color=colour, alpha=strength, linewidth=0)
    marker = "." if len(x) < FEW else ""
    (line,) = axis.plot(
        x, middle, color=colour, linewidth=width, linestyle=dashes, marker=marker, label=label or None
    )
    return line


def draw_points(
    axis: Axes,
    x: Any,
    y: Any,
    colour: str = RECORDED,
    label: str = "",
    *,
    filled: Any = False,
    marker: str = "o",
    size: float = 4.5,
    reach: Band | None = None,
    span: Any = None,
) -> None:
    """Draw points, filled or hollow, with bars over what each reaches (a range) and spans (years).

    Parameters
    ----------
    axis
        Where to draw.
    x, y
        The points.
    colour, label, marker, size
        Of all of them.
    filled
        Which of them are filled, or all.
    reach
        Lower and upper ends.
    span
        Half of what each lasts.
    """
    x, y = np.asarray(x), np.asarray(y, dtype=float)
    if reach is not None or span is not None:
        ends = None if reach is None else np.abs([y - np.asarray(reach[0]), np.asarray(reach[1]) - y])
        axis.errorbar(x, y, ends, span, fmt="none", ecolor=colour, elinewidth=0.9, alpha=0.7, zorder=3)
    solid = np.broadcast_to(np.asarray(filled, dtype=bool), x.shape)
    for chosen, face in ((solid, colour), (~solid, "white")):
        if chosen.any():
            axis.plot(
                x[chosen], y[chosen], linestyle="", marker=marker, markersize=size, color=colour,
                markerfacecolor=face, markeredgewidth=1.2, zorder=4, label=label or None,
            )  # fmt: skip
            label = ""  # once in the legend


def draw_bars(
    axis: Axes, names: Sequence[str], value: Any, low: Any = None, high: Any = None, colour: str = LINES[0]
) -> None:
    """Draw bars from the top down, with intervals."""
    value = np.asarray(value, dtype=float)
    rows, known = np.arange(len(names))[::-1], np.isfinite(value)
    axis.barh(rows[known], value[known], color=colour, height=0.6, alpha=0.75)
    if low is not None:
        low, high = np.asarray(low)[known], np.asarray(high)[known]
        axis.hlines(rows[known], low, high, color=RECORDED, linewidth=1.1)
    axis.axvline(0.0, color="#666666", linewidth=0.7)
    axis.set_yticks(rows, [textwrap.shorten(name, 44, placeholder="...") for name in names], fontsize=7)
    axis.grid(visible=False, axis="y")


def finish(
    axis: Axes,
    title: str,
    unit: str = "",
    *,
    from_zero: bool = True,
    logarithmic: bool = False,
    ticks: int = 7,
) -> None:
    """Give a plot over years its title, unit, scale and legend (where there is more than one line)."""
    from matplotlib.ticker import MaxNLocator

    axis.set_title(title)
    axis.set_ylabel(unit_of(unit))
    axis.xaxis.set_major_locator(MaxNLocator(nbins=ticks, integer=True))
    axis.xaxis.set_major_formatter("{x:.0f}")
    if logarithmic:
        axis.set_yscale("log")
        axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    elif from_zero:
        low, high = axis.get_ylim()
        axis.set_ylim(low if axis.dataLim.y0 < 0.0 else 0.0, max(0.0, high))
    if len(axis.get_legend_handles_labels()[1]) > 1:
        axis.legend(loc="best")


def years_of_days(days: Any) -> np.ndarray:
    """Return days as years and their fractions; a date axis of Matplotlib costs more than all lines."""
    days = pd.DatetimeIndex(days)
    return np.asarray(days.year + (days.day_of_year - 1) / 365.25, dtype=float)


def middle_of(figures: pd.DataFrame) -> np.ndarray:
    """Return the middle of the spans ``start`` to ``end`` of figures, in years."""
    return years_of_days(figures["start"] + (figures["end"] - figures["start"]) / 2)


def wrapped(text: str, width: int = 52) -> str:
    """Return a title in lines that fit a plot."""
    return "\n".join(textwrap.wrap(text, width))


def path_in_words(label: str, points: Any) -> str:
    """Say what a line shows: where it begins and ends, its lowest and its highest point."""
    known = points[np.isfinite(points[:, 1])]
    if not len(known):
        return f"{label}: no values"
    low, high = known[known[:, 1].argmin()], known[known[:, 1].argmax()]
    return (
        f"{label}: {known[0, 1]:.3g} in {int(known[0, 0])}, {known[-1, 1]:.3g} in {int(known[-1, 0])}, "
        f"lowest {low[1]:.3g} in {int(low[0])}, highest {high[1]:.3g} in {int(high[0])}"
    )
