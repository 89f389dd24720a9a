"""Fan charts of an ensemble: median, 50 % and 90 % of the members, and the record as points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import UserError
from planmodel.report.comparison import recorded_values, shown_years
from planmodel.report.figures import draw_record
from planmodel.runs.record import middle
from planmodel.scenario import Scenario
from planmodel.scenario.economy import Economy
from planmodel.scenario.names import hint
from planmodel.show import plot
from planmodel.show.content import Column, Table, listed
from planmodel.show.numbers import column
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
        for place, day in enumerate(drawn.drawn_at):
            met = np.nan if monthly else _recorded_near(mine, day)
            year = day.year - drawn.agricultural
            rows.append((name, drawn.title, drawn.unit, year, day, *drawn.values[:, place], met))
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
    lines: list[tuple[object, ...]] = []
    quiet = []
    for _, mine in rows.groupby("variable", sort=False):
        first, last = mine.iloc[0], mine.groupby("year").last().reindex(years)
        named = {str(first["title"]): "q50", f"  5 %, {_short(str(first['unit']))}": "q5", "  95 %": "q95"}
        lines += [(label, *last[name]) for label, name in named.items()]
        if mine["recorded"].notna().any():
            quiet.append(len(lines))
            lines.append(("  record", *last["recorded"]))
    columns = [Column(str(year), column) for year in years]
    caption = f"{members_in_words(dataset)}: median, 5 % and 95 %, record"
    return listed(lines, ("", *columns), caption, quiet=quiet)


def members_in_words(dataset: xr.Dataset) -> str:
    """Return how many members are done of those asked for, as `open_ensemble` counted them."""
    held = dataset.sizes.get("member", dataset.attrs.get("members", 0))
    done, asked = dataset.attrs.get("members_done", held), dataset.attrs.get("members_asked", held)
    return f"{done} of {asked} members"


def _short(unit: str) -> str:
    for long, short in (("million persons", "million"), ("million head", "million"), (" a year", "/year")):
        unit = unit.replace(long, short)
    return {"1": "share"}.get(unit, unit)


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
    names = shown_variables(dataset, wanted)
    record = recorded_values(scenario)
    caption = (
        f"{scenario.name}; line and bands: median, 50 % and 90 % of {members_in_words(dataset)}; "
        "stocks of a year at its end;\n"
        "points: the record on its own days, in the versions that the scenario names"
    )
    for sheet, first in enumerate(range(0, len(names), _PANELS), start=1):
        some = names[first : first + _PANELS]
        file = folder / f"fans_{sheet}.png"
        with plot.drawn(file, len(some), height=3.1, caption=caption, width=10.5) as axes:
            for axis, name in zip(axes, some, strict=True):
                draw_fan(axis, fan(dataset, name), record[record["variable"] == name])


def draw_fan(axis: Axes, drawn: Fan, figures: pd.DataFrame) -> None:
    """Draw one fan and the record of the same span."""
    low, within, middle, above, high = drawn.values
    x = plot.years_of_days(drawn.drawn_at)
    plot.draw_path(axis, x, middle, [(low, high), (within, above)])
    if len(x) and not drawn.unit.endswith(" a month"):
        year = pd.Timedelta(days=366)
        span = pd.DatetimeIndex([drawn.drawn_at[0] - year, drawn.drawn_at[-1] + year])
        draw_record(axis, figures, span, plot.LINES[1])
    plot.finish(axis, drawn.title[:1].upper() + drawn.title[1:], drawn.unit.removesuffix(" a year"))
