"""A move of walkers for the sampler of posteriors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import emcee
import numpy as np
from scipy.linalg import solve_triangular

from planmodel.engine import Array


class AutoregressiveMove(emcee.moves.RedBlueMove):  # type: ignore[misc]
    """Walkers drawn part of the way to a normal distribution fitted to the other half of them.

    With mean m and covariance C of the other half, a walker x proposes m + sqrt(1 - b^2) (x - m) + b L e,
    where C = L L' and e is standard normal: the proposal of Crank and Nicolson, with the normal distribution
    N(m, C) for reference (Rudolf and Sprungk 2018). It would always be accepted if N(m, C) were the
    posterior, however many dimensions there are; where it is not, the ratio of its densities corrects.

    Parameters
    ----------
    strengths
        Values of b between 0 and 1, one of which each proposal draws: small steps are accepted more often.
    """

    def __init__(self, strengths: Sequence[float] = (0.1, 0.2, 0.4, 0.8), **options: Any) -> None:
        self.strengths = np.asarray(strengths)
        super().__init__(**options)

    def get_proposal(
        self, sample: Array, complement: Sequence[Array], random: np.random.RandomState
    ) -> tuple[Array, Array]:
        """Return proposals, and the logarithm of how much likelier the way back is than the way there."""
        others = np.concatenate(complement)
        mean, keys = others.mean(axis=0), others.shape[1]
        covariance = np.atleast_2d(np.cov(others.T)) + 1e-10 * np.eye(keys)
        root = np.linalg.cholesky(covariance)
        strength = random.choice(self.strengths, len(sample))[:, None]
        drawn = random.standard_normal(sample.shape) @ root.T
        proposed = mean + np.sqrt(1.0 - strength**2) * (sample - mean) + strength * drawn

        def squares(points: Array) -> Array:
            return np.sum(solve_triangular(root, (points - mean).T, lower=True) ** 2, axis=0)

        return proposed, 0.5 * (squares(proposed) - squares(sample))
