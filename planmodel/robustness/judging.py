"""Running draws, the scenario and every other run that checks speak of, and judging the checks in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import xarray as xr

from planmodel.engine import Array
from planmodel.runs.checking import Judged, Verdict, compared, covered, within
from planmodel.runs.checks import Check, Claim, OtherRun
from planmodel.runs.chunks import BREAKS_OFF, size_of_chunks
from planmodel.runs.evaluate import Figures, ask
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
class Measured:
    """Asks for the figures of claims, and for documented figures behind them: an array ``(members, all)``."""

    claims: tuple[Claim, ...]
    besides: Figures | None = None

    @property
    def width(self) -> int:
        """How many figures are asked for."""
        return len(self.claims) + (0 if self.besides is None else len(self.besides.observations))

    @property
    def wanted(self) -> set[str]:
        """Names that a run must record."""
        found = set().union(*(parts_of(claim) for claim in self.claims))
        return found if self.besides is None else found | set(self.besides.wanted)

    def __call__(self, dataset: xr.Dataset) -> Array:
        """Return the figures of some members."""
        figures = [measure(claim, dataset)[:, None] for claim in self.claims]
        return np.hstack([*figures, *([] if self.besides is None else [self.besides(dataset)])])


@dataclass(frozen=True)
class Drawn:
    """What draws come to.

    Attributes
    ----------
    verdicts
        Of all checks, with their figures in each draw.
    broken
        Which draws have no history, shape ``(draws,)``.
    besides
        What was asked of the scenario itself besides, shape ``(draws, observations)``; nan where a draw
        broke off.
    """

    verdicts: tuple[Verdict, ...]
    broken: np.ndarray
    besides: Array


def judge_draws(
    scenario: Scenario,
    checks: Mapping[str, Check],
    values: Mapping[str, Array],
    executor: Executor | None = None,
    progress: Progress | None = None,
    besides: Figures | None = None,
) -> Drawn:
    """Run draws, the scenario and every other run that checks speak of, and judge the checks in each.

    Parameters
    ----------
    scenario
        What is run; without shocks.
    checks
        That can be judged so: see :func:`judgeable`.
    values
        What is drawn, by full key, each of shape ``(draws,)``.
    executor, progress
        As of :func:`robustness`.
    besides
        Documented figures that the scenario itself is asked in the same runs.
    """
    number = len(next(iter(values.values())))
    asked = _asked(checks, besides is not None)
    done, broken, extra = {}, np.zeros(number, dtype=bool), np.full((number, 0), np.nan)
    for place, (label, (variant, claims)) in enumerate(asked.items()):
        members = _members(scenario, variant, values, number)
        question = Measured(claims, besides if variant == OtherRun() else None)
        figures = np.full((number, question.width), np.nan)
        whole = np.zeros(number, dtype=bool)
        size = min(TOGETHER, size_of_chunks(None, number, 1 if executor is None else width_of(executor)))
        for rows, answer in ask(members, question, executor, size, BREAKS_OFF):
            figures[rows], whole[rows] = answer, True
            if progress is not None:
                progress(place * number + int(whole.sum()), len(asked) * number)
        broken |= ~whole
        if question.besides is not None:
            extra = figures[:, len(claims) :]
        done[label] = {_plain(claim): figures[:, i] for i, claim in enumerate(claims)}
    verdicts = tuple(_verdict(name, check, done) for name, check in checks.items())
    return Drawn(verdicts, broken, extra)


def judgeable(checks: Mapping[str, Check], scenario: Scenario) -> dict[str, Check]:
    """Return the checks that draws can be judged by: within the period, and without a sweep of their own."""
    return {name: check for name, check in checks.items() if _can_be_judged(check, scenario)}


def _can_be_judged(check: Check, scenario: Scenario) -> bool:
    return covered(check, scenario) and all(run.sweep is None for run in check.runs.values())


def _run(check: Check, name: str) -> OtherRun:
    return OtherRun() if name == "base" else check.runs[name]


def _plain(claim: Claim) -> str:
    """Return what a claim measures in one run, as a key."""
    return claim.model_copy(update={"run": "base", "against": None}).measured()


def _asked(
    checks: Mapping[str, Check], itself: bool = False
) -> dict[str, tuple[OtherRun, tuple[Claim, ...]]]:
    """Return the runs that checks speak of, and what is measured in each; ``itself``: of all the scenario."""
    found: dict[str, tuple[OtherRun, dict[str, Claim]]] = {}
    if itself:
        found[OtherRun().model_dump_json()] = (OtherRun(), {})
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
