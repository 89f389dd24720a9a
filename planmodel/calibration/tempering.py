"""Tempered sequential Monte Carlo: from draws of the whole prior to draws of the posterior, and its evidence.

Particles begin as draws of the prior. The likelihood is raised to a power that grows from 0 to 1, each time
by as much as leaves half of the particles effective; they are weighed, drawn anew, and moved by steps that
keep the tempered posterior. No point is sought, so a corner that fits by chance is not preferred to a region
that fits (Del Moral, Doucet and Jasra 2006). How they are moved, :mod:`planmodel.calibration.moving` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from planmodel.calibration.journal import Journal
from planmodel.calibration.moving import Mover
from planmodel.calibration.problem import Problem
from planmodel.calibration.schema_of_method import Tempering
from planmodel.calibration.search import Progress, silent
from planmodel.engine import Array, UserError

_RARE = 0.02  # below it, densities and conditions contradict each other


@dataclass(frozen=True)
class Tempered:
    """Draws from the posterior, all of the same weight.

    Attributes
    ----------
    unit
        Unknowns in the unit cube, shape ``(particles, keys)``.
    misfit
        Misfit of each, shape ``(particles,)``: the priors of normal unknowns are not in it.
    log_evidence
        Logarithm of the mean likelihood over the prior, up to a constant of the figures.
    kept
        Share of the draws of all densities that keep to what the calibration calls plausible: they are the
        prior.
    powers
        The powers of the likelihood that were gone through; below 1 at the end where it was broken off.
    accepted
        Share of the moves that were accepted, by power.
    """

    unit: Array
    misfit: Array
    log_evidence: float
    kept: float
    powers: Array
    accepted: Array

    @property
    def mean(self) -> Array:
        """The mean of the draws in the unit cube, shape ``(keys,)``."""
        centre: Array = self.unit.mean(axis=0)
        return centre


def temper(
    problem: Problem,
    options: Tempering,
    seed: int,
    journal: Journal | None = None,
    progress: Progress = silent,
    title: str = "tempering",
) -> Tempered:
    """Draw from the posterior of a problem over its whole prior.

    Parameters
    ----------
    problem
        What the model is held against; its loss is taken for minus twice the log likelihood.
    options
        Sizes.
    seed
        Seed of all random numbers.
    journal
        Answers that a stopped run has had already.
    progress
        Told the power reached in per mille, and the lowest misfit.
    title
        What the stage is called.
    """
    random = np.random.default_rng([seed, 4242])
    cube = problem.cube

    def misfit(standard: Array) -> Array:
        return problem.bare(np.clip(cube.from_standard(standard), 0.0, 1.0))

    worth = (journal or Journal(None)).remember(misfit)
    particles, cost, kept = _begun(worth, options.particles, len(cube.keys), random)
    powers, shares, evidence = [0.0], [], 0.0
    mover = Mover(worth, random)
    while powers[-1] < 1.0:
        power = _next_power(cost, powers[-1], options.effective)
        logs = -0.5 * (power - powers[-1]) * cost
        evidence += float(logsumexp(logs) - np.log(len(cost)))
        chosen = _resampled(logs, random)
        particles, cost = particles[chosen], cost[chosen]
        moves = options.moves if power < 1.0 else options.last_moves
        particles, cost = particles.copy(), cost.copy()
        shares.append(float(np.mean([mover.move(particles, cost, power) for _ in range(moves)])))
        powers.append(power)
        progress(title, int(1000 * power), 1000, float(cost.min()))
        if len(powers) > options.most_powers:
            break
    unit = np.clip(cube.from_standard(particles), 0.0, 1.0)
    return Tempered(unit, cost, evidence, kept, np.array(powers), np.array(shares))


def _begun(
    worth: Callable[[Array], Array], wanted: int, keys: int, random: np.random.Generator
) -> tuple[Array, Array, float]:
    """Draw from the prior; return the draws, their misfits, and the share of all draws that are of it."""
    found: list[tuple[Array, Array]] = []
    tried = held = 0
    while held < wanted:
        drawn = random.standard_normal((wanted, keys))
        cost = worth(drawn)
        of_it = np.isfinite(cost)
        found.append((drawn[of_it], cost[of_it]))
        tried, held = tried + wanted, held + int(of_it.sum())
        if held < _RARE * tried:
            raise UserError(
                f"plausible: fewer than {_RARE:g} of the draws of all priors keep to it; "
                "allowed: narrower priors, or wider limits"
            )
    particles, costs = (np.concatenate(part) for part in zip(*found, strict=True))
    return particles[:wanted], costs[:wanted], len(costs) / tried


def _next_power(cost: Array, power: float, effective: float) -> float:
    """Return the next power: as far as leaves a share of the particles effective."""

    def left(trial: float) -> float:
        logs = -0.5 * (trial - power) * cost
        weights = np.exp(logs - logs.max())
        return float(weights.sum() ** 2 / np.sum(weights**2)) / len(cost)

    if left(1.0) >= effective:
        return 1.0
    low, high = power, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if left(middle) >= effective else (low, middle)
    return max(low, np.nextafter(power, 1.0))


def _resampled(logs: Array, random: np.random.Generator) -> np.ndarray:
    """Return whom the particles are drawn anew from: systematically, by their weights."""
    weights = np.exp(logs - logsumexp(logs))
    places = (random.random() + np.arange(len(logs))) / len(logs)
    return np.minimum(np.searchsorted(np.cumsum(weights), places), len(logs) - 1)
