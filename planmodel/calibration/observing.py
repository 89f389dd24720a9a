"""Asking the model many things at once.

`planmodel.indicators.observe` says what the model answers on a day or over a span. It is linear in the months
of a run, apart from quotients. The weights of the months are read off it once, by observing runs
in which a single month is one; a chunk of members then costs a few additions a point.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.calibration.targets import Observation
from planmodel.engine import Array, total
from planmodel.indicators import Indicator, observe
from planmodel.scenario import Scenario
from planmodel.scenario.declarations import Declarations


@dataclass(frozen=True)
class _Line:
    """Weights of the months in one sum of recorded parts."""

    parts: tuple[str, ...]
    months: np.ndarray
    weights: np.ndarray

    def of(self, sums: dict[tuple[str, ...], Array]) -> Array:
        """Return the weighted sum, shape ``(members,)``."""
        rows = sums[self.parts]
        return total(w * rows[m] for m, w in zip(self.months, self.weights, strict=True))


@dataclass(frozen=True)
class _Reading:
    """One answer: a sum, less another, over a third."""

    above: _Line
    less: _Line | None = None
    below: _Line | None = None

    @property
    def lines(self) -> list[_Line]:
        """The sums that are there."""
        return [line for line in (self.above, self.less, self.below) if line is not None]

    def of(self, sums: dict[tuple[str, ...], Array]) -> Array:
        """Return the answer, shape ``(members,)``."""
        answer = self.above.of(sums)
        if self.less is not None:
            answer = answer - self.less.of(sums)
        if self.below is not None:
            answer = answer / np.maximum(self.below.of(sums), 1e-12)
        return answer


class Observer:
    """Answers a list of observations from the results of a run.

    Parameters
    ----------
    scenario
        Gives the period.
    observations
        What is asked; those that the run does not cover are answered with NaN.
    """

    def __init__(self, scenario: Scenario, observations: Sequence[Observation]) -> None:
        ends = pd.date_range(scenario.period.start, scenario.period.end, freq="ME")
        self.observations = list(observations)
        self._indicators = [_indicator(o, scenario.declared) for o in self.observations]
        self._readings = [
            _reading(ends, o, i) for o, i in zip(self.observations, self._indicators, strict=True)
        ]
        # What compares two years is asked as it is: there are few such figures.
        self._direct = [i for i, o in enumerate(self.observations) if _compares_years(self._indicators[i])]
        for column in self._direct:
            self._readings[column] = None
        self._covered = np.array([reading is not None for reading in self._readings])
        for column in self._direct:
            asked, indicator = self.observations[column], self._indicators[column]
            self._covered[column] = _asked(_ones(ends, indicator), asked, indicator) is not None

    @property
    def covered(self) -> np.ndarray:
        """Which observations the run covers, shape ``(observations,)``."""
        return self._covered

    @property
    def wanted(self) -> list[str]:
        """Names that a run must record."""
        names = {name for line in self._lines() for name in line.parts}
        for column in self._direct:
            indicator = self._indicators[column]
            names |= {*indicator.parts, *indicator.less}
        return sorted(names)

    def read(self, dataset: xr.Dataset) -> Array:
        """Return the answers, shape ``(members, observations)``; NaN where the run does not cover one."""
        sums = {}
        for parts in {line.parts for line in self._lines()}:
            # months first, so that a month is one stretch of memory
            sums[parts] = np.ascontiguousarray(total(np.asarray(dataset[n].values) for n in parts).T)
        answers = np.full((dataset.sizes["member"], len(self.observations)), np.nan)
        for column, reading in enumerate(self._readings):
            if reading is not None:
                answers[:, column] = reading.of(sums)
        for column in self._direct:
            seen = _asked(dataset, self.observations[column], self._indicators[column])
            if seen is not None:
                answers[:, column] = seen
        return answers

    def _lines(self) -> Iterable[_Line]:
        return (line for reading in self._readings if reading is not None for line in reading.lines)


def _indicator(observation: Observation, economy: Declarations) -> Indicator:
    return economy.quantity(observation.indicator, on_a_day=observation.start == observation.end)


def _compares_years(indicator: Indicator) -> bool:
    return indicator.measure in ("growth", "index", "change")


def _asked(dataset: xr.Dataset, observation: Observation, indicator: Indicator) -> Array | None:
    return observe(dataset, indicator, pd.Timestamp(observation.start), pd.Timestamp(observation.end))


def _ones(ends: pd.DatetimeIndex, indicator: Indicator) -> xr.Dataset:
    """Return a run in which everything is one, to ask what a run of these months covers."""
    one = (("member", "time"), np.ones((1, len(ends))))
    arrays = dict.fromkeys((*indicator.parts, *indicator.less), one)
    return xr.Dataset(arrays, coords={"member": [0], "time": ends})


def _reading(ends: pd.DatetimeIndex, observation: Observation, indicator: Indicator) -> _Reading | None:
    plain = replace(indicator, over=(), less=())
    below = less = None
    if indicator.measure == "ratio":
        plain = replace(plain, measure="flow")
        below = _line(ends, replace(plain, parts=indicator.over), observation)
    if indicator.less and indicator.measure != "stock":  # `observe` takes nothing off a stock
        less = _line(ends, replace(plain, parts=indicator.less), observation)
    above = _line(ends, plain, observation)
    return None if above is None else _Reading(above, less, below)


def _line(ends: pd.DatetimeIndex, indicator: Indicator, observation: Observation) -> _Line | None:
    """Return the weights of the months in an observation."""
    alone = replace(indicator, parts=indicator.parts[:1])  # parts are added up: one is as good as another
    found = _weights(ends[0], ends[-1], alone, observation.start, observation.end)
    return None if found is None else _Line(indicator.parts, *found)


@lru_cache(maxsize=20_000)  # a calibration asks for hundreds, and each fit of it again for the same
def _weights(
    first: pd.Timestamp, last: pd.Timestamp, alone: Indicator, start: date, end: date
) -> tuple[np.ndarray, np.ndarray] | None:
    """Read the weights of the months off `observe`, with one member for each month."""
    ends = pd.date_range(first, last, freq="ME")
    arrays = {alone.parts[0]: (("member", "time"), np.eye(len(ends)))}
    probe = xr.Dataset(arrays, coords={"member": np.arange(len(ends)), "time": ends})
    seen = observe(probe, alone, pd.Timestamp(start), pd.Timestamp(end))
    if seen is None:
        return None
    months = np.flatnonzero(seen)
    return months, seen[months]
