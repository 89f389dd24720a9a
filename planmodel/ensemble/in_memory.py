"""Many members in memory: what calibration and sensitivity call. Nothing is written to disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from planmodel.engine import Array, UserError
from planmodel.ensemble.simulate import Chunk, isolate, simulate, size_of_chunks
from planmodel.runs.workers import make_executor, width_of
from planmodel.indicators import NOT_MONTHLY, observe
from planmodel.scenario import Scenario, load_scenario
from planmodel.scenario.declarations import Declarations
from planmodel.scenario.members import Members, chunks
from planmodel.scenario.names import hint
from planmodel.scenario.resolve import Laid, resolve


@dataclass(frozen=True)
class Observation:
    """An indicator on a day (a stock: ``start`` equal to ``end``) or over a span of days."""

    variable: str
    start: date
    end: date


Observed = str | Observation


def evaluate(
    scenario: Scenario | str = "baseline",
    parameters: Mapping[str, npt.ArrayLike] | None = None,
    seed: int = 0,
    observe: Sequence[Observed] = (),
    *,
    numbers: Sequence[int] | np.ndarray | None = None,
    chunk: int | None = None,
    workers: int | Executor = 1,
    failures: Literal["raise", "nan"] = "raise",
) -> dict[Observed, Array]:
    """Run one member for each set of values and return what was observed.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    parameters
        Values by dotted key, each of shape ``(members,)``: ``"livestock.slaughter"`` or any other key that
        members may differ in (:func:`planmodel.scenario.keys.keys`): opening stocks, switches, dates.
    seed
        Seed of the random streams.
    observe
        What to return. A name of a stock, flow, variable or indicator stands for its monthly series; an
        :class:`Observation` for an indicator on the day or over the span of a documented figure.
    numbers
        Number of the random stream of each member, shape ``(members,)``; 0, 1, 2, ... unless given. All 0
        runs every member without shocks; one number for all gives them the same weather.
    chunk
        Members run together, up to 4000 unless given: speed and memory, without effect on results.
    workers
        Number of processes, or an executor of ``concurrent.futures``, which is left open (a Dask client has
        one: ``client.get_executor()``).
    failures
        ``"nan"`` gives members whose run fails NaN instead of raising.

    Returns
    -------
    dict
        For a name an array ``(members, months)``; for an observation one of ``(members,)``, NaN where the
        period does not cover it. Bit for bit the same for every ``chunk`` and ``workers`` of one kind of
        processor and C library.

    Raises
    ------
    UserError
        If a key, a value or an observation is not valid.
    """
    loaded = load_scenario(scenario) if isinstance(scenario, str) else scenario
    wanted = _wanted(observe, loaded.declared)
    members = resolve(loaded, Laid(parameters or {}), seed=seed, numbers=numbers)
    width = workers if isinstance(workers, int) else width_of(workers)
    work = make_chunks(members, size_of_chunks(chunk, len(members), width))
    task = partial(_observe_chunk, wanted=wanted, observed=tuple(observe), keep_on=failures == "nan")
    result: dict[Observed, Array] = {}
    owned = make_executor(workers) if isinstance(workers, int) else nullcontext(workers)
    with owned as executor:
        for members_done, columns in executor.map(task, work):
            for item, values in columns.items():
                if item not in result:
                    result[item] = np.full((len(members), *values.shape[1:]), np.nan)
                result[item][members_done] = values
    if not result:  # every member failed
        return {item: np.full(_shape(item, len(members), loaded), np.nan) for item in observe}
    return {item: result[item] for item in observe}


def make_chunks(members: Members, size: int) -> list[Chunk]:
    """Return the chunks of all groups."""
    found = []
    for group in members.groups:
        text = group.scenario.model_dump_json(exclude_none=True)
        for first, last in chunks(group, size):
            rows = group.members[first:last]
            values, streams = members.values_within(rows), members.numbers[rows]
            found.append(Chunk(group.number, first, last, text, members.seed, rows, streams, values))
    return found


def _wanted(observed: Sequence[Observed], economy: Declarations) -> set[str]:
    """Return the names to record, or refuse what cannot be observed."""
    if not observed:
        raise UserError("observe: nothing; allowed: at least one name or Observation")
    indicators = economy.indicators
    recordable = set(economy.recordable()) | {
        n for n, i in indicators.items() if i.measure not in NOT_MONTHLY
    }
    names = set()
    for item in observed:
        if isinstance(item, Observation):
            if item.variable not in indicators:
                raise UserError(
                    f"observe: no indicator is called '{item.variable}'{hint(item.variable, indicators)}"
                )
            names.add(item.variable)
        elif item in recordable:
            names.add(item)
        elif item in indicators:
            raise UserError(f"observe: '{item}' exists for a span only; allowed: an Observation of it")
        else:
            raise UserError(f"observe: the model has no quantity '{item}'{hint(item, recordable)}")
    return names


def _observe_chunk(
    chunk: Chunk, wanted: set[str], observed: tuple[Observed, ...], keep_on: bool
) -> tuple[np.ndarray, dict[Observed, Array]]:
    """Run a chunk; return its member numbers and what was observed."""

    def run(part: Chunk) -> dict[Observed, Array]:
        dataset = simulate(part, wanted)
        return {item: _read(dataset, item, chunk.economy) for item in observed}

    if not keep_on:
        return chunk.members, run(chunk)
    kept, _ = isolate(chunk, run)
    if not kept:
        return chunk.members[:0], {}
    rows = np.concatenate([part.members for part, _ in kept])
    return rows, {item: np.concatenate([seen[item] for _, seen in kept]) for item in observed}


def _read(dataset: xr.Dataset, item: Observed, economy: Declarations) -> Array:
    if isinstance(item, str):
        return np.ascontiguousarray(dataset[item].values)
    seen = observe(
        dataset, economy.indicators[item.variable], pd.Timestamp(item.start), pd.Timestamp(item.end)
    )
    return np.full(dataset.sizes["member"], np.nan) if seen is None else seen


def _shape(item: Observed, members: int, scenario: Scenario) -> tuple[int, ...]:
    months = pd.date_range(scenario.period.start, scenario.period.end, freq="ME").size
    return (members, months) if isinstance(item, str) else (members,)
