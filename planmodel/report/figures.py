"""Figures of a run: the model as lines, the record as points."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.dataclasses import dataclass

from planmodel.engine.errors import UserError
from planmodel.engine.units import UnitError
from planmodel.report.comparison import recorded_values
from planmodel.runs.observe import monthly
from planmodel.scenario import Scenario
from planmodel.scenario.economy import Economy
from planmodel.scenario.explain import Layer, explain
from planmodel.scenario.indicators import Indicator
from planmodel.scenario.names import hint
from planmodel.scenario.toml import read_toml

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STRICT = ConfigDict(extra="forbid")
LINES = ("#1f4e79", "#b3472e", "#4d7c3a", "#7a5c99", "#8a6d1b")
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


@dataclass(frozen=True, config=_STRICT)
class Panel:
    """One plot: indicators (by year if flows) and recorded variables (monthly) against time."""

    title: str
    unit: str
    indicators: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    logarithmic: bool = False


@dataclass(frozen=True, config=_STRICT)
class Figure:
    """Some panels on one sheet."""

    name: str
    title: str
    panels: tuple[Panel, ...]


class FigureFile(BaseModel):
    """What ``figures.toml`` says."""

    model_config = _STRICT
    figures: tuple[Figure, ...]


def figures_of(economy: Economy) -> tuple[Figure, ...]:
    """Return the figures that an economy names in its ``figures.toml``; without it, one of what it shows.

    Raises
    ------
    UserError
        Naming file, place and what is wrong.
    """
    file = economy.folder / "figures.toml"
    if not file.is_file():
        panels = tuple(
            Panel(name.replace("_", " "), economy.quantity(name).unit, variables=(name,))
            for name in economy.shown
        )
        return (Figure("quantities", economy.title, panels),)
    tree = read_toml(file)
    known = economy.quantities()
    try:
        found = FigureFile.model_validate(tree).figures
    except ValidationError as error:
        raise UserError(explain(error, [Layer(str(file), tree)], FigureFile)) from None
    for figure in found:
        for panel in figure.panels:
            for name in (*panel.indicators, *panel.variables):
                if name not in known:
                    raise UserError(
                        f"{file}: {figure.name}: no quantity is called '{name}'{hint(name, known)}"
                    )
            _hold_to_units(panel, economy, f"{file}: {figure.name}, {panel.title}")
    return found


def _hold_to_units(panel: Panel, economy: Economy, place: str) -> None:
    """Refuse a unit that is not written as in the vocabulary; pure numbers may be called what they are."""
    drawn = (*panel.indicators, *panel.variables)
    if all(economy.quantity(name).unit in ("1", "index 1928=1") for name in drawn):
        return
    try:
        economy.shared.units.check(panel.unit)
    except UnitError as error:
        raise UserError(f"{place}: {error}") from None


def draw_figures(dataset: xr.Dataset, scenario: Scenario, folder: Path) -> list[Path]:
    """Draw all figures whose quantities were recorded; return the files written.

    See :func:`figures_of`.
    """
    record = recorded_values(scenario)
    folder.mkdir(parents=True, exist_ok=True)
    return [
        draw(figure, dataset, record, scenario, folder / f"{figure.name}.png")
        for figure in figures_of(scenario.declared)
        if all(is_recorded(panel, dataset, scenario.declared) for panel in figure.panels)
    ]


def is_recorded(panel: Panel, dataset: xr.Dataset, economy: Economy) -> bool:
    """Tell whether a dataset holds all that a panel shows."""
    needed: list[str] = list(panel.variables)
    for name in panel.indicators:
        indicator = economy.indicators[name]
        needed += [*indicator.parts, *indicator.over]
    return all(name in dataset for name in needed)


def draw(figure: Figure, dataset: xr.Dataset, record: pd.DataFrame, scenario: Scenario, file: Path) -> Path:
    """Draw one figure into a file."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as Sheet

    columns = 2
    rows = -(-len(figure.panels) // columns)
    width, height = 10.5, 3.1 * rows + 0.7
    with mpl.rc_context(STYLE):
        sheet = Sheet(figsize=(width, height))
        axes = sheet.subplots(rows, columns, squeeze=False)
        # Margins in inches, not a layout engine: it would draw each sheet twice.
        sheet.subplots_adjust(
            left=0.75 / width, right=1 - 0.2 / width, bottom=0.6 / height, top=1 - 0.8 / height,
            wspace=0.2, hspace=0.3,
        )  # fmt: skip
        for axis, panel in zip(axes.flat, figure.panels, strict=False):
            draw_panel(axis, panel, dataset, record, scenario.declared)
        for axis in list(axes.flat)[len(figure.panels) :]:
            axis.set_visible(False)
        sheet.text(0.01, 1 - 0.15 / height, figure.title, va="top", fontsize=13, fontweight="bold")
        sheet.text(0.01, 0.1 / height, _caption(dataset, scenario), fontsize=8, color="#555555")
        sheet.savefig(file, pil_kwargs={"compress_level": 4})  # half the time of level 6, files as small
    return file


def _caption(dataset: xr.Dataset, scenario: Scenario) -> str:
    members = dataset.sizes["member"]
    lines = "line: model" if members == 1 else f"line and bands: median, 50 % and 90 % of {members} members"
    return f"{scenario.name}; {lines}; points: the record, in the versions that the scenario names"


def _years(days: pd.DatetimeIndex) -> np.ndarray:
    """Return days as years and their fractions; a date axis of matplotlib costs more than all lines."""
    return np.asarray(days.year + (days.day_of_year - 1) / 365.25, dtype=float)


def draw_panel(axis: Axes, panel: Panel, dataset: xr.Dataset, record: pd.DataFrame, economy: Economy) -> None:
    """Draw one plot: quantities as lines, bands where there are many members, the record as points."""
    from matplotlib.ticker import MaxNLocator

    time = pd.DatetimeIndex(dataset.variables["time"].values)
    for colour, name in zip(LINES, (*panel.indicators, *panel.variables), strict=False):
        if name in panel.indicators:
            indicator = economy.indicators[name]
            x, values = _by_year(dataset, indicator) if indicator.measure in ("flow", "ratio") else (
                time, monthly(dataset, indicator).values)  # fmt: skip
            label = indicator.title
        else:
            x, values = time, dataset[name].transpose("member", "time").values
            label = str(dataset[name].attrs["long_name"])
        _draw_line(axis, x, values, colour, label)
    for colour, name in zip(LINES, panel.indicators, strict=False):
        _draw_points(axis, record[record["variable"] == name], colour, time)
    axis.set_title(panel.title)
    axis.set_ylabel(panel.unit)
    if panel.logarithmic:
        axis.set_yscale("log")
    else:
        axis.set_ylim(bottom=min(0.0, axis.get_ylim()[0]))
    axis.set_xlim(_years(time[:1])[0] - 0.17, _years(time[-1:])[0] + 0.17)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    axis.xaxis.set_major_formatter("{x:.0f}")
    _, labels = axis.get_legend_handles_labels()
    if len(labels) > 1:
        axis.legend(loc="best")


def _by_year(dataset: xr.Dataset, indicator: Indicator) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """Return yearly totals (July to June for procurement), placed in the middle of the year."""
    time = pd.DatetimeIndex(dataset["time"].values)
    shift = indicator.first_month - 1
    years = (time - pd.DateOffset(months=shift)).year
    whole = [y for y in sorted(set(years)) if (years == y).sum() == 12]
    values = monthly(dataset, indicator).values
    if not whole:
        return pd.DatetimeIndex([]), np.empty((values.shape[0], 0))
    sums = np.stack([values[:, years == y].sum(axis=1) for y in whole], axis=1)
    if indicator.measure == "ratio":
        over = monthly(dataset, indicator, indicator.over).values
        base = np.stack([over[:, years == y].sum(axis=1) for y in whole], axis=1)
        sums = sums / np.maximum(base, 1e-12)
    middle = [pd.Timestamp(y, 7, 1) + pd.DateOffset(months=shift) for y in whole]
    return pd.DatetimeIndex(middle), sums


def _draw_line(axis: Axes, x: pd.DatetimeIndex, values: np.ndarray, colour: str, label: str) -> None:
    if values.shape[0] > 1:
        for low, high, strength in ((5, 95, 0.15), (25, 75, 0.28)):
            band = np.percentile(values, (low, high), axis=0)
            axis.fill_between(_years(x), band[0], band[1], color=colour, alpha=strength, linewidth=0)
    marker = "." if len(x) < 20 else ""
    axis.plot(_years(x), np.median(values, axis=0), color=colour, label=label, linewidth=1.7, marker=marker)


def _draw_points(axis: Axes, figures: pd.DataFrame, colour: str, time: pd.DatetimeIndex) -> None:
    inside = figures[(figures["end"] >= time[0]) & (figures["start"] <= time[-1])]
    if inside.empty:
        return
    middle = inside["start"] + (inside["end"] - inside["start"]) / 2
    axis.plot(
        _years(pd.DatetimeIndex(middle)),
        inside["value"],
        linestyle="",
        marker="o",
        markersize=5,
        markerfacecolor="white",
        markeredgecolor=colour,
        markeredgewidth=1.4,
        zorder=4,
    )
