"""Figures from tables: small multiples with fans of the model and points of the record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planmodel.documented.dates import parse_date
from planmodel.experiments.dates import years_of
from planmodel.show.plot import LINES, RECORDED, draw_path, draw_points, finish, new_sheet, style
from planmodel.show.points import MARKERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Line and band: median and 5 to 95 % of draws. Points: the record; filled: transcribed, "
    "open: recalled or our number for words; crosses: plans"
)


def draw_panels(
    table: pd.DataFrame,
    title: str,
    *,
    columns: int = 2,
    height: float = 2.9,
    logarithmic: Collection[str] = (),
    not_from_zero: Collection[str] = (),
    spans: Mapping[str, tuple[float, float]] | None = None,
    caption: str = CAPTION,
) -> Figure:
    """Draw one plot for each panel of a table, in order of their first row.

    Parameters
    ----------
    table
        As :mod:`planmodel.experiments.tables` makes it.
    title
        Of the sheet.
    columns, height
        Plots beside each other, and the height of one in inches.
    logarithmic, not_from_zero
        Panels with a logarithmic scale, or one that does not begin at zero.
    spans
        First and last year shown in a panel, where the record reaches far beyond the run.
    caption
        Below the plots.
    """
    panels = list(dict.fromkeys(table["panel"]))
    with style():
        sheet, axes = new_sheet(len(panels), title, columns, height, caption)
        for axis, panel in zip(axes, panels, strict=True):
            from_zero = panel not in not_from_zero and panel not in logarithmic
            draw_panel(axis, table[table["panel"] == panel], panel, from_zero)
            if panel in logarithmic:
                axis.set_yscale("log")
                axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
            if spans and panel in spans:
                axis.set_xlim(*spans[panel])
    return sheet


def _begin_at_zero(axis: Axes, rows: pd.DataFrame) -> None:
    """Let the scale begin at zero, or a little below the lowest value, with room above the highest."""
    values = rows[["documented_low", "documented_high", "low", "high"]].to_numpy()
    low, high = min(float(np.nanmin(values)), 0.0), max(float(np.nanmax(values)), 0.0)
    room = 0.06 * (high - low)
    axis.set_ylim(low - room if low < 0.0 else 0.0, high + room if high > 0.0 else 0.0)


def draw_panel(axis: Axes, rows: pd.DataFrame, title: str, from_zero: bool = True) -> None:
    """Draw the quantities and runs of one panel: paths as fans, points of the record by version."""
    lines = list(dict.fromkeys(zip(rows["title"], rows["run"], strict=True)))
    several_titles = len({name for name, _ in lines}) > 1
    path_runs = set(rows.loc[rows["documented"].isna(), "run"])
    colours = {line: LINES[i % len(LINES)] for i, line in enumerate(_coloured(lines, several_titles))}
    used: set[str] = set()
    for name, run in lines:
        mine = rows[(rows["title"] == name) & (rows["run"] == run)]
        colour = colours[(name, run) if (name, run) in colours else _key(name, run, several_titles)]
        path = mine[mine["documented"].isna()]
        label = ", ".join(
            part for part in (name if several_titles else "", run if len(path_runs) > 1 else "") if part
        )
        if len(path):
            _draw_run(axis, path, colour, label or "model")
        elif rows["documented"].notna().all():
            _draw_beside(axis, mine, colour, label or "model")
        mark = colour if several_titles else RECORDED
        _draw_record(axis, mine[mine["documented"].notna()], mark, label if several_titles else "", used)
    finish(axis, title, ", ".join(dict.fromkeys(rows["unit"])), from_zero=False)
    if from_zero:
        _begin_at_zero(axis, rows)
    left, right = axis.get_xlim()
    if right - left < 4.0:
        axis.set_xlim((left + right) / 2.0 - 2.5, (left + right) / 2.0 + 2.5)
    handles, labels = axis.get_legend_handles_labels()
    if len(handles) > 1 or (handles and labels[0] != "model"):
        axis.legend(handles, labels, fontsize=7.5, loc="best")


def _coloured(lines: Sequence[tuple[str, str]], several_titles: bool) -> list[tuple[str, str]]:
    """Return what has a colour of its own: a quantity, or (of one quantity) a run."""
    return list(dict.fromkeys(_key(name, run, several_titles) for name, run in lines))


def _key(name: str, run: str, several_titles: bool) -> tuple[str, str]:
    return (name, run if not several_titles or run else "")


def _draw_run(axis: Axes, rows: pd.DataFrame, colour: str, label: str) -> None:
    """Draw the model's path as a line with a band."""
    x = np.array([years_of(dates) for dates in rows["dates"]])
    order = np.argsort(x)
    x, rows = x[order], rows.iloc[order]
    draw_path(axis, x, rows["median"], [(rows["low"], rows["high"])], colour, label)


def _draw_beside(axis: Axes, rows: pd.DataFrame, colour: str, label: str) -> None:
    """Draw what the model says on the dates of single points, where there is no path."""
    known = rows[rows["median"].notna()].drop_duplicates("dates")
    if known.empty:
        return
    x = [years_of(dates) + 0.08 for dates in known["dates"]]
    middle = known["median"].to_numpy()
    reach = [middle - known["low"].to_numpy(), known["high"].to_numpy() - middle]
    axis.errorbar(
        x, middle, reach, fmt="_", color=colour, markersize=9, elinewidth=2.5, alpha=0.75, label=label
    )


def _draw_record(axis: Axes, rows: pd.DataFrame, colour: str, of: str, used: set[str]) -> None:
    """Draw documented points: a marker a version, filled if transcribed, a bar over spans and ranges."""
    kinds = rows["kind"].where(rows["kind"].isin(list(_APART)), "")
    versions = list(dict.fromkeys(zip(rows["version"], kinds, strict=True)))
    for version, kind in versions:
        mine = rows[(rows["version"] == version) & (kinds == kind)]
        plan = kind == "plan"
        words = str(version).replace("_", " ")
        words += f" ({_APART[kind]})" if kind and _APART[kind] not in words else ""
        label = ": ".join(part for part in (of, words) if part)
        marker = MARKERS[len(used) % len(MARKERS)]
        if kind:
            marker = ("x", "+", "1", "2")[len(used) % 4] if plan else _ARROWS[kind]
        used.add(label)
        x = np.array([years_of(dates) for dates in mine["dates"]])
        y = mine["documented"].to_numpy()
        half = np.array([_half_span(dates) for dates in mine["dates"]])
        reach = (mine["documented_low"].to_numpy(), mine["documented_high"].to_numpy())
        filled = plan | (mine["evidence"] == "transcribed").to_numpy()
        size = 6.0 if plan else 4.5
        draw_points(
            axis, x, y, colour, label, filled=filled, marker=marker, size=size, reach=reach, span=half
        )


_APART = {"plan": "plan", "estimate_low": "at least", "estimate_high": "at most"}
_ARROWS = {"estimate_low": "^", "estimate_high": "v"}


def _half_span(dates: str) -> float:
    """Return half the length of several years, zero for a day or a year."""
    period = parse_date(dates)
    return (period.end - period.start).days / 730.5 if period.form in ("years", "days") else 0.0
