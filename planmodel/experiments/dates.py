"""The dates on which tables read the model, and where they are drawn."""

from __future__ import annotations

import pandas as pd

from planmodel.documented.dates import parse_date
from planmodel.experiments.results import Quantity, Results
from planmodel.scenario.indicators import Indicator

YEARS = tuple(str(year) for year in range(1928, 1941))


def own_dates(results: Results, quantity: Quantity) -> list[str]:
    """Return the dates on which a path is read: quarters for stocks, agricultural years for procurement."""
    indicators = results.scenario.declared.indicators
    if isinstance(quantity, str) and quantity not in indicators:
        kind = str(results.dataset[quantity].attrs["kind"]) if quantity in results.dataset else ""
        if kind in ("flow", "net flow"):
            return list(YEARS)
        return quarters(results)
    indicator = indicators[quantity] if isinstance(quantity, str) else quantity
    if isinstance(indicator, Indicator):
        if indicator.measure == "stock":
            return quarters(results)
        if indicator.first_month == 7:
            return [f"{year}/{(year + 1) % 100:02d}" for year in map(int, YEARS)]
    return list(YEARS)


def quarters(results: Results) -> list[str]:
    """Return the first days of the quarters of a run."""
    start, end = results.scenario.period.start, results.scenario.period.end
    days = pd.date_range(start, end + pd.Timedelta(days=1), freq="QS")
    return [str(day.date()) for day in days]


def months(first: str, last: str) -> list[str]:
    """Return the first days of months, both ends included."""
    return [str(day.date()) for day in pd.date_range(first, last, freq="MS")]


def years_of(dates: str) -> float:
    """Return the middle of dates, in years."""
    period = parse_date(dates)
    middle = (period.start.toordinal() + period.end.toordinal() + (period.form != "day")) / 2
    return float(1970.0 + (middle - 719163) / 365.2425)
