"""Running many parameter sets: matrices in, answers out, on one process or several."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache, partial
from types import TracebackType
from typing import Any, Self

import numpy as np

from planmodel.calibration.observing import Observer
from planmodel.calibration.targets import Observation
from planmodel.calibration.unknowns import Cube, Key
from planmodel.economy import Economy
from planmodel.engine import Array, ConservationError, EquationError, NegativeStockError
from planmodel.runs.workers import ProcessExecutor
from planmodel.plausibility import added_up, count_marks
from planmodel.scenario import Scenario
from planmodel.scenario.keys import nested
from planmodel.scenario.schema import from_json

_SMALLEST = 50  # members a chunk: below it, a run costs nearly as much as a run of one
_LARGEST = 1000  # members a chunk: above it, memory traffic eats what is saved in Python


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
        self._one = _One(scenario, list(keys), list(observations))
        self.covered = self._one.observer.covered
        self._executor: ProcessExecutor | None = None
        # As text: the classes of a scenario are made at run time and cannot be sent to another process.
        text = scenario.model_dump_json(exclude_none=True)
        self._task = partial(_evaluate, text, tuple(keys), tuple(observations))

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
        shared = self.workers if len(values) >= self.workers * _SMALLEST else 1
        pieces = max(-(-len(values) // _LARGEST), shared)
        chunks = np.array_split(values, pieces)
        if self.workers == 1:
            return np.concatenate([self._one(chunk) for chunk in chunks])
        if self._executor is None:
            self._executor = ProcessExecutor(self.workers)
        return np.concatenate(list(self._executor.map(self._task, chunks)))

    def judged(self, values: Array) -> dict[str, Any] | None:
        """Count the sets of unknowns whose histories leave limits: `planmodel.plausibility.count_marks`."""
        pieces = np.array_split(values, -(-len(values) // _LARGEST))
        return added_up([self._one.judged(piece) for piece in pieces])

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


class _One:
    """What one process does with a chunk."""

    def __init__(self, scenario: Scenario, keys: list[Key], observations: list[Observation]) -> None:
        self.scenario, self.cube = scenario, Cube(tuple(keys))
        self.observer = Observer(scenario, observations)
        self._wanted = self.observer.wanted

    def __call__(self, values: Array) -> Array:
        """Run a chunk; where it breaks off, halve it until the members that break are found."""
        try:
            given = nested(self.cube.values(values))
            economy = Economy(self.scenario, [0] * len(values), wanted=self._wanted, **given)
            return self.observer.read(economy.run().dataset)
        except (ConservationError, NegativeStockError, EquationError):
            if len(values) == 1:
                return np.full((1, len(self.observer.observations)), np.nan)
            half = len(values) // 2
            return np.concatenate([self(values[:half]), self(values[half:])])

    def judged(self, values: Array) -> dict[str, Any] | None:
        """Count who leaves limits; those that break off are not counted."""
        try:
            economy = Economy(self.scenario, [0] * len(values), wanted=(), **nested(self.cube.values(values)))
            return count_marks(economy.run().dataset)
        except (ConservationError, NegativeStockError, EquationError):
            if len(values) == 1:
                return None
            half = len(values) // 2
            return added_up([self.judged(values[:half]), self.judged(values[half:])])


@lru_cache(maxsize=2)
def _prepared(scenario: str, keys: tuple[Key, ...], observations: tuple[Observation, ...]) -> _One:
    return _One(from_json(scenario), list(keys), list(observations))


def _evaluate(
    scenario: str, keys: tuple[Key, ...], observations: tuple[Observation, ...], values: Array
) -> Array:
    return _prepared(scenario, keys, observations)(values)
