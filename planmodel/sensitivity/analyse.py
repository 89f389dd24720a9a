"""An analysis from beginning to end: members, indices, shares, boxes."""

from __future__ import annotations

import time
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planmodel.engine import Array
from planmodel.plausibility import added_up
from planmodel.runs import make_executor
from planmodel.sensitivity.convergence import Indices, indices_of
from planmodel.sensitivity.designs import Design
from planmodel.sensitivity.load import Prepared
from planmodel.sensitivity.measuring import Series
from planmodel.sensitivity.prim import Box, find_box
from planmodel.sensitivity.running import Notice, run_members
from planmodel.sensitivity.schema import Analysis, Method
from planmodel.sensitivity.sharing import Shares, share_out

_MANY = 200  # outputs times inputs from which on the intervals are reckoned in several processes


@dataclass(frozen=True)
class Result:
    """What an analysis came to.

    ``outputs`` has the shape ``(members, series)``. ``indices`` is by method and name of a series, ``shares``
    by name of a series, ``boxes`` by name of an outcome.
    """

    prepared: Prepared
    outputs: Array
    indices: dict[tuple[Method, str], Indices] = field(default_factory=dict)
    shares: dict[str, Shares] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    outcomes: dict[str, np.ndarray] = field(default_factory=dict)
    members: int = 0
    run: int = 0
    failed: int = 0
    plausibility: dict[str, Any] | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def analysis(self) -> Analysis:
        """The configuration."""
        return self.prepared.analysis

    @property
    def series(self) -> list[Series]:
        """What was measured, in the order of the columns of ``outputs``."""
        return self.prepared.reader.series

    def single(self) -> list[Series]:
        """Return the series that are not one year of many."""
        return [series for series in self.series if series.year is None]

    def table(self) -> pd.DataFrame:
        """Return all indices: one row an output, index and input."""
        by_name = {series.name: series for series in self.series}
        tables = [
            pd.DataFrame(
                {
                    "method": method,
                    "output": by_name[name].output,
                    "year": by_name[name].year,
                    "title": by_name[name].title,
                    "unit": by_name[name].unit,
                    "index": index.index,
                    "input": index.names,
                    "value": index.value,
                    "low": index.low,
                    "high": index.high,
                    "samples": verdict.used,
                    "converged": verdict.converged,
                    "note": verdict.note,
                }
            )
            for (method, name), found in self.indices.items()
            for index, verdict in zip(found.estimates, found.verdicts, strict=True)
        ]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def analyse(prepared: Prepared, folder: Path, workers: int = 1, progress: Notice | None = None) -> Result:
    """Run what is missing, and analyse.

    Parameters
    ----------
    prepared
        The analysis.
    folder
        Its folder; members are kept in ``ensembles/`` and not run twice.
    workers
        Processes for running and for the intervals; results do not depend on it.
    progress
        Called with the name of a run and its progress.
    """
    started = time.perf_counter()
    # To start processes takes longer than a few intervals.
    many = len(prepared.reader.series) * len(prepared.design.inputs) >= _MANY
    owned = make_executor(workers) if workers > 1 and many else nullcontext()
    kept, sweeps = run_members(prepared, folder, workers, progress)
    with owned as pool:
        ran = time.perf_counter()
        reader, analysis = prepared.reader, prepared.analysis
        outputs = reader.values(kept) if reader.series else np.empty((prepared.size, 0))
        result = Result(
            prepared, outputs, members=prepared.size, run=sum(s.run for s in sweeps),
            failed=sum(s.failed for s in sweeps), plausibility=added_up([s.plausibility for s in sweeps]),
        )  # fmt: skip
        if prepared.game is not None:
            for series, column in zip(reader.series, outputs.T, strict=True):
                result.shares[series.name] = share_out(prepared.game, column, analysis.tolerance)
        for method in analysis.methods:
            if method not in ("attribution", "discovery"):
                result.indices.update(_indices(prepared, method, outputs, pool))
        for name in analysis.outcomes:
            holds = reader.held(name, kept)
            result.outcomes[name] = holds
            result.boxes[name] = find_box(prepared.design.points, holds, analysis.density, analysis.seed)
    result.seconds.update(run=ran - started, analysis=time.perf_counter() - ran)
    return result


def _indices(
    prepared: Prepared, method: Method, outputs: Array, pool: Executor | None
) -> dict[tuple[Method, str], Indices]:
    task = partial(_one, prepared.analysis, method, prepared.design)
    found = map(task, outputs.T) if pool is None else pool.map(task, outputs.T)
    names = [series.name for series in prepared.reader.series]
    return {(method, name): indices for name, indices in zip(names, found, strict=True)}


def _one(analysis: Analysis, method: Method, design: Design, output: Array) -> Indices:
    return indices_of(analysis, method, design, output)
