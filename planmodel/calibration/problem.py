"""The misfit as a function of a chunk of parameter sets in the unit cube."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from planmodel.calibration.observing import Observer
from planmodel.calibration.schema import Calibration, Key
from planmodel.calibration.targets import Observation, Point, align, per_series_weights
from planmodel.kernel import Array, UserError
from planmodel.scenario import Scenario, load_scenario

_BROKEN = 1e3  # residual of a run that broke off: far worse than any that did not
_SMALL = 1e-6  # a model that answers zero is this share of the figure


class Points:
    """Arrays over points: turns answers of the model into residuals.

    Parameters
    ----------
    points
        What is compared.
    persistence
        Correlation of the errors of neighbouring figures: see `per_series_weights`.
    """

    def __init__(self, points: Sequence[Point], persistence: float) -> None:
        self.points = list(points)
        asked = {p.asked for p in self.points} | {p.over for p in self.points if p.over is not None}
        self.observations: list[Observation] = sorted(asked)
        place = {observation: i for i, observation in enumerate(self.observations)}
        self._asked = np.array([place[p.asked] for p in self.points], dtype=int)
        self._over = np.array([-1 if p.over is None else place[p.over] for p in self.points], dtype=int)
        self._power = np.array([p.power for p in self.points])
        self.low = np.array([p.low for p in self.points])
        self.high = np.array([p.high for p in self.points])
        self.relative = np.array([p.relative for p in self.points], dtype=bool)
        self.error = np.array([p.error for p in self.points])
        self.discrepancy = np.array([p.discrepancy for p in self.points])
        self.weight = per_series_weights(self.points, persistence)

    def __len__(self) -> int:
        return len(self.points)

    @property
    def sd(self) -> Array:
        """Standard error of each point: of the figure and of the model together."""
        return np.sqrt(self.error**2 + self.discrepancy**2)

    def reweighted(self, weights: Array) -> Points:
        """Return the same points with other weights, shape ``(points,)``."""
        other = copy.copy(self)
        other.weight = weights
        return other

    def predicted(self, answers: Array) -> Array:
        """Return what the model says of each point, shape ``(members, points)``, in the unit of the point."""
        value = answers[:, self._asked]
        over = np.where(self._over >= 0, answers[:, self._over], 1.0)
        nothing = over <= 0  # a quotient over nothing is taken for zero; NaN stays NaN
        quotient = np.where(
            nothing, np.where(np.isnan(value), value, 0.0), value / np.where(nothing, 1.0, over)
        )
        return np.where(self._power == 1.0, quotient, np.maximum(quotient, 0.0) ** self._power)

    def deviations(self, predicted: Array) -> Array:
        """Return how far the model is from the record: of logarithms or absolute; zero within a range."""
        with np.errstate(invalid="ignore", divide="ignore"):
            floor = np.maximum(_SMALL * np.abs(_finite(self.low, self.high)), 1e-12)
            value = np.where(self.relative, np.log(np.maximum(predicted, floor)), predicted)
            low = np.where(self.relative, np.log(np.maximum(self.low, floor)), self.low)
            high = np.where(self.relative, np.log(np.maximum(self.high, floor)), self.high)
        low = np.where(np.isfinite(self.low), low, -np.inf)
        outside = np.where(value > high, value - high, np.where(value < low, value - low, 0.0))
        return np.where(np.isnan(predicted), np.nan, outside)


def _finite(low: Array, high: Array) -> Array:
    return np.where(np.isfinite(low), low, high)


@dataclass(frozen=True)
class Cube:
    """Fitted parameters as numbers between 0 and 1: the prior is uniform."""

    keys: tuple[Key, ...]

    @property
    def low(self) -> Array:
        """Lower bounds in natural units."""
        return np.array([key.low for key in self.keys])

    @property
    def width(self) -> Array:
        """Widths of the ranges in natural units."""
        return np.array([key.high - key.low for key in self.keys])

    def natural(self, unit: Array) -> Array:
        """Return parameters in natural units; what is outside the cube is put on its face."""
        return self.low + np.clip(unit, 0.0, 1.0) * self.width

    def unit(self, natural: Array) -> Array:
        """Return parameters as numbers between 0 and 1."""
        return np.clip((natural - self.low) / self.width, 0.0, 1.0)


Evaluate = Callable[[Array], Array]
"""From parameters in natural units ``(members, keys)`` to answers ``(members, observations)``."""


class Problem:
    """What is minimised: from the unit cube to residuals and misfit.

    Parameters
    ----------
    points
        What is compared.
    cube
        The fitted parameters.
    evaluate
        Runs the model.
    loss, scale
        ``gaussian``: sum of squares. ``cauchy``: s^2 log(1 + (r/s)^2) in place of r^2, which grows slowly
        beyond ``scale`` standard errors, so that one series that the model cannot reach does not rule.
    """

    def __init__(
        self, points: Points, cube: Cube, evaluate: Evaluate, loss: str = "gaussian", scale: float = 3.0
    ) -> None:
        self.points, self.cube, self.evaluate = points, cube, evaluate
        self.loss, self.scale = loss, scale

    def predict(self, unit: Array) -> Array:
        """Return what the model says of each point, shape ``(members, points)``; NaN where it broke off."""
        return self.points.predicted(self.evaluate(self.cube.natural(unit)))

    def residuals(self, unit: Array) -> Array:
        """Return deviations over standard errors, shape ``(members, points)``, without weights."""
        return self.standardised(self.predict(unit))

    def standardised(self, predicted: Array) -> Array:
        """Return deviations over standard errors of given predictions."""
        deviations = self.points.deviations(predicted) / self.points.sd
        return np.where(np.isfinite(deviations), deviations, _BROKEN)

    def misfit(self, residuals: Array, weights: Array | None = None) -> Array:
        """Return the weighted loss, shape ``(members,)``.

        ``weights``, if not those of the points, has shape ``(points,)`` or ``(members, points)``.
        """
        squares = residuals**2
        if self.loss == "cauchy":
            squares = self.scale**2 * np.log1p(squares / self.scale**2)
        weighted = squares * (self.points.weight if weights is None else weights)
        return np.sum(np.ascontiguousarray(weighted), axis=1)

    def influence(self, residuals: Array) -> Array:
        """Return what the loss makes of the weight of a residual: d loss / d r^2."""
        if self.loss == "cauchy":
            return 1.0 / (1.0 + (residuals / self.scale) ** 2)
        return np.ones_like(residuals)


def prepare(calibration: Calibration) -> tuple[Scenario, Points, Cube]:
    """Return what a calibration is about: scenario with held values, points, fitted parameters."""
    changes = {
        f"parameters.{component}.{name}": value
        for component, group in calibration.hold.items()
        for name, value in group.items()
    }
    scenario = load_scenario(calibration.scenario, changes)
    everything = align(calibration)
    asked = [p.asked for p in everything] + [p.over or p.asked for p in everything]
    covered = Observer(scenario, asked).covered.reshape(2, -1)
    points = [p for i, p in enumerate(everything) if covered[:, i].all()]
    lost = {p.target for p in everything} - {p.target for p in points}
    if lost:
        period = f"{scenario.period.start} to {scenario.period.end}"
        raise UserError(f"targets.{min(lost)}: no figure within the run of '{scenario.name}', {period}")
    return scenario, Points(points, calibration.errors.persistence), Cube(tuple(calibration.keys()))
