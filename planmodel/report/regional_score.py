"""Regions beside the record: every regional figure of it, and how many the model comes near."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.report.comparison import medians
from planmodel.report.regional_record import Quantity, regional_quantities
from planmodel.scenario import Scenario
from planmodel.scenario.by_region import by_region
from planmodel.scenario.indicators import Indicator, unfit
from planmodel.show.content import Block, Column, Text, table
from planmodel.show.numbers import percent, signed_percent, unit_of, words

_NO_FACTS = "plans, and floors or ceilings alone"
_PARTS = "amounts of parts of a region"
_UNFIT = "figures of days or spans for which the model has no such value"
COLUMNS = (
    *("variable", "title", "unit", "region", "date", "recorded", "low", "high", "model", "error"),
    *("version", "evidence", "near"),
)


@dataclass(frozen=True)
class RegionalScore:
    """How near the regions of a run come to the record.

    Attributes
    ----------
    points
        One row a figure of a region that the run covers: variable, title and unit of the model, region, date,
        recorded (with low and high, where the record has a range), model (median over members), error,
        version, evidence, near.
    tolerance
        Largest error, as a share of the recorded value, that still counts as near.
    without
        What the regions do not have of a quantity, by its title.
    apart
        What is not compared, in words, and how many figures.
    """

    points: pd.DataFrame
    tolerance: float
    without: Mapping[str, str]
    apart: Mapping[str, int]


def score_regions(dataset: xr.Dataset, scenario: Scenario, tolerance: float) -> RegionalScore | None:
    """Set the regions of a run beside the record; None where there are none, or the record has nothing.

    All versions count that the record has of a region, not only those that the scenario names: each has so
    few regions that none could be left out. Plans do not count, nor floors and ceilings that stand alone.
    """
    rows, asked, apart = [], [], dict.fromkeys((_NO_FACTS, _PARTS, _UNFIT), 0)
    quantities = [one for one in regional_quantities(scenario, judged=True) if is_recorded(one, dataset)]
    first, last = dataset["time"].values[0], dataset["time"].values[-1]
    for one in quantities:
        for point in (point for point in one.points if point.end >= first and point.start <= last):
            start, end = point.start.date(), point.end.date()
            indicator = _asked(one, scenario, point.region, on_a_day=start == end)
            if not point.factual or unfit(indicator, start, end):
                apart[_UNFIT if point.factual else _NO_FACTS if point.whole else _PARTS] += 1
                continue
            asked.append((indicator, start, end))
            about = (one.name, one.title, one.found.indicator.unit, point.region, point.date)
            figure = (point.value, point.low, point.high, np.nan, np.nan)
            rows.append((*about, *figure, point.version, point.evidence, False))
    points = pd.DataFrame(rows, columns=list(COLUMNS))
    points["model"] = [np.nan if value is None else value for value in medians(dataset, asked)]
    points = points[points["model"].notna()].reset_index(drop=True)
    if points.empty:
        return None
    size = points["recorded"].abs()
    points["error"] = (points["model"] - points["recorded"]) / size.where(size > 0.0)
    points["near"] = (points["model"] - points["recorded"]).abs() <= tolerance * size
    judged = set(points["variable"])
    without = {one.title: one.without for one in quantities if one.without and one.name in judged}
    return RegionalScore(points, tolerance, without, apart)


def is_recorded(quantity: Quantity, dataset: xr.Dataset) -> bool:
    """Tell whether a dataset holds all that regions have of a quantity."""
    return all(name in dataset.variables for name in quantity.found.made_of)


def _asked(one: Quantity, scenario: Scenario, region: str, on_a_day: bool) -> Indicator:
    """Return what a region is asked: a variable is averaged over a span, and read on a day."""
    found = by_region(scenario.declared, scenario.declared.quantity(one.name, on_a_day))
    assert found is not None  # as it is of the same parts
    return found.at(region)


def regional_summary(found: RegionalScore) -> str:
    """Say in a line how many figures of regions are near the model."""
    near, of = int(found.points["near"].sum()), len(found.points)
    regions, series = found.points["region"].nunique(), found.points["variable"].nunique()
    return (
        f"By region: {near} of {of} figures near the model ({percent(near / of)}), of {series} series and "
        f"{regions} {'region' if regions == 1 else 'regions'}"
    )


def regional_blocks(found: RegionalScore) -> Iterator[Block]:
    """Yield the table by region, what it leaves out, and the line that sums it up."""
    rows = found.points.assign(
        region=found.points["region"].map(words),
        unit=found.points["unit"].map(unit_of),
    )
    yield table(
        rows,
        {
            "variable": "series",
            "region": "region",
            "date": "year",
            "recorded": "record",
            "model": "model",
            "error": Column("deviation", signed_percent),
            "version": "version",
            "evidence": "evidence",
        },
        "By region: all figures of the record, in all its versions",
    )
    yield from (Text(line, quiet=True) for line in said_of(found))
    yield Text(regional_summary(found))


def said_of(found: RegionalScore) -> list[str]:
    """Say what a comparison by region leaves out."""
    lines = [f"{title}: {words}." for title, words in found.without.items()]
    apart = [f"{count} {words}" for words, count in found.apart.items() if count]
    return [*lines, f"Not compared: {'; '.join(apart)}."] if apart else lines
