"""A process that does one piece of work after the other, as it is asked, and says what each took.

So several codes, each in a warm process of its own, can be measured by turns. Requests and answers are
lines of JSON; what the work itself prints goes to the standard error.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any


def answer(works: Mapping[str, Callable[..., Any]]) -> None:
    """Answer the requests of the standard input until it ends.

    Parameters
    ----------
    works
        What can be asked, by name. A request names one and gives its arguments; ``repeat`` does it so often.
    """
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out, contextlib.redirect_stdout(sys.stderr):
        os.dup2(2, 1)  # also what is not written by Python
        for line in sys.stdin:
            asked = json.loads(line)
            out.write(json.dumps(_done(works[asked["work"]], asked["repeat"], asked["given"])) + "\n")
            out.flush()


def _done(work: Callable[..., Any], repeat: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """Do some work; return what came out, processor seconds of each time and of the process, and its peak."""
    started = time.process_time()
    try:
        for _ in range(repeat):
            found = work(**given)
    except Exception as error:  # whatever it is, whoever asked is told and says it
        return {"error": f"{type(error).__name__}: {error}"}
    ended = time.process_time()
    seconds = (ended - started) / repeat
    return {"found": found, "seconds": seconds, "so_far": ended, "peak": _peak()}


def _peak() -> float:
    """Return the most memory that the process has held, in MB."""
    scale = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
