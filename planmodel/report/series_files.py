"""Series of a run for those who read no NetCDF (Stata, R, spreadsheets): monthly.csv and yearly.csv.

One row a member and month (or year), one column a quantity, numbers in full; ``columns.csv`` says what each
column is. Of many members the rows are the central member and quantiles: all of them are in results.nc.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import Array
from planmodel.runs.record import annual_names, reduce, whole_years
from planmodel.runs.schema import Keep
from planmodel.scenario import Scenario

FEW = 10  # members up to which each has rows of its own, 1.5 MB a member of the whole model
_QUANTILES = {"q05": 0.05, "median": 0.5, "q95": 0.95}


def rows_said(dataset: xr.Dataset) -> str:
    """Say what the rows of the tables are."""
    if dataset.sizes["member"] <= FEW:
        return "one row a member and month, or year"
    central = "member 0, and " if 0 in dataset["member"] else ""
    return (
        f"{central}5 %, median and 95 % of {dataset.sizes['member']} members, each quantity and date for "
        "itself; each member is in results.nc only"
    )


def write_series(dataset: xr.Dataset, scenario: Scenario, folder: Path) -> None:
    """Write monthly.csv, yearly.csv (if the period has a whole year) and columns.csv.

    Parameters
    ----------
    dataset
        Result of a run: dimensions member and time, the last day of each month.
    scenario
        Of the run.
    folder
        Where to; it is there.
    """
    days = pd.DatetimeIndex(dataset["time"].values).strftime("%Y-%m-%d").tolist()
    _table(dataset, "date", days).to_csv(folder / "monthly.csv", index=False)
    years = whole_years(scenario.period)
    yearly = reduce(dataset, Keep(variables=annual_names(dataset, scenario.declared)), scenario)
    if years:
        _table(yearly, "year", years).to_csv(folder / "yearly.csv", index=False)
    _columns(dataset, yearly).to_csv(folder / "columns.csv", index=False)


def _table(dataset: xr.Dataset, what: str, dates: list[str] | list[int]) -> pd.DataFrame:
    """Return the rows of each member, or of what is shown of many, one after the other."""
    numbers = dataset["member"].values.tolist()
    if len(numbers) <= FEW:
        labels: dict[str, list[str] | list[int]] = {"member": numbers}
    else:
        labels = {"statistic": [*(["member 0"] if 0 in numbers else []), *_QUANTILES]}
    columns: dict[str, np.ndarray | list[str] | list[int]] = {
        name: np.repeat(rows, len(dates)) for name, rows in labels.items()
    }
    columns[what] = dates * sum(len(rows) for rows in labels.values())
    for name in dataset.data_vars:
        values = dataset.variables[name].transpose("member", "time").values
        columns[str(name)] = _rows(values, numbers).ravel()
    return pd.DataFrame(columns)


def _rows(values: Array, numbers: list[int]) -> Array:
    """Return what is shown of a quantity, shape ``(rows, dates)``."""
    if len(numbers) <= FEW:
        return values
    central = values[[numbers.index(0)]] if 0 in numbers else values[:0]
    return np.concatenate([central, np.quantile(values, list(_QUANTILES.values()), axis=0)])


def _columns(monthly: xr.Dataset, yearly: xr.Dataset) -> pd.DataFrame:
    """Return what each column of the tables is: one row a column."""
    rows = []
    for name in dict.fromkeys([*monthly.data_vars, *yearly.data_vars]):
        month, year = (d.variables[name].attrs if name in d.variables else {} for d in (monthly, yearly))
        rows.append(
            {
                "column": name,
                "meaning": (month or year)["long_name"],
                "kind": month.get("kind"),
                "unit_by_month": month.get("units"),
                "unit_by_year": year.get("units"),
                "by_year": year.get("by_year"),
                "year": year.get("year", "calendar") if year else None,
            }
        )
    return pd.DataFrame(rows)
