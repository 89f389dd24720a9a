"""Chunks: members that are run together, and what to do when some of them fail."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import xarray as xr

from planmodel.engine import Array, ConservationError, EquationError, NegativeStockError, UserError
from planmodel.engine.sums import Needed, Parts
from planmodel.runs.history import History
from planmodel.runs.members import Members, spans
from planmodel.runs.totals import summed
from planmodel.scenario import Scenario

CHUNK = 4000  # most members that run together, unless another size is asked for
ISOLATED = 8  # members of a chunk that are found one by one; beyond it the rest fails with its neighbours

T = TypeVar("T")


@dataclass(frozen=True)
class Chunk:
    """Some members of a group, as they are run together.

    ``first`` and ``last`` are positions in the group; ``values`` differ between members.
    """

    group: int
    first: int
    last: int
    scenario: Scenario
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

    def __len__(self) -> int:
        """Return the number of members."""
        return len(self.members)


def chunks(
    members: Members, size: int, done: Mapping[int, Sequence[tuple[int, int]]] | None = None
) -> Iterator[Chunk]:
    """Yield the chunks of all groups, without the positions that are done, by number of the group."""
    for group in members.groups:
        for first, last in spans(group, size, (done or {}).get(group.number, ())):
            rows = group.members[first:last]
            values, streams = members.values_within(rows), members.numbers[rows]
            yield Chunk(group.number, first, last, group.scenario, members.seed, rows, streams, values)


def size_of_chunks(asked: int | None, members: int, width: int, most: int = CHUNK) -> int:
    """Return the size of chunks: as asked, or such that all workers have work and none is short of memory.

    Raises
    ------
    UserError
        If less than one member is asked for.
    """
    if asked is None:
        return max(1, min(most, -(-members // max(width, 1))))
    if asked < 1:
        raise UserError(f"chunk: {asked} is out of bounds; allowed: 1 or more")
    return asked


def simulate(chunk: Chunk, wanted: Collection[str] | None) -> xr.Dataset:
    """Run the members of a chunk; the coordinate ``member`` holds their numbers in the ensemble."""
    return _history(chunk, wanted=wanted).run().dataset


def add_up(chunk: Chunk, sums: Needed) -> dict[Parts, Array]:
    """Run the members of a chunk and record nothing but sums: see :class:`planmodel.engine.sums.Sums`.

    Series of the accounts are reckoned after the run, and so are recorded month by month.
    """
    accounted = chunk.scenario.declared.accounted.keys()
    reckoned = {parts: months for parts, months in sums.items() if not accounted.isdisjoint(parts)}
    apart = {name for parts in reckoned for name in parts}
    history = _history(chunk, wanted=apart, sums={p: m for p, m in sums.items() if p not in reckoned})
    if not apart:
        return history.add_up()
    dataset = history.run().dataset
    later = {parts: summed(dataset, parts, months) for parts, months in reckoned.items()}
    return history.sums.values(len(chunk)) | later


def _history(chunk: Chunk, **given: Any) -> History:
    numbers, labels = chunk.numbers.tolist(), chunk.members.tolist()
    return History.of(chunk.scenario, numbers, chunk.seed, chunk.values, labels=labels, **given)


@dataclass(frozen=True)
class Failure:
    """Members that could not be run, and why."""

    members: tuple[int, ...]
    error: str
    traceback: str


def failure_of(chunk: Chunk, error: BaseException) -> Failure:
    """Return the failure of all members of a chunk."""
    text = "".join(traceback.format_exception(error))
    return Failure(tuple(int(m) for m in chunk.members), f"{type(error).__name__}: {error}", text)


@dataclass(frozen=True)
class Isolation:
    """Which errors are those of members, and how many members of a chunk are found one by one (None: all).

    A lack of memory or of room on the disk, or what a user asked for wrongly, is no property of a member.
    """

    errors: tuple[type[Exception], ...] = (Exception,)
    most: int | None = ISOLATED


# A set of values under which books do not close has no history; that it has none is its answer.
BREAKS_OFF = Isolation((ConservationError, NegativeStockError, EquationError), most=None)


def isolate(
    chunk: Chunk, run: Callable[[Chunk], T], isolation: Isolation | None = Isolation()
) -> tuple[list[tuple[Chunk, T]], list[Failure]]:
    """Run a chunk; if it fails, halve it until the members that fail are alone.

    What the others do does not depend on who ran beside them, so that the result of an ensemble with a
    member that fails is the same for every size of chunk.

    Parameters
    ----------
    isolation
        None lets an error stop all.

    Returns
    -------
    list of (part, result), list of Failure
        In the order of the members.
    """
    if isolation is None:
        return [(chunk, run(chunk))], []
    kept: list[tuple[Chunk, T]] = []
    failures: list[Failure] = []
    parts = [chunk]
    while parts:
        part = parts.pop()
        try:
            kept.append((part, run(part)))
        except (UserError, MemoryError, OSError):
            raise
        except isolation.errors as error:
            if len(part) > 1 and (isolation.most is None or len(failures) < isolation.most):
                half = len(part) // 2
                parts += [part.part(half, len(part)), part.part(0, half)]
            else:
                failures.append(failure_of(part, error))
    return kept, failures
