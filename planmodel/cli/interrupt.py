"""Ctrl-C that is not lost.

Python raises ``KeyboardInterrupt`` wherever it happens to be; inside a callback of a library or a destructor
the exception is printed or dropped, and the work goes on as if nothing had been asked. So the request is
remembered, and asked for again at the next safe place.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupt:
    """Remembers that the user asked to stop."""

    def __init__(self) -> None:
        self._asked = False

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        """Note the request and raise at once, as Python does."""
        self._asked = True
        raise KeyboardInterrupt

    def check(self) -> None:
        """Raise ``KeyboardInterrupt`` if it was asked for and got lost."""
        if self._asked:
            raise KeyboardInterrupt


@contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Catch Ctrl-C while the block runs; what was set before comes back afterwards."""
    interrupt = Interrupt()
    if threading.current_thread() is not threading.main_thread():  # only there can a signal be caught
        yield interrupt
        return
    before = signal.signal(signal.SIGINT, interrupt.ask)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
