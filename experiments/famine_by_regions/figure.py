"""Excess deaths by republic, and harvest and grain taken by region, in the years of the famine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure

from planmodel.documented.dates import parse_date
from planmodel.documented.made_of import wholes
from planmodel.documented.regional_points import RegionalPoint, regional_points
from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import compare_figures, join, model_path
from planmodel.scenario.by_region import by_region
from planmodel.scenario.indicators import Indicator
from planmodel.show.numbers import words

YEARS = [str(year) for year in range(1930, 1935)]
HARVESTS = [str(year) for year in range(1928, 1935)]
CAMPAIGNS = [f"{year}/{(year + 1) % 100}" for year in range(1928, 1934)]
REST = wholes()["RSFSR without Kazakhstan"]
REPUBLICS = {"Ukraine": ("ukraine",), "Kazakhstan": ("kazakhstan",), REST.name: REST.regions}
VILLAGES = ("ukraine", "north_caucasus", "volga", "kazakhstan")  # whose grain is drawn
PERSONS, TONNES = "million persons", "million tonnes"
UNIT = {"excess_deaths": PERSONS, "grain_harvest": TONNES, "grain_procurement": TONNES}
TITLES = {"grain_harvest": "Harvest", "grain_procurement": "Grain taken"}
PART = "of a part of the region"
DATES = {"grain_harvest": HARVESTS, "grain_procurement": CAMPAIGNS}


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    tables = []
    for title, labels in REPUBLICS.items():
        deaths = _of(model, "excess_deaths", labels)
        tables.append(_path(model, deaths, "excess_deaths", f"Deaths, {title}", YEARS))
        tables += _points(model, deaths, "excess_deaths", f"Deaths, {title}", _died(title, labels, record))
    for label in VILLAGES:
        for name, dates in DATES.items():
            grain, title = _of(model, name, (label,)), f"{TITLES[name]}, {words(label).title()}"
            tables.append(_path(model, grain, name, title, dates))
            tables += _points(model, grain, name, title, _figures(name, label))
    return join(*tables)


def _of(model: Results, name: str, labels: Sequence[str]) -> Indicator:
    """Return what regions have of an amount together."""
    found = by_region(model.scenario.declared, name)
    assert found is not None
    each = [found.at(label) for label in labels]
    return replace(each[0], parts=tuple(part for one in each for part in one.parts))


def _path(model: Results, what: Indicator, name: str, title: str, dates: Sequence[str]) -> pd.DataFrame:
    return model_path(model, what, name=name, title=title, unit=UNIT[name], dates=dates)


def _points(
    model: Results, what: Indicator, name: str, title: str, figures: pd.DataFrame
) -> Iterator[pd.DataFrame]:
    """Yield the figures of a region with the model beside them; those of parts of it do not count."""
    if figures.empty:
        return
    for counted, same in figures.groupby("counted", sort=False):
        yield compare_figures(
            model, same, what, name=name, title=title, unit=UNIT[name], counted=str(counted)
        )


def _figures(name: str, label: str) -> pd.DataFrame:
    """Return all versions that the record has of a region, but plans."""
    points = [one for one in regional_points(name) if one.region == label and one.kind != "plan"]
    return pd.DataFrame([_row(point) for point in points if point.start.year >= 1928])


def _row(point: RegionalPoint) -> dict[str, object]:
    ends = (point.low, point.high)
    low, high = (end if abs(end) < float("inf") else point.value for end in ends)
    return {
        **{"date": point.date, "start": point.start, "end": point.end, "version": point.version},
        **{"value": point.value, "low": low, "high": high, "kind": point.kind, "evidence": point.evidence},
        "counted": "" if point.whole else PART,
    }


def _died(title: str, labels: Sequence[str], record: Record) -> pd.DataFrame:
    """Return the figures of a republic; the record has the RSFSR without Kazakhstan as a whole."""
    if len(labels) == 1:
        return _figures("excess_deaths", labels[0])
    found = record.series("excess_deaths", everywhere=True)
    found = found[found["territory"] == title]
    return found.drop(columns="variable").assign(counted="")


def draw(table: pd.DataFrame) -> Figure:
    spans = {panel: _span(rows) for panel, rows in table.groupby("panel", sort=False)}
    return draw_panels(table, "The famine by regions", spans=spans)


def _span(rows: pd.DataFrame) -> tuple[float, float]:
    years = [parse_date(dates).start.year for dates in rows["dates"]]
    return min(years) - 0.2, 1935.2
