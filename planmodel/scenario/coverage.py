"""What the exogenous series of a scenario do not cover of its run: said by name, never in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from planmodel.documented.typed import TypedSeries
from planmodel.scenario.exogenous import read_series
from planmodel.scenario.period import Period
from planmodel.scenario.schema import Scenario
from planmodel.scenario.sections import Exogenous

_HOLE = 2  # years without a figure over which a line between figures of the record is named


def coverage_notes(scenario: Scenario) -> list[str]:
    """Say which series begin late, end early, have holes or change their territory within a run.

    One sentence for all series of which the same is to be said.
    """
    said: dict[str, list[str]] = {}
    for name, declared in scenario.declared.inputs().items():
        entry: Exogenous = getattr(scenario.exogenous, name)
        series = read_series(name, entry, declared.unit, scenario.documented)
        parts = list(_parts(series, entry, scenario.period))
        if parts:
            origin = "the record" if entry.series else "what is given"
            said.setdefault(f"{origin} {'; it '.join(parts)}", []).append(name)
    return [f"exogenous.{', '.join(names)}: {text}" for text, names in said.items()]


def _parts(series: TypedSeries, entry: Exogenous, period: Period) -> Iterator[str]:
    """Yield what is to be said of one series."""
    if series.first > period.first_month_end:
        last = min(series.first - timedelta(days=1), period.end)
        begins = series.figures[0].label
        yield f"begins with {begins}, and its first value stands for {_span(period.start, last)}"
    holes = _holes(series, period)
    if holes and entry.reading == "year":
        yield f"has nothing for {_years(holes)}, where the next value stands"
    elif len(holes) >= _HOLE and entry.series:
        yield f"has nothing for {_years(holes)}, where a line is drawn"
    within = [figure for figure in series if figure.end >= period.start and figure.start <= period.end]
    other = [figure for figure in within if figure.territory != within[0].territory]
    for territory in dict.fromkeys(figure.territory for figure in other):
        labels = [figure.label for figure in other if figure.territory == territory]
        yield f"is of '{territory}' for {', '.join(labels)}, of '{within[0].territory}' before"
    if series.last < period.end.replace(day=1):
        first = max(series.last + timedelta(days=1), period.start)
        ends = max(series, key=lambda figure: figure.end).label
        yield f"ends with {ends}, and its last value stands for {_span(first, period.end)}"


def _holes(series: TypedSeries, period: Period) -> list[int]:
    """Return the years of a run, between the first and the last figure, that have none."""
    held = {year for figure in series for year in range(figure.start.year, figure.end.year + 1)}
    first, last = max(min(held), period.start.year), min(max(held), period.end.year)
    return [year for year in range(first, last + 1) if year not in held]


def _span(first: date, last: date) -> str:
    """Write years, or days where the first year is not whole."""
    if (first.month, first.day) == (1, 1):
        return _years(range(first.year, last.year + 1))
    return f"{first} to {last}"


def _years(years: Iterable[int]) -> str:
    """Write years as stretches: 1933-36, 1939."""
    stretches: list[list[int]] = []
    for year in years:
        if stretches and year == stretches[-1][-1] + 1:
            stretches[-1].append(year)
        else:
            stretches.append([year])
    return ", ".join(f"{s[0]}-{s[-1] % 100:02d}" if len(s) > 1 else str(s[0]) for s in stretches)
