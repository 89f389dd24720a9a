"""Ctrl-C that is not lost, and the other ways in which a command is asked to stop.

Python raises ``KeyboardInterrupt`` wherever it happens to be; inside a callback of a library or a destructor
the exception is printed or dropped, and the work goes on as if nothing had been asked. So the request is
remembered, and asked for again at the next safe place. To end a process (SIGTERM) and to close its terminal
(SIGHUP) ask for the same.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Interrupt:
    """Remembers that the user asked to stop, and by which signal."""

    def __init__(self) -> None:
        self._asked: int | None = None

    def ask(self, number: int, _frame: FrameType | None) -> None:
        """Note the request and raise at once, as Python does."""
        self._asked = number
        raise KeyboardInterrupt

    def check(self) -> None:
        """Raise ``KeyboardInterrupt`` if it was asked for and got lost."""
        if self._asked is not None:
            raise KeyboardInterrupt

    @property
    def status(self) -> int:
        """What a command that was stopped ends with, as shells have it: 128 and the number of the signal."""
        return 128 + (signal.SIGINT if self._asked is None else self._asked)


_current: list[Interrupt] = []


@contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Catch requests to stop while the block runs; what was set before comes back afterwards.

    Within another block it gives the same object, so that a request is not lost between the two.
    """
    if threading.current_thread() is not threading.main_thread():  # only there can a signal be caught
        yield Interrupt()
        return
    if _current:
        yield _current[-1]
        return
    interrupt = Interrupt()
    _current.append(interrupt)
    before = {}
    try:
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup asks for
                before[number] = signal.signal(number, interrupt.ask)
        yield interrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _current.pop()
