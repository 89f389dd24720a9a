"""The documented record: one tidy table of figures, each with its version, source and doubts.

The figures live in ``record/<theme>.csv``, what they mean in ``variables.toml``: see
:mod:`planmodel.documented.reading`. Both are read when they are first asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from planmodel.cache import cached, keep
from planmodel.documented import dates, reading, vocabulary
from planmodel.documented.reading import (
    FIELDS,
    RecordError,
    Row,
    Variables,
    not_known,
    read_record,
    read_territories,
    read_variables,
)
from planmodel.documented.vocabulary import COLUMNS, EVIDENCE, KINDS, NATIONAL, firm_enough

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
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
HERE = Path(__file__).parent
PARTS = "territories.csv"


class UnknownSeriesError(ValueError):
    """A variable, version or kind that the record does not hold."""


def catalogue() -> pd.DataFrame:
    """Return all figures of the record.

    Returns
    -------
    DataFrame
        One row a figure, with the columns of the files and ``start`` and ``end`` (the first and the last day
        the figure belongs to; equal for a stock on a day).
    """
    return _record().copy()


def variables() -> pd.DataFrame:
    """Return what each variable is: title, unit, theme, measure, span and description, by name."""
    return _variables().copy()


def unit(variable: str) -> str:
    """Return the unit of the figures of a variable."""
    return _read()[0][variable]["unit"]


def series(
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
        Territories to keep; by default the whole country and all its parts: see :func:`whole_country`.

    Raises
    ------
    UnknownSeriesError
        If the record has no such variable, version, kind or mark of evidence, or the variable no such
        territory.
    """
    chosen = _chosen(variable, version, kinds, evidence)
    if territories is not None:
        kept = list(territories)
        held = sorted({row["territory"] for _, row in _chosen(variable, version)})
        for name in kept:
            if name not in held:
                raise UnknownSeriesError(not_known(f"territory of {variable}", name, held, tell_all=True))
        chosen = [one for one in chosen if one[1]["territory"] in kept]
    return _record().iloc[[place for place, _ in chosen]].reset_index(drop=True)


def rows(
    variable: str,
    version: str | Sequence[str] | None = None,
    kinds: Iterable[str] | None = None,
    evidence: str | None = None,
) -> list[Row]:
    """Return what :func:`series` does, one mapping a figure: tables of a few cost more than they."""
    return [dict(row) for _, row in _chosen(variable, version, kinds, evidence)]


def figures() -> list[Row]:
    """Return all figures in the order of the files, a mapping each; ``start`` and ``end`` are ISO days."""
    return [dict(row) for row in _read()[1]]


def versions(variable: str) -> list[str]:
    """Name the versions of a variable."""
    return sorted({row["version"] for _, row in _chosen(variable)})


def whole_country(variable: str, version: str | Sequence[str] | None = None) -> list[str]:
    """Name the territories that are read where none is asked for.

    They are those of the whole country; its parts, only where nothing is of the whole.
    """
    held = sorted({row["territory"] for _, row in _chosen(variable, version)})
    return [name for name in held if name in NATIONAL] or held


def _chosen(
    variable: str,
    version: str | Sequence[str] | None = None,
    kinds: Iterable[str] | None = None,
    evidence: str | None = None,
) -> list[tuple[int, Row]]:
    """Return figures of a variable with their places in the whole record: see :func:`series`."""
    found = _by_variable().get(variable)
    if found is None:
        raise UnknownSeriesError(not_known("variable", variable, list(_read()[0])))
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


@cache
def parts_of_the_country() -> dict[str, tuple[str, str]]:
    """Return the parts of the country that figures are of: by name, within what they lie and their borders.

    Raises
    ------
    RecordError
        If the table of territories is malformed.
    """
    return read_territories(HERE / PARTS)


def values_by_year(variable: str, version: str) -> dict[int, float]:
    """Return calendar-year figures of one version for the whole country, without plans.

    They serve as inputs from outside the model. Stocks on a day, agricultural years and spans of years are
    left out.

    Raises
    ------
    UnknownSeriesError
        If the version is unknown or has no calendar-year figure.
    ValueError
        If a year has two figures, such as a low and a high estimate.
    """
    rows = series(variable, version)
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


def sha256() -> str:
    """Hash the data files, for the manifest of a result."""
    digest = hashlib.sha256()
    for path in [HERE / "variables.toml", HERE / PARTS, *sorted((HERE / "record").glob("*.csv"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def _variables() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame.from_dict(_read()[0], orient="index", columns=list(FIELDS)).rename_axis("variable")


@cache
def _record() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(_rows(), columns=[*COLUMNS, "start", "end"])


@cache
def _rows() -> list[Row]:
    """Return the figures in the order of the files, with their days as pandas has them."""
    import pandas as pd

    rows = _read()[1]
    days = {day: pd.Timestamp(date.fromisoformat(day)) for row in rows for day in (row["start"], row["end"])}
    return [{**row, "start": days[row["start"]], "end": days[row["end"]]} for row in rows]


@cache
def _by_variable() -> dict[str, list[tuple[int, Row]]]:
    """Return the figures of each variable with their places in the record, by date, version and the rest."""
    found: dict[str, list[tuple[int, Row]]] = {}
    for place, row in enumerate(_rows()):
        found.setdefault(row["variable"], []).append((place, row))
    order = itemgetter("start", "end", "version", "territory", "kind")
    return {name: sorted(figures, key=lambda one: order(one[1])) for name, figures in found.items()}


@cache
def _read() -> tuple[Variables, list[Row]]:
    """Return variables and figures as they were read and checked, now or for the same files before."""
    code = [Path(module.__file__ or "").read_bytes() for module in (reading, vocabulary, dates)]
    key = hashlib.sha256(b"\0".join([sha256().encode(), *code])).hexdigest()
    found = cached("record", key)
    if found is not None:
        described, rows = json.loads(found)
        return described, rows
    described = read_variables(HERE / "variables.toml")
    rows = read_record(HERE / "record", described, [*NATIONAL, *parts_of_the_country()])
    keep("record", key, json.dumps([described, rows]).encode())
    return described, rows
