"""Small multiples by region: each region's path beside every figure that the record has of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.documented.regional_points import RegionalPoint
from planmodel.engine.units import convert
from planmodel.report.comparison import recorded_values
from planmodel.report.fans import fan
from planmodel.report.path import path_of
from planmodel.report.regional_record import Quantity, regional_quantities
from planmodel.scenario import Scenario
from planmodel.scenario.indicators import BETWEEN_YEARS, Indicator
from planmodel.show import multiples, plot
from planmodel.show.content import Block, Figure, Figures, Section, Text
from planmodel.show.multiples import Small
from planmodel.show.numbers import unit_of, words
from planmodel.show.points import Points

COUNTRY = "the country"
_LEVELS = (5, 25, 50, 75, 95)
_YEAR = 365.25
_WHOLE, _SEVERAL = 0.95, 1.5  # years from which on a total is that of a year, and of several
_QUOTIENTS = ("ratio", *BETWEEN_YEARS)
_ABOUT = """
flows and averages by year, stocks month by month. Points: every figure that the record has of a region, in
each version; hollow: plans, floors and ceilings, and amounts of parts in which most of its people live; bars:
ranges, and the years of a total, which is drawn as its yearly mean. Of the country: the versions that the
scenario names. Shares and amounts a head have one scale, all else has one for each region.
"""


@dataclass(frozen=True)
class Multiples:
    """All plots of a quantity: the regions, and the country in the end.

    Attributes
    ----------
    name, title, unit
        Of the quantity.
    panels
        What is drawn.
    years
        Ends of the axis of time.
    common
        Whether all have one scale.
    said
        What must be known of it, a sentence each.
    """

    name: str
    title: str
    unit: str
    panels: tuple[Small, ...]
    years: tuple[float, float]
    common: bool
    said: tuple[str, ...] = ()


def regional_section(dataset: xr.Dataset, scenario: Scenario) -> tuple[Section, ...]:
    """Return the section of a page; none where results have no regions, or the economy shows nothing by them.

    ``dataset`` is that of a run, or of an ensemble: by month or by year, of members or of their quantiles.
    """
    blocks: list[Block] = []
    for drawn in multiples_of(dataset, scenario):
        scale = multiples.scale_of(drawn.panels) if drawn.common else None
        pictures = tuple(_figure(one, drawn, scale) for one in drawn.panels)
        blocks.append(Figures(f"{drawn.title}, {unit_of(drawn.unit)}", pictures))
        blocks += [Text(line) for line in drawn.said]
    if not blocks:
        return ()
    many = dataset.sizes.get("member", 2) > 1
    bands = " (median; bands: 50 % and 90 % of members)" if many else ""
    about = Text(f"Lines: the model{bands}; {' '.join(_ABOUT.split())}")
    return (Section("by_region", "By region", (about, *blocks)),)


def draw_regions(dataset: xr.Dataset, scenario: Scenario, folder: Path) -> list[Path]:
    """Draw a sheet of each quantity that is shown by region; return the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        multiples.sheet(
            one.panels,
            f"{one.title}, {unit_of(one.unit)}",
            one.years,
            one.common,
            folder / f"by_region_{one.name}.png",
            " ".join((f"{scenario.name}; line: model; points: the record.", *one.said)),
        )
        for one in multiples_of(dataset, scenario)
    ]


def multiples_of(dataset: xr.Dataset, scenario: Scenario) -> list[Multiples]:
    """Return the plots of all quantities that are shown by region, and that a dataset has."""
    record = recorded_values(scenario)
    return [
        _multiples(one, dataset, record)
        for one in regional_quantities(scenario)
        if all(_readable(one.found.at(label), dataset) for label in one.found.labels)
    ]


def _readable(indicator: Indicator, dataset: xr.Dataset) -> bool:
    """Tell whether a dataset has the path of a quantity.

    Of years a quotient is not that of its parts. Quantiles of a sum are not the sums of quantiles, and those
    of months of a flow say nothing of years.
    """
    here = set(map(str, dataset.data_vars))
    if _by_month(dataset):
        return here >= set(indicator.made_of)
    members = "member" in dataset.dims
    if _months(dataset) and indicator.measure == "flow":
        return False
    if indicator.name in here:
        return True
    added = members and indicator.measure not in _QUOTIENTS
    return here >= set(indicator.made_of) and (len(indicator.made_of) == 1 or added)


def _by_month(dataset: xr.Dataset) -> bool:
    """Tell whether a dataset has members by month."""
    return "member" in dataset.dims and _months(dataset)


def _months(dataset: xr.Dataset) -> bool:
    time = pd.DatetimeIndex(dataset["time"].values)
    return len(time) > 1 and (time[1] - time[0]).days < 32


def _multiples(one: Quantity, dataset: xr.Dataset, record: pd.DataFrame) -> Multiples:
    """Return the plots of a quantity."""
    found, indicator = one.found, one.found.indicator
    time = pd.DatetimeIndex(dataset["time"].values)
    first = pd.Timestamp(time[0].year, time[0].month if _by_month(dataset) else 1, 1)
    inside = [point for point in one.points if point.end >= first and point.start <= time[-1]]
    flow = indicator.measure == "flow"
    drawn = [point for point in inside if not flow or _years(point) >= _WHOLE]
    order = list(dict.fromkeys(point.version for point in drawn))
    panels = []
    for label in found.labels:
        mine = [point for point in drawn if point.region == label]
        panels.append(_small(words(label), found.at(label), dataset, _points(mine, order, flow)))
    if _readable(indicator, dataset):
        whole = record[record["variable"].isin([indicator.name, *one.records])]
        whole = whole[(whole["end"] >= first) & (whole["start"] <= time[-1])]
        panels.append(_small(COUNTRY, indicator, dataset, _recorded(whole, order, indicator.unit)))
    said = [f"{one.title}: {one.without}."] if one.without else []
    if len(drawn) < len(inside):
        said.append(
            f"Not drawn: {len(inside) - len(drawn)} figures of parts of a year; planmodel score has them."
        )
    if one.points and not drawn:
        said.append("The record has no figure of a region within these years.")
    ends = plot.years_of_days([first, time[-1]])
    years = (float(ends[0]), float(ends[1]))
    return Multiples(one.name, one.title, indicator.unit, tuple(panels), years, found.level, tuple(said))


def _small(title: str, indicator: Indicator, dataset: xr.Dataset, points: Sequence[Points]) -> Small:
    x, (low, within, middle, above, high) = _path(dataset, indicator)
    banded = not np.array_equal(low, high, equal_nan=True)
    return Small(title, x, middle, [(low, high), (within, above)] if banded else [], tuple(points))


def _path(dataset: xr.Dataset, indicator: Indicator) -> tuple[np.ndarray, np.ndarray]:
    """Return where a quantity is drawn, and its quantiles there: a stock by month, all else by year."""
    if not _by_month(dataset):
        drawn = fan(*_kept(dataset, indicator))
        return plot.years_of_days(drawn.drawn_at), drawn.values
    x, values = path_of(dataset, indicator, by_month=("stock",))
    return x, np.percentile(values, _LEVELS, axis=0)


def _kept(dataset: xr.Dataset, indicator: Indicator) -> tuple[xr.Dataset, str]:
    """Return what an ensemble kept of a quantity, added up of its parts where it did not keep it whole."""
    if indicator.name in dataset.data_vars:
        return dataset, indicator.name
    first, *others = indicator.parts
    if not others and not indicator.less:
        return dataset, first
    added = dataset[first]
    for name in others:
        added = added + dataset[name]
    for name in indicator.less:
        added = added - dataset[name]
    return dataset.assign({indicator.name: added.assign_attrs(dataset[first].attrs)}), indicator.name


def _years(point: RegionalPoint) -> float:
    """Return how many years a figure is of; of a day none."""
    return ((point.end - point.start).days + 1) / _YEAR if point.end > point.start else 0.0


def _label(point: RegionalPoint, flow: bool) -> str:
    """Return the name of a point in a legend: its version, and what a total is of."""
    return f"{point.label}, {point.date} a year" if flow and _years(point) > _SEVERAL else point.label


def _points(points: Sequence[RegionalPoint], order: Sequence[str], flow: bool) -> list[Points]:
    """Return points by what a legend calls them; of a total of several years its yearly mean."""
    found = []
    for label in dict.fromkeys(_label(point, flow) for point in points):
        mine = [point for point in points if _label(point, flow) == label]
        by = [max(1.0, round(_years(point))) if flow else 1.0 for point in mine]
        y, low, high = (
            tuple(value / n for value, n in zip(values, by, strict=True))
            for values in ([p.value for p in mine], [p.low for p in mine], [p.high for p in mine])
        )
        x = plot.years_of_days([point.start + (point.end - point.start) / 2 for point in mine])
        span = tuple(_years(point) / 2.0 if _years(point) > _SEVERAL else 0.0 for point in mine)
        hollow = not all(point.factual for point in mine)
        place = order.index(mine[0].version)
        found.append(Points(label, place, tuple(x.tolist()), y, low, high, span, hollow))
    return found


def _recorded(figures: pd.DataFrame, order: Sequence[str], unit: str) -> list[Points]:
    """Return the figures of the country; a version looks as it does among the regions."""
    found: list[Points] = []
    places = list(order)
    for version, mine in figures.groupby("version", sort=False):
        if version not in places:
            places.append(str(version))
        x = tuple(plot.middle_of(mine).tolist())
        y = tuple(convert(v, u, unit) for v, u in zip(mine["value"], mine["unit"], strict=True))
        found.append(Points(str(version), places.index(str(version)), x, y, y, y, (0.0,) * len(x)))
    return found


def _figure(small: Small, drawn: Multiples, scale: tuple[float, float] | None) -> Figure:
    """Return a plot of a page, with its content in words."""
    path = plot.path_in_words("model", np.column_stack([small.x, small.middle]))
    figures = [
        f"{one.label} {', '.join(f'{y:.3g} in {int(x)}' for x, y in zip(one.x, one.y, strict=True))}"
        for one in small.points
    ]
    record = f" Record: {'; '.join(figures)}." if figures else ""
    alt = f"Line chart of {drawn.title}, {unit_of(drawn.unit)}, {small.title}. {path}.{record}"
    return Figure(small.title, alt, multiples.picture(small, drawn.years, scale), small=True)
