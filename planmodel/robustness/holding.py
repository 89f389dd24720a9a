"""In which share of the draws the facts hold, one by one and together."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Literal

import numpy as np

from planmodel.engine import Array, UserError
from planmodel.robustness.draws import Ranges, uniform
from planmodel.robustness.judging import Progress, judge_draws, judgeable
from planmodel.runs.checking import Verdict
from planmodel.runs.checks import Check, Joint
from planmodel.scenario import Scenario


@dataclass(frozen=True)
class Outcome:
    """What may hold in a draw: a check, a fact (all checks of a number), checks together, or all facts.

    ``parts`` are the checks that it is made of; ``holds`` has the shape ``(draws,)``.
    """

    kind: Literal["joint", "all", "fact", "check"]
    name: str
    title: str
    parts: tuple[str, ...]
    holds: np.ndarray

    @property
    def share(self) -> float:
        """Share of the draws in which it holds."""
        return float(self.holds.mean())


@dataclass(frozen=True)
class Robustness:
    """What a set of draws around a scenario comes to.

    Attributes
    ----------
    scenario
        The centre.
    ranges
        Where each parameter was drawn.
    values
        What was drawn, by full key.
    verdicts
        Of all checks, with their figures in each draw.
    outcomes
        Checks together first, then all facts, then each fact.
    broken
        How many draws have no history, since their books do not close; nothing holds in them.
    left_out
        Checks that cannot be judged so: outside of the period, or with a sweep of their own.
    """

    scenario: Scenario
    ranges: Ranges
    values: Mapping[str, Array]
    verdicts: tuple[Verdict, ...]
    outcomes: tuple[Outcome, ...]
    broken: int
    left_out: tuple[str, ...]

    @property
    def facts(self) -> list[Outcome]:
        """The facts, one by one."""
        return [outcome for outcome in self.outcomes if outcome.kind == "fact"]

    @property
    def checks(self) -> list[Outcome]:
        """The checks, one by one."""
        return [Outcome("check", v.name, v.check.statement, (v.name,), v.holds) for v in self.verdicts]

    @property
    def number_of_facts(self) -> float:
        """How many facts hold in a draw, on average."""
        return float(sum(fact.share for fact in self.facts))


def facts_of(checks: Mapping[str, Check]) -> dict[str, Check]:
    """Return the checks that state a fact by number; all where none does."""
    return {name: check for name, check in checks.items() if check.fact is not None} or dict(checks)


def robustness(
    scenario: Scenario,
    checks: Mapping[str, Check],
    joints: Mapping[str, Joint],
    ranges: Ranges,
    number: int,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Robustness:
    """Draw around a scenario, run, and judge the checks in each draw; all draws are without shocks.

    Parameters
    ----------
    scenario
        The centre.
    checks, joints
        What is judged, and what is counted together.
    ranges
        Where each parameter is drawn: see :func:`planmodel.robustness.draws.ball`.
    number, seed
        Of draws, and of their random stream.
    executor
        Where draws are run; in this process unless it is given.
    progress
        Called with the draws that were run and those of all runs.

    Raises
    ------
    UserError
        If no check can be judged, or none of the parameters can be drawn.
    """
    if not ranges:
        raise UserError(f"{scenario.name}: no parameter lies within its bounds; nothing can be drawn")
    judged = judgeable(checks, scenario)
    if not judged:
        raise UserError(f"{scenario.name}: none of the checks can be judged within its period")
    values = uniform(ranges, number, seed)
    drawn = judge_draws(scenario, judged, values, executor, progress)
    outcomes = outcomes_of(joints, drawn.verdicts)
    left_out = tuple(name for name in checks if name not in judged)
    return Robustness(scenario, ranges, values, drawn.verdicts, outcomes, int(drawn.broken.sum()), left_out)


def outcomes_of(joints: Mapping[str, Joint], verdicts: tuple[Verdict, ...]) -> tuple[Outcome, ...]:
    """Return what may hold in a draw: checks together first, then all facts, then each fact."""
    return (*_joint(joints, verdicts), *_facts(verdicts))


def _joint(joints: Mapping[str, Joint], verdicts: tuple[Verdict, ...]) -> list[Outcome]:
    """Return the checks that are counted together, of those groups that were judged whole."""
    held = {verdict.name: verdict.holds for verdict in verdicts}
    return [
        _together("joint", name, joint.title, {check: held[check] for check in joint.checks})
        for name, joint in joints.items()
        if set(joint.checks) <= set(held)
    ]


def _facts(verdicts: tuple[Verdict, ...]) -> list[Outcome]:
    """Return all facts together, then each: the checks of a number, or a check without one."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        fact = verdict.check.fact
        groups.setdefault(verdict.name if fact is None else f"fact {fact}", []).append(verdict)
    facts = [
        _together("fact", name, "; ".join(v.check.statement for v in group), {v.name: v.holds for v in group})
        for name, group in groups.items()
    ]
    held = {check: fact.holds for fact in facts for check in fact.parts}
    return [_together("all", "all", f"All {len(facts)} facts", held), *facts]


def _together(
    kind: Literal["joint", "all", "fact"], name: str, title: str, held: Mapping[str, np.ndarray]
) -> Outcome:
    return Outcome(kind, name, title, tuple(held), np.all(list(held.values()), axis=0))
