"""The middle of a region that holds the facts: what a draw costs, and where the centre moves.

Sets of sizes are drawn evenly around a centre; each costs what its history leaves of the facts and of the
figures. Draws are weighed by their cost, softly enough that a share of them stays effective, and the centre
moves towards their weighted mean, as far as that is more than chance gives. No single best point is sought:
where half of the neighbours of a point lose the facts, it moves to where fewer do. The weights are those of
the cross-entropy method (Rubinstein and Kroese 2004); the aim is that of design centring, which moves the
sizes of a circuit to where most of its neighbours work (Director and Hachtel 1977).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planmodel.engine import Array

if TYPE_CHECKING:
    from planmodel.calibration.problem import Points
    from planmodel.runs.checking import Verdict
    from planmodel.runs.checks import Claim

MOST = 4.0  # quarters of the width of its bounds: a claim that is further off pulls no harder
TOGETHER = 2.5  # weight of checks that are counted together: they are the hardest to have
PER_MISFIT = 0.05  # so that hundreds of figures by year do not drown the facts
BROKEN = 30.0  # standard errors by which a history that broke off misses each figure
EFFECTIVE = 0.25  # share of the draws that stays effective
KEPT = 0.6  # share of its momentum that a step keeps: chance of one set of draws is smoothed
PACE = 5.0  # times the smoothed shift: a shift of means is far smaller than the way to where costs are low


def outside(claim: Claim, figures: Array) -> Array:
    """Return how far figures lie outside of the bounds of a claim, in quarters of their width, up to `MOST`.

    A claim with one bound has a tenth of it for a quarter of its width, 0.04 at least; what cannot be
    measured is as far off as can be.
    """
    low, high = _bounds(claim)
    width = high - low
    quarter = width / 4 if np.isfinite(width) else max(0.04, 0.1 * abs(low if np.isfinite(low) else high))
    if claim.outside is None:
        with np.errstate(invalid="ignore"):  # without end, like the bound: the other side tells
            far = np.maximum(np.fmax(low - figures, figures - high), 0.0)
    else:
        far = np.maximum(np.minimum(figures - low, high - figures), 0.0)
    return np.where(np.isnan(figures), MOST, np.minimum(far / quarter, MOST))


def _bounds(claim: Claim) -> tuple[float, float]:
    pair = claim.between or claim.outside
    if pair is not None:
        return pair[0], pair[1]
    return (-np.inf if claim.above is None else claim.above, np.inf if claim.below is None else claim.below)


def missed(verdict: Verdict) -> Array:
    """Return what draws miss of a check: squares of what lies outside of its claims, shape ``(draws,)``.

    All claims count; of those of which any will do, the one that is nearest.
    """
    squares = np.stack([outside(judged.claim, judged.figures) ** 2 for judged in verdict.judged])
    given = len(verdict.check.given)
    of_claims = np.sum if verdict.check.need == "all" else np.min
    return np.sum(squares[:given], axis=0) + of_claims(squares[given:], axis=0)


def misfit(points: Points, answers: Array, scale: float) -> Array:
    """Return the misfit of draws to the figures that are not firm, shape ``(draws,)``: firm ones are facts.

    Its loss is that of Cauchy: beyond ``scale`` standard errors it grows slowly, so that no series that the
    model cannot reach rules.
    """
    soft = np.array([not point.firm for point in points.points], dtype=bool)
    errors = points.deviations(points.predicted(answers)) / points.sd
    errors = np.where(np.isfinite(errors), errors, BROKEN)
    loss = scale**2 * np.log1p((errors / scale) ** 2) * points.weight
    return np.sum(np.ascontiguousarray(loss[:, soft]), axis=1)


def cost(verdicts: Iterable[Verdict], heavy: Collection[str], misfit: Array) -> Array:
    """Return the cost of draws: what they miss of facts, more of those counted together, and their misfit."""
    of_facts = sum((TOGETHER if v.name in heavy else 1.0) * missed(v) for v in verdicts)
    return 0.5 * of_facts + PER_MISFIT * misfit


def weights(cost: Array, temperature: float) -> Array:
    """Return the weights of draws, whose sum is one."""
    found = np.exp(-(cost - cost.min()) / temperature)
    return found / found.sum()


def effective(weights: Array) -> float:
    """Return how many draws of equal weight tell as much as these."""
    return float(1.0 / np.sum(weights**2))


def temperature(cost: Array, share: float = EFFECTIVE) -> float:
    """Return the temperature at which a share of the draws stays effective.

    Where more than that share cost nothing at all, it is so low that only these have a weight.
    """
    spread = float(cost.max() - cost.min())
    if spread == 0.0:
        return 1.0
    low, high = np.log(1e-6 * spread), np.log(1e6 * spread)
    for _ in range(60):
        middle = 0.5 * (low + high)
        few = effective(weights(cost, float(np.exp(middle)))) < share * len(cost)
        low, high = (middle, high) if few else (low, middle)
    return float(np.exp(high))


def shift(unit: Array, weights: Array) -> Array:
    """Return how far the weighted mean of draws lies from their mean, in standard deviations, beyond chance.

    Chance moves a mean of so many draws by one over the root of their number: as much is taken off each.
    """
    spread = unit.std(axis=0)
    moved = (np.sum(weights[:, None] * unit, axis=0) - unit.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return np.sign(moved) * np.maximum(np.abs(moved) - 1.0 / np.sqrt(effective(weights)), 0.0)


@dataclass(frozen=True)
class State:
    """Where the centre is in the unit cube, and the smoothed shift that moves it."""

    centre: Array
    momentum: Array

    def moved(self, unit: Array, cost: Array, free: np.ndarray, reach: Array) -> State:
        """Return the state after draws around the centre, in the unit cube, and what they cost.

        Parameters that are not ``free`` stay where they are. All others stay as far from the ends of their
        bounds as draws reach: nearer to an end a centre would have neighbours on one side only, and half of
        what it is asked to bear.
        """
        pull = shift(unit, weights(cost, temperature(cost)))
        momentum = KEPT * self.momentum + (1.0 - KEPT) * pull
        margin = np.minimum(reach, 0.5)
        centre = np.clip(self.centre + PACE * momentum * unit.std(axis=0), margin, 1.0 - margin)
        return State(np.where(free, centre, self.centre), momentum)
