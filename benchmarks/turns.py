"""What is measured: always by turns, processor time, the least of several."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import psutil
from subjects import Code, FailedError, Subject

T = TypeVar("T")
FIRST_ROW = "Grain harvest"  # of the table
PLANMODEL = "from planmodel.cli import main; main()"


def by_turns(names: Sequence[str], measure: Callable[[str], T], turns: int) -> dict[str, list[T]]:
    """Measure each in turn, so often. One that fails is said and left out."""
    found: dict[str, list[T]] = {name: [] for name in names}
    for _ in range(turns):
        for name in list(found):
            try:
                found[name].append(measure(name))
            except FailedError as error:
                print(f"{name} is left out: {error}", file=sys.stderr)
                del found[name]
    return found


def least(names: Sequence[str], measure: Callable[[str], float], turns: int) -> dict[str, float]:
    """Measure each in turn; return the least of each: what is above it is the machine's."""
    return {name: min(values) for name, values in by_turns(names, measure, turns).items()}


def seconds_of(subjects: Sequence[Subject], turns: int, work: str, **given: Any) -> dict[str, float]:
    """Return processor seconds of some work in warm processes."""
    of = {subject.name: subject for subject in subjects}
    return least(list(of), lambda name: float(of[name].ask(work, **given)["seconds"]), turns)


def first_in_a_process(codes: Iterable[Code], turns: int) -> dict[str, float]:
    """Return processor seconds from the start of Python to the end of one member."""
    of = {code.name: code for code in codes}

    def measure(name: str) -> float:
        with Subject(of[name]) as subject:
            return float(subject.ask("members", number=1)["so_far"])

    least(list(of), measure, 1)  # leaves in files what the next process finds compiled
    return least(list(of), measure, turns)


def command(code: Code, *arguments: str) -> float:
    """Return processor seconds of a command of planmodel and all that it starts.

    Raises
    ------
    FailedError
        If it ends with an error.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            [code.python, "-c", PLANMODEL, *arguments],
            env=code.surroundings,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            lines = said.read().strip().splitlines()
            raise FailedError(lines[-1] if lines else f"ended with status {process.returncode}")
    return used.ru_utime + used.ru_stime


def to_table(code: Code) -> float:
    """Return processor seconds of ``planmodel run baseline`` until its table is on the screen.

    Raises
    ------
    FailedError
        If it ends without one.
    """
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [code.python, "-c", PLANMODEL, "run", "baseline", "--out", "out"],
            env={**code.surroundings, "PYTHONUNBUFFERED": "1"},
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if line.startswith(FIRST_ROW):
                    used = psutil.Process(process.pid).cpu_times()
                    return float(used.user + used.system)
        finally:
            process.kill()
            process.wait()
    raise FailedError("no table")


def knows(code: Code, verb: str, option: str) -> bool:
    """Tell whether a command has an option."""
    shown = subprocess.run(
        [code.python, "-c", PLANMODEL, verb, "--help"],
        env={**code.surroundings, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return option in shown.stdout


def two_against_one(code: Code, members: int, turns: int) -> float:
    """Return how many times as fast two processes are as one, by the clock on the wall, a chunk each."""
    with Subject(code) as first, Subject(code) as second:
        for subject in (first, second):
            subject.ask("members", number=1)

        def alone() -> None:
            for _ in range(2):
                first.ask("members", number=members)

        def together() -> None:
            for subject in (first, second):
                subject.send("members", number=members)
            for subject in (first, second):
                subject.receive()

        works = {"alone": alone, "together": together}

        def measure(name: str) -> float:
            started = time.perf_counter()
            works[name]()
            return time.perf_counter() - started

        took = least(list(works), measure, turns)
        return took["alone"] / took["together"]
