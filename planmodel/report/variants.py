"""Runs of one scenario that differ in switches and values, side by side: a figure and a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.documented.dates import parse_date
from planmodel.economy import run_fully
from planmodel.indicators import observe_quantity
from planmodel.report.figures import LINES, STYLE
from planmodel.scenario.load import load_scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet


@dataclass(frozen=True)
class Difference:
    """How a run differs from the scenario."""

    switch_off: tuple[str, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plot:
    """A quantity drawn against time, one line a run; ``points`` are documented: day -> value."""

    title: str
    quantity: str
    points: Mapping[str, float] = field(default_factory=dict)
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A line of the table: a quantity on a day or over a span, over another one, and what is documented."""

    title: str
    quantity: str
    dates: str
    over: str | None = None
    documented: str = ""


def run_variants(
    scenario: str, variants: Mapping[str, Difference], members: int = 1, seed: int = 1
) -> dict[str, xr.Dataset]:
    """Run a scenario in each variant.

    Parameters
    ----------
    scenario
        Name or path.
    variants
        By the label that figure and table are to show.
    members, seed
        As in :func:`planmodel.economy.run`.
    """
    runs = {}
    for label, variant in variants.items():
        loaded = load_scenario(scenario, variant.changes, variant.switch_off, systems=True)
        runs[label] = run_fully(loaded, members, seed).dataset
    return runs


def tabulate(runs: Mapping[str, xr.Dataset], rows: Sequence[Row]) -> pd.DataFrame:
    """Return one line a row and one column a run: the median over members.

    Raises
    ------
    ValueError
        If a run does not cover a date.
    """
    return pd.DataFrame(
        {
            "quantity": [row.title for row in rows],
            "dates": [row.dates for row in rows],
            **{label: [_value(dataset, row) for row in rows] for label, dataset in runs.items()},
            "documented": [row.documented for row in rows],
        }
    )


def _value(dataset: xr.Dataset, row: Row) -> float:
    period = parse_date(row.dates)
    values = []
    for name in (row.quantity, row.over):
        if name is None:
            continue
        seen = observe_quantity(dataset, name, pd.Timestamp(period.start), pd.Timestamp(period.end))
        if seen is None:
            raise ValueError(f"{row.title}: the run does not cover {row.dates}")
        values.append(seen)
    if row.over is None:
        return float(np.median(values[0]))
    return float(np.median(values[0] / np.where(values[1] != 0.0, values[1], np.nan)))


def draw_variants(runs: Mapping[str, xr.Dataset], plots: Sequence[Plot], title: str) -> Sheet:
    """Draw each quantity, one line a run (the median) with the 5 to 95 % of members as a band."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as Sheet

    rows = -(-len(plots) // 2)
    with mpl.rc_context(STYLE):
        sheet = Sheet(figsize=(10.5, 2.9 * rows + 0.8), layout="constrained")
        axes = sheet.subplots(rows, 2, squeeze=False)
        legend: dict[str, Any] = {}
        for axis, plot in zip(axes.flat, plots, strict=False):
            for i, (label, dataset) in enumerate(runs.items()):
                colour, style = LINES[i % len(LINES)], "-" if i < len(LINES) else "--"
                if plot.only and label not in plot.only:
                    continue
                time, values = dataset["time"].values, np.asarray(dataset[plot.quantity].values)
                if len(values) > 1:
                    low, high = np.percentile(values, (5, 95), axis=0)
                    axis.fill_between(time, low, high, color=colour, alpha=0.15, linewidth=0)
                axis.plot(time, np.median(values, axis=0), style, color=colour, label=label, linewidth=1.6)
            if plot.points:
                days = [np.datetime64(day) for day in plot.points]
                axis.plot(days, list(plot.points.values()), "o", color="black", markersize=4, label="record")
            axis.set_title(plot.title)
            axis.set_ylabel(str(next(iter(runs.values()))[plot.quantity].attrs["units"]))
            axis.set_ylim(bottom=0.0)
            for handle, label in zip(*axis.get_legend_handles_labels(), strict=True):
                legend.setdefault(label, handle)
        for axis in list(axes.flat)[len(plots) :]:
            axis.set_visible(False)
        sheet.legend(legend.values(), legend.keys(), loc="outside lower center", ncols=4)
        sheet.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold")
    return sheet


def write_variants(
    folder: Path,
    scenario: str,
    variants: Mapping[str, Difference],
    plots: Sequence[Plot],
    rows: Sequence[Row],
    members: int = 1,
) -> pd.DataFrame:
    """Run, and write ``figure.png`` and ``table.csv`` into a folder; return the table."""
    runs = run_variants(scenario, variants, members)
    table = tabulate(runs, rows)
    folder.mkdir(parents=True, exist_ok=True)
    title = load_scenario(scenario, systems=True).title
    draw_variants(runs, plots, title).savefig(folder / "figure.png", dpi=110, metadata={"Software": None})
    table.to_csv(folder / "table.csv", index=False, float_format="%.4g")
    return table
