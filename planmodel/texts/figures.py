"""Figures of a text: all tables at one glance, and each table with its figures line by line."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planmodel.show.numbers import words
from planmodel.show.plot import GREY, LINES, RECORDED, new_sheet, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OVERVIEW = (
    "A dot is a figure: the median answer over what the text prints. Filled: it counts; open: it does not,"
    "\nfor it is given, read from the text, a plan, a bound or another quantity. What is off by more than ten"
    "\ntimes, or has the wrong sign, stands at the edge"
)
LINE_BY_LINE = (
    "Black: the text; a triangle is one end alone. Diamond: median answer, open where it does not count;"
    "\nthick: 5 to 95 % of draws; thin: the same with the errors of figure and model"
)
_LABEL = 48  # letters of a line of a label
_APART = 0.22  # runs beside each other on one line
_SPAN = (0.1, 10.0)  # of the overview; what lies beyond stands at its edge


def draw_overview(table: pd.DataFrame, title: str) -> Figure:
    """Draw the answers of all tables over what is printed, a line each."""
    shown = table["median"].notna() & (table["mark"] != "base") & (table["documented"] != 0.0)
    rows = table[shown]
    names = list(dict.fromkeys(rows["table"]))
    with style():
        sheet, axes = new_sheet(1, title, 1, caption=OVERVIEW, width=9.0, heights=[0.26 * len(names) + 0.9])
        axis = axes[0]
        for place, run in enumerate(dict.fromkeys(rows["run"])):
            mine = rows[rows["run"] == run]
            x = np.clip(mine["median"] / mine["documented"], *_SPAN)
            y = np.array([len(names) - 1 - names.index(name) for name in mine["table"]]) - _shift(place)
            counts = (mine["counted"] == "").to_numpy()
            colour = LINES[place % len(LINES)]
            axis.plot(x[counts], y[counts], "o", color=colour, markersize=4.5, alpha=0.8, label=run)
            axis.plot(x[~counts], y[~counts], "o", color=colour, markersize=4.5, alpha=0.6, fillstyle="none")
        axis.axvline(1.0, color=RECORDED, linewidth=0.8)
        axis.set_xscale("log")
        ticks = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
        axis.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axis.minorticks_off()
        axis.set_xlim(0.9 * _SPAN[0], 1.1 * _SPAN[1])
        _name_lines(axis, [words(name) for name in names])
        axis.set_xlabel("answer of the model over the text")
        axis.legend(loc="lower right")
    return sheet


def draw_table(rows: pd.DataFrame, title: str) -> Figure:
    """Draw one table: a plot for each unit in which it prints, a line for each figure."""
    units = list(dict.fromkeys(rows["printed"]))
    counts = [rows.loc[rows["printed"] == unit, "number"].nunique() for unit in units]
    heights = [0.34 * count + 0.75 for count in counts]
    with style():
        sheet, axes = new_sheet(len(units), title, 1, caption=LINE_BY_LINE, width=9.0, heights=heights)
        for axis, unit in zip(axes, units, strict=True):
            _draw_unit(axis, rows[rows["printed"] == unit], unit)
    return sheet


def _draw_unit(axis: Axes, rows: pd.DataFrame, unit: str) -> None:
    numbers = list(dict.fromkeys(rows["number"]))
    runs = list(dict.fromkeys(rows["run"]))
    names: list[str] = []
    for number in numbers:
        mine = rows[rows["number"] == number]
        y = float(len(numbers) - 1 - len(names))
        names.append(label(mine.iloc[0]))
        _draw_text(axis, mine.iloc[0], y)
        for row in mine.to_dict("records"):
            place = runs.index(row["run"])
            _draw_answer(axis, row, y - _shift(place), LINES[place % len(LINES)])
    for place, run in enumerate(runs):
        axis.plot([], [], color=LINES[place % len(LINES)], linewidth=4, alpha=0.6, label=run)
    _name_lines(axis, names)
    axis.set_xlabel(unit)
    if rows[["documented", "median", "low"]].min().min() >= 0.0:
        axis.set_xlim(left=0.0)
    if (rows["median"].notna() & (rows["mark"] != "base")).any():
        axis.legend(loc="best", ncols=len(runs))


def _draw_text(axis: Axes, row: pd.Series, y: float) -> None:
    value, low, high = (row["scale"] * row[f"documented{end}"] for end in ("", "_low", "_high"))
    marker = "o" if np.isfinite([low, high]).all() else ">" if np.isfinite(low) else "<"
    if marker == "o":
        axis.plot([low, high], [y, y], color=RECORDED, linewidth=1.2)
    axis.plot(value, y, marker, color=RECORDED, markersize=5)


def _draw_answer(axis: Axes, row: dict[Any, Any], y: float, colour: str) -> None:
    if not np.isfinite(row["median"]) or row["mark"] == "base":
        return
    scaled = {name: row["scale"] * row[name] for name in ("median", "low", "high", "draws_low", "draws_high")}
    axis.plot([scaled["low"], scaled["high"]], [y, y], color=colour, linewidth=1.0)
    if row["counted"] == "":
        draws = [scaled["draws_low"], scaled["draws_high"]]
        axis.plot(draws, [y, y], color=colour, linewidth=5, alpha=0.35, solid_capstyle="butt")
    filled = "full" if row["counted"] == "" else "none"
    axis.plot(scaled["median"], y, "D", color=colour, markersize=4, fillstyle=filled)


def label(row: pd.Series) -> str:
    """Return how a figure is called: what it is, and its dates."""
    dates = str(row["dates"]).replace("..", " to ")
    return ", ".join(part for part in (str(row["title"]), dates) if part)


def _name_lines(axis: Axes, names: list[str]) -> None:
    axis.set_yticks(
        range(len(names)), [textwrap.fill(name, _LABEL) for name in reversed(names)], fontsize=7.5
    )
    axis.set_ylim(-0.7, len(names) - 0.3)
    axis.grid(axis="y", visible=False)
    for y in range(1, len(names)):
        axis.axhline(y - 0.5, color=GREY, linewidth=0.3)


def _shift(place: int) -> float:
    return _APART * (place - 0.5)
