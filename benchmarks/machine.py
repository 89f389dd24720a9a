"""What bounds the speed on a machine: compiled code by itself, copies of memory, imports of libraries."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import numpy as np
from subjects import Code, Subject

from planmodel.show.markdown import markdown
from planmodel.show.numbers import number

# What a command needs before its table can be on the screen, and nothing of ours.
LIBRARIES = "numpy, pandas, xarray, pydantic, typer, rich.table, simpy, llvmlite.binding"
WORDS = {"phase": "equations", "settle": "settlement", "close": "audit and closing", "judge": "limits"}
MONTHS = 156


def timed_kernels(run: Callable[[int], Any]) -> Callable[[int], dict[str, float]]:
    """Return what runs a chunk and says the seconds within compiled code, by what it does.

    It must be made before anything is compiled.
    """
    from planmodel.engine.compiled.compiler import Compiled

    spent: dict[str, float] = defaultdict(float)
    plain = Compiled.function

    def function(self: Compiled, name: str, arguments: int) -> Callable[..., int]:
        made, word = plain(self, name, arguments), WORDS.get(name, "queues of sites")

        def timed(*given: int) -> int:
            started = time.perf_counter()
            found = made(*given)
            spent[word] += time.perf_counter() - started
            return found

        timed.__dict__["owner"] = self
        return timed

    Compiled.function = function  # type: ignore[method-assign]

    def within(number: int) -> dict[str, float]:
        run(number)  # what is made once in a process
        best: dict[str, float] = {}
        for _ in range(3):
            spent.clear()
            started = time.perf_counter()
            run(number)
            spent["all"] = time.perf_counter() - started
            if not best or spent["all"] < best["all"]:
                best = dict(spent)
        return best

    return within


def within_kernels(code: Code, sizes: tuple[int, ...]) -> str:
    """Return a table of the microseconds that compiled code takes for a member and month, by chunk."""
    with Subject(code) as subject:
        found = {size: subject.ask("within", number=size)["found"] for size in sizes}
    parts = sorted({part for one in found.values() for part in one} - {"all"}, key=lambda p: -_sum(found, p))
    each = {size: 1e6 / (size * MONTHS) for size in sizes}
    rows = [[p, *(number(found[s].get(p, 0.0) * each[s]) for s in sizes)] for p in parts]
    inside = {s: sum(found[s].get(part, 0.0) for part in parts) for s in sizes}
    rows.append(["all compiled code", *(number(inside[s] * each[s]) for s in sizes)])
    rows.append(["the same, ms a history", *(number(1000.0 * inside[s] / s) for s in sizes)])
    rows.append(["everything, ms a history", *(number(1000.0 * found[s]["all"] / s) for s in sizes)])
    return markdown(["microseconds a member and month", *(f"chunk of {s:,}" for s in sizes)], rows)


def _sum(found: Mapping[int, Mapping[str, float]], part: str) -> float:
    return sum(one.get(part, 0.0) / size for size, one in found.items())


def bounds() -> str:
    """Return sentences on copies of memory and imports of libraries on this machine."""
    speeds = [_copied(numbers) for numbers in (16_000, 8_000_000)]
    imported = min(_processor_time(f"import {LIBRARIES}") for _ in range(3))
    nothing = min(_processor_time("pass") for _ in range(3))
    return (
        f"A copy of numbers runs at {number(speeds[0])} GB/s in the cache and at {number(speeds[1])} GB/s "
        f"from memory.\nTo start Python takes {number(nothing)} s of processor time, and with the libraries "
        f"that a table needs\n({LIBRARIES}) {number(imported)} s."
    )


def _copied(numbers: int) -> float:
    """Return GB a second, read and written."""
    origin, place, best = np.ones(numbers), np.empty(numbers), float("inf")
    for _ in range(20):
        started = time.perf_counter()
        np.copyto(place, origin)
        best = min(best, time.perf_counter() - started)
    return 2.0 * origin.nbytes / best / 1e9


def _processor_time(text: str) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", text], check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
