"""A screen that may be closed, full or gone: what a command computes and writes does not hang on it."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


class _Descriptor(io.RawIOBase):
    """A file descriptor whose first failure is remembered, and after which nothing more is written."""

    def __init__(self, number: int, screen: Screen) -> None:
        self._number, self._screen = number, screen

    def fileno(self) -> int:
        return self._number

    def isatty(self) -> bool:
        return os.isatty(self._number)

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        if self._screen.failure is None:
            try:
                return os.write(self._number, content)
            except OSError as error:
                self._screen.failure = error
        return len(content)


class Screen:
    """What became of the standard output."""

    def __init__(self) -> None:
        self.failure: OSError | None = None

    def complain(self) -> int:
        """Say in a line that the output could not be written, if so; return the status."""
        if self.failure is None or isinstance(self.failure, BrokenPipeError):
            return 0
        with suppress(OSError):
            print(
                f"error: standard output: {self.failure.strerror}; what is in files is whole", file=sys.stderr
            )
        return 1


@contextmanager
def patient_screen() -> Iterator[Screen]:
    """Let a command finish whatever becomes of its standard output.

    A reader who has gone (``planmodel run | head``) and an output that was closed (``>&-``) are no failure.
    An output that could not be written (a full disk) is: one line on standard error, status 1.
    """
    _occupy()
    found, before = Screen(), sys.__stdout__
    if before is None or before is not sys.stdout:  # redirected within Python, by a test or a notebook
        yield found
        return
    raw = _Descriptor(before.fileno(), found)
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=before.encoding, errors=before.errors, line_buffering=raw.isatty()
    )
    try:
        yield found
    finally:
        sys.stdout.flush()
        sys.stdout = before


def _occupy() -> None:
    """Open what was closed: else the next file to be opened would be taken for the screen."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if number == 0 else "w", closefd=False))  # noqa: SIM115
            setattr(sys, f"__{name}__", getattr(sys, name))
