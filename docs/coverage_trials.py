"""Trials of what the model leaves out: a stand-in is put on sizes and levers that it has.

Trials stand in coverage_trials.toml. What each moves is judged by the rule of liveness.md, and kept in
coverage_trials.csv, from which coverage.md is written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from planmodel.calibration.problem import Points
from planmodel.engine import Array
from planmodel.liveness.moving import ERRORS, Change, Refit, Tried, refit_of, stands, tried
from planmodel.robustness.judging import judge_draws
from planmodel.runs.checks import Check, load_checks
from planmodel.scenario.load import change_scenario
from planmodel.show.numbers import fixed, number, percent

TRIALS = Path(__file__).with_name("coverage_trials.toml")
KEPT = Path(__file__).with_name("coverage_trials.csv")
SCENARIO, CALIBRATION, FACTS = "baseline", "archival", "stylised_facts"  # first two are those of liveness.md
KNOWN = ("text", "literature", "assumed")  # where the size is from
OUTCOMES = "move no figure", "move some, which other sizes can bring back", "move some all the same"
NOTHING = "Nothing that is documented would tell it."
WORDS, CHANGES = ("name", "told", "size", "known", "follows"), ("times", "plus", "set", "levers")


@dataclass(frozen=True)
class Trial:
    """A stand-in for what is out; the file says what each entry means."""

    name: str
    of: tuple[str, ...]
    told: str
    size: str
    known: str
    follows: str
    worth: bool
    change: Change

    @classmethod
    def of_entries(cls, entries: Mapping[str, Any]) -> Trial:
        """Read a trial of the file."""
        about = f"coverage_trials.toml, trial '{entries.get('name')}'"
        if unknown := sorted(set(entries) - {*WORDS, *CHANGES, "of", "worth"}):
            raise ValueError(f"{about}: unknown entry {unknown[0]}")
        if lacking := [name for name in (*WORDS[:-1], "of") if not entries.get(name)]:
            raise ValueError(f"{about}: {lacking[0]} is wanting")
        if entries["known"] not in KNOWN:
            raise ValueError(f"{about}: unknown origin '{entries['known']}': {', '.join(KNOWN)}")
        change = _change(entries)
        if not (change.sizes or change.others):
            raise ValueError(f"{about}: changes nothing")
        words = {name: " ".join(entries.get(name, "").split()) for name in WORDS}
        return cls(of=tuple(entries["of"]), worth=entries.get("worth", False), change=change, **words)

    @property
    def digest(self) -> str:
        """What is changed, in short: what was measured of another change is told apart by it."""
        said = json.dumps([self.change.sizes, self.change.others], sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:12]


def _change(entries: Mapping[str, Any]) -> Change:
    """Return what differs: sizes, and what needs a scenario of its own."""
    times, plus = entries.get("times", {}), entries.get("plus", {})
    sizes = {_full(name): (times.get(name, 1.0), plus.get(name, 0.0)) for name in {**times, **plus}}
    others = dict(entries.get("set", {}))
    for lever, steps in entries.get("levers", {}).items():
        for day, value in steps.items():
            decree = f"decrees.trial_{lever}_{day.replace('-', '_')}"
            others |= {f"{decree}.date": date.fromisoformat(day), f"{decree}.effects": {lever: value}}
            others |= {f"{decree}.title": "A trial", f"{decree}.source": "coverage_trials.toml"}
    return Change(sizes, others)


def _full(name: str) -> str:
    return name if name.startswith("exogenous.") else f"parameters.{name}"


@dataclass(frozen=True)
class Found:
    """What a trial came to: figures that move by more than their error, and the one that moves most.

    ``error`` is of that figure: of its logarithm where it is ``relative``. ``refitted`` is the largest move
    that is left, nan where none was asked for. ``misfit`` is the rise of the weighted squares of all
    deviations from the record, over what they are without it.
    """

    name: str
    digest: str
    moved: int
    figures: int
    errors: float
    figure: str
    before: float
    after: float
    error: float
    relative: bool
    refitted: float
    misfit: float
    facts: str

    @property
    def verdict(self) -> str:
        """Whether figures move by more than their error, and still do when the rest is refitted."""
        if self.errors <= ERRORS:
            return OUTCOMES[0]
        return OUTCOMES[1] if self.refitted <= ERRORS else OUTCOMES[2]

    def follows(self, trial: Trial) -> str:
        """Say what follows; where figures move, the trial must."""
        if self.verdict != OUTCOMES[0] and not trial.follows:
            about = f"coverage_trials.toml, trial '{trial.name}'"
            raise ValueError(f"{about}: moves figures, and does not say what follows")
        return f"{NOTHING} {trial.follows}".strip() if self.verdict == OUTCOMES[0] else trial.follows

    def short(self) -> str:
        """Say in a few words what was measured."""
        moved = self.moved or "none"
        return f"moves {moved} of {self.figures} figures, at most by {_errors(self.errors)} errors"

    def sentence(self) -> str:
        """Say what was measured."""
        error = percent(self.error) if self.relative else number(self.error)
        most = (
            f"`{self.figure}`, by {_errors(self.errors)} errors "
            f"(from {number(self.before)} to {number(self.after)}; error {error})"
        )
        if self.errors <= ERRORS:
            said = f"Moves none of {self.figures} figures by more than its error; most {most}."
        else:
            said = f"Moves {self.moved} of {self.figures} figures by more than their error, most {most}."
            said += f" Refitted: {_errors(self.refitted)} errors are left."
        return f"{said} Misfit {100.0 * self.misfit:+.0f} %; facts {self.facts}."


def _errors(value: float) -> str:
    return fixed(value, 2 if value < 1.2 else 1)


def read(text: str | None = None) -> list[Trial]:
    """Return the trials of the file, or of a text in its place."""
    text = TRIALS.read_text(encoding="utf-8") if text is None else text
    return [Trial.of_entries(entries) for entries in tomllib.loads(text)["trial"]]


def measure(trials: Sequence[Trial], workers: int = 1) -> list[Found]:
    """Try each by itself; those that can share a scenario run together, and groups by processes."""
    groups: dict[str, list[Trial]] = {}
    for trial in trials:
        groups.setdefault(json.dumps(trial.change.others, sort_keys=True, default=str), []).append(trial)
    _before()  # processes find it done
    if workers == 1:
        came = list(map(_group, groups.values()))
    else:
        with ProcessPoolExecutor(workers) as pool:
            came = list(pool.map(_group, groups.values()))
    found = {one.name: one for group in came for one in group}
    return [found[trial.name] for trial in trials]


@cache
def _before() -> tuple[Refit, Mapping[str, Check], Mapping[str, bool]]:
    """Return what all are tried on, the facts, and which of them hold without a trial."""
    about = refit_of(SCENARIO, CALIBRATION, 1)
    checks = load_checks(FACTS, about.scenario.declared)
    return about, checks, _held(about, [Change()], checks)[0]


def _group(trials: Sequence[Trial]) -> list[Found]:
    """Try some that are alike in what needs a scenario of its own."""
    about, checks, held = _before()
    changes = [trial.change for trial in trials]
    facts = [_differ(held, now) for now in _held(about, changes, checks)]
    came = tried(about, changes)
    return [_found(about, trial, one, told) for trial, one, told in zip(trials, came, facts, strict=True)]


def _found(about: Refit, trial: Trial, came: Tried, facts: str) -> Found:
    at = int(np.abs(came.moved).argmax())
    point, error = about.points.points[at], float(about.points.sd[at])
    values = _values(about.points, about.base + np.array([0.0 * came.moved, came.moved]))
    squares = (about.points.deviations(values) / about.points.sd) ** 2 @ about.points.weight
    before, after = values[:, at]
    return Found(
        trial.name, trial.digest, int((np.abs(came.moved) > ERRORS).sum()), len(came.moved),
        came.move.largest, came.move.where, float(before), float(after), error, point.relative,
        np.nan if came.refitted is None else came.refitted.largest,
        float(squares[1] / squares[0] - 1.0), facts,
    )  # fmt: skip


def _values(points: Points, moved: Array) -> Array:
    """Return values of the figures from what is compared, in standard errors."""
    compared = moved * points.sd
    return np.where(points.relative, np.exp(np.where(points.relative, compared, 0.0)), compared)


def _held(about: Refit, changes: Sequence[Change], checks: Mapping[str, Check]) -> list[dict[str, bool]]:
    """Return which facts hold with each change; all are alike in what needs a scenario of its own."""
    others = {**changes[0].others, "limiting_case": True}  # sizes may lie outside of what history allows
    scenario = change_scenario(about.scenario, others, "trial")
    named = {name for change in changes for name in change.sizes} or {"parameters.plan.push"}
    values = {}
    for name in sorted(named):
        at = stands(scenario, name)
        sizes = [change.sizes.get(name, (1.0, 0.0)) for change in changes]
        values[name] = np.array([times * at + plus for times, plus in sizes])
    verdicts = judge_draws(scenario, checks, values).verdicts
    return [{one.name: bool(one.holds[i]) for one in verdicts} for i in range(len(changes))]


def _differ(before: Mapping[str, bool], now: Mapping[str, bool]) -> str:
    lost = [f"`{name}` no longer holds" for name in before if before[name] and not now[name]]
    won = [f"`{name}` now holds" for name in before if now[name] and not before[name]]
    return ", ".join([*lost, *won]) or "as before"


def keep(found: Sequence[Found]) -> None:
    """Write what was measured."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([field.name for field in fields(Found)])
    for one in found:
        rows.writerow([f"{v:.6g}" if isinstance(v, float) else v for v in asdict(one).values()])
    KEPT.write_text(text.getvalue(), encoding="utf-8")


def kept(trials: Sequence[Trial]) -> dict[str, Found]:
    """Return what was measured, of the trials of today."""
    with KEPT.open(encoding="utf-8") as file:
        rows = {row["name"]: _row(row) for row in csv.DictReader(file)}
    stale = [t.name for t in trials if t.name not in rows or rows[t.name].digest != t.digest]
    if stale or len(rows) != len(trials):
        of = ", ".join(stale) or "others"
        raise ValueError(f"coverage_trials.csv: not of the trials of today ({of}); run: make pages")
    return rows


def _row(row: Mapping[str, str]) -> Found:
    kinds = {"int": int, "float": float, "str": str, "bool": lambda text: text == "True"}
    return Found(**{field.name: kinds[str(field.type)](row[field.name]) for field in fields(Found)})
