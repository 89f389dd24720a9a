"""One chunk of members, run in one go; and what to do when some of them fail."""

from __future__ import annotations

import gc
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import xarray as xr

from planmodel.economy import Economy
from planmodel.engine import Array, UserError
from planmodel.scenario import Scenario
from planmodel.scenario.declarations import Declarations
from planmodel.scenario.keys import nested
from planmodel.scenario.schema import from_json

CHUNK = 4000  # most members that run together, unless another size is asked for
_HEAVY = 500  # members from which on the arrays of a chunk are given back at once
ISOLATED = 8  # members of a chunk that are found one by one; beyond it the rest fails with its neighbours


@dataclass(frozen=True)
class Chunk:
    """What a worker needs to run some members of a group.

    ``scenario`` is the JSON of the group's scenario, since its classes are made at run time and cannot be
    pickled; ``first`` and ``last`` are positions in the group; ``values`` differ between members.
    """

    group: int
    first: int
    last: int
    scenario: str
    seed: int
    members: np.ndarray
    numbers: np.ndarray
    values: Mapping[str, Array]

    def part(self, start: int, stop: int) -> Chunk:
        """Return some of its members, by position within it."""
        return Chunk(
            self.group,
            self.first + start,
            self.first + stop,
            self.scenario,
            self.seed,
            self.members[start:stop],
            self.numbers[start:stop],
            {name: array[start:stop] for name, array in self.values.items()},
        )

    @property
    def economy(self) -> Declarations:
        """The economy of the scenario."""
        return scenario_of(self).declared

    def __len__(self) -> int:
        """Return the number of members."""
        return len(self.members)


@dataclass(frozen=True)
class Failure:
    """Members that could not be run, and why."""

    members: tuple[int, ...]
    error: str
    traceback: str


_read = lru_cache(maxsize=8)(from_json)


def scenario_of(chunk: Chunk) -> Scenario:
    """Return the scenario of a chunk."""
    return _read(chunk.scenario)


def size_of_chunks(asked: int | None, members: int, width: int) -> int:
    """Return the size of chunks: as asked, or such that all workers have work and none is short of memory.

    Raises
    ------
    UserError
        If less than one member is asked for.
    """
    if asked is None:
        return max(1, min(CHUNK, -(-members // max(width, 1))))
    if asked < 1:
        raise UserError(f"chunk: {asked} is out of bounds; allowed: 1 or more")
    return asked


def simulate(chunk: Chunk, wanted: Collection[str] | None) -> xr.Dataset:
    """Run the members of a chunk; the coordinate ``member`` holds their numbers in the ensemble."""
    numbers = [int(number) for number in chunk.numbers]
    labels = [int(member) for member in chunk.members]
    scenario, given = scenario_of(chunk), nested(chunk.values)
    economy = Economy(scenario, numbers, chunk.seed, wanted=wanted, labels=labels, **given)
    dataset = economy.run().dataset
    # Processes hold components and these hold the clock: without a word the arrays of the last chunk would
    # still be in memory while the next one runs. To look for them takes a tenth of a small run.
    del economy
    if len(chunk) >= _HEAVY:
        gc.collect()
    return dataset


def isolate(chunk: Chunk, run: Callable[[Chunk], Any]) -> tuple[list[tuple[Chunk, Any]], list[Failure]]:
    """Run a chunk; if it fails, halve it until the members that fail are alone.

    What the others do does not depend on who ran beside them, so that the result of an ensemble with a
    member that fails is the same for every size of chunk. A lack of memory or of room on the disk is no
    property of a member, and is raised.

    Returns
    -------
    list of (part, result), list of Failure
        In the order of the members.
    """
    kept: list[tuple[Chunk, Any]] = []
    failures: list[Failure] = []
    parts = [chunk]
    while parts:
        part = parts.pop()
        try:
            kept.append((part, run(part)))
        except (UserError, MemoryError, OSError):
            raise
        except Exception as error:
            if len(part) > 1 and len(failures) < ISOLATED:
                half = len(part) // 2
                parts += [part.part(half, len(part)), part.part(0, half)]
            else:
                failures.append(failure_of(part, error))
    return kept, failures


def failure_of(chunk: Chunk, error: BaseException) -> Failure:
    """Return the failure of all members of a chunk."""
    text = "".join(traceback.format_exception(error))
    return Failure(tuple(int(m) for m in chunk.members), f"{type(error).__name__}: {error}", text)
