"""Drawing and tabulating a comparison of scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.table import Table

from planmodel.report.figures import STYLE
from planmodel.report.folder import fill_folder, provenance

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from planmodel.experiments.compare import Comparison

COLOURS = ("#222222", "#1f4e79", "#b3472e", "#4d7c3a", "#7a5c99", "#8a6d1b", "#3a8a8a", "#a0527f", "#888888")


def write_comparison(comparison: Comparison, folder: Path, force: bool, about: dict[str, Any]) -> None:
    """Write table, paths and figure of a comparison into a folder: all of it, or nothing.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    scenarios = {scenario.name: scenario.digest() for scenario in comparison.scenarios}
    said = {"scenarios": scenarios, "members": comparison.members, **about, **provenance()}

    def write(into: Path) -> None:
        comparison.table().to_csv(into / "table.csv", index=False)
        (into / "paths.nc").write_bytes(comparison.paths.to_netcdf(engine="h5netcdf"))
        for ending in ("png", "svg"):
            draw_paths(comparison, into / f"paths.{ending}")

    fill_folder(folder, force, said, write)


def draw_paths(comparison: Comparison, file: Path) -> None:
    """Draw the path of each quantity in each scenario: the median, and 90 % of the members as a band."""
    import matplotlib.pyplot as plt

    names = list(comparison.paths.data_vars)
    columns = 3
    with plt.style.context(STYLE):
        rows = -(-len(names) // columns)
        figure, axes = plt.subplots(rows, columns, figsize=(13, 2.6 * rows), layout="constrained")
        for axis, name in zip(axes.flat, names, strict=False):
            _panel(axis, comparison, str(name))
        for axis in list(axes.flat)[len(names) :]:
            axis.set_visible(False)
        handles, labels = axes.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 4))
        figure.savefig(file)
        plt.close(figure)


def _panel(axis: Axes, comparison: Comparison, name: str) -> None:
    array = comparison.paths[name]
    years = array["year"].values
    for position, scenario in enumerate(comparison.scenarios):
        colour = COLOURS[position % len(COLOURS)]
        low, median, high = np.quantile(
            array.isel(scenario=position).transpose("member", "year").values, [0.05, 0.5, 0.95], axis=0
        )
        if comparison.members > 1:
            axis.fill_between(years, low, high, color=colour, alpha=0.12, linewidth=0)
        axis.plot(years, median, color=colour, linewidth=1.5, label=scenario.name)
    axis.set_title(str(array.attrs["long_name"]))
    axis.set_ylabel(str(array.attrs["units"]))
    axis.set_ylim(bottom=0)


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
