"""Looking up single figures of the record, and the usual ways of setting two series side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Comparison = tuple[str, float, float]
Sides = Callable[["Figures"], Sequence[Comparison]]
# What the lists of identities are made of: name, statement, tolerance, sides; for a disagreement, the reason.
Declared = tuple[str, str, float, Sides] | tuple[str, str, float, Sides, str]


class MissingFigureError(ValueError):
    """An identity needs a figure that the record does not hold, or holds more than once."""


class Figures:
    """The figures of a table by variable, version and date, whole country unless a territory is named."""

    def __init__(self, record: pd.DataFrame) -> None:
        self._rows: dict[tuple[str, str], list[tuple[str, float, str, str]]] = {}
        columns = ("variable", "version", "date", "value", "kind", "territory")
        for variable, version, date, value, kind, territory in zip(
            *(record[column] for column in columns), strict=True
        ):
            self._rows.setdefault((variable, version), []).append((date, float(value), kind, territory))

    def dated(
        self, variable: str, version: str, *, kind: str | None = None, territory: str = "USSR"
    ) -> dict[str, float]:
        """Look up one version by date, leaving out dates with several, such as a low and a high one.

        ``territory`` is the beginning of the territory's name.
        """
        found = self._by_date(variable, version, kind, territory)
        return {date: values[0] for date, values in found.items() if len(values) == 1}

    def at(
        self, variable: str, version: str, date: object, *, kind: str | None = None, territory: str = "USSR"
    ) -> float:
        """Look up one figure."""
        values = self._by_date(variable, version, kind, territory).get(str(date), [])
        if len(values) != 1:
            count = "several figures" if values else "no figure"
            raise MissingFigureError(f"{variable} ({version}) has {count} for {date}")
        return values[0]

    def _by_date(
        self, variable: str, version: str, kind: str | None, territory: str
    ) -> dict[str, list[float]]:
        """Gather the figures of one version by date."""
        found: dict[str, list[float]] = {}
        for date, value, its_kind, its_territory in self._rows.get((variable, version), []):
            if its_territory.startswith(territory) and kind in (None, its_kind):
                found.setdefault(date, []).append(value)
        return found


Series = tuple[str, str]


def same(left: Series, right: Series, dates: Iterable[str] | None = None) -> Sides:
    """Compare two versions at the dates that both have, or at the dates named."""

    def sides(figures: Figures) -> list[Comparison]:
        a, b = figures.dated(*left), figures.dated(*right)
        shared = sorted(a.keys() & b.keys()) if dates is None else dates
        rows = [(date, figures.at(*left, date), figures.at(*right, date)) for date in shared]
        if not rows:
            raise MissingFigureError(
                f"{left[0]} ({left[1]}) and {right[0]} ({right[1]}) have no date in common"
            )
        return rows

    return sides


def pairs(left: Series, right: Series, dates: Iterable[tuple[str, str]]) -> Sides:
    """Compare two versions at dates written differently; the date of the left side is shown."""

    def sides(figures: Figures) -> list[Comparison]:
        return [(a, figures.at(*left, a), figures.at(*right, b)) for a, b in dates]

    return sides


def relative_rise(left: Series, levels: Series, spans: Iterable[tuple[str, str, str]]) -> Sides:
    """Compare a stated rise with two levels: (date of the rise, first level, last level)."""

    def sides(figures: Figures) -> list[Comparison]:
        return [
            (date, figures.at(*left, date), figures.at(*levels, last) / figures.at(*levels, first) - 1)
            for date, first, last in spans
        ]

    return sides


def mean_growth(left: Series, levels: Series, spans: Iterable[tuple[str, int, int]]) -> Sides:
    """Compare a stated mean yearly growth with the levels of two years."""

    def sides(figures: Figures) -> list[Comparison]:
        return [
            (
                date,
                figures.at(*left, date),
                (figures.at(*levels, last) / figures.at(*levels, first)) ** (1 / (last - first)) - 1,
            )
            for date, first, last in spans
        ]

    return sides


def rise(left: Series, levels: Series, spans: Iterable[tuple[str, str, str]]) -> Sides:
    """Compare a stated difference with two levels: (date of the difference, first level, last level)."""

    def sides(figures: Figures) -> list[Comparison]:
        return [
            (date, figures.at(*left, date), figures.at(*levels, last) - figures.at(*levels, first))
            for date, first, last in spans
        ]

    return sides


def ratio(left: Series, top: Series, bottom: Series, dates: Iterable[tuple[str, str, str]]) -> Sides:
    """Compare a stated ratio with its two terms: (dates of ratio, upper term, lower term)."""

    def sides(figures: Figures) -> list[Comparison]:
        return [
            (date, figures.at(*left, date), figures.at(*top, above) / figures.at(*bottom, below))
            for date, above, below in dates
        ]

    return sides


def mean(left: Series, right: Series, spans: Iterable[tuple[str, Sequence[str]]]) -> Sides:
    """Compare a stated average with the figures it averages."""

    def sides(figures: Figures) -> list[Comparison]:
        return [
            (date, figures.at(*left, date), sum(figures.at(*right, each) for each in dates) / len(dates))
            for date, dates in spans
        ]

    return sides


def total(
    parts: Sequence[Series], whole: Series | float, dates: Iterable[str], territory: str = "USSR"
) -> Sides:
    """Compare a sum of series with their total, or with a number."""

    def sides(figures: Figures) -> list[Comparison]:
        return [
            (
                date,
                sum(figures.at(*part, date, territory=territory) for part in parts),
                whole if isinstance(whole, float) else figures.at(*whole, date, territory=territory),
            )
            for date in dates
        ]

    return sides


def years(first: int, last: int) -> list[str]:
    """Name calendar years, both ends included."""
    return [str(year) for year in range(first, last + 1)]


def january(first: int, last: int) -> list[str]:
    """Name the first of January of each year, both ends included."""
    return [f"{year}-01-01" for year in range(first, last + 1)]


def agricultural(first: int, last: int) -> list[str]:
    """Name agricultural years by the calendar year they begin in, both ends included."""
    return [f"{year}/{(year + 1) % 100:02d}" for year in range(first, last + 1)]
