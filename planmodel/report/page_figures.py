"""Figures of a page: small plots that stand beside or below each other, each with its content in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.report.comparison import recorded_values
from planmodel.report.fans import Fan, draw_fan, fan
from planmodel.report.figures import Panel, draw_panel, is_recorded, sheets_of
from planmodel.scenario import Scenario
from planmodel.show import plot
from planmodel.show.content import Figure, Figures
from planmodel.show.numbers import unit_of

if TYPE_CHECKING:
    pass


def figures_of_run(dataset: xr.Dataset, scenario: Scenario) -> tuple[Figures, ...]:
    """Draw all panels whose quantities were recorded, under the headings of their sheets."""
    record = recorded_values(scenario)
    blocks = []
    for sheet in sheets_of(scenario):
        panels = [panel for panel in sheet.panels if is_recorded(panel, dataset, scenario.declared)]
        if panels:
            drawn = tuple(_panel(panel, dataset, record, scenario) for panel in panels)
            blocks.append(Figures(sheet.title, drawn))
    return tuple(blocks)


def figures_of_ensemble(dataset: xr.Dataset, scenario: Scenario, names: list[str]) -> Figures:
    """Draw a fan chart of each of some variables."""
    record = recorded_values(scenario)
    return Figures("", tuple(_fan(fan(dataset, n), record[record["variable"] == n]) for n in names))


def _panel(panel: Panel, dataset: xr.Dataset, record: pd.DataFrame, scenario: Scenario) -> Figure:
    with plot.alone() as axis:
        draw_panel(axis, panel, dataset, record, scenario.declared)
        axis.set_title("")
        lines = [(str(line.get_label()), np.asarray(line.get_xydata())) for line in axis.get_lines()]
        drawn = plot.source_of(axis)
    said = [plot.path_in_words(label, points) for label, points in lines if not label.startswith("_")]
    shown = sum(len(points) for label, points in lines if label.startswith("_"))
    if shown:
        said.append(f"{shown} points of the record")
    return Figure(
        f"{panel.title}, {panel.unit}",
        f"Line chart of {panel.title}, {panel.unit}. {'; '.join(said)}.",
        drawn,
    )


def _fan(drawn: Fan, record: pd.DataFrame) -> Figure:
    with plot.alone() as axis:
        draw_fan(axis, drawn, record)
        axis.set_title("")
        svg = plot.source_of(axis)
    title = f"{drawn.title}, {unit_of(drawn.unit)}"
    years = np.asarray(drawn.drawn_at.year, dtype=float)
    median = plot.path_in_words("median", np.column_stack([years, drawn.values[2]]))
    last = ""
    if len(years):
        last = f"; 90 % of members in {years[-1]:.0f}: {drawn.values[0, -1]:.3g} to {drawn.values[4, -1]:.3g}"
    return Figure(title, f"Fan chart of {title}. {median}{last}.", svg)
