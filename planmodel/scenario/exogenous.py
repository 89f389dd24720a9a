"""Exogenous series: from the record by label, or from the scenario with their source."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date

from planmodel import documented
from planmodel.kernel.errors import UserError
from planmodel.scenario import registry
from planmodel.scenario.schema import Exogenous, Scenario


class DatedSeries:
    """Values on days, read between them as the scenario says.

    Parameters
    ----------
    values
        Value by the day for which it stands.
    by_year
        True if a value stands for its whole calendar year.
    """

    def __init__(self, values: dict[date, float], by_year: bool) -> None:
        days = sorted(values)
        self._by_year = by_year
        self._days = [d.year if by_year else d.toordinal() for d in days]
        self._values = [values[d] for d in days]

    def on(self, day: date) -> float:
        """Return the value on a day."""
        when = day.year if self._by_year else day.toordinal()
        after = bisect_left(self._days, when)
        if after in (0, len(self._days)):
            return self._values[min(after, len(self._days) - 1)]
        if self._by_year:
            return self._values[after]
        span = self._days[after] - self._days[after - 1]
        rise = (self._values[after] - self._values[after - 1]) / span
        return self._values[after - 1] + rise * (when - self._days[after - 1])


def exogenous_series(scenario: Scenario) -> dict[str, DatedSeries]:
    """Return all exogenous series of a scenario.

    Raises
    ------
    UserError
        If the record has no such series, version or value, or its unit is not the one the model expects.
    """
    return {name: _series(name, getattr(scenario.exogenous, name)) for name in registry.inputs()}


def _series(name: str, entry: Exogenous) -> DatedSeries:
    expected = registry.inputs()[name].unit
    if entry.values is not None:
        if entry.unit != expected:
            raise UserError(f"exogenous.{name}.unit: '{entry.unit}'; the model expects '{expected}'")
        points = {_day(text): value * entry.scale for text, value in entry.values.items()}
        return DatedSeries(points, entry.reading == "year")
    assert entry.series is not None
    try:
        table = documented.series(entry.series, entry.version)
    except ValueError as error:
        raise UserError(f"exogenous.{name}: {error}") from None
    units = set(table["unit"])
    if units != {expected} and entry.scale == 1.0:
        raise UserError(
            f"exogenous.{name}: '{entry.series}' is in '{', '.join(sorted(units))}'; "
            f"the model expects '{expected}'"
        )
    points = {}
    for row in table.to_dict("records"):
        middle = row["start"] + (row["end"] - row["start"]) / 2
        points[middle.date()] = float(row["value"]) * entry.scale
    if not points:
        raise UserError(f"exogenous.{name}: the record has no values of '{entry.series}', {entry.version}")
    return DatedSeries(points, entry.reading == "year")


def _day(text: str) -> date:
    return date(int(text), 7, 1) if len(text) == 4 else date.fromisoformat(text)
