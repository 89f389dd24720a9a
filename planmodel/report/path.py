"""What is drawn of a quantity against time: by month what there is on a day, by year what needs one."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import Array
from planmodel.runs.months import month_ends, years_of
from planmodel.runs.observe import by_year, year_of
from planmodel.runs.totals import monthly
from planmodel.scenario.indicators import Indicator
from planmodel.show import plot

BY_MONTH = ("stock", "average")  # measures that have a value in each month


def path_of(
    dataset: xr.Dataset, indicator: Indicator, by_month: Collection[str] = BY_MONTH
) -> tuple[np.ndarray, Array]:
    """Return where a quantity is drawn, in years, and its values there, shape ``(members, places)``.

    Parameters
    ----------
    dataset
        Result of a run.
    indicator
        Of all whose parts were recorded.
    by_month
        Measures that are drawn month by month. Others are drawn in the middle of their years, that of
        procurement from July to June; years without a value are left out.
    """
    if indicator.measure in by_month:
        return plot.years_of_days(month_ends(dataset)), monthly(dataset, indicator)
    years = sorted(set(years_of(month_ends(dataset)).tolist()))
    values = by_year(dataset, indicator, years)
    known = np.flatnonzero(np.isfinite(values).all(axis=0))
    spans = [year_of(indicator, years[at]) for at in known]
    middle = [pd.Timestamp(start) + (pd.Timestamp(end) - pd.Timestamp(start)) / 2 for start, end in spans]
    return plot.years_of_days(middle), values[:, known]
