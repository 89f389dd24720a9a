"""Exogenous series: from the record by label, or from the scenario with their source."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date

from planmodel import documented
from planmodel.kernel import Array
from planmodel.kernel.errors import UserError
from planmodel.scenario.schema import Exogenous, Scenario, hint

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


def exogenous_series(scenario: Scenario, overrides: Overrides | None = None) -> dict[str, DatedSeries]:
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
    overrides, inputs = overrides or {}, scenario.declared.inputs()
    for name in overrides:
        if name not in inputs:
            raise UserError(f"exogenous.{name}: no such exogenous series{hint(name, inputs)}")
    return {
        name: _series(name, getattr(scenario.exogenous, name), declared.unit, overrides.get(name, {}))
        for name, declared in inputs.items()
    }


def _series(name: str, entry: Exogenous, expected: str, overrides: Mapping[str, Array]) -> DatedSeries:
    if entry.values is not None:
        if entry.unit != expected:
            raise UserError(f"exogenous.{name}.unit: '{entry.unit}'; the model expects '{expected}'")
        values: dict[str, float | Array] = dict(entry.values)
        for text, array in overrides.items():
            if text not in values:
                raise UserError(f"exogenous.{name}.values.{text}: has no value in the scenario"
                                f"{hint(text, values)}")  # fmt: skip
            values[text] = array
        given = {_day(text): value * entry.scale for text, value in values.items()}
        return DatedSeries(given, entry.reading == "year")
    if overrides:
        raise UserError(f"exogenous.{name}: is read from the record; allowed: a series given by values")
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
