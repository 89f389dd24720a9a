"""The state of a run in a file: of which scenario it is, and what another says otherwise of the days before.

A state is taken at the end of a run and gone on with from the next day (:mod:`planmodel.engine.state`).
Under the scenario that it is of, this gives to the bit what a run in one go gives. Under another one it is a
branch, a counterfactual that begins on the day: parameters, mechanisms and conditions of decrees of the new
scenario hold from then on; what it says of days before (decrees, works, years of exogenous series, opening
stocks) has no effect. Both are named in the notes of the run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from planmodel.engine import Array, State, StateError
from planmodel.engine.errors import few
from planmodel.engine.fingerprint import compact
from planmodel.engine.state import Changed
from planmodel.provenance import ACROSS_MACHINES, code_sha256, machine, package_versions
from planmodel.scenario import Scenario
from planmodel.scenario.decrees import Decree
from planmodel.scenario.sections import Work
from planmodel.storage import MANIFEST, SIGN, read_manifest, read_sealed, sealed, verified, write_whole

FILE = "state.npz"  # in the folder of a run
_COMPRESSED = 20_000_000  # bytes of a state from which on it is written smaller
_DECISIVE = ("numpy", "scipy", "simpy")
_SHOWN = 8


@dataclass(frozen=True)
class GoneOn:
    """From what a run goes on.

    Attributes
    ----------
    scenario, scenario_sha256
        What was run before.
    day
        The last day of that run.
    holds
        Parameters, mechanisms and rules that are others from the next day on.
    past
        What the scenario of this run says otherwise of days before, without effect.
    """

    scenario: str
    scenario_sha256: str
    day: str
    holds: tuple[str, ...] = ()
    past: tuple[str, ...] = ()


def with_scenario(
    state: State, scenario: Scenario, sizes: Mapping[str, Array | float], notes: tuple[str, ...]
) -> State:
    """Return a state that says of which scenario and code it is.

    Parameters
    ----------
    sizes
        Sizes of named works that differ between members.
    notes
        What must be said of how it came about.
    """
    about = {
        "economy": _named(scenario),
        "scenario": scenario.name,
        "scenario_sha256": scenario.digest(),
        "dated": _dated(scenario, sizes, state.day),
        "rules": _rules(scenario, sizes, state.day),
        "notes": list(notes),
        "code_sha256": code_sha256(),
        **_here(),
    }
    return State({**state.tree, "about": about})


def scenario_of(state: State) -> str:
    """Return the name of the scenario that a state is of.

    Raises
    ------
    StateError
        If it is of none.
    """
    return str(_about(state)["scenario"])


def check_economy(state: State, scenario: Scenario) -> None:
    """Refuse a state of another economy than a scenario is of.

    Raises
    ------
    StateError
        Naming both.
    """
    there, here = str(_about(state)["economy"]), _named(scenario)
    if there != here:
        raise StateError(f"the state is of the economy '{there}', the scenario '{scenario.name}' of '{here}'")


def go_on(
    state: State, scenario: Scenario, sizes: Mapping[str, Array | float], changed: Changed, branch: bool
) -> tuple[GoneOn, tuple[str, ...]]:
    """Return from what a run goes on, and what must be said of that; refuse what is no branch on purpose.

    Parameters
    ----------
    changed
        What the engine finds given otherwise.
    branch
        Whether the scenario is another one on purpose.

    Raises
    ------
    StateError
        Naming what differs.
    """
    about = _about(state)
    if about["code_sha256"] != code_sha256():
        raise StateError(
            f"the state is of other code of planmodel: {about['code_sha256'][:12]} there, "
            f"{code_sha256()[:12]} now; allowed: the version that it was made with"
        )
    there, here = about["dated"], _dated(scenario, sizes, state.day)
    past = [*changed.past, *(name for name in {**there, **here} if there.get(name) != here.get(name))]
    rules, ours = about["rules"], _rules(scenario, sizes, state.day)
    holds = (*changed.holds, *(n for n in {**rules, **ours} if rules.get(n) != ours.get(n)))
    if not branch and (holds or past):
        raise StateError(
            f"the scenario is not that of the state: {few([*holds, *past], _SHOWN)}; allowed: as it was run, "
            "or another one on purpose"
        )
    gone_on = GoneOn(about["scenario"], about["scenario_sha256"], state.day.isoformat(), holds, tuple(past))
    return gone_on, (*about["notes"], *_notes(gone_on, scenario, state.day), *_elsewhere(about))


def write_state(path: Path, state: State) -> None:
    """Write a state into a file, which is whole or not there.

    Raises
    ------
    WriteError
        If the disk is full or the folder cannot be written.
    """
    write_whole(Path(os.path.realpath(path)), state_bytes(state))


def state_bytes(state: State) -> bytes:
    """Return the bytes of the file of a state, with the hash by which it is checked when it is read."""
    content = state.to_bytes(SIGN)
    return sealed(state.to_bytes(SIGN, compressed=True) if len(content) > _COMPRESSED else content)


def read_state(path: Path) -> State:
    """Read a state from a file, or from the folder of a run that was made with ``--save``.

    Raises
    ------
    UserError
        If there is none, or it is not as it was written.
    """
    file = path
    if path.is_dir():
        file = path / FILE
        if not file.exists():
            raise StateError(f"there is no {FILE} in it; allowed: the folder of a run with --save")
        if (path / MANIFEST).exists():
            verified(path, read_manifest(path), FILE)
    content = read_sealed(file)
    return State.from_bytes(content)


def _about(state: State) -> Mapping[str, Any]:
    about = state.tree.get("about")
    if not isinstance(about, Mapping):
        raise StateError("the state is of no scenario; allowed: one of planmodel.runs.history")
    return about


def _named(scenario: Scenario) -> str:
    """Return the name of an economy; of one in a folder elsewhere, the last part of its path."""
    return Path(scenario.declared.name).name


def _dated(scenario: Scenario, sizes: Mapping[str, Array | float], day: date) -> dict[str, Any]:
    """Return what a scenario dates, up to a day: what counts of decrees and named works."""
    decrees: dict[str, list[Any]] = {}
    for name, decree in _by(scenario, day).items():
        if decree.date is not None:
            more = decree.model_dump(include={"delay", "duration", "repeals"}, exclude_none=True)
            said = [decree.date.isoformat(), dict(sorted(decree.effects.items()))]
            decrees[f"decrees.{name}"] = [*said, more] if more else said
    works = {}
    for name, work in sorted(scenario.works.items()):
        begins = _begins(work, scenario)
        if work.enabled and begins is not None and scenario.period.start <= begins <= day:
            works[f"works.{name}"] = [work.decree or begins.isoformat(), *_what(name, work, sizes)]
    return decrees | works


def _rules(scenario: Scenario, sizes: Mapping[str, Array | float], day: date) -> dict[str, Any]:
    """Return decrees with a condition, and works that they found: others hold from now on, where not yet."""
    rules = {name: decree for name, decree in _by(scenario, day).items() if decree.when is not None}
    words = {"title", "source", "enabled"}
    said = {f"decrees.{name}": rule.model_dump(mode="json", exclude=words) for name, rule in rules.items()}
    works = {n: work for n, work in scenario.works.items() if work.enabled and work.decree in rules}
    return said | {f"works.{name}": [work.decree, *_what(name, work, sizes)] for name, work in works.items()}


def _begins(work: Work, scenario: Scenario) -> date | None:
    """Return the day on which a named work begins in all members; none where each has its own, or never."""
    if work.decree is None:
        return work.start
    decree = scenario.decrees.get(work.decree)
    if decree is None or decree.date is None or not decree.enabled:
        return None
    # What is in force from before the first day founds on that.
    return max(decree.date + timedelta(days=decree.delay), scenario.period.start)


def _what(name: str, work: Work, sizes: Mapping[str, Array | float]) -> list[Any]:
    """Return the size and branch of a named work."""
    size = compact(sizes.get(name, work.size))
    return [size if isinstance(size, float) else size.tolist(), work.branch]


def _by(scenario: Scenario, day: date) -> dict[str, Decree]:
    """Return the decrees that may have been issued by a day, as they are without the later ones."""
    later = [name for name, decree in scenario.decrees.items() if decree.earliest > day]
    decrees = sorted(scenario.decrees.items())
    return {name: d.without(later) for name, d in decrees if d.enabled and name not in later}


def _notes(gone_on: GoneOn, scenario: Scenario, day: date) -> list[str]:
    """Say what of a branch its user might not expect."""
    notes = []
    if gone_on.holds:
        notes.append(
            f"branch of '{gone_on.scenario}': from {day + timedelta(days=1)} on holds what "
            f"'{scenario.name}' says otherwise: {few(gone_on.holds, _SHOWN)}"
        )
    if gone_on.past:
        notes.append(
            f"branch of '{gone_on.scenario}' after {day}: of no effect is what '{scenario.name}' says "
            f"otherwise of days before: {few(gone_on.past, _SHOWN)}"
        )
    return notes


def _here() -> dict[str, Any]:
    return {"machine": machine(), "packages": package_versions(_DECISIVE)}


def _elsewhere(about: Mapping[str, Any]) -> list[str]:
    """Say that a run was begun on another machine, or with other packages."""
    here = _here()
    others = [f"{name} {v}" for name, v in about["packages"].items() if here["packages"].get(name) != v]
    if about["machine"] != here["machine"]:
        others.insert(0, f"{about['machine'].get('processor')}, {about['machine'].get('c_library')}")
    if not others:
        return []
    return [
        f"begun with {few(others)}: series agree with those of a run in one go within "
        f"{ACROSS_MACHINES:.0e} of their range, not to the bit"
    ]
