"""The work of a worker: one chunk, run and written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from planmodel.provenance import code_hashes, machine
from planmodel.runs.chunks import Chunk, Failure, chunks, isolate, simulate
from planmodel.runs.evaluate import Question, joined
from planmodel.runs.files import ChunkFile, write_chunk
from planmodel.runs.index import Known
from planmodel.runs.load import Plan
from planmodel.runs.marks import with_marks
from planmodel.runs.record import Kept
from planmodel.runs.store import Store


@dataclass(frozen=True)
class Task:
    """A chunk, what is kept of it, and where its file is to be written."""

    chunk: Chunk
    folder: str
    kept: Question[xr.Dataset]
    sha256: str
    code: Mapping[str, Any]

    def run(self, part: Chunk) -> xr.Dataset:
        """Return what is kept of some of its members."""
        dataset = simulate(part, self.kept.wanted)
        return with_marks(self.kept(dataset), dataset)


def tasks_of(plan: Plan, store: Store, there: list[Known], size: int) -> Iterator[Task]:
    """Yield what is left to run; the values of a chunk are made when it is its turn."""
    members = plan.members
    code = code_hashes(members.scenario.declared)
    kept = plan.reduction or Kept(plan.configuration.keep, members.scenario)
    done: dict[int, list[tuple[int, int]]] = {}
    for known in there:
        done.setdefault(known.file.group, []).append((known.file.first, known.file.last))
    for chunk in chunks(members, size, done):
        yield Task(chunk, str(store.folder), kept, store.sha256, code)


@dataclass(frozen=True)
class Done:
    """What came of a task: the file, and the members that could not be run. Without others, no file."""

    file: ChunkFile | None
    failures: list[Failure]


def run_task(task: Task) -> Done:
    """Run a chunk and write its file: what a worker does."""
    chunk = task.chunk
    economy = chunk.scenario.declared
    here = code_hashes(economy)
    if here["code_sha256"] != task.code["code_sha256"]:
        raise RuntimeError(
            "this worker has another version of planmodel than the process that sends the work"
        )
    if here != task.code:
        raise RuntimeError(
            f"this worker has other equations or tables in {economy.folder} than the process that "
            "sends the work"
        )
    kept, failures = isolate(chunk, task.run)
    if not kept:
        return Done(None, failures)
    dataset = joined([part for _, part in kept])
    dataset.attrs = {
        "ensemble_sha256": task.sha256,
        "group": chunk.group,
        "first": chunk.first,
        "last": chunk.last,
        "seed": chunk.seed,
        "machine": json.dumps(machine()),
        "failures": json.dumps([asdict(failure) for failure in failures]),
    }
    path = write_chunk(Path(task.folder), dataset, chunk.group, chunk.first, chunk.last)
    return Done(ChunkFile(path, chunk.group, chunk.first, chunk.last), failures)
