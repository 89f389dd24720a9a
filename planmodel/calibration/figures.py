"""The figures of the record that targets name, with how far off they may be."""

from __future__ import annotations

from datetime import date
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
    for _, group in rows.groupby(["start", "end"], sort=True):
        best = group[group["rank"] == group["rank"].min()]
        low, high = _bounds_of(best)
        row = best.iloc[0]
        start, end = pd.Timestamp(row["start"]), pd.Timestamp(row["end"])
        error = target.error or _error(row, errors, spread.get((start, end), typical))
        version = str(row["version"])
        figures.append(Figure(str(row["date"]), start.date(), end.date(), low, high, version, error))
    return _selected(place, target, figures)


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


def _bounds_of(rows: pd.DataFrame) -> tuple[float, float]:
    """Return the range that the rows of one date and version state."""
    plain = rows[~rows["kind"].isin(("estimate_low", "estimate_high"))]
    if len(plain):
        value = float(plain.iloc[0]["value"])
        return value, value
    low, high = (rows[rows["kind"] == kind]["value"] for kind in ("estimate_low", "estimate_high"))
    return (float(low.min()) if len(low) else -INFINITE, float(high.max()) if len(high) else INFINITE)


def _spread(variable: str) -> dict[tuple[pd.Timestamp, pd.Timestamp], float]:
    """Return the standard deviation between the versions of each date: of logarithms, or of shares."""
    rows = documented.series(variable, kinds=FACTUAL)
    rows = rows[rows["territory"].isin(COMPARABLE)]
    absolute = str(documented.variables().loc[variable, "unit"]) in ("1", "1/year")
    found = {}
    for _, group in rows.groupby(["start", "end"]):
        dates = (pd.Timestamp(group.iloc[0]["start"]), pd.Timestamp(group.iloc[0]["end"]))
        values = group["value"].to_numpy(dtype=float)
        if len(values) > 1 and (absolute or (values > 0).all()):
            found[dates] = float(np.std(values if absolute else np.log(values), ddof=1))
    return found


def _error(row: Any, errors: Errors, spread: float) -> float:
    """Return the standard error of a figure: its marks, and how far historians are apart."""
    known = {"transcribed": 0.0, "recalled": errors.recalled, "reading": errors.reading}[row["evidence"]]
    marked = float(getattr(errors, str(row["confidence"])))
    return float(np.sqrt(marked**2 + known**2 + (errors.spread * spread) ** 2))


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
