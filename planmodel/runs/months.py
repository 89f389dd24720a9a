"""The months of a run: what is asked of it by day or by span falls into them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd
import xarray as xr

_EPOCH = date(1970, 1, 1).toordinal()


class Months:
    """The months of a run, by ordinal days: their ends, their lengths, their years, and the first day."""

    def __init__(self, days: np.ndarray) -> None:
        months = days.astype("datetime64[M]")  # NumPy alone: pandas takes as long as all else
        first = months.astype("datetime64[D]").astype(int)
        self.ends = days.astype(int) + _EPOCH
        self.opening = int(first[0]) + _EPOCH
        self.years = _years(days)
        self._long = (months + 1).astype("datetime64[D]").astype(int) - first
        self._shares: dict[tuple[int, int], np.ndarray] = {}

    def shares(self, first: int, last: int) -> np.ndarray:
        """Return which part of each month lies within a span, by days; exactly one of a whole month."""
        found = self._shares.get((first, last))
        if found is None:
            before = np.clip(first - self.ends + self._long - 1, 0, self._long)
            after = np.clip(self.ends - last, 0, self._long)
            found = np.asarray(np.maximum(self._long - before - after, 0) / self._long)
            self._shares[first, last] = found
        return found


@lru_cache(maxsize=16)
def _months(days: bytes) -> Months:
    return Months(np.frombuffer(days, dtype="datetime64[D]"))


def months_of(time: pd.DatetimeIndex) -> Months:
    """Return the months that end on days; runs of one period, and all that is asked of them, share them."""
    return _months(np.asarray(time.values).astype("datetime64[D]").tobytes())


def month_ends(dataset: xr.Dataset) -> pd.DatetimeIndex:
    """Return the month ends of a run."""
    return pd.DatetimeIndex(dataset.variables["time"].values)


def years_of(time: pd.DatetimeIndex) -> np.ndarray:
    """Return the calendar years of days."""
    return _years(np.asarray(time.values))


def _years(days: np.ndarray) -> np.ndarray:
    return np.asarray(days.astype("datetime64[Y]").astype(int) + 1970)
