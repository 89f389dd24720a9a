"""The figures of the record that targets name, with how far off they may be."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from planmodel import documented
from planmodel.calibration.schema import Errors, Target
from planmodel.documented.dates import parse_date
from planmodel.documented.vocabulary import KINDS
from planmodel.kernel.errors import UserError
from planmodel.report.comparison import COMPARABLE, FACTUAL

INFINITE = float("inf")
_Row = dict[Any, Any]
_Dates = tuple[pd.Timestamp, pd.Timestamp]


class Figure(NamedTuple):
    """A figure of one date: several rows of the record at once where they are floor and ceiling."""

    label: str
    start: date
    end: date
    low: float
    high: float
    version: str
    error: float


def documented_figures(place: str, variable: str, target: Target, errors: Errors) -> list[Figure]:
    """Return the figures of a documented series that a target names, with their standard errors.

    Raises
    ------
    UserError
        Naming the place: an unknown series, version or kind, or years without a figure.
    """
    rows = _rows(place, variable, target)
    spread = _spread(variable) if errors.spread and target.error is None else {}
    typical = float(np.median(list(spread.values()))) if spread else 0.0
    figures = []
    for (start, end), group in _by_date(rows):
        rank = min(row["rank"] for row in group)
        best = [row for row in group if row["rank"] == rank]
        low, high = _bounds_of(best)
        first = best[0]
        error = target.error or _error(first, errors, spread.get((start, end), typical))
        version = str(first["version"])
        figures.append(Figure(str(first["date"]), start.date(), end.date(), low, high, version, error))
    return _selected(place, target, figures)


def _by_date(rows: pd.DataFrame) -> list[tuple[_Dates, list[_Row]]]:
    """Return the rows of each date in order of time. As plain rows: pandas takes a hundred times as long."""
    found: dict[_Dates, list[_Row]] = {}
    for row in rows.to_dict("records"):
        found.setdefault((row["start"], row["end"]), []).append(row)
    return sorted(found.items(), key=lambda item: item[0])


def _rows(place: str, variable: str, target: Target) -> pd.DataFrame:
    """Return the rows of the record that a target names, with the rank of their version."""
    assert target.version is not None
    versions = [target.version] if isinstance(target.version, str) else target.version
    kinds = target.kinds or [*FACTUAL, "estimate_low", "estimate_high"]
    for kind in kinds:
        if kind not in KINDS or kind == "plan":
            allowed = ", ".join(k for k in KINDS if k != "plan")
            raise UserError(f"{place}.kinds: '{kind}' cannot be fitted; allowed: {allowed}")
    tables = []
    for rank, version in enumerate(versions):
        try:
            table = documented.series(variable, version, kinds)
        except documented.UnknownSeriesError as error:
            key = "version" if "version" in str(error) else "series"
            raise UserError(f"{place}.{key}: {error}") from None
        tables.append(table.assign(rank=rank))
    rows = pd.concat(tables, ignore_index=True)
    return rows[rows["territory"].isin(COMPARABLE)]


def _bounds_of(rows: list[_Row]) -> tuple[float, float]:
    """Return the range that the rows of one date and version state."""
    plain = [row["value"] for row in rows if row["kind"] not in ("estimate_low", "estimate_high")]
    if plain:
        return float(plain[0]), float(plain[0])
    low = [row["value"] for row in rows if row["kind"] == "estimate_low"]
    high = [row["value"] for row in rows if row["kind"] == "estimate_high"]
    return float(min(low, default=-INFINITE)), float(max(high, default=INFINITE))


@cache
def _spread(variable: str) -> dict[_Dates, float]:
    """Return the standard deviation between the versions of each date: of logarithms, or of shares."""
    rows = documented.series(variable, kinds=FACTUAL)
    rows = rows[rows["territory"].isin(COMPARABLE)]
    absolute = str(documented.variables().loc[variable, "unit"]) in ("1", "1/year")
    found = {}
    for dates, group in _by_date(rows):
        values = np.array([row["value"] for row in group], dtype=float)
        if len(values) > 1 and (absolute or (values > 0).all()):
            found[dates] = float(np.std(values if absolute else np.log(values), ddof=1))
    return found


def _error(row: _Row, errors: Errors, spread: float) -> float:
    """Return the standard error of a figure: its marks, and how far historians are apart."""
    recalled = errors.recalled if row["evidence"] == "recalled" else 0.0
    marked = float(getattr(errors, str(row["confidence"])))
    return float(np.sqrt(marked**2 + recalled**2 + (errors.spread * spread) ** 2))


def _selected(place: str, target: Target, figures: list[Figure]) -> list[Figure]:
    """Keep the figures of the years that a target names."""
    if target.years is None:
        return figures
    held = {figure.start.year for figure in figures}
    if isinstance(target.years, list):
        for year in target.years:
            if year not in held:
                shown = ", ".join(map(str, sorted(held)))
                raise UserError(f"{place}.years: no figure for {year}; allowed: {shown}")
        return [figure for figure in figures if figure.start.year in target.years]
    try:
        period = parse_date(target.years)
    except ValueError as error:
        raise UserError(f"{place}.years: {error}") from None
    kept = [f for f in figures if period.start.year <= f.start.year <= period.end.year]
    if not kept:
        shown = ", ".join(map(str, sorted(held)))
        raise UserError(f"{place}.years: no figure in {target.years}; allowed: {shown}")
    return kept
