"""Figures of a page: small plots that stand beside or below each other, each with its content in words."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.report.comparison import recorded_values
from planmodel.report.fans import Fan, draw_fan, fan
from planmodel.report.figures import STYLE, Panel, draw_panel, figures_of, is_recorded
from planmodel.report.page.content import Figure, Figures
from planmodel.report.paths import draw_panel as draw_paths_of
from planmodel.scenario import Scenario
from planmodel.show.numbers import unit_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def figures_of_run(dataset: xr.Dataset, scenario: Scenario) -> tuple[Figures, ...]:
    """Draw all panels whose quantities were recorded, under the headings of their sheets."""
    record = recorded_values(scenario)
    blocks = []
    for sheet in figures_of(scenario.declared):
        panels = [panel for panel in sheet.panels if is_recorded(panel, dataset, scenario.declared)]
        if panels:
            drawn = tuple(_panel(panel, dataset, record, scenario) for panel in panels)
            blocks.append(Figures(sheet.title, drawn))
    return tuple(blocks)


def figures_of_ensemble(dataset: xr.Dataset, scenario: Scenario, names: list[str]) -> Figures:
    """Draw a fan chart of each of some variables."""
    record = recorded_values(scenario)
    return Figures("", tuple(_fan(fan(dataset, n), record[record["variable"] == n]) for n in names))


def figures_of_comparison(paths: xr.Dataset) -> Figures:
    """Draw the paths of each quantity in all scenarios.

    Parameters
    ----------
    paths
        Of a comparison: dimensions scenario, member and year.
    """
    drawn = []
    for name in paths.data_vars:
        with _alone(bottom=0.95, height=3.7) as (axis, source):
            draw_paths_of(axis, paths[name])
            axis.set_title("")
            axis.legend(
                loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, fontsize=7.5, handlelength=3
            )
            lines = [(str(line.get_label()), np.asarray(line.get_xydata())) for line in axis.get_lines()]
            picture = source()
        about = paths[name].attrs
        title = f"{about['long_name']}, {unit_of(about['units'])}"
        said = "; ".join(_path_in_words(label, points) for label, points in lines)
        drawn.append(Figure(title, f"Paths of {title}, medians by scenario. {said}.", picture))
    return Figures("", tuple(drawn))


def sheets(folder: Path, words: Callable[[Path], tuple[str, str]]) -> tuple[Figures, ...]:
    """Take in the PNG files of a folder.

    Parameters
    ----------
    folder
        Where they are; no figures if there is no such folder.
    words
        Gives title and alternative text of a file.
    """
    found = [
        Figure(*words(file), _data_uri("image/png", file.read_bytes()), sheet=True)
        for file in sorted(folder.glob("*.png"))
    ]
    return (Figures("", tuple(found)),) if found else ()


def _panel(panel: Panel, dataset: xr.Dataset, record: pd.DataFrame, scenario: Scenario) -> Figure:
    with _alone() as (axis, source):
        draw_panel(axis, panel, dataset, record, scenario.declared)
        axis.set_title("")
        lines = [(str(line.get_label()), np.asarray(line.get_xydata())) for line in axis.get_lines()]
        drawn = source()
    said = [_path_in_words(label, points) for label, points in lines if not label.startswith("_")]
    shown = sum(len(points) for label, points in lines if label.startswith("_"))
    if shown:
        said.append(f"{shown} points of the record")
    return Figure(
        f"{panel.title}, {panel.unit}",
        f"Line chart of {panel.title}, {panel.unit}. {'; '.join(said)}.",
        drawn,
    )


def _fan(drawn: Fan, record: pd.DataFrame) -> Figure:
    with _alone() as (axis, source):
        draw_fan(axis, drawn, record)
        axis.set_title("")
        svg = source()
    title = f"{drawn.title}, {unit_of(drawn.unit)}"
    years = np.asarray(drawn.drawn_at.year, dtype=float)
    median = _path_in_words("median", np.column_stack([years, drawn.values[2]]))
    last = ""
    if len(years):
        last = f"; 90 % of members in {years[-1]:.0f}: {drawn.values[0, -1]:.3g} to {drawn.values[4, -1]:.3g}"
    return Figure(title, f"Fan chart of {title}. {median}{last}.", svg)


@contextmanager
def _alone(bottom: float = 0.35, height: float = 3.1) -> Iterator[tuple[Axes, Callable[[], str]]]:
    """Give an axis on a small sheet of its own, and a function that returns the sheet as a data URI."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as Sheet

    # Text stays text: smaller files, and the letters of the page's reader.
    with mpl.rc_context({**STYLE, "svg.fonttype": "none"}):
        sheet = Sheet(figsize=(5.2, height))
        # Margins in inches, not a layout engine: it would draw each sheet twice.
        edges = {"bottom": bottom / height, "top": 1 - 0.15 / height}
        sheet.subplots_adjust(left=0.7 / 5.2, right=1 - 0.15 / 5.2, **edges)

        def source() -> str:
            file = io.BytesIO()
            sheet.savefig(file, format="svg", metadata={"Date": None})
            return _data_uri("image/svg+xml", file.getvalue())

        yield sheet.subplots(), source


def _data_uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _path_in_words(label: str, points: Any) -> str:
    """Say what a line shows: where it begins and ends, its lowest and its highest point."""
    known = points[np.isfinite(points[:, 1])]
    if not len(known):
        return f"{label}: no values"
    low, high = known[known[:, 1].argmin()], known[known[:, 1].argmax()]
    return (
        f"{label}: {known[0, 1]:.3g} in {int(known[0, 0])}, {known[-1, 1]:.3g} in {int(known[-1, 0])}, "
        f"lowest {low[1]:.3g} in {int(low[0])}, highest {high[1]:.3g} in {int(high[0])}"
    )
