"""The work of a worker: one chunk, run and written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from planmodel.ensemble.files import write_chunk
from planmodel.ensemble.marks import with_marks
from planmodel.ensemble.record import Reduction, kept_names, reduce
from planmodel.ensemble.schema import Keep
from planmodel.ensemble.simulate import Chunk, Failure, isolate, scenario_of, simulate
from planmodel.provenance import code_hashes, machine


@dataclass(frozen=True)
class Task:
    """A chunk, and where and how its file is to be written."""

    chunk: Chunk
    folder: str
    keep: Keep
    sha256: str
    code: Mapping[str, Any]
    reduction: Reduction | None = None

    @property
    def wanted(self) -> set[str]:
        """Names that a run must record."""
        if self.reduction is not None:
            return set(self.reduction.wanted)
        return set(kept_names(self.keep, self.chunk.economy))

    def kept(self, dataset: xr.Dataset) -> xr.Dataset:
        """Return what is kept of the result of a run."""
        if self.reduction is not None:
            return with_marks(self.reduction(dataset), dataset)
        return with_marks(reduce(dataset, self.keep, scenario_of(self.chunk)), dataset)


def run_task(task: Task) -> list[Failure]:
    """Run a chunk and write its file: what a worker does.

    Returns
    -------
    list of Failure
        Members that could not be run. If there are no others, no file is written.
    """
    chunk = task.chunk
    here = code_hashes(chunk.economy)
    if here["code_sha256"] != task.code["code_sha256"]:
        raise RuntimeError(
            "this worker has another version of planmodel than the process that sends the work"
        )
    if here != task.code:
        raise RuntimeError(
            f"this worker has other equations or tables in {chunk.economy.folder} than the process that "
            "sends the work"
        )
    kept, failures = isolate(chunk, lambda part: task.kept(simulate(part, task.wanted)))
    if not kept:
        return failures
    parts = [dataset for _, dataset in kept]
    dataset = parts[0] if len(parts) == 1 else _joined(parts)
    dataset.attrs = {
        "ensemble_sha256": task.sha256,
        "group": chunk.group,
        "first": chunk.first,
        "last": chunk.last,
        "seed": chunk.seed,
        "machine": json.dumps(machine()),
        "failures": json.dumps([asdict(failure) for failure in failures]),
    }
    write_chunk(Path(task.folder), dataset, chunk.group, chunk.first, chunk.last)
    return failures


def _joined(parts: list[xr.Dataset]) -> xr.Dataset:
    return xr.concat(
        parts, "member", data_vars="minimal", coords="minimal", compat="override", join="override",
        combine_attrs="override",
    )  # fmt: skip
