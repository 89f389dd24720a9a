"""Asking the model many things at once.

`planmodel.indicators.observe` says what the model answers on a day or over a span. It is linear in the months
of a run, apart from the quotient of ratios. The weights of the months are read off it once, by observing runs
in which a single month is one; a chunk of members then costs a few additions a point.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.calibration.targets import Observation
from planmodel.indicators import INDICATORS, Indicator, observe
from planmodel.kernel import Array, total
from planmodel.scenario import Scenario


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
    above: _Line
    below: _Line | None


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
        self._readings = [_reading(ends, o) for o in self.observations]

    @property
    def covered(self) -> np.ndarray:
        """Which observations the run covers, shape ``(observations,)``."""
        return np.array([reading is not None for reading in self._readings])

    @property
    def wanted(self) -> list[str]:
        """Names that a run must record."""
        return sorted({name for line in self._lines() for name in line.parts})

    def read(self, dataset: xr.Dataset) -> Array:
        """Return the answers, shape ``(members, observations)``; NaN where the run does not cover one."""
        sums = {}
        for parts in {line.parts for line in self._lines()}:
            # months first, so that a month is one stretch of memory
            sums[parts] = np.ascontiguousarray(total(np.asarray(dataset[n].values) for n in parts).T)
        answers = np.full((dataset.sizes["member"], len(self.observations)), np.nan)
        for column, reading in enumerate(self._readings):
            if reading is None:
                continue
            answer = reading.above.of(sums)
            if reading.below is not None:
                answer = answer / np.maximum(reading.below.of(sums), 1e-12)
            answers[:, column] = answer
        return answers

    def _lines(self) -> Iterable[_Line]:
        for reading in self._readings:
            if reading is not None:
                yield reading.above
                if reading.below is not None:
                    yield reading.below


def _reading(ends: pd.DatetimeIndex, observation: Observation) -> _Reading | None:
    indicator = INDICATORS[observation.indicator]
    if indicator.measure == "ratio":
        above = _line(ends, replace(indicator, measure="flow", over=()), observation)
        below = _line(ends, replace(indicator, measure="flow", parts=indicator.over, over=()), observation)
        return None if above is None or below is None else _Reading(above, below)
    line = _line(ends, indicator, observation)
    return None if line is None else _Reading(line, None)


def _line(ends: pd.DatetimeIndex, indicator: Indicator, observation: Observation) -> _Line | None:
    """Read the weights of the months off `observe`, with one member for each month."""
    alone = replace(indicator, parts=indicator.parts[:1])  # parts are added up: one is as good as another
    arrays = {alone.parts[0]: (("member", "time"), np.eye(len(ends)))}
    probe = xr.Dataset(arrays, coords={"member": np.arange(len(ends)), "time": ends})
    seen = observe(probe, alone, pd.Timestamp(observation.start), pd.Timestamp(observation.end))
    if seen is None:
        return None
    months = np.flatnonzero(seen)
    return _Line(indicator.parts, months, seen[months])
