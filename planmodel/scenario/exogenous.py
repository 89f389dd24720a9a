"""Exogenous series: from the record by label, or from the scenario with their source."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from planmodel.documented import Record
from planmodel.documented.catalogue import BUILT_IN
from planmodel.documented.typed import Dated, SeriesError, TypedSeries, given, recorded
from planmodel.engine import Array, Input
from planmodel.engine.errors import UserError
from planmodel.engine.units import UnitError, factor
from planmodel.scenario.explain import shown
from planmodel.scenario.names import hint
from planmodel.scenario.schema import Scenario
from planmodel.scenario.sections import Exogenous

Overrides = Mapping[str, Mapping[str, Array]]


class DatedSeries:
    """Values on days, read between them as the scenario says.

    Parameters
    ----------
    values
        Value by the day for which it stands: a number, or an array of shape ``(members,)`` where members
        differ.
    by_year
        True if a value stands for its whole calendar year.
    """

    def __init__(self, values: Mapping[date, float | Array], by_year: bool) -> None:
        days = sorted(values)
        self._by_year = by_year
        self._days = [d.year if by_year else d.toordinal() for d in days]
        self._values = [values[d] for d in days]

    def on(self, day: date) -> float | Array:
        """Return the value on a day: a number, or an array of shape ``(members,)`` where members differ."""
        when = day.year if self._by_year else day.toordinal()
        after = bisect_left(self._days, when)
        if after in (0, len(self._days)):
            return self._values[min(after, len(self._days) - 1)]
        if self._by_year:
            return self._values[after]
        span = self._days[after] - self._days[after - 1]
        rise = (self._values[after] - self._values[after - 1]) / span
        return self._values[after - 1] + rise * (when - self._days[after - 1])


class SumOfSeries:
    """Two series as one, added up."""

    def __init__(self, first: DatedSeries, second: DatedSeries) -> None:
        self._first, self._second = first, second

    def on(self, day: date) -> float | Array:
        """Return the sum on a day: a number, or an array of shape ``(members,)`` where members differ."""
        return self._first.on(day) + self._second.on(day)


Series = DatedSeries | SumOfSeries


def exogenous_series(scenario: Scenario, overrides: Overrides | None = None) -> dict[str, Series]:
    """Return all exogenous series of a scenario.

    Parameters
    ----------
    scenario
        Where they stand.
    overrides
        Values that differ between members: series -> date as in the scenario -> array of shape
        ``(members,)``.

    Raises
    ------
    UserError
        If the record has no such series, version or value, its unit is not the one the model expects, or the
        scenario gives no value for the date of an override.
    """
    overrides, inputs = overrides or {}, given_inputs(scenario)
    for name in overrides:
        if name not in inputs:
            raise UserError(f"exogenous.{name}: no such exogenous series{hint(name, inputs)}")
    found = {
        name: _dated(name, scenario, declared.unit, overrides.get(name, {}))
        for name, declared in inputs.items()
    }
    return {**found, **_of_labels(scenario, found)}


def _of_labels(scenario: Scenario, found: Mapping[str, DatedSeries]) -> dict[str, SumOfSeries]:
    """Return series of labels of an axis: that of the country, and what the economy adds to it.

    One that the scenario gives for the label is left as it is.

    Raises
    ------
    UserError
        If the economy adds two numbers on one day, or in a year for which the series has one value.
    """
    made = {}
    for name, more in scenario.declared.more_of_labels.items():
        if name not in found:
            country = scenario.declared.of_country(name)
            by_year = getattr(scenario.exogenous, country).reading == "year"
            values = {_day(when): value for when, value in more.items()}
            stand = {day.year if by_year else day for day in values}
            if len(stand) < len(more):
                raise UserError(
                    f"exogenous.{country}: the economy adds to it at labels on {', '.join(sorted(more))}; "
                    f"allowed: one a {'year' if by_year else 'day'}"
                )
            if by_year:  # a year of which nothing is said is that of the country
                years = {day.year for day in values}
                said = {*range(min(years) - 1, max(years) + 2)} - years
                values |= {date(year, 7, 1): 0.0 for year in said}
            made[name] = SumOfSeries(found[country], DatedSeries(values, by_year))
    return made


def given_inputs(scenario: Scenario) -> dict[str, Input]:
    """Return the inputs that a scenario gives a series for: of a label, where it gives one of its own."""
    own = scenario.declared.inputs_of_labels
    return scenario.declared.inputs() | {
        name: series for name, series in own.items() if getattr(scenario.exogenous, name) is not None
    }


def read_series(name: str, entry: Exogenous, expected: str, record: Record = BUILT_IN) -> TypedSeries:
    """Return the figures of an exogenous series in the unit that the model expects, without its scale.

    ``record`` is where a series is read that is not given by values.

    Raises
    ------
    UserError
        If there is none, there are several of one date, or the unit does not convert.
    """
    place = f"exogenous.{name}"
    series = (
        _recorded(place, entry, record)
        if entry.values is None
        else given(place, entry.unit or "", entry.values)
    )
    try:
        series = series.to(expected)
    except UnitError:
        text = f": '{entry.series}' is in '{series.unit}'" if entry.series else f".unit: '{entry.unit}'"
        raise UserError(f"{place}{text}; the model expects '{expected}'") from None
    if entry.reading == "year":
        for first, second in pairwise(series):
            if stands_on(first).year == stands_on(second).year:
                raise UserError(
                    f"{place}: {first.label} and {second.label} fall in one year; allowed: one value a year, "
                    'or reading = "interpolate"'
                )
    return series


def stands_on(figure: Dated) -> date:
    """Return the day on which a figure stands: of a year that is given, the 1st of July."""
    return _day(figure.label) if figure.kind == "given" else figure.middle


def _recorded(place: str, entry: Exogenous, record: Record) -> TypedSeries:
    """Return a series of the record, of the territory and the kind that are asked for."""
    assert entry.series is not None
    assert entry.version is not None
    kinds = None if entry.kind is None else (entry.kind,)
    territories = None if entry.territory is None else (entry.territory,)
    try:
        series = recorded(entry.series, entry.version, kinds=kinds, territories=territories, record=record)
    except SeriesError as error:
        raise UserError(f"{place}: {error}; allowed: {_choice(entry, record)}") from None
    except ValueError as error:
        raise UserError(f"{place}: {error}") from None
    if not len(series):
        raise UserError(f"{place}: {series.name} has no figure of that kind or territory; "
                        f"allowed: {_choice(entry, record)}")  # fmt: skip
    if entry.unit not in (None, series.unit):
        raise UserError(f"{place}.unit: '{entry.unit}', but {series.name} is in '{series.unit}'")
    return series


def _choice(entry: Exogenous, record: Record) -> str:
    """Say by which keys one figure a date can be chosen."""
    rows = record.series(entry.series or "", entry.version)
    ways = ["a version with one figure a date"]
    for key in ("territory", "kind"):
        words = sorted(set(rows[key]))
        if len(words) > 1:
            ways.append(f"{key} = {' or '.join(shown(word) for word in words)}")
    return ", or ".join(ways)


def _dated(name: str, scenario: Scenario, expected: str, overrides: Mapping[str, Array]) -> DatedSeries:
    """Return a series as it is read on a day, scaled, with the values of members over its own."""
    entry: Exogenous = getattr(scenario.exogenous, name)
    series = read_series(name, entry, expected, scenario.documented)
    if overrides and entry.values is None:
        raise UserError(f"exogenous.{name}: is read from the record; allowed: a series given by values")
    labels = {figure.label for figure in series}
    for text in overrides:
        if text not in labels:
            raise UserError(f"exogenous.{name}.values.{text}: has no value in the scenario"
                            f"{hint(text, labels)}")  # fmt: skip
    by = float(factor(entry.unit or expected, expected)) if overrides else 1.0
    values: dict[date, float | Array] = {}
    for figure in series:
        value = overrides[figure.label] * by if figure.label in overrides else figure.value
        values[stands_on(figure)] = value * entry.scale
    return DatedSeries(values, entry.reading == "year")


def _day(text: str) -> date:
    return date(int(text), 7, 1) if len(text) == 4 else date.fromisoformat(text)
