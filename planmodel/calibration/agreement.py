"""How far independent tempered draws of one posterior agree: marks of ArviZ, distances, evidence.

Each island is a set of draws of its own. What ArviZ calls a chain is an island here; its draws stand in the
order of their descent, so that particles of one ancestor are neighbours, and count as fewer where the moves
have not told them apart. Half of the islands are one sampling of the posterior, the others another: these two
are what must agree in every marginal and in evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import logsumexp
from scipy.stats import ks_2samp

from planmodel.engine import Array, UserError

R_HAT, DRAWS, DISTANCE, EVIDENCE = 1.01, 400.0, 0.1, 1.0  # what is wanted of each


@dataclass(frozen=True)
class Agreement:
    """How far islands agree, by unknown.

    Attributes
    ----------
    r_hat
        Rank-normalised split R-hat (ArviZ).
    bulk, tail
        Effective draws in the bulk and in the tails (ArviZ).
    distance
        Of Kolmogorov and Smirnov, between the draws of one half of the islands and of the other.
    log_evidence
        Of each island.
    kept
        Share of the draws of all densities that keep to what is called plausible.
    """

    r_hat: Array
    bulk: Array
    tail: Array
    distance: Array
    log_evidence: Array
    kept: float

    @property
    def evidence(self) -> float:
        """Logarithm of the mean of the evidence of the islands."""
        return _log_mean(self.log_evidence)

    @property
    def apart(self) -> float:
        """By how much the log evidence of one half of the islands differs from that of the other."""
        half = len(self.log_evidence) // 2
        return abs(_log_mean(self.log_evidence[:half]) - _log_mean(self.log_evidence[half:]))

    @property
    def agree(self) -> bool:
        """Whether all that is wanted is met for every unknown."""
        few = min(float(self.bulk.min()), float(self.tail.min()))
        near = float(self.r_hat.max()) < R_HAT and float(self.distance.max()) < DISTANCE
        return near and few > DRAWS and self.apart < EVIDENCE

    def said(self) -> str:
        """Say it in a sentence."""
        word = "converged" if self.agree else "NOT converged: more particles or moves are needed"
        return (
            f"Posterior: {word}; {len(self.log_evidence)} islands, R-hat up to {self.r_hat.max():.3f} "
            f"(wanted: below {R_HAT:g}), effective draws {self.bulk.min():.0f} or more in the bulk and "
            f"{self.tail.min():.0f} or more in the tails (above {DRAWS:.0f}), largest distance of two "
            f"halves {self.distance.max():.2f} (below {DISTANCE:g}), log evidence {self.evidence:.1f}, "
            f"halves {self.apart:.1f} apart (below {EVIDENCE:g})."
        )


def agreement(islands: Array, log_evidence: Array, kept: float) -> Agreement:
    """Return how far islands agree.

    Parameters
    ----------
    islands
        Draws, shape ``(islands, draws, keys)``.
    log_evidence
        Shape ``(islands,)``.
    kept
        See :class:`Agreement`.

    Raises
    ------
    UserError
        If ArviZ is not installed.
    """
    array_stats = arviz()
    axes = {"chain_axis": 0, "draw_axis": 1}
    half, keys = len(islands) // 2, islands.shape[2]
    one, other = (part.reshape(-1, keys) for part in (islands[:half], islands[half:]))
    return Agreement(
        r_hat=np.asarray(array_stats.rhat(islands, **axes)),
        bulk=np.asarray(array_stats.ess(islands, **axes, method="bulk")),
        tail=np.asarray(array_stats.ess(islands, **axes, method="tail", prob=(0.05, 0.95))),
        distance=np.array([ks_2samp(one[:, key], other[:, key]).statistic for key in range(keys)]),
        log_evidence=log_evidence,
        kept=kept,
    )


def _log_mean(logs: Array) -> float:
    return float(logsumexp(logs) - np.log(len(logs)))


def arviz() -> Any:
    """Return the statistics of ArviZ.

    Raises
    ------
    UserError
        If it is not installed.
    """
    try:
        from arviz_stats.base.array import array_stats
    except ModuleNotFoundError:
        raise UserError(
            'posterior.method: "tempered" needs ArviZ; allowed: pip install "planmodel[study]", or "walkers"'
        ) from None
    return array_stats
