"""A request to stop that a library dropped is asked for again."""

import os
import signal
from contextlib import suppress

import pytest

from planmodel.cli.interrupt import interruptible


def test_a_lost_request_is_raised_at_the_next_safe_place() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interruptible() as interrupt:
        interrupt.check()  # nothing was asked
        with suppress(KeyboardInterrupt):  # as a callback does that drops whatever is raised
            os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            interrupt.check()
    assert signal.getsignal(signal.SIGINT) is before
