"""Where chunks are run: here, in processes of this machine, or on a Dask cluster, behind one interface.

All are executors of ``concurrent.futures``. A task is a chunk, and its result does not depend on where it
ran.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from typing import Any

from planmodel.engine import UserError

PATIENCE = "15s"  # with a scheduler that does not answer


class SerialExecutor(Executor):
    """Runs each task at once, in this process."""

    _max_workers = 1

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run the task and return a future that is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class ProcessExecutor(ProcessPoolExecutor):
    """Processes of this machine that end at once when they are stopped, or when their parent dies."""

    def __init__(self, workers: int) -> None:
        # Spawned, not forked: a fork copies the locks of threads (of Dask, of HDF5) as they happen to stand.
        context = multiprocessing.get_context("spawn")
        stopped, self._stop = context.Pipe(duplex=False)
        super().__init__(workers, mp_context=context, initializer=_begin, initargs=(stopped,))

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        """Wait for the tasks that are left; after an error (Ctrl-C too) do not."""
        if kind is None:
            self.shutdown()
        else:
            self.stop()

    def stop(self) -> None:
        """End the workers in the midst of their tasks."""
        self._stop.close()
        self.shutdown(wait=True, cancel_futures=True)


def make_executor(workers: int) -> Executor:
    """Return an executor of one process (this one) or of several."""
    return SerialExecutor() if workers <= 1 else ProcessExecutor(workers)


def width_of(executor: Executor) -> int:
    """Return how many tasks an executor runs at a time, as far as it says so."""
    return int(getattr(executor, "_max_workers", 4))


@contextmanager
def dask_executor(scheduler: str) -> Iterator[tuple[Executor, int]]:
    """Connect to a Dask cluster; give its executor and the number of its threads.

    Raises
    ------
    UserError
        If no scheduler answers at the address.
    """
    from distributed import Client

    try:
        client: Any = Client(scheduler, timeout=PATIENCE)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise UserError(
            f"--scheduler {scheduler}: no Dask scheduler answers ({type(error).__name__}); "
            "allowed: its address, such as tcp://host:8786"
        ) from None
    try:
        threads = sum(client.nthreads().values())
        yield client.get_executor(pure=False), max(threads, 1)
    finally:
        client.close()


def is_lost(executor: Executor) -> bool:
    """Tell whether an executor is that of a Dask client which has given up its scheduler."""
    return str(getattr(getattr(executor, "_client", None), "status", "")) == "closed"


def _begin(stopped: Connection) -> None:
    """Prepare a worker process: Ctrl-C is for the parent, and without a parent there is nothing to do."""
    for name in ("SIGINT", "SIGHUP"):  # what a terminal sends to all of its processes
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    ends = [stopped] if parent is None else [stopped, parent.sentinel]
    threading.Thread(target=_end_with, args=(ends,), daemon=True).start()


def _end_with(ends: list[Any]) -> None:
    wait(ends)
    os._exit(1)
