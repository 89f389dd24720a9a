"""Rows of coverage.toml, and what they may say: a row that says more than the model allows is refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

GRADES = ("faithful", "partial", "out")
ALIVE, DEAD, NOT_ASKED = "alive", "dead", "not asked"
TABLES = {
    "Essential mechanisms that are in": "in",
    "Declared, but dead in the record": DEAD,
    "What is left out so far": "out",
}  # by headings of model.md
WORDS, LISTS = ("lines", "what", "grade", "missing", "why", "tried"), ("mechanisms", "equations", "sizes")


@dataclass(frozen=True)
class Row:
    """A passage of the texts, and what of it is in; the file says what each entry means."""

    lines: str
    what: str
    grade: str
    mechanisms: tuple[str, ...] = ()
    equations: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    missing: str = ""
    why: str = ""
    tried: str = ""

    @classmethod
    def of(cls, entries: Mapping[str, Any]) -> Row:
        """Read a row of the file."""
        about = f"coverage.toml, row '{entries.get('lines')}'"
        if unknown := sorted(set(entries) - {*WORDS, *LISTS}):
            raise ValueError(f"{about}: unknown entry {unknown[0]}")
        if lacking := [name for name in ("lines", "what", "grade") if not entries.get(name)]:
            raise ValueError(f"{about}: {lacking[0]} is wanting")
        read: dict[str, Any] = {name: " ".join(entries.get(name, "").split()) for name in WORDS}
        read |= {name: tuple(entries.get(name, ())) for name in LISTS}
        return cls(**read)


@dataclass(frozen=True)
class Mechanism:
    """A mechanism of model.md: its lines, and whether it is ``in``, ``in part``, ``dead`` or ``out``."""

    lines: str
    state: str


@dataclass(frozen=True)
class Known:
    """What rows may name: links of equations, verdicts of sizes, mechanisms by number.

    ``moves`` has, by size, how many errors the figure moves that moves most without it.
    """

    links: Mapping[str, str]
    verdicts: Mapping[str, str]
    mechanisms: Mapping[str, Mechanism]
    moves: Mapping[str, str] = field(default_factory=dict)


def mechanisms(page: str) -> dict[str, Mechanism]:
    """Return the mechanisms of the three tables of model.md."""
    found: dict[str, Mechanism] = {}
    for heading, state in TABLES.items():
        rows = re.findall(r"^\| ([A-D]-\d+) \| ([\d, -]+) \| ([^|]*)", section(page, heading), re.MULTILINE)
        for number, lines, what in rows:
            said = "in part" if state == "in" and "In part" in what else state
            if before := found.get(number):  # it is in or dead, and a part of it is left out
                said = DEAD if before.state == DEAD else "in part"
                lines = before.lines
            found[number] = Mechanism(lines.strip(), said)
    return found


def section(page: str, heading: str) -> str:
    """Return the text under a heading of the second order."""
    return page.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def touch(one: str, other: str) -> bool:
    """Tell whether lines of the first text and others have any in common."""
    return any(a <= d and c <= b for a, b in _ranges(one) for c, d in _ranges(other))


def _ranges(lines: str) -> list[tuple[int, int]]:
    found = re.findall(r"(\d+)(?:-(\d+))?", "" if lines.startswith("00") else lines)
    return [(int(first), int(last or first)) for first, last in found]


def check(row: Row, now: Known, tried: Collection[str] = ()) -> None:
    """Refuse a row that names what is not there or says more than holds; ``tried`` are lines with a trial."""
    for name, named, there in (
        ("equation", row.equations, now.links),
        ("parameter or switch", row.sizes, now.verdicts),
        ("mechanism", row.mechanisms, now.mechanisms),
    ):
        for one in named:
            _refuse(row, one not in there, f"unknown {name} {one}")
    for number in row.mechanisms:
        lines = now.mechanisms[number].lines
        _refuse(row, not touch(row.lines, lines), f"{number} is told in other lines ({lines})")
    _refuse(row, row.grade not in GRADES, f"unknown grade '{row.grade}': {', '.join(GRADES)}")
    _refuse(row, row.grade != "faithful" and not row.missing, f"{row.grade}, but not what is missing")
    _refuse(row, row.grade != "out" and not row.equations, f"{row.grade}, without an equation")
    verdicts = {now.verdicts[size] for size in row.sizes} - {NOT_ASKED}
    states = {number: now.mechanisms[number].state for number in row.mechanisms}
    if row.grade == "faithful":
        _refuse(row, ALIVE not in verdicts, "faithful, but nothing that it rests on is alive")
        for number, state in states.items():
            _refuse(row, state != "in", f"faithful, but of {number} model.md says: {state}")
    elif row.grade == "partial":
        _refuse(row, verdicts == {DEAD}, "partial, but all that it rests on is dead")
    else:
        _refuse(row, not row.why, "out, and does not say why")
        _refuse(row, not (row.tried or row.lines in tried), "out, and nothing was tried")
        for number, state in states.items():
            _refuse(row, state in ("in", "in part"), f"out, but of {number} model.md says: {state}")


def check_rest(rows: Sequence[Row], rest: Mapping[str, str], now: Known) -> None:
    """Refuse a remainder that is not what the rows leave."""
    named = {number for row in rows for number in row.mechanisms}
    for number, sentence in rest.items():
        about = f"coverage.toml, rest, {number}"
        if number not in now.mechanisms:
            raise ValueError(f"{about}: unknown mechanism")
        if not sentence.strip():
            raise ValueError(f"{about}: has no sentence")
        reached = [row.lines for row in rows if touch(row.lines, now.mechanisms[number].lines)]
        if reached:
            raise ValueError(f"{about}: row '{reached[0]}' reaches its lines")
    if left := [number for number in now.mechanisms if number not in {*named, *rest}]:
        raise ValueError(f"coverage.toml: no row and no rest names {', '.join(left)}")


def check_trials(rows: Sequence[Row], of: Mapping[str, Collection[str]], now: Known) -> None:
    """Refuse a trial of what neither a row nor a mechanism is; ``of`` has what each is of."""
    for name, named in of.items():
        for one in named:
            if one not in now.mechanisms and one not in {row.lines for row in rows}:
                raise ValueError(f"coverage_trials.toml, trial '{name}': no row and no mechanism is {one}")


def _refuse(row: Row, wrong: bool, because: str) -> None:
    if wrong:
        raise ValueError(f"coverage.toml, row '{row.lines}' ({row.what}): {because}")


def read(text: str) -> tuple[list[Row], dict[str, str]]:
    """Return rows and remainder of the file."""
    file = tomllib.loads(text)
    return [Row.of(row) for row in file["row"]], file["rest"]
