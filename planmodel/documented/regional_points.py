"""All that the record has of a variable by region: points, each with its version, dates and doubts.

A region has a figure where its parts add up to one (:mod:`planmodel.documented.regions`): each version by
itself, and some read together where that is asked for. An amount of most parts is a point too, that says of
how much of the people it is. A floor and a ceiling of one version and date are one point with a range; alone
they are a point with an open end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from planmodel.documented.catalogue import BUILT_IN, Record
from planmodel.documented.made_of import Region, regions
from planmodel.documented.reading import Row
from planmodel.documented.regions import LEAST, OfRegion, made_up, made_up_as
from planmodel.documented.vocabulary import BOUNDS, FACTUAL
from planmodel.engine.units import convert
from planmodel.show.numbers import percent

INFINITE = float("inf")


@dataclass(frozen=True)
class RegionalPoint:
    """A figure of a region.

    Attributes
    ----------
    variable, region
        Of what, and whose; the region by its label in a model.
    version
        Whose figure; of several read together, all whose figures are in it.
    date, start, end
        As the record writes it, and the first and last day that it stands for.
    value, low, high
        In the unit of the variable; a floor has no ceiling (infinity), and a ceiling no floor.
    kind, evidence, confidence
        As the record marks it; of several parts the weakest mark.
    missing
        Parts of the region that have no figure.
    held
        Share of its people who live in parts with a figure. An amount of less than all is none of the region,
        but of so much of it.
    amount
        Whether figures of parts add up.
    """

    variable: str
    region: str
    version: str
    date: str
    start: pd.Timestamp
    end: pd.Timestamp
    value: float
    low: float
    high: float
    kind: str
    evidence: str
    confidence: str
    missing: tuple[str, ...] = ()
    held: float = 1.0
    amount: bool = True

    @property
    def whole(self) -> bool:
        """Whether it is of the whole region: an amount of all parts, or a mean of most."""
        return not self.missing or not self.amount

    @property
    def factual(self) -> bool:
        """Whether it says what was in the region: no plan, no floor or ceiling alone, no amount of a part."""
        return self.whole and self.kind in FACTUAL and self.low > -INFINITE and self.high < INFINITE

    @property
    def label(self) -> str:
        """The version, with what is to be known of a point that is no plain figure."""
        words = {"plan": "plan", "estimate_low": "floor", "estimate_high": "ceiling"}
        said = [words[self.kind]] if self.kind in words else []
        said += [] if self.whole else [f"{percent(self.held)} of it"]
        return f"{self.version} ({', '.join(said)})" if said else self.version

    def converted(self, unit: str, wanted: str) -> RegionalPoint:
        """Return it in another unit.

        Raises
        ------
        UnitError
            If the units measure different things.
        """
        low, high = (
            end if abs(end) == INFINITE else convert(end, unit, wanted) for end in (self.low, self.high)
        )
        return replace(self, value=convert(self.value, unit, wanted), low=low, high=high)


def regional_points(
    variable: str,
    of: Mapping[str, Region] | None = None,
    record: Record = BUILT_IN,
    evidence: str | None = None,
    together: Sequence[Sequence[str]] = (),
) -> list[RegionalPoint]:
    """Return all points that regions have of a variable, by version, date and region.

    Parameters
    ----------
    variable
        Name in the record.
    of
        The regions by label; those of the village by default.
    record
        The record, with figures of a user's own or without.
    evidence
        The least firm mark of evidence to keep; all by default.
    together
        Versions that may be read as one, in their order, beside each version alone.

    Raises
    ------
    UnknownSeriesError
        If the record has no such variable, or it no such version.
    """
    asked = regions() if of is None else of
    groups: list[tuple[str, ...]] = [(name,) for name in record.versions(variable)]
    groups += [tuple(names) for names in together]
    found: dict[tuple[str, str, str], list[RegionalPoint]] = {}
    for group in groups:
        rows = record.rows(variable, list(group), None, evidence)
        for point in _points(variable, asked, rows, group, made_up_as(record, variable)):
            found.setdefault((point.version, point.date, point.region), []).append(point)
    points = [one for same in found.values() for one in _joined(same)]
    order = {name: place for place, name in enumerate(asked)}
    return sorted(points, key=lambda p: (order[p.region], p.start, p.end, p.version, p.kind))


def _points(
    variable: str, of: Mapping[str, Region], rows: Sequence[Row], group: tuple[str, ...], how: str
) -> Iterator[RegionalPoint]:
    """Yield the points of versions that are read as one; of several, only what none of them has alone."""
    by_date: dict[tuple[str, str], dict[str, Row]] = {}
    for row in sorted(rows, key=lambda row: group.index(row["version"])):
        by_date.setdefault((row["date"], row["kind"]), {}).setdefault(row["territory"], row)
    for (date, kind), found in by_date.items():
        for label, region in of.items():
            one = made_up(region, found, how)
            if one.partial is None or one.held < LEAST:
                continue
            if len(group) == 1 or len(one.versions) > 1:
                yield _point(variable, label, date, kind, one, group, how == "sum")


def _point(
    variable: str, label: str, date: str, kind: str, one: OfRegion, group: tuple[str, ...], amount: bool
) -> RegionalPoint:
    assert one.partial is not None
    value = one.partial if one.value is None else one.value
    low = -INFINITE if kind == "estimate_high" else value
    high = INFINITE if kind == "estimate_low" else value
    first, version = one.rows[0], " + ".join(name for name in group if name in one.versions)
    return RegionalPoint(
        variable, label, version, date, first["start"], first["end"], value, low, high, kind, one.evidence,
        one.confidence, one.missing, one.held, amount,
    )  # fmt: skip


def _joined(same: Sequence[RegionalPoint]) -> list[RegionalPoint]:
    """Return points of one version, date and region: a floor and a ceiling make one."""
    ends = {point.kind: point for point in same if point.kind in BOUNDS}
    others = [point for point in same if point.kind not in BOUNDS]
    if len(ends) < 2:
        return [*others, *ends.values()]
    if any(point.kind != "plan" for point in others):
        return others  # beside a plain figure they say no more
    floor, ceiling = (ends[kind] for kind in BOUNDS)
    middle = (floor.value + ceiling.value) / 2.0
    return [*others, replace(floor, value=middle, high=ceiling.value, kind="derived")]
