"""Pictures of the record: all versions of a variable side by side.

Matplotlib is imported when a picture is drawn, so that the rest of the package loads without it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING

from planmodel.documented.catalogue import BUILT_IN, Record
from planmodel.documented.vocabulary import ENLARGED, NATIONAL, PRE_1939, UNCLEAR

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOUBTFUL = ("contested", "ocr_doubt")
BOUNDS = ("estimate_low", "estimate_high")
RING = "#B00020"
ANNEXATION = 1939.71  # 17 September 1939, when the Red Army entered Poland
FIRST_SHOWN = 1920.0
LONGEST_GAP = 2.2  # years


def plot(
    *names: str,
    versions: Sequence[str] | None = None,
    territories: Sequence[str] | None = None,
    record: Record = BUILT_IN,
) -> Figure:
    """Draw all versions of one or several variables, one panel each.

    Plans are hollow, doubtful figures are ringed in red, low and high estimates point up and down and are
    joined by a line, spans of years are as long as they last, and the enlargement of the territory is shaded.
    A tick is 1 January of its year; a flow stands in the middle of its calendar or agricultural year.

    Parameters
    ----------
    names
        Names of variables.
    versions
        Versions to draw; all by default.
    territories
        Territories to draw; by default the whole country, or its parts where nothing is of the whole.
    record
        With figures of your own, or without.

    Raises
    ------
    UnknownSeriesError
        If the record has no such variable, version or territory.
    """
    from planmodel.show.plot import new_sheet, style

    if not names:
        raise ValueError("name at least one variable to plot")
    tables = [
        record.series(name, versions, territories=territories or record.whole_country(name, versions))
        for name in names
    ]
    heights = [max(4.2, 1.4 + 0.19 * sum(1 for _ in _groups(rows))) for rows in tables]
    with style():
        figure, panels = new_sheet(len(names), columns=1, width=11.0, heights=heights)
        for panel, name, rows in zip(panels, names, tables, strict=True):
            _draw(panel, record.variables().loc[name].to_dict(), rows)
    return figure


def _draw(axes: Axes, described: dict[Hashable, str], rows: pd.DataFrame) -> None:
    """Draw one variable."""
    import pandas as pd

    from planmodel.show.points import look

    first, last = _decimal(rows["start"]), _decimal(rows["end"] + pd.Timedelta(days=1))
    on_a_day = rows["start"] == rows["end"]
    rows = rows.assign(first=first, last=last.where(~on_a_day, first))
    rows["middle"] = (rows["first"] + rows["last"]) / 2
    recent = rows["last"] >= FIRST_SHOWN
    earlier = rows[~recent] if recent.any() else rows.iloc[:0]
    rows = rows.drop(index=earlier.index)
    for place, (label, group) in enumerate(_groups(rows)):
        _draw_group(axes, label, group, *look(place))
    _mark_annexation(axes, rows)
    _set_axes(axes, rows)
    ratio = "share" if described["measure"] == "share" else "ratio"
    axes.set_ylabel({"1": ratio, "1/year": "a year"}.get(described["unit"], described["unit"]))
    axes.set_title(described["title"])
    axes.set_xlabel(_footnote(described, rows, earlier), loc="left", fontsize="small", color="0.35")
    axes.grid(visible=False, axis="x")
    _legend(axes, rows)


def _decimal(days: pd.Series[pd.Timestamp]) -> pd.Series[float]:
    """Turn days into years with a fraction: 1 July 1930 is about 1930.5."""
    return days.dt.year + (days.dt.day_of_year - 1) / (365 + days.dt.is_leap_year)


def _groups(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Part the versions, and by territory where a version speaks of a region."""
    where = rows["territory"].mask(rows["territory"].isin((PRE_1939, ENLARGED, UNCLEAR)), "")
    labels = rows["version"].str.replace("_", " ") + where.map(
        lambda region: f" ({region})" if region else ""
    )
    for label, group in rows.groupby(labels, sort=True):
        yield str(label), group


def _draw_group(axes: Axes, label: str, rows: pd.DataFrame, colour: str, shape: str) -> None:
    """Draw the figures of one version."""
    from planmodel.show.plot import draw_points

    for run in _runs(rows):
        axes.plot(run["middle"], run["value"], color=colour, linewidth=1.3, alpha=0.8)
    for _, both in rows[rows["kind"].isin(BOUNDS)].groupby("date"):
        axes.plot(both["middle"], both["value"], color=colour, linewidth=1, alpha=0.6)
    for _, spans in rows[rows["date"].str.contains("..", regex=False)].iterrows():
        axes.hlines(spans["value"], spans["first"], spans["last"], color=colour, linewidth=2.5, alpha=0.4)
    named = False
    for kind, group in rows.groupby("kind"):
        marker = {"estimate_low": "^", "estimate_high": "v"}.get(str(kind), shape)
        draw_points(
            axes, group["middle"], group["value"], colour, "" if named else textwrap.fill(label, 32),
            filled=kind != "plan", marker=marker, size=7.0 if kind == "plan" else 5.5,
        )  # fmt: skip
        named = True
    doubtful = rows[rows["confidence"].isin(DOUBTFUL)]
    axes.plot(
        doubtful["middle"],
        doubtful["value"],
        linestyle="none",
        marker="o",
        markersize=11,
        markerfacecolor="none",
        markeredgecolor=RING,
        markeredgewidth=0.8,
    )


def _runs(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield stretches that a line may join: one territory, no long gap, no plan, no bound beside a value."""
    single = rows[~rows["date"].str.contains("..", regex=False) & (rows["kind"] != "plan")]
    single = single[~single["date"].duplicated(keep=False)].sort_values("middle")
    gap = single["middle"].diff() > LONGEST_GAP
    moved = single["territory"] != single["territory"].shift()
    bound = single["kind"].where(single["kind"].isin(BOUNDS), "")
    changed = bound != bound.shift()
    for _, run in single.groupby((gap | moved | changed).cumsum()):
        if len(run) > 1:
            yield run


def _mark_annexation(axes: Axes, rows: pd.DataFrame) -> None:
    """Shade the time after September 1939 if the variable has figures of the whole country there."""
    late = rows[(rows["middle"] > ANNEXATION) & rows["territory"].isin(NATIONAL)]
    if not late.empty:
        axes.axvspan(
            ANNEXATION, max(1941.0, late["last"].max()), color="0.93", zorder=0, label="after the annexations"
        )


def _set_axes(axes: Axes, rows: pd.DataFrame) -> None:
    """Set a tick to every year where there is room, and show zero where it is near."""
    from matplotlib.ticker import MultipleLocator

    first, last = rows["first"].min(), rows["last"].max()
    margin = 0.5 if last - first > 3 else 1.5
    axes.set_xlim(first - margin, last + margin)
    axes.xaxis.set_major_locator(MultipleLocator(1 if last - first < 12 else 2 if last - first < 18 else 5))
    axes.xaxis.set_major_formatter("{x:.0f}")
    low, high = rows["value"].min(), rows["value"].max()
    if 0 <= low <= 0.6 * high or low == high > 0:
        axes.set_ylim(0, high * 1.08 or 1)
    if low < 0 < high:
        axes.axhline(0, color="0.5", linewidth=0.8)


def _footnote(described: dict[Hashable, str], rows: pd.DataFrame, earlier: pd.DataFrame) -> str:
    """Say what a span means and what is not drawn."""
    notes = []
    if rows["date"].str.contains("..", regex=False).any() and described["span"]:
        meaning = {
            "average": "their average",
            "total": "their total",
            "change": "the change from first to last",
        }
        notes.append(f"A bar over several years is {meaning[described['span']]}.")
    if not earlier.empty:
        figures = [f"{date} {value:g}" for date, value in zip(earlier["date"], earlier["value"], strict=True)]
        notes.append(f"Not drawn: {', '.join(dict.fromkeys(figures))}.")
    return " ".join(notes)


def _legend(axes: Axes, rows: pd.DataFrame) -> None:
    """List the versions and the marks in use, outside the drawing."""
    from matplotlib.lines import Line2D

    handles, labels = axes.get_legend_handles_labels()
    marks = (
        ("plan (hollow)", rows["kind"] == "plan", "o", "white", "0.2", 6),
        ("low estimate or floor", rows["kind"] == "estimate_low", "^", "0.4", "0.4", 6),
        ("high estimate or ceiling", rows["kind"] == "estimate_high", "v", "0.4", "0.4", 6),
        ("contested or doubtful", rows["confidence"].isin(DOUBTFUL), "o", "none", RING, 10),
    )
    for text, used, marker, face, edge, size in marks:
        if used.any():
            handle = Line2D([], [], linestyle="none", marker=marker, markersize=size)
            handle.set(markerfacecolor=face, markeredgecolor=edge)
            handles.append(handle)
            labels.append(text)
    axes.legend(
        handles,
        labels,
        loc="upper left",
        bbox_to_anchor=(1.01, 1),
        borderaxespad=0,
        frameon=False,
        fontsize="small",
    )
