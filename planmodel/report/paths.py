"""Drawing and tabulating a comparison of scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from rich.table import Table

from planmodel.netcdf import netcdf_bytes, read_netcdf
from planmodel.report.figures import STYLE
from planmodel.report.folder import provenance
from planmodel.runs.resolve import told
from planmodel.storage import reserve

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

    from planmodel.experiments.compare import Comparison

COLOURS = ("#222222", "#1f4e79", "#b3472e", "#4d7c3a", "#7a5c99", "#8a6d1b", "#3a8a8a", "#a0527f", "#888888")
DASHES: tuple[Any, ...] = (
    "-",
    "-",
    "--",
    "-.",
    (0, (1, 1)),
    (0, (5, 1, 1, 1, 1, 1)),
    (0, (8, 2)),
    (0, (3, 3)),
)
WRITER = "planmodel compare"
FEW = 4  # scenarios whose bands can be told apart


def write_comparison(comparison: Comparison, folder: Path, force: bool, about: dict[str, Any]) -> None:
    """Write table, paths and figure of a comparison into a folder: all of it, or nothing.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    scenarios = {scenario.name: scenario.digest() for scenario in comparison.scenarios}
    said = {
        "scenarios": scenarios,
        "members": comparison.members,
        "years": list(comparison.years),
        "origins": {members.scenario.name: told(members) for members in comparison.laid},
        "plausibility": comparison.plausibility,
        **about,
        **provenance(comparison.scenarios[0].declared),
    }

    def write(into: Path) -> None:
        comparison.table().to_csv(into / "table.csv", index=False)
        years = ", ".join(map(str, comparison.years))
        paths = _for_others(comparison.paths).assign_attrs(members=comparison.members, years_compared=years)
        (into / "paths.nc").write_bytes(netcdf_bytes(paths))
        for ending in ("png", "svg"):
            draw_paths(comparison, into / f"paths.{ending}")

    with reserve(folder, WRITER, force) as reserved:
        reserved.fill(said, write)


def _for_others(paths: xr.Dataset) -> xr.Dataset:
    """Return paths as other tools read them: days for years, and numbers for scenarios, with a legend."""
    days = pd.DatetimeIndex([pd.Timestamp(year, 12, 31) for year in paths["year"].values.tolist()])
    numbers = np.arange(paths.sizes["scenario"], dtype=np.int32)
    legend = {"flag_values": numbers, "flag_meanings": " ".join(map(str, paths["scenario"].values))}
    renamed = paths.rename(year="time").assign_coords(time=days)
    return renamed.assign_coords(scenario=("scenario", numbers, legend))


def read_paths(file: Path) -> xr.Dataset:
    """Read the paths of a comparison: dimensions scenario, member and year.

    Raises
    ------
    OSError, ValueError
        If they cannot be read.
    """
    paths = read_netcdf(file)
    if "year" in paths.dims:  # as written until November 2026
        return paths
    names = str(paths["scenario"].attrs["flag_meanings"]).split()
    return paths.assign_coords(time=paths["time"].dt.year.values, scenario=names).rename(time="year")


def draw_paths(comparison: Comparison, file: Path) -> None:
    """Draw the path of each quantity in each scenario: see :func:`draw_panel`."""
    import matplotlib.pyplot as plt

    names = list(comparison.paths.data_vars)
    columns = 3
    with plt.style.context(STYLE):
        rows = -(-len(names) // columns)
        figure, axes = plt.subplots(rows, columns, figsize=(13, 2.6 * rows), layout="constrained")
        for axis, name in zip(axes.flat, names, strict=False):
            draw_panel(axis, comparison.paths[name])
        for axis in list(axes.flat)[len(names) :]:
            axis.set_visible(False)
        handles, labels = axes.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=min(len(labels), 8))
        figure.savefig(file)
        plt.close(figure)


def draw_panel(axis: Axes, paths: xr.DataArray) -> None:
    """Draw the path of one quantity in each scenario.

    The first scenario has a band of 90 % of the members; the others have one where there are few of them.

    Parameters
    ----------
    axis
        Where to draw.
    paths
        Dimensions scenario, member and year; unit and title in its attributes.
    """
    years, names = paths["year"].values, [str(name) for name in paths["scenario"].values]
    for position, name in enumerate(names):
        style = {"color": COLOURS[position % len(COLOURS)], "linestyle": DASHES[position % len(DASHES)]}
        values = paths.isel(scenario=position).transpose("member", "year").values
        low, median, high = np.quantile(values, [0.05, 0.5, 0.95], axis=0)
        if paths.sizes["member"] > 1 and (position == 0 or len(names) <= FEW):
            axis.fill_between(years, low, high, color=style["color"], alpha=0.12, linewidth=0)
        width = 2.2 if position == 0 else 1.4
        axis.plot(years, median, linewidth=width, label=name, **style)
    axis.set_title(str(paths.attrs["long_name"]))
    axis.set_ylabel("share" if paths.attrs["units"] == "1" else str(paths.attrs["units"]))
    axis.set_ylim(bottom=0)


def years_in_words(comparison: Comparison) -> str:
    """Say which years are compared, and which are usual and lie outside the runs."""
    years = comparison.years
    said = f"Years compared: {', '.join(map(str, years))}"
    outside = [str(year) for year in comparison.usual_years if year not in years]
    return said + (f" (the runs do not cover {', '.join(outside)})." if outside else ".")


def comparison_table(comparison: Comparison) -> Table:
    """Return the table for the screen: one row a quantity and year, one column a scenario."""
    names = [scenario.name for scenario in comparison.scenarios]
    table = Table(box=None, pad_edge=False)
    table.add_column("quantity", no_wrap=True)
    table.add_column("year", no_wrap=True, justify="right")
    for name in names:
        table.add_column(name, no_wrap=True, justify="right")
    rows = comparison.table().to_dict("records")
    for start in range(0, len(rows), len(names)):
        of_a_year = rows[start : start + len(names)]
        cells = [f"{row['median']:.3g}" for row in of_a_year]
        if comparison.members > 1:
            cells[1:] = [
                f"{cell} ({100 * row['more']:3.0f})" for cell, row in zip(cells, of_a_year, strict=True)
            ][1:]
        first = of_a_year[0]
        new = start == 0 or rows[start - 1]["quantity"] != first["quantity"]
        table.add_row(f"{first['title']}, {first['unit']}" if new else "", str(first["year"]), *cells)
    return table
