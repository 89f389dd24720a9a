"""Dot plots from tables: a line for each documented figure, the record beside the model."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planmodel.show.numbers import unit_of
from planmodel.show.plot import LINES, RECORDED, draw_points, new_sheet, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Bar and tick: model, 5 to 95 % of draws and median. Dots: the record; filled: transcribed,"
    " open: recalled or our number for words; crosses: plans"
)
_KINDS = {
    "estimate_low": "at least",
    "estimate_high": "at most",
    "official_claim": "official",
    "plan": "plan",
}


def draw_dot_panels(
    table: pd.DataFrame, title: str, *, columns: int = 1, from_zero: bool = True, caption: str = CAPTION
) -> Figure:
    """Draw one dot plot for each panel of a table; panels are as high as they have lines."""
    panels = list(dict.fromkeys(table["panel"]))
    lines = [len(_labels(table[table["panel"] == panel])) for panel in panels]
    height, heights = 0.28 * max(lines) + 0.9, [0.27 * count + 0.75 for count in lines]
    size: dict[str, Any] = {"width": 9.0, "heights": heights} if columns == 1 else {"height": height}
    with style():
        sheet, axes = new_sheet(len(panels), title, columns, caption=caption, **size)
        for axis, panel in zip(axes, panels, strict=True):
            draw_dots(axis, table[table["panel"] == panel], panel, from_zero)
    return sheet


def draw_dots(axis: Axes, rows: pd.DataFrame, title: str, from_zero: bool = True, wrap: int = 60) -> None:
    """Draw the lines of one panel, the first on top; labels are wrapped at so many letters."""
    labels = _labels(rows)
    names = list(labels.values())
    height = {label: len(names) - 1 - i for i, label in enumerate(names)}
    for place, row in rows.iterrows():
        y = height[labels[place]]
        if np.isfinite(row["median"]):
            axis.plot(
                [row["low"], row["high"]],
                [y, y],
                color=LINES[0],
                linewidth=6,
                alpha=0.3,
                solid_capstyle="butt",
            )
            axis.plot(row["median"], y, "|", color=LINES[0], markersize=11, markeredgewidth=2.2)
        if np.isfinite(row["documented"]):
            plan = row["kind"] == "plan"
            marker = "x" if plan else {"estimate_low": ">", "estimate_high": "<"}.get(str(row["kind"]), "o")
            filled = plan or row["evidence"] == "transcribed"
            axis.plot([row["documented_low"], row["documented_high"]], [y, y], color=RECORDED, linewidth=1.0)
            draw_points(axis, [row["documented"]], [y], filled=filled, marker=marker, size=5.5)
    axis.set_yticks(range(len(names)), [fill(name, wrap) for name in reversed(names)], fontsize=8)
    axis.set_ylim(-0.6, len(names) - 0.4)
    axis.grid(axis="y", visible=False)
    unit = str(rows["unit"].iloc[0])
    axis.set_title(title)
    axis.set_xlabel(unit_of(unit))
    if from_zero:
        axis.set_xlim(left=min(0.0, axis.get_xlim()[0]))


def _labels(rows: pd.DataFrame) -> dict[object, str]:
    """Return the label of each row: title and dates; version and kind where these are not enough."""
    alone = rows["title"].nunique() == 1 and rows["dates"].nunique() > 1
    found = {place: _label(row, alone) for place, row in rows.iterrows()}
    twice = {label for label in found.values() if list(found.values()).count(label) > 1}
    labels: dict[object, str] = {}
    for place, row in rows.iterrows():
        label = found[place]
        kind = _KINDS.get(str(row["kind"]), "")
        if label in twice:
            said = str(row["version"]).replace("_", " ")
            label = f"{label}: {said}" + (f", {kind}" if kind and kind not in said else "")
        elif kind:
            label = f"{label} ({kind})"
        labels[place] = label
    return labels


def _label(row: pd.Series, alone: bool) -> str:
    """Return title and dates; the dates alone where all lines have one title."""
    dates = str(row["dates"]).replace("..", "-")
    return dates if alone else ", ".join(part for part in (str(row["title"]), dates) if part)
