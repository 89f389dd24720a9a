"""Running many parameter sets: matrices in, answers out, on one process or several."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Executor
from types import TracebackType
from typing import Any, Self

import numpy as np
import xarray as xr

from planmodel.calibration.unknowns import Cube, Key
from planmodel.engine import Array
from planmodel.plausibility import added_up, count_marks
from planmodel.runs.chunks import BREAKS_OFF
from planmodel.runs.evaluate import ask, figures
from planmodel.runs.members import Members, unchecked
from planmodel.runs.observe import Observation
from planmodel.runs.workers import ProcessExecutor
from planmodel.scenario import Scenario

SMALLEST = 50  # members a chunk: below it, a run costs nearly as much as a run of one
LARGEST = 1000  # members a chunk: above it, memory traffic eats what is saved in Python


class Evaluator:
    """Runs the central history (no shocks) under many sets of unknowns.

    Parameters
    ----------
    scenario
        What is run.
    keys
        What differs between members; biases of the record are passed over.
    observations
        What the model is asked.
    workers
        Number of processes; 1 runs in this one. Results do not depend on it.
    """

    def __init__(
        self,
        scenario: Scenario,
        keys: Sequence[Key],
        observations: Sequence[Observation],
        workers: int | None = None,
    ) -> None:
        self.workers = min(os.cpu_count() or 1, 8) if workers is None else workers
        self.runs = 0
        self._scenario, self._cube = scenario, Cube(tuple(keys))
        self._figures = figures(scenario, observations, folded=True)
        self._executor: ProcessExecutor | None = None

    def __call__(self, values: Array) -> Array:
        """Return the answers to each row of unknowns.

        Parameters
        ----------
        values
            Shape ``(members, keys)``, in natural units.

        Returns
        -------
        array
            Shape ``(members, observations)``; NaN in the rows of members whose run broke off.
        """
        self.runs += len(values)
        shared = self.workers if len(values) >= self.workers * SMALLEST else 1
        size = -(-len(values) // max(-(-len(values) // LARGEST), shared))
        found = np.full((len(values), len(self._figures.observations)), np.nan)
        answers = ask(self._members(values), self._figures, self._pool(), size, BREAKS_OFF)
        for rows, answered in answers:
            found[rows] = answered
        return found

    def judged(self, values: Array) -> dict[str, Any] | None:
        """Count the sets of unknowns whose histories leave limits: `planmodel.plausibility.count_marks`.

        Those that break off are not counted.
        """
        counts = ask(self._members(values), _Marks(), size=LARGEST, isolation=BREAKS_OFF)
        return added_up([count for _, count in counts])

    def close(self) -> None:
        """Stop the other processes."""
        if self._executor is not None:
            self._executor.stop()
        self._executor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _members(self, values: Array) -> Members:
        return unchecked(self._scenario, self._cube.values(values), np.zeros(len(values), dtype=np.int64))

    def _pool(self) -> Executor | None:
        if self.workers == 1:
            return None
        if self._executor is None:
            self._executor = ProcessExecutor(self.workers)
        return self._executor


class _Marks:
    """Asks who leaves limits of plausibility."""

    wanted = ()

    def __call__(self, dataset: xr.Dataset) -> dict[str, Any] | None:
        return count_marks(dataset)
