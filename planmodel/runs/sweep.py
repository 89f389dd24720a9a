"""Running an ensemble into its folder: what is there is kept, what is missing is run."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planmodel.engine import UserError
from planmodel.plausibility import added_up
from planmodel.runs.chunks import Failure, failure_of, size_of_chunks
from planmodel.runs.identity import differences, machines, make_manifest, of_other_machines, unchanging
from planmodel.runs.index import note
from planmodel.runs.load import Plan, load_ensemble, make_plan
from planmodel.runs.quantiles import make_statistics
from planmodel.runs.schema import Ensemble
from planmodel.runs.store import DESIGN, SCENARIO, Store, now
from planmodel.runs.task import Done, Task, run_task, tasks_of
from planmodel.runs.workers import ProcessExecutor, dask_executor, is_lost, make_executor, width_of
from planmodel.storage import WriteError

_LOST = "the Dask scheduler is lost; what is finished is kept"
_PATIENCE = 10.0  # seconds until it is asked whether there still is who does the work
_ATTEMPTS = 3  # at a chunk whose worker dies


@dataclass
class Progress:
    """How far an ensemble is: members in all, done (with those that failed), failed, and run just now."""

    total: int
    done: int = 0
    failed: int = 0
    run: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sweep:
    """What running an ensemble came to."""

    folder: Path
    members: int
    run: int
    kept: int
    failures: tuple[Failure, ...]
    seconds: float
    plausibility: dict[str, Any] | None = None  # as `planmodel.plausibility.count_marks` counts

    @property
    def failed(self) -> int:
        """Number of members that could not be run."""
        return sum(len(failure.members) for failure in self.failures)


def run_ensemble(
    configuration: Plan | Ensemble | str | Path,
    folder: str | Path,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    executor: Executor | None = None,
    chunk: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Sweep:
    """Run the members of an ensemble that its folder does not have yet.

    Parameters
    ----------
    configuration
        A configuration, the name or path of one, or one that is already loaded.
    folder
        Where it is kept. If it holds the same ensemble, what is complete is not run again.
    workers
        Processes of this machine.
    scheduler
        Address of a Dask scheduler instead, whose workers see the same folder.
    executor
        Any executor of ``concurrent.futures`` instead; it is left open.
    chunk
        Members run together, up to 4000 unless given: speed and memory, without effect on results.
    progress
        Called when a chunk is done.

    Returns
    -------
    Sweep
        Counts and failures; :func:`planmodel.runs.open_ensemble` opens the folder.

    Raises
    ------
    UserError
        If the configuration is wrong, or the folder holds another ensemble, is in use, or cannot be written.
        What was finished is kept.
    """
    size_of_chunks(chunk, 1, 1)  # refuses a wrong one before anything is written
    plan = _plan(configuration)
    folder = Path(folder).absolute()
    started = time.perf_counter()
    new = make_manifest(plan, ["planmodel", *sys.argv[1:]])
    store = Store(folder, new["ensemble_sha256"])
    refuse_another(store, new, plan)  # before anything is written
    with store.locked():
        held = refuse_another(store, new, plan)  # another process may have written in the meantime
        contents = {DESIGN: plan.members.csv, SCENARIO: lambda: [unchanging(plan).encode()]}
        mended = []
        if held is None:
            store.begin(new, contents)
        else:
            mended = store.mend(held, contents)
        state = Progress(len(plan.members))
        if store.statistics() is not None:
            store.drop_chunks(store.check()[0])
            judged = (held or new).get("plausibility")
            return Sweep(folder, state.total, 0, state.total, tuple(_written(folder)), 0.0, judged)
        there, aside = store.check()
        state.done = sum(known.file.last - known.file.first for known in there)
        state.notes = mended + aside
        if state.done < state.total:
            state.notes += of_other_machines(there)
        failures = [failure for known in there for failure in known.failures]
        state.failed = sum(len(failure.members) for failure in failures)
        kept = state.done
        if held is not None and held["finished"] and kept < state.total:  # a chunk has gone since
            held |= {"finished": None, "failed": None}
            store.write_manifest(held)
        if progress is not None:
            progress(state)
        if kept < state.total:
            with _executor(workers, scheduler, executor) as (pool, width):
                size = size_of_chunks(chunk, state.total - kept, width)
                tasks = tasks_of(plan, store, there, size)
                _Runner(store, pool, width, state, failures, progress).run(tasks)
        store.write_failures(failures)
        whole = state.done == state.total
        there, _ = store.check()
        made_on, judged = machines(there), added_up([known.judged for known in there])
        if plan.configuration.keep.statistics and whole and state.failed < state.total:
            store.write_statistics(make_statistics(there, plan.configuration.keep, store.sha256))
            store.drop_chunks(there)
        if kept < state.total or held is None:
            manifest = (held or new) | {"finished": now() if whole else None, "failed": state.failed}
            manifest["machines"], manifest["plausibility"] = made_on, judged
            store.write_manifest(manifest)
    seconds = time.perf_counter() - started
    return Sweep(folder, state.total, state.run, kept, tuple(failures), seconds, judged)


def _plan(configuration: Plan | Ensemble | str | Path) -> Plan:
    if isinstance(configuration, Plan):
        return configuration
    return make_plan(configuration) if isinstance(configuration, Ensemble) else load_ensemble(configuration)


def refuse_another(store: Store, new: dict[str, Any], plan: Plan) -> dict[str, Any] | None:
    """Return the manifest that the folder holds, if any.

    Raises
    ------
    UserError
        If it is of another ensemble; says what differs.
    """
    held = store.manifest()
    if held is None or held["ensemble_sha256"] == new["ensemble_sha256"]:
        return held
    lines = "\n  ".join(differences(store.folder, held, new, plan.members.scenario))
    raise UserError(
        f"{store.folder}: holds another ensemble; allowed: another folder, or what it was begun with:\n"
        f"  {lines}"
    )


def _written(folder: Path) -> list[Failure]:
    try:
        rows = json.loads((folder / "failures.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [Failure(tuple(row["members"]), row["error"], row["traceback"]) for row in rows]


@contextmanager
def _executor(
    workers: int, scheduler: str | None, executor: Executor | None
) -> Iterator[tuple[Executor, int]]:
    """Give an executor and how many tasks it runs at a time."""
    if executor is not None:
        yield executor, width_of(executor)
    elif scheduler is not None:
        with dask_executor(scheduler) as found:
            yield found
    else:
        yield make_executor(workers), workers


class _Runner:
    """Sends tasks to an executor, a few ahead of those that run, and notes what comes back."""

    def __init__(
        self,
        store: Store,
        pool: Executor,
        width: int,
        state: Progress,
        failures: list[Failure],
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.store, self.pool, self.width = store, pool, width
        self.state, self.failures, self.progress = state, failures, progress
        self.written = len(failures)
        self.attempts: dict[tuple[int, int], int] = {}

    def run(self, tasks: Iterator[Task]) -> None:
        """Run all tasks; on an error that stops the sweep, end the workers at once."""
        again: list[Task] = []
        running: dict[Future[Done], Task] = {}
        ahead = 1 if self.width <= 1 else 2 * self.width
        try:
            while True:
                # Asked for one by one: a list of all would hold the values of all members.
                while len(running) < ahead and (task := again.pop() if again else next(tasks, None)):
                    running[self.pool.submit(run_task, task)] = task
                if not running:
                    break
                for future in self._finished(running):
                    task = running.pop(future)
                    if self._died(future):
                        again = self._again([task, *running.values(), *again])
                        running.clear()
                        break
                    self._note(task, future)
        except BaseException:
            for future in running:
                future.cancel()
            if isinstance(self.pool, ProcessExecutor):
                self.pool.stop()
            raise
        if isinstance(self.pool, ProcessExecutor):
            self.pool.shutdown()

    def _finished(self, running: Collection[Future[Done]]) -> Collection[Future[Done]]:
        """Wait until a task is done; of one whose scheduler is lost Dask does not always say so."""
        while not (done := wait(running, _PATIENCE, FIRST_COMPLETED).done):
            if is_lost(self.pool):
                raise UserError(_LOST)
        return done

    def _note(self, task: Task, future: Future[Done]) -> None:
        """Count what a task has done, or write down why it failed."""
        error = future.exception()
        if isinstance(error, WriteError | UserError | KeyboardInterrupt):
            raise error
        done = Done(None, [failure_of(task.chunk, error)]) if error is not None else future.result()
        found = done.failures
        if done.file is not None:
            note(self.store.folder, done.file)
        self.state.done += len(task.chunk) if error is None else 0
        self.state.run += len(task.chunk)
        if found:
            self.failures += found
            self.state.failed += sum(len(failure.members) for failure in found)
            self._write_failures()
        if self.progress is not None:
            self.progress(self.state)

    def _write_failures(self) -> None:
        """Write the list of failures when it has grown by a tenth: so often, in all, as the list is long."""
        if len(self.failures) >= 1.1 * self.written:
            self.store.write_failures(self.failures)
            self.written = len(self.failures)

    @staticmethod
    def _died(future: Future[Done]) -> bool:
        try:
            return isinstance(future.exception(), BrokenProcessPool)
        except CancelledError:
            raise UserError(_LOST) from None

    def _again(self, tasks: list[Task]) -> list[Task]:
        """Start new processes; return the tasks to try again, without those tried often enough."""
        self.pool.shutdown(wait=True)
        self.pool = make_executor(self.width)
        left = []
        for task in tasks:
            at = (task.chunk.group, task.chunk.first)
            self.attempts[at] = self.attempts.get(at, 0) + 1
            if self.attempts[at] < _ATTEMPTS:
                left.append(task)
            else:
                failed: Future[Done] = Future()
                failed.set_exception(RuntimeError(f"the worker died {_ATTEMPTS} times (out of memory?)"))
                self._note(task, failed)
        return left
