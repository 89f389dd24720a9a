"""How tempered particles are moved, in terms in which all priors are standard normal.

Most moves are those of Crank and Nicolson with a fitted normal distribution for reference: with mean m and
covariance C = L L' of one half of the particles, each of the other half is proposed
m + sqrt(1 - b^2) (x - m) + b L e. It would always be accepted if the posterior were N(m, C), however many
unknowns there are (Rudolf and Sprungk 2018); b follows what is accepted. Now and then a particle is moved
by the difference of two others, which takes it from one region that fits to another (ter Braak 2006). Both
halves are moved in turn, so that each is moved given the other and the posterior is kept.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.linalg import solve_triangular

from planmodel.engine import Array

_WANTED = 0.3  # share of the moves that are to be accepted
_PATIENCE = 0.5  # by how much of the difference to it the strength is changed
_STRENGTH = (0.02, 1.0)
_BEGIN = 0.4
_SPREAD = 0.5  # of the logarithm of the strengths of one move
_LEAP = 5  # every so many-th move is one by differences
_LENGTH = 2.38  # over the root of twice the unknowns: the best for normal distributions


class Mover:
    """Moves particles so that a tempered posterior is kept, and learns how far.

    Parameters
    ----------
    worth
        Misfits of places, shape ``(members, keys)`` to ``(members,)``; infinite where the prior does not
        reach.
    random
        Of all proposals.
    """

    def __init__(self, worth: Callable[[Array], Array], random: np.random.Generator) -> None:
        self._worth, self._random = worth, random
        self.strength, self._moves = _BEGIN, 0

    def move(self, particles: Array, cost: Array, power: float) -> float:
        """Move all particles once, in place, with their misfits; return the share that moved."""
        self._moves += 1
        leap = self._moves % _LEAP == 0
        order = self._random.permutation(len(cost))
        halves = order[: len(order) // 2], order[len(order) // 2 :]
        moved = 0.0
        for mine, others in (halves, halves[::-1]):
            propose = self._leap if leap else self._towards
            proposed, ratio = propose(particles[mine], particles[others])
            answered = self._worth(proposed)
            with np.errstate(invalid="ignore"):
                better = -0.5 * power * (answered - cost[mine]) + ratio
            taken: np.ndarray = np.log(self._random.random(len(mine))) < better
            particles[mine[taken]], cost[mine[taken]] = proposed[taken], answered[taken]
            moved += float(taken.sum()) / len(cost)
        if not leap:
            changed = self.strength * np.exp(_PATIENCE * (moved - _WANTED))
            self.strength = float(np.clip(changed, *_STRENGTH))
        return moved

    def _towards(self, mine: Array, others: Array) -> tuple[Array, Array]:
        """Propose places by a normal distribution fitted to others; return them and the log ratio."""
        number, keys = mine.shape
        mean, root = fitted(others)
        spread = np.exp(_SPREAD * self._random.standard_normal((number, 1)))
        by = np.minimum(self.strength * spread, 1.0)
        drawn = self._random.standard_normal((number, keys)) @ root.T
        proposed = mean + np.sqrt(1.0 - by**2) * (mine - mean) + by * drawn

        def squares(points: Array) -> Array:
            return np.sum(solve_triangular(root, (points - mean).T, lower=True) ** 2, axis=0)

        back = 0.5 * (squares(proposed) - squares(mine))
        return proposed, back + _prior(proposed) - _prior(mine)

    def _leap(self, mine: Array, others: Array) -> tuple[Array, Array]:
        """Propose places by differences of others; return them and the log ratio."""
        number, keys = mine.shape
        one, other = self._random.integers(len(others), size=(2, number))
        some = self._random.random((number, keys)) < self._random.choice([0.1, 0.3, 1.0], size=(number, 1))
        length = _LENGTH / np.sqrt(2.0 * np.maximum(some.sum(axis=1, keepdims=True), 1))
        length = length * self._random.choice([0.3, 0.7, 1.0], size=(number, 1))
        noise = 0.03 * self._random.standard_normal((number, keys))
        proposed = mine + some * (length * (others[one] - others[other]) + noise)
        return proposed, _prior(proposed) - _prior(mine)


def fitted(particles: Array) -> tuple[Array, Array]:
    """Return mean and root of the covariance of particles, drawn towards its diagonal where they are few."""
    number, keys = particles.shape
    covariance = np.atleast_2d(np.cov(particles.T)) + 1e-10 * np.eye(keys)
    few = keys / (number + keys)
    drawn = (1.0 - few) * covariance + few * np.diag(np.diag(covariance))
    return particles.mean(axis=0), np.linalg.cholesky(drawn)


def _prior(particles: Array) -> Array:
    """Return the log prior, up to a constant."""
    return -0.5 * np.sum(particles**2, axis=1)
