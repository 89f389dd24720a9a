"""One small model in several tools side by side: ``make peers``.

Twenty stocks in a ring and twenty flows, 156 steps, each tool in the fastest form that we found among those
its manual shows, from the initial values to the last stock; what a tool makes once and runs again (a
translation, a model that is built) is made before. Processor time, by turns, the least of several. The tools
live in an environment of their own, which is made when it is not there.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from page import check, conditions, put
from subjects import HERE, ROOT, Code, FailedError, Subject

from planmodel.show.markdown import markdown
from planmodel.show.numbers import NONE, number

PLACE = ROOT / ".venv-peers"
LOCK = HERE / "requirements.lock"
PYTHON = str(PLACE / "bin" / "python")
STEPS = 20 * 156  # stock-flow-steps of a run
MANY = 4_000
ENGINES = ("numpy", "compiled")
ENOUGH = 0.1  # seconds of processor time that a measure takes at least
SAME = 1e-9  # relative difference of two ends that are the same


@dataclass
class Tool:
    """A tool, and what was found of it.

    Attributes
    ----------
    code
        What answers for it.
    form
        How the ring is written in it.
    many
        Whether it can run many members at once.
    seconds
        The least for one member and for many.
    """

    code: Code
    form: str
    many: bool = False
    version: str = NONE
    end: float = float("nan")
    one: float = float("inf")
    all: float = float("inf")


def tools() -> list[Tool]:
    """Return all tools, ours first."""

    def peer(name: str, script: str, *options: str, python: str = PYTHON) -> Code:
        return Code(name, HERE, (str(HERE / "peers" / script), *options), python)

    def here(name: str, script: str) -> Code:  # our own environment has it
        return peer(name, script, python=sys.executable)

    ours = [
        Tool(
            Code(f"planmodel ({engine})", environment={"PLANMODEL_ENGINE": engine}),
            "an economy of one equation; audited and recorded every month",
            many=True,
        )
        for engine in ENGINES
    ]
    return [
        *ours,
        Tool(peer("PySD", "ring_pysd.py"), "Vensim, translated; members as a subscript", many=True),
        Tool(peer("BPTK-Py, Python", "ring_bptk.py"), "its language, `simulate`"),
        Tool(peer("BPTK-Py, Rust", "ring_bptk.py", "--rust"), "its language, `simulate(backend='rust')`"),
        Tool(peer("Mesa", "ring_mesa.py"), "a stock is an agent; `agents.do` twice a step"),
        Tool(here("SimPy", "ring_simpy.py"), "a flow is a process; members as rows of NumPy", many=True),
        Tool(here("plain Python", "ring_plain.py"), "lists"),
        Tool(here("NumPy", "ring_numpy.py"), "a matrix; neither engine nor record", many=True),
    ]


def environment() -> str:
    """Make the environment of the other tools, if there is none of this lock; say what failed."""
    stamp = PLACE / ".ready"
    if stamp.exists() and stamp.stat().st_mtime >= LOCK.stat().st_mtime:
        return ""
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK)]
    for step in ([sys.executable, "-m", "venv", "--clear", str(PLACE)], pip):
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
            return f"The other tools cannot be installed on Python {sys.version.split()[0]}: {said[-1]}"
    stamp.touch()
    return ""


def measure(turns: int) -> tuple[list[Tool], list[str]]:
    """Measure all tools by turns; return those that ran, and why others did not."""
    ran: list[tuple[Tool, Subject]] = []
    notes = []
    with ExitStack() as stack:
        for tool in tools():
            try:
                subject = stack.enter_context(Subject(tool.code))
                tool.version = subject.ask("version")["found"]
                tool.end = subject.ask("one")["found"]
            except (OSError, FailedError) as error:
                notes.append(f"{tool.code.name} is not here: {error}")
            else:
                ran.append((tool, subject))
        repeats = {tool.code.name: _repeats(subject) for tool, subject in ran}
        for _ in range(turns):
            for tool, subject in ran:
                tool.one = min(tool.one, subject.ask("one", repeats[tool.code.name])["seconds"])
        for turn in range(turns + 1):
            for tool, subject in ran:
                if tool.many:
                    seconds = subject.ask("many", members=MANY)["seconds"]
                    if turn:  # the first may translate and compile
                        tool.all = min(tool.all, seconds)
    return [tool for tool, _ in ran], notes


def _repeats(subject: Subject) -> int:
    """Return how often a run is done for one measure."""
    return max(1, round(ENOUGH / max(subject.ask("one")["seconds"], 1e-6)))


def ends(found: list[Tool]) -> str:
    """Say where the tools end, and who ends elsewhere."""
    agreed = found[0].end
    apart = [f"{tool.code.name} at {tool.end!r}" for tool in found if abs(tool.end / agreed - 1.0) > SAME]
    if apart:
        return f"**Not the same model**: {found[0].code.name} ends at {agreed!r}, {', '.join(apart)}."
    return f"All end at {agreed:.10g} in the last stock."


def table(found: list[Tool]) -> str:
    """Return microseconds a stock-flow-step, and how many times as fast as the first."""
    rows = []
    for tool in found:
        one, many = 1e6 * tool.one / STEPS, 1e6 * tool.all / STEPS / MANY
        rows.append(
            [
                tool.code.name,
                tool.version,
                tool.form,
                number(one),
                number(found[0].one / tool.one),
                number(many) if tool.many else NONE,
                number(found[0].all / tool.all) if tool.many else NONE,
            ]
        )
    heads = ["tool", "version", "form", "one member, us", "times as fast"]
    return markdown([*heads, f"{MANY:,} members, us", "times as fast"], rows)


def main() -> None:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two turns instead of seven")
    parser.add_argument("--page", type=Path, help="write the figures between the marks of this page")
    given = parser.parse_args()
    check(parser, given.page, "peers")
    load = os.getloadavg()[0]
    notes = [said] if (said := environment()) else []
    found, missing = measure(2 if given.quick else 7)
    text = "\n\n".join([conditions(load), *notes, *missing, table(found), ends(found)])
    print(text)
    if given.page is not None:
        put(given.page, "peers", text)


if __name__ == "__main__":
    main()
