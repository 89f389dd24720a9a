"""Processes that are measured by turns: each answers from its own code, and all meet the same machine."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

HERE = Path(__file__).parent
ROOT = HERE.parent


class FailedError(Exception):
    """A process could not do what it was asked."""


@dataclass(frozen=True)
class Code:
    """What can be started as a process that answers.

    Attributes
    ----------
    name
        What it is called in tables.
    place
        Where its Python finds ``planmodel`` first.
    script
        What answers, and its arguments.
    python
        The Python that runs it.
    environment
        What is set for it besides.
    """

    name: str
    place: Path = ROOT
    script: Sequence[str] = (str(HERE / "histories.py"),)
    python: str = sys.executable
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def surroundings(self) -> dict[str, str]:
        """The variables of the environment that its processes are given."""
        # One thread: those of a library of linear algebra that wait for work take processor time.
        given = {"PYTHONPATH": os.pathsep.join((str(self.place), str(HERE))), "OPENBLAS_NUM_THREADS": "1"}
        # What is installed has its modules compiled; so has each code here, from its first process on.
        given["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / f"planmodel-bench-{os.getuid()}")
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**kept, **given, **self.environment}


class Subject:
    """A process that does what it is asked: see :mod:`answering`."""

    def __init__(self, code: Code) -> None:
        self.code, self.name = code, code.name
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._process = subprocess.Popen(
            [code.python, *code.script],
            env=code.surroundings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            encoding="utf-8",
        )

    def send(self, work: str, repeat: int = 1, **given: Any) -> None:
        """Ask for some work, done ``repeat`` times, and do not wait for it."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # `receive` says why
            self._process.stdin.write(json.dumps({"work": work, "repeat": repeat, "given": given}) + "\n")
            self._process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        """Wait for the work: ``found``, ``seconds`` (processor) each, ``so_far`` and ``peak`` of the process.

        Raises
        ------
        FailedError
            If the work or the process broke off.
        """
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            self._errors.seek(0)
            said = self._errors.read().strip().splitlines()
            raise FailedError(said[-1] if said else f"ended with status {self._process.returncode}")
        told: dict[str, Any] = json.loads(line)
        if "error" in told:
            raise FailedError(told["error"])
        return told

    def ask(self, work: str, repeat: int = 1, **given: Any) -> dict[str, Any]:
        """Ask for some work and wait for it."""
        self.send(work, repeat, **given)
        return self.receive()

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            with contextlib.suppress(BrokenPipeError):
                if stream is not None:
                    stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *left: object) -> None:
        self.stop()
