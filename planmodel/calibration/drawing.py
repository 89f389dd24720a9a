"""Figures of a calibration: every series beside the record, and what is known of the parameters."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planmodel.calibration.calibrate import Result
from planmodel.calibration.tables import parameters_table, series_table
from planmodel.show import plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SHEET = 12  # series on one sheet


def draw_calibration(result: Result, folder: Path) -> list[Path]:
    """Draw the series (worst first) and the parameters; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    names = series_table(result)["series"].tolist()
    files = []
    for sheet, first in enumerate(range(0, len(names), _SHEET)):
        file = folder / f"series_{sheet + 1}.png"
        _draw_series(result, names[first : first + _SHEET], file)
        files.append(file)
    files.append(_draw_parameters(result, folder / "parameters.png"))
    if result.profiles is not None:
        files.append(_draw_profiles(result.profiles, folder / "profiles.png"))
    return files


def _draw_series(result: Result, names: list[str], file: Path) -> None:
    bars = "90 % band of the posterior" if result.bands is not None else "fit"
    caption = (
        f"{result.calibration.name}; blue: model ({bars}); grey: before the fit; red: the record with "
        "two standard errors"
    )
    with plot.drawn(file, len(names), "Series, the worst fitted first", 3, 2.5, caption, width=11.0) as axes:
        for axis, name in zip(axes, names, strict=True):
            _draw_one(axis, result, name)


def _draw_one(axis: Axes, result: Result, name: str) -> None:
    points = result.points
    mine = np.array([i for i, p in enumerate(points.points) if p.target == name])
    mine = mine[np.argsort([_years(points.points[i].asked.start, points.points[i].asked.end) for i in mine])]
    x = np.array([_years(points.points[i].asked.start, points.points[i].asked.end) for i in mine])
    offset = np.array([points.points[i].offset for i in mine])
    bands = (
        [] if result.bands is None else [tuple(result.bands[key][mine] - offset for key in ("low", "high"))]
    )
    plot.draw_path(axis, x, result.before[mine] - offset, colour=plot.GREY, width=1.2)
    plot.draw_path(axis, x, result.predicted[mine] - offset, bands, width=1.6)
    for day, i in zip(x, mine, strict=True):
        shift = points.points[i].offset
        low, high = points.low[i] - shift, points.high[i] - shift
        _draw_figure(axis, day, low, high, points.error[i], bool(points.relative[i]))
    plot.finish(axis, name.replace("_", " "), from_zero=False, ticks=5)
    if x.max() - x.min() < 2.0:
        axis.set_xlim(x.mean() - 2.0, x.mean() + 2.0)


def _draw_figure(axis: Axes, day: Any, low: float, high: float, error: float, relative: bool) -> None:
    """Draw a figure with two standard errors; floors and ceilings as triangles."""
    ends = None
    if np.isfinite(low) and np.isfinite(high):
        below = low * np.exp(-2 * error) if relative else low - 2 * error
        above = high * np.exp(2 * error) if relative else high + 2 * error
        ends = (min(below, above), max(below, above))
    for value, marker in ((low, "^"), (high, "v")):
        if np.isfinite(value):
            mark = "o" if low == high else marker
            plot.draw_points(
                axis, [day], [value], plot.LINES[1], filled=True, marker=mark, size=3.5, reach=ends
            )


def _draw_parameters(result: Result, file: Path) -> Path:
    """Draw where each parameter ended within its range, and how wide it remains."""
    table = parameters_table(result)
    with plot.drawn(file, 1, height=0.24 * len(table) + 0.6, width=8.0) as (axis,):
        rows = np.arange(len(table))[::-1]
        width = (table["high"] - table["low"]).to_numpy()
        unit = result.fit.unit
        axis.hlines(rows, 0, 1, color="#d9d9d9", linewidth=4)
        if result.draws is not None:
            low, high = ((table[q] - table["low"]).to_numpy() / width for q in ("q05", "q95"))
        else:
            spread = 1.645 * table["sd"].to_numpy() / width
            low, high = np.clip(unit[0] - spread, 0, 1), np.clip(unit[0] + spread, 0, 1)
        axis.hlines(rows, low, high, color=plot.LINES[0], linewidth=4, alpha=0.45)
        for other in unit[1:]:
            axis.plot(other, rows, "x", color="#808080", markersize=4)
        axis.plot(unit[0], rows, "o", color=plot.LINES[0], markersize=5)
        axis.plot(result.origin, rows, "|", color=plot.LINES[1], markersize=9)
        axis.set_yticks(rows, table["parameter"], fontsize=7)
        axis.set_xlim(-0.02, 1.02)
        axis.set_xlabel("within the range: dot best, cross other starts, bar 90 %, red tick before the fit")
    return file


def _draw_profiles(profiles: pd.DataFrame, file: Path) -> Path:
    names = profiles["parameter"].unique().tolist()
    caption = "Profile: misfit above the lowest (cut at 20); red line: 90 %"
    with plot.drawn(file, len(names), "", 5, 1.7, caption, width=11.0) as axes:
        for axis, name in zip(axes, names, strict=True):
            mine = profiles[profiles["parameter"] == name]
            plot.draw_path(axis, mine["value"], mine["excess"].clip(upper=20))
            axis.axhline(2.71, color=plot.LINES[1], linewidth=0.8)
            axis.set_ylim(-0.5, 20.5)
            axis.set_title(name, fontsize=7)
    return file


def _years(start: date, end: date) -> float:
    """Return the middle of a span in years."""
    return 1970.0 + ((start.toordinal() + end.toordinal()) / 2 - date(1970, 1, 1).toordinal()) / 365.25
