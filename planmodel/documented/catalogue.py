"""The documented record: one tidy table of figures, each with its version, source and doubts.

The figures live in ``record/<theme>.csv``, what they mean in ``variables.toml``: see
:mod:`planmodel.documented.reading`. Both are read when they are first asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planmodel.documented.reading import RecordError, not_known, read_record, read_variables
from planmodel.documented.vocabulary import KINDS

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "RecordError",
    "UnknownSeriesError",
    "catalogue",
    "rows",
    "series",
    "sha256",
    "unit",
    "values_by_year",
    "variables",
    "versions",
]
HERE = Path(__file__).parent


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
    return str(_variables().loc[variable, "unit"])


def series(
    variable: str, version: str | Sequence[str] | None = None, kinds: Iterable[str] | None = None
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

    Raises
    ------
    UnknownSeriesError
        If the record has no such variable, version or kind.
    """
    return _record().iloc[[place for place, _ in _chosen(variable, version, kinds)]].reset_index(drop=True)


def rows(
    variable: str, version: str | Sequence[str] | None = None, kinds: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """Return what :func:`series` does, one mapping a figure: tables of a few cost more than they."""
    return [dict(row) for _, row in _chosen(variable, version, kinds)]


def versions(variable: str) -> list[str]:
    """Name the versions of a variable."""
    return sorted({row["version"] for _, row in _chosen(variable)})


def _chosen(
    variable: str, version: str | Sequence[str] | None = None, kinds: Iterable[str] | None = None
) -> list[tuple[int, dict[str, Any]]]:
    """Return figures of a variable with their places in the whole record: see :func:`series`."""
    found = _by_variable().get(variable)
    if found is None:
        raise UnknownSeriesError(not_known("variable", variable, _variables().index.tolist()))
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
    return found


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
        rows["date"].str.fullmatch(r"\d{4}")
        & rows["territory"].str.startswith("USSR")
        & (rows["kind"] != "plan")
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
    for path in [HERE / "variables.toml", *sorted((HERE / "record").glob("*.csv"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def _variables() -> pd.DataFrame:
    return read_variables(HERE / "variables.toml")


@cache
def _record() -> pd.DataFrame:
    return read_record(HERE / "record", _variables())


@cache
def _by_variable() -> dict[str, list[tuple[int, dict[str, Any]]]]:
    """Return the figures of each variable with their places in the record, by date, version and the rest."""
    found: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for place, row in enumerate(_record().to_dict("records")):
        found.setdefault(row["variable"], []).append((place, {str(key): value for key, value in row.items()}))
    order = itemgetter("start", "end", "version", "territory", "kind")
    return {name: sorted(figures, key=lambda one: order(one[1])) for name, figures in found.items()}
