"""A quantity over time: median and band of the members, the record in all its versions, decrees."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planmodel.documented.vocabulary import BOUNDS, FACTUAL, NATIONAL
from planmodel.engine.errors import UserError
from planmodel.extras import need
from planmodel.report.path import path_of
from planmodel.results.marks import marked
from planmodel.results.table import check_band, ends_of
from planmodel.runs.months import month_ends
from planmodel.scenario.alike import comparable
from planmodel.scenario.decrees import Decree
from planmodel.scenario.indicators import Indicator
from planmodel.scenario.names import hint
from planmodel.show import plot
from planmodel.show.numbers import percent, words
from planmodel.show.points import Points, draw_versions
from planmodel.storage import WriteError, write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from planmodel.results.result import Result

WIDTH, HEIGHT, _LINE = 9.5, 4.0, 0.135  # inches: of a sheet, and of a line below it


def draw(
    result: Result,
    name: str,
    band: float = 0.9,
    record: bool = True,
    decrees: bool | Sequence[str] = True,
    beside: Result | None = None,
    axis: Axes | None = None,
) -> Axes:
    """Draw a quantity: see :meth:`planmodel.results.result.Result.plot`."""
    need("a figure", "matplotlib")
    check_band(band)
    indicator = _found(result, name)
    marks = marked(result.scenario, indicator.made_of, decrees)
    ends = plot.years_of_days(month_ends(result.data)[[0, -1]])
    with plot.style():
        axis = _new_axis(len(marks)) if axis is None else axis
        if beside is not None:
            _draw_path(axis, beside, _found(beside, name), band, plot.LINES[1], beside.scenario.name)
        _draw_path(axis, result, indicator, band, plot.LINES[0], result.scenario.name)
        if record:
            draw_versions(axis, record_points(result, indicator, ends), size=5.0)
        plot.finish(axis, *_said(result, indicator), from_zero=False)
        _scale(axis)
        axis.set_xlim(ends[0] - 0.25, ends[1] + 0.25)
        _mark(axis, marks)
        _legend(axis)
    return axis


def height_with(marks: int) -> float:
    """Return the height of a sheet, in inches, with so many decrees named below the plot."""
    return HEIGHT + _LINE * marks


def _new_axis(marks: int) -> Axes:
    """Return the plot of a new figure, which a notebook shows by itself."""
    import matplotlib.pyplot as plt

    _, axis = plt.subplots(figsize=(WIDTH, height_with(marks)), layout="constrained")
    return axis


def _found(result: Result, name: str) -> Indicator:
    """Return what is to be drawn, if all that it is made of was recorded."""
    economy = result.scenario.declared
    known = set(result._names)
    if name not in known:
        raise UserError(f"'{name}': the run has no such quantity{hint(name, known)}")
    return economy.quantity(name)


def _draw_path(
    axis: Axes, result: Result, indicator: Indicator, band: float, colour: str, called: str
) -> None:
    x, values = path_of(result.data, indicator)
    low, middle, high = np.quantile(values, (ends_of(band)[0], 0.5, ends_of(band)[1]), axis=0)
    many = len(values) > 1
    said = f"{called}: median of {len(values)}" if many else called
    plot.draw_path(axis, x, middle, [(low, high)] if many else [], colour, said)
    if many:
        axis.fill_between(x[:1], low[:1], high[:1], color=colour, alpha=0.18, linewidth=0,
                          label=f"{called}: {percent(band)} of members")  # fmt: skip


def _said(result: Result, indicator: Indicator) -> tuple[str, str]:
    """Return title and unit: of what is drawn by year, that of a year."""
    about = result.data.variables[indicator.name].attrs if indicator.name in result.data else {}
    title = str(about.get("long_name", indicator.title))
    unit = indicator.unit or str(about.get("units", "")).removesuffix(" a month")
    unit += " a year" if indicator.measure == "flow" else ""
    title = title[:1].upper() + title[1:]
    return title + (", July to June" if indicator.first_month == 7 else ""), unit


def record_points(result: Result, indicator: Indicator, ends: Any) -> list[Points]:
    """Return the figures of the record within the years of a run, by version; plans and the rest apart.

    Only what is of the whole country and at prices like those of the model is set beside it.
    """
    record, economy = result.scenario.documented, result.scenario.declared
    if indicator.name not in record.variables().index:
        return []
    rows = record.series(indicator.name)
    rows = rows[rows["territory"].isin(NATIONAL)]
    total = bool(record.variables().loc[indicator.name, "span"] == "total")
    found: list[Points] = []
    for version in rows["version"].drop_duplicates():
        if not comparable(record, indicator.name, version, economy):
            continue
        mine = rows[rows["version"] == version]
        actual = mine["kind"].isin(FACTUAL) | mine["kind"].isin(BOUNDS)
        for hollow, some in ((False, mine[actual]), (True, mine[~actual])):
            made = _points(some, total, ends, len(found), str(version), hollow)
            found += [made] if made.x else []
    return found


def _points(rows: pd.DataFrame, total: bool, ends: Any, place: int, version: str, hollow: bool) -> Points:
    """Return the figures of a version: a range where it has ends, a total of several years by its mean."""
    x, y, low, high, half = [], [], [], [], []
    for _, figures in rows.groupby("date", sort=False):
        start, end = figures["start"].iloc[0], figures["end"].iloc[0]
        middle = float(plot.years_of_days([start + (end - start) / 2])[0])
        years = (end - start).days / 365.25
        if not ends[0] - 0.5 <= middle <= ends[1] + 0.5 or (0.0 < years < 0.9):
            continue
        by = max(1.0, round(years)) if total else 1.0
        bounded = figures["kind"].isin(BOUNDS)
        values = figures["value"].to_numpy() / by
        centre = values[~bounded.to_numpy()]
        x.append(middle)
        y.append(float(centre.mean() if len(centre) else values.mean()))
        low.append(float(values.min()))
        high.append(float(values.max()))
        half.append(years / 2.0 if years > 1.5 else 0.0)
    label = words(version) + (" (plan)" if hollow and "plan" not in version else "")
    return Points(label, place, tuple(x), tuple(y), tuple(low), tuple(high), tuple(half), hollow)


def _scale(axis: Axes) -> None:
    """Begin at zero where that leaves half of the height or more to what is drawn; leave room above."""
    low, high = axis.get_ylim()
    room = 0.06 * (high - low)
    low = 0.0 if axis.dataLim.y0 >= 0.0 and axis.dataLim.y0 < 0.5 * axis.dataLim.y1 else low
    axis.set_ylim(low, high + room)


def _mark(axis: Axes, marks: Sequence[Decree]) -> None:
    """Mark decrees by a number at the upper edge, and say below the plot which they are."""
    if not marks:
        return
    days = plot.years_of_days([pd.Timestamp(str(decree.date)) for decree in marks])
    last, level = -np.inf, 0
    for number, x in enumerate(days, start=1):
        level = level + 1 if x - last < 0.3 else 0
        last = x
        axis.axvline(x, color=plot.NOTE, linewidth=0.6, linestyle=(0, (1, 3)), zorder=0.5)
        axis.annotate(
            str(number), (x, 1.0), xycoords=("data", "axes fraction"), xytext=(0, -2 - 8 * (level % 4)),
            textcoords="offset points", ha="center", va="top", fontsize=7, color=plot.NOTE,
        )  # fmt: skip
    said = [f"{n} {d.date:%d.%m.%Y} {d.title}" for n, d in enumerate(marks, start=1)]
    axis.set_xlabel("\n".join(_cut(line) for line in said), loc="left", fontsize=7.5, color=plot.NOTE)


def _cut(line: str, longest: int = 110) -> str:
    return line if len(line) <= longest else line[: longest - 3].rstrip() + "..."


def _legend(axis: Axes) -> None:
    """Name lines and versions to the right of the plot: there may be many."""
    handles, labels = axis.get_legend_handles_labels()
    if len(handles) > 1:
        axis.legend(handles, [_cut(label, 40) for label in labels], loc="upper left",
                    bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0, fontsize=8.0)  # fmt: skip


def draw_into(
    file: Path,
    result: Result,
    name: str,
    band: float = 0.9,
    record: bool = True,
    decrees: bool | Sequence[str] = True,
    beside: Result | None = None,
) -> None:
    """Draw a quantity into a file: see :func:`draw`."""
    need("a figure", "matplotlib")
    marks = len(marked(result.scenario, _found(result, name).made_of, decrees))
    with plot.style():
        sheet, (axis,) = plot.new_sheet(1, width=WIDTH, height=height_with(marks) - 0.6)
        draw(result, name, band, record, decrees, beside, axis)
        content = io.BytesIO()
        sheet.savefig(content, format=file.suffix.removeprefix("."))
    try:
        write_whole(file, content.getvalue())
    except WriteError as error:
        raise UserError(str(error)) from None
