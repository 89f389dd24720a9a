"""The documented record: one tidy table of figures, each with its version, source and doubts.

The figures live in ``record/<theme>.csv``, what they mean in ``variables.toml``: see
:mod:`planmodel.documented.reading`. Both are read when they are first asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from planmodel.documented import prices
from planmodel.documented.files import figures, parts_of_the_country, read_files, sha256
from planmodel.documented.reading import (
    FIELDS,
    RecordError,
    Row,
    Variables,
    not_known,
)
from planmodel.documented.vocabulary import COLUMNS, EVIDENCE, KINDS, NATIONAL, firm_enough

if TYPE_CHECKING:
    import pandas as pd

    from planmodel.documented.own import Own

__all__ = [
    "BUILT_IN",
    "Record",
    "RecordError",
    "UnknownSeriesError",
    "catalogue",
    "figures",
    "parts_of_the_country",
    "rows",
    "series",
    "sha256",
    "unit",
    "values_by_year",
    "variables",
    "versions",
    "whole_country",
]


class UnknownSeriesError(ValueError):
    """A variable, version or kind that the record does not hold."""


class Record:
    """The documented record, alone or together with figures of a user's own.

    It does not change: :meth:`add` returns another. Records with the same figures are equal.

    >>> from planmodel import record
    >>> mine = record.add("my_series.csv")  # doctest: +SKIP
    >>> mine.series("my_series")  # doctest: +SKIP
    """

    def __init__(self, below: Record | None = None, own: Own | None = None) -> None:
        self._below, self._own = below, own

    @cached_property
    def own(self) -> tuple[Own, ...]:
        """The figures of the user's own, in the order in which they were added."""
        return () if self._below is None or self._own is None else (*self._below.own, self._own)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __repr__(self) -> str:
        more = "".join(f" and {one.file}" for one in self.own)
        return f"<the documented record{more}>"

    @cached_property
    def _key(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.own)

    def add(self, *sources: str | Path | pd.DataFrame | Own, name: str = "own") -> Record:
        """Return the record together with figures of your own.

        Parameters
        ----------
        sources
            Files (CSV, Excel, Stata) or frames: variable, date, value and unit are enough, all other columns
            of the record have defaults. A frame declares new variables in ``frame.attrs["variables"]``.
        name
            Of frames: the version of their figures, unless a column says it.

        Raises
        ------
        RecordError
            Naming file, line, column, value and what is allowed.
        """
        found = self
        for source in sources:
            found = Record(found, found.read(source, name))
            _ = found._rows  # checked now
        return found

    def read(self, source: str | Path | pd.DataFrame | Own, name: str = "own") -> Own:
        """Return what :meth:`add` would take up, without taking it up."""
        from planmodel.documented.own import Own, own_of_frame, read_own  # needs the engine's units

        if isinstance(source, Own):
            return source
        if isinstance(source, str | Path):
            return read_own(Path(source), self._described, self._held)
        return own_of_frame(source, name, self._described, self._held)

    def _held(self, variable: str) -> list[str]:
        return sorted({row["version"] for _, row in self._by_variable.get(variable, ())})

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each file of the user's own, by name."""
        return {one.file: one.sha256 for one in self.own}

    def model_of(self, variable: str) -> str:
        """Return what of the model a variable of the user's own is compared with; empty if nothing."""
        return self._described.get(variable, {}).get("model", "")

    def catalogue(self) -> pd.DataFrame:
        """Return all figures of the record.

        Returns
        -------
        DataFrame
            One row a figure, with the columns of the files and ``start`` and ``end`` (the first and the last
            day the figure belongs to; equal for a stock on a day).
        """
        return self._record.copy()

    def variables(self) -> pd.DataFrame:
        """Return what each variable is: title, unit, prices, theme, measure, span, description."""
        return self._variables.copy()

    def unit(self, variable: str) -> str:
        """Return the unit of the figures of a variable."""
        return self._described[variable]["unit"]

    def prices(self, variable: str, version: str) -> str:
        """Return at what prices a version of a variable is: a word of ``prices.py``, or nothing."""
        return prices.of_version(self._described[variable]["prices"], version)

    def series(
        self,
        variable: str,
        version: str | Sequence[str] | None = None,
        kinds: Iterable[str] | None = None,
        evidence: str | None = None,
        territories: Iterable[str] | None = None,
    ) -> pd.DataFrame:
        """Return the figures of one variable, sorted by date.

        Parameters
        ----------
        variable
            Name of the variable.
        version
            One version or several; all by default.
        kinds
            Kinds to keep (``actual``, ``plan``, ...); all by default.
        evidence
            The least firm mark of evidence to keep (``transcribed``, ``recalled``); all by default.
        territories
            Territories to keep; by default the whole country and all its parts: see :meth:`whole_country`.

        Raises
        ------
        UnknownSeriesError
            If the record has no such variable, version, kind or mark of evidence, or the variable no such
            territory.
        """
        chosen = self._chosen(variable, version, kinds, evidence)
        if territories is not None:
            kept = list(territories)
            held = sorted({row["territory"] for _, row in self._chosen(variable, version)})
            for name in kept:
                if name not in held:
                    raise UnknownSeriesError(not_known(f"territory of {variable}", name, held, tell_all=True))
            chosen = [one for one in chosen if one[1]["territory"] in kept]
        return self._record.iloc[[place for place, _ in chosen]].reset_index(drop=True)

    def rows(
        self,
        variable: str,
        version: str | Sequence[str] | None = None,
        kinds: Iterable[str] | None = None,
        evidence: str | None = None,
    ) -> list[Row]:
        """Return what :meth:`series` does, one mapping a figure: tables of a few cost more than they."""
        return [dict(row) for _, row in self._chosen(variable, version, kinds, evidence)]

    def versions(self, variable: str) -> list[str]:
        """Name the versions of a variable."""
        return sorted({row["version"] for _, row in self._chosen(variable)})

    def whole_country(self, variable: str, version: str | Sequence[str] | None = None) -> list[str]:
        """Name the territories that are read where none is asked for.

        They are those of the whole country; its parts, only where nothing is of the whole.
        """
        held = sorted({row["territory"] for _, row in self._chosen(variable, version)})
        return [name for name in held if name in NATIONAL] or held

    def _chosen(
        self,
        variable: str,
        version: str | Sequence[str] | None = None,
        kinds: Iterable[str] | None = None,
        evidence: str | None = None,
    ) -> list[tuple[int, Row]]:
        """Return figures of a variable with their places in the whole record: see :meth:`series`."""
        found = self._by_variable.get(variable)
        if found is None:
            raise UnknownSeriesError(not_known("variable", variable, list(self._described)))
        if version is not None:
            wanted = [version] if isinstance(version, str) else list(version)
            held = sorted({row["version"] for _, row in found})
            for name in wanted:
                if name not in held:
                    raise UnknownSeriesError(not_known(f"version of {variable}", name, held, tell_all=True))
            found = [one for one in found if one[1]["version"] in wanted]
        if kinds is not None:
            kept = list(kinds)
            for kind in kept:
                if kind not in KINDS:
                    raise UnknownSeriesError(not_known("kind", kind, KINDS, tell_all=True))
            found = [one for one in found if one[1]["kind"] in kept]
        if evidence is not None:
            if evidence not in EVIDENCE:
                raise UnknownSeriesError(not_known("evidence", evidence, EVIDENCE, tell_all=True))
            found = [one for one in found if one[1]["evidence"] in firm_enough(evidence)]
        return found

    def values_by_year(self, variable: str, version: str) -> dict[int, float]:
        """Return calendar-year figures of one version for the whole country, without plans.

        They serve as inputs from outside the model. Stocks on a day, agricultural years and spans of years
        are left out.

        Raises
        ------
        UnknownSeriesError
            If the version is unknown or has no calendar-year figure.
        ValueError
            If a year has two figures, such as a low and a high estimate.
        """
        rows = self.series(variable, version)
        rows = rows[
            rows["date"].str.fullmatch(r"\d{4}") & rows["territory"].isin(NATIONAL) & (rows["kind"] != "plan")
        ]
        if rows.empty:
            raise UnknownSeriesError(f"{variable} ({version}) has no figure for a calendar year")
        years = rows["date"].astype(int)
        if years.duplicated().any():
            twice = sorted(years[years.duplicated()].unique())
            raise ValueError(f"{variable} ({version}) has several figures for {', '.join(map(str, twice))}")
        return dict(zip(years.tolist(), rows["value"].tolist(), strict=True))

    @cached_property
    def _described(self) -> Variables:
        if self._below is None or self._own is None:
            return read_files()[0]
        return self._below._described | self._own.described

    @cached_property
    def _variables(self) -> pd.DataFrame:
        import pandas as pd

        described = self._described
        return pd.DataFrame.from_dict(described, orient="index", columns=list(FIELDS)).rename_axis("variable")

    @cached_property
    def _record(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(self._rows, columns=[*COLUMNS, "start", "end"])

    @cached_property
    def _rows(self) -> list[Row]:
        """The figures in the order of the files, with their days as pandas has them."""
        if self._below is None or self._own is None:
            return _with_days(read_files()[1])
        return self._below._rows + _with_days(self._own.rows(self._below._described, self._below._held))

    @cached_property
    def _by_variable(self) -> dict[str, list[tuple[int, Row]]]:
        """The figures of each variable with their places in the record, by date, version and the rest."""
        found: dict[str, list[tuple[int, Row]]] = {}
        for place, row in enumerate(self._rows):
            found.setdefault(row["variable"], []).append((place, row))
        order = itemgetter("start", "end", "version", "territory", "kind")
        return {name: sorted(figures, key=lambda one: order(one[1])) for name, figures in found.items()}


def _with_days(rows: Sequence[Row]) -> list[Row]:
    import pandas as pd

    days = {day: pd.Timestamp(date.fromisoformat(day)) for row in rows for day in (row["start"], row["end"])}
    return [{**row, "start": days[row["start"]], "end": days[row["end"]]} for row in rows]


BUILT_IN = Record()
catalogue, variables, unit = BUILT_IN.catalogue, BUILT_IN.variables, BUILT_IN.unit
series, rows, versions = BUILT_IN.series, BUILT_IN.rows, BUILT_IN.versions
values_by_year, whole_country = BUILT_IN.values_by_year, BUILT_IN.whole_country
