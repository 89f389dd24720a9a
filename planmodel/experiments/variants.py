"""Runs of a smaller system that differ in switches and values, side by side: table and figure.

The table has two kinds of rows, told apart by ``role``: a *row* is a number asked for in every run, a *path*
(with the points of the record) is what is drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planmodel.engine import UserError
from planmodel.experiments.dates import years_of
from planmodel.experiments.results import Record, Results, quantiles
from planmodel.experiments.tables import COLUMNS, table_of
from planmodel.show.markdown import markdown
from planmodel.show.plot import LINES, draw_path, draw_points, finish, new_sheet, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Figures = tuple[str, str]  # variable and version of the record


@dataclass(frozen=True)
class Plot:
    """A quantity drawn against time, one line a run; ``record`` names figures drawn as points."""

    title: str
    quantity: str
    record: Figures | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A line of the table: a quantity on a day or over a span, over another one.

    ``record`` names the figure of the record on the same dates, or ``at`` those of its own; ``said`` is what
    is documented in words alone. ``scale`` brings the figure of the record into the unit of the model.
    """

    title: str
    quantity: str
    dates: str
    over: str | None = None
    said: str = ""
    record: Figures | None = None
    at: str | None = None
    scale: float = 1.0


def tabulate_variants(
    results: Mapping[str, Results], record: Record, rows: Sequence[Row], plots: Sequence[Plot]
) -> pd.DataFrame:
    """Return the rows and the monthly paths of all runs, in long form; only the first run is compared."""
    first = next(iter(results))
    found = [_row(row, run, record, run.name == first) for row in rows for run in results.values()]
    tables = [table_of(found).assign(role="row", said=[row.said for row in rows for _ in results])]
    for plot in plots:
        some = [run for run in results.values() if not plot.only or run.name in plot.only]
        tables += [_path(plot, run) for run in some]
        if plot.record is not None:
            tables.append(_points(plot, record))
    together = pd.concat(tables, ignore_index=True)
    return together[[*COLUMNS, "role", "said"]]


def _row(row: Row, run: Results, record: Record, counted: bool) -> dict[str, Any]:
    values = run.need(row.quantity, row.dates)
    if row.over is not None:
        below = run.need(row.over, row.dates)
        values = values / np.where(below != 0.0, below, np.nan)
    median, low, high = quantiles(values)
    found = {
        "quantity": row.quantity if row.over is None else f"{row.quantity} / {row.over}",
        "title": row.title,
        "unit": str(run.dataset[row.quantity].attrs["units"]) if row.over is None else "ratio",
        "run": run.name,
        "dates": row.dates,
        "median": median,
        "low": low,
        "high": high,
        "counted": "" if counted else "variant",
    }
    if row.record is not None:
        figure = record.series(*row.record, kinds=_ALL, everywhere=True)
        figure = figure[figure["date"] == (row.at or row.dates)]
        if len(figure) != 1:
            raise UserError(
                f"{row.title}: the record has {len(figure)} figures of {row.record[0]} on its dates"
            )
        met = figure.iloc[0]
        found |= {f"documented{end}": met[of] * row.scale for end, of in _ENDS}
        found |= {key: met[key] for key in ("version", "kind", "evidence")}
    return found


_ALL = ("actual", "plan", "official_claim", "estimate", "estimate_low", "estimate_high", "derived")
_ENDS = (("", "value"), ("_low", "low"), ("_high", "high"))


def _path(plot: Plot, run: Results) -> pd.DataFrame:
    days = pd.DatetimeIndex(run.dataset["time"].values)
    values = np.asarray(run.dataset[plot.quantity].values)
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95], axis=0)
    table = pd.DataFrame(
        {
            "panel": plot.title,
            "quantity": plot.quantity,
            "title": plot.title,
            "unit": str(run.dataset[plot.quantity].attrs["units"]),
            "run": run.name,
            "dates": [str(day.date()) for day in days],
            "median": median,
            "low": low,
            "high": high,
        }
    )
    return table_of(table.to_dict("records")).assign(role="path", said="")  # type: ignore[arg-type]


def _points(plot: Plot, record: Record) -> pd.DataFrame:
    assert plot.record is not None
    figures = record.series(*plot.record, everywhere=True)
    rows = [
        {
            "panel": plot.title,
            "quantity": plot.quantity,
            "title": plot.title,
            "unit": figure["unit"],
            "dates": figure["date"],
            **{f"documented{end}": figure[of] for end, of in _ENDS},
            **{key: figure[key] for key in ("version", "kind", "evidence")},
        }
        for figure in figures.to_dict("records")
    ]
    return table_of(rows).assign(role="path", said="")


def draw_variants(table: pd.DataFrame, title: str, *, floats: Collection[str] = ()) -> Figure:
    """Draw each plot, one line a run (the median) with the 5 to 95 % of members as a band.

    ``floats`` names plots whose scale does not begin at zero.
    """
    paths = table[table["role"] == "path"]
    runs = list(dict.fromkeys(table.loc[table["role"] == "row", "run"]))
    panels = list(dict.fromkeys(paths["panel"]))
    caption = "Line and band: median and 5 to 95 % of members. Points: the record."
    with style():
        sheet, axes = new_sheet(len(panels), title)
        legend: dict[str, Any] = {}
        for axis, panel in zip(axes, panels, strict=True):
            mine = paths[paths["panel"] == panel]
            for i, run in enumerate(runs):
                path = mine[mine["run"] == run]
                if len(path):
                    x = [years_of(dates) for dates in path["dates"]]
                    colour, dashes = LINES[i % len(LINES)], "-" if i < len(LINES) else "--"
                    bands = [(path["low"], path["high"])]
                    legend[run] = draw_path(axis, x, path["median"], bands, colour, dashes=dashes)
            span = [years_of(dates) for dates in mine.loc[mine["documented"].isna(), "dates"]]
            points = mine[mine["documented"].notna()]
            when = np.array([years_of(dates) for dates in points["dates"]])
            inside = (when >= min(span)) & (when <= max(span))
            if inside.any():
                draw_points(axis, when[inside], points.loc[inside, "documented"], filled=True, size=4.0)
                legend["record"] = axis.get_lines()[-1]
            unit = str(mine["unit"].iloc[0])
            finish(axis, panel, "" if unit == "1" else unit, from_zero=panel not in floats)
        sheet.legend(
            legend.values(), legend.keys(), loc="outside lower left", ncols=4,
            title=caption, alignment="left", title_fontsize=8,
        )  # fmt: skip
    return sheet


def variants_text(table: pd.DataFrame) -> str:
    """Return the rows as markdown, one column a run, with what is documented."""
    rows = table[table["role"] == "row"]
    runs = list(dict.fromkeys(rows["run"]))
    lines = []
    for (title, dates), mine in rows.groupby(["title", "dates"], sort=False):
        values = [float(mine.loc[mine["run"] == run, "median"].iloc[0]) for run in runs]
        first = mine.iloc[0]
        documented = str(first["said"])
        if pd.notna(first["documented"]):
            number = f"{first['documented']:g}"
            documented = (
                f"about {number}" if documented == "about" else number + (documented and f"; {documented}")
            )
        lines.append((f"{title}, {dates}", *values, documented or "-"))
    return markdown(["median of members", *runs, "documented"], lines)
