"""One typed series for everything that is read: dated figures of one kind, in one unit, one for each date.

Exogenous series, figures that a run is compared with and targets of a calibration all pass through here, so
that of two figures of one date none wins by its place in a table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

from planmodel.documented.catalogue import BUILT_IN, Record
from planmodel.documented.dates import parse_date
from planmodel.documented.vocabulary import BOUNDS
from planmodel.engine import units

INFINITE = float("inf")


class SeriesError(ValueError):
    """Figures that make no series: several for one date."""


@dataclass(frozen=True)
class Dated:
    """A figure, or the range that a low and a high estimate give, with the days that it stands for.

    ``low`` and ``high`` are the figure itself where it stands alone, and infinite where a floor has no
    ceiling or a ceiling no floor. ``about`` holds what else the record says: source, evidence, confidence.
    """

    label: str
    start: date
    end: date
    value: float
    low: float
    high: float
    kind: str = "given"
    territory: str = ""
    about: Mapping[str, Any] | None = None

    @property
    def middle(self) -> date:
        """The day in the middle of the days that it stands for."""
        return self.start + (self.end - self.start) / 2

    @property
    def bounded(self) -> bool:
        """Whether it is a value: a figure, or a range with both ends."""
        return self.low > -INFINITE and self.high < INFINITE


@dataclass(frozen=True)
class TypedSeries:
    """Dated figures in the order of their dates, all in one unit, no two for the same days.

    Attributes
    ----------
    name
        How a message calls it, such as ``gold_output (clio_infra)``.
    unit
        Of every figure.
    figures
        The figures; sorted when it is made.
    """

    name: str
    unit: str
    figures: tuple[Dated, ...]

    def __post_init__(self) -> None:
        ordered = sorted(self.figures, key=lambda figure: (figure.start, figure.end))
        object.__setattr__(self, "figures", tuple(ordered))
        for first, second in pairwise(ordered):
            if (first.start, first.end) == (second.start, second.end):
                raise SeriesError(_several(self.name, (first, second)))

    def __iter__(self) -> Iterator[Dated]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self.figures)

    @property
    def first(self) -> date:
        """The first day that is covered."""
        return min(figure.start for figure in self.figures)

    @property
    def last(self) -> date:
        """The last day that is covered."""
        return max(figure.end for figure in self.figures)

    @property
    def territories(self) -> list[str]:
        """The territories that the figures are of, in the order in which they appear."""
        return list(dict.fromkeys(figure.territory for figure in self.figures))

    def to(self, unit: str) -> TypedSeries:
        """Return it in another unit.

        Raises
        ------
        UnitError
            If the units measure different things.
        """
        if unit == self.unit:
            return self
        units.factor(self.unit, unit)

        def converted(value: float) -> float:
            return units.convert(value, self.unit, unit) if abs(value) < INFINITE else value

        figures = tuple(
            replace(f, value=converted(f.value), low=converted(f.low), high=converted(f.high)) for f in self
        )
        return TypedSeries(self.name, unit, figures)


def given(name: str, unit: str, values: Mapping[str, float]) -> TypedSeries:
    """Return a series that a scenario gives by values, by year or by day."""
    figures = []
    for label, value in values.items():
        period = parse_date(label)
        figures.append(Dated(label, period.start, period.end, value, value, value))
    return TypedSeries(name, unit, tuple(figures))


@lru_cache(maxsize=4096)  # of records with figures of a user's own, not all that ever were
def recorded(
    variable: str,
    version: str,
    *,
    kinds: tuple[str, ...] | None = None,
    territories: tuple[str, ...] | None = None,
    ranges: bool = False,
    evidence: str | None = None,
    record: Record = BUILT_IN,
) -> TypedSeries:
    """Return a version of a variable of the record.

    Parameters
    ----------
    variable, version
        What is read.
    kinds
        What to keep; all by default.
    territories
        What to keep; by default the whole country, or its parts where nothing is of the whole.
    ranges
        Whether a low and a high estimate of one date make one range. Beside a plain figure they are left
        out. Otherwise they are two figures of one date like any others.
    evidence
        The least firm mark of evidence to keep; all by default.
    record
        The record, with figures of a user's own or without.

    Raises
    ------
    UnknownSeriesError
        If the record has no such variable, version, kind or mark of evidence.
    SeriesError
        If there are several figures for a date.
    """
    by_date: dict[tuple[date, date], list[Dated]] = {}
    among = record.whole_country(variable, version) if territories is None else territories
    for row in record.rows(variable, version, kinds, evidence):
        if row["territory"] not in among:
            continue
        figure = _dated(row)
        by_date.setdefault((figure.start, figure.end), []).append(figure)
    name = f"{variable} ({version})"
    figures = [_one(name, found, ranges) for found in by_date.values()]
    return TypedSeries(name, record.unit(variable), tuple(figures))


def _dated(row: Mapping[str, Any]) -> Dated:
    value, kind = float(row["value"]), str(row["kind"])
    low = -INFINITE if kind == "estimate_high" else value
    high = INFINITE if kind == "estimate_low" else value
    start, end = row["start"].date(), row["end"].date()
    return Dated(str(row["date"]), start, end, value, low, high, kind, str(row["territory"]), row)


def _one(name: str, found: list[Dated], ranges: bool) -> Dated:
    """Return the one figure of a date, or the range that its low and its high estimate give."""
    if len(found) > 1 and ranges:
        plain = [figure for figure in found if figure.kind not in BOUNDS]
        kinds = sorted(figure.kind for figure in found)
        if len(plain) == 1 and len(set(kinds)) == len(kinds):
            return plain[0]
        if kinds == sorted(BOUNDS) and found[0].territory == found[1].territory:
            low, high = sorted(figure.value for figure in found)
            middle = (low + high) / 2.0
            return replace(found[0], value=middle, low=low, high=high, kind="derived")
    if len(found) > 1:
        raise SeriesError(_several(name, found))
    return found[0]


def _several(name: str, found: Collection[Dated]) -> str:
    said = " and ".join(
        f"{figure.value:g} ({', '.join(word for word in (figure.kind, figure.territory) if word)})"
        for figure in found
    )
    label = next(iter(found)).label
    return f"{name} has several figures for {label}: {said}"
