"""Seeking the centre of a region that holds the facts, step by step, in a folder from which it goes on.

After each step the folder is written anew as a whole: rows of the steps (``steps.csv``), the centre as a
scenario (``centre.toml``), and what is needed to go on (``centring.json``). The draws of a step hang on the
seed, the number of the step and the name of the parameter alone, so that nothing else needs to be kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tomli_w

from planmodel.calibration.calibrate import digest
from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import Points, prepare
from planmodel.calibration.schema import Calibration
from planmodel.calibration.writing import extended, made
from planmodel.engine import UserError
from planmodel.robustness.centring import State, cost, misfit, temperature
from planmodel.robustness.draws import uniform
from planmodel.robustness.holding import facts_of, outcomes_of
from planmodel.robustness.judging import Progress, judge_draws, judgeable
from planmodel.robustness.space import Space, distance, moved, space_of
from planmodel.runs.checks import CHECKS, Check, Joint, load_checks, load_joints
from planmodel.runs.evaluate import figures
from planmodel.scenario import Scenario
from planmodel.scenario.changes import as_tree
from planmodel.scenario.names import hint
from planmodel.storage import Reserved, read_manifest, reserve, verified

WRITER = "planmodel centre"
NAME = "centring.json"
Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a search is given, all of which decides where it goes; how many steps it takes does not.

    Attributes
    ----------
    calibration
        Whose scenario, fitted parameters and figures are meant: a name or a file.
    within, others
        Reach of the draws, of the width of the bounds: of what it fits, and of all other parameters.
    draws, seed
        Of each step.
    config
        File of checks; all ready ones by default.
    also
        Checks that are asked besides the facts.
    heavy
        Checks that weigh as much as those that are counted together.
    """

    calibration: str
    within: float
    others: float
    draws: int
    seed: int
    config: str | None = None
    also: tuple[str, ...] = ()
    heavy: tuple[str, ...] = ()


@dataclass(frozen=True)
class Search:
    """All that a step needs: see :func:`prepared`."""

    asked: Asked
    calibration: Calibration
    scenario: Scenario
    points: Points
    space: Space
    checks: Mapping[str, Check]
    facts: frozenset[str]
    joints: Mapping[str, Joint]

    @property
    def heavy(self) -> set[str]:
        """Checks that weigh more: those that are counted together with others, and those that were named."""
        joined = {name for joint in self.joints.values() if len(joint.checks) > 1 for name in joint.checks}
        return joined | set(self.asked.heavy)

    @property
    def key(self) -> str:
        """A hash of all that decides where the centre goes."""
        found = hashlib.sha256(digest(self.calibration, self.scenario, self.asked.seed).encode())
        said = {name: check.model_dump(mode="json") for name, check in self.checks.items()}
        found.update(json.dumps([asdict(self.asked), said, sorted(self.heavy)]).encode())
        for file in sorted(Path(__file__).parent.glob("*.py")):
            found.update(file.read_bytes())
        return found.hexdigest()

    def step(self, state: State, number: int, executor: Executor | None, told: Progress) -> tuple[State, Row]:
        """Draw around a centre, and move it; return where it is then, and what the draws came to."""
        space, asked = self.space, self.asked
        values = uniform(space.ranges(state.centre), asked.draws, asked.seed, number)
        question = figures(self.scenario, self.points.observations)
        drawn = judge_draws(self.scenario, self.checks, values, executor, told, question)
        misfits = misfit(self.points, drawn.besides, self.calibration.search.loss_scale)
        costs = cost(drawn.verdicts, self.heavy, misfits)
        unit = space.unit(np.stack([values[f"parameters.{name}"] for name in space.names], axis=1))
        after = state.moved(unit, costs, space.free, space.reach)
        facts = tuple(verdict for verdict in drawn.verdicts if verdict.name in self.facts)
        outcomes = outcomes_of(self.joints, facts)
        row = {
            "step": number,
            "cost": float(np.median(costs)),
            "misfit": float(np.median(misfits)),
            "temperature": temperature(costs),
            "facts": float(sum(o.share for o in outcomes if o.kind == "fact")),
            "moved": distance(space, after.centre),
            "broken": int(drawn.broken.sum()),
            **{f"share_{o.name}": o.share for o in outcomes if o.kind != "fact"},
        }
        return after, row


def prepared(asked: Asked) -> Search:
    """Return a search, or say what is wrong with what is asked.

    Raises
    ------
    UserError
        If the calibration or the checks are not sound, or nothing can be drawn or judged.
    """
    calibration = load_calibration(asked.calibration)
    scenario, points, _ = prepare(calibration)
    economy = scenario.declared
    known, joints = load_checks(asked.config, economy), load_joints(asked.config, economy)
    if not known:
        raise UserError(
            f"{scenario.name}: the economy '{economy.name}' has no ready checks; allowed: --config, or "
            f"{economy.folder / CHECKS}"
        )
    facts = judgeable(facts_of(known), scenario)
    checks = facts | judgeable({name: known[name] for name in asked.also if name in known}, scenario)
    for option, names, allowed, called in (
        ("--also", asked.also, known, "no check"),
        ("--heavy", asked.heavy, checks, "no check that is asked"),
    ):
        for name in names:
            if name not in allowed:
                raise UserError(f"{option} {name}: {called} is called so{hint(name, allowed)}")
            if name not in checks:
                raise UserError(f"{option} {name}: cannot be judged in draws: it lies outside of the period, "
                                "or has a sweep of its own")  # fmt: skip
    if not facts:
        raise UserError(f"{scenario.name}: none of the checks can be judged within its period")
    space = space_of(scenario, calibration.ranges(), asked.within, asked.others)
    if not space.names:
        raise UserError(f"{scenario.name}: no parameter lies within its bounds; nothing can be drawn")
    return Search(asked, calibration, scenario, points, space, checks, frozenset(facts), joints)


def seek(
    search: Search,
    steps: int,
    folder: Path,
    force: bool = False,
    executor: Executor | None = None,
    told: Callable[[Row], None] = lambda row: None,
    progress: Progress = lambda done, of: None,
) -> dict[str, float]:
    """Move the centre, from where an earlier search of the same settings left it in the folder.

    Parameters
    ----------
    search
        See :func:`prepared`.
    steps
        Up to which number; those that are in the folder count.
    folder
        Where it is kept.
    force
        Begin anew over what other settings or other code left there.
    executor
        Where draws are run; in this process unless it is given. Results do not depend on it.
    told
        Told the row of each step, also of those that were there.
    progress
        Told how many draws of a step were run.

    Returns
    -------
    dict
        The values of those parameters that moved, by name.

    Raises
    ------
    UserError
        If the folder cannot be written, or holds steps of other settings.
    """
    with reserve(folder, WRITER, force=True) as reserved:
        state, rows = _kept(search, steps, reserved, force)
        for row in rows:
            told(row)
        while len(rows) < steps:
            state, row = search.step(state, len(rows) + 1, executor, progress)
            rows.append(row)
            _write(search, state, rows, reserved)
            told(row)
    return moved(search.space, state.centre)


def _kept(search: Search, steps: int, reserved: Reserved, force: bool) -> tuple[State, list[Row]]:
    """Return where a folder leaves off; the start where it holds nothing, or is to be begun anew."""
    space = search.space
    begun = State(space.unit(space.start), np.zeros(len(space.names))), list[Row]()
    if not (reserved.target / NAME).is_file():
        return begun
    verified(reserved.target, read_manifest(reserved.target), NAME)  # as it was written, or not at all
    kept = json.loads((reserved.target / NAME).read_text(encoding="utf-8"))
    wrong, allowed = "", "another folder, or --force to begin anew"
    if kept["key"] != search.key:
        mine = json.loads(json.dumps(asdict(search.asked)))
        other = [name for name, value in mine.items() if kept["asked"].get(name) != value]
        wrong = f"holds steps of other {', '.join(other) or 'files or other code'}"
    elif len(kept["steps"]) > steps:
        wrong, allowed = f"holds {len(kept['steps'])} steps, more than --steps {steps}", f"as many, {allowed}"
    if wrong and not force:
        raise UserError(f"--out {reserved.folder}: {wrong}; allowed: {allowed}")
    if wrong:
        return begun
    places = [kept["parameters"][name] for name in space.names]
    centre, momentum = (np.array([place[what] for place in places]) for what in ("centre", "momentum"))
    return State(centre, momentum), kept["steps"]


def _write(search: Search, state: State, rows: list[Row], reserved: Reserved) -> None:
    """Write the folder anew."""
    asked, space = asdict(search.asked), search.space
    places = zip(space.names, space.unit(space.start), state.centre, state.momentum, strict=True)
    kept = {
        "asked": asked,
        "key": search.key,
        "checks": list(search.checks),
        "heavy": sorted(search.heavy),
        "parameters": {
            name: {"start": float(start), "centre": float(centre), "momentum": float(momentum)}
            for name, start, centre, momentum in places
        },
        "steps": rows,
    }

    def write(folder: Path) -> None:
        (folder / NAME).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        (folder / "centre.toml").write_text(_scenario_text(search, state, len(rows)), encoding="utf-8")
        pd.DataFrame(rows).to_csv(folder / "steps.csv", index=False)

    about = {"asked": asked, "scenario": search.scenario.name, "scenario_sha256": search.scenario.digest()}
    reserved.fill({**about, "steps": len(rows), **made(search.scenario.declared)}, write)


def _scenario_text(search: Search, state: State, steps: int) -> str:
    """Return the centre as a scenario on top of the one that it started from."""
    about = search.calibration
    body = {
        **extended(about),
        "name": "centre",
        "title": f"Centre of a region that holds the facts, {steps} steps from '{search.scenario.name}'",
        **as_tree(about.changes, about.switch_off),
    }
    groups = body.setdefault("parameters", {})
    for component, group in about.hold.items():
        groups.setdefault(component, {}).update(group)
    for full, value in moved(search.space, state.centre).items():
        component, _, name = full.partition(".")
        groups.setdefault(component, {})[name] = value
    head = (
        f"# Made by `{WRITER} {about.name}`, seed {search.asked.seed}; do not edit by hand, seek again.\n"
        "# Each value was moved towards where more neighbours hold the facts: none is an estimate.\n\n"
    )
    return head + tomli_w.dumps(body)
