"""Model beside record, met by label: variable, version, date and unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.documented import Record
from planmodel.documented.catalogue import BUILT_IN
from planmodel.documented.typed import SeriesError, TypedSeries, recorded
from planmodel.documented.vocabulary import BOUNDS, COMPARABLE, FACTUAL, firm_enough
from planmodel.engine import UserError
from planmodel.engine.units import UnitError
from planmodel.runs.months import month_ends, years_of
from planmodel.runs.observe import Asked, Observer
from planmodel.scenario import Scenario
from planmodel.scenario.alike import comparable
from planmodel.scenario.economy import Economy
from planmodel.scenario.indicators import Indicator, unfit

_MOST_YEARS = 8  # as many as a terminal of 80 columns has room for
COLUMNS = (
    "variable",
    "version",
    "date",
    "start",
    "territory",
    "unit",
    "recorded",
    "model",
    "error",
)


def shown_years(covered: Iterable[int], economy: Economy) -> tuple[int, ...]:
    """Return the years that a table shows: those of the economy that are covered, the last of a short run.

    Where the economy says none: all, or every second or third, counted back from the last.
    """
    known, usual = sorted(set(map(int, covered))), economy.shown_years
    if not usual:
        step = -(-len(known) // _MOST_YEARS)
        return tuple(known[::-step][::-1])
    return tuple(y for y in known if y in usual or (y == known[-1] and y < usual[-1]))


def shown_quantities(dataset: xr.Dataset, economy: Economy, years: Iterable[int]) -> pd.DataFrame:
    """Return what a run of an economy shows where no record is compared with: medians over members.

    Returns
    -------
    DataFrame
        One row a quantity: variable, title, unit, and a column ``model YEAR`` each: flows summed over the
        year, all else on its last day.
    """
    of_month, rows = years_of(month_ends(dataset)), []
    for name in economy.shown:
        values = np.median(dataset[name].transpose("member", "time").values, axis=0)
        about = dataset[name].attrs
        row = {"variable": name, "title": about["long_name"], "unit": about["units"]}
        for year in years:
            mine = values[of_month == year]
            row[f"model {year}"] = float(mine.sum() if about["kind"] == "flow" else mine[-1])
        rows.append(row)
    return pd.DataFrame(rows)


def recorded_values(scenario: Scenario) -> pd.DataFrame:
    """Return the documented values that a scenario names, one version a date, in order of preference.

    Raises
    ------
    UserError
        If a version has several figures for a date, or is in a unit that does not convert into the model's.
    """
    rows = []
    indicators = scenario.declared.indicators
    for variable, versions in scenario.record.items():
        for rank, version in enumerate(versions):
            series = _figures(indicators[variable], version, scenario.documented, scenario.evidence)
            for figure in series:
                assert figure.about is not None
                if figure.bounded:
                    kept = {"value": figure.value, "unit": series.unit, "kind": figure.kind, "rank": rank}
                    rows.append({**figure.about, **kept})
    if not rows:
        return pd.DataFrame(columns=["variable", "version", "date", "value", "unit", "start", "end"])
    record = pd.DataFrame(rows)
    return record.sort_values(["variable", "start", "rank"]).drop_duplicates(["variable", "start", "end"])


def left_out(scenario: Scenario) -> str:
    """Say how many documented values within a run have no figure that is firm enough, if asked for."""
    if scenario.evidence is None:
        return ""
    first, last = (pd.Timestamp(day) for day in (scenario.period.start, scenario.period.end))
    counts = []
    for one in (scenario, scenario.model_copy(update={"evidence": None})):
        record = recorded_values(one)
        counts.append(int(((record["end"] >= first) & (record["start"] <= last)).sum()))
    firm, all_values = counts
    words = " or ".join(firm_enough(scenario.evidence))
    return (
        f"Compared with figures that are {words} only: {all_values - firm} of {all_values} documented values "
        "of these years are left out"
    )


@lru_cache(maxsize=4096)
def _figures(indicator: Indicator, version: str, record: Record, evidence: str | None) -> TypedSeries:
    """Return the factual figures of a version, and the ranges that it gives, in the unit of the model."""
    variable = indicator.name
    place = f"record.{variable}"
    try:
        series = recorded(
            variable,
            version,
            kinds=FACTUAL + BOUNDS,
            territories=COMPARABLE,
            ranges=True,
            record=record,
            evidence=evidence,
        )
        converted = series.to(indicator.unit)
    except SeriesError as error:
        raise UserError(f"{place}: {error}; allowed: a version with one figure a date") from None
    except UnitError:
        raise UserError(f"{place}: '{series.unit}' in the record, '{indicator.unit}' in the model") from None
    for figure in converted:
        wrong = unfit(indicator, figure.start, figure.end)
        if wrong:
            raise UserError(f"{place}: '{version}' has a figure for {figure.label}, but {wrong}")
    return converted


def other_versions(
    variable: str, version: str, date: str, economy: Economy, record: Record = BUILT_IN
) -> list[tuple[str, float]]:
    """Return the factual figures of the other versions of a variable for a date: like with like."""
    table = record.series(variable, kinds=FACTUAL)
    table = table[(table["date"] == date) & (table["version"] != version)]
    table = table[table["territory"].isin(COMPARABLE)]
    found = [(str(row.version), float(str(row.value))) for row in table.itertuples()]
    return [(other, value) for other, value in found if comparable(record, variable, other, economy)]


def compare(dataset: xr.Dataset, scenario: Scenario) -> pd.DataFrame:
    """Return model and record side by side.

    Returns
    -------
    DataFrame
        One row a documented value that the run covers: variable, version, date, territory, unit, recorded,
        model (median over members), error (model over recorded less one).
    """
    rows, indicators = [], scenario.declared.indicators
    figures = recorded_values(scenario).to_dict("records")
    asked = [(indicators[f["variable"]], f["start"].date(), f["end"].date()) for f in figures]
    for figure, model in zip(figures, medians(dataset, asked), strict=True):
        if model is None:
            continue
        recorded = float(figure["value"])
        kept = {key: figure[key] for key in ("variable", "version", "date", "start", "territory", "unit")}
        error = model / recorded - 1.0 if recorded else np.nan
        rows.append({**kept, "recorded": recorded, "model": model, "error": error})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def summary(
    dataset: xr.Dataset,
    met: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    years: Sequence[int],
) -> pd.DataFrame:
    """Return one row an indicator: model and record in chosen years, and the misfit over all dates.

    Parameters
    ----------
    dataset
        Result of a run.
    met
        Its comparison with the record: see :func:`compare`.
    indicators
        Of the economy.
    years
        Which to show.

    Returns
    -------
    DataFrame
        Columns title, unit, a pair (model, recorded) for each of the years, misfit (mean absolute
        error over all dates, as a share) and values (how many dates).
    """
    dated: dict[str, list[dict[Any, Any]]] = {}
    for figure in met.to_dict("records"):
        dated.setdefault(figure["variable"], []).append(figure)
    places = [(name, year) for name in indicators for year in years]
    seen = medians(dataset, [(indicators[name], *_stands_for(indicators[name], y)) for name, y in places])
    model = dict(zip(places, seen, strict=True))
    errors, rows = met["error"].abs().groupby(met["variable"]), []
    for name, indicator in indicators.items():
        mine = dated.get(name, [])
        row: dict[str, object] = {"variable": name, "title": indicator.title, "unit": indicator.unit}
        for year in years:
            found = _of_year(mine, year)
            here = model[name, year] if found is None else float(found["model"])
            row[f"model {year}"] = np.nan if here is None else here
            row[f"recorded {year}"] = np.nan if found is None else found["recorded"]
        row["misfit"] = errors.get_group(name).mean() if mine else np.nan
        row["values"] = len(mine)
        rows.append(row)
    return pd.DataFrame(rows)


def medians(dataset: xr.Dataset, asked: Sequence[Asked]) -> list[float | None]:
    """Return the median over members of what is asked; None where the run does not cover it."""
    observer = Observer(month_ends(dataset), asked)
    medians = np.median(observer.read(dataset), axis=0).tolist()
    return [
        median if covered and not np.isnan(median) else None  # at prices of a year that is not run: no number
        for median, covered in zip(medians, observer.covered, strict=True)
    ]


def _of_year(dated: list[dict[Any, Any]], year: int) -> dict[Any, Any] | None:
    """Return the comparison on the date that stands for a year: the one nearest to its middle."""
    rows = [row for row in dated if row["start"].year == year]
    middle = pd.Timestamp(year, 7, 1)
    return min(rows, key=lambda row: abs(row["start"] - middle)) if rows else None


def _stands_for(indicator: Indicator, year: int) -> tuple[date, date]:
    """Return the days of a year of an indicator without a record: for some that from July to June."""
    if indicator.first_month == 7:
        return date(year, 7, 1), date(year + 1, 6, 30)
    return date(year, 1, 1), date(year, 12, 31)
