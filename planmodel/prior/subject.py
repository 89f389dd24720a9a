"""What is asked of draws of a prior: figures of the core, facts, and what limits they leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from planmodel.calibration.problem import Points, prepare
from planmodel.calibration.schema import Calibration
from planmodel.calibration.schema_of_targets import Target
from planmodel.calibration.targets import Point, points_of
from planmodel.calibration.unknowns import Cube
from planmodel.engine import Array, UserError
from planmodel.plausibility import count_marks
from planmodel.robustness.holding import facts_of
from planmodel.robustness.judging import Measured, judgeable
from planmodel.runs.checks import Check, load_checks
from planmodel.runs.evaluate import figures
from planmodel.runs.observe import Observation, observer_of, year_of
from planmodel.scenario import Scenario

RATES = ("growth", "change")  # measures that are growth themselves


@dataclass(frozen=True)
class Asked:
    """Asks for figures, and in the last column whether the history leaves a declared limit (1) or not (0)."""

    measured: Measured
    limits: tuple[str, ...]

    @property
    def wanted(self) -> set[str]:
        """Names that a run must record."""
        return self.measured.wanted

    def __call__(self, dataset: xr.Dataset) -> Array:
        """Return the answers of some members."""
        counted = [count_marks(dataset.isel(member=[i])) for i in range(dataset.sizes["member"])]
        left = [
            [0.0 if one is None else float(name in one["limits"]) for name in self.limits] for one in counted
        ]
        return np.hstack([self.measured(dataset), np.array(left).reshape(len(left), -1)])


@dataclass(frozen=True)
class Subject:
    """What is drawn and asked: a calibration, ready to run.

    Attributes
    ----------
    calibration, scenario, points, cube
        See :func:`planmodel.calibration.problem.prepare`.
    core
        Documented figures of the core that the run covers, in the versions that the scenario names, with the
        errors that the calibration gives to figures and model.
    checks
        Facts that one run by itself can be judged by.
    """

    calibration: Calibration
    scenario: Scenario
    points: Points
    cube: Cube
    core: Points
    checks: Mapping[str, Check]

    @property
    def series(self) -> list[str]:
        """The core series, in the order of the record."""
        return list(dict.fromkeys(point.target for point in self.core.points))

    @cached_property
    def years(self) -> list[tuple[str, int, Observation]]:
        """The years of each core series that can be compared with one another, as they are asked."""
        declared, period = self.scenario.declared, self.scenario.period
        found = [
            (name, year, Observation(name, *year_of(declared.indicators[name], year)))
            for name in self.series
            if declared.indicators[name].measure not in RATES
            for year in range(period.start.year, period.end.year + 1)
        ]
        return [one for one in found if _covered(self.scenario, [one[2]])[0]]

    @cached_property
    def question(self) -> Asked:
        """What each draw is asked."""
        asked = {*self.core.observations, *(one for *_, one in self.years)}
        asked |= {condition.asked for condition in self.points.conditions}
        claims = tuple(claim for check in self.checks.values() for _, claim in check.placed())
        limits = tuple(limit.name for limit in self.scenario.declared.limits)
        return Asked(Measured(claims, figures(self.scenario, sorted(asked))), limits)


def subject_of(calibration: Calibration) -> Subject:
    """Return what is drawn and asked.

    Raises
    ------
    UserError
        If the scenario names no figure of the core.
    """
    scenario, points, cube = prepare(calibration)
    core = _core(calibration, scenario)
    if not core:
        raise UserError(f"{calibration.name}: '{scenario.name}' names no figure of the core within its run; "
                        "allowed: a scenario with [record]")  # fmt: skip
    checks = judgeable(facts_of(load_checks(economy=scenario.declared)), scenario)
    alone = {name: check for name, check in checks.items() if _alone(check)}
    held = Points(core, calibration.errors.persistence)
    return Subject(calibration, scenario, points, cube, held, alone)


def _core(calibration: Calibration, scenario: Scenario) -> list[Point]:
    """Return the figures of the core that a run covers; of what the model is given none."""
    indicators, found = scenario.declared.indicators, []
    for name, versions in scenario.record.items():
        if indicators[name].theme and not indicators[name].given:
            found += points_of(name, Target(version=list(versions)), calibration)
    covered = _covered(scenario, [point.asked for point in found])
    return [point for point, inside in zip(found, covered, strict=True) if inside]


def _covered(scenario: Scenario, asked: Sequence[Observation]) -> np.ndarray:
    return observer_of(scenario.declared, scenario.period.start, scenario.period.end, asked).covered


def _alone(check: Check) -> bool:
    return all(claim.run == "base" and claim.against is None for _, claim in check.placed())
