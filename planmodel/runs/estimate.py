"""What an ensemble would take: chunks, bytes and processor time, from a few of its members."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from planmodel.runs.chunks import Chunk, isolate, size_of_chunks
from planmodel.runs.evaluate import joined
from planmodel.runs.files import ChunkFile, chunk_files, netcdf_bytes
from planmodel.runs.identity import make_manifest
from planmodel.runs.load import Plan
from planmodel.runs.members import spans
from planmodel.runs.store import Store
from planmodel.runs.sweep import refuse_another
from planmodel.runs.task import Task, tasks_of

_FEW, _MORE = 100, 500  # members that are run: a chunk costs something, and each member in it


@dataclass(frozen=True)
class Estimate:
    """What is left of an ensemble, and what it would take.

    Parameters
    ----------
    members, there
        In all, and those that the folder has.
    chunks, size
        Chunks that are left, and members of each.
    design_bytes, chunk_bytes
        Of ``design.csv``, and of the files of the chunks that are left.
    seconds
        Of processor time, without what depends on the number of processes; None if no member could be run.
    tried
        Members that were run to tell.
    """

    members: int
    there: int
    chunks: int
    size: int
    design_bytes: float
    chunk_bytes: float
    seconds: float | None
    tried: int


@dataclass(frozen=True)
class _Trial:
    members: int
    seconds: float
    bytes: int


def estimate(plan: Plan, folder: Path, workers: int = 1, chunk: int | None = None) -> Estimate:
    """Return what running an ensemble into a folder would take; nothing is written.

    Some hundred members are run, and the cost of a chunk is told from two sizes: so much for the chunk, and
    so much for each member.

    Parameters
    ----------
    plan
        The ensemble.
    folder
        What it has already is not counted.
    workers, chunk
        As of :func:`planmodel.runs.sweep.run_ensemble`.

    Raises
    ------
    UserError
        If the folder holds another ensemble or something else.
    """
    files = _there(plan, folder)
    there = sum(file.last - file.first for file in files)
    left = len(plan.members) - there
    size = size_of_chunks(chunk, max(left, 1), workers)
    chunks = _count(plan, size, files)
    store = Store(folder, "")  # nothing is written into it
    task = next(tasks_of(plan, store, [], _MORE))
    few = task.chunk.part(0, min(_FEW, len(task.chunk)))
    _tried(task, few)  # the first run reads what the others find read
    trials = [found for part in (few, task.chunk) if (found := _tried(task, part)) is not None]
    seconds = None if len(trials) < 2 else _cost([t.seconds for t in trials], trials, chunks, left)
    held = 0.0 if len(trials) < 2 else _cost([t.bytes for t in trials], trials, chunks, left)
    return Estimate(
        len(plan.members), there, chunks, size, _design_bytes(plan), held, seconds, len(task.chunk)
    )


def _there(plan: Plan, folder: Path) -> list[ChunkFile]:
    """Return the chunks that a folder has, by their names."""
    if Store(folder, "").manifest() is None:
        return []
    new = make_manifest(plan, [])
    refuse_another(Store(folder, new["ensemble_sha256"]), new, plan)
    return chunk_files(folder)


def _count(plan: Plan, size: int, files: list[ChunkFile]) -> int:
    """Return the number of chunks that are left."""
    done: dict[int, list[tuple[int, int]]] = {}
    for file in files:
        done.setdefault(file.group, []).append((file.first, file.last))
    groups = plan.members.groups
    return sum(1 for group in groups for _ in spans(group, size, done.get(group.number, [])))


def _tried(task: Task, part: Chunk) -> _Trial | None:
    """Run some members as a worker would; None if none of them can be run."""
    begun = time.process_time()
    kept, _ = isolate(part, task.run)
    if not kept:
        return None
    content = netcdf_bytes(joined([dataset for _, dataset in kept]))
    members = sum(len(some) for some, _ in kept)
    return _Trial(members, time.process_time() - begun, len(content))


def _cost(costs: list[float], trials: list[_Trial], chunks: int, members: int) -> float:
    """Return the cost of all chunks, on a line through that of two."""
    few, more = trials[0].members, trials[-1].members
    if more == few:
        return costs[-1] * members / more
    each = max(costs[-1] - costs[0], 0.0) / (more - few)
    return chunks * max(costs[0] - each * few, 0.0) + each * members


def _design_bytes(plan: Plan) -> float:
    """Return the size of the design from its first rows."""
    first = next(plan.members.csv())
    return len(first) / max(first.count(b"\n") - 1, 1) * len(plan.members)
