"""From a scenario and its members to answers: the one place where members are run.

Members are cut into chunks; a chunk is run in this process or by an executor, of this machine or of a Dask
cluster; what is asked of it is read off there, so that only answers travel back. What a member does depends
neither on who runs beside it nor on where, and where a chunk fails the members that do are found by halves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Literal, Protocol, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from planmodel.engine import Array, UserError
from planmodel.runs.chunks import Chunk, Isolation, add_up, chunks, isolate, simulate, size_of_chunks
from planmodel.runs.members import Members
from planmodel.runs.observe import Observation, Observer, observer_of
from planmodel.runs.resolve import Laid, resolve
from planmodel.runs.workers import make_executor, width_of
from planmodel.scenario import Scenario, load_scenario, registry
from planmodel.scenario.economy import Economy
from planmodel.scenario.indicators import NOT_MONTHLY, Indicator
from planmodel.scenario.names import hint

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Question(Protocol[T_co]):
    """What is asked of the members of a chunk; it must be possible to pickle it."""

    @property
    def wanted(self) -> Collection[str] | None:
        """Names that a run must record; None for all."""
        ...

    def __call__(self, dataset: xr.Dataset) -> T_co:
        """Return the answer, from the results of some members."""
        ...


def ask(
    members: Members,
    question: Question[T],
    executor: Executor | None = None,
    size: int | None = None,
    isolation: Isolation | None = None,
) -> Iterator[tuple[np.ndarray, T]]:
    """Run members, and yield what is asked of them: their rows, and the answer.

    Parameters
    ----------
    members
        What each has.
    question
        What is read off their results, where they are run.
    executor
        Where: in this process, one chunk after the other, unless it is given.
    size
        Members run together, without effect on the answers.
    isolation
        What to do with members that fail, which have no answer then; None raises.
    """
    width = 1 if executor is None else width_of(executor)
    work = chunks(members, size_of_chunks(size, len(members), width))
    task = partial(_ask, question=question, isolation=isolation)
    for answered in map(task, work) if executor is None else _sent(executor, task, work, 2 * width):
        yield from answered


def _sent(executor: Executor, task: Callable[[Chunk], T], work: Iterator[Chunk], ahead: int) -> Iterator[T]:
    """Yield the answers of an executor in the order of the work, of which only a little is sent ahead."""
    waiting: deque[Future[T]] = deque()
    try:
        for chunk in work:
            waiting.append(executor.submit(task, chunk))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:  # an error of one ends the others too
        for future in waiting:
            future.cancel()


def _ask(chunk: Chunk, question: Question[T], isolation: Isolation | None) -> list[tuple[np.ndarray, T]]:
    """Do the work of one chunk, wherever it is run."""

    def answer(part: Chunk) -> T:
        if isinstance(question, Figures):  # which need no record
            observer = question.observer
            return cast(T, observer.read_sums(add_up(part, observer.sums), len(part)))
        return question(simulate(part, question.wanted))

    kept, _ = isolate(chunk, answer, isolation)
    return [(part.members, answer) for part, answer in kept]


@dataclass(frozen=True)
class Recorded:
    """Asks for all that is recorded."""

    wanted: Collection[str] | None = None

    def __call__(self, dataset: xr.Dataset) -> xr.Dataset:
        """Return it as it is."""
        return dataset


def record(
    members: Members, wanted: Collection[str] | None = None, executor: Executor | None = None
) -> xr.Dataset:
    """Run members and return what was recorded of all, dimensions member and time.

    Parameters
    ----------
    members
        What each has.
    wanted
        Names of stocks, flows, variables and indicators; None records everything.
    executor
        As of :func:`ask`.
    """
    names = None if wanted is None else frozenset(wanted)
    return joined([dataset for _, dataset in ask(members, Recorded(names), executor)])


def joined(parts: Sequence[xr.Dataset]) -> xr.Dataset:
    """Return the results of several chunks as one."""
    if len(parts) == 1:
        return parts[0]
    return xr.concat(
        parts, "member", data_vars="minimal", coords="minimal", compat="override", join="override",
        combine_attrs="override",
    )  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """Asks for observations: an array ``(members, observations)``, NaN where the period does not cover one.

    ``folded``: see :class:`planmodel.runs.observe.Observer`. ``own`` are indicators that a scenario adds to
    those of its economy.
    """

    economy: str
    first: date
    last: date
    observations: tuple[Observation, ...]
    folded: bool = False
    own: tuple[Indicator, ...] = ()

    @property
    def observer(self) -> Observer:
        """What reads them."""
        return _observer(self.economy, self.own, self.first, self.last, self.observations, self.folded)

    @property
    def wanted(self) -> list[str]:
        """Names that a run must record."""
        return self.observer.wanted

    def __call__(self, dataset: xr.Dataset) -> Array:
        """Return the answers of some members."""
        return self.observer.read(dataset)


@lru_cache(maxsize=8)  # the chunks of a fit ask for the same hundreds of figures again and again
def _observer(
    economy: str,
    own: tuple[Indicator, ...],
    first: date,
    last: date,
    observations: tuple[Observation, ...],
    folded: bool,
) -> Observer:
    return observer_of(registry.economy(economy).answering(own), first, last, observations, folded)


def figures(scenario: Scenario, observations: Iterable[Observation], folded: bool = False) -> Figures:
    """Return the question after observations of a scenario."""
    period, known = scenario.period, scenario.of_economy.indicators
    own = tuple(one for name, one in scenario.declared.indicators.items() if name not in known)
    return Figures(scenario.declared.name, period.start, period.end, tuple(observations), folded, own)


Observed = str | Observation


@dataclass(frozen=True)
class _Seen:
    """Asks for monthly series by name, and for figures."""

    series: tuple[str, ...]
    figures: Figures

    @property
    def wanted(self) -> set[str]:
        return {*self.series, *self.figures.wanted}

    def __call__(self, dataset: xr.Dataset) -> dict[Observed, Array]:
        seen: dict[Observed, Array] = {n: np.ascontiguousarray(dataset[n].values) for n in self.series}
        return seen | dict(zip(self.figures.observations, self.figures(dataset).T, strict=True))


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
        :class:`~planmodel.runs.observe.Observation` for an indicator on the day or over the span of a
        documented figure.
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
    _check_observed(observe, loaded.declared)
    members = resolve(loaded, Laid(parameters or {}), seed=seed, numbers=numbers)
    asked = tuple(item for item in observe if isinstance(item, Observation))
    question = _Seen(
        tuple(item for item in observe if isinstance(item, str)),
        figures(loaded, asked),
    )
    months = pd.date_range(loaded.period.start, loaded.period.end, freq="ME").size
    found: dict[Observed, Array] = {
        item: np.full((len(members), months) if isinstance(item, str) else len(members), np.nan)
        for item in observe
    }
    isolation = Isolation() if failures == "nan" else None
    with make_executor(workers) if isinstance(workers, int) else nullcontext(workers) as executor:
        for rows, seen in ask(members, question, executor, chunk, isolation):
            for item in observe:
                found[item][rows] = seen[item]
    return found


def _check_observed(observed: Sequence[Observed], economy: Economy) -> None:
    """Refuse what cannot be observed."""
    if not observed:
        raise UserError("observe: nothing; allowed: at least one name or Observation")
    indicators = economy.indicators
    recordable = set(economy.recordable()) | {
        n for n, i in indicators.items() if i.measure not in NOT_MONTHLY
    }
    for item in observed:
        name = item.indicator if isinstance(item, Observation) else item
        if isinstance(item, Observation):
            if name not in indicators:
                raise UserError(f"observe: no indicator is called '{name}'{hint(name, indicators)}")
        elif name not in recordable and name in indicators:
            raise UserError(f"observe: '{name}' exists for a span only; allowed: an Observation of it")
        elif name not in recordable:
            raise UserError(f"observe: the model has no quantity '{name}'{hint(name, recordable)}")
