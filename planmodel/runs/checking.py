"""Running the scenarios that checks speak of, and judging their claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from planmodel.documented.dates import parse_date
from planmodel.engine import Array, PlanmodelError, UserError
from planmodel.runs.checks import Check, Claim, OtherRun
from planmodel.runs.evaluate import record
from planmodel.runs.measures import measure, parts_of
from planmodel.runs.members import Members
from planmodel.runs.posterior import PosteriorDraws, as_draws
from planmodel.runs.resolve import Laid, held_sentence, resolve
from planmodel.scenario import Scenario
from planmodel.scenario.load import change_scenario, load_scenario


@dataclass(frozen=True)
class Judged:
    """A claim with its figure in each draw (one without a posterior), and whether it holds there."""

    claim: Claim
    figures: Array
    holds: np.ndarray

    @property
    def figure(self) -> float:
        """The median over draws."""
        return float(np.median(self.figures))

    @property
    def holds_in_median(self) -> bool:
        """Whether the median of the figures is within the bounds."""
        return bool(within(self.claim, np.array([self.figure]))[0])


@dataclass(frozen=True)
class Verdict:
    """What became of a check: passed in the median and in at least half of the draws."""

    name: str
    check: Check
    judged: tuple[Judged, ...]
    problem: str = ""

    @property
    def holds(self) -> np.ndarray:
        """In which draws the check holds, shape ``(draws,)``."""
        return self._combine(np.stack(np.broadcast_arrays(*(j.holds for j in self.judged))))

    @property
    def share(self) -> float:
        """Share of the draws in which the check holds."""
        return float(np.mean(self.holds)) if self.judged else 0.0

    @property
    def passed(self) -> bool:
        """Whether it holds in the median and in at least half of the draws."""
        if self.problem:
            return False
        return self.share >= 0.5 and bool(
            self._combine(np.array([[j.holds_in_median] for j in self.judged]))[0]
        )

    def _combine(self, holds: np.ndarray) -> np.ndarray:
        """Put claims together: holds has one row a claim, those that are given first."""
        either = np.logical_and if self.check.need == "all" else np.logical_or
        given = len(self.check.given)
        together: np.ndarray = holds[:given].all(axis=0) & either.reduce(holds[given:], axis=0)
        return together


def judge(
    checks: Mapping[str, Check],
    scenario: Scenario,
    draws: PosteriorDraws | Mapping[str, Array] | None = None,
    progress: Callable[[int, int], None] | None = None,
    notice: Callable[[str], None] | None = None,
) -> list[Verdict]:
    """Run all that the checks speak of, each scenario once, and judge.

    Parameters
    ----------
    checks
        By name.
    scenario
        What is checked.
    draws
        From a posterior. What the scenario or a check says itself is not drawn there.
    progress
        Called with runs done and runs in all.
    notice
        Called with a sentence where a scenario holds what is drawn.
    """
    drawn = None if draws is None else as_draws(draws)
    wanted: dict[str, set[str]] = {}
    places: dict[str, str] = {}
    variants: dict[str, OtherRun] = {}
    for check_name, check in checks.items():
        for _, claim in check.placed():
            for name in (claim.run, claim.against):
                if name is not None:
                    variant = OtherRun() if name == "base" else check.runs[name]
                    places.setdefault(variant.model_dump_json(), f"checks.{check_name}.runs.{name}.set")
                    label = variant.model_dump_json()
                    variants[label] = variant
                    wanted.setdefault(label, set()).update(parts_of(claim))
    done: dict[str, xr.Dataset | PlanmodelError] = {}
    told: set[str] = set()
    for label, variant in variants.items():
        try:
            changed, members = _members(scenario, variant, drawn, places[label])
            said = {key: by for key, by in members.held.items() if by != places[label]}
            sentence = f"{changed.name}: {held_sentence(said)}"
            if notice is not None and said and sentence not in told:
                told.add(sentence)
                notice(sentence)
            done[label] = record(members, wanted[label])
        except UserError:
            raise
        except PlanmodelError as error:  # books that do not close are a failed check, not a failed command
            done[label] = error
        if progress is not None:
            progress(len(done), len(variants))
    return [_verdict(name, check, done) for name, check in checks.items()]


def covered(check: Check, scenario: Scenario) -> bool:
    """Whether a run covers all dates of a check."""
    for _, claim in check.placed():
        for text in [claim.dates] if isinstance(claim.dates, str) else claim.dates:
            period = parse_date(text)
            if period.start < scenario.period.start or period.end > scenario.period.end:
                return False
    return True


def _members(
    scenario: Scenario, variant: OtherRun, draws: PosteriorDraws | None, place: str
) -> tuple[Scenario, Members]:
    """Return the scenario of a run that a check speaks of, and its members."""
    scenario = scenario if variant.scenario is None else load_scenario(variant.scenario)
    changes = variant.changes
    changed = change_scenario(scenario, changes, place) if changes else scenario
    if variant.sweep is not None:  # around the scenario itself, also where there are draws
        values = {f"parameters.{variant.sweep.parameter}": np.array(variant.sweep.values)}
        laid = Laid(values, "sweep", f"{place.removesuffix('set')}sweep: ")
        members = resolve(changed, laid, numbers=[0] * len(variant.sweep.values))
    elif draws is not None:  # a statement on fair weather needs it fair: what a check sets is not drawn
        members = draws.over(changed, may_hold_all=bool(variant.set))
    else:
        members = resolve(changed, numbers=[0])
    return changed, members


def _verdict(name: str, check: Check, done: Mapping[str, xr.Dataset | PlanmodelError]) -> Verdict:
    def dataset(run: str) -> xr.Dataset:
        variant = OtherRun() if run == "base" else check.runs[run]
        found = done[variant.model_dump_json()]
        if isinstance(found, PlanmodelError):
            raise found
        return found

    judged = []
    for _, claim in check.placed():
        try:
            figures = measure(claim, dataset(claim.run))
            if claim.against is not None:
                figures = compared(claim, figures, measure(claim, dataset(claim.against)))
            judged.append(Judged(claim, figures, within(claim, figures)))
        except UserError as error:
            raise UserError(f"checks.{name}: {error}") from None
        except PlanmodelError as error:
            return Verdict(name, check, (), str(error))
    if any(j.claim.trend for j in judged):
        judged = [_one_trend(j) if j.claim.trend else j for j in judged]
    return Verdict(name, check, tuple(judged))


def compared(claim: Claim, first: Array, second: Array) -> Array:
    """Set the figures of two runs beside each other, as a claim says: their ratio or difference."""
    if claim.compare == "difference":
        return first - second
    return first / np.where(second != 0.0, second, np.nan)


def _one_trend(judged: Judged) -> Judged:
    """Make one figure of a sweep: the change over all of it; it holds if no step goes the other way."""
    change = np.array([judged.figures[-1] - judged.figures[0]])
    steps = np.diff(judged.figures) * (1.0 if judged.claim.trend == "rises" else -1.0)
    small = 1e-9 * np.abs(judged.figures).max()
    return Judged(judged.claim, change, np.array([bool((steps >= -small).all() and steps.sum() > small)]))


def within(claim: Claim, figures: Array) -> np.ndarray:
    """Tell which figures lie within the bounds of a claim, shape ``(draws,)``."""
    with np.errstate(invalid="ignore"):
        holds = np.isfinite(figures)
        if claim.above is not None:
            holds &= figures > claim.above
        if claim.below is not None:
            holds &= figures < claim.below
        if claim.between is not None:
            holds &= (figures >= claim.between[0]) & (figures <= claim.between[1])
        if claim.outside is not None:
            holds &= (figures < claim.outside[0]) | (figures > claim.outside[1])
        if claim.trend is not None:  # of a median: the sign of the change
            holds &= figures > 0 if claim.trend == "rises" else figures < 0
        return holds
