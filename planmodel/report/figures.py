"""Figures of a run: the model as lines, the record as points."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.indicators import INDICATORS, first_month, monthly
from planmodel.report.comparison import recorded_values
from planmodel.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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


@dataclass(frozen=True)
class Panel:
    """One plot: indicators (by year if flows) and recorded variables (monthly) against time."""

    title: str
    unit: str
    indicators: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    logarithmic: bool = False


@dataclass(frozen=True)
class Figure:
    """Some panels on one sheet."""

    name: str
    title: str
    panels: tuple[Panel, ...]


FIGURES = (
    Figure(
        "collectivisation",
        "Collectivisation: offensive, truce, second offensive",
        (
            Panel("Peasant households in kolkhozes", "share", ("collectivised_share",)),
            Panel("Pressure and discontent", "index", variables=("pressure", "discontent", "fear")),
        ),
    ),
    Figure(
        "grain",
        "Grain: the harvest and what the state takes",
        (
            Panel("Harvest and procurement", "million tonnes a year", ("grain_harvest", "grain_procurement")),
            Panel("Procurement over harvest", "share", ("grain_procurement_share",)),
            Panel("Grain exported", "million tonnes a year", ("grain_export",)),
            Panel(
                "Grain held",
                "million tonnes",
                variables=("grain_individual", "grain_members", "grain_kolkhoz", "grain_state"),
            ),
        ),
    ),
    Figure(
        "animals",
        "Animals",
        tuple(
            Panel(INDICATORS[species].title, "million head", (species,))
            for species in ("cattle", "horses", "pigs", "sheep_and_goats")
        ),
    ),
    Figure(
        "food",
        "Food in the village and in the towns",
        (
            Panel("Food per village person", "kcal a day", variables=("village_calories",)),
            Panel("Food over need", "ratio", variables=("village_nutrition", "town_nutrition")),
            Panel("Spread of grain over districts", "coefficient of variation", variables=("food_spread",)),
            Panel("Feed grain over the norm of 1928", "ratio",
                  variables=("feed_ratio_household", "feed_ratio_socialised")),
        ),
    ),
    Figure(
        "population",
        "Births, deaths and population",
        (
            Panel("Births and deaths", "million persons a year", ("births", "deaths")),
            Panel("Population", "million persons", ("population",)),
            Panel("Excess mortality in the village", "per month", variables=("famine_mortality",)),
            Panel("Village and towns", "million persons", ("rural_population", "urban_population")),
        ),
    ),
    Figure(
        "work",
        "Draught power, effort and reward on kolkhoz land",
        (
            Panel("Draught power per hectare", "1928 = 1",
                  variables=("draught_individual", "draught_kolkhoz")),
            Panel("Effort on kolkhoz land", "1 = own land", variables=("effort",)),
            Panel("Grain given to members", "kg per person and year", variables=("labour_day_value",)),
            Panel("Sown area of grain", "million hectares", ("grain_sown_area",)),
        ),
    ),
    Figure(
        "accumulation",
        "Accumulation: sites, builders and materials",
        (
            Panel("Investment", "billion roubles of 1928 a year", ("investment",)),
            Panel("Unfinished construction", "billion roubles of 1928", ("unfinished_construction",)),
            Panel("What limits the sites", "share of what is wanted",
                  variables=("builders_ratio", "metal_ratio", "equipment_ratio", "construction_ratio")),
            Panel("Strain, brake and push", "index", variables=("strain", "brake", "push_now")),
        ),
    ),
    Figure(
        "industry",
        "Industry: output of producer and consumer goods",
        (
            Panel("Industrial output", "1928 = 1", ("industrial_output",),
                  ("heavy_industry_index", "consumer_goods_index")),
            Panel("Steel", "million tonnes a year", ("steel",)),
            Panel("Coal", "million tonnes a year", ("coal",)),
            Panel("Cotton cloth", "million metres a year", ("cotton_cloth",)),
        ),
    ),
    Figure(
        "labour",
        "Labour: jobs, skill and food",
        (
            Panel("Wage earners", "million persons", ("wage_earners",)),
            Panel("Industry and construction", "million persons",
                  ("industrial_wage_earners", "construction_employment")),
            Panel("What a worker can do", "1928 = 1",
                  variables=("skill", "intensity", "competence", "work_per_head")),
            Panel("Artisans", "1928 = 1", variables=("artisan_capacity",)),
            Panel("Output per worker in industry", "1928 = 1", ("labour_productivity",)),
            Panel("Turnover of workers", "changes of job a year", ("labour_turnover",)),
        ),
    ),
    Figure(
        "prices",
        "Wages, prices and money",
        (
            Panel("Money wage", "roubles a year", ("average_money_wage",)),
            Panel("Real wage", "1928 = 1", ("real_wage",)),
            Panel("Prices", "1928 = 1", ("retail_price_index",), ("wholesale_price",)),
            Panel("Budget", "billion roubles a year", ("budget_revenue", "turnover_tax")),
            Panel("Currency", "billion roubles", ("currency_in_circulation",)),
            Panel("Foreign trade", "billion gold roubles a year", ("exports", "imports")),
        ),
    ),
    Figure(
        "camps",
        "Camps, colonies and special settlements",
        (
            Panel("Inmates", "million persons", ("camp_inmates", "colony_inmates", "prison_inmates")),
            Panel("Special settlers", "million persons", ("special_settlers",)),
            Panel("Terror", "million a year", ("political_convictions", "executions")),
            Panel("Health of the unfree", "1", variables=("camp_health", "settlement_health")),
        ),
    ),
    Figure(
        "movement",
        "Out of the village, and the market",
        (
            Panel("Net movement to towns", "million persons a year", ("net_migration_to_towns",)),
            Panel("Jobs that towns cannot fill", "million persons", variables=("vacancies",)),
            Panel("Price on the kolkhoz market", "1928 = 1", ("kolkhoz_market_price",), logarithmic=True),
            Panel("Potatoes", "million tonnes a year", ("potato_harvest",)),
        ),
    ),
)  # fmt: skip


def draw_figures(dataset: xr.Dataset, scenario: Scenario, folder: Path) -> list[Path]:
    """Draw all figures whose quantities were recorded; return the files written.

    A smaller system has one figure, of the quantities that it shows.
    """
    record = recorded_values(scenario)
    figures = (_quantities(dataset, scenario),) if scenario.declared.shown else FIGURES
    folder.mkdir(parents=True, exist_ok=True)
    return [
        draw(figure, dataset, record, scenario, folder / f"{figure.name}.png")
        for figure in figures
        if all(is_recorded(panel, dataset) for panel in figure.panels)
    ]


def _quantities(dataset: xr.Dataset, scenario: Scenario) -> Figure:
    shown = [name for name in scenario.declared.shown if name in dataset]
    about = {name: dataset[name].attrs for name in shown}
    titles = {name: name.replace("_", " ") for name in shown}
    panels = (Panel(titles[name], about[name]["units"], variables=(name,)) for name in shown)
    return Figure("quantities", scenario.title, tuple(panels))


def is_recorded(panel: Panel, dataset: xr.Dataset) -> bool:
    """Tell whether a dataset holds all that a panel shows."""
    needed: list[str] = list(panel.variables)
    for name in panel.indicators:
        needed += [*INDICATORS[name].parts, *INDICATORS[name].over]
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
            draw_panel(axis, panel, dataset, record)
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


def draw_panel(axis: Axes, panel: Panel, dataset: xr.Dataset, record: pd.DataFrame) -> None:
    """Draw one plot: quantities as lines, bands where there are many members, the record as points."""
    from matplotlib.ticker import MaxNLocator

    time = pd.DatetimeIndex(dataset.variables["time"].values)
    for colour, name in zip(LINES, (*panel.indicators, *panel.variables), strict=False):
        if name in panel.indicators:
            indicator = INDICATORS[name]
            x, values = _by_year(dataset, name) if indicator.measure in ("flow", "ratio") else (
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


def _by_year(dataset: xr.Dataset, name: str) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """Return yearly totals (July to June for procurement), placed in the middle of the year."""
    indicator = INDICATORS[name]
    time = pd.DatetimeIndex(dataset["time"].values)
    shift = first_month(name) - 1
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
