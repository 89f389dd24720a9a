"""Calendar years of a run: sums, means and closing stocks of recorded quantities."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import Array, total
from planmodel.scenario import registry

_BASE = registry.economy().opening.year  # of prices


class Annual:
    """The calendar years that a run covers from the first to the last month.

    Parameters
    ----------
    dataset
        Result of a run; dimensions member and time (the last day of each month).

    Attributes
    ----------
    years
        The whole years, in order.
    """

    def __init__(self, dataset: xr.Dataset) -> None:
        months = pd.DatetimeIndex(dataset["time"].values).to_period("M")
        have = set(months)
        self.years = [m.year for m in months if m.month == 1 and m + 11 in have]
        if not self.years:
            raise ValueError("the run covers no whole calendar year")
        first = int(np.flatnonzero(months == pd.Period(f"{self.years[0]}-01", "M"))[0])
        self._span = slice(first, first + 12 * len(self.years))
        self._dataset = dataset

    @property
    def base(self) -> int:
        """The position of the year to which prices and work "of 1928" belong, however the run is cut."""
        if _BASE not in self.years:
            raise ValueError(f"the run does not cover {_BASE}, the base of prices")
        return self.years.index(_BASE)

    def months(self, *names: str) -> Array:
        """Return the sum of quantities by month, shape ``(years, 12, members)``."""
        rows = total(np.asarray(self._dataset[name].transpose("time", "member").values) for name in names)
        inside = rows[self._span]
        return inside.reshape(len(self.years), 12, inside.shape[1])

    def total(self, *names: str) -> Array:
        """Return the sum of flows over each year, shape ``(years, members)``."""
        return yearly(self.months(*names))

    def mean(self, *names: str) -> Array:
        """Return the mean of a year, shape ``(years, members)``."""
        return self.total(*names) / 12.0

    def end(self, *names: str) -> Array:
        """Return stocks at the end of each year, shape ``(years, members)``."""
        return self.months(*names)[:, -1]


def yearly(months: Array) -> Array:
    """Add up the months of each year: ``(years, 12, members)`` to ``(years, members)``."""
    return total(months[:, month] for month in range(12))


def by_year(values: xr.DataArray) -> Callable[[object, str], Array | None]:
    """Return what answers for a calendar year, as tables of experiments ask for it.

    Parameters
    ----------
    values
        Dimensions year and member.

    Returns
    -------
    function
        Of results (not used) and dates; it returns shape ``(members,)``, or None where dates are not a year
        that is there, or where nothing is known.
    """
    years = [str(year) for year in values["year"].values]
    rows = np.asarray(values.transpose("year", "member").values)

    def answer(_: object, dates: str) -> Array | None:
        if dates not in years:
            return None
        found: Array = rows[years.index(dates)]
        return found if np.isfinite(found).any() else None

    return answer


def figures_of(values: xr.DataArray, version: str) -> pd.DataFrame:
    """Return what was calculated from the record as figures of it, recalled as the weakest of its sources.

    Parameters
    ----------
    values
        By year; dimensions year and member, one member.
    version
        What to call it.

    Returns
    -------
    DataFrame
        As `planmodel.experiments.results.Record` returns figures, for years that are known.
    """
    by_member = values.transpose("year", "member").values
    rows = [
        {
            "date": str(year),
            "start": pd.Timestamp(f"{year}-01-01"),
            "end": pd.Timestamp(f"{year}-12-31"),
            **dict.fromkeys(("value", "low", "high"), value),
            "version": version,
            "kind": "derived",
            "evidence": "recalled",
        }
        for year, value in zip(values["year"].values, by_member[:, 0], strict=True)
        if np.isfinite(value)
    ]
    return pd.DataFrame(rows)
