"""In which share of the draws the facts hold, one by one and together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Literal

import numpy as np
import xarray as xr

from planmodel.engine import Array, UserError
from planmodel.robustness.draws import Ranges, uniform
from planmodel.runs.checking import Judged, Verdict, compared, covered, within
from planmodel.runs.checks import Check, Claim, Joint, OtherRun
from planmodel.runs.chunks import BREAKS_OFF, size_of_chunks
from planmodel.runs.evaluate import ask
from planmodel.runs.measures import measure, parts_of
from planmodel.runs.members import Members
from planmodel.runs.resolve import Laid, resolve
from planmodel.runs.workers import width_of
from planmodel.scenario import Scenario
from planmodel.scenario.load import change_scenario, load_scenario
from planmodel.scenario.origins import dotted

TOGETHER = 500  # draws that run together: more are no faster, and nothing is told of them for long
Progress = Callable[[int, int], None]


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


@dataclass(frozen=True)
class Measured:
    """Asks for the figures of claims: an array ``(members, claims)``."""

    claims: tuple[Claim, ...]

    @property
    def wanted(self) -> set[str]:
        """Names that a run must record."""
        return set().union(*(parts_of(claim) for claim in self.claims))

    def __call__(self, dataset: xr.Dataset) -> Array:
        """Return the figures of some members."""
        return np.stack([measure(claim, dataset) for claim in self.claims], axis=1)


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
    judged = {name: check for name, check in checks.items() if _can_be_judged(check, scenario)}
    if not judged:
        raise UserError(f"{scenario.name}: none of the checks can be judged within its period")
    values = uniform(ranges, number, seed)
    asked = _asked(judged)
    done, broken = {}, np.zeros(number, dtype=bool)
    for place, (label, (variant, claims)) in enumerate(asked.items()):
        members = _members(scenario, variant, values, number)
        figures = np.full((number, len(claims)), np.nan)
        whole = np.zeros(number, dtype=bool)
        size = min(TOGETHER, size_of_chunks(None, number, 1 if executor is None else width_of(executor)))
        for rows, answer in ask(members, Measured(claims), executor, size, BREAKS_OFF):
            figures[rows], whole[rows] = answer, True
            if progress is not None:
                progress(place * number + int(whole.sum()), len(asked) * number)
        broken |= ~whole
        done[label] = dict(zip((_plain(claim) for claim in claims), figures.T, strict=True))
    verdicts = tuple(_verdict(name, check, done) for name, check in judged.items())
    outcomes = (*_joint(joints, verdicts), *_facts(verdicts))
    left_out = tuple(name for name in checks if name not in judged)
    return Robustness(scenario, ranges, values, verdicts, outcomes, int(broken.sum()), left_out)


def _can_be_judged(check: Check, scenario: Scenario) -> bool:
    return covered(check, scenario) and all(run.sweep is None for run in check.runs.values())


def _run(check: Check, name: str) -> OtherRun:
    return OtherRun() if name == "base" else check.runs[name]


def _plain(claim: Claim) -> str:
    """Return what a claim measures in one run, as a key."""
    return claim.model_copy(update={"run": "base", "against": None}).measured()


def _asked(checks: Mapping[str, Check]) -> dict[str, tuple[OtherRun, tuple[Claim, ...]]]:
    """Return the runs that checks speak of, and what is measured in each."""
    found: dict[str, tuple[OtherRun, dict[str, Claim]]] = {}
    for check in checks.values():
        for _, claim in check.placed():
            for name in (claim.run, claim.against):
                if name is not None:
                    run = _run(check, name)
                    found.setdefault(run.model_dump_json(), (run, {}))[1].setdefault(_plain(claim), claim)
    return {label: (run, tuple(claims.values())) for label, (run, claims) in found.items()}


def _members(scenario: Scenario, variant: OtherRun, values: Mapping[str, Array], number: int) -> Members:
    """Return the draws of a run; what it says itself is not drawn, nor what another scenario says."""
    base = scenario if variant.scenario is None else load_scenario(variant.scenario)
    changed = change_scenario(base, variant.changes, "runs") if variant.changes else base
    said = dotted(variant.changes)
    drawn = {key: value for key, value in values.items() if key not in said}
    laid = Laid(drawn, "draws", "draws: ", yields=variant.scenario is not None, over_changes=True)
    return resolve(changed, laid, numbers=np.zeros(number, dtype=np.int64))


def _verdict(name: str, check: Check, done: Mapping[str, Mapping[str, Array]]) -> Verdict:
    judged = []
    for _, claim in check.placed():
        figures = done[_run(check, claim.run).model_dump_json()][_plain(claim)]
        if claim.against is not None:
            figures = compared(
                claim, figures, done[_run(check, claim.against).model_dump_json()][_plain(claim)]
            )
        judged.append(Judged(claim, figures, within(claim, figures)))
    return Verdict(name, check, tuple(judged))


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
