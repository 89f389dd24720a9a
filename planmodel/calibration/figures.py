"""The figures of the record that targets name, with how far off they may be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from planmodel.calibration.schema_of_targets import Errors, Target
from planmodel.documented import Record, UnknownSeriesError
from planmodel.documented.catalogue import BUILT_IN
from planmodel.documented.dates import parse_date
from planmodel.documented.typed import Dated, SeriesError, recorded
from planmodel.documented.vocabulary import BOUNDS, COMPARABLE, FACTUAL, KINDS, OWN
from planmodel.engine.errors import UserError
from planmodel.engine.units import UnitError


class Figure(NamedTuple):
    """A figure of one date, or the floor and the ceiling of one."""

    label: str
    start: date
    end: date
    low: float
    high: float
    version: str
    error: float


def documented_figures(
    place: str,
    variable: str,
    target: Target,
    errors: Errors,
    unit: str | None = None,
    record: Record = BUILT_IN,
    evidence: str | None = None,
) -> list[Figure]:
    """Return the figures of a documented series that a target names, with their standard errors.

    Parameters
    ----------
    place
        What a message is to name.
    variable, target, errors
        Which figures, and how far off they may be.
    unit
        What they are converted into; None leaves them as they are.
    record
        Where they stand.
    evidence
        The least firm mark of evidence; a date of which no version has so firm a figure is left out.

    Raises
    ------
    UserError
        Naming the place: an unknown series, version or kind, a unit that does not convert, several figures
        of one date, or years without a figure.
    """
    if evidence is not None:
        everything = documented_figures(place, variable, target, errors, unit, record)
        wanted = {(f.start, f.end) for f in everything}
        target = target.model_copy(update={"years": None})
    named = _named(place, variable, target, unit, record, evidence)
    if evidence is not None:
        named = [one for one in named if (one[0].start, one[0].end) in wanted]
    spread = _spread(variable, record) if errors.spread and target.error is None else {}
    typical = float(np.median(list(spread.values()))) if spread else 0.0
    figures = []
    for figure, version in named:
        assert figure.about is not None
        span = (pd.Timestamp(figure.start), pd.Timestamp(figure.end))
        error = target.error or _error(figure.about, errors, spread.get(span, typical))
        figures.append(
            Figure(figure.label, figure.start, figure.end, figure.low, figure.high, version, error)
        )
    return _selected(place, target, figures)


def _named(
    place: str, variable: str, target: Target, unit: str | None, record: Record, evidence: str | None
) -> list[tuple[Dated, str]]:
    """Return the figures of the record that a target names, each with its version: the first that has it."""
    assert target.version is not None
    versions = [target.version] if isinstance(target.version, str) else target.version
    kinds = target.kinds or [*FACTUAL, *BOUNDS]
    for kind in kinds:
        if kind not in KINDS or kind == "plan":
            allowed = ", ".join(k for k in KINDS if k != "plan")
            raise UserError(f"{place}.kinds: '{kind}' cannot be fitted; allowed: {allowed}")
    found: dict[tuple[date, date], tuple[Dated, str]] = {}
    for version in versions:
        try:
            series = recorded(
                variable,
                version,
                kinds=tuple(kinds),
                territories=COMPARABLE,
                ranges=True,
                record=record,
                evidence=evidence,
            )
            series = series if unit is None else series.to(unit)
        except UnknownSeriesError as error:
            key = "version" if "version" in str(error) else "series"
            raise UserError(f"{place}.{key}: {error}") from None
        except SeriesError as error:
            raise UserError(f"{place}.version: {error}; allowed: one figure a date") from None
        except UnitError:
            raise UserError(f"{place}: '{series.unit}' in the record ({variable}); "
                            f"allowed: '{unit}'") from None  # fmt: skip
        for figure in series:
            found.setdefault((figure.start, figure.end), (figure, version))
    return [found[span] for span in sorted(found)]


@lru_cache(maxsize=1024)
def _spread(variable: str, record: Record) -> dict[tuple[pd.Timestamp, pd.Timestamp], float]:
    """Return the standard deviation between the versions of each date: of logarithms, or of shares."""
    rows = record.series(variable, kinds=FACTUAL)
    rows = rows[rows["territory"].isin(COMPARABLE)]
    absolute = record.unit(variable) in ("1", "1/year")
    found = {}
    for _, group in rows.groupby(["start", "end"]):
        dates = (pd.Timestamp(group.iloc[0]["start"]), pd.Timestamp(group.iloc[0]["end"]))
        values = group["value"].to_numpy(dtype=float)
        if len(values) > 1 and (absolute or (values > 0).all()):
            found[dates] = float(np.std(values if absolute else np.log(values), ddof=1))
    return found


def _error(row: Any, errors: Errors, spread: float) -> float:
    """Return the standard error of a figure: its marks, and how far historians are apart."""
    by_evidence = {"transcribed": 0.0, "recalled": errors.recalled, OWN: errors.recalled}
    known = by_evidence.get(row["evidence"], errors.reading)
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


def error_of(row: Mapping[str, Any], errors: Errors, record: Record = BUILT_IN) -> float:
    """Return the standard error of any figure of the record, plans among them, as that of a target."""
    spread = _spread(row["variable"], record) if errors.spread else {}
    typical = float(np.median(list(spread.values()))) if spread else 0.0
    dates = (pd.Timestamp(row["start"]), pd.Timestamp(row["end"]))
    return _error(row, errors, spread.get(dates, typical))
