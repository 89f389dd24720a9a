"""Drawing and tabulating a comparison of scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planmodel.netcdf import netcdf_bytes, read_netcdf
from planmodel.plausibility import said_of_each
from planmodel.provenance import provenance
from planmodel.runs.resolve import notes_of, told
from planmodel.show import plot
from planmodel.show.content import Column, Note, Result, Table, Text, listed
from planmodel.show.numbers import NONE, hundredths, number, unit_of, whole, words
from planmodel.show.sheets import write_result

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


def write_comparison(
    comparison: Comparison, result: Result, folder: Path, force: bool, figures: bool = True
) -> None:
    """Write table, paths and, if wanted, figure of a comparison into a folder: all of it, or nothing.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """

    def write(into: Path) -> None:
        years = ", ".join(map(str, comparison.years))
        paths = _for_others(comparison.paths).assign_attrs(members=comparison.members, years_compared=years)
        (into / "paths.nc").write_bytes(netcdf_bytes(paths))

    write_result(result, folder, WRITER, force, write, figures)


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
    names = list(comparison.paths.data_vars)
    with plot.drawn(file, len(names), columns=3, height=2.6, width=13.0) as axes:
        for axis, name in zip(axes, names, strict=True):
            draw_panel(axis, comparison.paths[name])
        handles, labels = axes[0].get_legend_handles_labels()
        for axis in axes:
            legend: Any = axis.get_legend()
            legend.remove()
        sheet: Any = axes[0].figure
        sheet.legend(handles, labels, loc="outside upper center", ncols=min(len(labels), 8))


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
        values = paths.isel(scenario=position).transpose("member", "year").values
        low, median, high = np.quantile(values, [0.05, 0.5, 0.95], axis=0)
        banded = paths.sizes["member"] > 1 and (position == 0 or len(names) <= FEW)
        colour, dashes = COLOURS[position % len(COLOURS)], DASHES[position % len(DASHES)]
        width, bands = 1.4 if position else 2.2, [(low, high)] if banded else []
        plot.draw_path(axis, years, median, bands, colour, name, width=width, dashes=dashes)
    plot.finish(axis, str(paths.attrs["long_name"]), str(paths.attrs["units"]))


def years_in_words(comparison: Comparison) -> str:
    """Say which years are compared, and which are usual and lie outside the runs."""
    years = comparison.years
    said = f"Years compared: {', '.join(map(str, years))}"
    outside = [str(year) for year in comparison.usual_years if year not in years]
    return said + (f" (the runs do not cover {', '.join(outside)})." if outside else ".")


def beside(rows: pd.DataFrame, members: int = 2) -> Table:
    """Return scenarios side by side: one row a quantity and year, one column a scenario.

    Parameters
    ----------
    rows
        As :meth:`planmodel.experiments.compare.Comparison.table` returns them.
    members
        Behind the medians; of one there is no share that has more.
    """
    names = list(dict.fromkeys(rows["scenario"]))
    lines = []
    for (title, unit, year), group in rows.groupby(["title", "unit", "year"], sort=False):
        found = {row["scenario"]: row for row in group.to_dict("records")}
        medians = [_median(found.get(name), members > 1 and name != names[0]) for name in names]
        lines.append((f"{title}, {unit_of(str(unit))}", year, *medians))
    columns = [Column(name, right=True) for name in names]
    return listed(lines, ("quantity", Column("year", whole), *columns), "Scenarios side by side")


def beside_by_region(rows: pd.DataFrame, first: str, members: int = 2) -> list[Table]:
    """Return regions side by side: one row a quantity, year and scenario; nothing where none has regions.

    Parameters
    ----------
    rows
        As :meth:`planmodel.experiments.compare.Comparison.by_region` returns them.
    first
        The scenario that the others are set against.
    members
        Behind the medians.
    """
    if rows.empty:
        return []
    regions = list(dict.fromkeys(rows["region"]))
    lines = []
    for (title, unit, year, name), group in rows.groupby(["title", "unit", "year", "scenario"], sort=False):
        found = {row["region"]: row for row in group.to_dict("records")}
        more = members > 1 and name != first and bool(group["more"].notna().all())
        lines.append(
            (f"{title}, {unit_of(str(unit))}", year, name, *(_median(found.get(r), more) for r in regions))
        )
    columns = [Column(words(region), right=True) for region in regions]
    return [
        listed(lines, ("quantity", Column("year", whole, right=False), "scenario", *columns), "By region")
    ]


def _median(row: dict[Any, Any] | None, more: bool) -> str:
    if row is None:
        return NONE
    return number(row["median"]) + (f" ({hundredths(row['more'])})" if more else "")


def comparison_result(comparison: Comparison, about: Mapping[str, Any]) -> Result:
    """Return what a comparison came to; ``about`` is what its manifest says besides."""
    table, regional, members = comparison.table(), comparison.by_region(), comparison.members
    explained = (
        f"Medians of {members} members common to all. {years_in_words(comparison)} In brackets: per cent of "
        f"members in which there is more than in {comparison.scenarios[0].name}. Probabilities given this "
        "model, not of history."
    )
    data = {f: digest for scenario in comparison.scenarios for f, digest in scenario.data_hashes.items()}
    manifest = {
        "scenarios": {scenario.name: scenario.digest() for scenario in comparison.scenarios},
        "members": members,
        "years": list(comparison.years),
        "origins": {laid.scenario.name: told(laid) for laid in comparison.laid},
        "plausibility": comparison.plausibility,
        **about,
        **provenance(comparison.scenarios[0].declared, data=data),
    }

    def draw(folder: Path) -> None:
        for ending in ("png", "svg"):
            draw_paths(comparison, folder / f"paths.{ending}")

    return Result(
        " against ".join(scenario.name for scenario in comparison.scenarios),
        (
            *(Note(note) for note in notes_of(comparison.laid)),
            beside(table, members),
            *beside_by_region(regional, comparison.scenarios[0].name, members),
            Text(explained, quiet=True),
            *map(Text, said_of_each(comparison.plausibility)),
        ),
        {"table": table, "by_region": None if regional.empty else regional},
        draw,
        manifest,
    )
