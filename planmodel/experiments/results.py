"""What the functions of an experiment are given: results of runs, and the documented record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from planmodel import documented
from planmodel.documented.catalogue import BUILT_IN
from planmodel.documented.dates import parse_date
from planmodel.documented.vocabulary import BOUNDS, COMPARABLE, EVIDENCE, FACTUAL, OWN
from planmodel.engine import Array, UserError
from planmodel.runs.observe import observe, observe_quantity
from planmodel.scenario import Scenario
from planmodel.scenario.indicators import Indicator
from planmodel.scenario.names import hint

OVER = " over "  # between the versions of two series of the record, of which one is over the other


@dataclass(frozen=True)
class Results:
    """The result of one run: a dataset with the dimensions member and time (months)."""

    name: str
    dataset: xr.Dataset
    scenario: Scenario
    about: str = ""

    @property
    def members(self) -> int:
        """Number of members."""
        return int(self.dataset.sizes["member"])

    def observe(self, quantity: str | Indicator, dates: str) -> Array | None:
        """Return a quantity on a day or over a span, as score and calibration observe it.

        Parameters
        ----------
        quantity
            Name of an indicator or of a recorded stock, flow or variable; or an indicator of its own.
        dates
            As the record writes them: ``1930``, ``1930-07-01``, ``1930/31``, ``1928..1932``.

        Returns
        -------
        array or None
            Shape ``(members,)``; None where the run does not cover the dates, or only repeats its start.

        Raises
        ------
        UserError
            If the run did not record the quantity.
        """
        period = parse_date(dates)
        start, end = period.start, period.end
        indicators = self.scenario.declared.indicators
        if isinstance(quantity, str) and quantity not in indicators:
            if quantity not in self.dataset:
                names = [str(name) for name in self.dataset.data_vars]
                raise UserError(f"run '{self.name}' did not record '{quantity}'{hint(quantity, names)}")
            return observe_quantity(self.dataset, quantity, start, end)
        indicator = indicators[quantity] if isinstance(quantity, str) else quantity
        for part in indicator.made_of:
            if part not in self.dataset:
                raise UserError(
                    f"run '{self.name}' did not record '{part}', which {indicator.name} is made of"
                )
        return observe(self.dataset, indicator, start, end)

    def need(self, quantity: str | Indicator, dates: str) -> Array:
        """Return the same, or refuse dates that the run does not cover."""
        seen = self.observe(quantity, dates)
        if seen is None:
            raise UserError(f"run '{self.name}' does not cover {dates}")
        return seen


Quantity = str | Indicator | Callable[[Results, str], Array | None]


def seen(results: Results, quantity: Quantity, dates: str) -> Array | None:
    """Return a quantity on dates: see :meth:`Results.observe`; a function is called."""
    if isinstance(quantity, str | Indicator):
        return results.observe(quantity, dates)
    return quantity(results, dates)


def ratio(above: Quantity, below: Quantity) -> Quantity:
    """Return the quantity that is one over another, member by member."""

    def divided(results: Results, dates: str) -> Array | None:
        first, second = seen(results, above, dates), seen(results, below, dates)
        if first is None or second is None:
            return None
        quotient: Array = first / np.where(np.abs(second) > 1e-12, second, np.nan)
        return quotient

    return divided


def always(quantity: Quantity, dates: str) -> Quantity:
    """Return the quantity on dates of its own, whatever dates are asked for."""
    return lambda results, _: seen(results, quantity, dates)


def mean_growth(quantity: Quantity) -> Quantity:
    """Return growth: of a year over the year before, of years on average from the first to the last."""

    def growth(results: Results, dates: str) -> Array | None:
        period = parse_date(dates)
        first, last = period.start.year, period.end.year
        first = last - 1 if first == last else first
        before, after = (seen(results, quantity, str(year)) for year in (first, last))
        if before is None or after is None:
            return None
        rate: Array = (after / before) ** (1.0 / (last - first)) - 1.0
        return rate

    return growth


class Record:
    """The documented record, as experiments read it: with figures of the user's own, or without."""

    def __init__(self, documented: documented.Record = BUILT_IN) -> None:
        self._documented = documented

    def series(
        self,
        variable: str,
        version: str | Sequence[str] | None = None,
        kinds: Sequence[str] = FACTUAL + BOUNDS,
        everywhere: bool = False,
    ) -> pd.DataFrame:
        """Return the figures of a variable by date; a low and a high estimate become one row.

        Parameters
        ----------
        variable, version
            As in :func:`planmodel.documented.series`.
        kinds
            Kinds to keep; plans are not unless asked for.
        everywhere
            Whether to keep figures of other territories than the model's.

        Returns
        -------
        DataFrame
            The columns of the record, with ``low`` and ``high``, equal to ``value`` for a single figure.
        """
        found = self._documented.series(variable, version)
        found = found[found["kind"].isin(list(kinds))]
        if not everywhere:
            found = found[found["territory"].isin(COMPARABLE)]
        rows = []
        for _, same in found.groupby(["start", "end", "version", "territory"], sort=False):
            bounds = same[same["kind"].isin(BOUNDS)]
            if set(bounds["kind"]) == set(BOUNDS):
                low, high = float(bounds["value"].min()), float(bounds["value"].max())
                row = bounds.iloc[:1].assign(value=(low + high) / 2, low=low, high=high, kind="range")
                rows.append(row)
                same = same[~same["kind"].isin(BOUNDS)]
            rows.append(same.assign(low=same["value"], high=same["value"]))
        empty = found.assign(low=found["value"], high=found["value"]).iloc[:0]
        together = [rows_ for rows_ in rows if len(rows_)]
        return pd.concat(together, ignore_index=True) if together else empty

    def over(self, above: tuple[str, str], below: tuple[str, str]) -> pd.DataFrame:
        """Return one series (variable, version) over another, on the dates that both have.

        Its evidence is the weaker of the two; its version names both.
        """
        first, second = self.series(*above), self.series(*below)
        both = first.merge(second, on=["date", "start", "end"], suffixes=("", "_below"))
        marks = zip(both["evidence"], both["evidence_below"], strict=True)
        return both.assign(
            low=both["low"] / both["high_below"],
            high=both["high"] / both["low_below"],
            value=both["value"] / both["value_below"],
            version=both["version"] + OVER + both["version_below"],
            kind="derived",
            evidence=[max(pair, key=(*EVIDENCE, OWN).index) for pair in marks],
        )[first.columns]

    def value(self, variable: str, version: str, dates: str, kinds: Sequence[str] | None = None) -> float:
        """Return one figure.

        Raises
        ------
        UserError
            If the record has none or several.
        """
        found = self._documented.series(variable, version, kinds)
        found = found[found["date"] == dates]
        if len(found) != 1:
            count = f"{len(found)} figures" if len(found) else "no figure"
            raise UserError(f"the record has {count} of {variable} ({version}) for {dates}; wanted: one")
        return float(found["value"].iloc[0])

    def names(self) -> list[str]:
        """Return the names of all variables."""
        return [str(name) for name in self._documented.variables().index]

    def versions(self, variable: str) -> list[str]:
        """Return the versions of a variable."""
        return self._documented.versions(variable)

    def unit(self, variable: str) -> str:
        """Return the unit of a variable."""
        return self._documented.unit(variable)


def quantiles(values: Array) -> tuple[float, float, float]:
    """Return median, 5 % and 95 % of members; NaN if a value is not finite in all of them."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return (np.nan, np.nan, np.nan)
    low, median, high = np.quantile(finite, [0.05, 0.5, 0.95])
    return float(median), float(low), float(high)
