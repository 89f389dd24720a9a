"""Regions of the village: what territories of the record they are made up of, and their figures.

>>> from planmodel.documented.regions import figure_of
>>> round(figure_of("volga", "grain_procurement", "1930/31", "control_figures_may_1930", "plan").value, 2)
3.85

``regions.toml`` says what each is made up of. Amounts are added where every part has a figure, and refused
where one lacks: nothing is guessed. Shares and averages are means of the parts, weighed by their people,
where the parts with a figure hold most of the people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planmodel.documented.catalogue import BUILT_IN, Record, UnknownSeriesError
from planmodel.documented.figures import MissingFigureError
from planmodel.documented.made_of import Parts, Region, region, regions, wholes
from planmodel.documented.reading import Row, not_known
from planmodel.documented.vocabulary import CONFIDENCE, EVIDENCE, OWN

__all__ = ["OfRegion", "adds_up", "by_region", "figure_of", "region", "regions", "wholes"]

LEAST = 0.8  # of the people of a region: share that parts with a figure must hold for a mean


@dataclass(frozen=True)
class OfRegion:
    """The figure of a region, or what it lacks to have one.

    Attributes
    ----------
    region
        The region.
    value
        Its figure; None if too many of its parts have none.
    partial
        What the parts with a figure make, however few they are: a sum, or a mean. None if there is none.
    rows
        The figures of its parts.
    missing
        Parts without a figure.
    held
        Share of the people of the region who live in parts with a figure.
    """

    region: Region
    value: float | None
    partial: float | None
    rows: tuple[Row, ...]
    missing: tuple[str, ...]
    held: float

    @property
    def versions(self) -> list[str]:
        """The versions that the figures of the parts are of."""
        return list(dict.fromkeys(row["version"] for row in self.rows))

    @property
    def kinds(self) -> list[str]:
        """The kinds of the figures of the parts: one, unless none was asked for."""
        return list(dict.fromkeys(row["kind"] for row in self.rows))

    @property
    def evidence(self) -> str:
        """The weakest mark of evidence among the parts."""
        return max((row["evidence"] for row in self.rows), key=(*EVIDENCE, OWN).index)

    @property
    def confidence(self) -> str:
        """The weakest mark of confidence among the parts."""
        return max((row["confidence"] for row in self.rows), key=CONFIDENCE.index)


def by_region(
    variable: str,
    date: str,
    versions: str | Sequence[str],
    kind: str | None = None,
    record: Record = BUILT_IN,
    least: float = LEAST,
) -> dict[str, OfRegion]:
    """Return the figures of all regions for a date.

    Parameters
    ----------
    variable, date
        What is asked for, the date as the record writes it.
    versions
        Whose figures. Of several, that of a territory is of the first that has one.
    kind
        Which kind, where a version has several.
    record
        The record, with figures of a user's own or without.
    least
        Share of the people that parts with a figure must hold for the mean of a share or an average.

    Raises
    ------
    UnknownSeriesError
        If the record has no such variable, version, kind or date, or a territory has several figures.
    """
    asked = [versions] if isinstance(versions, str) else list(versions)
    found: dict[str, Row] = {}
    dates: set[str] = set()
    for version in asked:
        of_version: dict[str, Row] = {}
        for row in record.rows(variable, version, None if kind is None else [kind]):
            dates.add(row["date"])
            if row["date"] != date:
                continue
            if row["territory"] in of_version:
                kinds = f"{of_version[row['territory']]['kind']} and {row['kind']}"
                raise UnknownSeriesError(
                    f"{variable} ({version}) has several figures of {row['territory']} for {date}: {kinds}; "
                    "allowed: one kind"
                )
            of_version[row["territory"]] = row
        found = of_version | found
    if not found:
        raise UnknownSeriesError(
            not_known(f"date of {variable} ({', '.join(asked)})", date, sorted(dates), tell_all=True)
        )
    how = made_up_as(record, variable)
    return {name: made_up(one, found, how, least) for name, one in regions().items()}


def figure_of(
    name: str,
    variable: str,
    date: str,
    versions: str | Sequence[str],
    kind: str | None = None,
    record: Record = BUILT_IN,
    least: float = LEAST,
) -> OfRegion:
    """Return the figure of one region: see `by_region`.

    Raises
    ------
    UnknownSeriesError
        As `by_region`, and if there is no such region.
    MissingFigureError
        If the region has no figure, naming its parts that lack one.
    """
    one = region(name)
    found = by_region(variable, date, versions, kind, record, least)[one.name]
    if found.value is None:
        lacking = f"no figure of {', '.join(found.missing)}" if found.missing else "its parts do not add up"
        raise MissingFigureError(f"{variable} of {name} for {date}: {lacking}")
    return found


def adds_up(record: Record, variable: str) -> bool:
    """Tell whether the figures of parts of the country add up to that of the whole."""
    return made_up_as(record, variable) == "sum"


def made_up_as(record: Record, variable: str) -> str:
    """Return how figures of parts become one of the whole: ``sum``, ``mean``, or not at all."""
    about = record.variables().loc[variable]
    if about["measure"] in ("share", "average"):
        return "mean"
    ratio = about["unit"].startswith(("1", "index")) or " a " in about["unit"] or "/" in about["unit"]
    return "sum" if about["measure"] in ("stock", "flow") and not ratio else ""


def made_up(one: Region, found: Mapping[str, Row], how: str, least: float = LEAST) -> OfRegion:
    """Make up a region in the way whose parts with a figure hold most of its people.

    Parameters
    ----------
    one
        The region.
    found
        Figures by territory, of one date and kind.
    how
        ``sum`` or ``mean``: see :func:`made_up_as`.
    least
        Share of the people that parts with a figure must hold for a mean.
    """
    parts, held = max(((parts, _held(parts, found)) for parts in one.made_of), key=lambda way: way[1])
    rows = [found[name] for name in parts if name in found]
    missing = tuple(name for name in parts if name not in found)
    partial = None
    if len(rows) == 1:
        partial = float(rows[0]["value"])
    elif rows and how == "sum":
        partial = sum(row["value"] for row in rows)
    elif rows and how == "mean":
        weights = [parts[row["territory"]] for row in rows]
        partial = sum(w * row["value"] for w, row in zip(weights, rows, strict=True)) / sum(weights)
    enough = held >= least if how == "mean" else not missing
    return OfRegion(one, partial if enough else None, partial, tuple(rows), missing, held)


def _held(parts: Parts, found: Mapping[str, Row]) -> float:
    if all(name in found for name in parts):
        return 1.0  # to the bit: the first complete way is taken
    return sum(people for name, people in parts.items() if name in found) / sum(parts.values())
