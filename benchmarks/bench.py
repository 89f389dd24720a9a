"""How fast the model runs: ``make bench``, or ``python benchmarks/bench.py --quick`` in two minutes.

Everything is measured by turns within one run of this program, so that all codes meet the same machine, and
in processor time, the least of several; only two processes against one take the clock on the wall. Beside the
back ends of this code stand the codes of earlier commits. Figures are printed, and with ``--page`` put there.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from earlier import earlier
from machine import bounds, within_kernels
from page import Row, check, conditions, put, ratios, shares
from subjects import ROOT, Code, FailedError, Subject
from turns import by_turns, command, first_in_a_process, knows, least, seconds_of, to_table, two_against_one

ENGINES = ("numpy", "compiled")
BASE = "numpy"


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    turns: int = 4  # of what takes a second
    long: int = 2  # of what takes some
    chunks: tuple[int, ...] = (4_000, 1_000)
    ensembles: tuple[int, ...] = (1, 16, 128, 1_000, 4_000, 16_000)
    together: int = 4_000
    profiled: int = 4_000
    within: tuple[int, ...] = (64, 1_000, 4_000)
    everything: bool = True  # also of earlier commits what is not one member or a chunk, and fits


QUICK = Sizes(2, 1, (1_000,), (1, 128), 250, 250, (64, 1_000), False)
# Chunks as large as in earnest: 24 Jacobians at once, halves of 600 walkers.
# and steps enough that what is done once after the last of them, in earnest after thousands, is little.
FIT = {"sample": 1_000, "points": 24, "walkers": 600, "steps": 4}


def engines() -> list[Code]:
    """Return this code by its back ends."""
    return [Code(name, environment={"PLANMODEL_ENGINE": name}) for name in ENGINES]


def remarks() -> list[str]:
    """Say what would make the table misleading."""
    texts = (file.read_text(encoding="utf-8") for file in (ROOT / "planmodel").rglob("*.py"))
    if any("PLANMODEL_ENGINE" in text for text in texts):
        return []
    return ["This code has one back end: `numpy` and `compiled` are the same."]


def started(codes: Sequence[Code], stack: ExitStack) -> tuple[list[Subject], list[str]]:
    """Start what can run a member; return the processes, now warm, and what cannot be measured and why."""
    subjects, notes = [], []
    for code in codes:
        subject = stack.enter_context(Subject(code))
        try:
            subject.ask("members", number=1)
        except FailedError as error:
            notes.append(f"{code.name} is skipped: {error}")
        else:
            subjects.append(subject)
    return subjects, notes


def members(subjects: Sequence[Subject], sizes: Sizes) -> list[Row]:
    """Measure one member, and chunks, in warm processes."""
    rows = [Row("one member, s", seconds_of(subjects, sizes.turns, "members", number=1))]
    for chunk in sizes.chunks:
        took = seconds_of(subjects, sizes.long, "members", number=chunk)
        each = {name: 1000.0 * seconds / chunk for name, seconds in took.items()}
        rows.append(Row(f"a member of a chunk of {chunk:,}, ms", each))
        rate = {name: chunk / seconds for name, seconds in took.items()}
        rows.append(Row(f"histories a second a core, chunk of {chunk:,}", rate, rate=True))
        if chunk == max(sizes.chunks):  # measured first, so that no larger one was there before
            held = {s.name: float(s.ask("version")["peak"]) for s in subjects if s.name in took}
            rows.append(Row(f"peak memory with a chunk of {chunk:,}, MB", held))
    return rows


def commands(codes: Sequence[Code], sizes: Sizes) -> list[Row]:
    """Measure processes from their start: one member, the command to the table, the help."""
    of = {code.name: code for code in codes}
    rows = [Row("one member from the start of Python, s", first_in_a_process(codes, sizes.long))]
    run = ("run", "baseline", "--out", "out")
    rows.append(
        Row("`planmodel run baseline`, s", least(list(of), lambda n: command(of[n], *run), sizes.long))
    )
    shown = least(list(of), lambda n: to_table(of[n]), sizes.turns)
    rows.append(Row("`planmodel run baseline`, until the table is on the screen, s", shown))
    plain = [name for name, code in of.items() if knows(code, "run", "--no-figures")]
    if plain:
        without = least(plain, lambda n: command(of[n], *run, "--no-figures"), sizes.long)
        rows.append(Row("`planmodel run baseline --no-figures`, s", without))
    rows.append(
        Row("`planmodel --help`, s", least(list(of), lambda n: command(of[n], "--help"), sizes.turns))
    )
    return rows


def fits(subjects: Sequence[Subject]) -> list[Row]:
    """Measure the evaluations of a calibration."""
    of = {subject.name: subject for subject in subjects}
    told = by_turns(list(of), lambda name: of[name].ask("calibration", **FIT)["found"], 2)
    return [
        Row(
            f"`calibrate archival`, {stage}: evaluations a second",
            {name: max(one[stage] for one in found) for name, found in told.items()},
            rate=True,
        )
        for stage in ("search", "posterior")
    ]


def ensembles(subjects: Sequence[Subject], sizes: Sizes) -> list[Row]:
    """Measure the cost of a member by the number of members of a chunk."""
    rows = []
    for size in sizes.ensembles:
        took = seconds_of(subjects, 2 if sizes.everything else 1, "members", number=size)
        each = {name: 1000.0 * seconds / size for name, seconds in took.items()}
        rows.append(Row(f"{size:,}", each))
    return rows


def measured(sizes: Sizes, say: Callable[[str], None]) -> str:
    """Measure everything; return it as Markdown."""
    load, now = os.getloadavg()[0], engines()
    with earlier() as (before, notes), ExitStack() as stack:
        say("starting all codes")
        subjects, skipped = started([*now, *before], stack)
        notes = [*remarks(), *notes, *skipped]
        names = [subject.name for subject in subjects]
        mine = [subject for subject in subjects if subject.name in ENGINES]
        timed = [s.code for s in (subjects if sizes.everything else mine[:1])]
        say("members and chunks")
        rows = members(subjects, sizes)
        say("commands")
        rows += commands(timed, sizes)
        if sizes.everything:
            say("calibration")
            rows += fits(subjects)
        say("two processes against one")
        pair = [s.code for s in (mine if sizes.everything else mine[:1])]
        twice = {code.name: two_against_one(code, sizes.together, sizes.long) for code in pair}
        rows.append(Row(f"two processes over one, a chunk of {sizes.together:,} each", twice, rate=True))
        say("cost by members")
        costs = ratios(ensembles(mine, sizes), [subject.name for subject in mine], BASE)
        say("profile")
        parts = {s.name: s.ask("profiled", number=sizes.profiled)["found"] for s in mine}
    say("what the machine allows")
    within = within_kernels(now[-1], sizes.within)
    told = [
        conditions(load) + (" Quick: sizes are small." if not sizes.everything else ""),
        *notes,
        ratios(rows, names, BASE),
        "Cost of a member, ms, by the members of a chunk:",
        costs,
        f"Where a chunk of {sizes.profiled:,} spends its time, by the profiler of Python:",
        shares(parts),
        "What of it is within compiled code; up to some hundred members the books stay in the cache:",
        within,
        bounds(),
    ]
    return "\n\n".join(told)


def main() -> None:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, earlier commits for members only")
    parser.add_argument("--page", type=Path, help="write the figures between the marks of this page")
    given = parser.parse_args()
    check(parser, given.page, "figures")
    text = measured(QUICK if given.quick else Sizes(), lambda stage: print(f"... {stage}", flush=True))
    print(f"\n{text}")
    if given.page is not None:
        put(given.page, "figures", text)


if __name__ == "__main__":
    main()
