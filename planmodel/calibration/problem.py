"""The misfit as a function of a chunk of sets of unknowns in the unit cube."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

import numpy as np

from planmodel.calibration.conditions import Condition, conditions_of
from planmodel.calibration.schema import Calibration
from planmodel.calibration.targets import Point, align, calendar_year, less_firm, per_series_weights
from planmodel.calibration.unknowns import BIAS, Cube, unknowns
from planmodel.engine import Array, UserError
from planmodel.runs.observe import Observation, observer_of
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
    reported
        What the model is asked besides, for the report.
    left_out
        Figures of the targets that the run does not cover, by target and date.
    less_firm
        Those that are left out for the evidence that the calibration asks for.
    conditions
        What draws of the prior must keep to.
    """

    def __init__(
        self,
        points: Sequence[Point],
        persistence: float,
        reported: Sequence[Observation] = (),
        left_out: Sequence[str] = (),
        less_firm: Sequence[str] = (),
        conditions: Sequence[Condition] = (),
    ) -> None:
        self.left_out, self.less_firm = tuple(left_out), tuple(less_firm)
        self.points = list(points)
        self.reported, self.conditions = tuple(reported), tuple(conditions)
        asked = {p.asked for p in self.points} | {p.over for p in self.points if p.over is not None}
        asked |= set(reported) | {c.asked for c in self.conditions}
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
        self._reported = np.array([place[o] for o in self.reported], dtype=int)
        self._conditions = np.array([place[c.asked] for c in self.conditions], dtype=int)

    def __len__(self) -> int:
        return len(self.points)

    @property
    def sd(self) -> Array:
        """Standard error of each point: of the figure and of the model together."""
        return np.sqrt(self.error**2 + self.discrepancy**2)

    def read_reported(self, answers: Array) -> Array:
        """Return what was asked for the report, shape ``(members, reported)``."""
        return answers[:, self._reported]

    def kept(self, answers: Array) -> np.ndarray:
        """Return who keeps to which condition, shape ``(members, conditions)``; who breaks off to none."""
        value = answers[:, self._conditions]
        low, high = np.array([(c.low, c.high) for c in self.conditions]).reshape(-1, 2).T
        return np.asarray((value >= low) & (value <= high))

    def reweighted(self, weights: Array) -> Points:
        """Return the same points with other weights, shape ``(points,)``."""
        other = copy.copy(self)
        other.weight = weights
        return other

    def seen(self, until: int | None) -> Array:
        """Return weights that leave out figures of which a part comes after a year; all without one."""
        late = [until is not None and p.known_in > until for p in self.points]
        return np.where(late, 0.0, self.weight)

    def predicted(self, answers: Array) -> Array:
        """Return what the model says of each point, shape ``(members, points)``, in the unit of the point."""
        value = answers[:, self._asked]
        over = np.where(self._over >= 0, answers[:, self._over], 1.0)
        nothing = over <= 0  # a quotient over nothing is taken for zero; NaN stays NaN
        quotient = np.where(
            nothing, np.where(np.isnan(value), value, 0.0), value / np.where(nothing, 1.0, over)
        )
        return np.where(self._power == 1.0, quotient, np.maximum(quotient, 0.0) ** self._power)

    def compared(self, values: Array) -> Array:
        """Return values of the points as errors are of them: logarithms, or what they are."""
        with np.errstate(invalid="ignore", divide="ignore"):
            floor = np.maximum(_SMALL * np.abs(_finite(self.low, self.high)), 1e-12)
            return np.where(self.relative, np.log(np.maximum(values, floor)), values)

    def deviations(self, predicted: Array) -> Array:
        """Return how far the model is from the record: of logarithms or absolute; zero within a range."""
        value, low, high = (self.compared(values) for values in (predicted, self.low, self.high))
        low = np.where(np.isfinite(self.low), low, -np.inf)
        outside = np.where(value > high, value - high, np.where(value < low, value - low, 0.0))
        return np.where(np.isnan(predicted), np.nan, outside)


def _finite(low: Array, high: Array) -> Array:
    return np.where(np.isfinite(low), low, high)


Evaluate = Callable[[Array], Array]
"""From unknowns in natural units ``(members, keys)`` to answers ``(members, observations)``."""


class Problem:
    """What is minimised: from the unit cube to residuals and misfit.

    Residuals are the deviations of all points over their standard errors, and behind them those of the
    unknowns with a normal prior from its middle: what a latent harvest gains in the fit, its prior must pay.

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
        beyond ``scale`` standard errors, so that one series that the model cannot reach does not rule. Firm
        targets and priors count in squares under both.
    """

    def __init__(
        self, points: Points, cube: Cube, evaluate: Evaluate, loss: str = "gaussian", scale: float = 3.0
    ) -> None:
        self.points, self.cube, self.evaluate = points, cube, evaluate
        self.loss, self.scale = loss, scale
        place = {key.dotted: i for i, key in enumerate(cube.keys)}
        biased = [i for i, p in enumerate(points.points) if p.biased]
        self._soft = np.array([loss == "cauchy" and not p.firm for p in points.points], dtype=bool)
        self._biased = np.array(biased, dtype=int)
        self._bias = np.array([place[BIAS + points.points[i].target] for i in biased], dtype=int)

    @property
    def weight(self) -> Array:
        """Weights of the residuals: those of the points, and ones for the priors."""
        return self.weighted(self.points.weight)

    def weighted(self, weights: Array) -> Array:
        """Put ones for the priors behind weights of points, shape ``(..., points)``."""
        ones = np.ones((*weights.shape[:-1], len(self.cube.pulled)))
        return np.concatenate([weights, ones], axis=-1)

    def biases_of(self, points: np.ndarray) -> np.ndarray:
        """Return the places of the biases that belong to chosen points (a mask of shape ``(points,)``)."""
        return np.unique(self._bias[points[self._biased]])

    def of_points(self, residuals: Array) -> Array:
        """Return the part of residuals that belongs to points."""
        return residuals[..., : len(self.points)]

    def answers(self, unit: Array) -> Array:
        """Return the answers of the model, shape ``(members, observations)``; NaN where it broke off."""
        return self.evaluate(self.cube.natural(unit))

    def predict(self, unit: Array) -> Array:
        """Return what is expected of each figure, shape ``(members, points)``; NaN where a run broke off."""
        return self.expected(unit, self.answers(unit))

    def expected(self, unit: Array, answers: Array) -> Array:
        """Return what is expected of each figure, given answers of the model: biases of the record on top."""
        predicted = self.points.predicted(answers)
        if self._bias.size:
            bias = self.cube.natural(unit)[:, self._bias]
            plain = predicted[:, self._biased]
            relative = self.points.relative[self._biased]
            predicted[:, self._biased] = np.where(relative, plain * np.exp(bias), plain + bias)
        return predicted

    def residuals(self, unit: Array) -> Array:
        """Return deviations over standard errors, shape ``(members, points + priors)``, without weights."""
        return np.hstack([self.standardised(self.predict(unit)), self.cube.moved(unit)])

    def standardised(self, predicted: Array) -> Array:
        """Return deviations over standard errors of given predictions."""
        deviations = self.points.deviations(predicted) / self.points.sd
        return np.where(np.isfinite(deviations), deviations, _BROKEN)

    def misfit(self, residuals: Array, weights: Array | None = None) -> Array:
        """Return the weighted loss, shape ``(members,)``.

        ``weights``, if not those of the problem, has the shape of the residuals or that of one row of them.
        """
        squares = residuals**2
        of_points = self.of_points(squares)
        of_points[...] = np.where(self._soft, self.scale**2 * np.log1p(of_points / self.scale**2), of_points)
        weighted = squares * (self.weight if weights is None else weights)
        return np.sum(np.ascontiguousarray(weighted), axis=1)

    def bare(self, unit: Array) -> Array:
        """Return the misfit of the figures alone, shape ``(members,)``; infinite where no prior reaches."""
        answers = self.answers(unit)
        residuals = np.hstack([self.standardised(self.expected(unit, answers)), self.cube.moved(unit)])
        weights = np.concatenate([self.points.weight, np.zeros(len(self.cube.pulled))])
        return np.where(self.points.kept(answers).all(axis=1), self.misfit(residuals, weights), np.inf)

    def influence(self, residuals: Array) -> Array:
        """Return what the loss makes of the weight of a residual: d loss / d r^2."""
        influence = np.ones_like(residuals)
        soft = 1.0 / (1.0 + (self.of_points(residuals) / self.scale) ** 2)
        self.of_points(influence)[...] = np.where(self._soft, soft, 1.0)
        return influence


def prepare(calibration: Calibration) -> tuple[Scenario, Points, Cube]:
    """Return what a calibration is about: scenario with held values, points, unknowns."""
    changes = calibration.changes | {
        f"parameters.{component}.{name}": value
        for component, group in calibration.hold.items()
        for name, value in group.items()
    }
    off, record = calibration.switch_off, calibration.documented
    scenario = load_scenario(calibration.scenario, changes, off, record=record)
    everything = align(calibration)
    asked = [p.asked for p in everything] + [p.over or p.asked for p in everything]
    span = scenario.period.start, scenario.period.end
    covered = observer_of(scenario.declared, *span, asked).covered.reshape(2, -1)
    points = [p for i, p in enumerate(everything) if covered[:, i].all()]
    lost = {p.target for p in everything} - {p.target for p in points}
    if lost:
        period = f"{scenario.period.start} to {scenario.period.end}"
        raise UserError(f"targets.{min(lost)}: no figure within the run of '{scenario.name}', {period}")
    cube = unknowns(_with_points(calibration, points), scenario)
    reported = [
        Observation(latent.indicator, *calendar_year(year))
        for latent in calibration.latent.values()
        for year in range(scenario.period.start.year, scenario.period.end.year + 1)
    ]
    kept = observer_of(scenario.declared, *span, reported).covered
    reported = [o for o, covered in zip(reported, kept, strict=True) if covered]
    left_out = [f"{p.target} {p.label}" for i, p in enumerate(everything) if not covered[:, i].all()]
    loose = less_firm(calibration, everything)
    conditions = conditions_of(calibration, scenario)
    found = Points(points, calibration.errors.persistence, reported, left_out, loose, conditions)
    return scenario, found, cube


def _with_points(calibration: Calibration, points: Sequence[Point]) -> Calibration:
    """Return a calibration without the targets that have no point, so that their biases are no unknowns."""
    held = {point.target for point in points}
    targets = {name: target for name, target in calibration.targets.items() if name in held}
    return calibration.model_copy(update={"targets": targets})
