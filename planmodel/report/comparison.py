"""Model beside record, met by label: variable, version, date and unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel import documented
from planmodel.documented.typed import SeriesError, TypedSeries, recorded
from planmodel.documented.vocabulary import BOUNDS, COMPARABLE, FACTUAL
from planmodel.engine import UserError
from planmodel.engine.units import UnitError
from planmodel.runs.observe import observe
from planmodel.scenario import Scenario
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
    of_month, rows = dataset["time"].dt.year.values, []
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
            series = _figures(indicators[variable], version)
            for figure in series:
                assert figure.about is not None
                if figure.bounded:
                    kept = {"value": figure.value, "unit": series.unit, "kind": figure.kind, "rank": rank}
                    rows.append({**figure.about, **kept})
    if not rows:
        return pd.DataFrame(columns=["variable", "version", "date", "value", "unit", "start", "end"])
    record = pd.DataFrame(rows)
    return record.sort_values(["variable", "start", "rank"]).drop_duplicates(["variable", "start", "end"])


@cache
def _figures(indicator: Indicator, version: str) -> TypedSeries:
    """Return the factual figures of a version, and the ranges that it gives, in the unit of the model."""
    variable = indicator.name
    place = f"record.{variable}"
    try:
        series = recorded(variable, version, kinds=FACTUAL + BOUNDS, territories=COMPARABLE, ranges=True)
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


def other_versions(variable: str, version: str, date: str) -> list[tuple[str, float]]:
    """Return the factual figures of the other versions of a variable for a date."""
    table = documented.series(variable, kinds=FACTUAL)
    table = table[(table["date"] == date) & (table["version"] != version)]
    table = table[table["territory"].isin(COMPARABLE)]
    return [(str(row.version), float(str(row.value))) for row in table.itertuples()]


def compare(dataset: xr.Dataset, scenario: Scenario) -> pd.DataFrame:
    """Return model and record side by side.

    Returns
    -------
    DataFrame
        One row a documented value that the run covers: variable, version, date, territory, unit, recorded,
        model (median over members), error (model over recorded less one).
    """
    rows = []
    for figure in recorded_values(scenario).to_dict("records"):
        indicator = scenario.declared.indicators[figure["variable"]]
        seen = observe(dataset, indicator, figure["start"], figure["end"])
        if seen is None:
            continue
        model, recorded = float(np.median(seen)), float(figure["value"])
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
    rows = []
    for name, indicator in indicators.items():
        mine = met[met["variable"] == name]
        dated = mine.to_dict("records")
        row: dict[str, object] = {"variable": name, "title": indicator.title, "unit": indicator.unit}
        for year in years:
            figure = _of_year(dated, year)
            row[f"model {year}"] = _model_in(dataset, indicator, year, figure)
            row[f"recorded {year}"] = np.nan if figure is None else figure["recorded"]
        row["misfit"] = mine["error"].abs().mean() if len(mine) else np.nan
        row["values"] = len(mine)
        rows.append(row)
    return pd.DataFrame(rows)


def _of_year(dated: list[dict[Any, Any]], year: int) -> dict[Any, Any] | None:
    """Return the comparison on the date that stands for a year: the one nearest to its middle."""
    rows = [row for row in dated if row["start"].year == year]
    middle = pd.Timestamp(year, 7, 1)
    return min(rows, key=lambda row: abs(row["start"] - middle)) if rows else None


def _model_in(dataset: xr.Dataset, indicator: Indicator, year: int, figure: dict[Any, Any] | None) -> float:
    if figure is not None:
        return float(figure["model"])
    start, end = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
    if indicator.first_month == 7:  # an agricultural year
        start, end = pd.Timestamp(year, 7, 1), pd.Timestamp(year + 1, 6, 30)
    seen = observe(dataset, indicator, start, end)
    return float("nan") if seen is None else float(np.median(seen))
