"""What the page shows: quantities by year, of country and regions, with all that the record has of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from planmodel.documented.typed import SeriesError, recorded
from planmodel.documented.vocabulary import BOUNDS, COMPARABLE, FACTUAL
from planmodel.engine.units import UnitError
from planmodel.explore.asked import Explored
from planmodel.report.regional_record import Quantity, regional_quantities
from planmodel.runs.observe import year_of
from planmodel.scenario import Scenario
from planmodel.scenario.alike import comparable
from planmodel.scenario.indicators import Indicator, unfit
from planmodel.show.numbers import unit_of

_WHOLE_YEAR = 340  # days from which on a total is that of a year


@dataclass(frozen=True)
class LookedAt:
    """A quantity of the country, or of a region.

    Attributes
    ----------
    name, title
        Of the quantity; regions have those of the country.
    region
        Empty for the country.
    indicator
        How it is read off a run.
    record
        Figures by version: see :func:`point`.
    used
        Versions that the scenario is compared with.
    said
        What must be known of it.
    """

    name: str
    title: str
    region: str
    indicator: Indicator
    record: dict[str, list[list[Any]]]
    used: tuple[str, ...] = ()
    said: str = ""

    @property
    def key(self) -> str:
        """Its name among all that is looked at."""
        return f"{self.name}@{self.region}" if self.region else self.name

    def described(self, years: list[int]) -> dict[str, Any]:
        """Return what the page is told of it; ``at`` is where in time its years are drawn."""
        of = self.indicator
        return {
            "key": self.key,
            "name": self.name,
            "title": self.title,
            "unit": unit_of(of.unit),
            "region": self.region,
            "at": [middle(*year_of(of, year)) for year in years],
            "split": of.first_month != 1,
            "flow": of.measure == "flow",
            "record": self.record,
            "used": [version for version in self.used if version in self.record],
            "said": self.said,
        }


def looked_at(explored: Explored) -> list[LookedAt]:
    """Return all quantities that can be looked at."""
    scenario = explored.scenario
    country = [_of_country(name, scenario) for name in explored.controls.shown.quantities]
    regions = [one for q in regional_quantities(scenario) for one in _of_regions(q)]
    return country + regions


def middle(start: date, end: date) -> float:
    """Return the middle of a span as a year with its part."""
    return round((decimal(start) + decimal(end, 1)) / 2, 3)


def decimal(day: date, after: int = 0) -> float:
    """Return the beginning of a day, or its end, as a year with its part."""
    first = date(day.year, 1, 1).toordinal()
    return day.year + (day.toordinal() + after - first) / (date(day.year, 12, 31).toordinal() + 1 - first)


def point(label: str, start: date, end: date, values: tuple[float, float, float], flow: bool) -> list[Any]:
    """Return a figure of the record: label, first and last day as years, value, low and high.

    A total of several years is drawn as its yearly mean, over these years.
    """
    days = (end - start).days + 1
    over = round(days / 365.25) if flow and days > 1.5 * 365 else 1
    ends = (round(decimal(start), 3), round(decimal(end, 1), 3))
    return [label, *ends, *(float(f"{value / over:.6g}") for value in values)]


def _of_country(name: str, scenario: Scenario) -> LookedAt:
    indicator = scenario.declared.indicators[name]
    known = name in scenario.documented.variables().index
    versions = scenario.documented.versions(name) if known else ()
    found = {version: _points(indicator, version, scenario) for version in versions}
    record = {version: points for version, points in found.items() if points}
    return LookedAt(name, indicator.title, "", indicator, record, tuple(scenario.record.get(name, ())))


def _points(indicator: Indicator, version: str, scenario: Scenario) -> list[list[Any]]:
    """Return the figures of a version; none where it cannot be set beside the model."""
    name, record = indicator.name, scenario.documented
    if not comparable(record, name, version, scenario.declared):
        return []
    kinds = FACTUAL + BOUNDS
    held = {str(row["kind"]) for row in record.rows(name, version)}
    if not held & set(kinds):
        return []
    try:
        series = recorded(
            name, version, kinds=kinds, territories=COMPARABLE, ranges=True, record=record,
            evidence=scenario.evidence,
        ).to(indicator.unit)  # fmt: skip
    except (SeriesError, UnitError):  # several figures of a date, or of something else
        return []
    first, last = scenario.period.start, scenario.period.end
    return [
        point(f.label, f.start, f.end, (f.value, f.low, f.high), indicator.measure == "flow")
        for f in series
        if f.bounded
        and first <= f.start
        and f.end <= last
        and not unfit(indicator, f.start, f.end)
        and (indicator.measure != "flow" or (f.end - f.start).days >= _WHOLE_YEAR)
    ]


def _of_regions(quantity: Quantity) -> Iterator[LookedAt]:
    """Yield a quantity of each region."""
    found = quantity.found
    flow = found.indicator.measure == "flow"
    for label in found.labels:
        record: dict[str, list[list[Any]]] = {}
        for p in quantity.points:
            start, end = p.start.date(), p.end.date()
            if p.region == label and p.factual and (not flow or (end - start).days >= _WHOLE_YEAR):
                values = (p.value, p.low, p.high)
                record.setdefault(p.version, []).append(point(p.date, start, end, values, flow))
        said = "without what no region has" if quantity.without else ""
        yield LookedAt(quantity.name, quantity.title, label, found.at(label), record, tuple(record), said)
