"""Fan charts of an ensemble: median, 50 % and 90 % of the members, and the record as points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
from rich.table import Table

from planmodel.engine import UserError
from planmodel.report.comparison import recorded_values, shown_years
from planmodel.report.figures import LINES, STYLE
from planmodel.runs.record import middle
from planmodel.scenario import Scenario
from planmodel.scenario.economy import Economy
from planmodel.scenario.names import hint
from planmodel.storage import reserve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
WRITER = "planmodel ensemble summary"
_PANELS = 8  # on a sheet
_COLUMNS = [
    "variable",
    "title",
    "unit",
    "year",
    "time",
    *(f"q{100 * level:g}" for level in LEVELS),
    "recorded",
]


@dataclass(frozen=True)
class Fan:
    """Quantiles of one variable: ``values`` has the shape ``(levels, times)``."""

    name: str
    title: str
    unit: str
    drawn_at: pd.DatetimeIndex
    values: np.ndarray
    agricultural: bool = False


def fan(dataset: xr.Dataset, name: str) -> Fan:
    """Return the quantiles of one variable; reads one variable into memory.

    Raises
    ------
    UserError
        If an ensemble of statistics lacks one of the levels.
    """
    array = dataset[name]
    time = pd.DatetimeIndex(dataset["time"].values)
    if "member" in array.dims:
        values = np.quantile(array.transpose("member", "time").values, LEVELS, axis=0)
    else:
        held = [float(level) for level in dataset["quantile"].values]
        missing = [level for level in LEVELS if level not in held]
        if missing:
            raise UserError(
                f"keep.quantiles: {missing[0]:g} is missing; allowed: for a summary, at least "
                f"{', '.join(f'{level:g}' for level in LEVELS)}"
            )
        values = array.transpose("quantile", "time").values[[held.index(level) for level in LEVELS]]
    drawn_at = pd.DatetimeIndex([middle(day, array.attrs) for day in time])
    known = np.isfinite(values).all(axis=0)
    return Fan(
        name, str(array.attrs["long_name"]), str(array.attrs["units"]), drawn_at[known], values[:, known],
        "year" in array.attrs,
    )  # fmt: skip


def shown_variables(dataset: xr.Dataset, wanted: Sequence[str] | None) -> list[str]:
    """Return the variables to show: all, or those that are wanted.

    Raises
    ------
    UserError
        If the ensemble did not keep one.
    """
    held = [str(name) for name in dataset.data_vars]
    for name in wanted or ():
        if name not in held:
            raise UserError(f"--variable {name}: the ensemble did not keep it{hint(name, held)}")
    return list(wanted or held)


def fan_table(dataset: xr.Dataset, scenario: Scenario, wanted: Sequence[str] | None = None) -> pd.DataFrame:
    """Return quantiles over members and the record side by side.

    Returns
    -------
    DataFrame
        One row a variable and time: variable, title, unit, year (of an agricultural one, that in which it
        begins), time (where a value is drawn: the middle of a
        year, the day of a stock), quantiles ``q5`` to ``q95``, and ``recorded``: the nearest figure of the
        record within a quarter of a year, NaN if there is none or if values are monthly flows.
    """
    record = recorded_values(scenario)
    rows: list[tuple[Any, ...]] = []
    for name in shown_variables(dataset, wanted):
        drawn = fan(dataset, name)
        mine = record[record["variable"] == name]
        monthly = drawn.unit.endswith(" a month")
        for column, day in enumerate(drawn.drawn_at):
            met = np.nan if monthly else _recorded_near(mine, day)
            year = day.year - drawn.agricultural
            rows.append((name, drawn.title, drawn.unit, year, day, *drawn.values[:, column], met))
    return pd.DataFrame(rows, columns=_COLUMNS)


def _recorded_near(figures: pd.DataFrame, day: pd.Timestamp) -> float:
    """Return the figure whose middle is nearest to a day, within a quarter of a year."""
    if figures.empty:
        return float("nan")
    centre = figures["start"] + (figures["end"] - figures["start"]) / 2
    away = (centre - day).abs()
    nearest = int(away.to_numpy().argmin())
    close = away.iloc[nearest] <= pd.Timedelta(days=92)
    return float(figures["value"].iloc[nearest]) if close else float("nan")


def screen_table(rows: pd.DataFrame, dataset: xr.Dataset, economy: Economy) -> Table:
    """Return the table for the screen: median and ends of the 90 % band, and the record."""
    years = shown_years(rows["time"].dt.year, economy)
    title = f"{members_in_words(dataset)}: median, 5 % and 95 %, record"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("", no_wrap=True)
    for year in years:
        table.add_column(str(year), justify="right", no_wrap=True)
    for _, mine in rows.groupby("variable", sort=False):
        picked = [_of_year(mine, year) for year in years]
        table.add_row(str(mine["title"].iloc[0]), *(_cell(row, "q50") for row in picked))
        table.add_row(f"  5 %, {_short(str(mine['unit'].iloc[0]))}", *(_cell(row, "q5") for row in picked))
        table.add_row("  95 %", *(_cell(row, "q95") for row in picked))
        if mine["recorded"].notna().any():
            table.add_row("  record", *(_cell(row, "recorded") for row in picked), style="dim")
    return table


def members_in_words(dataset: xr.Dataset) -> str:
    """Return how many members are done of those asked for, as `open_ensemble` counted them."""
    held = dataset.sizes.get("member", dataset.attrs.get("members", 0))
    done, asked = dataset.attrs.get("members_done", held), dataset.attrs.get("members_asked", held)
    return f"{done} of {asked} members"


def _short(unit: str) -> str:
    for long, short in (("million persons", "million"), ("million head", "million"), (" a year", "/year")):
        unit = unit.replace(long, short)
    return {"1": "share"}.get(unit, unit)


def _of_year(rows: pd.DataFrame, year: int) -> pd.Series | None:
    """Return the last row of a year."""
    mine = rows[rows["year"] == year]
    return None if mine.empty else mine.iloc[-1]


def _cell(row: pd.Series | None, column: str) -> str:
    if row is None or not np.isfinite(row[column]):
        return "-"
    value = float(row[column])
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def write_fans(
    dataset: xr.Dataset, scenario: Scenario, folder: Path, wanted: Sequence[str] | None = None
) -> list[Path]:
    """Write fan charts into a folder, in place of those that stand there; return the files.

    Raises
    ------
    UserError
        If the folder cannot be written, or holds something else.
    """
    about = {**dataset.attrs, "variables": shown_variables(dataset, wanted)}
    with reserve(folder, WRITER, force=True, option="--figures") as reserved:
        reserved.fill(about, lambda place: draw_fans(dataset, scenario, place, wanted))
    return sorted(folder.glob("*.png"))


def draw_fans(
    dataset: xr.Dataset, scenario: Scenario, folder: Path, wanted: Sequence[str] | None = None
) -> None:
    """Draw fan charts into a folder, eight on a sheet."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    names = shown_variables(dataset, wanted)
    record = recorded_values(scenario)
    with mpl.rc_context(STYLE):
        for sheet, first in enumerate(range(0, len(names), _PANELS), start=1):
            some = names[first : first + _PANELS]
            lines = -(-len(some) // 2)
            figure = Figure(figsize=(10.5, 3.1 * lines + 0.7), layout="constrained")
            axes = list(figure.subplots(lines, 2, squeeze=False).flat)
            for axis, name in zip(axes, some, strict=False):
                draw_fan(axis, fan(dataset, name), record[record["variable"] == name])
            for axis in axes[len(some) :]:
                axis.set_visible(False)
            figure.supxlabel(_caption(dataset, scenario), x=0.01, ha="left", fontsize=8, color="#555555")
            figure.savefig(folder / f"fans_{sheet}.png")


def _caption(dataset: xr.Dataset, scenario: Scenario) -> str:
    return (
        f"{scenario.name}; line and bands: median, 50 % and 90 % of {members_in_words(dataset)}; "
        "stocks of a year at its end;\n"
        "points: the record on its own days, in the versions that the scenario names"
    )


def draw_fan(axis: Axes, drawn: Fan, figures: pd.DataFrame) -> None:
    """Draw one fan and the record of the same span."""
    colour, x = LINES[0], drawn.drawn_at
    for low, high, strength in ((0, 4, 0.15), (1, 3, 0.28)):
        axis.fill_between(
            x, drawn.values[low], drawn.values[high], color=colour, alpha=strength, linewidth=0
        )  # fmt: skip
    axis.plot(x, drawn.values[2], color=colour, linewidth=1.7, marker="." if len(x) < 20 else "")
    if len(x) and not drawn.unit.endswith(" a month"):
        _draw_record(axis, figures, x)
    if len(x):
        axis.set_ylim(bottom=min(0.0, axis.get_ylim()[0]))
    axis.set_title(drawn.title[:1].upper() + drawn.title[1:])
    unit = drawn.unit.removesuffix(" a year")
    axis.set_ylabel("share" if unit == "1" else unit)


def _draw_record(axis: Axes, figures: pd.DataFrame, x: pd.DatetimeIndex) -> None:
    half = pd.Timedelta(days=366)
    inside = figures[(figures["end"] >= x[0] - half) & (figures["start"] <= x[-1] + half)]
    if inside.empty:
        return
    centre = inside["start"] + (inside["end"] - inside["start"]) / 2
    axis.plot(
        centre,
        inside["value"],
        linestyle="",
        marker="o",
        markersize=5,
        markerfacecolor="white",
        markeredgecolor=LINES[1],
        markeredgewidth=1.4,
        zorder=4,
    )
