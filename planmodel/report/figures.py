"""Figures of a run: the model as lines, the record as points."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.dataclasses import dataclass

from planmodel.engine.errors import UserError
from planmodel.engine.units import UnitError
from planmodel.report.comparison import recorded_values
from planmodel.report.path import path_of
from planmodel.scenario import Scenario
from planmodel.scenario.by_region import wholes_of_regions
from planmodel.scenario.economy import Economy
from planmodel.scenario.explain import Layer, explain
from planmodel.scenario.names import hint
from planmodel.scenario.toml import read_toml
from planmodel.show import plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FILE = "figures.toml"
_STRICT = ConfigDict(extra="forbid")


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


@dataclass(frozen=True, config=_STRICT)
class Regional:
    """A quantity that is shown by region, where the economy has regions.

    Attributes
    ----------
    variable
        A quantity of the model.
    record
        The variable of the record whose regional figures are set beside it, if any.
    title
        What it is called; its meaning if nothing is said.
    together
        Versions of the record that may be read as one, in their order, beside each alone.
    """

    variable: str
    record: str = ""
    title: str = ""
    together: tuple[tuple[str, ...], ...] = ()


class FigureFile(BaseModel):
    """What ``figures.toml`` says."""

    model_config = _STRICT
    figures: tuple[Figure, ...] = ()
    by_region: tuple[Regional, ...] = ()


def regional_of(economy: Economy) -> tuple[Regional, ...]:
    """Return what an economy shows by region: what its ``figures.toml`` says.

    Raises
    ------
    UserError
        Naming file, variable and what is wrong.
    """
    known = economy.quantities() | set(wholes_of_regions(economy))  # of some, only regions have a value
    found = _read(economy).by_region
    for one in found:
        if one.variable not in known:
            raise UserError(
                f"{economy.folder / FILE}: by_region: no quantity is called '{one.variable}'"
                f"{hint(one.variable, known)}"
            )
    return found


def _read(economy: Economy) -> FigureFile:
    file = economy.folder / FILE
    if not file.is_file():
        return FigureFile()
    tree = read_toml(file)
    try:
        return FigureFile.model_validate(tree)
    except ValidationError as error:
        raise UserError(explain(error, [Layer(str(file), tree)], FigureFile)) from None


def figures_of(economy: Economy) -> tuple[Figure, ...]:
    """Return the figures that an economy names in its ``figures.toml``; without any, one of what it shows.

    Raises
    ------
    UserError
        Naming file, place and what is wrong.
    """
    file = economy.folder / FILE
    found = _read(economy).figures
    if not found:
        panels = tuple(
            Panel(name.replace("_", " "), economy.quantity(name).unit, variables=(name,))
            for name in economy.shown
        )
        return (Figure("quantities", economy.title, panels),)
    known = economy.quantities()
    for figure in found:
        for panel in figure.panels:
            for name in (*panel.indicators, *panel.variables):
                if name not in known:
                    raise UserError(
                        f"{file}: {figure.name}: no quantity is called '{name}'{hint(name, known)}"
                    )
            _hold_to_units(panel, economy, f"{file}: {figure.name}, {panel.title}")
    return found


def sheets_of(scenario: Scenario) -> tuple[Figure, ...]:
    """Return the figures of a scenario: those of its economy, and one of the figures of its user's own."""
    known = scenario.declared.indicators
    own = dict.fromkeys(name for one in scenario.documented.own for name, _ in one.pairs if name in known)
    panels = tuple(Panel(known[name].title, known[name].unit, indicators=(name,)) for name in own)
    sheet = (Figure("own", "Figures of the user's own, and the model", panels),) if panels else ()
    return (*figures_of(scenario.declared), *sheet)


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

    See :func:`sheets_of`.
    """
    record = recorded_values(scenario)
    folder.mkdir(parents=True, exist_ok=True)
    return [
        draw(figure, dataset, record, scenario, folder / f"{figure.name}.png")
        for figure in sheets_of(scenario)
        if all(is_recorded(panel, dataset, scenario.declared) for panel in figure.panels)
    ]


def is_recorded(panel: Panel, dataset: xr.Dataset, economy: Economy) -> bool:
    """Tell whether a dataset holds all that a panel shows."""
    needed: list[str] = list(panel.variables)
    for name in panel.indicators:
        indicator = economy.indicators[name]
        needed += indicator.made_of
    return all(name in dataset for name in needed)


def draw(figure: Figure, dataset: xr.Dataset, record: pd.DataFrame, scenario: Scenario, file: Path) -> Path:
    """Draw one figure into a file."""
    with plot.style():
        caption = _caption(dataset, scenario)
        sheet, axes = plot.new_sheet(
            len(figure.panels), figure.title, height=3.1, caption=caption, width=10.5
        )
        plot.in_inches(sheet, 0.75, 0.2, 0.7, 0.8, wspace=0.2, hspace=0.3)
        for axis, panel in zip(axes, figure.panels, strict=True):
            draw_panel(axis, panel, dataset, record, scenario.declared)
        sheet.savefig(file, pil_kwargs={"compress_level": 4})  # half the time of level 6, files as small
    return file


def _caption(dataset: xr.Dataset, scenario: Scenario) -> str:
    members = dataset.sizes["member"]
    lines = "line: model" if members == 1 else f"line and bands: median, 50 % and 90 % of {members} members"
    return f"{scenario.name}; {lines}; points: the record, in the versions that the scenario names"


def draw_panel(axis: Axes, panel: Panel, dataset: xr.Dataset, record: pd.DataFrame, economy: Economy) -> None:
    """Draw one plot: quantities as lines, bands where there are many members, the record as points."""
    time = pd.DatetimeIndex(dataset.variables["time"].values)
    for colour, name in zip(plot.LINES, (*panel.indicators, *panel.variables), strict=False):
        if name in panel.indicators:
            indicator = economy.indicators[name]
            x, values = path_of(dataset, indicator)
            label = indicator.title
        else:
            x = plot.years_of_days(time)
            values = dataset[name].transpose("member", "time").values
            label = str(dataset[name].attrs["long_name"])
        low, within, middle, above, high = np.percentile(values, (5, 25, 50, 75, 95), axis=0)
        bands = [(low, high), (within, above)] if len(values) > 1 else []
        plot.draw_path(axis, x, middle, bands, colour, label)
        draw_record(axis, record[record["variable"] == name], time, colour)
    plot.finish(axis, panel.title, panel.unit, logarithmic=panel.logarithmic, ticks=8)
    first, last = plot.years_of_days(time[[0, -1]])
    axis.set_xlim(first - 0.17, last + 0.17)


def draw_record(axis: Axes, record: pd.DataFrame, time: pd.DatetimeIndex, colour: str) -> None:
    """Draw the figures of the record within a span of time as hollow points."""
    inside = record[(record["end"] >= time[0]) & (record["start"] <= time[-1])]
    if len(inside):
        plot.draw_points(axis, plot.middle_of(inside), inside["value"], colour, size=5.0)
